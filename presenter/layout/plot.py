"""A query's answer as a picture: lines over time for a range, bars for an instant."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Any

from presenter.layout.drawn import COLORS, Undrawable, bar, colored, faint, number
from presenter.layout.prometheus import Answer, Point, Series, names_of
from presenter.layout.text import pad, shorten, width
from presenter.layout.traffic import harmless

MOST_LINES = len(COLORS)
"""Series that are drawn over time."""
MOST_BARS = 40
LARGEST = 1e300
"""Larger values are drawn as this one."""
LONGEST = 4_000
"""Dots of all lines together: more would hold up the slides."""
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
          172800, 604800, 2592000)  # fmt: skip
"""Seconds between the marks of a time axis."""
_LABEL = 18
"""Columns that a mark of a time axis takes, with room."""
_LIBRARY = "plotext"
_PLOTEXT = {"36": "cyan", "32": "green", "33": "orange", "35": "magenta", "34": "blue",
            "96": "cyan+", "92": "green+", "93": "orange+"}  # fmt: skip


def plot_lines(answer: Answer, columns: int, rows: int, zone: tzinfo | None) -> Iterator[str]:
    """The picture, in lines with colours; raises Undrawable. `zone` is that of the times."""
    if answer.text:
        yield shorten(harmless(answer.text[:2000]), columns)
    elif not answer.series:
        raise Undrawable("Prometheus knows no series for this query")
    elif answer.is_range:
        yield from _over_time(answer, columns, rows, zone)
    else:
        yield from _bars(answer, columns)


# --- at an instant ------------------------------------------------------------------------------


def _bars(answer: Answer, columns: int) -> Iterator[str]:
    names = [harmless(name) for name in names_of(answer.series)]
    if len(names) == 1:
        word = number(answer.series[0].points[-1][1], 5)
        name = shorten(names[0], columns - len(word) - 2)
        yield f"{name}  {colored(word, '1')}".lstrip()
        return
    shown = [
        (name, one.points[-1][1])
        for name, one in zip(names[:MOST_BARS], answer.series[:MOST_BARS], strict=True)
    ]
    label = min(max(width(name) for name, _ in shown), columns // 2)
    words = [number(value, 4) for _, value in shown]
    room = max(min(columns - label - max(map(len, words)) - 3, 48), 1)
    most = max((abs(value) for _, value in shown if math.isfinite(value)), default=0.0)
    for (name, value), word in zip(shown, words, strict=True):
        share = (
            min(abs(value), LARGEST) / min(most, LARGEST) if math.isfinite(value) and most else 0
        )
        drawn = bar(share, room) if math.isfinite(value) and value else ""
        color = "36" if value > 0 else "35"
        yield f"{pad(shorten(name, label), label)} {colored(drawn, color)} {word}"
    left = len(names) - len(shown) + answer.more
    if left:
        yield faint(f"… {left} more series")


# --- over time ----------------------------------------------------------------------------------


def _over_time(answer: Answer, columns: int, rows: int, zone: tzinfo | None) -> Iterator[str]:
    drawn = answer.series[:MOST_LINES]
    points = [_finite(one) for one in drawn]
    every = [point for line in points for point in line]
    if not every:
        raise Undrawable("Prometheus gives no numbers for this query")
    legend = list(_legend(answer, drawn, columns))
    height = max(rows - len(legend), 6)
    low, high, marks = value_axis([value for _, value in every], max(height // 3, 2))
    first, last = min(at for at, _ in every), max(at for at, _ in every)
    if last <= first:
        first, last = first - 30, first + 30
    lines = [
        [((at - first) / (last - first), (value - low) / (high - low)) for at, value in line]
        for line in points
    ]
    times = [
        ((at - first) / (last - first), word)
        for at, word in time_axis(first, last, max(columns // _LABEL, 1), zone)
    ]
    values = [((value - low) / (high - low), word) for value, word in marks]
    yield from _raster(_thinned(lines, columns, height), columns, height, times, values)
    yield from legend


def _finite(series: Series) -> list[Point]:
    return [
        (at, max(min(value, LARGEST), -LARGEST))
        for at, value in series.points
        if math.isfinite(value)
    ]


def _thinned(lines: list[list[Point]], columns: int, rows: int) -> list[list[Point]]:
    """Lines of points from 0 to 1, with the middle of their neighbours in place of the points.

    As few as it takes that all lines together are no longer than may be drawn.
    """
    parts = columns * 2
    if any(len(line) > parts for line in lines):
        lines = [_averaged(line, parts) for line in lines]
    while parts > 8 and sum(_length(line, columns, rows) for line in lines) > LONGEST:
        parts //= 2
        lines = [_averaged(line, parts) for line in lines]
    return lines


def _averaged(line: list[Point], parts: int) -> list[Point]:
    size = -(-len(line) // parts)
    if size < 2:
        return line
    groups = [list(zip(*line[n : n + size], strict=True)) for n in range(0, len(line), size)]
    return [(sum(xs) / len(xs), sum(ys) / len(ys)) for xs, ys in groups]


def _length(line: list[Point], columns: int, rows: int) -> float:
    """In dots: a cell has two beside each other and four above."""
    return sum(
        max((after[0] - before[0]) * columns * 2, abs(after[1] - before[1]) * rows * 4)
        for before, after in pairwise(line)
    )


def value_axis(values: Sequence[float], intervals: int) -> tuple[float, float, list[Point2]]:
    """The ends of an axis, and its marks with their words; all at round numbers.

    It begins at 0 where that is not far from the values.
    """
    low, high = min(values), max(values)
    if low >= 0 and low <= high * 0.6:
        low = 0.0
    if high - low <= max(abs(high), abs(low)) * 1e-9 or high - low < 1e-280:
        around = max(abs(high) * 0.5, 0.5)
        low, high = low - around, high + around
    step = _nice((high - low) / intervals)
    begin, end = math.floor(low / step), math.ceil(high / step)
    digits = max(3, min(math.ceil(math.log10(max(abs(begin), abs(end), 1))) + 1, 9))
    marks = [(n * step, number(n * step, digits)) for n in range(begin, end + 1)]
    return begin * step, end * step, marks


Point2 = tuple[float, str]
"""A place on an axis, and the word there."""


def _nice(raw: float) -> float:
    """The next round number."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next((power * one for one in _NICE if power * one >= raw), power * 10)


