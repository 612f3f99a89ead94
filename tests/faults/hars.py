"""HAR files that swell: as large as may be, and full of what costs most."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import repeat

from presenter.recording.har_reader import MOST_BYTES
from tests.recording.hars import entry

Pieces = Iterator[bytes]
"""Of a file: as a whole it would count as memory of who reads it."""


def _log(*inner: bytes, begin: bytes = b'"entries": [', end: bytes = b"]") -> Pieces:
    yield from (b'{"log": {', begin, *inner, end, b"}}")


def _many(piece: bytes, begin: bytes, end: bytes) -> Pieces:
    """As many of the pieces, a comma between them, as a file may hold."""
    room = MOST_BYTES - len(b"".join(_log(begin=begin, end=end))) - len(piece)
    each = piece + b","
    at_once = max(1_000_000 // len(each), 1)
    times, rest = divmod(room // len(each), at_once)
    yield from (b'{"log": {', begin)
    yield from repeat(each * at_once, times)
    yield from (each * rest, piece, end, b"}}")


def _in_content(**told: object) -> tuple[bytes, bytes]:
    """What stands before and behind a value of a body."""
    content = entry(response={"status": 200, "content": {**told, "text": "@"}})
    before, after = json.dumps(content).encode().split(b'"@"')
    return b'"entries": [' + before, after + b"]"


_ENTRY = json.dumps(entry(), separators=(",", ":")).encode()
_HEADERS = json.dumps(entry(response={"status": 200, "headers": ["@"]})).encode().split(b'"@"')
_UNKNOWN = b'"entries": [], "x": ['

HARS: dict[str, Callable[[], Pieces]] = {
    "many exchanges": lambda: _many(_ENTRY, b'"entries": [', b"]"),
    "many headers": lambda: _many(
        b'{"name":"","value":""}', b'"entries": [' + _HEADERS[0], _HEADERS[1] + b"]"
    ),
    "lists of nothing": lambda: _many(b"[]", _UNKNOWN, b"]"),
    "objects of nothing": lambda: _many(b'{"":{}}', _UNKNOWN, b"]"),
    "numbers": lambda: _many(b"0", _UNKNOWN, b"]"),
    "a number": lambda: _log(b"9" * 20_000_000),
    "lists in our field": lambda: _many(b"[]", b'"entries": [], "_presenter": [', b"]"),
    "deep": lambda: _log(b"[" * 10_000_000, begin=_UNKNOWN),
    "a wide text": lambda: _many(
        b'"' + b"x" * 24_000_000 + "\U0001f600".encode() + b'"', *_in_content(size=1)
    ),
    "a packed body": lambda: _many(
        b'"' + b"A" * 24_000_000 + b'"', *_in_content(size=10**18, encoding="base64")
    ),
    "a body that is none": lambda: _many(
        b'"' + b"A" * 24_000_001 + b'"', *_in_content(size=1, encoding="base64")
    ),
    "backslashes": lambda: _log(b"\\" * 20_000_000, begin=b'"x": "', end=b'"'),
    "halves of letters": lambda: _log(
        b"\\ud83d\\ude00" * 2_000_000 + b"\\ud83d", begin=b'"x": "', end=b'"'
    ),
    "not UTF-8 at its end": lambda: _log(b"x" * 20_000_000 + b"\xff", begin=b'"entries": [{"x":"'),
    "larger than may be": lambda: _log(b" " * (MOST_BYTES + 1)),
}
