"""What a step has left to itself is ended in the end: the command, or its shell with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from presenter.deck.model import Demo, DemoKind, Grid, Place, Step
from presenter.demo.shells import Post, Setting, Shells
from presenter.live.environment import shell_environment
from presenter.live.marks import Printed
from presenter.live.shell import ShellEvent, State
from presenter.terminal import new_emulator

GRID = Grid(80, 24)
PLACE = Place("", 1)
DEAF = "trap '' TERM HUP INT; echo ready; while :; do sleep 0.05; done"


class Colours:
    def foreground(self) -> str:
        return "#ffffff"

    def background(self) -> str:
        return "#000000"

    def palette(self, index: int) -> str:
        return "#808080"


class Listener:
    """Of a showing: keeps what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def heard(self, event: ShellEvent) -> None:
        if isinstance(event, Printed) and event.running:
            self.text += event.text

    def asked(self) -> None:
        pass


@asynccontextmanager
async def shells(folder: Path, hard_limit: float) -> AsyncIterator[Shells]:
    environment = {**shell_environment(), "HOME": str(folder), "SHELL": "bash"}
    made = Shells(
        Setting(
            environment,
            folder,
            GRID,
            lambda _name: new_emulator(GRID.columns, GRID.rows),
            Colours(),
            console="bash",
            hard_limit=hard_limit,
        )
    )
    try:
        yield made
    finally:
        made.close()


def demo() -> Demo:
    return Demo("shell", DemoKind.SHELL, PLACE, (Step("", PLACE),), language="bash")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- processes tell no event
            await asyncio.sleep(0.005)


def is_over(pid: int) -> bool:
    """Whether a process has ended; its number may be kept until the talk's end."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def run_and_leave(made: Shells, command: str) -> Post:
    """Runs a command that says `ready`, and leaves it as a step that has fallen does."""
    post, listener = await made.post(demo()), Listener()
    post.seat.take("shell", listener)
    post.run(command, "$ ")
    await until(lambda: "ready" in listener.text)
    made.leave(post, listener)
    return post


@pytest.mark.parametrize("command", ["echo ready; sleep 600", f'bash -c "{DEAF}"'])
async def test_a_command_is_ended_and_its_shell_stays(command: str, tmp_path: Path) -> None:
    async with shells(tmp_path, 0.1) as made:
        post = await run_and_leave(made, command)
        await until(lambda: post.shell.state is State.PROMPT)
        assert await made.post(demo()) is post
        assert not post.running


async def test_a_shell_that_will_not_end_is_made_anew(tmp_path: Path) -> None:
    async with shells(tmp_path, 0.1) as made:
        post = await run_and_leave(made, f"export KEPT=1; {DEAF}")
        pid = post.shell._terminal.pid if post.shell._terminal else 0
        await until(lambda: post.shell.state is State.LOST)
        await until(lambda: is_over(pid))
        assert await made.post(demo()) is not post


async def test_a_command_that_ends_in_time_is_let_end(tmp_path: Path) -> None:
    async with shells(tmp_path, 600) as made:
        post = await run_and_leave(made, f"echo ready; sleep 0.2; touch {tmp_path}/done")
        await until(lambda: post.shell.state is State.PROMPT)
        assert (tmp_path / "done").exists()


async def test_a_shell_that_is_used_again_is_left_alone(tmp_path: Path) -> None:
    async with shells(tmp_path, 0.05) as made:
        post = await run_and_leave(made, "echo ready; sleep 0.3; echo over")
        made.returned(post)
        await until(lambda: post.shell.state is State.PROMPT)
        assert post.limit is None
