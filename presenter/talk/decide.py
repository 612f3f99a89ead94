"""`decide(session, command, script) -> events`: every rule of the talk, and nothing else. Pure.

Nothing but `Next`, `Skip` and `Replay`, pressed by the speaker, starts a step; `Skip` none live. A
press that waited while a step played, or that queued up, types or moves afterwards, but never
runs anything. When a live step falls is decided in `fallback`; here stands what the speaker wants.
"""

from __future__ import annotations

from dataclasses import replace

from presenter.deck.model import Phase, Reveal, Typing
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.fallback import Wish
from presenter.talk.ladder import Feed, FeedOf, feed_from_deck
from presenter.talk.planning import of_the_plan
from presenter.talk.scene import BeginOf, Events, Scene, moved_within, wait_ended
from presenter.talk.session import Activity, Script, Session
from presenter.talk.steps import (
    end_step,
    ended_by_press,
    finished,
    of_the_ladder,
    replay,
    skip,
    skip_demo,
    started,
)
from presenter.talk.stops import before_hidden, over_hidden, step_begin, step_end, whole

_LIFTS_BLACK = (
    c.Next,
    c.Previous,
    c.NextSlide,
    c.PreviousSlide,
    c.GoTo,
    c.Last,
    c.Back,
    c.Skip,
    c.SkipDemo,
    c.Replay,
    c.TypeKey,
    c.Scratch,
)
"""The presses that, while the screen is black, only bring the picture back."""
_GOES_ON = (c.Next, c.NextSlide, c.Skip, c.SkipDemo)
"""Those after which a question has been answered, and the plan's clock goes on.

A jump may show another slide as the answer, and so may a way back.
"""


def decide(
    session: Session,
    command: c.Command,
    script: Script,
    feed_of: FeedOf = feed_from_deck,
    begin_of: BeginOf | None = None,
) -> Events:
    """The events that `command` leads to; none where it has nothing to do.

    Without `begin_of` every step begins on the highest rung below live.
    """
    if session.ended or not len(script):
        return []
    if session.black and isinstance(command, _LIFTS_BLACK):
        return [e.BlackSet(on=False)]
    events = _decided(Scene(session, script, feed_of, begin_of), command)
    if events and session.clock.paused_at is not None and isinstance(command, _GOES_ON):
        return [e.PlanPaused(on=False), *events]
    return events


def _decided(scene: Scene, command: c.Command) -> Events:
    match command:
        case c.Next():
            return _next(scene, may_run=not command.queued)
        case c.Previous():
            return _previous(scene)
        case c.NextSlide():
            return _to(scene, scene.kept_after())
        case c.PreviousSlide():
            return _to(scene, scene.kept_before())
        case c.GoTo():
            return _go_to(scene, command.slide)
        case c.Last():
            return _to(scene, len(scene.script) - 1)
        case c.Back():
            return _back(scene)
        case _:
            return _of_steps(scene, command)


def _of_steps(scene: Scene, command: c.Command) -> Events:
    match command:
        case c.Skip():
            return skip(scene)
        case c.SkipDemo():
            return skip_demo(scene)
        case c.Replay():
            return replay(scene, may_run=not command.queued)
        case c.TypeKey():
            return _type_key(scene)
        case c.Typed() | c.Finished() | c.Fell() | c.Failed() | c.Settled():
            return _of_time(scene, command)
        case c.Force() | c.Keep() | c.LiveAgain() | c.Interrupt() | c.Edit() | c.Provided():
            return of_the_ladder(scene, command)
        case _:
            return _of_the_whole(scene, command)


def begin(script: Script, started: e.SessionStarted, slide: int = 0) -> Events:
    """The first events of a session; the timer waits until the title slide is left."""
    slide = max(0, min(slide, len(script) - 1))
    events: Events = [replace(started, slide_id=script.slide_id(slide)) if len(script) else started]
    if slide:
        events.append(e.Moved(slide, script.slide_id(slide), 0))
    if slide > 0 or len(script) == 1:
        events.append(e.TimerStarted())
    return events


def leave(session: Session, script: Script, feed_of: FeedOf) -> Events:
    """The events with which the step at hand ends, because its deck is replaced."""
    scene = Scene(session, script, feed_of, None)
    return wait_ended(scene) + end_step(scene)


# --- forwards ---------------------------------------------------------------------------------


def _next(scene: Scene, *, may_run: bool) -> Events:
    session, lane = scene.session, scene.lane
    if lane.activity is Activity.PLAYING:
        demo = scene.demo_named(session.active)
        if demo is not None and demo.steps[lane.step].endless:
            return ended_by_press(scene) if may_run else []
        return [] if session.waiting else [e.PressWaits()]
    if lane.activity is Activity.TYPING:
        return _complete_typing(scene)
    if lane.activity is Activity.ASKED:
        wish = e.StepWished(session.active, lane.step, Wish.REPLAY.value)
        return [wish] if may_run else []
    if lane.activity is Activity.TYPED:
        at_hand = started(scene, session.active, lane.step, session.position.stop)
        return [at_hand] if may_run else []
    if session.waiting:
        return [e.WaitEnded(), *_advance(scene, may_run=False)]
    return _advance(scene, may_run=may_run)


def _advance(scene: Scene, *, may_run: bool) -> Events:
    """What the next stop is for; a step that has been shown is passed without playing."""
    stops = scene.stops
    index = over_hidden(scene.script, scene.session.position)
    if index == len(stops):
        return _to(scene, scene.kept_after(), jump=False)
    stop = stops[index]
    if isinstance(stop, Reveal):
        return [moved_within(scene, index + 1)]
    demo = scene.script.demos(scene.slide)[stop.demo]
    if stop.step in scene.lane_of(demo.name).results:
        return [moved_within(scene, step_end(stops, index))]
    if stop.phase is Phase.RUN:
        return [started(scene, demo.name, stop.step, index)] if may_run else []
    step = demo.steps[stop.step]
    events: Events = [e.StepTyping(demo.name, stop.step, index + 1)]
    if step.typing is Typing.INSTANT or not step.command:
        events.append(e.StepTyped(demo.name, stop.step))
    return events


