"""The process that sends requests, against servers on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import psutil
import pytest

from presenter.deck.http import Group, HttpRequest, Pick, Until
from presenter.live import http_process
from presenter.live.sender import REQUESTS, Sender
from presenter.recording.har import Exchange
from presenter.recording.har_lines import Sent
from presenter.recording.har_plan import plan_line
from tests.live.probe_stubs import Page, free_port, serving, silent
from tests.live.sending import PATIENCE, answering, ended, sent


async def test_a_request_and_its_response() -> None:
    with serving({"/p": Page(body='{"a": "é"}', kind="application/json")}) as server:
        url = f"{server.address}/p"
        found, end = await sent(HttpRequest("GET", url, name="first"), "1 abc")
    first, exchange = found
    assert first == Sent("GET", url)
    assert isinstance(exchange, Exchange)
    assert (exchange.label, exchange.name, exchange.address) == ("1 abc", "first", "127.0.0.1")
    assert (exchange.response.status, exchange.response.version) == (200, "HTTP/1.1")
    assert exchange.response.body.data.decode() == '{"a": "é"}'
    assert exchange.response.body.mime == "application/json"
    assert exchange.timings.connect is not None
    assert exchange.timings.total > 0
    assert end == ended(0)


async def test_what_is_sent_is_what_the_deck_says() -> None:
    said: list[bytes] = []

    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")

    with answering(answer, said) as url:
        request = HttpRequest("POST", url, (("X-Name", "wert é"),), '{"a": 1}')
        (_, exchange), end = await sent(request)
    assert isinstance(exchange, Exchange)
    assert exchange.request.text == '{"a": 1}'
    assert exchange.request.headers == (("X-Name", "wert é"),)
    assert exchange.response.status == 204
    assert end == ended(0)
    head = said[0].decode().lower()
    assert head.startswith("post / http/1.1\r\n")
    assert "x-name: wert é\r\n" in head
    assert "user-agent: presenter/" in head


async def test_cookies_are_not_kept() -> None:
    said: list[bytes] = []

    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.0 204 No Content\r\nset-cookie: a=b\r\n\r\n")

    with answering(answer, said) as url:
        (_, first, second), _ = await sent(HttpRequest("GET", url, repeat=2))
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert ("set-cookie", "a=b") in first.response.headers
    assert b"cookie" not in said[1].lower()
    assert b"accept: */*\r\n" in said[1].lower()


async def test_a_status_that_is_no_success_is_the_exit_status() -> None:
    with serving({"/": Page(503)}) as server:
        _, end = await sent(HttpRequest("GET", server.address + "/"))
    assert end == ended(503)


async def test_redirects_are_shown_and_not_followed() -> None:
    with serving({"/": Page(302, location="http://elsewhere.invalid/")}) as server:
        (_, exchange), end = await sent(HttpRequest("GET", server.address + "/"))
        assert len(server.requests) == 1
    assert isinstance(exchange, Exchange)
    assert exchange.response.redirect == "http://elsewhere.invalid/"
    assert end == ended(0)


async def test_nobody_there() -> None:
    (_, exchange), end = await sent(HttpRequest("GET", f"http://127.0.0.1:{free_port()}/"))
    assert isinstance(exchange, Exchange)
    assert (exchange.response.status, exchange.error) == (0, "connection refused")
    assert end == ended(1, "refused", "connection refused")


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort"],
)
async def test_a_server_that_breaks_off_or_talks_nonsense(answer: bytes) -> None:
    with answering(lambda client: client.sendall(answer)) as url:
        (_, exchange), end = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert exchange.response.status == 0
    assert end == ended(1, "refused", "the connection broke")


@pytest.mark.parametrize("line", [b"x: " + b"y" * 1000 + b"\r\n", b"y" * 1000])
async def test_a_head_without_an_end_is_given_up(line: bytes) -> None:
    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            client.sendall(line)

    with answering(answer) as url:
        (_, exchange), end = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert exchange.response.status == 0
    assert end == ended(1, "refused", "the connection broke")


async def test_repeats_at_once_with_groups() -> None:
    with serving({"/": Page(body='{"v": 1}')}) as server:
        request = HttpRequest(
            "GET",
            server.address + "/",
            repeat=20,
            at_once=4,
            groups=(Group("v", Pick("json", "v")), Group("status", Pick("status"))),
        )
        (first, *exchanges), end = await sent(request)
        assert len(server.requests) == 20
        assert len(set(server.clients)) <= 4
    assert first == Sent("GET", server.address + "/", 20, ("v", "status"))
    assert len(exchanges) == 20
    assert {one.groups for one in exchanges if isinstance(one, Exchange)} == {
        (("v", "1"), ("status", "200"))
    }
    assert end == ended(0)


async def test_repeats_end_when_what_is_wanted_has_come() -> None:
    with serving({"/": Page(body='{"phase": "Running"}')}) as server:
        request = HttpRequest(
            "GET",
            server.address + "/",
            repeat=50,
            until=Until(Pick("json", "phase"), "Running"),
        )
        (_, *exchanges), end = await sent(request)
    assert len(exchanges) == 1
    assert end == ended(0)


async def test_what_never_comes_is_a_failure() -> None:
    with serving({"/": Page()}) as server:
        request = HttpRequest(
            "GET", server.address + "/", repeat=3, until=Until(Pick("status"), "404")
        )
        (_, *exchanges), end = await sent(request)
    assert len(exchanges) == 3
    assert end == ended(1)


async def test_repeats_give_up_when_nobody_is_there() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    (_, *exchanges), end = await sent(HttpRequest("GET", url, repeat=1000))
    assert len(exchanges) == http_process.MOST_FAILURES
    assert end == ended(1, "refused", "connection refused")


async def test_bodies_of_many_are_bounded_together() -> None:
    with serving({"/": Page(body="x" * 200_000)}) as server:
        (_, *exchanges), _ = await sent(HttpRequest("GET", server.address + "/", repeat=80))
    bodies = [one.response.body for one in exchanges if isinstance(one, Exchange)]
    assert {body.size for body in bodies} == {200_000}
    assert sum(len(body.data) for body in bodies) == http_process.MOST_BODIES
    assert len(bodies[0].data) == http_process.MOST_BODY_OF_MANY


async def test_closing_ends_a_process_that_waits() -> None:
    with silent() as port:
        sender = Sender(REQUESTS)
        await sender.start(os.environ, Path.cwd())
        come = asyncio.Event()
        url = f"http://127.0.0.1:{port}/"
        sender.send(plan_line(HttpRequest("GET", url), ""), lambda _line: come.set())
        async with asyncio.timeout(PATIENCE):
            await come.wait()
        process = psutil.Process(_pid(sender))
        sender.close()
        await asyncio.to_thread(process.wait, PATIENCE)
        assert not process.is_running()


async def test_the_process_ends_with_its_input() -> None:
    """When the interface is gone, nothing is sent any more."""
    with silent() as port:
        sender = Sender(REQUESTS)
        await sender.start(os.environ, Path.cwd())
        over = asyncio.Event()

        def heard(line: str | None) -> None:
            if line is None:
                over.set()

        sender.send(plan_line(HttpRequest("GET", f"http://127.0.0.1:{port}/"), ""), heard)
        assert sender._process is not None
        assert sender._process.stdin is not None
        sender._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await over.wait()
        sender.close()


async def test_a_process_that_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="has ended"):
        await Sender(REQUESTS).start({"PYTHONHOME": str(tmp_path)}, tmp_path)
    with pytest.raises(OSError, match="No such file"):
        await Sender(REQUESTS).start(os.environ, tmp_path / "none")
    with pytest.raises(OSError, match="has not been started"):
        Sender(REQUESTS).send("", lambda _line: None)


def _pid(sender: Sender) -> int:
    assert sender._process is not None
    return sender._process.pid


async def test_headers_that_come_twice_are_sent_twice() -> None:
    said: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    with answering(answer, said) as address:
        headers = (("X-Thing", "1"), ("X-Thing", "2"), ("Accept", "text/plain"))
        await sent(HttpRequest("GET", address, headers=headers))
    lines = said[0].decode().lower().splitlines()
    assert [line for line in lines if line.startswith("x-thing")] == ["x-thing: 1", "x-thing: 2"]
    assert [line for line in lines if line.startswith("accept:")] == ["accept: text/plain"]
    assert sum(line.startswith("user-agent:") for line in lines) == 1


async def test_what_is_counted_by_a_secret_is_dotted() -> None:
    page = Page(body='{"token": "s3cr3tValue"}', kind="application/json")
    with serving({"/": page}) as server:
        groups = (Group("t", Pick("json", "token")),)
        request = HttpRequest("GET", f"{server.address}/", repeat=2, groups=groups)
        found, _ = await sent(request)
    values = {value for one in found if isinstance(one, Exchange) for _, value in one.groups}
    assert values == {"•" * len("s3cr3tValue")}
