"""Screens of recordings at given times, to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from presenter.recording.asciicast import Event, Header
from presenter.recording.track import apply
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Cursor, Row

Screen = tuple[int, int, tuple[Row, ...], Cursor]


def screens_at(header: Header, events: Iterable[Event], times: Sequence[float]) -> list[Screen]:
    """What stands on the screen after all events up to each of the times.

    Each is made from the beginning: to look at a screen parts a character from its marks to come.
    """
    known = list(events)
    found = []
    for time in times:
        emulator = new_emulator(header.columns, header.rows, 0)
        apply(emulator, [(event.code, event.data) for event in known if event.time <= time])
        rows = tuple(emulator.row(y) for y in range(emulator.rows))
        found.append((emulator.columns, emulator.rows, rows, emulator.cursor))
    return found