def _complete_typing(scene: Scene) -> Events:
    """A press while a command is typed: one more character, or all of them."""
    name, lane = scene.session.active, scene.lane
    demo = scene.demo_named(name)
    typed = e.StepTyped(name, lane.step)
    if demo is None or demo.steps[lane.step].typing is not Typing.KEYS:
        return [typed]
    count = lane.typed + 1
    key = e.KeyTyped(name, lane.step, count)
    return [key, typed] if count >= len(demo.steps[lane.step].command) else [key]


def _type_key(scene: Scene) -> Events:
    demo = scene.demo_named(scene.session.active)
    typing = scene.lane.activity is Activity.TYPING
    if demo is None or not typing or demo.steps[scene.lane.step].typing is not Typing.KEYS:
        return []
    return _complete_typing(scene)


# --- back and elsewhere -----------------------------------------------------------------------


def _previous(scene: Scene) -> Events:
    events = wait_ended(scene)
    if scene.session.active:
        return events + end_step(scene)
    index = before_hidden(scene.script, scene.session.position)
    if index:
        return [*events, moved_within(scene, step_begin(scene.stops, index - 1))]
    slide = scene.kept_before()
    if slide < 0:
        return events
    end = len(scene.script.stops(slide))
    return events + _moved(scene, slide, scene.session.left_at.get(slide, end), jump=False)


def _to(scene: Scene, slide: int, stop: int | None = None, *, jump: bool = True) -> Events:
    """To a slide, as it was left; nothing where there is no such slide or it is this one."""
    if slide == scene.slide or not 0 <= slide < len(scene.script):
        return []
    if stop is None:
        stop = scene.session.left_at.get(slide, 0)
    leaving = wait_ended(scene) + end_step(scene) if jump else []
    return leaving + _moved(scene, slide, stop, jump=jump)


def _go_to(scene: Scene, slide: int | str) -> Events:
    index = scene.script.index_of(slide) if isinstance(slide, str) else slide
    return [] if index is None else _to(scene, index)


def _back(scene: Scene) -> Events:
    place = scene.session.came_from
    return [] if place is None else _to(scene, place.slide, place.stop)


def _moved(scene: Scene, slide: int, stop: int, *, jump: bool) -> Events:
    stop = whole(scene.script.stops(slide), stop)
    events: Events = [e.Moved(slide, scene.script.slide_id(slide), stop, jump)]
    if scene.slide == 0 and slide != 0 and scene.session.timer_started is None:
        events.append(e.TimerStarted())
    return events


# --- time ------------------------------------------------------------------------------------


def _of_time(scene: Scene, command: c.Typed | c.Finished | c.Fell | c.Failed | c.Settled) -> Events:
    """What the runtime reports of the step at hand; late reports find nothing to do."""
    session, name, lane = scene.session, scene.session.active, scene.lane
    shown = lane.activity in (Activity.PLAYING, Activity.ASKED)
    match command:
        case c.Typed() if lane.activity is Activity.TYPING:
            return [e.StepTyped(name, lane.step)]
        case c.Finished() if shown:
            feed = Feed(lane.rung, command.status, command.seconds)
            reason = command.reason or lane.reason
            return [finished(scene, name, lane.step, feed, reason=reason)]
        case c.Fell() if shown:
            return [e.StepFell(name, lane.step, command.rung, command.reason)]
        case c.Failed() if lane.activity is Activity.PLAYING:
            # The press that waits was meant for what comes next, not for an answer to this.
            told = command.reason, command.status, command.seconds
            return [*wait_ended(scene), e.StepAsked(name, lane.step, *told)]
        case c.Settled() if session.waiting and not session.active and not session.black:
            return [e.WaitEnded(), *_advance(scene, may_run=False)]
    return []


# --- the rest ---------------------------------------------------------------------------------


def _of_the_whole(scene: Scene, command: c.Command) -> Events:
    session = scene.session
    match command:
        case c.Black():
            return [e.BlackSet(on=not session.black)]
        case c.Freeze():
            return [e.FreezeSet(on=session.frozen is None)]
        case c.Inject():
            told = command.demo, command.step, command.fault, command.lasting
            return [e.FaultInjected(*told)]
        case c.Scratch():
            return [e.ScratchSet(on=not session.scratch)]
        case c.SetTheme() if command.name != session.theme:
            return [e.ThemeSet(command.name)]
        case c.ResetTimer():
            return [e.TimerReset()]
        case c.Reloaded():
            return _reloaded(scene, command)
        case c.Quit():
            return [e.SessionEnded(command.reason)]
        case _:
            return of_the_plan(scene, command)
    return []


def _reloaded(scene: Scene, command: c.Reloaded) -> Events:
    script = scene.script
    slide = max(0, min(command.slide, len(script) - 1))
    stop = whole(script.stops(slide), command.stop)
    events = wait_ended(scene)
    name, lane = scene.session.active, scene.lane
    if lane.activity in (Activity.PLAYING, Activity.ASKED):
        events += end_step(scene)
    elif name:
        events.append(e.StepCancelled(name, lane.step, stop))
    events.append(
        e.DeckReloaded(command.deck_hash, slide, script.slide_id(slide), stop, command.changed)
    )
    frozen = scene.session.frozen
    if frozen is not None and frozen.slide >= len(script):
        events.append(e.FreezeSet(on=True))  # what the audience saw is gone: freeze what there is
    return events
