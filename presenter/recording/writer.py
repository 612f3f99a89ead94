"""Recordings written: asciicast version 3, whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from presenter.recording.asciicast import Event, Header, header_object, sound

_MODE = 0o644
"""Recordings of a deck are part of it, for all who may read the deck."""


class _Milliseconds:
    """Intervals in whole milliseconds whose sum never drifts from the true time.

    Each interval takes over the rest that rounding left before it.
    """

    def __init__(self) -> None:
        self._at = 0

    def interval(self, time: float) -> int:
        target = max(round(time * 1000), self._at)
        step, self._at = target - self._at, target
        return step


def _object(value: object) -> str:
    return sound(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def encode(header: Header, events: Iterable[Event]) -> Iterator[str]:
    """The lines of a recording, each with its newline; equal input gives equal bytes.

    Times that go back are written as an interval of 0.
    """
    yield _object(header_object(header)) + "\n"
    clock = _Milliseconds()
    for event in events:
        step = clock.interval(event.time)
        code, data = _object(event.code), _object(event.data)
        yield f"[{step // 1000}.{step % 1000:03}, {code}, {data}]\n"


def write_cast(path: Path, header: Header, events: Iterable[Event]) -> None:
    """Raises OSError as the file system does; the folder must be there."""
    write_whole(path, encode(header, events))


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Writes beside `path` and renames: a reader sees the old recording or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), _MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
