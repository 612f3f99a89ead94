"""Commands that resist: children deaf to TERM, HUP and INT, and shells that are deaf themselves.

What is measured is the longest pause of the loop that keys and frames are handled in, from when the
command's step has fallen until it is gone; beside it, that of a loop with nothing to do on the same
machine.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from presenter.live.shell import State
from tests.demo.test_shells import DEAF, run_and_leave, shells
from tests.faults.table import Row, failed

COMMANDS = ("echo ready; sleep 600", f'bash -c "{DEAF}"', DEAF)
LIMIT = 0.2
MOST_PAUSE = 0.05
MOST_SECONDS = LIMIT + 0.5 + 1.0 + 0.5
PATIENCE = 20.0


def rows(full: bool) -> Iterator[Row]:
    """The table's row."""
    what, must = "command that resists its end", "gone in 2 s, no pause above 50 ms"
    pauses, times, idle = [], [], []
    try:
        for number in range(30 if full else 3):
            idle.append(asyncio.run(_idle()))
            pause, seconds = asyncio.run(_once(COMMANDS[number % 3]))
            pauses.append(pause)
            times.append(seconds)
    except (OSError, TimeoutError) as error:
        yield failed(what, error)
        return
    most = max(MOST_PAUSE, 2 * max(idle))
    ok = max(pauses) <= most and max(times) <= MOST_SECONDS
    measured = (
        f"gone in {max(times):.1f} s, longest pause {max(pauses) * 1000:.0f} ms"
        f" ({max(idle) * 1000:.0f} ms with nothing to do)"
    )
    yield Row(what, len(times), must, measured, ok)


async def _idle() -> float:
    """The longest pause of a loop in one second."""
    began = last = time.monotonic()
    pause = 0.0
    while last - began < 1.0:
        await asyncio.sleep(0.001)
        now = time.monotonic()
        pause, last = max(pause, now - last), now
    return pause


async def _once(command: str) -> tuple[float, float]:
    """The longest pause, and the seconds until the shell is at its prompt again, or gone."""
    with tempfile.TemporaryDirectory() as name:
        async with shells(Path(name), LIMIT) as made:
            post = await run_and_leave(made, command)
            began = last = time.monotonic()
            pause = 0.0
            while post.shell.state not in (State.PROMPT, State.LOST):
                await asyncio.sleep(0.001)
                now = time.monotonic()
                pause, last = max(pause, now - last), now
                if now - began > PATIENCE:
                    raise TimeoutError(f"{command} does not end")
            return pause, time.monotonic() - began
