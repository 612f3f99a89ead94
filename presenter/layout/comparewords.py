"""What a comparison of runs says in words: for the terminal and for the picture alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from presenter.layout.text import one_line
from presenter.talk.clocks import clock, lateness
from presenter.talk.compare import Comparison, DemoRun, Fall, Row, Run, Verdict
from presenter.talk.fallback import sentence

RUNGS = {"live": "live", "recording": "recorded", "transcript": "transcript", "card": "not run"}
"""The audience's words for the rungs."""
SIGNS = {Verdict.OVER: "▲", Verdict.UNDER: "▼", Verdict.WITHIN: " "}
BEST, BEFORE = "●", "○"
"""Where the best run and the one before would end, on a bar."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what there is to say of a run: what it is about, the words, a theme's role."""

    about: str
    words: str
    role: str = "text"


def run_name(run: Run) -> str:
    return f"#{run.number}"


def run_words(run: Run) -> str:
    """`#7, rehearsal of 2026-05-04 14:10`."""
    return f"{run_name(run)}, {one_line(run.kind)} of {begun(run)}"


def begun(run: Run) -> str:
    """`2026-05-04 14:10`, by the clock of where it was."""
    return one_line(run.record.wall[:16].replace("T", " ")) or "an unknown day"


def signed(seconds: float) -> str:
    """`+0:45`, `−0:30`, `±0:00`."""
    whole = round(abs(seconds))
    sign = "±" if not whole else "−" if seconds < 0 else "+"
    return f"{sign}{clock(whole)}"


def off_words(row: Row, run: int = 0) -> str:
    """`▲ +0:45` where a slide ran over, `▼ −0:30` where it was shorter, `+0:03` else."""
    seconds = row.times[run]
    if seconds is None or row.share is None:
        return ""
    return f"{SIGNS[row.verdict(run)]} {signed(seconds - row.share)}"


def rung_words(demo: DemoRun) -> str:
    """`live`, `recorded`; where a step of it has fallen, from what and why."""
    shown = RUNGS.get(demo.rung, demo.rung)
    return f"{shown}, {fall_words(demo.falls[0])}" if demo.falls else shown


def fall_words(fall: Fall) -> str:
    """`fell from live: the other side is silent`."""
    why = sentence(fall.reason)
    origin = RUNGS.get(fall.origin, fall.origin)
    return f"fell from {origin}: {why}" if why else f"fell from {origin}"


def row_state(row: Row) -> str:
    """Why a slide has no time: `dropped`, `not shown`, or nothing."""
    if row.times[0] is not None:
        return ""
    return "dropped" if row.dropped else "not shown"


def row_title(row: Row) -> str:
    return f"{one_line(row.title)} (gone)" if row.gone else one_line(row.title)


def total_words(run: Run) -> str:
    """`41:10 of 45:00: 3:50 early; questions took 3:20 more`."""
    words = clock(run.spoken)
    if run.shares is not None and run.planned is not None and run.late is not None:
        late = lateness(run.late)
        if run.missing:
            shown = len(run.shares.seconds) - len(run.missing)
            part = f"{shown} of {len(run.shares.seconds)} planned slides"
            words = f"{words} for {part}, which have {clock(run.planned)}: {late}"
        else:
            words = f"{words} of {clock(run.planned)}: {late}"
    else:
        words = f"{words}; nothing was planned"
    if round(run.record.answering):
        words += f"; questions took {clock(run.record.answering)} more"
    return f"{words}; it broke off" if run.broke_off else words


def story(comparison: Comparison) -> Iterator[Told]:
    """All that there is to say of the run at hand, the total first."""
    run = comparison.this
    yield Told("total", total_words(run), "error" if run.is_late else "text")
    over = (row for row in comparison.rows if row.verdict() is Verdict.OVER)
    for row in sorted(over, key=lambda row: (row.share or 0.0) - (row.times[0] or 0.0)):
        told = f"{row_title(row)}  {off_words(row)} ({clock(row.times[0])} for "
        yield Told("over", f"{told}{clock(row.share)})", "error")
    for back in run.backs:
        ends = one_line(comparison.title(back.origin)), one_line(comparison.title(back.to))
        yield Told("back", f"at {clock(back.at)} from `{ends[0]}` to `{ends[1]}`")
    for fall in run.falls:
        rung = RUNGS.get(fall.rung, fall.rung)
        demo = one_line(fall.demo)
        yield Told("fell", f"{demo}, step {fall.step + 1}: {rung}, {fall_words(fall)}", "error")
    yield from _marks(comparison)
    if run.record.dropped:
        titles = ", ".join(f"`{one_line(comparison.title(one))}`" for one in run.record.dropped)
        yield Told("dropped", titles)
    yield Told("best", best_words(comparison))


def _marks(comparison: Comparison) -> Iterator[Told]:
    for mark in comparison.marks:
        about = f"at {clock(mark.moment)}"
        planned = f"`{one_line(comparison.title(mark.planned))}`"
        if not mark.seen:
            yield Told(about, f"{planned} was planned; the talk had ended", "muted")
            continue
        seen = f"`{one_line(comparison.title(mark.seen))}`"
        place = f"{seen}, as planned" if mark.seen == mark.planned else f"{seen}, not {planned}"
        off = mark.late or 0.0
        late = f": {lateness(off)}" if round(abs(off)) else ""
        yield Told(about, f"{place}{late}", "error" if off >= 1 else "text")


def best_words(comparison: Comparison) -> str:
    """Which run is the best, and why that one."""
    if comparison.shares is None:
        return "none: nothing was planned"
    if comparison.best is None:
        return "none yet: no speaker has shown every planned slide, to the end"
    best = comparison.runs[comparison.best]
    name = "this one" if best is comparison.this else run_words(best)
    off = clock(comparison.best_off)
    return f"{name}: of the complete ones, its slides were nearest to the plan ({off} off in all)"


def head_of(comparison: Comparison, at: int) -> str:
    """How a run is named above its column."""
    run = comparison.runs[at]
    if at == 0:
        return "this"
    return f"{BEST} {run_name(run)}" if at == comparison.best else run_name(run)
