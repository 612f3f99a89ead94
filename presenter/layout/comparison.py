"""Runs of a talk beside each other as a picture: a pair of bars for each slide, the plan below.

The upper bar is the run at hand and the lower one the plan: half blocks, which meet in the middle
of two rows, so that a pair is one thing. Where there is little room, a slide has one row, and the
demos are left out; then slides are, which is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment

from presenter.layout.comparetable import Columns, cells_of, longest, measure, wrapped
from presenter.layout.comparewords import (
    BEST,
    head_of,
    off_words,
    row_state,
    row_title,
    run_name,
    run_words,
    rung_words,
    signed,
    story,
)
from presenter.layout.frame import Frame, Line, Size
from presenter.layout.lines import fit, overlay
from presenter.layout.text import one_line, pad, shorten, width
from presenter.layout.theme import THEMES, Theme
from presenter.talk.clocks import clock
from presenter.talk.compare import Comparison, DemoRow, Row, Verdict, verdict

PICTURE_COLUMNS = 120
MARGIN = 2
LEAST_TITLE, LEAST_BAR = 20, 22
ABOVE, BELOW = "▄", "▀"
ENDS = {ABOVE: "▖", BELOW: "▘"}
"""The last half cell of a bar."""
TICKS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
"""Seconds between two numbers of the axis."""
TICK_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class _Art:
    """All that a line depends on."""

    comparison: Comparison
    grid: Columns
    theme: Theme
    columns: int
    top: float
    whole: bool
    """Two rows for a slide, and its demos; else one."""

    def words(self, text: str, role: str = "text", *, bold: bool = False) -> Segment:
        return Segment(text, self.theme.style(role, "page", bold=bold))

    def right(self, text: str, columns: int, role: str = "text", *, bold: bool = False) -> Line:
        gap = " " * max(columns - width(text), 0)
        return [self.words(gap), self.words(text, role, bold=bold)]

    @property
    def room(self) -> int:
        """Columns of the bars."""
        return max(self.grid.bar - 2, 0)


def comparison_frame(comparison: Comparison, title: str, size: Size, theme: Theme) -> Frame:
    """The picture in exactly `size`."""
    columns = max(size.columns - 2 * MARGIN, 1)
    blank = theme.style("text", "page")
    rows = max(size.rows - 2, 1)
    lines: list[Line] = []
    for whole in (True, False):
        art = _art(comparison, columns, theme, whole=whole)
        lines = _lines(art, title)
        if len(lines) <= rows:
            break
    if len(lines) > rows:
        left = len(lines) - rows + 1
        note = Segment(f"▼ {left} more rows: a higher picture has them", theme.style("muted"))
        lines = [*lines[: rows - 1], [note]]
    edge = [Segment(" " * MARGIN, blank)]
    drawn = [fit([*edge, *fit(line, columns, blank)], size.columns, blank) for line in lines]
    empty = fit([], size.columns, blank)
    filled = [empty, *drawn, *([empty] * (size.rows - len(drawn) - 1))]
    return Frame(size, filled[: size.rows])


def rows_for(comparison: Comparison, columns: int) -> int:
    """Rows in which a picture of so many columns has everything."""
    theme = next(iter(THEMES.values()))
    art = _art(comparison, max(columns - 2 * MARGIN, 1), theme, whole=True)
    return len(_lines(art, "")) + 2


def _art(comparison: Comparison, columns: int, theme: Theme, *, whole: bool) -> _Art:
    grid = measure(comparison, columns, LEAST_BAR, columns, LEAST_TITLE)
    return _Art(comparison, grid, theme, columns, longest(comparison), whole)


def _lines(art: _Art, title: str) -> list[Line]:
    lines = [*_head(art, title), [], _names(art), _axis(art)]
    for row in art.comparison.rows:
        lines += _slide(art, row)
    lines += [[art.words("─" * art.columns, "border")], _total(art), []]
    return [*lines, *_story(art)]


# --- above the table ----------------------------------------------------------------------------


def _head(art: _Art, title: str) -> Iterator[Line]:
    this = art.comparison.this
    yield [art.words(shorten(one_line(title), art.columns), "title", bold=True)]
    for line in wrapped(run_words(this), art.columns):
        yield [art.words(line)]
    yield []
    yield from _legend(art)


def _legend(art: _Art) -> Iterator[Line]:
    """What the signs mean, in as many rows as it takes."""
    comparison = art.comparison
    parts = [
        (ABOVE * 2, "accent", "this run"),
        (ABOVE * 2, "error", "beyond its share"),
        (BELOW * 2, "muted", "the plan"),
    ]
    if not art.room:
        parts = []
    elif not art.whole:
        parts = [("█" * 2, "accent", "this run"), ("█" * 2, "error", "beyond its share"),
                 ("│", "muted", "planned")]  # fmt: skip
    if comparison.best:
        best = comparison.runs[comparison.best]
        parts.append((BEST, "title", f"the best so far, {run_words(best)}"))
    line: Line = []
    for sign, role, words in parts:
        used = sum(width(part.text) for part in line)
        if line and used + width(sign) + width(words) + 1 > art.columns:
            yield line
            line = []
        line += [art.words(f"{sign} ", role), art.words(f"{words}   ", "muted")]
    yield line


def _names(art: _Art) -> Line:
    """Above each column, what it is."""
    grid = art.grid
    line = [art.words(" " * (3 + grid.title))]
    for name in ("plan", "this"):
        line += art.right(name, grid.time, bold=name == "this")
    line.append(art.words(" " * (grid.off + grid.bar)))
    for at in range(1, grid.runs):
        best = at == art.comparison.best
        line += art.right(
            head_of(art.comparison, at), grid.time, "title" if best else "muted", bold=best
        )
    return line


def _axis(art: _Art) -> Line:
    """Minutes below the names, above the bars."""
    if art.room < TICK_COLUMNS:
        return []
    step = next((one for one in TICKS if one / art.top * art.room >= TICK_COLUMNS), TICKS[-1])
    cells = [" "] * art.room
    for n in range(int(art.top / step) + 1):
        text = clock(n * step)
        at = round(n * step / art.top * art.room)
        if at + len(text) <= art.room:
            cells[at : at + len(text)] = text
    before = 3 + art.grid.title + 2 * art.grid.time + art.grid.off + 2
    return [art.words(" " * before), art.words("".join(cells), "muted")]


# --- slides and demos ---------------------------------------------------------------------------


def _slide(art: _Art, row: Row) -> Iterator[Line]:
    over = row.verdict() is Verdict.OVER
    quiet = row.times[0] is None
    role = "muted" if quiet else "text"
    title = shorten(row_title(row), art.grid.title - 1)
    first = [
        art.words(pad(f"{row.number or '':>2} ", 3), "muted"),
        art.words(pad(title, art.grid.title), role, bold=over),
    ]
    bar = _pair(art, row)[0] if art.whole else _single(art, row)
    yield _row(art, first, row, bar)
    if not art.whole:
        return
    plan = _pair(art, row)[1]
    flags = _flags(row)
    if flags:
        yield _below(art, flags, plan)
        plan = []
    for demo in row.demos:
        shown = demo.runs[0]
        if plan and (shown is None or shown.falls):  # what is said of it needs the bar's place
            yield _below(art, "", plan)
            plan = []
        yield _demo(art, demo, plan)
        plan = []
    if plan:
        yield _below(art, "", plan)


def _below(art: _Art, words: str, plan: Line) -> Line:
    """A row with the bar of the plan and some words below the title."""
    grid = art.grid
    lead = pad(f"   {shorten(words, grid.title - 1)}", 3 + grid.title)
    return [art.words(lead, "muted"), art.words(" " * (2 * grid.time + grid.off + 2)), *plan]


def _row(art: _Art, first: Line, row: Row, bar: Line) -> Line:
    grid = art.grid
    over = row.verdict() is Verdict.OVER
    off = off_words(row)
    line = [
        *first,
        *art.right(clock(row.share), grid.time, "muted"),
        *art.right(clock(row.times[0]), grid.time, "error" if over else "text", bold=True),
        *art.right(off, grid.off, "error" if over else "muted", bold=over),
    ]
    if grid.bar:
        line += [art.words("  "), *fit(bar, art.room, art.theme.style("text", "page"))]
    return [*line, *_others(art, row.times)]


def _others(art: _Art, times: Sequence[float | None], role: str = "") -> Line:
    """The other runs' times; the best one's stand out, unless all are in one role."""
    line: Line = []
    for at in range(1, art.grid.runs):
        best = "text" if at == art.comparison.best else "muted"
        line += art.right(clock(times[at]), art.grid.time, role or best)
    return line


def _pair(art: _Art, row: Row) -> tuple[Line, Line]:
    """The bar of the run with the best one's mark, and the plan's below it."""
    seconds, share = row.times[0], row.share
    if not art.room:
        return [], []
    if seconds is None:
        upper = [art.words(row_state(row), "muted")] if share is not None else []
    else:
        upper = _marked(art, row, _bar(art, seconds, share, ABOVE))
    return upper, _bar(art, share or 0.0, None, BELOW, "muted")


def _bar(art: _Art, seconds: float, share: float | None, sign: str, role: str = "accent") -> Line:
    """In half cells; what is beyond the share, where that counts, in the colour of it."""
    halves = cells_of(seconds, 2 * art.room, art.top)
    text = sign * (halves // 2) + (ENDS[sign] if halves % 2 else "")
    within = len(text)
    if share is not None and verdict(seconds, share) is Verdict.OVER:
        within = min(cells_of(share, art.room, art.top), len(text))
    return [art.words(text[:within], role), art.words(text[within:], "error")]


def _marked(art: _Art, row: Row, bar: Line) -> Line:
    at = art.comparison.best
    seconds = row.times[at] if at else None
    if not seconds:
        return bar
    x = min(cells_of(seconds, art.room, art.top), art.room - 1)
    blank = art.theme.style("text", "page")
    return overlay(fit(bar, art.room, blank), x, [art.words(BEST, "title")], blank, art.room)


def _single(art: _Art, row: Row) -> Line:
    """One bar, with the plan as a line across it."""
    seconds, share = row.times[0], row.share
    if not art.room:
        return []
    if seconds is None:
        return [art.words(row_state(row), "muted")] if share is not None else []
    length = cells_of(seconds, art.room, art.top)
    planned = cells_of(share, art.room, art.top) if share is not None else length
    over = row.verdict() is Verdict.OVER
    within = min(planned, length) if over else length
    bar = [art.words("█" * within, "accent"), art.words("█" * (length - within), "error")]
    if share is not None and planned > length:
        bar += [art.words(" " * (planned - length - 1)), art.words("│", "muted")]
    return _marked(art, row, bar)


def _flags(row: Row) -> str:
    """What else there is to say of a slide."""
    back = f"← came back {row.backs} ×" if row.backs > 1 else "← came back" * row.backs
    asked = f"? {row.questions} asked" if row.questions else ""
    return " · ".join(filter(None, (back, asked)))


def _demo(art: _Art, demo: DemoRow, plan: Line) -> Line:
    """A demo: its time, how it was shown, and where it fell, why; or the plan's bar beside it."""
    grid = art.grid
    shown = demo.runs[0]
    name = pad(shorten(f"   ▸ {one_line(demo.name)}", 2 + grid.title), 3 + grid.title)
    time = art.right(clock(shown.seconds if shown else None), grid.time, "muted")
    line = [art.words(name, "muted"), art.words(" " * grid.time), *time]
    blank = art.theme.style("text", "page")
    if shown is None or shown.falls:
        words = f"✗ {rung_words(shown)}" if shown else "not shown"
        room = grid.off + grid.bar - 2
        text = f"  {shorten(one_line(words), room)}" if room > 0 else ""
        line += fit([art.words(text, "error" if shown else "muted")], grid.off + grid.bar, blank)
    else:
        line += art.right(shorten(one_line(rung_words(shown)), grid.off - 2), grid.off, "muted")
        line += fit([art.words("  "), *plan], grid.bar, blank)
    return [*line, *_others(art, [run.seconds if run else None for run in demo.runs], "muted")]


