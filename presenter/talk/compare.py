"""Rehearsals and talks of one deck beside each other and beside the plan, by slide and demo. Pure.

Times of slides are those of the plan's clock, which stands still while a question is answered; the
whole is told by the talk's clock as well. Slides are found again by their ids, so that journals of
an older deck still tell something: what is no longer in the deck stays, and is marked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from presenter.talk.fallback import RUNGS
from presenter.talk.history import TalkRecord, WentBack
from presenter.talk.shares import Shares, sane, sane_times, shares_of

OVER_SECONDS = 10.0
OVER_SHARE = 0.15
"""A slide is off its share by more than both: nearer, the same words have been told twice.

The seconds are for short slides, where one sentence more is a large part; the part is for long
ones, where ten seconds are nothing.
"""
BEFORE = 3
"""Runs before the one at hand that stand beside it."""
PASSING_SECONDS = 3.0
"""Steps back that follow each other sooner are one way back: nothing was told on the way."""


class Verdict(Enum):
    """How the time of a slide stands to its share."""

    WITHIN = ""
    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class Fall:
    """A step that was not shown on the rung it was meant for."""

    demo: str
    step: int
    origin: str
    rung: str
    reason: str
    """As the journal has it: see `fallback.sentence`."""


@dataclass(frozen=True, slots=True)
class DemoRun:
    """How a demo was shown in one run."""

    name: str
    seconds: float
    rung: str
    """The lowest on which one of its steps ended."""
    falls: tuple[Fall, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """Which slide was at hand at a moment that the speaker has chosen, and which was meant to be.

    `seen` is empty where the talk had ended by then; `late` is None where that slide has no share.
    """

    moment: float
    planned: str
    seen: str
    late: float | None


@dataclass(frozen=True)
class Run:
    """One talk, rehearsal or drill; what it tells is found out when it is asked for."""

    number: int
    """From 1, the oldest first: it stays when others are added."""
    record: TalkRecord
    shares: Shares | None = None
    """Its own plan, else the one that all are compared with."""

    @cached_property
    def slides(self) -> Mapping[str, float]:
        return sane_times(self.record.slides)

    @cached_property
    def over(self) -> Mapping[str, float]:
        """Seconds beyond the share, of the slides that ran over."""
        given = self.shares.seconds if self.shares else {}
        return {
            one: seconds - share
            for one, seconds in self.slides.items()
            if (share := given.get(one)) is not None and verdict(seconds, share) is Verdict.OVER
        }

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Slides of the plan that were not shown."""
        given = self.shares.seconds if self.shares else {}
        return tuple(one for one in given if one not in self.slides)

    @cached_property
    def backs(self) -> tuple[WentBack, ...]:
        return ways_back(self.record.backs)

    @cached_property
    def demos(self) -> Mapping[str, DemoRun]:
        shown = self.record.demos.items()
        return {name: demo_run(name, self.record) for name, steps in shown if steps}

    @property
    def falls(self) -> tuple[Fall, ...]:
        """Found without the demos that did not fall: a thousand runs are listed by it."""
        shown = self.record.demos.items()
        fell = dict.fromkeys(name for name, steps in shown for one in steps if one.fell_from)
        return tuple(fall for name in fell for fall in demo_run(name, self.record).falls)

    @property
    def kind(self) -> str:
        return self.record.purpose or "talk"

    @cached_property
    def spoken(self) -> float:
        """Seconds by the plan's clock."""
        return sum(self.slides.values())

    @property
    def is_late(self) -> bool:
        """By a second at least, as it is told; not where nobody knows."""
        return self.late is not None and round(self.late) > 0

    @property
    def broke_off(self) -> bool:
        return not self.record.ended

    @property
    def complete(self) -> bool:
        """Whether it had everything that was planned, and its end."""
        return self.shares is not None and not self.missing and not self.broke_off

    @cached_property
    def planned(self) -> float | None:
        """Seconds that the plan gives to what was shown: all of it, where nothing is missing."""
        if self.shares is None:
            return None
        if not self.missing:
            return self.shares.total
        return sum(self.shares.seconds.get(one, 0.0) for one in self.slides)

    @property
    def late(self) -> float | None:
        """Seconds beyond what the plan gives to what was shown; negative: early."""
        return None if self.planned is None else self.spoken - self.planned


