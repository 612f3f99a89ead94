"""A slide, its pane and the footer → the whole screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from rich.segment import Segment

from presenter.deck.model import Grid, Meta, Slide
from presenter.layout.footer import footer_line, message_line
from presenter.layout.frame import Box, Frame, Line, PaneView, Size
from presenter.layout.lines import blank, crop_line, fit, merge
from presenter.layout.pane import pane_rows
from presenter.layout.slide import (
    BODY_ROW,
    FOOT_ROWS,
    TITLE_ROW,
    Column,
    SlideLines,
    column,
    has_text,
    lay_out,
    margin,
)
from presenter.layout.text import one_line, shorten
from presenter.layout.theme import Theme

LEAST = Size(40, 12)
"""Smaller windows are told to grow."""
BESIDE_TEXT = 30
"""Least columns of text beside a pane."""
BESIDE_GAP = 3
LEAST_PANE_ROWS = 6
MOST_DATA_COLUMNS, LEAST_DATA_ROWS = 132, 12
"""Of a pane of data, which has the size that there is room for."""
UPPER_SHARE = 0.4
"""Of the free rows above and below a short body, the share that is above it."""


class Kind(Enum):
    """Where a demo's pane stands."""

    BELOW = "below"
    BESIDE = "beside"
    FULL = "full"


MOST_ABOVE = 8
"""Free rows between title and body at most: on a large screen they still belong together."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where pane and text go; in `FULL` one of them is shown at a time."""

    kind: Kind
    pane: Box
    text: Column


@dataclass(frozen=True, slots=True)
class StageView:
    """Everything that one screen of the stage depends on."""

    slide: Slide
    size: Size
    theme: Theme
    meta: Meta
    folder: Path
    """The deck's folder, for pictures."""
    reveals: int = 0
    """Reveal stops of the slide that have been passed."""
    index: int = 0
    total: int = 1
    pane: PaneView | None = None
    pane_shown: bool = True
    """Where the pane takes the whole screen: whether it is shown now, or the text."""
    full: bool = False
    """The demo asks for the whole screen."""
    scroll: int = 0
    """Rows of the text scrolled away at the top."""
    progress: float = 0.0
    """Of the talk, from 0 to 1."""
    black: bool = False
    message: str = ""
    """A word in the footer, such as `waiting`."""
    show_badge: bool = True


def place(size: Size, grid: Grid, text_rows: int, has_text: bool, full: bool) -> Placement:
    """Where the pane of a grid goes on a screen, beside a body of `text_rows` rows.

    Below the text where everything fits, else beside it where both are wide enough, else on the
    whole screen. At the grid's own width it is always the whole screen.
    """
    usual = column(size.columns, grid)
    if not full and size.columns >= grid.columns + 8:
        top = BODY_ROW + (text_rows + 1 if has_text else 0)
        free = size.rows - FOOT_ROWS - top - (grid.rows + 2)
        if free >= 0:
            return Placement(Kind.BELOW, _below(size, grid, top, free, has_text), usual)
        beside = _beside(size, grid)
        if beside is not None:
            return beside
    return Placement(Kind.FULL, _whole(size, grid), usual)


