"""The questions of all talks as a picture: which came up where, and how often.

A row a question, a column a venue; what has no answer has a sign of its own, and every sign is
explained below. Where there is little room, venues have letters for names, then the first of them
are left out, which is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.segment import Segment

from presenter.layout.frame import Frame, Line, Size
from presenter.layout.inline import wrap_segments
from presenter.layout.lines import fit, line_width
from presenter.layout.text import clean, one_line, shorten, width
from presenter.layout.theme import Theme
from presenter.talk.tally import GIVEN, OPEN, PREPARED, Row, Tally

LEAST, MOST = 40, 400
"""Columns of a picture."""
MARGIN = 2
GAP = 2
LONGEST_LABEL = 14
"""Columns of a venue whose name stands above it; longer words are cut."""
LETTER = 3
"""Columns of a venue that has a letter for a name."""
MOST_BAR = 12
LEAST_QUESTION = 30
MOST_QUESTIONS = 60
SIGNS = {
    OPEN: ("?", "warn", "no answer yet"),
    PREPARED: ("✓", "text", "answer prepared"),
    GIVEN: ("»", "text", "answered, and written down after the talk"),
}
"""By where the answer is: sign, role and words."""
ONCE, NEVER = "●", "·"
BAR = "▆"
"""Lower than a row, so that bars below one another stay apart."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where things stand; all in columns."""

    question: int
    venues: tuple[int, ...]
    """The numbers of the venues that are shown."""
    label: int
    """Of a venue, its gap to the next one included."""
    named: bool
    """Whether the venues' names stand above them."""
    bar: int


def tally_frame(tally: Tally, title: str, columns: int, theme: Theme) -> Frame:
    """As many rows as it takes, `columns` wide (bounded to `LEAST` and `MOST`)."""
    columns = min(max(columns, LEAST), MOST)
    inner = columns - 2 * MARGIN
    lines = [[], *_head(tally, title, inner, theme), []]
    rows = [row for row in tally.rows if row.count]
    if rows:
        grid = _grid(tally, rows, inner)
        lines += _names(tally, grid, theme)
        for row in rows[:MOST_QUESTIONS]:
            lines += _row(row, max(one.count for one in rows), grid, theme)
        lines += [[], *_legend(tally, rows, grid, inner, theme)]
    page = theme.style("text", "page")
    edge = Segment(" " * MARGIN, page)
    drawn = [fit([edge, *fit(line, inner, page)], columns, page) for line in [*lines, []]]
    return Frame(Size(columns, len(drawn)), drawn)


def _head(tally: Tally, title: str, columns: int, theme: Theme) -> Iterator[Line]:
    strong, quiet = theme.style("title", bold=True), theme.style("muted")
    yield [Segment(shorten(f"Questions · {one_line(title)}", columns), strong)]
    yield from wrap_segments([Segment(summary(tally), quiet)], columns)


