"""An API server on loopback that answers as a test wants, and what it has been asked."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.live.probe_stubs import _Server

COLUMNS = ("Name", "Ready", "Status", "Restarts", "Age")
PODS = "/api/v1/namespaces/shop/pods"


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, str]
    at: float
    authorization: str

    @property
    def watches(self) -> bool:
        return "watch" in self.query


class Reply:
    """How one request is answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
        self._handler = handler
        self.over = over
        """Set when the test ends: nobody may wait longer."""

    def send(
        self, body: object = "", status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        """An answer as a whole; what is no text or bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else _text(body).encode()
        self.head(status, kind, content_length=str(len(data)), **headers)
        self.write(data)

    def head(self, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self._handler.send_response(status)
        self._handler.send_header("content-type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)

    def begin(self) -> None:
        """A body in chunks, as watches and logs come."""
        self.head(transfer_encoding="chunked")

    def chunk(self, data: bytes) -> None:
        self.write(b"%x\r\n%b\r\n" % (len(data), data))

    def events(self, *events: dict[str, Any]) -> None:
        for event in events:
            self.chunk(json.dumps(event).encode() + b"\n")

    def end(self) -> None:
        self.write(b"0\r\n\r\n")

    def hang(self) -> None:
        """Nothing more until the test ends, or the client goes."""
        self.over.wait(60)

    def cut(self) -> None:
        """The connection is gone, in the middle of the answer."""
        self._handler.close_connection = True
        self._handler.connection.close()


Answer = Callable[[Reply], None]


@dataclass
class Api:
    """The server; what it answers may be changed while it runs."""

    port: int = 0
    lists: list[Answer] = field(default_factory=list)
    """For the lists of anything in turn; the last one again and again."""
    watches: list[Answer] = field(default_factory=list)
    pages: dict[str, Answer] = field(default_factory=dict)
    """For paths, before all others."""
    guards: list[Answer] = field(default_factory=list)
    """For the first requests of all, in turn."""
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    scheme: str = "http"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def asked(self, *, watches: bool) -> list[Request]:
        return [one for one in self.requests if one.watches is watches]

    def answer_of(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            if self.guards:
                return self.guards.pop(0)
            if request.path in self.pages:
                return self.pages[request.path]
            answers = self.watches if request.watches else self.lists
            return answers.pop(0) if len(answers) > 1 else (answers or [missing])[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    api: Api

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        told = self.headers.get("authorization", "")
        request = Request(parts.path, query, time.monotonic(), told)
        with contextlib.suppress(OSError):
            self.api.answer_of(request)(Reply(self, self.api.over))

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving_api(
    lists: Sequence[Answer] = (), watches: Sequence[Answer] = (), certificate: Path | None = None
) -> Iterator[Api]:
    """A server with these answers; over TLS with a file that holds a certificate and its key."""
    handler = cast("type[_Handler]", type("Handler", (_Handler,), {}))
    server = _Server(("127.0.0.1", 0), handler)
    handler.api = api = Api(server.server_address[1], list(lists), list(watches))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        api.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)


# --- what an API server says ----------------------------------------------------------------------


def row(name: str, version: int, status: str = "Running", **told: Any) -> dict[str, Any]:
    """A pod's row of a Table; `ready` of `told` says whether it is, as it is by its status."""
    ready = told.pop("ready", status == "Running")
    metadata = {
        "name": name, "namespace": "shop", "resourceVersion": str(version),
        "creationTimestamp": "2026-11-26T20:00:00Z", **told,
    }  # fmt: skip
    state = {"type": "Ready", "status": str(ready)}
    pod = {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": {}}
    pod["status"] = {"phase": status, "conditions": [state]}
    return {"cells": [name, f"{int(ready)}/1", status, 0, "5s"], "object": pod}


def table(*rows: dict[str, Any], version: int = 10, go_on: str = "") -> dict[str, Any]:
    definitions = [{"name": name, "type": "string", "priority": 0} for name in COLUMNS]
    metadata = {"resourceVersion": str(version)} | ({"continue": go_on} if go_on else {})
    return {
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
        "columnDefinitions": definitions, "rows": list(rows),
    }  # fmt: skip


def event(kind: str, *rows: dict[str, Any]) -> dict[str, Any]:
    wire = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "rows": list(rows)}
    return {"type": kind, "object": wire}


def status(code: int, message: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "code": code, "message": message}


def whole(body: object, code: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    return lambda reply: reply.send(body, code, kind, **headers)


def refusal(code: int, message: str, **headers: str) -> Answer:
    return whole(status(code, message), code, **headers)


def watch(*events: dict[str, Any], ends: bool = True) -> Answer:
    """A watch with these events, which ends then, or goes on without a word."""

    def answer(reply: Reply) -> None:
        reply.begin()
        reply.events(*events)
        reply.end() if ends else reply.hang()

    return answer


def hangs(reply: Reply) -> None:
    reply.hang()


missing = refusal(404, "the server could not find the requested resource")
