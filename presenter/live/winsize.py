"""Another size for our own terminal, for a while: what a projector does to it."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from presenter.live import lifeline

if TYPE_CHECKING:
    from asyncio import TimerHandle

CLEAR = "\x1b[2J"
"""A terminal that really changes forgets what it showed beside the new size."""
SHARE = 0.75
FEWEST_COLUMNS, FEWEST_ROWS = 60, 16
MOST = 65_535
"""Columns or rows, to the kernel."""


class TerminalSize:
    """Of the terminal on standard output; does nothing where there is none, and on Windows."""

    def __init__(self) -> None:
        self._before: os.terminal_size | None = None
        self._set: os.terminal_size | None = None
        self._timer: TimerHandle | None = None

    @staticmethod
    def can_change() -> bool:
        """Whether sizes can be set here."""
        with suppress(ImportError, OSError, ValueError):
            import fcntl  # noqa: F401 — Windows has none

            os.get_terminal_size(_terminal())
            return True
        return False

    def shrink(self, seconds: float) -> None:
        """Three quarters of it, for `seconds`; the kernel tells the program as ever (SIGWINCH)."""
        import asyncio  # the supervisor, which knows this module as well, has no use for it

        self.restore()
        with suppress(OSError, ImportError, ValueError):
            now = os.get_terminal_size(_terminal())
            columns = max(int(now.columns * SHARE), min(FEWEST_COLUMNS, now.columns))
            rows = max(int(now.lines * SHARE), min(FEWEST_ROWS, now.lines))
            smaller = os.terminal_size((columns, rows))
            lifeline.tell(f"~{columns}x{rows}<{now.columns}x{now.lines}")
            _clear()
            _set_size(smaller)
            self._before, self._set = now, smaller
            self._timer = asyncio.get_running_loop().call_later(seconds, self._over)

    def _over(self) -> None:
        with suppress(OSError):
            _clear()
        self.restore()

    def restore(self) -> None:
        """As it was, unless somebody else has changed it meanwhile."""
        before, ours, self._before, self._set = self._before, self._set, None, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if before is not None and ours is not None:
            give_back(ours, before)
            lifeline.tell("~")


def give_back(ours: os.terminal_size, before: os.terminal_size) -> None:
    """The size that the terminal had `before`, unless somebody else has changed `ours`."""
    with suppress(OSError, ImportError, ValueError):
        if os.get_terminal_size(_terminal()) == ours:
            _set_size(before)


def sizes_from(told: str) -> tuple[os.terminal_size, os.terminal_size] | None:
    """From `75x25<100x34`, ours and that before; None from anything else."""
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})<(\d{1,5})x(\d{1,5})", told, re.ASCII)
    if found is None:
        return None
    numbers = [min(int(number), MOST) for number in found.groups()]
    return os.terminal_size(numbers[:2]), os.terminal_size(numbers[2:])


def _terminal() -> int:
    if sys.__stdout__ is None:
        raise OSError("no standard output")
    return sys.__stdout__.fileno()


def _clear() -> None:
    os.write(_terminal(), CLEAR.encode())


def _set_size(size: os.terminal_size) -> None:
    import fcntl
    import struct
    import termios

    packed = struct.pack("HHHH", size.lines, size.columns, 0, 0)
    fcntl.ioctl(_terminal(), termios.TIOCSWINSZ, packed)
