"""One service as the process that it is, with a server of ours as its gateway and its Zipkin."""

from __future__ import annotations

import http.client
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from presenter.lab.processes import Processes, free_ports

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the lab runs on Linux only")
TRACE, PARENT = "463ac35c9f6413ad48485a3953bb6124", "a2fb4a1d1a96d312"
SECONDS = 20.0


class Other(ThreadingHTTPServer):
    """Answers as ratings would, takes spans, and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: queue.Queue[tuple[str, Mapping[str, str]]] = queue.Queue()
        self.spans: queue.Queue[list[dict[str, Any]]] = queue.Queue()
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Other

    def do_GET(self) -> None:
        told = {key.lower(): value for key, value in self.headers.items()}
        self.server.calls.put((self.path, told))
        self._answer(b'{"ratings": {"Ana": 3}}')

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.spans.put(json.loads(self.rfile.read(length)))
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quietly."""


@pytest.fixture
def other() -> Iterator[Other]:
    server = Other()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def port(other: Other, tmp_path: Path) -> Iterator[int]:
    """Where version 2 of reviews answers."""
    (port,) = free_ports(1)
    at = f"127.0.0.1:{other.server_address[1]}"
    argv = [sys.executable, "-m", "presenter.lab.bookinfo", "reviews", "v2", "--port", str(port),
            "--gateway", at, "--zipkin", f"http://{at}"]  # fmt: skip
    processes = Processes(tmp_path)
    processes.start("reviews-v2", argv, os.environ, http=port)
    yield port
    processes.stop()


def ask(port: int, path: str, headers: Mapping[str, str]) -> tuple[http.client.HTTPResponse, str]:
    until = time.monotonic() + SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        try:
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            return answer, answer.read().decode()
        except ConnectionRefusedError:  # it has not begun to listen
            assert time.monotonic() < until
            time.sleep(0.02)
        finally:
            connection.close()


def test_it_asks_through_the_gateway_and_tells_zipkin(other: Other, port: int) -> None:
    cookie = "user=jason"
    headers = {"x-b3-traceid": TRACE, "x-b3-spanid": PARENT, "cookie": cookie, "accept": "*/*"}
    answer, body = ask(port, "/reviews/0", headers)
    assert (answer.status, answer.headers["x-version"]) == (200, "v2")
    first, second = json.loads(body)["reviews"]
    assert first["rating"] == {"stars": 3, "color": "black"}
    assert second["rating"] == {"error": "ratings does not answer"}
    path, told = other.calls.get(timeout=SECONDS)
    assert (path, told["host"], told["cookie"]) == (
        "/ratings/0", "ratings.default.svc.cluster.local", cookie,
    )  # fmt: skip
    (span,) = other.spans.get(timeout=SECONDS)
    assert (span["traceId"], span["parentId"], span["id"]) == (TRACE, PARENT, told["x-b3-spanid"])
    assert (span["localEndpoint"], span["tags"]["version"]) == ({"serviceName": "reviews"}, "v2")


def test_a_question_outside_of_a_trace_is_answered_and_told_to_nobody(
    other: Other, port: int
) -> None:
    assert ask(port, "/health", {})[1] == '{"status": "ok"}'
    assert ask(port, "/reviews/0", {})[0].status == 200
    assert "x-b3-traceid" not in other.calls.get(timeout=SECONDS)[1]
    ask(port, "/reviews/0", {"b3": f"{TRACE}-{PARENT}"})
    (span,) = other.spans.get(timeout=SECONDS)
    assert span["traceId"] == TRACE
