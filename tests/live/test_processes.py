"""Processes that are begun in a thread, and nobody waits for any more."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from presenter.live import sender
from presenter.live.processes import Started, begin, start_module
from presenter.live.sender import REQUESTS, Sender

PATIENCE = 60.0


async def test_what_is_thrown_away_with_its_task_is_ended() -> None:
    """As a loop does that is closed while a task of it waits."""
    may, over = threading.Event(), threading.Event()
    ended: list[int] = []

    def end(thing: int) -> None:
        ended.append(thing)
        over.set()

    def start() -> int:
        assert may.wait(PATIENCE)
        return 1

    way = begin(start, end)
    way.send(None)
    way.close()
    may.set()
    assert await asyncio.to_thread(over.wait, PATIENCE)
    assert ended == [1]


async def test_what_is_waited_for_is_not_ended() -> None:
    ended: list[int] = []
    assert await begin(lambda: 1, ended.append) == 1
    assert ended == []


async def test_what_cannot_be_started_says_why() -> None:
    def start() -> int:
        raise OSError("nothing there")

    with pytest.raises(OSError, match="nothing there"):
        await begin(start, lambda _: None)


async def test_what_comes_too_late_is_ended_once() -> None:
    gate, over, ended = threading.Event(), threading.Event(), list[int]()

    def end(thing: int) -> None:
        ended.append(thing)
        over.set()

    def start() -> int:
        assert gate.wait(PATIENCE)
        return 1

    task = asyncio.create_task(begin(start, end))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == []
    gate.set()
    assert await asyncio.to_thread(over.wait, PATIENCE)
    assert ended == [1]


async def test_what_has_come_before_is_ended_once() -> None:
    begun, ended = threading.Event(), list[int]()

    def start() -> int:
        begun.set()
        return 1

    task = asyncio.create_task(begin(start, ended.append))
    await asyncio.sleep(0)
    assert begun.wait(PATIENCE)  # the loop stands: what has come is not known to it yet
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(PATIENCE):
        while not ended:  # noqa: ASYNC110 — by the thread, where it was the last
            await asyncio.sleep(0.01)
    assert ended == [1]


def test_the_end_of_a_loop_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, begun = threading.Event(), list[int]()

    def slow(module: str, *, environment: dict[str, str], cwd: Path) -> Started:
        assert gate.wait(PATIENCE)
        started = start_module(module, environment=environment, cwd=cwd)
        begun.append(started[0].pid)
        return started

    monkeypatch.setattr(sender, "start_module", slow)

    async def talk() -> None:
        starting = asyncio.create_task(Sender(REQUESTS).start(dict(os.environ), Path.cwd()))
        starting.add_done_callback(lambda _: gate.set())
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(talk())
    assert len(begun) == 1
    until = time.monotonic() + PATIENCE
    while psutil.pid_exists(begun[0]) and time.monotonic() < until:
        time.sleep(0.01)
    assert not psutil.pid_exists(begun[0])
