"""Ctrl-C for a command that has only just begun, so that it reaches the command.

A terminal turns Ctrl-C into a signal for its foreground group as it is typed, and throws away what
was typed before it. So it comes too early while the shell still reads the command, and it is lost
on a shell that has forked the child but not handed it the terminal. People are slower than that; a
script that interrupts at once is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from presenter.live.processes import runs_program_of, would_die_of_interrupt
from presenter.live.pty import Terminal

CTRL_C = b"\x03"
INTERRUPTED = 130
"""The status of what ended by it: 128 + SIGINT."""
_YOUNG_SECONDS = 0.12
"""Within this time a command may still be starting its first child."""
_POLL_SECONDS = 0.005
_CHECK_SECONDS = 0.1
_TRIES = 3


class Interrupter:
    """Sends Ctrl-C to the commands of one shell."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._loop = asyncio.get_running_loop()
        self._timers: list[asyncio.TimerHandle] = []
        self._waiting = False
        """A command was delivered and has not begun."""
        self._wanted = False
        self._began: float | None = None

    def delivered(self) -> None:
        self.ended()
        self._waiting = True

    def began(self) -> None:
        self._waiting, self._began = False, self._loop.time()
        if self._wanted:
            self._wanted = False
            self._send_when_it_runs()

    def ended(self) -> None:
        """The command ended, or the shell: nothing more is sent."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._waiting = self._wanted = False
        self._began = None

    def interrupt(self) -> None:
        """One Ctrl-C; what waits for the command to begin is one, however often it is asked for."""
        if self._waiting:
            self._wanted = True
        elif self._began is not None and self._loop.time() - self._began < _YOUNG_SECONDS:
            self._send_when_it_runs()
        else:
            self._terminal.write(CTRL_C)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._timers.append(self._loop.call_later(seconds, action))

    def _send_when_it_runs(self) -> None:
        group = self._terminal.foreground()
        age = self._loop.time() - (self._began or 0.0)
        child = group is not None and group != self._terminal.pid
        if child and group is not None and runs_program_of(group, self._terminal.pid) is False:
            age = _YOUNG_SECONDS
        if age < _YOUNG_SECONDS:
            self._later(_POLL_SECONDS, self._send_when_it_runs)
            return
        self._terminal.write(CTRL_C)
        self._later(_CHECK_SECONDS, lambda: self._send_again(_TRIES))

    def _send_again(self, tries: int) -> None:
        """A child that an interrupt would have ended, and that lives, has not got it."""
        group = self._terminal.foreground()
        if group is None or group == self._terminal.pid or not tries:
            return
        if would_die_of_interrupt(group):
            self._terminal.write(CTRL_C)
            self._later(_CHECK_SECONDS, lambda: self._send_again(tries - 1))
