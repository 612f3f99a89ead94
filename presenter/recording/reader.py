"""Recordings read from files: every version, damaged ones too.

A recording that is merely damaged plays: a bad line is skipped and counted, a last line torn off
by a recorder's end is normal. Only a file that is no recording at all is an error.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from presenter.errors import RecordingError
from presenter.recording.asciicast import (
    BadEvent,
    Event,
    Header,
    parse_event,
    parse_frame,
    parse_header,
)

LARGE = 4 * 1024 * 1024
"""Bytes of a file from which it is indexed and decoded on demand."""
MAX_LINE = 64 * 1024 * 1024
"""Bytes; a longer line is skipped."""
MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes out of a compressed file; what follows is left."""
MAX_V1 = 256 * 1024 * 1024
"""Bytes of a recording of version 1, which is one JSON object and must be read whole."""
MAX_SKIPPED = 10_000
"""Skipped lines noted one by one; a file with more is no recording and its rest is not read."""
MAX_VOID = 100_000
"""Blank lines and comments that a file may have; the rest of one with more is not read."""
EVENT_COST = 128
"""What an event counts as beside its text, where text is limited: about the bytes it takes."""

_GZIP_MAGIC = b"\x1f\x8b"
_HINT = (
    "recordings are asciicast files, .cast or .cast.gz; `asciinema convert` makes them of others"
)
_DECODER = json.JSONDecoder(strict=False)


