"""Objects of a cluster as a table: columns that fit, words that tell how each stands, and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from presenter.layout.drawn import colored, faint
from presenter.layout.text import shorten, width
from presenter.recording.kube_lines import LONGEST_CELL, Asked, Column, Row
from presenter.terminal.text import safe_text

MOST_ROWS = 2000
"""That are shown."""
GAP = "   "
MOST_WORD = 24
"""Columns of a word that is counted."""
EVERYWHERE = "*"
_COUNTED = ("status", "phase", "state")
"""Titles of columns whose words are counted."""
_AGE, _NAMESPACE = "age", "namespace"
_GOOD = frozenset(
    {"Running", "Succeeded", "Completed", "Complete", "Ready", "Active", "Bound", "Available",
     "True", "true", "Healthy", "Synced", "Normal", "Programmed", "Accepted"}
)  # fmt: skip
_BUSY = frozenset(
    {"Pending", "ContainerCreating", "PodInitializing", "Terminating", "Released", "NotReady",
     "SchedulingDisabled", "Ready,SchedulingDisabled", "Suspended", "Unknown"}
)  # fmt: skip
_BAD = ("Error", "Err", "BackOff", "Failed", "OOMKilled", "Evicted", "Lost", "Warning", "Invalid")
_MARKS = {
    "": "  ",
    "+": "\x1b[1;32m+\x1b[0m ",
    "~": "\x1b[1;33m~\x1b[0m ",
    "-": "\x1b[1;31m-\x1b[0m ",
}


@dataclass(slots=True)
class Shown:
    """A row of the table, and what has become of it."""

    row: Row
    mark: str = ""
    """`+` for one that has come, `~` for one that has changed, `-` for one that has gone."""
    since: float = 0.0
    changed: tuple[int, ...] = ()
    """The cells that are not what they were."""
    line: tuple[object, str] = (None, "")
    """It as it was drawn last, and what that depends on."""


@dataclass(slots=True)
class _Drawn:
    """A column as it is drawn."""

    title: str
    number: int
    """Of the rows' cells; -1 for the namespace."""
    texts: Sequence[str]
    """One for each row."""
    right: bool = False
    columns: int = 0

    def __post_init__(self) -> None:
        self.columns = max(width(self.title), max(map(width, self.texts), default=0))

    def fitted(self, text: str) -> str:
        """In exactly its columns."""
        taken = width(text)
        if taken > self.columns:
            text = shorten(text, self.columns)
            taken = width(text)
        blanks = " " * (self.columns - taken)
        return blanks + text if self.right else text + blanks

    def cell(self, index: int, shown: Shown) -> str:
        """Of the row with this index, with its colours."""
        text = self.texts[index]
        fitted = self.fitted(text)
        if shown.mark == "-":
            return colored(fitted, "2;9")
        if self.number in shown.changed:
            return colored(fitted, "7")
        code = word_color(text) if text[:1].isupper() or text == "true" else ""
        return colored(fitted, code) if code else fitted


