"""A large recording, left in its file and decoded where it is looked at.

Kept for every event are its time and where its line starts (16 bytes); its text is decoded anew
whenever it is needed. Pieces that are sound, as nearly all are, go through msgspec, which decodes
1.3 million lines (100 MB) in 0.35 s; a piece that is not is read line by line as by `reader`.

The file is read, not mapped: were it cut short by others, a mapping would end the whole program.
"""

from __future__ import annotations

import os
import time
import weakref
from array import array
from collections.abc import Sequence
from itertools import accumulate, count

import msgspec

from presenter.errors import RecordingError
from presenter.recording.asciicast import MARKER, MAX_SECONDS, RESIZE, BadEvent, parse_event
from presenter.recording.asciicast import parse_size as size_of
from presenter.recording.reader import MAX_LINE, MAX_SKIPPED, Cast, decode_line
from presenter.recording.track import Code, Marker, Times

PIECE = 64 * 1024
"""Bytes decoded at once: about 1 ms."""

_Line = tuple[float, str, str]
_DECODER = msgspec.json.Decoder(_Line)


class Index:
    """See `presenter.recording.track.Track`; for uncompressed files of versions 2 and 3."""

    def __init__(self, cast: Cast, idle_limit: float | None) -> None:
        self.header = cast.header
        self.markers: list[Marker] = []
        self.complete = False
        self._cast = cast
        cast.forget()
        try:
            self._file = os.open(cast.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise RecordingError(f"{cast.path}: cannot be read: {error.strerror}") from error
        weakref.finalize(self, os.close, self._file)
        self._relative = cast.header.version >= 3
        self._times = Times(idle_limit)
        self.times: Sequence[float] = self._times.limited
        self._offsets: array[int] = array("Q")
        self._at = self._line_end(0)
        self._line = 2
        self._now = 0.0

    def _bytes(self, start: int, end: int) -> bytes:
        """Fewer where the file ends before, or cannot be read any more."""
        try:
            if hasattr(os, "pread"):
                return os.pread(self._file, end - start, start)
            os.lseek(self._file, start, os.SEEK_SET)
            return os.read(self._file, end - start)
        except OSError:
            return b""

    def _line_end(self, start: int) -> int:
        """Where the line that `start` is in ends, its newline included."""
        while True:
            piece = self._bytes(start, start + PIECE)
            end = piece.find(b"\n") + 1
            if end or not piece:
                return start + end
            start += len(piece)

    def advance(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while not self.complete:
            self._index_piece()
            if time.perf_counter() >= until:
                return

    def _index_piece(self) -> None:
        """Indexes the next whole lines; one that is longer than a piece is a piece of its own."""
        start = self._at
        piece = self._bytes(start, start + PIECE)
        piece = piece[: piece.rfind(b"\n") + 1] or piece
        end = start + len(piece)
        if not piece.endswith(b"\n"):
            end = self._line_end(start)
            piece = self._bytes(start, min(end, start + MAX_LINE))
        if end - start > MAX_LINE:
            self._cast.skipped.append((self._line, f"the line is longer than {MAX_LINE >> 20} MiB"))
            self._line += 1
        else:
            *lines, rest = piece.split(b"\n")
            if rest:
                lines.append(rest)
            if not self._take_sound(piece, lines):
                self._take_damaged(lines, torn=bool(rest))
            self._line += len(lines)
        self._at = end
        self.complete = end == start or len(self._cast.skipped) >= MAX_SKIPPED

    def _take_sound(self, piece: bytes, lines: list[bytes]) -> bool:
        """Takes a piece as a whole; False if anything in it needs a closer look."""
        if not piece.startswith(b"[") or piece.count(b"\n[") != len(lines) - 1:
            return False  # blank lines and comments
        try:
            found = _DECODER.decode_lines(piece)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return False
        if len(found) != len(lines):
            return False  # more than one value on a line
        given = [line[0] for line in found]
        if given and not (min(given) >= 0 and max(given) <= MAX_SECONDS):
            return False
        times = list(accumulate(given, initial=self._now))[1:] if self._relative else given
        if times and (times[0] < self._now or times != sorted(times)):
            return False
        others = []
        if not {line[1] for line in found}.isdisjoint((MARKER, RESIZE)):
            others = [(i, c, data) for i, (_, c, data) in enumerate(found) if c in (MARKER, RESIZE)]
        if any(code == RESIZE and size_of(data) is None for _, code, data in others):
            return False
        first = len(self._offsets)
        self._offsets.extend(_starts(lines, self._at))
        self._times.extend(times)
        self._now = times[-1] if times else self._now
        for i, code, data in others:
            if code == MARKER:
                self.markers.append(Marker(self.times[first + i], data, first + i))
        return True

    def _take_damaged(self, lines: list[bytes], *, torn: bool) -> None:
        """Takes a piece line by line, noting what is left out; `torn`: the last has no end."""
        last = self._line + len(lines) - 1
        starts = _starts(lines, self._at)
        for number, offset, line in zip(count(self._line), starts, lines, strict=False):
            if line.strip() and not line.startswith(b"#"):
                raw = decode_line(line)
                event = raw if isinstance(raw, BadEvent) else parse_event(raw)
                if isinstance(event, BadEvent):
                    if torn and number == last:
                        self._cast.torn = True
                    else:
                        self._cast.skipped.append((number, event.reason))
                else:
                    at = self._now + event.time if self._relative else event.time
                    self._now = max(at, self._now)
                    self._times.extend((self._now,))
                    self._offsets.append(offset)
                    if event.code == MARKER:
                        index = len(self._offsets) - 1
                        self.markers.append(Marker(self.times[index], event.data, index))

    def drop(self) -> None:
        """Forgets the events known so far: those that come are numbered from 0 again."""
        del self._offsets[:]
        del self._times.limited[:]
        self.markers.clear()

    def read(self, start: int, end: int) -> list[Code]:
        """Events `start` to `end` (exclusive)."""
        if start >= end:
            return []
        first = self._offsets[start]
        last = (
            self._offsets[end]
            if end < len(self._offsets)
            else self._line_end(self._offsets[end - 1])
        )
        try:
            found = _DECODER.decode_lines(self._bytes(first, last))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            found = []
        if len(found) == end - start:
            return [(code, data) for _, code, data in found]
        return [self._read_one(i) for i in range(start, end)]

    def _read_one(self, i: int) -> Code:
        offset = self._offsets[i]
        raw = decode_line(self._bytes(offset, self._line_end(offset)))
        event = raw if isinstance(raw, BadEvent) else parse_event(raw)
        if isinstance(event, BadEvent):
            return "", ""  # the file has changed under us: nothing to show
        return event.code, event.data


def _starts(lines: list[bytes], at: int) -> list[int]:
    """Where lines start that stand one after another, each with a newline not in `lines`."""
    return list(accumulate((len(line) + 1 for line in lines[:-1]), initial=at)) if lines else []
