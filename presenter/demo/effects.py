"""Carries out what the events of a talk entail: sources that type and play, screens that show.

Everything here can fail without ending the talk: a step whose material or source fails is fed from
the next lower rung, and the failure is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, Typing
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub
from presenter.demo.replay import ReplaySource
from presenter.demo.screens import Screens
from presenter.demo.sources import Sources
from presenter.demo.supply import Supply
from presenter.demo.turn import Turn
from presenter.talk import events as e
from presenter.talk.commands import Command, Fell, Finished, Settled, Typed
from presenter.talk.fallback import Bar, Fault, Wish
from presenter.talk.session import Activity, Lane, Script, Session
from presenter.talk.stops import passed_step

if TYPE_CHECKING:
    from presenter.demo.castsource import CastSource
    from presenter.demo.liveside import LiveSide
    from presenter.demo.livesource import LiveSource

    Source = ReplaySource | CastSource | LiveSource

SETTLE_SECONDS = 1.0
"""How long a finished step is looked at before a waiting press is carried out."""


class Effects:
    """The step at hand with its source and its task, and the screens behind them.

    Without an event loop nothing types or plays by itself; `Skip` and jumps show final screens.
    `dispatch` takes what time brings (typed, finished, settled); `on_failure` what went wrong.
    """

    def __init__(
        self,
        clock: Clock,
        hub: Hub,
        screens: Screens,
        supply: Supply,
        dispatch: Callable[[Command], None],
        on_failure: Callable[[Exception], None],
        live: LiveSide | None = None,
    ) -> None:
        self._live = live
        self._sources = Sources(hub, clock, screens, supply, live)
        self._clock = clock
        self._screens = screens
        self._supply = supply
        self._dispatch = dispatch
        self._on_failure = on_failure
        self._source: Source | None = None
        self._turn = Turn()
        """Types, plays or waits for the screen to settle: never two of them at once."""
        self.opened: dict[str, Demo] = {}
        """The demos whose screens have been opened, by name."""

    # --- events -------------------------------------------------------------------------------

    def carry_out(self, event: e.Event, session: Session, script: Script) -> None:
        """Do what `event` entails; `session` is the one after all events of its command."""
        match event:
            case e.SessionStarted() | e.SessionResumed() | e.Moved():
                self._show_slide(session, script)
            case e.DeckReloaded():
                self._forget(event.changed)
                self._show_slide(session, script)
            case e.StepTyping():
                self._begin_typing(event, session)
            case e.KeyTyped() if self._source is not None:
                self._source.type_to(event.count)
            case e.StepTyped() if self._source is not None:
                self._turn.stop()
                self._source.type_rest()
            case e.StepCancelled():
                self.stop()
                self._screens.show(event.demo, event.step - 1)
            case e.StepStarted() | e.StepFell():
                self._play(event, session)
            case e.StepWished() | e.StepInterrupted():
                self._tell_live(event)
            case e.StepFinished():
                self._finish(event, session)
            case e.BlackSet(on=False) if session.waiting and not session.active:
                self._turn.start(self._settle())  # what ended unseen is looked at first
            case e.PressWaits() if self._source is not None:
                self._source.resume()
            case e.WaitEnded() if not session.active:
                self._turn.stop()
            case e.SessionEnded():
                self.stop()

    def resume(self, session: Session) -> None:
        """Bring the step at hand back to where it was, after its slide has been shown."""
        if session.active not in self.opened:
            return
        lane = session.lanes[session.active]
        source = self.prepare(session.active, lane.step)
        if lane.activity is Activity.TYPING and _by_keys(source):
            source.type_to(lane.typed)
            return
        source.type_rest()
        if lane.activity is Activity.TYPING:
            self._dispatch(Typed())
        elif lane.activity in (Activity.PLAYING, Activity.ASKED):
            material = self._supply.material(source.demo, source.step)
            if lane.rung == "live":  # its process is gone
                self._dispatch(Fell(material.rung, Bar.RESUMED.value))
            self._dispatch(Finished(material.status, material.seconds))

    def stop(self) -> None:
        """Nothing types, plays or waits any more."""
        self._turn.stop()
        self._source = None

    # --- screens ------------------------------------------------------------------------------

    def _show_slide(self, session: Session, script: Script) -> None:
        """Every demo of the slide as it stands at the position; nothing is played."""
        for index, demo in enumerate(script.demos(session.position.slide)):
            if demo.hidden:
                continue
            self.opened[demo.name] = demo
            self._screens.open(demo)
            upto = passed_step(script, session.position, index)
            self._rebuild(demo, upto, session.lanes.get(demo.name, Lane()))
            self._screens.show(demo.name, upto)

    def _forget(self, names: tuple[str, ...]) -> None:
        """Demos that are not what they were: their screens are gone, and what failed may work."""
        self._supply.forget()
        for name in names:
            self.opened.pop(name, None)
            self._screens.forget(name)

    def _rebuild(self, demo: Demo, upto: int, lane: Lane) -> None:
        """Steps that were shown before a crash or a reload are fed anew, all at once."""
        for step in sorted(lane.results):
            missing = step <= upto and step < len(demo.steps)
            if missing and not self._screens.knows(demo.name, step):
                self._screens.show(demo.name, step - 1)
                self._sources.new(demo, step).finish_now()

    # --- the step at hand ---------------------------------------------------------------------

    def _begin_typing(self, event: e.StepTyping, session: Session) -> None:
        source = self.prepare(event.demo, event.step)
        source.begin()
        if self._live is not None:
            self._live.warm(source.demo, source.step)
        typing = session.active == event.demo and (
            session.lanes[event.demo].activity is Activity.TYPING
        )
        if typing and not _by_keys(source):
            self._turn.start(self._type(source))

    def _tell_live(self, event: e.StepWished | e.StepInterrupted) -> None:
        source = self.live_source()
        if source is None:  # it is gone without a word: what is below feeds the step
            demo = self.opened[event.demo]
            self._dispatch(Fell(self._supply.material(demo, event.step).rung, Bar.SOURCE.value))
        elif isinstance(event, e.StepWished):
            source.wish(Wish(event.wish))
        else:
            source.interrupt()

    def _play(self, event: e.StepStarted | e.StepFell, session: Session) -> None:
        self._turn.stop()
        source = self._source
        falling = self.live_source() if isinstance(event, e.StepFell) else None
        if falling is not None and falling.step == event.step:
            source = self._source = self._sources.below(falling)
        else:
            if source is None or not _typed_for(source, event):
                source = self.prepare(event.demo, event.step)
            if isinstance(event, e.StepStarted) and event.rung == "live":
                text = session.lanes[event.demo].text
                source = self._source = self._sources.live_after(source, text)
        source.type_rest()
        if session.active == event.demo:  # else it is cut by the next event
            self._turn.start(self._run(source))

    def take_away(self, name: str, step: int) -> None:
        """The command that is typed for a step goes from the screen; the talk knows nothing."""
        self._turn.stop()
        self._screens.show(name, step - 1)

    def live_source(self) -> LiveSource | None:
        """The live showing at hand, if there is one."""
        from presenter.demo.livesource import LiveSource

        return self._source if isinstance(self._source, LiveSource) else None

    def _finish(self, event: e.StepFinished, session: Session) -> None:
        self._turn.stop()
        source, self._source = self._source, None
        if source is None or (source.demo.name, source.step) != (event.demo, event.step):
            source = self.prepare(event.demo, event.step)
            self._source = None
        try:
            source.finish_now()
        except Exception as error:  # noqa: BLE001 — a source that fails costs a rung, not the talk
            self._supply.fail(source.demo, source.step, source.rung, error)
            self._screens.show(event.demo, event.step - 1)
            self._sources.new(source.demo, event.step).finish_now()
        if session.waiting and not session.active:
            self._turn.start(self._settle())

    def prepare(self, name: str, step: int) -> Source:
        """A new source for a step, before the screen that the step begins with."""
        self.stop()
        self._screens.show(name, step - 1)
        self._source = self._sources.new(self.opened[name], step)
        return self._source

    def press(self, key: str) -> None:
        """A key for the step at hand, if what feeds it takes keys."""
        if self._source is not None:
            self._source.press(key)

    # --- time ---------------------------------------------------------------------------------

    async def _type(self, source: Source) -> None:
        try:
            await source.type_command()
        except Exception as error:  # noqa: BLE001 — the command is then shown at once
            self._on_failure(error)
        self._done(Typed())

    async def _run(self, source: Source) -> None:
        try:
            ending: Command = await source.run()
        except Exception as error:  # noqa: BLE001 — a source that fails costs a rung, not the talk
            ending = self._failed(source, error)
        self._done(ending)

    def _failed(self, source: Source, error: Exception) -> Command:
        """How the talk goes on when a source has failed."""
        rung = source.rung
        self._supply.fail(source.demo, source.step, rung, error)
        material = self._supply.material(source.demo, source.step)
        if rung == "card":
            return Finished(material.status, material.seconds)
        return Fell(material.rung, (Fault.LOST_PTY if rung == "live" else Bar.SOURCE).value)

    async def _settle(self) -> None:
        await self._clock.sleep_until(self._clock.now() + SETTLE_SECONDS)
        self._done(Settled())

    def _done(self, command: Command) -> None:
        self._turn.over()
        self._dispatch(command)


def _typed_for(source: Source, event: e.StepStarted | e.StepFell) -> bool:
    """Whether the command that stands typed is the one that runs now."""
    here = (source.demo.name, source.step) == (event.demo, event.step)
    return here and not source.began


def _by_keys(source: Source) -> bool:
    return source.demo.steps[source.step].typing is Typing.KEYS