class KubeTable:
    """As it is drawn once."""

    def __init__(
        self, asked: Asked, columns: Sequence[Column], rows: Sequence[Shown], more: int, now: float
    ) -> None:
        """`rows` in their order, made safe; `more`: objects that are not among them."""
        self._asked = asked
        self._columns = columns
        self._rows = rows
        self._more = more
        self._now = now

    def lines(self, columns: int) -> Iterator[str]:
        chosen, hidden = self._chosen(columns - len(_MARKS[""]))
        yield self._summary(hidden, columns)
        if not self._rows:
            return
        yield ""
        titles = GAP.join(one.fitted(one.title.upper()) for one in chosen)
        yield _MARKS[""] + faint(titles.rstrip())
        layout = tuple((one.number, one.columns, one.right) for one in chosen)
        for index, shown in enumerate(self._rows[:MOST_ROWS]):
            texts = tuple([one.texts[index] for one in chosen])
            told = (layout, texts, shown.mark, shown.changed)
            if shown.line[0] != told:  # of a thousand rows, most are what they were
                cells = GAP.join(one.cell(index, shown) for one in chosen)
                shown.line = told, _MARKS[shown.mark] + cells
            yield shown.line[1]
        if len(self._rows) > MOST_ROWS:
            yield faint(f"… {len(self._rows) - MOST_ROWS:,} more")

    def _summary(self, hidden: int, columns: int) -> str:
        """What there is room for of what is worth saying."""
        there = [shown for shown in self._rows if shown.mark != "-"]
        asked = self._asked
        words = [(f"{len(there) + self._more:,} {_safe(asked.resource)}", "1")]
        if asked.namespace:
            where = f"in {asked.namespace}" if asked.namespace != EVERYWHERE else "everywhere"
            words.append((_safe(where), "2"))
        for number, column in enumerate(self._columns):
            if column.title.lower() in _COUNTED:
                found = Counter(_cell(shown.row, number) for shown in there)
                words += [_status(value, count) for value, count in found.most_common(4)]
                break
        words += [(_safe(f"until {asked.until}"), "2")] if asked.until else []
        words += [(f"{hidden} column{'s' * (hidden > 1)} more", "2")] if hidden else []
        words += [(f"{self._more:,} not listed", "2")] if self._more else []
        told: list[str] = []
        for text, code in words:
            text = text if told else shorten(text, columns)
            if width(text) <= columns:
                told.append(colored(text, code) if code else text)
                columns -= width(text) + 2
        return "  ".join(told)

    def _chosen(self, room: int) -> tuple[list[_Drawn], int]:
        """The columns that there is room for, and how many there would be beside.

        Where it is narrow, the last ones go, but never the age; then the widest are shortened.
        """
        drawn = [
            self._drawn(number, one) for number, one in enumerate(self._columns) if not one.wide
        ]
        rows = self._rows[:MOST_ROWS]
        if self._asked.namespace == EVERYWHERE:
            names = [_safe(shown.row.namespace) for shown in rows]
            drawn.insert(0, _Drawn(_NAMESPACE, -1, names))
        count = len(drawn)
        while len(drawn) > 2 and _wide(drawn) > room:
            del drawn[-2 if drawn[-1].title.lower() == _AGE else -1]
        while drawn and _wide(drawn) > room:
            widest = max(drawn, key=lambda one: one.columns)
            if widest.columns <= 1:
                break
            widest.columns -= 1
        return drawn, count - len(drawn)

    def _drawn(self, number: int, column: Column) -> _Drawn:
        rows, ages = self._rows[:MOST_ROWS], is_age(self._columns, number)
        texts = [
            age(self._now - shown.row.created)
            if ages and shown.row.created is not None
            else _cell(shown.row, number)
            for shown in rows
        ]
        return _Drawn(_safe(column.title), number, texts, right=column.number or ages)


def is_age(columns: Sequence[Column], number: int) -> bool:
    """Whether a cell tells how long ago its object was made, which changes by itself."""
    return number < len(columns) and columns[number].title.lower() == _AGE


def _wide(columns: Sequence[_Drawn]) -> int:
    return sum(one.columns for one in columns) + len(GAP) * (len(columns) - 1)


def safe_row(row: Row) -> Row:
    """A row whose cells steer nothing."""
    cells = tuple(map(_safe, row.cells))
    return row if cells == row.cells else replace(row, cells=cells)


def _cell(row: Row, number: int) -> str:
    return row.cells[number] if number < len(row.cells) else ""


def _safe(text: str) -> str:
    return safe_text(text, LONGEST_CELL)


def _status(value: str, count: int) -> tuple[str, str]:
    """Its words, and their colour."""
    code = word_color(value)
    return f"{'✗ ' if code == '31' else ''}{shorten(value, MOST_WORD)} {count}", code


def word_color(value: str) -> str:
    """The SGR code of a word that tells how something stands; nothing for any other word."""
    if value in _GOOD:
        return "32"
    if value in _BUSY or value.startswith("Init:"):
        return "33"
    return "31" if any(word in value for word in _BAD) else ""


def age(seconds: float) -> str:
    """A time as kubectl tells it: `5s`, `3m20s`, `4h`, `12d`."""
    left = max(int(seconds), 0)
    if left < 120:
        return f"{left}s"
    minutes, hours, days = left // 60, left // 3600, left // 86_400
    if minutes < 10:
        return _joined(minutes, "m", left % 60, "s")
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return _joined(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return _joined(days, "d", hours % 24, "h")
    if days < 730:
        return f"{days}d"
    return _joined(days // 365, "y", days % 365 if days < 8 * 365 else 0, "d")


def _joined(many: int, unit: str, few: int, smaller: str) -> str:
    return f"{many}{unit}{few}{smaller}" if few else f"{many}{unit}"
