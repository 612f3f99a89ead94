"""A world for drills without a cluster: recordings stand in for what would run and answer.

To the ladder they are live: a step runs, prints what it printed when it was recorded, at that pace,
and ends; whatever it needs is there. Nothing of the deck runs, and nobody is contacted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.replay import StepMaterial, playing_times
from presenter.demo.seat import Listener, Seat
from presenter.live.findings import Finding, holds
from presenter.live.interrupts import INTERRUPTED
from presenter.live.marks import Ended, Printed
from presenter.talk.health import Evidence, Good

BEAT_SECONDS = 0.25


class Taped:
    """One run of a step, from what was recorded of it."""

    def __init__(self, material: Callable[[], StepMaterial], clock: Clock) -> None:
        self._material = material
        self._clock = clock
        self._listener: Listener | None = None
        self._playing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Nothing has to be there: what was never recorded prints what its card says."""

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        del command, prompt
        self._listener = listener
        self._playing = asyncio.get_running_loop().create_task(self._play(listener))

    @property
    def seat(self) -> Seat | None:
        """None: a recording takes no keys."""
        return None

    def interrupt(self) -> None:
        if self._playing is not None and self._listener is not None and not self._playing.done():
            self._playing.cancel()
            self._listener.heard(Printed("^C\r\n", running=True))
            self._listener.heard(Ended(INTERRUPTED))

    def leave(self, listener: Listener) -> None:
        if self._playing is not None and listener is self._listener:
            self._playing.cancel()

    async def _play(self, listener: Listener) -> None:
        material, began = self._material(), self._clock.now()
        *dues, end = playing_times(material.chunks, material.seconds)
        for due, (_, text) in zip(dues, material.chunks, strict=True):
            await self._clock.sleep_until(began + due)
            listener.heard(Printed(text, running=True))
        await self._clock.sleep_until(began + end)
        listener.heard(Ended(material.status or 0))


class Tapes:
    """What runs the steps of a talk: nothing but their recordings."""

    def __init__(self, material: Callable[[Demo, int], StepMaterial], clock: Clock) -> None:
        self._material = material
        self._clock = clock
        self._exports: dict[str, str] = {}

    def of(self, demo: Demo, step: int) -> Taped:
        def material() -> StepMaterial:
            found = self._material(demo, step)
            self._exports |= {n: found.exports[n] for n in demo.exports if n in found.exports}
            return found

        return Taped(material, self._clock)

    async def warm(self, demo: Demo) -> None:
        """Nothing has to be started."""

    def variables(self) -> Mapping[str, str]:
        return self._exports


class FairWeather:
    """A prober that asks nobody: all that it is asked of is there."""

    def __init__(self) -> None:
        self.on_beat: Callable[[str, Evidence | None], None] = lambda _key, _evidence: None
        self._keys: tuple[str, ...] = ()
        self._beating: asyncio.Task[None] | None = None

    @property
    def heard(self) -> float:
        return time.monotonic()

    def watch(self, conditions: Mapping[str, Mapping[str, object]], seconds: float) -> None:
        del seconds
        self._keys = tuple(conditions)
        if self._beating is None:
            self._beating = asyncio.get_running_loop().create_task(self._beat())

    async def probe(self, name: str, condition: Mapping[str, object]) -> Finding:
        del condition
        return holds(f"{name}: taken to hold, in this drill")

    async def current(self, named: str, folder: Path | None, seconds: float) -> Finding:
        """No cluster at all: none is asked, so none can be the wrong one."""
        del named, folder, seconds
        return holds("")

    def close(self) -> None:
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            for key in self._keys:
                self.on_beat(key, Good(time.monotonic()))
            await asyncio.sleep(BEAT_SECONDS)
