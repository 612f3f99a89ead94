"""The window on the pane in view: which lane it shows, and how far it is scrolled back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from presenter.demo.hands import SCRATCH
from presenter.layout.frame import Box
from presenter.layout.pane import screen_view, visible_rows

if TYPE_CHECKING:
    from presenter.demo.desk import Desk
    from presenter.terminal.emulator import Emulator


class PaneWindow:
    """Of one view."""

    def __init__(self, desk: Desk) -> None:
        self.scrolled = 0
        """Lines up from where the content is read first: its newest line, or the first of data."""
        self._desk = desk
        self._found = ("", 0)
        """What was looked for last, and in which line it was."""

    @property
    def lane(self) -> str:
        """The lane whose pane is in view; empty where there is none."""
        if self._desk.session.scratch:
            return SCRATCH
        demo = self._desk.demo(self._desk.session.position)
        return demo.name if demo is not None else ""

    @property
    def _emulator(self) -> Emulator | None:
        return self._desk.screens.emulator(self.lane) if self.lane else None

    def scroll(self, rows: int) -> None:
        """By `rows`, positive downwards."""
        emulator = self._emulator
        kept = emulator.history_length if emulator is not None else 0
        home = self._home(self.lane, kept)
        self.scrolled = max(-home, min(self.scrolled - rows, kept - home))

    def up(self, lane: str) -> int:
        """Lines that the window on a lane stands above the newest."""
        kept = self._desk.screens.emulator(lane).history_length
        return max(0, min(self._home(lane, kept) + self.scrolled, kept))

    def _home(self, lane: str, kept: int) -> int:
        return kept if self._desk.screens.begins_at_the_top(lane) else 0

    def lines(self) -> list[str]:
        """All that was printed and kept, as plain lines, the oldest first."""
        emulator = self._emulator
        if emulator is None:
            return []
        kept = (emulator.history_row(y) for y in range(emulator.history_length))
        return ["".join(run.text for run in row).rstrip() for row in kept] + emulator.text()

    def find(self, words: str) -> bool:
        """Show the newest line with these words, and the next older one when asked again."""
        before = self._found[1] if self._found[0] == words else None
        hits = lines_with(words, self.lines()[:before]) if words else []
        self._found = (words, hits[-1]) if hits else ("", 0)
        if hits:
            self.show_line(hits[-1])
        return bool(hits)

    def show_line(self, line: int) -> None:
        """Scroll so that a line, counted from the oldest, stands in the middle."""
        emulator = self._emulator
        if emulator is not None:
            top = max(line - emulator.rows // 2, 0)
            kept = emulator.history_length
            self.scrolled = max(kept - top, 0) - self._home(self.lane, kept)

    def cell_at(self, x: int, y: int, box: Box) -> tuple[int, int] | None:
        """The cell of the terminal, from 0, under a cell of a frame whose pane is `box`."""
        emulator = self._emulator
        if emulator is None or not box.contains(x, y):
            return None
        window = visible_rows(screen_view(emulator), box.height - 2)
        column = x - box.x - (box.width >= emulator.columns + 2)
        row = window.first + y - box.y - 1
        there = 0 <= column < emulator.columns and 0 <= row < emulator.rows
        return (column, row) if there and y < box.y + box.height - 1 else None


def lines_with(words: str, lines: Sequence[str]) -> list[int]:
    """The numbers of the lines, from 0, that have these words in any case; no empty ones."""
    wanted = words.casefold()
    return [n for n, line in enumerate(lines) if line and wanted in line.casefold()]
