"""A pane: the emulated screen of a demo in its border, with a badge that says what feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style

from presenter.layout.depth import nearest_ansi, xterm_color
from presenter.layout.frame import Line, PaneView
from presenter.layout.lines import crop_line, drop, fit, merge
from presenter.layout.text import clean, clusters, one_line, pad, shorten, width
from presenter.layout.theme import XTERM_16, Theme, contrast, hex_color, make_style, mix, readable
from presenter.terminal.emulator import CellStyle, Colour, Emulator, Row

READABLE = 4.5
"""Least contrast of the ANSI colours in a pane; a program's own RGB colours stay as they are."""


@dataclass(frozen=True, slots=True)
class _Border:
    """The characters of a border: corners, lines, and the sides."""

    top: str
    line: str
    bottom: str
    side: str


_THIN = _Border("╭╮", "─", "╰╯", "│")
_HEAVY = _Border("┏┓", "━", "┗┛", "┃")


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of a pane that are shown, and how many are not."""

    first: int
    last: int
    """One past the last row shown."""
    above: int
    below: int


def pane_rows(view: PaneView, columns: int, rows: int, theme: Theme) -> list[Line]:
    """The pane in `rows` lines of exactly `columns`, its borders included.

    There are side borders where there is room for them beside the grid. A taller screen than the
    pane scrolls so that the cursor and the last line written stay in sight, and the border says
    what is hidden.
    """
    sides = columns >= view.columns + 2
    inner = columns - 2 if sides else columns
    window = visible_rows(view, max(rows - 2, 0))
    border = _HEAVY if view.focused else _THIN
    edge = theme.style("accent" if view.focused else "border")
    side = [Segment(border.side, edge)] if sides else []
    lines = [_top(view, columns, sides, border, theme, edge)]
    cursor = _cursor_row(view)
    for n in range(window.first, window.first + max(rows - 2, 0)):
        row = view.rows[n] if n < window.last else ()
        at = view.cursor.column if view.cursor is not None and n == cursor else None
        lines.append(merge([*side, *row_line(row, inner, theme, at), *side]))
    lines.append(_bottom(view, window, columns, inner, sides, border, theme, edge))
    return lines[:rows]


def screen_view(emulator: Emulator, scrolled: int = 0, title: str = "") -> PaneView:
    """An emulator's screen, `scrolled` lines up into what it keeps."""
    kept = emulator.history_length
    scrolled = max(0, min(scrolled, kept))
    first = kept - scrolled
    rows = tuple(
        emulator.history_row(y) if y < kept else emulator.row(y - kept)
        for y in range(first, first + emulator.rows)
    )
    return PaneView(
        rows=rows,
        columns=emulator.columns,
        grid_rows=emulator.rows,
        title=title,
        cursor=emulator.cursor if not scrolled else None,
        above=first,
        below=scrolled,
    )


def screen_lines(emulator: Emulator, columns: int, rows: int, theme: Theme) -> list[Line]:
    """An emulator's screen without a border, in exactly so many columns and rows.

    Of a larger one, the part in which the cursor stands, from the left.
    """
    view = screen_view(emulator)
    shown = view.cursor if view.cursor is not None and view.cursor.visible else None
    window = visible_rows(view, rows)
    found = []
    for n in range(window.first, window.first + rows):
        row = view.rows[n] if n < len(view.rows) else ()
        at = shown.column if shown is not None and shown.row == n else None
        found.append(row_line(row, columns, theme, at))
    return found


def visible_rows(view: PaneView, rows: int) -> Window:
    """Which of the view's rows a pane of `rows` shows."""
    count = len(view.rows)
    used = count
    while used and not any(run.text.strip() or run.style.background for run in view.rows[used - 1]):
        used -= 1
    bottom = max(used, (_cursor_row(view) or 0) + 1) if view.rows else 0
    first = 0 if view.below else max(0, min(bottom - rows, count - rows))
    last = min(first + rows, count)
    return Window(first, last, view.above + first, view.below + max(0, used - last))


def _cursor_row(view: PaneView) -> int | None:
    """Index of the cursor's row among the view's rows: the screen is at their end."""
    if view.cursor is None or not view.cursor.visible:
        return None
    return max(len(view.rows) - view.grid_rows, 0) + view.cursor.row


