"""A server that speaks HTTP/2, asked by the process that sends requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presenter.deck.http import HttpRequest
from presenter.layout.exchange import HttpPicture
from presenter.recording.har import Exchange, Har
from presenter.recording.har_lines import Sent, sent_line
from presenter.recording.har_reader import read_har
from presenter.recording.har_writer import exchange_line, write_har
from tests.layout.pictured import plain
from tests.live.probe_stubs import Page, free_port, serving
from tests.live.sending import PATIENCE, Memory, self_signed, sent

BODY = b'{"spoken": "HTTP/2"}'


async def _app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Says which version it was asked in, and sends what it is asked for."""
    if scope["type"] != "http":
        return
    headers = [
        (b"content-type", b"application/json"),
        (b"x-spoken", scope["http_version"].encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["path"] == "/endless":
        for _ in range(10_000):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
    await send({"type": "http.response.body", "body": BODY})


@contextlib.contextmanager
def speaking(certificate: Path) -> Iterator[str]:
    """A server of HTTP/2 and HTTP/1.1 over TLS; its address."""
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    port = free_port()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.certfile = str(certificate)
    config.keyfile = str(certificate)
    config.errorlog = config.accesslog = None
    config.graceful_timeout = 0.2
    over = threading.Event()

    async def until() -> None:
        await asyncio.to_thread(over.wait)

    def run() -> None:
        asyncio.run(serve(_app, config, shutdown_trigger=until))  # type: ignore[arg-type]

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        over.set()
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address, and the environment of who trusts it."""
    certificate = self_signed(tmp_path_factory.mktemp("tls"))
    with speaking(certificate) as address:
        yield address, {"SSL_CERT_FILE": str(certificate.with_name("cert.pem"))}


async def asked(
    server: tuple[str, dict[str, str]], path: str = "/", memory: Memory | None = None, **how: Any
) -> list[Exchange]:
    """Until it is there."""
    address, environment = server
    async with asyncio.timeout(PATIENCE):
        while True:
            found, _ = await sent(
                HttpRequest("GET", address + path, **how), "1 abc", environment, memory
            )
            exchanges = [one for one in found if isinstance(one, Exchange)]
            if exchanges[0].error != "connection refused":
                return exchanges


async def test_http2_is_spoken_where_it_is_offered(
    server: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    (one,) = await asked(server)
    assert (one.request.version, one.response.version) == ("HTTP/2", "HTTP/2")
    assert ("x-spoken", "2") in one.response.headers
    assert (one.response.status, one.response.reason, one.response.body.data) == (200, "OK", BODY)
    assert one.address == "127.0.0.1"
    timings = one.timings
    assert timings.connect is not None
    assert timings.ssl is not None
    assert 0 < timings.ssl <= timings.connect
    assert timings.wait > 0

    drawn = HttpPicture()
    drawn.take(f"{sent_line(Sent())}\n{exchange_line(one)}\n")
    assert plain(drawn.text(80)).startswith("200 OK  HTTP/2  application/json  20 B")

    path = tmp_path / "x.har"
    write_har(path, Har((one,)), ())
    (entry,) = json.loads(path.read_text("utf-8"))["log"]["entries"]
    assert entry["request"]["httpVersion"] == entry["response"]["httpVersion"] == "HTTP/2"
    assert entry["timings"]["ssl"] > 0
    assert read_har(path).exchanges[0].response.version == "HTTP/2"


async def test_many_at_once_go_over_one_connection(server: tuple[str, dict[str, str]]) -> None:
    found = await asked(server, repeat=40, at_once=8)
    assert [one.response.status for one in found] == [200] * 40
    assert {one.response.version for one in found} == {"HTTP/2"}
    assert sum(one.timings.connect is not None for one in found) == 1


async def test_a_body_without_an_end_is_cut(server: tuple[str, dict[str, str]]) -> None:
    memory = Memory()
    (one,) = await asked(server, "/endless", memory)
    assert one.response.body.is_cut
    assert memory.growth < 40_000_000


async def test_others_are_asked_in_http_1(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    own = {"SSL_CERT_FILE": str(certificate.with_name("cert.pem"))}
    with serving({"/": Page()}, certificate) as server:
        url = f"https://127.0.0.1:{server.port}/"
        (_, one), _ = await sent(HttpRequest("GET", url), environment=own)
    assert isinstance(one, Exchange)
    assert one.response.version == "HTTP/1.1"
