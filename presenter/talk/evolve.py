"""`evolve(session, stamped) -> session`: what each event means for the state. Pure and total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from presenter.talk.events import (
    BlackSet,
    DeckReloaded,
    Event,
    FreezeSet,
    KeyTyped,
    LiveWished,
    Moved,
    PlanMade,
    PlanPaused,
    PressWaits,
    QuestionAsked,
    QuestionNoted,
    RecordingForced,
    ScratchSet,
    SessionEnded,
    SessionResumed,
    SessionStarted,
    SlidesDropped,
    Stamped,
    StepAsked,
    StepCancelled,
    StepEdited,
    StepFell,
    StepFinished,
    StepStarted,
    StepTyped,
    StepTyping,
    TaintLifted,
    ThemeSet,
    TimerReset,
    TimerStarted,
    WaitEnded,
)
from presenter.talk.session import Activity, Lane, PlanClock, Position, Session, StepResult
from presenter.talk.taint import Outcome, Taint, Unmade, after_step, happened

K = TypeVar("K")
V = TypeVar("V")


def evolve(session: Session, stamped: Stamped) -> Session:
    """The session after one more event."""
    folded = _fold(session, stamped.event, stamped.at)
    changed = isinstance(stamped.event, DeckReloaded) or _meaning(folded) != _meaning(session)
    turned = stamped.seq if changed else session.turned
    return replace(folded, sequence=stamped.seq, turned=turned, at=stamped.at)


def _meaning(session: Session) -> tuple[object, ...]:
    """What decides what a press does. A plan that is made, a question that is noted are no part of

    it: a press made in that moment means what it meant.
    """
    lane = session.lanes.get(session.active)
    return session.position, session.active, lane, session.black, session.frozen, session.scratch


def _fold(session: Session, event: Event, at: float) -> Session:
    match event:
        case SessionStarted():
            return Session(
                deck_hash=event.deck_hash,
                purpose=event.purpose,
                clock=PlanClock(here=event.slide_id),
            )
        case SessionResumed():
            # A press that waited before the break is not carried out by surprise after it.
            return _resumed(replace(session, ended=False, waiting=False, scratch=False))
        case Moved():
            return _moved(session, event, at)
        case DeckReloaded():
            return _reloaded(session, event, at)
        case PressWaits():
            return replace(session, waiting=True)
        case WaitEnded():
            return replace(session, waiting=False)
        case BlackSet():
            return replace(session, black=event.on)
        case FreezeSet():
            return replace(session, frozen=session.position if event.on else None)
        case ThemeSet():
            return replace(session, theme=event.name)
        case TimerStarted() | TimerReset():
            clock = session.clock
            begun = replace(
                clock, started=clock.now(at), since=clock.now(at), spent=MappingProxyType({})
            )
            return replace(session, timer_started=at, clock=begun)
        case SessionEnded():
            return replace(session, ended=True)
        case PlanPaused():
            return replace(session, clock=_paused(session.clock, event.on, at))
        case QuestionNoted():
            return _noted(session, event)
        case QuestionAsked():
            return replace(session, asked=(*session.asked, event.question))
    return _world(session, event)


def _noted(session: Session, event: QuestionNoted) -> Session:
    texts, tags = (*session.questions, event.text), (*session.question_tags, event.tag)
    return replace(session, questions=texts, question_tags=tags)


def _paused(clock: PlanClock, on: bool, at: float) -> PlanClock:
    if on == (clock.paused_at is not None):
        return clock
    if clock.paused_at is None:
        return replace(clock, paused_at=at)
    return replace(clock, paused=clock.paused + at - clock.paused_at, paused_at=None)


def _world(session: Session, event: Event) -> Session:
    """What the speaker, the plan, or a look at the world says of it."""
    match event:
        case PlanMade():
            return replace(session, plan=event)
        case SlidesDropped():
            return replace(session, dropped=frozenset(event.ids), dropped_as=event.name)
        case RecordingForced():
            return replace(session, forced=True)
        case LiveWished():
            return replace(session, forced=False, taints=MappingProxyType({}))
        case TaintLifted():
            taint = session.taints.get(event.session, Taint())
            lifted = happened(taint, event.demo, event.step)
            return replace(session, taints=_with(session.taints, event.session, lifted))
        case ScratchSet():
            return replace(session, scratch=event.on)
    return _step(session, event)


def _step(session: Session, event: Event) -> Session:
    match event:
        case StepTyping():
            typing = Lane(step=event.step, activity=Activity.TYPING)
            return _at_hand(session, event.demo, typing, event.stop)
        case StepStarted():
            before = session.lanes.get(event.demo, Lane())
            playing = Lane(
                step=event.step,
                activity=Activity.PLAYING,
                rung=event.rung,
                reason=event.reason,
                text=before.text if before.step == event.step else "",
            )
            return _at_hand(session, event.demo, playing, event.stop)
        case StepCancelled():
            return _cancelled(session, event)
        case StepFinished():
            return _finished(session, event)
        case KeyTyped():
            return _lane(session, event.demo, lambda lane: replace(lane, typed=event.count))
        case StepTyped():
            return _lane(
                session, event.demo, lambda lane: replace(lane, activity=Activity.TYPED, typed=0)
            )
        case StepEdited():
            return _lane(session, event.demo, lambda lane: replace(lane, text=event.text))
        case StepFell():
            return _lane(
                session,
                event.demo,
                lambda lane: replace(
                    lane, rung=event.rung, reason=event.reason, activity=Activity.PLAYING
                ),
            )
        case StepAsked():
            return _lane(session, event.demo, lambda lane: _asked(lane, event))
    return session


def _asked(lane: Lane, event: StepAsked) -> Lane:
    return replace(
        lane,
        activity=Activity.ASKED,
        reason=event.reason,
        status=event.status,
        seconds=event.seconds,
    )


def _resumed(session: Session) -> Session:
    """The shells are gone, and with them what ran in them: directories, variables, functions.

    What was shown live is shown again from below: nothing may pretend to be live.
    """
    lanes = {name: replace(lane, results=_unlived(lane)) for name, lane in session.lanes.items()}
    taints = {
        name: after_step(session.taints.get(name, Taint()), Unmade("", -1), Outcome.CUT)
        for name in session.ran
    }
    return replace(
        session,
        lanes=MappingProxyType(lanes),
        taints=MappingProxyType({**session.taints, **taints}),
        ran=frozenset(),
    )


def _unlived(lane: Lane) -> Mapping[int, StepResult]:
    return MappingProxyType(
        {
            step: replace(result, rung="") if result.rung == "live" else result
            for step, result in lane.results.items()
        }
    )


def _moved(session: Session, event: Moved, at: float) -> Session:
    here, clock = session.position, session.clock
    left_at = session.left_at
    if event.slide != here.slide:
        left_at = _with(left_at, here.slide, here.stop)
        clock = _on_slide(clock, event.slide_id, at)
    return replace(
        session,
        clock=clock,
        position=Position(event.slide, event.stop),
        left_at=left_at,
        came_from=here if event.jump else session.came_from,
    )


def _on_slide(clock: PlanClock, slide_id: str, at: float) -> PlanClock:
    """The slide before has had its time."""
    now = clock.now(at)
    spent = clock.spent.get(clock.here, 0.0) + now - clock.since
    return replace(clock, here=slide_id, since=now, spent=_with(clock.spent, clock.here, spent))


def _reloaded(session: Session, event: DeckReloaded, at: float) -> Session:
    lanes = {name: lane for name, lane in session.lanes.items() if name not in event.changed}
    return replace(
        session,
        position=Position(event.slide, event.stop),
        lanes=MappingProxyType(lanes),
        # Slides may have other numbers now.
        left_at=MappingProxyType({}),
        clock=_on_slide(session.clock, event.slide_id, at),
        came_from=None,
        active="",
        deck_hash=event.deck_hash,
    )


def _at_hand(session: Session, demo: str, lane: Lane, stop: int) -> Session:
    results = session.lanes.get(demo, Lane()).results
    return replace(
        session,
        lanes=_with(session.lanes, demo, replace(lane, results=results)),
        position=Position(session.position.slide, stop),
        active=demo,
    )


def _cancelled(session: Session, event: StepCancelled) -> Session:
    def take_back(lane: Lane) -> Lane:
        before = max((step for step in lane.results if step < event.step), default=-1)
        return replace(lane, step=before, activity=Activity.IDLE, typed=0, text="")

    cancelled = _lane(session, event.demo, take_back)
    return replace(cancelled, position=Position(session.position.slide, event.stop), active="")


def _finished(session: Session, event: StepFinished) -> Session:
    result = StepResult(event.rung, event.status, event.seconds, event.cut, event.reason)

    def finish(lane: Lane) -> Lane:
        return Lane(results=_with(lane.results, event.step, result), step=event.step)

    taints = session.taints
    if event.outcome:
        step = Unmade(event.demo, event.step, event.provides)
        before = taints.get(event.session, Taint())
        taints = _with(taints, event.session, after_step(before, step, Outcome(event.outcome)))
    ran = session.ran | {event.session} if event.rung == "live" else session.ran
    return replace(_lane(session, event.demo, finish), active="", taints=taints, ran=ran)


def _lane(session: Session, demo: str, change: Callable[[Lane], Lane]) -> Session:
    lane = change(session.lanes.get(demo, Lane()))
    return replace(session, lanes=_with(session.lanes, demo, lane))


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})
