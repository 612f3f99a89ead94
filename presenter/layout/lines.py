"""Lines of segments: fitting them to a width, joining neighbours, putting them side by side."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style

from presenter.deck.model import Align
from presenter.layout.frame import Line
from presenter.layout.text import begins_cluster, clusters, width

HALVES = {Align.LEFT: 0, Align.CENTER: 1, Align.RIGHT: 2}
"""How many halves of the free columns are to the left of a text."""


BAR = "▌"
"""The bar at the left of code, quotes and notes."""


def blank(columns: int, style: Style) -> Line:
    return [Segment(" " * columns, style)] if columns > 0 else []


def line_width(line: Iterable[Segment]) -> int:
    return sum(width(segment.text) for segment in line)


def merge(line: Iterable[Segment]) -> Line:
    """The same line with neighbours of one style joined and empty segments left out."""
    result: Line = []
    for segment in line:
        text = segment.text
        if not text:
            continue
        if result and result[-1].style is segment.style and _may_join(result[-1].text, text):
            result[-1] = Segment(result[-1].text + text, segment.style)
        else:
            result.append(segment)
    return result


def _may_join(left: str, right: str) -> bool:
    """Whether the joined text is surely as wide as its parts: nothing combines at the seam."""
    return begins_cluster(right[0]) and left[-1] != "\u200d"


def fit(line: Iterable[Segment], columns: int, style: Style, halves: int = 0) -> Line:
    """`line` in exactly `columns`: cropped, or filled with blanks in `style`."""
    segments = list(line)
    free = columns - line_width(segments)
    if free < 0:
        segments = crop_line(segments, columns)
        free = columns - line_width(segments)
    left = free * halves // 2
    return merge([*blank(left, style), *segments, *blank(free - left, style)])


def crop_line(line: Iterable[Segment], columns: int) -> Line:
    """The start of `line` that fits; a wide character that would stick out is left out."""
    result: Line = []
    for segment in line:
        cells = width(segment.text)
        if cells <= columns:
            result.append(segment)
            columns -= cells
            continue
        kept = ""
        for part, part_cells in clusters(segment.text):
            if part_cells > columns:
                break
            kept += part
            columns -= part_cells
        result.append(Segment(kept, segment.style))
        break
    return result


def overlay(line: Line, x: int, patch: Line, style: Style, columns: int) -> Line:
    """`line` (of `columns`) with `patch` in place of what stood at `x`."""
    cells = line_width(patch)
    left = fit(crop_line(line, x), x, style)
    right = drop(line, x + cells)
    return fit([*left, *patch, *right], columns, style)


def drop(line: Iterable[Segment], columns: int) -> Line:
    """`line` without its first `columns`; half a wide character becomes a blank."""
    result: Line = []
    for segment in line:
        cells = width(segment.text)
        if columns <= 0:
            result.append(segment)
        elif cells > columns:
            result.append(Segment(_without(segment.text, columns), segment.style))
        columns -= cells
    return result


def _without(text: str, columns: int) -> str:
    taken, kept = 0, ""
    for part, cells in clusters(text):
        if taken >= columns:
            kept += part
        elif taken + cells > columns:
            kept += " " * (taken + cells - columns)
        taken += cells
    return kept
