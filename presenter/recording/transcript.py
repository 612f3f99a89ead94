"""A recording as text: every line that scrolled out, and the screen at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from presenter.recording.asciicast import OUTPUT, RESIZE, Event, Header, parse_size
from presenter.terminal.emulator import Emulator, Row

HISTORY = 20_000
"""Lines that the emulator must keep: more than one batch of output scrolls out."""
_BATCH = 8 * 1024
_MOST_KEPT = 4096
_CLEARED = "\x1bc"

MakeEmulator = Callable[[int, int, int], Emulator]
"""From columns, rows and lines of scrollback."""


def transcript(header: Header, events: Iterable[Event], make: MakeEmulator) -> Iterator[str]:
    """Lines, each with its newline. A screen that is reset as a whole is told before it goes.

    Programs that take the whole screen leave no lines behind: of these, only the end is told.
    """
    writer = _Writer(make(header.columns, header.rows, HISTORY), make)
    waiting: list[str] = []
    length = 0
    for event in events:
        if event.code == OUTPUT:
            waiting.append(event.data)
            length += len(event.data)
        size = parse_size(event.data) if event.code == RESIZE else None
        if length >= _BATCH or size is not None:
            yield from writer.feed("".join(waiting))
            waiting.clear()
            length = 0
        if size is not None:
            writer.emulator.resize(*size)
    yield from writer.feed("".join(waiting))
    yield from writer.all()


class _Writer:
    def __init__(self, emulator: Emulator, make: MakeEmulator) -> None:
        self.emulator = emulator
        self._make = make

    def feed(self, text: str) -> Iterator[str]:
        first, *others = text.split(_CLEARED)
        yield from self._feed(first)
        for part in others:
            yield from self.all()
            yield from self._feed(_CLEARED + part)

    def _feed(self, text: str) -> Iterator[str]:
        for start in range(0, len(text), _BATCH):
            self.emulator.feed(text[start : start + _BATCH])
            if self.emulator.history_length >= _MOST_KEPT:
                yield from self._scrolled()
                self._forget()

    def _forget(self) -> None:
        """Goes on with a screen that keeps no line of what has been told."""
        snapshot = self.emulator.snapshot()
        self.emulator = self._make(snapshot.columns, snapshot.rows, HISTORY)
        self.emulator.restore(snapshot)

    def _scrolled(self) -> Iterator[str]:
        emulator = self.emulator
        yield from (_line(emulator.history_row(y)) for y in range(emulator.history_length))

    def all(self) -> Iterator[str]:
        """What has scrolled out, and the screen down to its last line with anything on it."""
        yield from self._scrolled()
        lines = [_line(self.emulator.row(y)) for y in range(self.emulator.rows)]
        while lines and lines[-1] == "\n":
            lines.pop()
        yield from lines


def _line(row: Row) -> str:
    return "".join(run.text for run in row).rstrip() + "\n"