def row_line(row: Row, columns: int, theme: Theme, cursor: int | None = None) -> Line:
    """One row of a screen in exactly `columns`; the cursor's cell is shown inverted."""
    fill = theme.style()
    line: Line = []
    for run in row:
        line.append(Segment(_fitted(run.text, run.width), cell_style(run.style, theme)))
    line = fit(line, columns, fill)
    if cursor is None or not 0 <= cursor < columns:
        return line
    right = drop(line, cursor)
    text = right[0].text if right else " "
    under, cells = clusters(text)[0] if text else (" ", 1)
    block = Segment(under, theme.style("page", "text"))
    return fit([*crop_line(line, cursor), block, *drop(right, cells)], columns, fill)


def _fitted(text: str, columns: int) -> str:
    """A run's text in the columns that the grid gives it, even where the two count otherwise."""
    if text.isascii() and len(text) == columns and text.isprintable():
        return text
    safe = clean(text).replace("\n", " ")
    if width(safe) > columns:
        # The grid counts joined emoji one by one: without joiners both counts agree.
        safe = safe.replace("\u200d", "").replace("\ufe0f", "")
    return pad(safe, columns)


@lru_cache(maxsize=4096)
def cell_style(style: CellStyle, theme: Theme) -> Style:
    """A cell's style in the theme's colours."""
    front = _color(style.foreground, theme, theme.text)
    back = _color(style.background, theme, theme.page)
    if style.background == 0:
        back = theme.panel
    if style.inverse:
        front, back = back, front
    if style.faint:
        front = readable(mix(front, back, 0.3), back, front, READABLE)
    if not _own(style.foreground) or not _own(style.background):
        toward = "#ffffff" if contrast(back, "#ffffff") > contrast(back, "#000000") else "#000000"
        own = _own(style.foreground) and style.background is None and not style.inverse
        front = front if own else readable(front, back, toward, READABLE)
    if theme.depth == "16":
        back = nearest_ansi(back, back, 0.0)
        front = nearest_ansi(front, back, READABLE)
    return make_style(
        front, back, theme.depth, style.bold, style.italic, style.underline, style.strike
    )


def _own(colour: Colour) -> bool:
    """Whether the program chose the very colour: not the default, not one of the 16."""
    return colour is not None and not (isinstance(colour, int) and colour < 16)


def _color(colour: Colour, theme: Theme, default: str) -> str:
    if colour is None:
        return default
    if isinstance(colour, tuple):
        return hex_color(colour)
    if colour < 16:
        return XTERM_16[colour] if theme.depth == "16" else theme.palette[colour]
    return xterm_color(colour)


def _top(
    view: PaneView, columns: int, sides: bool, border: _Border, theme: Theme, edge: Style
) -> Line:
    """Corner, title, line, badge, corner."""
    start, end = tuple(border.top) if sides else (border.line, border.line)
    badge: Line = []
    if view.badge is not None:
        word = one_line(f" {view.badge.shape} {view.badge.word}")
        badge = [Segment(f" {word} ", theme.style("page", view.badge.role, bold=True))]
    badge_cells = sum(width(segment.text) for segment in badge)
    title = shorten(one_line(view.title), columns - badge_cells - 8)
    name = [Segment(f" {title} ", theme.style("text", bold=view.focused))] if title else []
    used = sum(width(segment.text) for segment in name) + badge_cells
    middle = Segment(border.line * max(columns - used - 4, 0), edge)
    line = [
        Segment(start + border.line, edge),
        *name,
        middle,
        *badge,
        Segment(border.line + end, edge),
    ]
    return merge(fit(line, columns, edge))


def _bottom(
    view: PaneView,
    window: Window,
    columns: int,
    inner: int,
    sides: bool,
    border: _Border,
    theme: Theme,
    edge: Style,
) -> Line:
    """Corner, what is hidden, line, corner."""
    start, end = tuple(border.bottom) if sides else (border.line, border.line)
    hidden = [
        f"{arrow} {count} {what}"
        for arrow, count, what in (
            ("▲", window.above, "more"),
            ("▼", window.below, "more"),
            ("→", max(view.columns - inner, 0), "columns"),
        )
        if count
    ]
    said = shorten("  ".join(hidden), columns - 6)
    words = [Segment(f" {said} ", theme.style("muted"))] if said else []
    used = sum(width(segment.text) for segment in words)
    middle = Segment(border.line * max(columns - used - 4, 0), edge)
    line = [Segment(start + border.line, edge), *words, middle, Segment(border.line + end, edge)]
    return merge(fit(line, columns, edge))