def _below(size: Size, grid: Grid, top: int, free: int, has_text: bool) -> Box:
    wide = grid.columns + 2
    y = top if has_text else top + int(free * UPPER_SHARE)
    return Box((size.columns - wide) // 2, y, wide, grid.rows + 2)


def _beside(size: Size, grid: Grid) -> Placement | None:
    left, right = margin(size.columns) // 2, 2
    wide = grid.columns + 2
    room = size.columns - wide - BESIDE_GAP - left - right
    if room < BESIDE_TEXT:
        return None
    high = grid.rows + 2
    y = BODY_ROW if size.rows - BODY_ROW - FOOT_ROWS >= high else TITLE_ROW
    high = min(high, size.rows - y - 1)
    if high - 2 < min(grid.rows, LEAST_PANE_ROWS):
        return None
    box = Box(size.columns - right - wide, y, wide, high)
    return Placement(Kind.BESIDE, box, Column(left, room))


def _whole(size: Size, grid: Grid) -> Box:
    wide = grid.columns + 2 if size.columns >= grid.columns + 2 else size.columns
    high = min(grid.rows + 2, size.rows - 2)
    free = size.rows - FOOT_ROWS - (TITLE_ROW + 2) - high
    y = TITLE_ROW + 2 + int(free * UPPER_SHARE) if free >= 0 else 1
    return Box((size.columns - wide) // 2, y, wide, high)


def compose(view: StageView) -> Frame:
    """The whole screen: exactly `size.rows` lines of exactly `size.columns`."""
    size = view.size
    if size.columns < LEAST.columns or size.rows < LEAST.rows:
        return _too_small(view)
    if view.black:
        from presenter.layout.theme import make_style

        line = blank(size.columns, make_style("#000000", "#000000", view.theme.depth))
        return Frame(size, [line] * size.rows)
    if view.pane is None:
        return _text_frame(view, column(size.columns, view.meta.grid))
    return _with_pane(view, view.pane)


def _with_pane(view: StageView, pane: PaneView) -> Frame:
    placement = placement_of(view)
    if placement.kind is Kind.FULL:
        if view.pane_shown:
            return _pane_frame(view, pane, placement)
        return _text_frame(view, placement.text)
    frame = _text_frame(view, placement.text, fixed=True, low=placement.kind is Kind.BELOW)
    box = placement.pane
    fill = view.theme.style()
    for n, row in enumerate(_pane_lines(view, pane, box)):
        y = box.y + n
        before = fit(crop_line(frame.lines[y], box.x), box.x, fill)
        after = blank(view.size.columns - box.x - box.width, fill)
        frame.lines[y] = merge([*before, *row, *after])
    body = frame.body
    if body is not None and placement.kind is Kind.BELOW:
        body = Box(body.x, body.y, body.width, max(box.y - body.y, 0))
    elif body is not None:
        body = Box(body.x, body.y, box.x, body.height)
    return Frame(view.size, frame.lines, box, body, frame.hidden_rows)


def placement_of(view: StageView) -> Placement:
    """Where the pane of this view stands (its text is laid out to know how high it is)."""
    grid = _grid(view)
    text = has_text(view.slide)
    usual = column(view.size.columns, grid)
    rows = len(_lines(view, usual).lines) if text else 0
    title = _lines(view, usual).body_row - BODY_ROW if text else 0
    return place(view.size, grid, rows + max(title, 0), text, view.full)


def data_grid(view: StageView) -> Grid:
    """The grid of a pane of data, which is drawn for any: as large as there is room for.

    Below the text where it leaves enough rows, else as wide as the deck's own grid where that has
    its place beside the text, else on the whole screen.
    """
    size, own = view.size, view.meta.grid
    columns = max(min(size.columns - 10, MOST_DATA_COLUMNS), LEAST.columns - 2)
    text = has_text(view.slide)
    wide = Grid(columns, own.rows)
    usual = column(size.columns, wide)
    laid = _lines(view, usual)
    used = len(laid.lines) + max(laid.body_row - BODY_ROW, 0) + 1 if text else 0
    rows = size.rows - FOOT_ROWS - BODY_ROW - used - 2
    if not view.full and rows >= LEAST_DATA_ROWS:
        return Grid(columns, rows)
    beside = place(size, own, used, text, view.full)
    if text and beside.kind is Kind.BESIDE:
        return Grid(own.columns, beside.pane.height - 2)
    columns = max(min(size.columns - 2, MOST_DATA_COLUMNS), LEAST.columns - 2)
    return Grid(columns, size.rows - FOOT_ROWS - (TITLE_ROW + 2) - 2)


def _grid(view: StageView) -> Grid:
    pane = view.pane
    return Grid(pane.columns, pane.grid_rows) if pane is not None else view.meta.grid


def _pane_lines(view: StageView, pane: PaneView, box: Box) -> list[Line]:
    if not view.show_badge and pane.badge is not None:
        from dataclasses import replace

        pane = replace(pane, badge=None)
    return pane_rows(pane, box.width, box.height, view.theme)


def _pane_frame(view: StageView, pane: PaneView, placement: Placement) -> Frame:
    """The pane on the whole screen, the slide's title above it."""
    size, theme, box = view.size, view.theme, placement.pane
    fill = theme.style()
    empty = blank(size.columns, fill)
    lines = [empty] * size.rows
    # Where the grid takes the whole width, title and footer stay where the text slides have them.
    left = box.x or placement.text.left
    name = shorten(one_line(view.slide.title), size.columns - 2 * left)
    title = Segment(name, theme.style("title", bold=True))
    row = 0 if box.y == 1 else TITLE_ROW
    lines[row] = merge(fit([*blank(left, fill), title], size.columns, fill))
    for n, line in enumerate(_pane_lines(view, pane, box)):
        lines[box.y + n] = merge(fit([*blank(box.x, fill), *line], size.columns, fill))
    lines[-1] = _footer(view, left)
    return Frame(size, lines, box)


def _text_frame(view: StageView, where: Column, *, fixed: bool = False, low: bool = False) -> Frame:
    """Title, body and footer; `fixed`: a pane stands there too, so nothing is centred.

    `low`: the pane is below, so that all of the body fits.
    """
    size, fill = view.size, view.theme.style()
    empty = blank(size.columns, fill)
    lines = [empty] * size.rows
    laid = _lines(view, where)
    for n, line in enumerate(laid.title):
        if TITLE_ROW + n < size.rows - FOOT_ROWS:
            lines[TITLE_ROW + n] = line
    top = min(laid.body_row, size.rows - FOOT_ROWS - 1)
    room = size.rows - FOOT_ROWS - top
    scroll = max(0, min(view.scroll, len(laid.lines) - room))
    offset = 0 if fixed else _offset(laid, room)
    shown = laid.lines[scroll : scroll + room]
    lines[top + offset : top + offset + len(shown)] = shown
    below = max(len(laid.lines) - scroll - room, 0)
    if scroll:
        lines[top - 1] = _hidden(f"▲ {scroll} more", where, view)
    if below and not low:
        lines[-FOOT_ROWS] = _hidden(f"▼ {below} more", where, view)
    lines[-1] = _footer(view, where.left if not fixed or low else margin(size.columns) // 2)
    return Frame(size, lines, None, Box(0, top, size.columns, room), below)


def _offset(laid: SlideLines, room: int) -> int:
    """Free rows above a body that does not fill its room."""
    free = room - len(laid.lines)
    return 0 if laid.placed or free < 0 else min(int(free * UPPER_SHARE), MOST_ABOVE)


def _hidden(text: str, where: Column, view: StageView) -> Line:
    fill = view.theme.style()
    words = Segment(text, view.theme.style("accent", bold=True))
    return merge(fit([*blank(where.left, fill), words], view.size.columns, fill))


def _footer(view: StageView, left: int) -> Line:
    columns = view.size.columns
    if not view.slide.footer:
        return message_line(view.message, columns, view.theme)
    return footer_line(
        view.meta,
        view.index,
        view.total,
        columns,
        left,
        view.theme,
        progress=view.progress,
        message=view.message,
    )


def _too_small(view: StageView) -> Frame:
    """Says what to do, in as much room as there is."""
    size, theme = view.size, view.theme
    fill = theme.style()
    lines = [blank(size.columns, fill)] * size.rows
    words = ("Make the window larger", f"{LEAST.columns}x{LEAST.rows} at least")
    top = max((size.rows - len(words)) // 2, 0)
    for n, word in enumerate(words[: size.rows - top]):
        role = "muted" if n else "text"
        text = Segment(shorten(word, size.columns), theme.style(role))
        lines[top + n] = merge(fit([text], size.columns, fill, 1))
    return Frame(size, lines)


class _Same:
    """A key by identity: slides are compared by being the same object, not part by part."""

    __slots__ = ("value",)

    def __init__(self, value: tuple[Slide, Meta]) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Same)
            and self.value[0] is other.value[0]
            and self.value[1] is other.value[1]
        )

    def __hash__(self) -> int:
        return id(self.value[0])


def _lines(view: StageView, where: Column) -> SlideLines:
    return _laid_out(
        _Same((view.slide, view.meta)),
        view.size,
        view.theme,
        view.reveals,
        view.folder,
        where,
    )


@lru_cache(maxsize=64)
def _laid_out(
    same: _Same, size: Size, theme: Theme, reveals: int, folder: Path, where: Column
) -> SlideLines:
    slide, meta = same.value
    return lay_out(
        slide,
        width=size.columns,
        height=size.rows,
        theme=theme,
        reveals=reveals,
        meta=meta,
        folder=folder,
        at=where,
    )
