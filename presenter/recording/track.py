"""A recording as a row of events that can be asked for by number or by time.

What is shown needs little of a recording at once, and a recording may be large: so a track becomes
known piece by piece (`advance`), and the caller says how long it may take.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header, parse_size
from presenter.recording.reader import EVENT_COST, Cast
from presenter.terminal.emulator import Emulator

MAX_TEXT = 256 * 1024 * 1024
"""Code points of a recording held in memory; the rest is left."""

Code = tuple[str, str]
"""An event's code and data; its time stands in the track's `times`."""


@dataclass(frozen=True, slots=True)
class Marker:
    time: float
    label: str
    index: int
    """Number of the event, from 0."""


class Track(Protocol):
    """The events known so far, at times to which the idle limit has been applied."""

    header: Header
    times: Sequence[float]
    markers: list[Marker]
    complete: bool

    def advance(self, seconds: float) -> None:
        """Gets to know more, for about `seconds` at most; always at least a little."""

    def read(self, start: int, end: int) -> list[Code]:
        """Events `start` to `end` (exclusive), all of them known."""


class Times:
    """Grows an array of times, each pause cut to the idle limit."""

    def __init__(self, limit: float | None) -> None:
        self.limited: array[float] = array("d")
        self._limit = limit if limit is not None and limit > 0 else None
        self._before = 0.0
        self._shift = 0.0

    def extend(self, times: Iterable[float]) -> None:
        """Takes times that never decrease."""
        if self._limit is None:
            self.limited.extend(times)
            return
        for at in times:
            self._shift += max(at - self._before - self._limit, 0.0)
            self._before = at
            self.limited.append(at - self._shift)


class MemoryTrack:
    """A recording that is small, compressed or of version 1: its events are kept decoded."""

    def __init__(self, cast: Cast, idle_limit: float | None) -> None:
        self.header = cast.header
        self.markers: list[Marker] = []
        self.complete = False
        self._skipped = cast.skipped
        self._events = cast.events()
        self._codes: list[Code] = []
        self._times = Times(idle_limit)
        self._text = 0
        self.times: Sequence[float] = self._times.limited

    def advance(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        for event in self._events:
            self._add(event)
            if self._text > MAX_TEXT:
                self._skipped.append(
                    (len(self._codes) + 1, f"more than {MAX_TEXT >> 20} M characters")
                )
                break
            if len(self._codes) % 64 == 0 and time.perf_counter() >= until:
                return
        self.complete = True

    def _add(self, event: Event) -> None:
        self._times.extend((event.time,))
        if event.code == MARKER:
            self.markers.append(Marker(self.times[-1], event.data, len(self._codes)))
        self._codes.append((event.code, event.data))
        self._text += len(event.data) + EVENT_COST

    def read(self, start: int, end: int) -> list[Code]:
        return self._codes[start:end]


def open_track(cast: Cast, idle_limit: float | None = None) -> Track:
    """The track of a recording; `idle_limit` goes before the header's, 0 lifts it."""
    limit = cast.header.idle_time_limit if idle_limit is None else idle_limit
    if not cast.is_indexed:
        return MemoryTrack(cast, limit)
    from presenter.recording.index import Index  # msgspec is for large files only

    return Index(cast, limit)


def known_at(track: Track, seconds: float) -> int:
    """How many of the events known so far are due at `seconds`."""
    return bisect_right(track.times, seconds)


def apply(emulator: Emulator, codes: Iterable[Code]) -> set[int]:
    """Feeds output, neighbouring pieces joined, and resizes; returns the rows changed.

    Input, markers and whatever else a recording holds never reach the emulator.
    """
    changed: set[int] = set()
    waiting: list[str] = []

    def flush() -> None:
        if waiting:
            changed.update(emulator.feed("".join(waiting)))
            waiting.clear()

    for code, data in codes:
        if code == OUTPUT:
            waiting.append(data)
        elif code == RESIZE and (size := parse_size(data)) is not None:
            flush()
            emulator.resize(*size)
            changed.update(range(emulator.rows))
    flush()
    return {y for y in changed if y < emulator.rows}
