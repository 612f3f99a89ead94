"""Tables: columns fitted to the room, one rule under the header, no other lines."""

from __future__ import annotations

from rich.segment import Segment

from presenter.deck.model import Align, Inline, Table
from presenter.layout.frame import Line
from presenter.layout.inline import Face, styled, wrap
from presenter.layout.lines import HALVES, blank, fit
from presenter.layout.text import width
from presenter.layout.theme import Theme

GAP = 3


def table_lines(block: Table, columns: int, theme: Theme, reveals: int, on: str) -> list[Line]:
    """The table in lines of at most `columns`; rows not revealed yet keep their room."""
    count = max([len(block.header), *(len(row.cells) for row in block.rows)], default=0)
    if not count:
        return []
    rows = [_padded(row.cells, count) for row in block.rows]
    header = _padded(block.header, count)
    gap = GAP if columns >= count * (GAP + 3) else 1
    widths = _fitted(_natural([header, *rows], theme), columns - gap * (count - 1))
    aligns = [*block.aligns, *[Align.LEFT] * count][:count]
    fill = theme.style("text", on)
    lines: list[Line] = []
    if any(header):
        lines += _row(header, widths, aligns, gap, theme, Face("text", on, bold=True))
        rule = "─" * (sum(widths) + gap * (count - 1))
        lines.append([Segment(rule, theme.style("border", on))])
    for cells, row in zip(rows, block.rows, strict=True):
        drawn = _row(cells, widths, aligns, gap, theme, Face("text", on))
        hidden = row.at > reveals
        lines += [blank(columns, fill) for _ in drawn] if hidden else drawn
    return [line[:] for line in lines]


def _padded(cells: tuple[Inline, ...], count: int) -> list[Inline]:
    return [*cells, *[()] * (count - len(cells))]


def _natural(rows: list[list[Inline]], theme: Theme) -> list[int]:
    """For each column the width of its widest line, at least 1."""
    return [
        max(1, *(_widest(cell, theme) for cell in column)) for column in zip(*rows, strict=True)
    ]


def _widest(cell: Inline, theme: Theme) -> int:
    text = "".join(segment.text for segment in styled(cell, theme))
    return max(width(part) for part in text.split("\n"))


def _fitted(natural: list[int], room: int) -> list[int]:
    """Widths that add up to at most `room`: the widest columns give way first."""
    widths = natural[:]
    excess = sum(widths) - max(room, 2 * len(widths))
    while excess > 0:
        widest = max(widths)
        if widest <= 2:
            break
        at = [n for n, cells in enumerate(widths) if cells == widest]
        below = max((cells for cells in widths if cells < widest), default=2)
        step = max(1, min(widest - max(below, 2), excess // len(at)))
        for n in at[: max(1, excess // step)]:
            widths[n] -= step
            excess -= step
    return widths


def _row(
    cells: list[Inline], widths: list[int], aligns: list[Align], gap: int, theme: Theme, face: Face
) -> list[Line]:
    fill = theme.style("text", face.on)
    wrapped = [
        wrap(cell, cells_wide, theme, face) for cell, cells_wide in zip(cells, widths, strict=True)
    ]
    rows: list[Line] = []
    for n in range(max(1, *(len(lines) for lines in wrapped))):
        line: Line = []
        for m, lines in enumerate(wrapped):
            line += blank(gap, fill) if m else []
            cell = lines[n] if n < len(lines) else []
            line += fit(cell, widths[m], fill, HALVES[aligns[m]])
        rows.append(line)
    return rows
