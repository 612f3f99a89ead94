"""When a recording's screen changes: the moments of which pictures are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presenter.recording.asciicast import OUTPUT, RESIZE, Event, Header, parse_size
from presenter.recording.track import Code, apply
from presenter.terminal.emulator import Emulator

SHORTEST = 1 / 15
"""Seconds between two pictures, at least."""
MOST = 1500
"""Pictures of one recording: where there would be more, the time between two is longer."""
_PACES = 16
"""Each twice as slow as the one before: the slowest shows a picture in half an hour."""


@dataclass(slots=True)
class Plan:
    """What is known of a recording's pictures before the first is made."""

    columns: int
    rows: int
    """The largest size that the screen has."""
    seconds: float = 0.0
    pause: float = SHORTEST
    """Seconds between two pictures, at least."""
    pictures: int = 1


@dataclass(slots=True)
class _Pace:
    pause: float
    until: float
    count: int = 1

    def take(self, time: float) -> None:
        if time >= self.until:
            self.count += 1
            self.until = time + self.pause


def plan(header: Header, events: Iterable[Event], most: int = MOST) -> Plan:
    """Looks at all events; as often as it may be, but for `most` pictures."""
    found = Plan(header.columns, header.rows)
    paces = [_Pace(SHORTEST * 2**n, SHORTEST * 2**n) for n in range(_PACES)]
    for event in events:
        found.seconds = event.time
        if event.code == RESIZE and (size := parse_size(event.data)) is not None:
            found.columns = max(found.columns, size[0])
            found.rows = max(found.rows, size[1])
        if event.code in (OUTPUT, RESIZE):
            for pace in paces:
                pace.take(event.time)
    chosen = next((pace for pace in paces if pace.count <= most), paces[-1])
    found.pause, found.pictures = chosen.pause, chosen.count
    return found


def moments(events: Iterable[Event], emulator: Emulator, pause: float) -> Iterator[float]:
    """Times at which the emulator shows a new screen, from 0 on.

    What is printed within `pause` seconds is one picture, shown from the first of it on.
    """
    begun: float | None = 0.0
    codes: list[Code] = []
    for event in events:
        if event.code not in (OUTPUT, RESIZE):
            continue
        if begun is not None and event.time >= begun + pause:
            apply(emulator, codes)
            codes.clear()
            yield begun
            begun = None
        begun = event.time if begun is None else begun
        codes.append((event.code, event.data))
    if begun is not None:
        apply(emulator, codes)
        yield begun