def summary(tally: Tally) -> str:
    """`17 questions came up in 4 talks · 9 of them have no answer yet · 3 were never asked`."""
    asked = [row for row in tally.rows if row.count]
    if not asked:
        waiting = f" · {_count(len(tally.rows), 'is', 'are')} prepared" if tally.rows else ""
        return f"no question came up in {_count(tally.talks, 'talk', 'talks')}{waiting}"
    words = [
        f"{_count(len(asked), 'question', 'questions')} came up in "
        f"{_count(tally.talks, 'talk', 'talks')}"
    ]
    without = sum(row.answered == OPEN for row in asked)
    if without:
        words.append(f"{without} of them {'has' if without == 1 else 'have'} no answer yet")
    if len(asked) < len(tally.rows):
        more = _count(len(tally.rows) - len(asked), "more is", "more are")
        words.append(f"{more} prepared and {'was' if more.startswith('1 ') else 'were'} not asked")
    return " · ".join(words)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _grid(tally: Tally, rows: Sequence[Row], columns: int) -> _Grid:
    most = max(row.count for row in rows)
    bar = _longest(most) + GAP + len(str(most)) + 2
    left = columns - bar - GAP
    words = [word for venue in tally.venues for word in one_line(venue).split()]
    label = min(max(map(width, words), default=1), LONGEST_LABEL) + 1
    room = left - min(LEAST_QUESTION, left // 2)
    numbers = range(len(tally.venues))
    named = label * len(numbers) <= room
    label = label if named else LETTER
    shown = tuple(numbers)[-max(room // label, 1) :]
    return _Grid(left - label * len(shown), shown, label, named, bar)


def _names(tally: Tally, grid: _Grid, theme: Theme) -> Iterator[Line]:
    """The names of the venues, each in its column, and a rule below them."""
    style = theme.style("text", bold=True)
    names = [_name(tally, number, grid) for number in grid.venues]
    height = max(map(len, names))
    for row in zip_longest(*([""] * (height - len(name)) + name for name in names), fillvalue=""):
        line = [Segment(" " * grid.question, style)]
        line += [Segment(_centred(word, grid.label), style) for word in row]
        yield line
    used = grid.question + grid.label * len(grid.venues) + GAP + grid.bar
    yield [Segment("─" * used, theme.style("border"))]


def _name(tally: Tally, number: int, grid: _Grid) -> list[str]:
    """The lines of a venue's name."""
    if not grid.named:
        return [_letter(number)]
    lines: list[str] = []
    for word in one_line(tally.venues[number]).split():
        together = f"{lines[-1]} {word}" if lines else word
        if lines and width(together) < grid.label:
            lines[-1] = together
        else:
            lines.append(shorten(word, grid.label - 1))
    return lines


def _letter(number: int) -> str:
    """`A` … `Z`, then `AA`: as spreadsheets have them."""
    more, last = divmod(number, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + last)


def _row(row: Row, most: int, grid: _Grid, theme: Theme) -> Iterator[Line]:
    """The question, wrapped; beside its first line the marks, a bar and the count."""
    sign, role, _ = SIGNS[row.answered]
    text = theme.style("text")
    lead = Segment(f"{sign} ", theme.style(role, bold=True))
    words = [Segment(clean(row.question).replace("\n", " "), text)]
    wrapped = wrap_segments(words, max(grid.question - GAP - 2, 8)) or [[]]
    for number, line in enumerate(wrapped):
        first = not number
        left = fit([lead if first else Segment("  ", text), *line], grid.question, text)
        yield [*left, *(_marks(row, grid, theme) if first else []),
               *(_bar(row.count, most, theme) if first else [])]  # fmt: skip


def _marks(row: Row, grid: _Grid, theme: Theme) -> Iterator[Segment]:
    for number in grid.venues:
        count = row.counts[number]
        mark = NEVER if not count else ONCE if count == 1 else f"{count}×"
        style = theme.style("accent" if count else "muted", bold=bool(count))
        yield Segment(_centred(mark, grid.label), style)


def _bar(count: int, most: int, theme: Theme) -> Line:
    length = max(round(count * _longest(most) / most), 1)
    bar = Segment(" " * GAP + BAR * length, theme.style("accent"))
    return [bar, Segment(f" {count}×", theme.style("text"))]


def _longest(most: int) -> int:
    """Columns of the bar of the question that was asked most."""
    return min(2 * most, MOST_BAR)


def _centred(text: str, columns: int) -> str:
    left = max((columns - width(text)) // 2, 0)
    return " " * left + text + " " * max(columns - left - width(text), 0)


def _legend(
    tally: Tally, rows: Sequence[Row], grid: _Grid, columns: int, theme: Theme
) -> Iterator[Line]:
    """What signs and letters mean, and what is left out."""
    quiet = theme.style("muted")
    used = {row.answered for row in rows}
    parts: list[Line] = [
        [Segment(f"{sign} ", theme.style(role, bold=True)), Segment(words, quiet)]
        for state, (sign, role, words) in SIGNS.items()
        if state in used
    ]
    parts.append([Segment(f"{ONCE} ", theme.style("accent", bold=True)),
                  Segment("asked there", quiet)])  # fmt: skip
    yield from _flowing(parts, columns)
    if not grid.named:
        names = ((_letter(n), one_line(tally.venues[n])) for n in grid.venues)
        letters = [
            [Segment(f"{letter} ", theme.style("text", bold=True)), Segment(name, quiet)]
            for letter, name in names
        ]
        yield from _flowing(letters, columns)
    hidden = len(tally.venues) - len(grid.venues)
    if hidden:
        words = f"the first {_count(hidden, 'venue', 'venues')} have no column here, but count"
        yield from wrap_segments([Segment(words, quiet)], columns)
    if len(rows) > MOST_QUESTIONS:
        more = _count(len(rows) - MOST_QUESTIONS, "question", "questions")
        yield from wrap_segments([Segment(f"▼ {more} more, asked less often", quiet)], columns)


def _flowing(parts: Sequence[Line], columns: int) -> Iterator[Line]:
    """The parts one after the other, as many in a row as there is room for."""
    line: Line = []
    for part in parts:
        if line and line_width(line) + 3 + line_width(part) > columns:
            yield line
            line = []
        line = [*line, Segment("   ", part[-1].style), *part] if line else part
    if line:
        yield line