# --- below the table ----------------------------------------------------------------------------


def _total(art: _Art) -> Line:
    grid, this = art.grid, art.comparison.this
    role = "error" if this.is_late else "text"
    planned = clock(this.planned)
    off = f"{'▲ ' * this.is_late}{signed(this.late)}" if this.late is not None else ""
    blank = art.theme.style("text", "page")
    line = [
        art.words(pad("   total", 3 + grid.title), bold=True),
        *art.right(planned, grid.time, "muted"),
        *art.right(clock(this.spoken), grid.time, role, bold=True),
        *art.right(off, grid.off, role, bold=True),
        *fit([], grid.bar, blank),
    ]
    return [*line, *_others(art, [run.spoken for run in art.comparison.runs])]


def _story(art: _Art) -> Iterator[Line]:
    told = list(story(art.comparison))
    about = min(max(width(one.about) for one in told), max(art.columns // 3, 1))
    for one in told:
        for n, line in enumerate(wrapped(one.words, max(art.columns - about - 2, 8))):
            head = pad(one.about if not n else "", about) + "  "
            bad = one.role == "error"
            yield [art.words(head, "error" if bad else "muted"), art.words(line)]
    more = len(art.comparison.runs) - art.grid.runs
    if more:
        names = ", ".join(run_name(run) for run in art.comparison.runs[art.grid.runs :])
        for line in wrapped(f"no room for {names}: a wider picture has it", art.columns):
            yield [art.words(line, "muted")]
