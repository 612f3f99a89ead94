"""A shell with what it told, and a home of the test's own."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import pytest

from presenter.live.dialects import Dialect, find_dialect
from presenter.live.environment import shell_environment
from presenter.live.marks import Began, Ended, Printed
from presenter.live.shell import Lost, Prompted, Shell, ShellEvent

DEADLINE = 20.0
PROMPT = "demo$ "
FISH_BEGINS = "\x1b[?2004l\x1b[30m\x1b(B\x1b[m"
FISH_LEAVES = "\x1b[30m\x1b(B\x1b[m\x1b[?2004l"
"""Modes that fish sets when it has already said that the command runs, or when it ends."""


async def until(condition: Callable[[], object], seconds: float = DEADLINE) -> None:
    """Wait for the condition; fail where it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions of other processes send no event
            await asyncio.sleep(0.002)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of the tests with another home, and nothing of the person's who runs them."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return shell_environment({**kept, "HOME": str(home), "LANG": "C.UTF-8", **more})


def dialect_or_skip(name: str, program: str | None = None) -> Dialect:
    found = find_dialect(name, os.environ)
    if found is None or (program and shutil.which(program) is None):
        pytest.skip(f"no {program or name} here")
    return found


class Stand:
    """Runs a shell and keeps its events."""

    def __init__(
        self,
        name: str,
        home: Path,
        *,
        more: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.events: list[ShellEvent] = []
        # fish makes completions of all manual pages at its first start, in the background
        (home / ".local/share/fish/generated_completions").mkdir(parents=True, exist_ok=True)
        self.home = home
        self.shell = Shell(
            dialect_or_skip(name),
            environment=environment(home, **(more or {})),
            cwd=home,
            columns=size[0],
            rows=size[1],
            listener=self.events.append,
        )

    async def __aenter__(self) -> Stand:
        await self.shell.start(PROMPT)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shell.close()

    def count(self, kind: type[ShellEvent]) -> int:
        return sum(isinstance(event, kind) for event in self.events)

    @property
    def output(self) -> str:
        """What commands printed, with plain line ends."""
        text = "".join(e.text for e in self.events if isinstance(e, Printed) and e.running)
        return text.replace("\r\n", "\n").removeprefix(FISH_BEGINS).removesuffix(FISH_LEAVES)

    @property
    def shown(self) -> str:
        """Prompt, echo and the rest."""
        return "".join(e.text for e in self.events if isinstance(e, Printed) and not e.running)

    def told_more_than(self, number: int) -> bool:
        return len(self.events) > number

    async def began(self) -> None:
        await until(lambda: self.count(Began))

    async def finish(self) -> int | None:
        """Wait for the prompt, or the end of the shell; the status of the last command."""
        await until(lambda: any(isinstance(e, Prompted | Lost) for e in self.events))
        return next(e.status for e in reversed(self.events) if isinstance(e, Ended))

    async def run(self, command: str) -> tuple[int | None, str]:
        """The status and the output of one command."""
        self.start(command)
        status = await self.finish()
        return status, self.output

    def start(self, command: str) -> None:
        self.events.clear()
        self.shell.run(command, PROMPT)
