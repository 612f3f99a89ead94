"""How the talk stands to its plan, as one row: this slide, the whole, and when it will end.

In the bar the thick line reaches as far as the plan, the mark `●` as far as the clock: what lies
between them is late (dotted) or early. Ticks are the moments that the speaker has chosen.
"""

from __future__ import annotations

from rich.segment import Segment

from presenter.layout.frame import Line
from presenter.layout.lines import fit, merge
from presenter.layout.text import width
from presenter.layout.theme import Theme
from presenter.talk.clocks import clock, lateness
from presenter.talk.compare import Verdict, verdict
from presenter.talk.pace import Pace

MARK_SECONDS = 10.0
"""For so long it is said that a chosen moment has come."""
LEAST_BAR = 8
"""Columns below which there is no bar: the words say it all."""


def pace_words(pace: Pace) -> tuple[str, str]:
    """`2:13 late`, and a role for it."""
    if not pace.started:
        return "not started", "muted"
    if pace.on_time:
        return "on time", "ok"
    return lateness(pace.late), "warn" if pace.late > 0 else "text"


def pace_line(
    pace: Pace, columns: int, theme: Theme, on: str = "page", *, whole: bool = True
) -> Line:
    """The row in exactly `columns`; where there is little room, the bar goes first.

    `whole`: with the words of `pace_words`, which may stand elsewhere.
    """
    words, role = pace_words(pace)
    told = Segment(f" {words} ·", theme.style(role, on, bold=role == "warn"))
    over = pace.started and verdict(pace.here, pace.share) is Verdict.OVER
    left = [
        Segment(
            f" {'▲ ' if over else ''}{clock(pace.here)} of {clock(pace.share)} here ",
            theme.style("warn" if over else "text", on, bold=over),
        )
    ]
    question = [Segment(" ‖ question", theme.style("accent", on, bold=True))]
    mark = next((one for one in pace.marks if 0 <= pace.moment - one < MARK_SECONDS), None)
    come = [Segment(f" ┼ {clock(mark or 0)}", theme.style("accent", on, bold=True))]
    right = [
        *(come if mark is not None and pace.started else []),
        *(question if pace.paused else []),
        *([told] if whole else []),
        Segment(f" ends {clock(pace.expected)}", theme.style("text", on)),
        Segment(f" of {clock(pace.total)} ", theme.style("muted", on)),
    ]
    room = columns - sum(width(part.text) for part in (*left, *right))
    middle = _bar(pace, room, theme, on) if room >= LEAST_BAR else []
    return merge(fit([*left, *middle, *right], columns, theme.style("text", on)))


def _bar(pace: Pace, cells: int, theme: Theme, on: str) -> Line:
    span = max(pace.total, pace.moment, pace.meant, 1.0)

    def cell(moment: float) -> int:
        return min(max(int(moment / span * cells), 0), cells - 1)

    done, now = cell(pace.meant), cell(pace.moment)
    ticks = {cell(mark) for mark in pace.marks if 0 < mark <= span}
    line: Line = []
    for at in range(cells):
        if at == now and pace.started:
            line.append(Segment("●", theme.style("title", on, bold=True)))
        elif at in ticks:
            line.append(Segment("┼", theme.style("text", on)))
        elif done <= at < now:
            line.append(Segment("╌", theme.style("warn", on, bold=True)))
        elif at < done:
            line.append(Segment("━", theme.style("accent" if at < now else "ok", on)))
        else:
            line.append(Segment("─", theme.style("border", on)))
    return line
