"""Servers on loopback that answer as a test wants, or not at all."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast


@dataclass
class Page:
    status: int = 200
    body: str = "ok"
    kind: str = "text/plain"
    location: str = ""
    hangs: bool = False
    """Takes the request and never answers."""
    drips: bool = False
    """Sends a byte from time to time, of a thousand."""
    late: float = 0.0
    """Seconds by which every fourth answer stays away."""


@dataclass
class Stub:
    """A server; its pages may be changed while it runs."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """The path of each request, and what it was authorised by."""
    clients: list[int] = field(default_factory=list)
    """The port from which each request came."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stub: Stub

    def do_GET(self) -> None:
        stub = self.stub
        stub.requests.append((self.path, self.headers.get("authorization", "")))
        stub.clients.append(self.client_address[1])
        page = stub.pages.get(self.path, Page(404, '{"kind":"Status"}', "application/json"))
        if page.hangs:
            stub.over.wait()
            return
        if page.late and len(stub.requests) % 4 == 0:
            stub.over.wait(page.late)
        body = page.body.encode("utf-8")
        self.send_response(page.status)
        self.send_header("content-type", page.kind)
        if page.location:
            self.send_header("location", page.location)
        self.send_header("content-length", str(1000 if page.drips else len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            while page.drips and not stub.over.wait(0.1):
                self.wfile.write(b".")
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Clients that go away are part of the test."""


@contextlib.contextmanager
def serving(
    pages: dict[str, Page], certificate: Path | None = None, host: str = "127.0.0.1"
) -> Iterator[Stub]:
    """A server with these pages; over TLS with a file that holds a certificate and its key."""
    handler = cast("type[_Handler]", type("Handler", (_Handler,), {}))
    server = _Server((host, 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    handler.stub = stub = Stub(server.server_address[1], dict(pages))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    """A port on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def api(data: dict[str, object], status: int = 200) -> Page:
    return Page(status, json.dumps(data), "application/json")


def kubeconfig(path: Path, server: str, **user: object) -> Path:
    """Writes a kubeconfig with the contexts `minikube`, which is current, and `other`."""
    cluster: dict[str, object] = {"server": server}
    authority = user.pop("authority", None)
    if authority is not None:
        cluster["certificate-authority"] = str(authority)
    current = user.pop("current", "minikube")
    contexts = [
        {"name": name, "context": {"cluster": "c", "user": "u", "namespace": "shop"}}
        for name in ("minikube", "other")
    ]
    found = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": current,
        "clusters": [{"name": "c", "cluster": cluster}],
        "contexts": contexts,
        "users": [{"name": "u", "user": user}],
    }
    path.write_text(json.dumps(found), "utf-8")  # JSON is YAML
    return path