def time_axis(first: float, last: float, most: int, zone: tzinfo | None) -> list[Point2]:
    """Marks at round times between two, at most `most` and one, with their words."""
    span = last - first
    step = next((one for one in _STEPS if span / one <= most), math.ceil(span / most))
    day = 86_400
    pattern = "%H:%M:%S" if step < 60 else "%H:%M" if span < day else "%m-%d %H:%M"
    if step >= day:
        pattern = "%Y-%m-%d"
    offset = datetime.fromtimestamp(first, zone).utcoffset() if zone is not None else None
    shift = offset.total_seconds() if offset is not None else 0.0
    at = math.ceil((first + shift) / step) * step - shift
    marks: list[Point2] = []
    while at <= last and len(marks) <= most:
        marks.append((at, datetime.fromtimestamp(at, zone).strftime(pattern)))
        at += step
    return marks


def _raster(
    lines: list[list[Point]], columns: int, rows: int, times: list[Point2], values: list[Point2]
) -> list[str]:
    """Lines of points from 0 to 1 with their axes, as the library draws them."""
    plot: Any = importlib.import_module(_LIBRARY)
    plot.clear_figure()
    plot.limit_size(False, False)  # else it is no larger than the terminal that it is run in
    plot.plot_size(columns, rows)
    plot.theme("clear")
    for color, line in zip(COLORS, lines, strict=False):
        xs, ys = [x for x, _ in line], [y for _, y in line]
        draw = plot.plot if len(line) > 1 else plot.scatter
        if line:
            draw(xs, ys, marker="braille" if len(line) > 1 else "dot", color=_PLOTEXT[color])
    plot.xlim(0, 1)
    plot.ylim(0, 1)
    plot.xaxes(True, False)
    plot.yaxes(True, False)
    plot.xticks(*zip(*times, strict=True)) if times else plot.xticks([])
    plot.yticks(*zip(*values, strict=True))
    text: str = plot.build()
    return text.rstrip("\n").split("\n")


def _legend(answer: Answer, drawn: Sequence[Series], columns: int) -> Iterator[str]:
    """The colour, the name and the last value of each line, as many beside each other as fit."""
    entries = []
    for color, name, one in zip(COLORS, names_of(answer.series), drawn, strict=False):
        word = number(one.points[-1][1], 4)
        name = shorten(harmless(name), max(columns - len(word) - 6, 1))
        cells = width(name) + len(word) + 4
        entries.append((cells, f"{colored('━━', color)} {name} {colored(word, '1')}"))
    left = len(answer.series) - len(drawn) + answer.more
    if left:
        words = f"… {left} more series"
        entries.append((width(words), faint(words)))
    line, used = "", 0
    for cells, entry in entries:
        if line and used + 3 + cells > columns:
            yield line
            line, used = "", 0
        line, used = (f"{line}   {entry}", used + 3 + cells) if line else (entry, cells)
    yield line
