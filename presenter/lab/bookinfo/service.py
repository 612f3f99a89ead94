"""One service as a server of HTTP on loopback; what it answers is in `answers`."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from presenter.lab.bookinfo.tracing import Reporter, passed_on, span_of

DOMAIN = "default.svc.cluster.local"
CALL_SECONDS = 3.0
LONGEST_FORM = 4096
FOR_ALL = ("cookie", "end-user")
"""Headers by which rules tell users from each other: they go on to every service."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `headers` beside the content's kind and length."""

    body: str
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, and how to ask others on behalf of who asked: `ask(service, path)`."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]
    ask: Callable[[str, str], Answer]


Answers = Callable[[Request], Answer]


def serve(answers: Answers, name: str, version: str, port: int, gateway: str, zipkin: str) -> None:
    """Answer on 127.0.0.1 until the process ends; `zipkin` is a URL or empty."""
    reporter = Reporter(zipkin, name, version)

    class Handler(_Handler):
        def answer(self) -> None:
            began = time.time()
            headers = {key.lower(): value for key, value in self.headers.items()}
            span = span_of(headers)
            passed = passed_on(headers, span)
            passed |= {key: headers[key] for key in FOR_ALL if key in headers}
            path = urlsplit(self.path).path
            asked = Request(
                self.command, path, headers, self.form(),
                lambda service, path: ask(gateway, service, path, passed),
            )  # fmt: skip
            given = Answer('{"status": "ok"}') if path == "/health" else answers(asked)
            self.send({"x-version": version, **given.headers}, given)
            if path != "/health":
                reporter.report(span, f"{self.command} {path}", began, given.status)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.serve_forever()


def ask(gateway: str, service: str, path: str, headers: Mapping[str, str]) -> Answer:
    """What a service answers through the gateway; status 503 where it cannot be reached."""
    connection = http.client.HTTPConnection(gateway, timeout=CALL_SECONDS)
    try:
        connection.request("GET", path, headers={**headers, "host": f"{service}.{DOMAIN}"})
        got = connection.getresponse()
        body = got.read().decode("utf-8", "replace")
        told = {"x-version": got.headers.get("x-version", "")}
        return Answer(body, got.headers.get("content-type", ""), got.status, told)
    except (OSError, http.client.HTTPException) as error:
        return Answer(f"{service}: {error}", "text/plain", 503)
    finally:
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the gateway keeps its connections
    disable_nagle_algorithm = True

    def answer(self) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def form(self) -> dict[str, str]:
        """The fields of a form that was sent, each once."""
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LONGEST_FORM:
            self.close_connection = True
            return {}
        sent = self.rfile.read(int(length)).decode("utf-8", "replace")
        return {key: values[0] for key, values in parse_qs(sent).items()}

    def send(self, headers: Mapping[str, str], given: Answer) -> None:
        body = given.body.encode()
        self.send_response(given.status)
        told = {"content-type": given.kind, "content-length": str(len(body)), **headers}
        for key, value in told.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Requests are not written down: Envoy counts them."""
