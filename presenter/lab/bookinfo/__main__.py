"""One service: `python -m presenter.lab.bookinfo reviews v2 --port 9080 --gateway HOST:PORT`."""

from __future__ import annotations

import argparse

from presenter.lab.bookinfo.answers import SERVICES
from presenter.lab.bookinfo.service import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="bookinfo")
    parser.add_argument("service", choices=sorted(SERVICES))
    parser.add_argument("version")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--gateway", required=True, metavar="HOST:PORT")
    parser.add_argument("--zipkin", default="", metavar="URL")
    told = parser.parse_args()
    answers = SERVICES[told.service](told.version)
    serve(answers, told.service, told.version, told.port, told.gateway, told.zipkin)


main()
