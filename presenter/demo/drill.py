"""A drill at work: faults strike live steps, between the step and what runs it, or answers it.

What is struck cannot tell the fault from a real one, and neither can the ladder. The world itself
is left alone: no network is cut and no process is ended. What a live step has started runs on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from presenter.deck.model import Demo, Step
from presenter.demo.clock import Clock
from presenter.demo.conditions import Finding, Prober
from presenter.demo.execution import Execution, Executions
from presenter.demo.pins import Current
from presenter.demo.seat import Listener, Seat
from presenter.live import findings
from presenter.live.marks import Ended, Printed
from presenter.live.shell import ShellEvent
from presenter.talk.commands import Command, Inject
from presenter.talk.drill import OF_THE_LINK, Injected, Plan, Strike
from presenter.talk.expect import judge
from presenter.talk.fallback import Fault
from presenter.talk.health import Broken, Evidence, Waiting

TICK_SECONDS = 0.1
FIT_SECONDS = 1.5
"""What is slow comes by fits: silent for so long, and then all at once."""
MOST_HELD = 200_000
"""Characters kept of what a frozen step prints meanwhile."""
REFUSED = "connection refused (drill)"


class Weather:
    """What is wrong with the link at the moment."""

    def __init__(self, world: Clock) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.world = world
        self._fault: Injected | None = None
        self._until = 0.0

    def strike(self, strike: Strike) -> None:
        """What is none of the link changes nothing here."""
        if strike.fault in OF_THE_LINK:
            self._fault, self._until = strike.fault, self.world.now() + strike.lasting
            self.on_change()

    def over(self, condition: Mapping[str, object]) -> Injected | None:
        """What is wrong with the way to the one that a condition is about."""
        if self.world.now() >= self._until:
            return None
        others = self._fault is Injected.CLUSTER_GONE and "kubernetes" not in condition
        return None if others else self._fault


class StruckProber:
    """A prober whose answers the weather spoils."""

    def __init__(self, prober: Prober, weather: Weather) -> None:
        self.on_beat: Callable[[str, Evidence | None], None] = lambda _key, _evidence: None
        self._prober = prober
        self._weather = weather
        self._watched: dict[str, Mapping[str, object]] = {}
        self._ticking: asyncio.Task[None] | None = None
        prober.on_beat = self._beat
        weather.on_change = self._changed

    @property
    def heard(self) -> float:
        return self._prober.heard

    def watch(self, conditions: Mapping[str, Mapping[str, object]], seconds: float) -> None:
        self._watched = dict(conditions)
        self._prober.watch(conditions, seconds)

    async def probe(self, name: str, condition: Mapping[str, object]) -> Finding:
        fault = self._weather.over(condition)
        if fault is Injected.CLUSTER_GONE:
            return findings.fails(f"{name}: {REFUSED}", Fault.REFUSED)
        if fault is not None:
            return findings.fails(f"{name}: no answer (drill)", Fault.SILENT)
        return await self._prober.probe(name, condition)

    async def current(self, named: str, folder: Path | None, seconds: float) -> Current:
        return await self._prober.current(named, folder, seconds)

    def close(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        self._prober.close()

    def _beat(self, key: str, evidence: Evidence | None) -> None:
        if self._weather.over(self._watched.get(key, {})) is None:
            self.on_beat(key, evidence)

    def _changed(self) -> None:
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    async def _tick(self) -> None:
        """Tells what a heartbeat would find, as long as the weather is bad."""
        world = self._weather.world
        while True:
            faults = {key: self._weather.over(each) for key, each in self._watched.items()}
            now = world.now()
            for key, fault in faults.items():
                if fault is Injected.CLUSTER_GONE:
                    self.on_beat(key, Broken(now, Fault.REFUSED, REFUSED, confirmed=True))
                elif fault is not None:
                    self.on_beat(key, Waiting(now))
            if not any(faults.values()):
                return
            await world.sleep_until(now + TICK_SECONDS)


class Drill:
    """The faults of one rehearsal."""

    def __init__(
        self, plan: Plan, clock: Clock, resize: Callable[[float], object], world: Clock
    ) -> None:
        """`clock` is that of what runs; `world`, that of everything else.

        `resize` makes the terminal another one for so many seconds.
        """
        self.plan = dict(plan)
        """What has not struck yet; a step that is run again is left alone."""
        self.clock = clock
        self.weather = Weather(world)
        self.world = world
        self.dispatch: Callable[[Command], None] = lambda _command: None
        self._resize = resize

    def struck(self, demo: Demo, step: int, strike: Strike) -> None:
        """It strikes now."""
        self.weather.strike(strike)
        if strike.fault is Injected.RESIZED:
            self._resize(strike.lasting)
        self.dispatch(Inject(demo.name, step, strike.fault.value, round(strike.lasting, 1)))


class StruckExecutions:
    """What runs the steps of a talk, with the faults of a drill between."""

    def __init__(self, executions: Executions, drill: Drill) -> None:
        self._executions = executions
        self._drill = drill

    def of(self, demo: Demo, step: int) -> Execution:
        execution = self._executions.of(demo, step)
        strike = self._drill.plan.pop((demo.name, step), None)
        if strike is None:
            return execution
        return Struck(execution, self._drill, demo, step, strike)

    async def warm(self, demo: Demo) -> None:
        await self._executions.warm(demo)

    def variables(self) -> Mapping[str, str]:
        return self._executions.variables()


class Struck:
    """One run of a step that a fault strikes; it listens in the place of who shows the step."""

    def __init__(
        self, execution: Execution, drill: Drill, demo: Demo, step: int, strike: Strike
    ) -> None:
        self._execution = execution
        self._drill = drill
        self._demo = demo
        self._step = step
        self._strike = strike
        self._listener: Listener | None = None
        self._held: list[ShellEvent] = []
        self._size = 0
        self._holds = False
        """What happens is kept from who listens."""
        self._ended = False
        self._work: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        await self._execution.prepare()

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        self._listener = listener
        if self._strike.fault is not Injected.WRONG_STATUS:
            self._work = asyncio.get_running_loop().create_task(self._strike_later())
        await self._execution.start(command, prompt, self)

    @property
    def seat(self) -> Seat | None:
        return self._execution.seat

    def interrupt(self) -> None:
        """A Ctrl-C ends what hangs, too."""
        self._stop()
        self._execution.interrupt()
        self._release()

    def leave(self, listener: Listener) -> None:
        if listener is self._listener:
            self._stop()
            self._execution.leave(self)

    # --- from what runs it --------------------------------------------------------------------

    def heard(self, event: ShellEvent) -> None:
        """From the terminal; what the step is not to know yet is kept."""
        if isinstance(event, Ended):
            event = self._end(event)
        if not self._holds:
            self._tell(event)
        elif not isinstance(event, Printed) or self._size < MOST_HELD:
            self._size += len(event.text) if isinstance(event, Printed) else 0
            self._held.append(event)

    def asked(self) -> None:
        if self._listener is not None and not self._holds:
            self._listener.asked()

    def _end(self, event: Ended) -> Ended:
        self._ended = True
        if self._strike.fault is not Injected.WRONG_STATUS:
            return event
        self._drill.struck(self._demo, self._step, self._strike)
        return Ended(_wrong(self._demo.steps[self._step], event.status))

    # --- the fault ----------------------------------------------------------------------------

    async def _strike_later(self) -> None:
        clock, strike = self._drill.clock, self._strike
        await clock.sleep_until(clock.now() + strike.after)
        if self._ended:  # sooner than the plan has thought
            return
        self._drill.struck(self._demo, self._step, strike)
        match strike.fault:
            case Injected.RESIZED:
                return
            case Injected.HANG:
                self._holds = True
            case Injected.SLOW:
                await self._by_fits()
            case _:
                self._holds = True
                await self._sleep(strike.lasting)
                self._release()

    async def _by_fits(self) -> None:
        world = self._drill.world
        until = world.now() + self._strike.lasting
        while world.now() < until:
            self._holds = True
            await self._sleep(FIT_SECONDS)
            self._release()

    async def _sleep(self, seconds: float) -> None:
        world = self._drill.world
        await world.sleep_until(world.now() + seconds)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _release(self) -> None:
        self._holds = False
        held, self._held, self._size = self._held, [], 0
        for event in held:
            self._tell(event)

    def _tell(self, event: ShellEvent) -> None:
        if self._listener is not None:
            self._listener.heard(event)


def _wrong(step: Step, status: int | None) -> int | None:
    """A status that the step does not expect: its own, where that is one."""
    told = replace(step, expect="", transcript=None)
    tries = (status, 1, 0, 2)
    return next((one for one in tries if judge(told, one, []) is Fault.EXIT_STATUS), 1)