class Cast:
    """An opened recording. Its lists are complete once `events` has been read to its end."""

    def __init__(self, path: Path, header: Header, problems: list[str]) -> None:
        self.path = path
        self.header = header
        self.problems: list[tuple[int, str]] = [(1, problem) for problem in problems]
        """Line and reason of what was mended: header fields left out, times moved."""
        self.skipped: list[tuple[int, str]] = []
        """Line and reason of what was left out; for version 1 the frame's number, from 1."""
        self.torn = False
        """Whether the file ends within a line."""
        self.line = 1
        """Of the event that `events` has given last; for version 1 the frame's number, from 1."""

    @property
    def is_indexed(self) -> bool:
        """Whether the file is so large that its events are read from it when they are needed."""
        small = self.path.stat().st_size < LARGE
        return not (small or self.header.version == 1 or is_packed(self.path))

    def forget(self) -> None:
        """Before the file is read anew: what was noted when it was read before."""
        self.skipped.clear()
        self.problems[:] = [problem for problem in self.problems if problem[0] == 1]
        self.torn = False

    def events(self) -> Iterator[Event]:
        """The events at absolute times that never decrease; reads the file anew."""
        self.forget()
        return self._frames() if self.header.version == 1 else self._lines()

    def _lines(self) -> Iterator[Event]:
        relative = self.header.version >= 3
        now = 0.0
        with open_bytes(self.path) as stream:
            _skip_line(stream)
            for number, line, complete in self._numbered(stream):
                found = _decode(line)
                if isinstance(found, BadEvent):
                    if not complete:
                        self.torn = True
                        return
                    if not self._skip(number, found.reason):
                        return
                    continue
                time = now + found.time if relative else found.time
                if time < now or found.time < 0:
                    self.problems.append((number, "the time goes back"))
                now = max(now, time)
                self.line = number
                yield replace(found, time=now)

    def _skip(self, number: int, reason: str) -> bool:
        """Notes what is left out; False when there is too much of it to go on."""
        self.skipped.append((number, reason))
        return len(self.skipped) < MAX_SKIPPED

    def _numbered(self, stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
        """Line number, line, and whether its end is there; without blanks and comments."""
        number = 1
        read = void = 0
        while void <= MAX_VOID:
            try:
                line = stream.readline(MAX_LINE)
                too_long = len(line) >= MAX_LINE and not line.endswith(b"\n")
                if too_long and not isinstance(stream, gzip.GzipFile):
                    _skip_line(stream)
            except (EOFError, OSError, zlib.error):
                self.torn = True  # a compressed file cut off, or damaged from here on
                return
            if not line:
                return
            number += 1
            read += len(line)
            if read > MAX_UNPACKED and isinstance(stream, gzip.GzipFile):
                self.skipped.append((number, f"more than {MAX_UNPACKED >> 20} MiB unpacked"))
                return
            if too_long:
                self.skipped.append((number, f"the line is longer than {MAX_LINE >> 20} MiB"))
                if isinstance(stream, gzip.GzipFile):
                    return  # a thousand times as long, for all that is known
            elif line.strip() and not line.startswith(b"#"):
                yield number, line, line.endswith(b"\n")
            else:
                void += 1
        self.skipped.append((number, f"more than {MAX_VOID} blank lines and comments"))

    def _frames(self) -> Iterator[Event]:
        raw = _read_whole(self.path)
        frames = raw.get("stdout")
        if not isinstance(frames, list):
            self.skipped.append((1, "`stdout` is not a list"))
            return
        now = 0.0
        for number, frame in enumerate(frames, 1):
            found = parse_frame(frame)
            if isinstance(found, BadEvent):
                if not self._skip(number, found.reason):
                    return
                continue
            if found.time < 0:
                self.problems.append((number, "the time goes back"))
            now += max(found.time, 0.0)
            self.line = number
            yield replace(found, time=now)


def open_cast(path: Path) -> Cast:
    """A recording, its header read; raises RecordingError where it cannot be opened at all."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise RecordingError(f"{path}: no ordinary file", "recordings are read more than once")
    with open_bytes(path) as stream:
        first = _read(path, lambda: stream.readline(MAX_LINE))
    if not first.strip():
        raise RecordingError(f"{path}: the file is empty or starts with a blank line", _HINT)
    raw = _decode_object(first)
    if raw is None:
        raw = _read_whole(path)
    version = raw.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version not in (1, 2, 3):
        raise RecordingError(f"{path}:1: asciicast version {_shown(version)} is not known", _HINT)
    header, problems = parse_header(raw, version)
    return Cast(path, header, problems)


def _shown(version: object) -> str:
    return "(none given)" if version is None else ascii(version)[:40]


_Result = TypeVar("_Result")


def _read(path: Path, read: Callable[[], _Result]) -> _Result:
    """What `read` gives; the ways in which files fail become errors with a hint."""
    try:
        return read()
    except (OSError, EOFError, zlib.error, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise RecordingError(f"{path}: cannot be read: {reason}", _HINT) from error


def is_packed(path: Path) -> bool:
    """Whether a file is compressed; its name does not matter."""

    def first_bytes() -> bytes:
        with path.open("rb") as stream:
            return stream.read(2)

    return _read(path, first_bytes) == _GZIP_MAGIC


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where it is compressed."""
    if is_packed(path):
        return cast("BinaryIO", _read(path, lambda: gzip.open(path, "rb")))
    return _read(path, lambda: path.open("rb"))


def _skip_line(stream: BinaryIO) -> None:
    """Past the end of the line at hand, which may not fit into memory."""
    while True:
        part = stream.readline(MAX_LINE)
        if not part or part.endswith(b"\n"):
            return


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").removeprefix("\ufeff")


def decode_line(line: bytes) -> object:
    """JSON of one line, raw controls in strings allowed; BadEvent where it is none."""
    try:
        return cast("object", _DECODER.decode(_text(line)))
    except (ValueError, RecursionError):
        return BadEvent("not JSON")


def _decode(line: bytes) -> Event | BadEvent:
    raw = decode_line(line)
    return raw if isinstance(raw, BadEvent) else parse_event(raw)


def _decode_object(line: bytes) -> dict[str, object] | None:
    raw = decode_line(line)
    return raw if isinstance(raw, dict) else None


def read_version_1(path: Path) -> bytes:
    """All of a recording that is no file of lines."""
    with open_bytes(path) as stream:
        data = _read(path, lambda: stream.read(MAX_V1 + 1))
    if len(data) > MAX_V1:
        raise RecordingError(f"{path}: larger than {MAX_V1 >> 20} MiB and not by lines", _HINT)
    return data


def _read_whole(path: Path) -> dict[str, object]:
    """The object of version 1, which may stand on many lines."""
    raw = _decode_object(read_version_1(path))
    if raw is None:
        raise RecordingError(f"{path}:1: no asciicast header", _HINT)
    return raw
