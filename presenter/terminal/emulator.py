"""The terminal emulator as the rest of the program knows it.

Recorded or live bytes go into `feed` and end there: what comes out are cells (text and style) that
are safe to draw, and nothing else. An engine never writes to the host terminal and never answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Colour = int | tuple[int, int, int] | None
"""A palette index 0–255, an RGB triple, or None for the default colour."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a run of cells looks."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    blink: bool = False
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells in one style; `width` is in columns, counted from the grid."""

    text: str
    width: int
    style: CellStyle


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    column: int
    """From 0."""
    row: int
    visible: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the screen that an engine can come back to; opaque but for its size."""

    columns: int
    rows: int
    data: str
    scrolled: int = 0
    """Lines scrolled out since the emulator's start when it was taken."""


class Emulator(Protocol):
    """One emulated screen. Sizes are in character cells."""

    @property
    def columns(self) -> int: ...

    @property
    def rows(self) -> int: ...

    @property
    def cursor(self) -> Cursor: ...

    def feed(self, data: str) -> frozenset[int]:
        """Take output; returns the rows of the screen that changed (from 0)."""

    def resize(self, columns: int, rows: int) -> None: ...

    def row(self, y: int) -> Row:
        """Row `y` of the screen as safe runs: no control, bidi or escape character in them."""

    def text(self) -> list[str]:
        """The screen as text, a string a row, trailing blanks removed."""

    @property
    def history_length(self) -> int:
        """How many lines have scrolled out at the top and are kept."""

    def history_row(self, y: int) -> Row:
        """Line `y` of the scrollback, 0 the oldest kept."""

    def snapshot(self) -> Snapshot: ...

    def restore(self, snapshot: Snapshot) -> None: ...

    def reset(self) -> None:
        """Back to an empty screen in its first state (modes, charsets, scrollback too)."""
