"""What a journal tells of a talk when it is over: a fold of its events, and nothing else. Pure.

Everything that compares, lists or reports talks starts from a `TalkRecord`. What the journal does
not know is empty or None there; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from presenter.talk import events as e

FACTS = {
    "title": "the talk's title",
    "speaker": "who gave it",
    "event": "the event",
    "place": "where it was",
    "date": "the day",
    "audience": "who listened, and how many",
    "language": "the language it was given in",
    "length": "how long it took",
    "recorded": "why demos were shown from recordings",
    "links": "links, such as to the slides; a line each",
    "remarks": "anything else to remember; a line each",
}
"""What only people know of a talk: by its name in `events.Told`, what to ask for."""
UNUSED = (
    e.KeyTyped,
    e.StepTyped,
    e.StepEdited,
    e.StepInterrupted,
    e.StepWished,
    e.StepAsked,
    e.StepFell,
    e.TaintLifted,
    e.LiveWished,
    e.FaultInjected,
    e.ScratchSet,
    e.PressWaits,
    e.WaitEnded,
    e.BlackSet,
    e.FreezeSet,
    e.ThemeSet,
)
"""Kinds of which a record keeps nothing but when the last one was."""
_WRITTEN_LATER = frozenset((e.Told, e.AnswerNoted))
"""Kinds that may have been written days after the talk: their times are none of it."""
UNKNOWN_SLIDE = "?"
"""Id of the first slide in journals that do not name it."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How a step was shown; of one shown several times, the last."""

    step: int
    rung: str
    reason: str = ""
    """Why it was not live; empty where it was, or where nobody knows."""
    seconds: float = 0.0
    """From its begin (typing included) to its end, by the talk's clock."""
    cut: bool = False
    fell_from: str = ""
    """The rung on which it began, where it ended on a lower one: now, or shown before;"""
    fell_to: str = ""
    """which one that was, and"""
    fell_why: str = ""
    """why."""


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question of the audience's."""

    text: str
    slide_id: str = ""
    at: float | None = None
    """Seconds of the talk's timer; None where the times are not known."""
    prepared: bool = False
    tags: tuple[str, ...] = ()
    answer: str = ""
    """The one that was prepared, as it stood then."""
    as_of: str = ""
    given: str = ""
    """What the speaker says was answered; empty where nobody has written it down."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """The speaker went to a slide before the one at hand."""

    at: float
    origin: str
    to: str


@dataclass(frozen=True, slots=True)
class TalkRecord:
    """One talk or rehearsal. Times are in seconds; slides are told by their ids."""

    name: str = ""
    """Of the journal: `<folder>/<session>`."""
    deck: str = ""
    deck_hash: str = ""
    wall: str = ""
    """When it began, ISO 8601; empty where nobody knows."""
    version: str = ""
    purpose: str = ""
    """`rehearsal`, `drill`, or nothing for a talk."""
    source: str = ""
    """Where a journal that was written down later comes from: its times are not known."""
    anonymous: bool = False
    """Whether its dates, and what was asked, are not what they were."""
    described: e.TalkDescribed = field(default_factory=e.TalkDescribed)
    told: Mapping[str, str] = field(default_factory=dict)
    """By the names of `FACTS`; what was said last."""
    plan: e.PlanMade | None = None
    slides: Mapping[str, float] = field(default_factory=dict)
    """Time on each slide that was shown, questions left out, in the order of the first showing.

    From the start of the timer on.
    """
    demos: Mapping[str, tuple[StepRecord, ...]] = field(default_factory=dict)
    demo_slides: Mapping[str, str] = field(default_factory=dict)
    """For each demo, the slide on which it was shown last."""
    backs: tuple[WentBack, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_as: str = ""
    positions: tuple[tuple[float, str], ...] = ()
    """(moment of the plan's clock, slide that came then), from the start of the timer on."""
    seconds: float | None = None
    """From the start of the timer to the last event; None where it never started."""
    answering: float = 0.0
    """Seconds for which the plan's clock stood still."""
    forced: str | None = None
    """Why recordings were forced (may be empty); None where they were not."""
    forced_first: bool = False
    """Whether that was so before any step was shown."""
    resumed: int = 0
    ended: str = ""
    """The reason of its end; empty where it broke off."""
    trouble: str = ""
    """What of the journal could not be read."""

    @property
    def timed(self) -> bool:
        """Whether its times mean anything."""
        return not self.source and self.seconds is not None

    def fact(self, name: str) -> str:
        """What was told, else what the deck said; empty where nobody knows."""
        if name in self.told:
            return self.told[name]
        deck = self.described
        said = {
            "title": deck.title,
            "speaker": ", ".join(deck.authors),
            "event": deck.event,
            "place": deck.location,
            "date": deck.date,
            "audience": deck.audience,
            "links": "\n".join(deck.links),
            "recorded": self.forced or "",
        }
        if name == "date" and not deck.date and self.timed and not self.anonymous:
            return self.wall[:10]
        return said.get(name, "")

    def slide_at(self, moment: float) -> str:
        """The slide at hand at a moment of the plan's clock; empty before the first."""
        found = ""
        for at, slide_id in self.positions:
            if at > moment:
                break
            found = slide_id
        return found


def record_of(stamped: Iterable[e.Stamped], name: str = "", trouble: str = "") -> TalkRecord:
    """The record of a journal's events."""
    return record_of_moments(((one.at, one.event) for one in stamped), name, trouble)


def record_of_moments(
    moments: Iterable[tuple[float, e.Event]], name: str = "", trouble: str = ""
) -> TalkRecord:
    """The record of events with their times."""
    fold = _Fold()
    for at, event in moments:
        fold.take(at, event)
    return replace(fold.record(), name=name, trouble=trouble)


class _Steps:
    """What the demos have shown."""

    def __init__(self) -> None:
        self.demos: dict[str, dict[int, StepRecord]] = {}
        self.slides: dict[str, str] = {}
        self._begun: dict[str, tuple[float, str]] = {}

    def begin(self, event: e.StepTyping | e.StepStarted, at: float, here: str) -> None:
        rung = event.rung if isinstance(event, e.StepStarted) else ""
        begun, before = self._begun.get(event.demo, (at, ""))
        self._begun[event.demo] = (begun, rung or before)
        self.slides[event.demo] = here

    def end(self, event: e.StepFinished, at: float, here: str) -> None:
        begun, rung = self._begun.pop(event.demo, (at, event.rung))
        steps = self.demos.setdefault(event.demo, {})
        shown = StepRecord(event.step, event.rung, event.reason, at - begun, event.cut)
        if rung and rung != event.rung:
            shown = replace(shown, fell_from=rung, fell_to=event.rung, fell_why=event.reason)
        elif (before := steps.get(event.step)) is not None:
            fell = before.fell_from, before.fell_to, before.fell_why
            shown = replace(shown, fell_from=fell[0], fell_to=fell[1], fell_why=fell[2])
        steps[event.step] = shown
        self.slides[event.demo] = here

    def forget(self) -> None:
        """What had begun when the program died, or the deck was replaced, has no end."""
        self._begun.clear()

    def cancel(self, event: e.StepCancelled) -> None:
        self._begun.pop(event.demo, None)

    def records(self) -> dict[str, tuple[StepRecord, ...]]:
        return {name: tuple(its[n] for n in sorted(its)) for name, its in self.demos.items()}


class _Fold:
    """The record as it grows: changed in place, for a thousand journals are read at once."""

    def __init__(self) -> None:
        self.head = TalkRecord()
        self.fields: dict[str, object] = {}
        """Of the record, as events have set them."""
        self.told: dict[str, str] = {}
        self.slides: dict[str, float] = {}
        self.steps = _Steps()
        self.backs: list[WentBack] = []
        self.questions: list[QuestionRecord] = []
        self.given: dict[str, str] = {}
        self.positions: list[tuple[float, str]] = []
        self.here, self.number = UNKNOWN_SLIDE, 0
        self.at = 0.0
        self.started: float | None = None
        self.origin = self.since = 0.0
        """When the timer started, and when the slide at hand came, by the plan's clock."""
        self.paused = self.paused_before = 0.0
        """For how long that has stood still, and of that before the timer started."""
        self.paused_at: float | None = None
        self.resumed = 0

    def take(self, at: float, event: e.Event) -> None:
        if type(event) not in _WRITTEN_LATER:
            self.at = at
        match event:
            case e.Moved():
                self._moved(event)
            case e.StepTyping() | e.StepStarted():
                self.steps.begin(event, self.at, self.here)
            case e.StepFinished():
                self.steps.end(event, self.at, self.here)
            case e.StepCancelled():
                self.steps.cancel(event)
            case e.TimerStarted() | e.TimerReset():
                self._start_timer()
            case e.PlanPaused():
                self._pause(event.on)
            case e.DeckReloaded():
                self.steps.forget()
                self._leave()
                self.here, self.number = event.slide_id, event.slide
            case _:
                self._take_rest(event)

    def record(self) -> TalkRecord:
        self._leave()
        known = not self.head.source and self.started is not None
        questions = (
            replace(one, given=self.given.get(one.text, ""), at=one.at if known else None)
            for one in self.questions
        )
        return replace(
            self.head,
            told=self.told,
            slides=self.slides if known else {},
            demos=self.steps.records(),
            demo_slides=self.steps.slides,
            backs=tuple(self.backs),
            questions=tuple(questions),
            positions=tuple(self.positions) if known else (),
            seconds=self._timer() if known else None,
            answering=self._standing() - self.paused_before if known else 0.0,
            resumed=self.resumed,
            **self.fields,  # type: ignore[arg-type]
        )

    # --- clocks -------------------------------------------------------------------------------

    def _now(self) -> float:
        """By the plan's clock."""
        return (self.at if self.paused_at is None else self.paused_at) - self.paused

    def _timer(self) -> float:
        return self.at - self.started if self.started is not None else 0.0

    def _standing(self) -> float:
        return self.paused + (self.at - self.paused_at if self.paused_at is not None else 0.0)

    def _start_timer(self) -> None:
        self.started = self.at
        self.origin = self.since = self._now()
        self.paused_before = self._standing()
        self.slides = {}
        self.positions = [(0.0, self.here)]

    def _pause(self, on: bool) -> None:
        if on and self.paused_at is None:
            self.paused_at = self.at
        elif not on and self.paused_at is not None:
            self.paused += self.at - self.paused_at
            self.paused_at = None

    # --- events -------------------------------------------------------------------------------

    def _leave(self) -> None:
        """The slide at hand has had the time since it came."""
        now = self._now()
        if self.started is not None:
            self.slides[self.here] = self.slides.get(self.here, 0.0) + now - self.since
        self.since = now

    def _moved(self, event: e.Moved) -> None:
        if event.slide_id != self.here:
            self._leave()
            if event.slide < self.number:
                self.backs.append(WentBack(self._timer(), self.here, event.slide_id))
            self.here = event.slide_id
            self.positions.append((self._now() - self.origin, self.here))
        self.number = event.slide

    def _take_rest(self, event: e.Event) -> None:
        match event:
            case e.QuestionNoted():
                tags = (event.tag,) if event.tag else ()
                asked = QuestionRecord(event.text, event.slide_id, self._timer(), tags=tags)
                self.questions.append(asked)
            case e.QuestionAsked():
                self.questions.append(_prepared(event, self._timer()))
            case e.AnswerNoted():
                self.given[event.question] = event.answer
            case e.Told():
                self.told[event.name] = event.value
            case e.RecordingForced():
                self.fields.setdefault("forced", event.reason)
                self.fields.setdefault("forced_first", not self.steps.demos)
            case e.SlidesDropped():
                self.fields |= {"dropped": event.ids, "dropped_as": event.name}
            case e.TalkDescribed():
                self.fields["described"] = event
            case e.PlanMade():
                self.fields["plan"] = event
            case e.SessionResumed():
                self.steps.forget()
                self.resumed += 1
                self.fields["ended"] = ""
            case e.SessionEnded():
                self.fields["ended"] = event.reason
            case e.SessionStarted():
                self._begin(event)

    def _begin(self, event: e.SessionStarted) -> None:
        self.head = TalkRecord(
            deck=event.deck,
            deck_hash=event.deck_hash,
            wall="" if event.anonymous else event.wall,
            version=event.version,
            purpose=event.purpose,
            source=event.source,
            anonymous=event.anonymous,
        )
        self.here = event.slide_id or UNKNOWN_SLIDE


def _prepared(event: e.QuestionAsked, at: float) -> QuestionRecord:
    return QuestionRecord(
        event.question,
        event.slide_id,
        at,
        prepared=True,
        tags=event.tags,
        answer=event.answer,
        as_of=event.as_of,
    )
