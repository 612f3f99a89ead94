"""What a trip report says of a talk: plain facts for a template. Pure; nothing is made up.

What the journal does not know is empty, and the template says that it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from presenter.talk.clocks import clock
from presenter.talk.compare import Verdict, verdict
from presenter.talk.fallback import sentence
from presenter.talk.history import FACTS, QuestionRecord, StepRecord, TalkRecord
from presenter.talk.summary import RUNGS, counted, kind_of, planned

LINES = ("links", "remarks")
"""Facts that are lists, a line for each thing."""
MOST_OVER = 5
_ALMOST = 5.0
"""Seconds that are as planned."""
_BELOW = {
    "recording": "its recording",
    "transcript": "the transcript in the deck",
    "card": "a card",
}


@dataclass(frozen=True, slots=True)
class SlideTime:
    """A slide that took longer than planned."""

    title: str
    took: str
    planned: str
    over: str


@dataclass(frozen=True, slots=True)
class Times:
    """How long it took; empty words where nobody knows."""

    length: str = ""
    planned: str = ""
    difference: str = ""
    """Against the plan, in words."""
    answering: str = ""
    """For questions, in the middle of the talk."""
    over: tuple[SlideTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Steps of a demo that were shown in one way."""

    demo: str
    steps: str
    """`step 2`, `steps 1–3`."""
    slide: str
    how: str
    """What the audience saw, in words; empty for what ran live as it should."""
    why: str
    """Empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class Demos:
    """How the demos were shown."""

    steps: int = 0
    counts: Mapping[str, int] | None = None
    """Of steps, by their rung."""
    live: tuple[Shown, ...] = ()
    """What ran live as it should."""
    below: tuple[Shown, ...] = ()
    forced: bool = False
    """Whether the speaker chose recordings at some moment."""
    all_recorded: bool = False
    """Whether that was so before any step, and nothing was shown live."""
    why: str = ""
    """Why they were chosen, in the speaker's words."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what was or could be answered."""

    text: str
    slide: str = ""
    at: str = ""
    tags: tuple[str, ...] = ()
    prepared: str = ""
    """The answer that had been prepared, in Markdown."""
    as_of: str = ""
    given: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.given or self.prepared)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a template may use."""

    facts: Mapping[str, str]
    """By the names of `FACTS`, but for those that are lists."""
    links: tuple[str, ...]
    remarks: tuple[str, ...]
    kind: str
    deck: str
    """The name of its file."""
    source: str
    times: Times
    demos: Demos
    dropped: tuple[str, ...]
    """Titles of slides that were passed over on purpose."""
    dropped_as: str
    questions: tuple[Question, ...]
    resumed: int
    """How often the talk went on after the program had ended."""
    running: bool
    """It is being given now."""
    broke_off: bool
    trouble: str


def report_of(record: TalkRecord, *, running: bool = False) -> Report:
    """The facts of one talk; `running`: of one that is being given now."""
    titles = _titles(record)
    return Report(
        facts={name: record.fact(name) for name in FACTS if name not in LINES},
        links=_lines(record.fact("links")),
        remarks=_lines(record.fact("remarks")),
        kind=kind_of(record),
        deck=record.deck.replace("\\", "/").rpartition("/")[2],
        source=record.source,
        times=_times(record, titles, running=running),
        demos=_demos(record, titles),
        dropped=tuple(titles.get(one, one) for one in record.dropped if one not in record.slides),
        dropped_as=record.dropped_as,
        questions=tuple(_question(one, titles) for one in record.questions),
        resumed=record.resumed,
        running=running,
        broke_off=not (record.ended or record.source or running),
        trouble=record.trouble,
    )


def _titles(record: TalkRecord) -> dict[str, str]:
    """Slides' titles by their ids, as far as the plan tells them."""
    plan = record.plan
    if plan is None:
        return {}
    return {one: title or one for one, title in zip(plan.ids, plan.titles, strict=False)}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- time ---------------------------------------------------------------------------------------


def _times(record: TalkRecord, titles: Mapping[str, str], *, running: bool) -> Times:
    whole = planned(record)
    told = clock(whole) if whole else ""
    if not record.timed or record.seconds is None:
        return Times(record.fact("length"), told)
    return Times(
        length=clock(record.seconds),
        planned=told,
        difference=_difference(record.seconds - whole) if whole and not running else "",
        answering=clock(record.answering) if record.answering >= 1 else "",
        over=tuple(_over(record, titles)),
    )


def _difference(over: float) -> str:
    if abs(over) < _ALMOST:
        return "as planned"
    return f"{clock(abs(over))} {'longer' if over > 0 else 'shorter'} than planned"


def _over(record: TalkRecord, titles: Mapping[str, str]) -> Sequence[SlideTime]:
    """The slides that ran over most."""
    plan = record.plan
    if plan is None:
        return ()
    given = dict(zip(plan.ids, plan.seconds, strict=False))
    late = [
        (took - given[one], one)
        for one, took in record.slides.items()
        if given.get(one) and verdict(took, given[one]) is Verdict.OVER
    ]
    return [
        SlideTime(titles[one], clock(record.slides[one]), clock(given[one]), clock(over))
        for over, one in sorted(late, reverse=True)[:MOST_OVER]
    ]


# --- demos --------------------------------------------------------------------------------------


def _demos(record: TalkRecord, titles: Mapping[str, str]) -> Demos:
    counts = counted(record)
    shown = [
        Shown(demo, _numbers(steps), titles.get(slide, slide), how, why)
        for demo, its in record.demos.items()
        for slide in (record.demo_slides.get(demo, ""),)
        for (how, why), group in groupby(its, key=_how)
        for steps in ([step.step + 1 for step in group],)
    ]
    return Demos(
        steps=sum(counts.values()),
        counts={rung: counts[rung] for rung in RUNGS},
        live=tuple(one for one in shown if not one.how),
        below=tuple(one for one in shown if one.how),
        forced=record.forced is not None,
        all_recorded=_all_recorded(record),
        why=record.fact("recorded"),
    )


def _all_recorded(record: TalkRecord) -> bool:
    """Of a journal that was written down later, by what it says; else by what was shown."""
    steps = [step for its in record.demos.values() for step in its]
    below = all(step.rung != "live" and step.fell_from != "live" for step in steps)
    return record.forced_first and below and bool(steps or record.source)


def _how(step: StepRecord) -> tuple[str, str]:
    """What the audience saw of a step, and why; nothing of one that ran live as it should."""
    why = sentence(step.reason) or step.reason
    if step.rung == "live":
        return ("live, and it failed", why) if step.reason else ("", "")
    seen = _BELOW.get(step.rung, step.rung)
    if step.fell_from == "live":
        return f"live at first, then {seen}", why
    return seen, why


def _numbers(steps: Sequence[int]) -> str:
    if len(steps) == 1:
        return f"step {steps[0]}"
    if steps[-1] - steps[0] == len(steps) - 1:
        return f"steps {steps[0]}–{steps[-1]}"
    return f"steps {', '.join(map(str, steps))}"


# --- questions ----------------------------------------------------------------------------------


def _question(one: QuestionRecord, titles: Mapping[str, str]) -> Question:
    return Question(
        text=one.text,
        slide=titles.get(one.slide_id, one.slide_id),
        at=clock(one.at) if one.at is not None else "",
        tags=one.tags,
        prepared=one.answer if one.prepared else "",
        as_of=one.as_of,
        given=one.given,
    )
