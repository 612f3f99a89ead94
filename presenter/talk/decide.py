"""`decide(session, command, script) -> events`: every rule of the talk, and nothing else. Pure.

Nothing but `Next`, `Skip` and `Replay`, pressed by the speaker, starts a step. A press that waited
while a step played, or that queued up, types or moves afterwards, but never runs anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from presenter.deck.model import Demo, Phase, Reveal, Stop, Typing
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.ladder import Feed, FeedOf, feed_from_deck
from presenter.talk.session import Activity, Lane, Script, Session
from presenter.talk.stops import before_hidden, over_hidden, step_begin, step_end, whole

Events = list[e.Event]


_LIFTS_BLACK = (
    c.Next,
    c.Previous,
    c.NextSlide,
    c.PreviousSlide,
    c.GoTo,
    c.Last,
    c.Back,
    c.Skip,
    c.Replay,
    c.TypeKey,
)
"""The presses that, while the screen is black, only bring the picture back."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """Session and deck at the moment of a command, with what the rules ask of them."""

    session: Session
    script: Script
    feed_of: FeedOf

    @property
    def slide(self) -> int:
        return self.session.position.slide

    @property
    def stops(self) -> tuple[Stop, ...]:
        return self.script.stops(self.slide)

    @property
    def lane(self) -> Lane:
        """The lane of the step at hand; an idle one where there is none."""
        return self.lane_of(self.session.active) if self.session.active else Lane()

    def lane_of(self, name: str) -> Lane:
        return self.session.lanes.get(name, Lane())

    def demo_named(self, name: str) -> Demo | None:
        if self.slide >= len(self.script):  # another deck is in use by now
            return None
        return next((demo for demo in self.script.demos(self.slide) if demo.name == name), None)

    def feed(self, name: str, step: int) -> Feed:
        demo = self.demo_named(name)
        if demo is None or step >= len(demo.steps):
            return Feed("card")
        return self.feed_of(demo, step)


def decide(
    session: Session, command: c.Command, script: Script, feed_of: FeedOf = feed_from_deck
) -> Events:
    """The events that `command` leads to; none where it has nothing to do."""
    if session.ended or not len(script):
        return []
    if session.black and isinstance(command, _LIFTS_BLACK):
        return [e.BlackSet(on=False)]
    scene = _Scene(session, script, feed_of)
    match command:
        case c.Next():
            return _next(scene, may_run=not command.queued)
        case c.Previous():
            return _previous(scene)
        case c.NextSlide():
            return _to(scene, scene.slide + 1)
        case c.PreviousSlide():
            return _to(scene, scene.slide - 1)
        case c.GoTo():
            return _go_to(scene, command.slide)
        case c.Last():
            return _to(scene, len(script) - 1)
        case c.Back():
            return _back(scene)
        case c.Skip():
            return _skip(scene)
        case c.Replay():
            return _replay(scene)
        case c.TypeKey():
            return _type_key(scene)
        case c.Typed() | c.Finished() | c.Fell() | c.Settled():
            return _of_time(scene, command)
        case _:
            return _of_the_whole(scene, command)


def begin(script: Script, started: e.SessionStarted, slide: int = 0) -> Events:
    """The first events of a session; the timer waits until the title slide is left."""
    slide = max(0, min(slide, len(script) - 1))
    events: Events = [started]
    if slide:
        events.append(e.Moved(slide, script.slide_id(slide), 0))
    if slide > 0 or len(script) == 1:
        events.append(e.TimerStarted())
    return events


# --- forwards ---------------------------------------------------------------------------------


def _next(scene: _Scene, *, may_run: bool) -> Events:
    session, lane = scene.session, scene.lane
    if lane.activity is Activity.PLAYING:
        return [] if session.waiting else [e.PressWaits()]
    if lane.activity is Activity.TYPING:
        return _complete_typing(scene)
    if lane.activity is Activity.TYPED:
        at_hand = _started(scene, session.active, lane.step, session.position.stop)
        return [at_hand] if may_run else []
    if session.waiting:
        return [e.WaitEnded(), *_advance(scene, may_run=False)]
    return _advance(scene, may_run=may_run)


def _advance(scene: _Scene, *, may_run: bool) -> Events:
    """What the next stop is for; a step that has been shown is passed without playing."""
    stops = scene.stops
    index = over_hidden(scene.script, scene.session.position)
    if index == len(stops):
        return _to(scene, scene.slide + 1, jump=False)
    stop = stops[index]
    if isinstance(stop, Reveal):
        return [_moved_within(scene, index + 1)]
    demo = scene.script.demos(scene.slide)[stop.demo]
    if stop.step in scene.lane_of(demo.name).results:
        return [_moved_within(scene, step_end(stops, index))]
    if stop.phase is Phase.RUN:
        return [_started(scene, demo.name, stop.step, index)] if may_run else []
    step = demo.steps[stop.step]
    events: Events = [e.StepTyping(demo.name, stop.step, index + 1)]
    if step.typing is Typing.INSTANT or not step.command:
        events.append(e.StepTyped(demo.name, stop.step))
    return events


def _complete_typing(scene: _Scene) -> Events:
    """A press while a command is typed: one more character, or all of them."""
    name, lane = scene.session.active, scene.lane
    demo = scene.demo_named(name)
    typed = e.StepTyped(name, lane.step)
    if demo is None or demo.steps[lane.step].typing is not Typing.KEYS:
        return [typed]
    count = lane.typed + 1
    key = e.KeyTyped(name, lane.step, count)
    return [key, typed] if count >= len(demo.steps[lane.step].command) else [key]


def _type_key(scene: _Scene) -> Events:
    demo = scene.demo_named(scene.session.active)
    typing = scene.lane.activity is Activity.TYPING
    if demo is None or not typing or demo.steps[scene.lane.step].typing is not Typing.KEYS:
        return []
    return _complete_typing(scene)


# --- back and elsewhere -----------------------------------------------------------------------


def _previous(scene: _Scene) -> Events:
    events = _wait_ended(scene)
    if scene.session.active:
        return events + _end_step(scene)
    index = before_hidden(scene.script, scene.session.position)
    if index:
        return [*events, _moved_within(scene, step_begin(scene.stops, index - 1))]
    if scene.slide == 0:
        return events
    slide = scene.slide - 1
    end = len(scene.script.stops(slide))
    return events + _moved(scene, slide, scene.session.left_at.get(slide, end), jump=False)


def _to(scene: _Scene, slide: int, stop: int | None = None, *, jump: bool = True) -> Events:
    """To a slide, as it was left; nothing where there is no such slide or it is this one."""
    if slide == scene.slide or not 0 <= slide < len(scene.script):
        return []
    if stop is None:
        stop = scene.session.left_at.get(slide, 0)
    leaving = _wait_ended(scene) + _end_step(scene) if jump else []
    return leaving + _moved(scene, slide, stop, jump=jump)


def _go_to(scene: _Scene, slide: int | str) -> Events:
    index = scene.script.index_of(slide) if isinstance(slide, str) else slide
    return [] if index is None else _to(scene, index)


def _back(scene: _Scene) -> Events:
    place = scene.session.came_from
    return [] if place is None else _to(scene, place.slide, place.stop)


def _moved(scene: _Scene, slide: int, stop: int, *, jump: bool) -> Events:
    stop = whole(scene.script.stops(slide), stop)
    events: Events = [e.Moved(slide, scene.script.slide_id(slide), stop, jump)]
    if scene.slide == 0 and slide != 0 and scene.session.timer_started is None:
        events.append(e.TimerStarted())
    return events


def _moved_within(scene: _Scene, stop: int) -> e.Moved:
    return e.Moved(scene.slide, scene.script.slide_id(scene.slide), stop)


# --- steps ------------------------------------------------------------------------------------


def _started(scene: _Scene, name: str, step: int, index: int) -> e.StepStarted:
    """The step runs; `index` is its stop `RUN`, or any position where it has none."""
    stops = scene.stops
    end = step_end(stops, index) if index < len(stops) else index
    return e.StepStarted(name, step, end, scene.feed(name, step).rung)


def _cut(scene: _Scene, name: str, step: int, rung: str) -> e.StepFinished:
    feed = scene.feed(name, step)
    if feed.rung != rung:  # it has fallen while it played: nothing is known of what it shows now
        feed = Feed(rung)
    return e.StepFinished(name, step, rung, feed.status, feed.seconds, cut=True)


def _end_step(scene: _Scene) -> Events:
    """Takes away a command that has not run, and shows at once what a running step has left."""
    name, lane = scene.session.active, scene.lane
    if not name:
        return []
    if lane.activity is Activity.PLAYING:
        return [_cut(scene, name, lane.step, lane.rung)]
    stop = step_begin(scene.stops, scene.session.position.stop - 1)
    return [e.StepCancelled(name, lane.step, stop)]


def _skip(scene: _Scene) -> Events:
    name, lane = scene.session.active, scene.lane
    if lane.activity is Activity.PLAYING:
        return _end_step(scene)
    if name:
        return _shown_at_once(scene, name, lane.step, scene.session.position.stop)
    index = over_hidden(scene.script, scene.session.position)
    if index == len(scene.stops) or isinstance(stop := scene.stops[index], Reveal):
        return []
    demo = scene.script.demos(scene.slide)[stop.demo]
    if stop.step in scene.lane_of(demo.name).results:
        return [_moved_within(scene, step_end(scene.stops, index))]
    return _shown_at_once(scene, demo.name, stop.step, index)


def _shown_at_once(scene: _Scene, name: str, step: int, index: int) -> Events:
    started = _started(scene, name, step, index)
    return [started, _cut(scene, name, step, started.rung)]


def _replay(scene: _Scene) -> Events:
    session, lane = scene.session, scene.lane
    stop = session.position.stop
    if lane.activity is Activity.PLAYING:
        rung = scene.feed(session.active, lane.step).rung
        return [*_wait_ended(scene), e.StepStarted(session.active, lane.step, stop, rung)]
    ending = _end_step(scene)
    for event in ending:
        if isinstance(event, e.StepCancelled):
            stop = event.stop
    shown = _shown_last(scene, stop)
    if shown is None:
        return []
    name, step = shown
    rung = scene.feed(name, step).rung
    return [*_wait_ended(scene), *ending, e.StepStarted(name, step, stop, rung)]


def _shown_last(scene: _Scene, stop: int) -> tuple[str, int] | None:
    """The last step before `stop` that has been shown on this slide."""
    demos = scene.script.demos(scene.slide)
    for index in range(stop - 1, -1, -1):
        candidate = scene.stops[index]
        if isinstance(candidate, Reveal):
            continue
        name = demos[candidate.demo].name
        if candidate.step in scene.lane_of(name).results:
            return name, candidate.step
    return None


def _of_time(scene: _Scene, command: c.Typed | c.Finished | c.Fell | c.Settled) -> Events:
    """What the runtime reports of the step at hand; late reports find nothing to do."""
    session, name, lane = scene.session, scene.session.active, scene.lane
    match command:
        case c.Typed() if lane.activity is Activity.TYPING:
            return [e.StepTyped(name, lane.step)]
        case c.Finished() if lane.activity is Activity.PLAYING:
            return [e.StepFinished(name, lane.step, lane.rung, command.status, command.seconds)]
        case c.Fell() if lane.activity is Activity.PLAYING:
            return [e.StepFell(name, lane.step, command.rung)]
        case c.Settled() if session.waiting and not session.active and not session.black:
            return [e.WaitEnded(), *_advance(scene, may_run=False)]
    return []


# --- the rest ---------------------------------------------------------------------------------


def _wait_ended(scene: _Scene) -> Events:
    return [e.WaitEnded()] if scene.session.waiting else []


def _of_the_whole(scene: _Scene, command: c.Command) -> Events:
    session = scene.session
    match command:
        case c.Black():
            return [e.BlackSet(on=not session.black)]
        case c.Freeze():
            return [e.FreezeSet(on=session.frozen is None)]
        case c.SetTheme() if command.name != session.theme:
            return [e.ThemeSet(command.name)]
        case c.ResetTimer():
            return [e.TimerReset()]
        case c.Reloaded():
            return _reloaded(scene, command)
        case c.Quit():
            return [e.SessionEnded(command.reason)]
    return []


def _reloaded(scene: _Scene, command: c.Reloaded) -> Events:
    script = scene.script
    slide = max(0, min(command.slide, len(script) - 1))
    stop = whole(script.stops(slide), command.stop)
    events = _wait_ended(scene)
    name, lane = scene.session.active, scene.lane
    if lane.activity is Activity.PLAYING:
        events.append(_cut(scene, name, lane.step, lane.rung))
    elif name:
        events.append(e.StepCancelled(name, lane.step, stop))
    events.append(
        e.DeckReloaded(command.deck_hash, slide, script.slide_id(slide), stop, command.changed)
    )
    frozen = scene.session.frozen
    if frozen is not None and frozen.slide >= len(script):
        events.append(e.FreezeSet(on=True))  # what the audience saw is gone: freeze what there is
    return events
