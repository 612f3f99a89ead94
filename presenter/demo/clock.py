"""Time as the program knows it: seconds that only go forward, and waiting for a moment of them.

Deadlines are moments, not durations: whoever waits for the next one from the moment of the last
does not drift.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since some moment in the past; never goes back."""

    async def sleep_until(self, moment: float) -> None:
        """Returns at `moment`, at once where that has passed; may be cancelled."""


class MonotonicClock:
    """The machine's own."""

    def now(self) -> float:
        return time.monotonic()

    async def sleep_until(self, moment: float) -> None:
        await asyncio.sleep(max(moment - self.now(), 0.0))


class PacedClock:
    """Another clock that runs `speed` times as fast, from the moment of its making."""

    def __init__(self, clock: Clock, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"a speed is above 0, not {speed}")
        self._clock = clock
        self._speed = speed
        self._start = clock.now()

    def now(self) -> float:
        return self._start + (self._clock.now() - self._start) * self._speed

    async def sleep_until(self, moment: float) -> None:
        await self._clock.sleep_until(self._start + (moment - self._start) / self._speed)


class SimulatedClock:
    """A clock that tests move by hand."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    async def sleep_until(self, moment: float) -> None:
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        waiting = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._order), waiting))
        await waiting

    async def advance(self, seconds: float) -> None:
        """Moves on by `seconds`, waking each sleeper at its own moment, in the order of those.

        What a sleeper does when it wakes, a new sleep included, happens before the next moment.
        """
        end = self._now + seconds
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, waiting = heapq.heappop(self._sleepers)
            self._now = max(self._now, moment)
            if not waiting.done():
                waiting.set_result(None)
                await _settled()
        self._now = end
        await _settled()


async def _settled() -> None:
    """Lets the tasks that are ready run, and those that they make ready."""
    for _ in range(10):
        await asyncio.sleep(0)
