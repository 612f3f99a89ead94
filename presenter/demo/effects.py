"""Carries out what the events of a talk entail: sources that type and play, screens that show.

Everything here can fail without ending the talk: a step whose material or source fails is fed from
the next lower rung, and the failure is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, Typing
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub
from presenter.demo.replay import ReplaySource
from presenter.demo.screens import Screens
from presenter.demo.supply import Supply
from presenter.talk import events as e
from presenter.talk.commands import Command, Fell, Finished, Settled, Typed
from presenter.talk.session import Activity, Lane, Script, Session
from presenter.talk.stops import passed_step

if TYPE_CHECKING:
    from presenter.demo.castsource import CastSource

    Source = ReplaySource | CastSource

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
    ) -> None:
        self._clock = clock
        self._hub = hub
        self._screens = screens
        self._supply = supply
        self._dispatch = dispatch
        self._on_failure = on_failure
        self._source: Source | None = None
        self._task: asyncio.Task[None] | None = None
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
                self._stop_task()
                self._source.type_rest()
            case e.StepCancelled():
                self.stop()
                self._screens.show(event.demo, event.step - 1)
            case e.StepStarted() | e.StepFell():
                self._play(event, session)
            case e.StepFinished():
                self._finish(event, session)
            case e.BlackSet(on=False) if session.waiting and not session.active:
                self._start_task(self._settle())  # what ended unseen is looked at first
            case e.PressWaits() if self._source is not None:
                self._source.resume()
            case e.WaitEnded() if not session.active:
                self._stop_task()
            case e.SessionEnded():
                self.stop()

    def resume(self, session: Session) -> None:
        """Bring the step at hand back to where it was, after its slide has been shown."""
        if session.active not in self.opened:
            return
        lane = session.lanes[session.active]
        source = self._prepare(session.active, lane.step)
        if lane.activity is Activity.TYPING and self._by_keys(source):
            source.type_to(lane.typed)
            return
        source.type_rest()
        if lane.activity is Activity.TYPING:
            self._dispatch(Typed())
        elif lane.activity is Activity.PLAYING:
            self._dispatch(Finished(source.material.status, source.material.seconds))

    def stop(self) -> None:
        """Nothing types, plays or waits any more."""
        self._stop_task()
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
                self._new_source(demo, step).finish_now()

    # --- the step at hand ---------------------------------------------------------------------

    def _begin_typing(self, event: e.StepTyping, session: Session) -> None:
        source = self._prepare(event.demo, event.step)
        source.begin()
        typing = session.active == event.demo and (
            session.lanes[event.demo].activity is Activity.TYPING
        )
        if typing and not self._by_keys(source):
            self._start_task(self._type(source))

    def _play(self, event: e.StepStarted | e.StepFell, session: Session) -> None:
        self._stop_task()
        source = self._source
        typed_for_it = (
            isinstance(event, e.StepStarted)
            and source is not None
            and (source.demo.name, source.step) == (event.demo, event.step)
            and not source.began
        )
        if source is None or not typed_for_it:
            source = self._prepare(event.demo, event.step)
        source.type_rest()
        if session.active == event.demo:  # else it is cut by the next event
            self._start_task(self._run(source))

    def _finish(self, event: e.StepFinished, session: Session) -> None:
        self._stop_task()
        source, self._source = self._source, None
        if source is None or (source.demo.name, source.step) != (event.demo, event.step):
            source = self._prepare(event.demo, event.step)
            self._source = None
        try:
            source.finish_now()
        except Exception as error:  # noqa: BLE001 — a source that fails costs a rung, not the talk
            self._supply.fail(source.demo, source.step, source.material.rung, error)
            self._screens.show(event.demo, event.step - 1)
            self._new_source(source.demo, event.step).finish_now()
        if session.waiting and not session.active:
            self._start_task(self._settle())

    def _prepare(self, name: str, step: int) -> Source:
        """A new source for a step, before the screen that the step begins with."""
        self.stop()
        self._screens.show(name, step - 1)
        self._source = self._new_source(self.opened[name], step)
        return self._source

    def press(self, key: str) -> None:
        """A key for the step at hand, if what feeds it takes keys."""
        if self._source is not None:
            self._source.press(key)

    def _new_source(self, demo: Demo, step: int) -> Source:
        material = self._supply.material(demo, step)
        if material.cast is not None:
            from presenter.demo.castsource import CastSource  # a player is rarely needed

            return CastSource(self._hub, self._clock, demo, step, material, material.cast)
        return ReplaySource(
            self._hub,
            self._clock,
            demo,
            step,
            material,
            lambda: self._screens.column(demo.name),
        )

    @staticmethod
    def _by_keys(source: Source) -> bool:
        return source.demo.steps[source.step].typing is Typing.KEYS

    # --- time ---------------------------------------------------------------------------------

    async def _type(self, source: Source) -> None:
        try:
            await source.type_command()
        except Exception as error:  # noqa: BLE001 — the command is then shown at once
            self._on_failure(error)
        self._done(Typed())

    async def _run(self, source: Source) -> None:
        try:
            await source.run()
        except Exception as error:  # noqa: BLE001 — a source that fails costs a rung, not the talk
            self._supply.fail(source.demo, source.step, source.material.rung, error)
            if source.material.rung != "card":
                self._done(Fell(self._supply.material(source.demo, source.step).rung))
                return
        self._done(Finished(source.material.status, source.material.seconds))

    async def _settle(self) -> None:
        await self._clock.sleep_until(self._clock.now() + SETTLE_SECONDS)
        self._done(Settled())

    def _done(self, command: Command) -> None:
        self._task = None  # it ends with this: there is nothing to cancel
        self._dispatch(command)

    def _start_task(self, coroutine: Coroutine[None, None, None]) -> None:
        self._stop_task()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a picture is being made: time stands still
            coroutine.close()
        else:
            self._task = loop.create_task(coroutine)

    def _stop_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
