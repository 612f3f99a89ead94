"""The clocks."""

from __future__ import annotations

import asyncio

import pytest

from presenter.demo.clock import MonotonicClock, PacedClock, SimulatedClock


async def test_sleepers_wake_at_their_moments_in_order() -> None:
    clock = SimulatedClock()
    woken: list[tuple[str, float]] = []

    async def sleep(name: str, moment: float) -> None:
        await clock.sleep_until(moment)
        woken.append((name, clock.now()))

    tasks = [asyncio.ensure_future(sleep(n, t)) for n, t in [("b", 2.0), ("a", 1.0), ("c", 9.0)]]
    await asyncio.sleep(0)
    await clock.advance(5.0)
    assert woken == [("a", 1.0), ("b", 2.0)]
    assert clock.now() == 5.0
    await clock.advance(5.0)
    assert woken[-1] == ("c", 9.0)
    await asyncio.gather(*tasks)


async def test_a_sleeper_may_sleep_again_within_one_advance() -> None:
    clock = SimulatedClock()
    times: list[float] = []

    async def beat() -> None:
        for n in range(1, 100):
            await clock.sleep_until(n / 10)
            times.append(clock.now())

    task = asyncio.ensure_future(beat())
    await asyncio.sleep(0)
    await clock.advance(9.9)
    await task
    assert times == [n / 10 for n in range(1, 100)]


async def test_a_cancelled_sleeper_is_passed_over() -> None:
    clock = SimulatedClock()
    task = asyncio.ensure_future(clock.sleep_until(1.0))
    await asyncio.sleep(0)
    task.cancel()
    await clock.advance(2.0)
    assert task.cancelled()


async def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    await SimulatedClock(5.0).sleep_until(4.0)
    clock = MonotonicClock()
    before = clock.now()
    await clock.sleep_until(before - 10)
    assert clock.now() >= before


async def test_a_paced_clock_runs_faster_from_its_start() -> None:
    base = SimulatedClock(100.0)
    paced = PacedClock(base, 4.0)
    assert paced.now() == 100.0
    task = asyncio.ensure_future(paced.sleep_until(108.0))
    await asyncio.sleep(0)
    await base.advance(1.9)
    assert not task.done()
    await base.advance(0.1)
    await task
    assert paced.now() == pytest.approx(108.0)
    with pytest.raises(ValueError, match="above 0"):
        PacedClock(base, 0)
