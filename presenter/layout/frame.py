"""The types that travel from the layout to whatever shows it: lines, frames and the view of a pane.

A line is a list of `rich.segment.Segment`s whose widths add up to the frame's width. Nothing in a
segment's text may be a control character: everything here is safe to write to a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment

from presenter.terminal.emulator import Cursor, Row

Line = list[Segment]


@dataclass(frozen=True, slots=True)
class Size:
    """In character cells."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a frame, in cells; `x` and `y` from 0 at the top left."""

    x: int
    y: int
    width: int
    height: int

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Badge:
    """The audience's small word on a pane: shape and word, e.g. `▶` and `recorded`."""

    shape: str
    word: str
    role: str = "muted"
    """A role of the theme: `muted`, `accent`, `ok`, `warn` or `error`."""


@dataclass(frozen=True, slots=True)
class PaneView:
    """What a pane shows. It does not know where the rows come from, live or recorded."""

    rows: tuple[Row, ...]
    """The emulated screen, and above it as much scrollback as the viewer scrolled to."""
    columns: int
    """The grid's size; the pane may be smaller (it scrolls) or larger (it pads)."""
    grid_rows: int
    title: str = ""
    badge: Badge | None = None
    cursor: Cursor | None = None
    above: int = 0
    """Lines of scrollback above the first row shown."""
    below: int = 0
    """Lines below the last row shown (when the viewer has scrolled up)."""
    focused: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole screen, ready to be shown, and where on it things are."""

    size: Size
    lines: list[Line]
    pane: Box | None = None
    body: Box | None = None
    """Where the slide's own text stands, for scrolling."""
    hidden_rows: int = 0
    """Rows of the slide's text, or of notes, that do not fit below what is shown."""
    hidden_above: int = 0
    """Rows of notes above what is shown."""
