"""Recordings written: asciicast version 3, whole or not at all."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from json.encoder import encode_basestring  # what `json.dumps` would take long to come to
from pathlib import Path
from typing import BinaryIO, cast

from presenter.recording.asciicast import Event, Header, header_object, sound

_MODE = 0o644
"""Recordings of a deck are part of it, for all who may read the deck."""


class Milliseconds:
    """Intervals in whole milliseconds whose sum never drifts from the true time.

    Each interval takes over the rest that rounding left before it.
    """

    def __init__(self) -> None:
        self._at = 0

    def interval(self, time: float) -> int:
        target = max(round(time * 1000), self._at)
        step, self._at = target - self._at, target
        return step


def encoded(value: object) -> str:
    """JSON on one line."""
    return sound(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def encoded_text(text: str) -> str:
    """The same for a string, of which a recording has millions."""
    return sound(encode_basestring(text))


@lru_cache(maxsize=64)
def encoded_code(code: str) -> str:
    return encoded_text(code)


def encode(header: Header, events: Iterable[Event]) -> Iterator[str]:
    """The lines of a recording, each with its newline; equal input gives equal bytes.

    Times that go back are written as an interval of 0.
    """
    yield encoded(header_object(header)) + "\n"
    clock = Milliseconds()
    for event in events:
        step = clock.interval(event.time)
        code, data = encoded_code(event.code), encoded_text(event.data)
        yield f"[{step // 1000}.{step % 1000:03}, {code}, {data}]\n"


def write_cast(path: Path, header: Header, events: Iterable[Event]) -> None:
    """Raises OSError as the file system does; the folder must be there."""
    write_whole(path, encode(header, events))


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Writes beside `path` and renames: a reader sees the old recording or the new one."""
    with replacing(path) as stream:
        stream.writelines(piece.encode() for piece in pieces)


@contextmanager
def replacing(path: Path, *, packed: bool = False) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when it is complete, and leaves nothing if it fails.

    `packed`: compressed, in the same way for the same bytes.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            if packed:
                with gzip.GzipFile("", "wb", 6, stream, mtime=0) as smaller:
                    yield cast("BinaryIO", smaller)
            else:
                yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), _MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
