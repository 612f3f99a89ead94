"""Many exchanges as live bars and a chart: how many of which kind, and how long they took."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from presenter.layout.drawn import bar, joined
from presenter.layout.text import clean, pad, shorten, width
from presenter.recording.har import Exchange

MOST_VALUES = 200
"""Different values of a group that are counted one by one."""
MOST_BARS = 6
"""Of one group that are shown."""
MOST_BAR = 64
CHART_ROWS = 5
MOST_COLUMN = 2
"""Cells of one exchange in the chart."""
_LEVELS = " ▁▂▃▄▅▆▇█"
_NONE = "(none)"
_OTHERS = "others"


class Traffic:
    """The exchanges of a step, counted; what they carried is not kept."""

    def __init__(self, expected: int = 1, groups: Sequence[str] = (), until: str = "") -> None:
        """`expected`: how many are asked for; `groups`: the names by which they are counted.

        `until`: what they are repeated for, in words.
        """
        self._until = until
        self._expected = expected
        self._groups: dict[str, Counter[str]] = {name: Counter() for name in groups}
        self._statuses: array[int] = array("H")
        self._times: array[float] = array("f")
        """Seconds of each exchange, in the order in which they ended."""
        self._first: float | None = None
        self._last = 0.0

    @property
    def count(self) -> int:
        return len(self._statuses)

    def add(self, exchange: Exchange) -> None:
        took = exchange.timings.total
        began = exchange.started.timestamp()
        self._first = began if self._first is None else min(self._first, began)
        self._last = max(self._last, began + took)
        self._statuses.append(exchange.response.status)
        self._times.append(took)
        told = dict(exchange.groups)
        for name in (*self._groups, *(name for name in told if name not in self._groups)):
            counter = self._groups.setdefault(name, Counter())
            value = told.get(name) or _NONE
            counter[value if value in counter or len(counter) < MOST_VALUES else _OTHERS] += 1

    def lines(self, columns: int) -> Iterator[str]:
        """The picture, in lines with colours."""
        yield self.summary()
        statuses = Counter(str(one) if one else "no answer" for one in self._statuses)
        counted = {**self._groups, "": statuses}
        title = max(min(max(map(width, counted)), 14), len("status"))
        for name, counter in counted.items():
            if counter:
                yield ""
                yield from _bars(name, counter, self.count, columns, title)
        if self.count:
            yield ""
            yield from self._chart(columns)

    def summary(self) -> str:
        """How many, how long, how fast."""
        count = f"{self.count} of {max(self._expected, self.count)}"
        if self._until:
            count = f"{self.count}, until {harmless(self._until)}"
        told = [f"\x1b[1m{count}\x1b[0m"]
        if self.count:
            ordered = sorted(self._times)
            for name, share in (("median", 0.5), ("95 %", 0.95), ("most", 1.0)):
                told.append(f"{name} {duration(ordered[_index(share, len(ordered))])}")
        seconds = self._last - (self._first or 0.0)
        if self.count > 1 and seconds > 0:
            told.append(f"{self.count / seconds:.3g} a second")
        return "  ".join(told)

    def _chart(self, columns: int) -> Iterator[str]:
        """The time of each exchange as a column, the colour that of the worst status in it."""
        most = max(self._times)
        label = duration(most)
        room = max(min(columns - len(label) - 3, 100), 1)
        buckets = list(_buckets(self.count, room))
        each = min(max(room // len(buckets), 1), MOST_COLUMN)
        heights = [
            max(self._times[start:end]) / most * CHART_ROWS * 8 if most else 1.0
            for start, end in buckets
        ]
        colors = [_worst(self._statuses[start:end]) for start, end in buckets]
        for row in range(CHART_ROWS - 1, -1, -1):
            edge = f"{label} ┤" if row == CHART_ROWS - 1 else " " * len(label) + " │"
            cells = (
                (_LEVELS[max(min(round(height) - row * 8, 8), int(row == 0))] * each, color)
                for height, color in zip(heights, colors, strict=True)
            )
            yield f"\x1b[2m{edge}\x1b[0m" + joined(cells)


def _bars(name: str, counter: Counter[str], total: int, columns: int, title: int) -> Iterator[str]:
    """A bar for each value; those of statuses, which have no name, have the statuses' colours.

    `title`: columns of the names of all groups.
    """
    found = sorted(counter.items()) if not name else _stable(counter)
    values = [(harmless(value), count) for value, count in found]
    if len(values) > MOST_BARS:
        rest = sum(count for _, count in values[MOST_BARS - 1 :])
        values = [*values[: MOST_BARS - 1], (f"{len(values) - MOST_BARS + 1} {_OTHERS}", rest)]
    named = pad(shorten(harmless(name) or "status", title), title)
    label = min(max(width(value) for value, _ in values), 20)
    room = max(min(MOST_BAR, columns - title - label - 16), 1)
    for number, (value, count) in enumerate(values):
        head = named if number == 0 else " " * title
        shown = shorten(value, label)
        drawn = bar(count / max(total, 1), room)
        color = "36" if name else _of_word(value)
        blanks = " " * (room - len(drawn) + 1)
        lead = " " * (label - width(shown))
        share = f"{count:>6} {count / max(total, 1):>4.0%}"
        yield f"\x1b[1m{head}\x1b[0m  {lead}{shown} \x1b[{color}m{drawn}\x1b[0m{blanks}{share}"


def _stable(counter: Counter[str]) -> list[tuple[str, int]]:
    """By value while there are few, so that bars stay where they are as they grow."""
    if len(counter) <= MOST_BARS:
        return sorted(counter.items())
    return counter.most_common()


def _buckets(count: int, room: int) -> Iterator[tuple[int, int]]:
    """Ranges of about equal length, at most `room` of them."""
    used = min(count, room)
    for n in range(used):
        yield n * count // used, (n + 1) * count // used


def _index(share: float, count: int) -> int:
    return min(int(share * count), count - 1)


def _worst(statuses: Sequence[int]) -> str:
    return status_color(0 if 0 in statuses else max(statuses))


def _of_word(status: str) -> str:
    return status_color(int(status) if status.isdecimal() else 0)


def status_color(status: int) -> str:
    """The SGR code for a status; 0 stands for none."""
    if not status or status >= 500:
        return "31"
    return "33" if status >= 400 else "36" if status >= 300 else "32"


def harmless(text: str) -> str:
    """One line that steers nothing."""
    return clean(text).replace("\n", " ")


def duration(seconds: float) -> str:
    if seconds >= 10:
        return f"{seconds:.0f} s"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