@dataclass(frozen=True, slots=True)
class DemoRow:
    name: str
    runs: tuple[DemoRun | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One slide."""

    id: str
    title: str
    number: int
    """In the deck, from 1; 0 for one that is no longer in it."""
    share: float | None
    times: tuple[float | None, ...]
    """By run; None where it was not shown."""
    demos: tuple[DemoRow, ...] = ()
    backs: int = 0
    """How often the speaker came back to it, in the first run."""
    questions: int = 0
    """Asked on it, in the first run."""
    dropped: bool = False
    """In the first run."""

    @property
    def gone(self) -> bool:
        return not self.number

    def verdict(self, run: int = 0) -> Verdict:
        return verdict(self.times[run], self.share)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The runs that are compared, and the rows of the table."""

    runs: tuple[Run, ...]
    """The one at hand, then the best where that is another, then those before, the newest first."""
    rows: tuple[Row, ...]
    shares: Shares | None = None
    """What all are compared with."""
    best: int | None = None
    """Which of `runs` is the best; None where none is complete, or nothing was planned."""
    best_off: float = 0.0
    """Seconds by which the best one's slides are off their shares, in all."""
    marks: tuple[MarkSeen, ...] = ()
    """Of the first run."""

    @property
    def this(self) -> Run:
        return self.runs[0]

    def title(self, slide_id: str) -> str:
        return next((row.title for row in self.rows if row.id == slide_id), slide_id)


def runs_of(records: Sequence[TalkRecord]) -> tuple[Run, ...]:
    """Every record (the newest first) as a run; those without times have none to compare."""
    count = len(records)
    return tuple(Run(count - n, one, shares_of(one.plan)) for n, one in enumerate(records))


def compare(
    runs: Sequence[Run],
    slides: Sequence[tuple[str, str]] = (),
    *,
    this: str = "",
    before: int = BEFORE,
) -> Comparison | None:
    """The run named `this` (default: the newest) beside the best and so many before it.

    `runs`: the newest first. `slides`: ids and titles of the deck as it is now, where it can be
    read. None where there is nothing to compare: no such run, or none with times.
    """
    shares = _shares_for(runs, this)
    timed = [run for run in runs if run.record.timed]
    at = next((n for n, run in enumerate(timed) if not this or run.record.name == this), None)
    if at is None:
        return None
    best, off = _best(timed, shares)
    chosen = [timed[at], *([best] if best and best is not timed[at] else [])]
    chosen += [run for run in timed[at + 1 : at + 1 + before] if run is not best]
    shown = [run if run.shares else replace(run, shares=shares) for run in chosen]
    return Comparison(
        tuple(shown),
        tuple(_rows(shown, shares, slides)),
        shares,
        chosen.index(best) if best else None,
        off,
        tuple(_marks(shown[0], shares)),
    )


def verdict(seconds: float | None, share: float | None) -> Verdict:
    if seconds is None or share is None:
        return Verdict.WITHIN
    room = max(OVER_SECONDS, share * OVER_SHARE)
    if seconds > share + room:
        return Verdict.OVER
    return Verdict.UNDER if seconds < share - room else Verdict.WITHIN


def ways_back(backs: Iterable[WentBack]) -> tuple[WentBack, ...]:
    """Each way back, told by its two ends: what was only passed is none of its own."""
    ways: list[WentBack] = []
    last = -math.inf
    for one in backs:
        if ways and ways[-1].to == one.origin and one.at - last <= PASSING_SECONDS:
            ways[-1] = WentBack(ways[-1].at, ways[-1].origin, one.to)
        else:
            ways.append(one)
        last = one.at
    return tuple(ways)


def demo_run(name: str, record: TalkRecord) -> DemoRun:
    """How the demo of that name was shown."""
    steps = record.demos[name]
    known = [step.rung for step in steps if step.rung in RUNGS]
    falls = tuple(
        Fall(name, step.step, step.fell_from, step.fell_to, step.fell_why)
        for step in steps
        if step.fell_from
    )
    rung = max(known, key=RUNGS.index, default="")
    return DemoRun(name, sum(sane(step.seconds) for step in steps), rung, falls)


# --- how it is made ---------------------------------------------------------------------------


def _shares_for(runs: Sequence[Run], this: str) -> Shares | None:
    """The plan of the run at hand, else the newest that there is."""
    ordered = sorted(runs, key=lambda one: one.record.name != this) if this else runs
    return next((run.shares for run in ordered if run.shares), None)


def _best(runs: Iterable[Run], shares: Shares | None) -> tuple[Run | None, float]:
    """The complete one whose slides are nearest to their shares, and how far off they are."""
    if shares is None:
        return None, 0.0
    wanted = shares.seconds
    best, least = None, math.inf
    for run in runs:
        if run.kind == "auto":  # nobody gave it: it is the plan itself
            continue
        if run.broke_off or not wanted.keys() <= run.slides.keys():
            continue
        off = sum(abs(seconds - wanted.get(one, 0.0)) for one, seconds in run.slides.items())
        if off < least:
            best, least = run, off
    return best, least if best else 0.0


def _rows(
    runs: Sequence[Run], shares: Shares | None, slides: Sequence[tuple[str, str]]
) -> Iterable[Row]:
    titles = dict(shares.titles) if shares else {}
    titles |= {one: title for one, title in slides if title}
    now = [one for one, _ in slides] or list(shares.titles if shares else ())
    places = _demo_places(runs)
    told = dict.fromkeys(one for run in runs for one in run.slides)
    told |= dict.fromkeys(place for place in places.values() if place)
    at = {one: n for n, one in enumerate(dict.fromkeys([*now, *([] if slides else told)]), 1)}
    this = runs[0]
    for one in dict.fromkeys([*at, *told]):
        yield Row(
            one,
            titles.get(one) or one,
            at.get(one, 0),
            shares.seconds.get(one) if shares else None,
            tuple(run.slides.get(one) for run in runs),
            tuple(
                DemoRow(name, tuple(run.demos.get(name) for run in runs))
                for name, place in places.items()
                if place == one
            ),
            sum(back.to == one for back in this.backs),
            sum(question.slide_id == one for question in this.record.questions),
            one in this.record.dropped and one not in this.slides,
        )


def _demo_places(runs: Iterable[Run]) -> dict[str, str]:
    """The slide of each demo, by the first run that knows it."""
    places: dict[str, str] = {}
    for run in runs:
        for name in run.demos:
            places.setdefault(name, run.record.demo_slides.get(name, ""))
    return places


def _marks(run: Run, shares: Shares | None) -> Iterable[MarkSeen]:
    for moment in shares.marks if shares else ():
        seen = run.record.slide_at(moment) if moment <= run.spoken else ""
        late = shares.late(seen, moment) if shares and seen else None
        yield MarkSeen(moment, shares.at(moment) if shares else "", seen, late)
