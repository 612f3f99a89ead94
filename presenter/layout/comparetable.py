"""Runs of a talk beside each other as lines of text, for a terminal: a table with small bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from presenter.layout.comparewords import (
    BEFORE,
    BEST,
    head_of,
    off_words,
    row_state,
    row_title,
    run_name,
    rung_words,
    signed,
    story,
)
from presenter.layout.text import crop, one_line, pad, shorten, width
from presenter.talk.clocks import clock
from presenter.talk.compare import Comparison, DemoRow, Row

LEAST_TITLE, MOST_TITLE = 12, 40
LEAST_BAR, MOST_BAR = 8, 32
NUMBER = 3
"""Columns of a slide's number and the blank behind it."""
TWO_SIGNS = 16
"""Columns from which on a bar has the marks of two other runs: a shorter one they would hide."""
FULL, BEYOND, PLANNED = "█", "▓", "░"


@dataclass(frozen=True, slots=True)
class Columns:
    """How many columns each part of the table has, with the blanks before it."""

    title: int
    bar: int
    time: int
    off: int
    runs: int
    """Of the comparison's runs, so many have room."""


def table_lines(comparison: Comparison, columns: int) -> list[str]:
    """The table, in lines of at most `columns`."""
    grid = measure(comparison, columns, LEAST_BAR, MOST_BAR)
    top = longest(comparison)
    lines = [_head(comparison, grid)]
    for row in comparison.rows:
        bar = _bar(row, comparison, grid.bar - 2, top)
        flags = _flags(row)
        title = shorten(row_title(row), grid.title - 1 - width(flags)) + flags
        first = pad(f"{row.number or '':>2} {title}", NUMBER + grid.title)
        lines.append(_row(first, row.share, row.times, off_words(row), bar, grid))
        lines += [_demo(demo, grid) for demo in row.demos]
    lines.append(_total(comparison, grid))
    legend = [f"{FULL} this", f"{BEYOND} beyond its share", f"{PLANNED} planned"]
    before = before_shown(comparison, grid.bar - 2)
    if comparison.best:
        legend.append(f"{BEST} the best, {run_name(comparison.runs[comparison.best])}")
    if before:
        legend.append(f"{BEFORE} the one before, {run_name(comparison.runs[before])}")
    lines += ["", *wrapped("   ".join(legend), columns)]
    left = len(comparison.runs) - grid.runs
    if left:
        lines += wrapped(f"no room for {left} more: a wider window has it", columns)
    return [shorten(line.rstrip(), columns) for line in lines]


