"""What runs beside the steps: a process in a terminal of its own for each background step.

It has the directory and the exported variables of its session, is shown where its step was shown,
and ends with the talk.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from presenter.deck.model import Demo
from presenter.demo.seat import Listener, Seat
from presenter.live.dialects import Dialect
from presenter.live.marks import Ended, Printed
from presenter.live.processes import session_groups, signal_groups
from presenter.live.pty import Terminal, spawn

ONE_COMMAND = {"powershell": "-Command"}
ENDS = ((signal.SIGHUP, 0.3), (signal.SIGTERM, 0.5), (getattr(signal, "SIGKILL", 15), 1.0))
"""How one is ended that is run anew or has fallen, and the seconds that it has for each."""


@dataclass(slots=True)
class Background:
    """One process that runs beside the steps."""

    demo: str
    step: int
    seat: Seat
    terminal: Terminal | None = None
    status: int | None = None
    ended: bool = False
    unwanted: bool = False
    """It is being ended: nobody shows or lists it any more."""

    @property
    def words(self) -> str:
        """How it stands: `runs`, or how it has ended."""
        if not self.ended:
            return "runs"
        return "ended" if self.status is None else f"ended {self.status}"


@dataclass(slots=True)
class Besides:
    """All that run, or have run, beside a talk's steps."""

    new_seat: Callable[[Callable[[str], None]], Seat]
    size: tuple[int, int]
    on_report: Callable[[str], None]
    _all: list[Background] = field(default_factory=list)

    def __iter__(self) -> Iterator[Background]:
        """Those that somebody wants, whether they still run or not."""
        return iter([one for one in self._all if not one.unwanted])

    def start(
        self,
        demo: Demo,
        step: int,
        command: str,
        listener: Listener,
        *,
        dialect: Dialect,
        environment: Mapping[str, str],
        folder: Path,
    ) -> Background:
        """Run a command; the one that ran for the step before is ended. Raises OSError."""
        self.end(demo.name, step)
        running = Background(demo.name, step, self.new_seat(lambda text: _write(running, text)))
        running.seat.take(demo.name, listener)

        def ended(status: int | None) -> None:
            running.ended, running.status = True, status
            running.seat.on_event(Ended(status))
            if not running.unwanted:
                how = "no known status" if status is None else f"status {status}"
                self.on_report(f"background {demo.name} ended with {how}")

        running.terminal = spawn(
            (dialect.program, ONE_COMMAND.get(dialect.name, "-c"), command),
            env=dict(environment),
            cwd=folder,
            columns=self.size[0],
            rows=self.size[1],
            on_output=lambda text: running.seat.on_event(Printed(text, running=True)),
            on_exit=ended,
        )
        self._all.append(running)
        return running

    def end(self, demo: str, step: int) -> None:
        """End what runs for a step, without waiting for it."""
        for running in self:
            if (running.demo, running.step) == (demo, step):
                running.unwanted = True
                self._press(running, 0)

    def _press(self, running: Background, times: int) -> None:
        terminal = running.terminal
        if running.ended or terminal is None or times == len(ENDS):
            return
        number, seconds = ENDS[times]
        signal_groups({terminal.pid, *session_groups(terminal.pid).values()}, number)
        asyncio.get_running_loop().call_later(seconds, self._press, running, times + 1)

    def close(self) -> None:
        """End all of them; bounded, never raises."""
        for running in self._all:
            if running.terminal is not None:
                running.terminal.close()


def _write(running: Background, text: str) -> None:
    if running.terminal is not None and text:
        running.terminal.write(os.fsencode(text))
