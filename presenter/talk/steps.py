"""The rules of steps: how one begins, ends, is left, skipped or shown again, and falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from presenter.deck.model import Demo, DemoKind, DemoStop, Reveal, Step, Stop
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.condition import Truth
from presenter.talk.fallback import Bar, Wish
from presenter.talk.ladder import Feed
from presenter.talk.scene import Events, Scene, moved_within, wait_ended
from presenter.talk.session import Activity
from presenter.talk.stops import over_hidden, step_begin, step_end
from presenter.talk.taint import Outcome, found

_ASKING = frozenset(("GET", "HEAD", "OPTIONS", "QUERY"))
"""Methods that change nothing where they are sent to."""


def started(scene: Scene, name: str, step: int, index: int) -> e.StepStarted:
    """The step runs; `index` is its stop `RUN`, or any position where it has none."""
    stops = scene.stops
    end = step_end(stops, index) if index < len(stops) else index
    return e.StepStarted(name, step, end, *scene.begin(name, step))


def finished(scene: Scene, name: str, step: int, feed: Feed, **told: object) -> e.StepFinished:
    """The step has been shown; `told` sets fields of the event beside those of the demo."""
    demo = scene.demo_named(name)
    there = demo is not None and step < len(demo.steps)
    counts = demo is not None and there and changes_the_world(demo, demo.steps[step])
    if not counts:  # a recording as a slide, or data that was asked for
        told["outcome"] = ""
    else:
        told.setdefault("outcome", (Outcome.RAN if feed.rung == "live" else Outcome.REPLAYED).value)
    event = e.StepFinished(
        name,
        step,
        feed.rung,
        feed.status,
        feed.seconds,
        session=demo.session if demo is not None else "",
        provides=demo.steps[step].provides if demo is not None and there else (),
    )
    return replace(event, **told)  # type: ignore[arg-type]


def changes_the_world(demo: Demo, step: Step) -> bool:
    """Whether later steps of the session may rest on the step having really happened."""
    if step.request is not None:
        return step.request.method not in _ASKING
    return demo.kind is DemoKind.SHELL  # a query only looks


def cut(scene: Scene, name: str, step: int, rung: str, reason: str = "") -> e.StepFinished:
    """A step that is left before its end."""
    feed = scene.feed(name, step)
    if feed.rung != rung:  # it is not what feeds it: nothing is known of what it shows now
        feed = Feed(rung)
    how = Outcome.CUT if rung == "live" else Outcome.SKIPPED
    return finished(scene, name, step, feed, cut=True, reason=reason, outcome=how.value)


def end_step(scene: Scene) -> Events:
    """Takes away a command that has not run, and shows at once what a running step has left.

    A live step keeps what it shows: what it has left is not known.
    """
    name, lane = scene.session.active, scene.lane
    if not name:
        return []
    if lane.activity is Activity.ASKED:
        return [kept(scene)]
    if lane.activity is Activity.PLAYING:
        return [cut(scene, name, lane.step, lane.rung, lane.reason)]
    stop = step_begin(scene.stops, scene.session.position.stop - 1)
    return [e.StepCancelled(name, lane.step, stop)]


def ended_by_press(scene: Scene) -> Events:
    """One that goes on until somebody ends it: it has done what it is for."""
    name, lane = scene.session.active, scene.lane
    if lane.rung != "live":
        return end_step(scene)
    return [finished(scene, name, lane.step, Feed("live", 0), reason=lane.reason)]


def kept(scene: Scene) -> e.StepFinished:
    """A failure that the audience has seen, and that is left as it is."""
    lane = scene.lane
    feed = Feed("live", lane.status, lane.seconds)
    return finished(scene, scene.session.active, lane.step, feed, reason=lane.reason)


def skip(scene: Scene) -> Events:
    name, lane = scene.session.active, scene.lane
    if scene.runs_live:
        return _shown_below(scene, name, lane.step)
    if lane.activity is Activity.PLAYING:
        return end_step(scene)
    if name:
        return _shown_at_once(scene, name, lane.step, scene.session.position.stop)
    index = over_hidden(scene.script, scene.session.position)
    if index == len(scene.stops) or isinstance(stop := scene.stops[index], Reveal):
        return []
    demo = scene.script.demos(scene.slide)[stop.demo]
    if stop.step in scene.lane_of(demo.name).results:
        return [moved_within(scene, step_end(scene.stops, index))]
    return _shown_at_once(scene, demo.name, stop.step, index)


def skip_demo(scene: Scene) -> Events:
    """The last screen of the demo at hand, or of the next one: all of its steps are shown."""
    session, stops = scene.session, scene.stops
    demos, at = scene.script.demos(scene.slide), over_hidden(scene.script, session.position)
    name = session.active
    if not name:
        first = next((stop for stop in stops[at:] if _of_shown_demo(stop, demos)), None)
        if not isinstance(first, DemoStop):
            return []
        name = demos[first.demo].name
    events = skip(scene) if session.active else []
    shown = {*scene.lane_of(name).results, *({scene.lane.step} if session.active else ())}
    last = 0
    for index in range(at, len(stops)):
        stop = stops[index]
        if not isinstance(stop, DemoStop) or demos[stop.demo].name != name:
            continue
        last = step_end(stops, index)
        if stop.step not in shown:
            shown.add(stop.step)
            events += _shown_at_once(scene, name, stop.step, index)
    return events or ([moved_within(scene, last)] if last else [])


def _of_shown_demo(stop: Stop, demos: Sequence[Demo]) -> bool:
    return isinstance(stop, DemoStop) and not demos[stop.demo].hidden


def _shown_at_once(scene: Scene, name: str, step: int, index: int) -> Events:
    rung = scene.feed(name, step).rung
    begun = started(scene, name, step, index)
    begun = replace(begun, rung=rung, reason=Bar.SKIPPED.value)
    return [begun, cut(scene, name, step, rung, Bar.SKIPPED.value)]


def _shown_below(scene: Scene, name: str, step: int) -> Events:
    """A live step ends with the last screen of what is below."""
    rung, reason = scene.feed(name, step).rung, Bar.SKIPPED.value
    return [
        *wait_ended(scene),
        e.StepFell(name, step, rung, reason),
        cut(scene, name, step, rung, reason),
    ]


def replay(scene: Scene, *, may_run: bool) -> Events:
    """The step at hand or shown last, once more; without `may_run` only if that runs nothing."""
    session, lane = scene.session, scene.lane
    stop = session.position.stop
    if lane.activity is Activity.PLAYING:
        if scene.runs_live:
            return []  # it is ended by Ctrl-C first
        begin = scene.begin(session.active, lane.step)
        again: Events = [e.StepStarted(session.active, lane.step, stop, *begin)]
        return wait_ended(scene) + again if may_run or begin[0] != "live" else []
    ending = end_step(scene)
    for event in ending:
        if isinstance(event, e.StepCancelled):
            stop = event.stop
    failed = lane.activity is Activity.ASKED
    shown = (session.active, lane.step) if failed else _shown_last(scene, stop)
    if shown is None:
        return []
    begin = scene.begin(*shown)
    if begin[0] == "live" and not may_run:
        return []
    return [*wait_ended(scene), *ending, e.StepStarted(*shown, stop, *begin)]


def _shown_last(scene: Scene, stop: int) -> tuple[str, int] | None:
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


# --- the ladder -------------------------------------------------------------------------------


def of_the_ladder(
    scene: Scene,
    command: c.Force | c.Keep | c.LiveAgain | c.Interrupt | c.Edit | c.Provided,
) -> Events:
    session, name, lane = scene.session, scene.session.active, scene.lane
    match command:
        case c.Force():
            forced: Events = [] if session.forced else [e.RecordingForced()]
            wish = e.StepWished(name, lane.step, Wish.REPLAY.value)
            return [*forced, wish] if scene.runs_live else forced
        case c.Keep() if scene.runs_live:
            return [e.StepWished(name, lane.step, Wish.KEEP.value)]
        case c.LiveAgain() if session.forced or any(session.taints.values()):
            return [e.LiveWished()]
        case c.Interrupt() if scene.runs_live and lane.activity is Activity.PLAYING:
            return [e.StepInterrupted(name, lane.step)]
        case c.Edit() if lane.activity is Activity.TYPED and command.text.strip():
            return [e.StepEdited(name, lane.step, command.text)]
        case c.Provided():
            known = dict.fromkeys(command.names, Truth.TRUE)
            return [
                e.TaintLifted(shell, step.demo, step.step)
                for shell, taint in session.taints.items()
                for step in found(taint, known)
            ]
    return []