def story_lines(comparison: Comparison, columns: int) -> Iterator[str]:
    """What there is to say, a line or more for each thing; for the run at hand."""
    told = list(story(comparison))
    about = min(max(width(one.about) for one in told), max(columns // 3, 1))
    for one in told:
        head = pad(one.about, about) + "  "
        for n, line in enumerate(wrapped(one.words, max(columns - about - 2, 8))):
            yield crop((head if not n else " " * (about + 2)) + line, columns)


def wrapped(words: str, columns: int) -> list[str]:
    """Words in lines of at most `columns`, whatever alphabet they are in."""
    from rich.segment import Segment

    from presenter.layout.inline import wrap_segments

    lines = wrap_segments([Segment(words)], columns)
    return ["".join(part.text for part in line) for line in lines]


# --- columns ------------------------------------------------------------------------------------


def measure(
    comparison: Comparison,
    columns: int,
    least_bar: int,
    most_bar: int,
    least_title: int = LEAST_TITLE,
) -> Columns:
    """As many runs as have room beside titles and bars of a readable width."""
    off = max([7, *(width(off_words(row)) for row in comparison.rows)]) + 2
    titles = max(
        [least_title, *(width(row_title(row) + _flags(row)) + 1 for row in comparison.rows)]
    )
    time = max(width(text) for text in _times(comparison)) + 2
    count = len(comparison.runs)
    left = columns - NUMBER - off - (count + 1) * time
    while left < least_title + least_bar and count > 1:
        count -= 1
        left += time
    room = max(min(left * 5 // 8, left - least_bar), least_title)
    title = max(min(titles, MOST_TITLE, room, left), 1)
    bar = min(left - title, most_bar + 2)
    return Columns(title, bar if bar >= 6 else 0, time, off, count)


def longest(comparison: Comparison) -> float:
    """Seconds of the longest bar there is."""
    times = (seconds for row in comparison.rows for seconds in row.times[:3] if seconds)
    shares = (row.share for row in comparison.rows if row.share)
    return max([1.0, *times, *shares])


def _times(comparison: Comparison) -> Iterator[str]:
    yield "plan"
    yield from (head_of(comparison, at) for at in range(len(comparison.runs)))
    for row in comparison.rows:
        yield from map(clock, (row.share, *row.times))
    for run in comparison.runs:
        yield from map(clock, (run.spoken, run.planned))


# --- rows ---------------------------------------------------------------------------------------


def _head(comparison: Comparison, grid: Columns) -> str:
    cells = ["plan", "this"]
    head = " " * (NUMBER + grid.title) + "".join(f"{cell:>{grid.time}}" for cell in cells)
    head += " " * grid.off + " " * grid.bar
    return head + "".join(f"{head_of(comparison, at):>{grid.time}}" for at in range(1, grid.runs))


def _row(
    first: str,
    share: float | None,
    times: Sequence[float | None],
    off: str,
    bar: str,
    grid: Columns,
) -> str:
    right = _right(grid)
    cells = [right(clock(share)), right(clock(times[0])), right(off, grid.off)]
    cells.append("  " + pad(bar, grid.bar - 2) if grid.bar else "")
    return first + "".join([*cells, *(right(clock(one)) for one in times[1 : grid.runs])])


def _right(grid: Columns) -> Callable[..., str]:
    def right(text: str, columns: int = grid.time) -> str:
        return " " * (columns - width(text)) + text

    return right


def _flags(row: Row) -> str:
    """How often the speaker came back to a slide, and what was asked on it."""
    back = f" ←{row.backs}" if row.backs else ""
    return f"{back} ?{row.questions}" if row.questions else back


def _demo(demo: DemoRow, grid: Columns) -> str:
    """A demo below its slide: how long it took, and how it was shown where the bars are."""
    first = pad(f"     {shorten(one_line(demo.name), grid.title - 3)}", NUMBER + grid.title)
    shown = demo.runs[0]
    words = rung_words(shown) if shown else "not shown"
    right = _right(grid)
    room = grid.off + grid.bar - 2
    cells = [" " * grid.time, right(clock(shown.seconds if shown else None))]
    if room > 0:
        cells.append("  " + pad(shorten(one_line(words), room), room))
    others = (right(clock(run.seconds if run else None)) for run in demo.runs[1 : grid.runs])
    return first + "".join([*cells, *others])


def _total(comparison: Comparison, grid: Columns) -> str:
    this = comparison.this
    off = f"  {signed(this.late)}" if this.late is not None else ""
    times = [run.spoken for run in comparison.runs]
    first = pad("   total", NUMBER + grid.title)
    return _row(first, this.planned, times, off, "", grid)


# --- bars ---------------------------------------------------------------------------------------


def _bar(row: Row, comparison: Comparison, room: int, top: float) -> str:
    """This run's time before the planned one, and where the best and the one before end."""
    if room <= 0:
        return ""
    if row.times[0] is None and row_state(row) and row.share is not None:
        return row_state(row)
    this, share = cells_of(row.times[0], room, top), cells_of(row.share, room, top)
    if row.share is None:
        share = this
    bar = list(FULL * min(this, share) + BEYOND * (this - share) + PLANNED * (share - this))
    bar += " " * (room - len(bar))
    for at, sign in ((before_shown(comparison, room), BEFORE), (comparison.best, BEST)):
        if at and row.times[at] is not None:
            bar[min(cells_of(row.times[at], room, top), room - 1)] = sign
    return "".join(bar).rstrip()


def cells_of(seconds: float | None, room: int, top: float) -> int:
    """Cells of a bar of `room` for a time: one at least for any time that there is."""
    return min(max(round(seconds / top * room), 1), room) if seconds else 0


def before_shown(comparison: Comparison, room: int) -> int | None:
    """The newest run before the one at hand, where it is not the best and has room on the bars."""
    later = range(1, len(comparison.runs)) if room >= TWO_SIGNS else ()
    return next((at for at in later if at != comparison.best), None)
