"""What servers may do to a request: one clear line, an end in time, and memory that is bounded."""

from __future__ import annotations

import itertools
import socket
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.http import Group, HttpRequest, Pick
from presenter.live import http_process
from presenter.live.unpacking import PIECE, Unpacking
from presenter.recording.har import Exchange
from tests.live.probe_stubs import Page, free_port, serving
from tests.live.sending import Memory, answering, ended, self_signed, sent

GROWTH = 40_000_000
"""Bytes that a process may take for one body: what is kept, as lines and on its way."""


def packed(size: int, window: int = 31) -> bytes:
    """So many bytes of nothing, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join(pieces) + packer.flush()


def chunked(head: bytes, pieces: Callable[[], Iterable[bytes]]) -> Callable[[socket.socket], None]:
    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n%btransfer-encoding: chunked\r\n\r\n" % head)
        for piece in pieces():
            client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        client.sendall(b"0\r\n\r\n")

    return answer


def of_length(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
    for _ in range(1000):
        client.sendall(b"x" * 1_000_000)


def _endless() -> Iterator[bytes]:
    return itertools.repeat(b"x" * 100_000)


SWELLS = 150_000_000
LONG = {
    "1 GB of a known length": of_length,
    "1 GB in pieces": chunked(b"", lambda: itertools.repeat(b"x" * 1_000_000, 1000)),
    "without an end": chunked(b"", _endless),
    "a gzip bomb": chunked(b"content-encoding: gzip\r\n", lambda: [packed(SWELLS)]),
    "a bomb of deflate": chunked(b"content-encoding: deflate\r\n", lambda: [packed(SWELLS, -15)]),
}


@pytest.mark.parametrize("answer", LONG.values(), ids=LONG)
async def test_a_long_body_is_cut_and_costs_little(
    answer: Callable[[socket.socket], None],
) -> None:
    memory = Memory()
    with answering(answer) as url:
        (_, exchange), end = await sent(HttpRequest("GET", url), memory=memory)
    assert isinstance(exchange, Exchange)
    assert exchange.response.status == 200
    assert len(exchange.response.body.data) == http_process.MOST_BODY
    assert exchange.response.body.is_cut
    assert end == ended(0)
    assert memory.before > 0
    assert memory.growth < GROWTH


async def test_a_bomb_in_a_bomb_is_not_unpacked_at_all() -> None:
    head = b"content-encoding: gzip, gzip\r\n"
    inner = packed(10_000_000)
    with answering(chunked(head, lambda: [inner])) as url:
        (_, exchange), _ = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body.data == inner


async def test_a_packed_body_is_unpacked() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(b'{"a": 1}') + packer.flush()
    said: list[bytes] = []
    pieces = [body[n : n + 1] for n in range(len(body))]
    with answering(chunked(b"content-encoding: gzip\r\n", lambda: pieces), said) as url:
        (_, exchange), _ = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body.data == b'{"a": 1}'
    assert not exchange.response.body.is_cut
    assert b"accept-encoding: gzip, deflate\r\n" in said[0].lower()


async def test_a_body_that_is_not_packed_as_it_says() -> None:
    with answering(chunked(b"content-encoding: gzip\r\n", lambda: [b"plain"])) as url:
        (_, exchange), end = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert exchange.error == "its body is not packed as it says"
    assert end == ended(1, "refused", "its body is not packed as it says")


@given(st.binary(max_size=3000), st.sampled_from([31, 15, -15]), st.integers(1, 500))
def test_what_was_packed_is_unpacked_in_any_pieces(data: bytes, window: int, size: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    whole = packer.compress(data) + packer.flush()
    unpacking = Unpacking("gzip" if window == 31 else "deflate")
    parts = [whole[n : n + size] for n in range(0, len(whole), size)]
    if window == -15 and len(parts[0]) < 2:
        return  # the head may only be missed where there is enough of one
    assert b"".join(piece for part in parts for piece in unpacking.pieces(part)) == data


def test_pieces_are_small() -> None:
    assert {len(piece) for piece in Unpacking("gzip").pieces(packed(10_000_000))} <= {
        PIECE, 10_000_000 % PIECE,
    }  # fmt: skip


# --- nobody there, or somebody else -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "fault", "words"),
    [
        ("http://127.0.0.1:{port}/", "refused", "connection refused"),
        ("http://nowhere.invalid/", "no route", "its name is not known here"),
        ("http://[::ffff:0:0]:{port}/", None, None),
    ],
)
async def test_nobody_there(url: str, fault: str | None, words: str | None) -> None:
    request = HttpRequest("GET", url.format(port=free_port()))
    (_, exchange), end = await sent(request)
    assert isinstance(exchange, Exchange)
    assert exchange.response.status == 0
    assert exchange.error
    if words is not None:
        assert (exchange.error, end) == (words, ended(1, fault, words))


@pytest.mark.parametrize(
    ("names", "trusted", "words"),
    [
        ("IP:127.0.0.1", False, "self-signed certificate"),
        ("DNS:elsewhere.invalid", True, "IP address mismatch"),
    ],
)
async def test_a_certificate_that_does_not_match(
    tmp_path: Path, names: str, trusted: bool, words: str
) -> None:
    certificate = self_signed(tmp_path, names)
    own = {"SSL_CERT_FILE": str(certificate.with_name("cert.pem"))} if trusted else {}
    with serving({"/": Page()}, certificate) as server:
        url = f"https://127.0.0.1:{server.port}/"
        (_, exchange), end = await sent(HttpRequest("GET", url), environment=own)
        assert server.requests == []
    assert isinstance(exchange, Exchange)
    assert exchange.error.startswith("the certificate is not the right one: ")
    assert words.lower() in exchange.error.lower()
    assert end == ended(1, "captive portal", exchange.error)


async def test_no_tls_where_it_is_wanted() -> None:
    with serving({"/": Page()}) as server:
        url = f"https://127.0.0.1:{server.port}/"
        (_, exchange), end = await sent(HttpRequest("GET", url))
    assert isinstance(exchange, Exchange)
    assert end == ended(1, "refused", "no TLS is spoken there")


async def test_a_loop_of_redirects_is_one_response() -> None:
    with serving({"/": Page(302, location="/")}) as server:
        (_, exchange), end = await sent(HttpRequest("GET", f"{server.address}/"))
        assert len(server.requests) == 1
    assert isinstance(exchange, Exchange)
    assert (exchange.response.status, exchange.response.redirect) == (302, "/")
    assert end == ended(0)


# --- bodies that are something else -------------------------------------------------------------


@pytest.mark.parametrize(
    "body", ["", "not json", '{"v":', "[" * 50_000, '{"v": null}', '{"w": 1}', "\ufffd"]
)
async def test_a_body_that_a_group_cannot_read_has_no_value(body: str) -> None:
    groups = Group("v", Pick("json", "v")), Group("r", Pick("regex", "v(\\d+)"))
    with serving({"/": Page(body=body, kind="application/json")}) as server:
        request = HttpRequest("GET", f"{server.address}/", groups=groups)
        (_, exchange), end = await sent(request)
    assert isinstance(exchange, Exchange)
    assert exchange.groups == (("v", ""), ("r", ""))
    assert exchange.response.body.data == body.encode()
    assert end == ended(0)
