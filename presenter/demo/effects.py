"""Carries out what the events of a talk entail: sources that type and play, screens that show.

Everything here can fail without ending the talk: a step whose material or source fails is fed from
the next lower rung, and the failure is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, DemoKind, Typing
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub
from presenter.demo.replay import ReplaySource, recorded_of
from presenter.demo.screens import Screens
from presenter.demo.showing import Showing
from presenter.demo.supply import Supply
from presenter.talk import events as e
from presenter.talk.commands import Command, Fell, Finished, Settled, Typed
from presenter.talk.fallback import Bar, Fault, Wish
from presenter.talk.session import Activity, Lane, Script, Session
from presenter.talk.stops import passed_step
from presenter.terminal.fall import fall

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
            case e.StepEdited():
                self._retype(event)
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
                self._start_task(self._settle())  # what ended unseen is looked at first
            case e.PressWaits() if self._source is not None:
                self._source.resume()
            case e.WaitEnded() if not session.active:
                self._stop_task()
            case e.ScratchSet() if self._live is not None:
                self._scratch(event, session, script)
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
        elif lane.activity in (Activity.PLAYING, Activity.ASKED):
            material = self._supply.material(source.demo, source.step)
            if lane.rung == "live":  # its process is gone
                self._dispatch(Fell(material.rung, Bar.RESUMED.value))
            self._dispatch(Finished(material.status, material.seconds))

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
        if self._live is not None:
            self._live.warm(source.demo, source.step)
        typing = session.active == event.demo and (
            session.lanes[event.demo].activity is Activity.TYPING
        )
        if typing and not self._by_keys(source):
            self._start_task(self._type(source))

    def _retype(self, event: e.StepEdited) -> None:
        """The command as the speaker has changed it stands at the prompt."""
        source = self._prepare(event.demo, event.step)
        if isinstance(source, Showing):
            source.command = event.text
        source.type_rest()

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
        self._stop_task()
        source = self._source
        falling = self.live_source() if isinstance(event, e.StepFell) else None
        if falling is not None and falling.step == event.step:
            source = self._fallen(falling)
        elif isinstance(event, e.StepStarted) and event.rung == "live":
            source = self._going_live(event, session)
        elif source is None or isinstance(event, e.StepFell) or not _typed_for(source, event):
            source = self._prepare(event.demo, event.step)
        source.type_rest()
        if session.active == event.demo:  # else it is cut by the next event
            self._start_task(self._run(source))

    def _going_live(self, event: e.StepStarted, session: Session) -> Source:
        """A live source for a step, behind the command that stands typed for it."""
        typed = self._source
        if typed is None or not _typed_for(typed, event):
            typed = self._prepare(event.demo, event.step)
        if self._live is None:
            return typed
        text = session.lanes[event.demo].text
        demo = self.opened[event.demo]
        live = self._live.showing(
            self._hub, self._clock, demo, event.step, lambda: self._screens.column(demo.name), text
        )
        if isinstance(typed, Showing):
            live.adopt(typed)
        self._source = live
        return live

    def _fallen(self, falling: LiveSource) -> ReplaySource:
        """What is below live goes on at the point that the audience has seen."""
        demo, step = falling.demo, falling.step
        material = self._supply.material(demo, step)
        start = self._screens.start_of(demo.name)
        recorded = recorded_of(material, start)
        if not falling.ended:
            falling.let_go()
        source = self._new_replay(demo, step)
        source.go_on(falling, fall(start, falling.seen.lines, recorded))
        self._source = source
        return source

    # --- the speaker's hands --------------------------------------------------------------------

    def take_hands(self, demo: Demo, session: Session) -> None:
        """The keys go to the demo's pane: to what runs in it, else to its session's shell."""
        if self._live is None or self._live.runs_nothing or demo.kind is not DemoKind.SHELL:
            return
        source = self.live_source()
        lane = session.lanes.get(demo.name, Lane())
        if source is not None and lane.activity is Activity.PLAYING:
            self._live.hands.on_step(source)
            return
        beside = self._live.running_beside(demo)
        if beside is not None:
            self._live.hands.on_step(beside)
            return
        if session.active:  # a command that stands typed gives way to the shell's own prompt
            self._stop_task()
            if session.lanes[session.active].activity is Activity.TYPING:
                self._dispatch(Typed())
            self._screens.show(session.active, session.lanes[session.active].step - 1)
        step = min(lane.step + (lane.step in lane.results), len(demo.steps) - 1)
        self._live.hands.on_shell(demo, demo.steps[max(step, 0)].prompt)

    def leave_hands(self, session: Session) -> None:
        """The keys come back to the talk; a command that stood typed stands there again."""
        if self._live is None or not self._live.hands.taken:
            return
        self._live.hands.leave()
        self.show_typed(session)

    def show_typed(self, session: Session) -> None:
        """The command that stands typed, as the talk has it."""
        lane = session.lanes.get(session.active, Lane())
        if lane.activity is Activity.TYPED:
            source = self._prepare(session.active, lane.step)
            if isinstance(source, Showing):
                source.command = lane.text or source.command
            source.type_rest()

    def show_edited(self, session: Session, text: str) -> None:
        """The command at hand while it is edited; `text` is as a terminal takes it."""
        source = self._prepare(session.active, session.lanes[session.active].step)
        source.begin()
        if isinstance(source, Showing):
            source.output(text)

    def live_source(self) -> LiveSource | None:
        """The live showing at hand, if there is one."""
        from presenter.demo.livesource import LiveSource

        return self._source if isinstance(self._source, LiveSource) else None

    def _finish(self, event: e.StepFinished, session: Session) -> None:
        self._stop_task()
        source, self._source = self._source, None
        if source is None or (source.demo.name, source.step) != (event.demo, event.step):
            source = self._prepare(event.demo, event.step)
            self._source = None
        try:
            source.finish_now()
        except Exception as error:  # noqa: BLE001 — a source that fails costs a rung, not the talk
            self._supply.fail(source.demo, source.step, source.rung, error)
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

    def _new_source(self, demo: Demo, step: int) -> ReplaySource | CastSource:
        material = self._supply.material(demo, step)
        if material.cast is not None:
            from presenter.demo.castsource import CastSource  # a player is rarely needed

            return CastSource(self._hub, self._clock, demo, step, material, material.cast)
        return self._new_replay(demo, step)

    def _new_replay(self, demo: Demo, step: int) -> ReplaySource:
        return ReplaySource(
            self._hub,
            self._clock,
            demo,
            step,
            self._supply.material(demo, step),
            lambda: self._screens.column(demo.name),
        )

    @staticmethod
    def _by_keys(source: Source) -> bool:
        return source.demo.steps[source.step].typing is Typing.KEYS

    def _scratch(self, event: e.ScratchSet, session: Session, script: Script) -> None:
        if self._live is None or self._live.runs_nothing:
            return
        if event.on:
            demos = script.demos(session.position.slide)
            shells = [demo for demo in demos if demo.kind is DemoKind.SHELL]
            self._live.hands.on_scratch(shells[0] if shells else self._live.any_demo())
        else:
            self._live.hands.leave()

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


def _typed_for(source: Source, event: e.StepStarted) -> bool:
    """Whether the command that stands typed is the one that runs now."""
    here = (source.demo.name, source.step) == (event.demo, event.step)
    return here and not source.began
