"""Ctrl-C: it reaches what runs, once, however early it is pressed."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from presenter.live.marks import Began, Ended
from presenter.live.shell import Lost, State
from tests.live.rig import Stand, until

SHELLS = ("bash", "zsh", "sh", "fish")
LOOPS = {"fish": "while true; true; end"}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_child_is_interrupted(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("sleep 100")
        await stand.began()
        stand.shell.interrupt()
        assert await stand.finish() == 130
        assert await stand.run("echo on") == (0, "on\n")


async def test_a_loop_of_the_shell_is_interrupted(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start(LOOPS.get(shell, "while :; do :; done"))
        await stand.began()
        stand.shell.interrupt()
        await stand.finish()
        assert await stand.run("echo on") == (0, "on\n")


async def test_the_rest_of_the_lines_does_not_run(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("echo first\nsleep 100\necho second")
        await until(lambda: "first" in stand.output)
        stand.shell.interrupt()
        await stand.finish()
        assert "second" not in stand.output


async def test_an_interrupt_right_after_the_start_is_not_lost(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        for _ in range(100):
            stand.start("sleep 100")
            stand.shell.interrupt()
            assert await stand.finish() == 130
        assert await stand.run("echo on") == (0, "on\n")


async def test_an_interrupt_just_as_it_begins_is_not_lost(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        for _ in range(50):
            stand.start("sleep 100")
            await stand.began()
            stand.shell.interrupt()
            assert await stand.finish() == 130


async def test_an_interrupt_as_the_command_ends_leaves_a_prompt(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        for n in range(50):
            stand.start(f"sleep 0.{n % 5}")
            wanted = n % 4
            await until(partial(stand.told_more_than, wanted))
            stand.shell.interrupt()
            await until(lambda: stand.shell.state is State.PROMPT)
            # A shell may read the command when the Ctrl-C has already ended it, and run it after
            # all: zsh often, bash on a busy machine.
            assert stand.count(Ended) == stand.count(Began) <= 2
        assert await stand.run("echo on") == (0, "on\n")


COUNTER = """sh -c 'n=0; trap "n=\\$((n + 1)); echo got \\$n" INT; echo ready
while [ $n -lt 9 ]; do sleep 0.02; [ ! -e enough ] || exit $n; done'"""


async def test_a_child_that_catches_it_gets_one(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start(COUNTER)
        await until(lambda: "ready" in stand.output)
        stand.shell.interrupt()
        await until(lambda: "got 1" in stand.output)
        timers = stand.shell._interrupter._timers
        now = asyncio.get_running_loop().time
        await until(lambda: all(timer.when() < now() for timer in timers))
        (tmp_path / "enough").touch()
        await stand.finish()
        assert "got 2" not in stand.output


async def test_a_child_that_ignores_it_goes_on(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("sh -c 'trap \"\" INT; echo ready; read line; echo $line'")
        await until(lambda: "ready" in stand.output)
        stand.shell.interrupt()
        stand.shell.write("typed\r")
        await stand.finish()
        assert stand.output.rstrip().endswith("typed")


async def test_at_the_prompt_it_throws_the_line_away(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.write("garbage")
        await until(lambda: "garbage" in stand.shown)
        stand.shell.interrupt()
        await until(lambda: stand.shell.state is State.PROMPT)
        assert await stand.run("echo on") == (0, "on\n")
        assert not stand.count(Lost)
