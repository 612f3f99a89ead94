"""Another size for our own terminal, for a while: what a projector does to it."""

from __future__ import annotations

import os
import sys
from asyncio import TimerHandle, get_running_loop
from contextlib import suppress

CLEAR = "\x1b[2J"
"""A terminal that really changes forgets what it showed beside the new size."""
SHARE = 0.75
FEWEST_COLUMNS, FEWEST_ROWS = 60, 16


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
        self.restore()
        with suppress(OSError, ImportError, ValueError):
            now = os.get_terminal_size(_terminal())
            columns = max(int(now.columns * SHARE), min(FEWEST_COLUMNS, now.columns))
            rows = max(int(now.lines * SHARE), min(FEWEST_ROWS, now.lines))
            smaller = os.terminal_size((columns, rows))
            _set_size(smaller)
            self._before, self._set = now, smaller
            self._timer = get_running_loop().call_later(seconds, self.restore)

    def restore(self) -> None:
        """As it was, unless somebody else has changed it meanwhile."""
        before, ours, self._before, self._set = self._before, self._set, None, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with suppress(OSError, ImportError, ValueError):
            if before is not None and os.get_terminal_size(_terminal()) == ours:
                _set_size(before)


def _terminal() -> int:
    if sys.__stdout__ is None:
        raise OSError("no standard output")
    return sys.__stdout__.fileno()


def _set_size(size: os.terminal_size) -> None:
    import fcntl
    import struct
    import termios

    os.write(_terminal(), CLEAR.encode())
    packed = struct.pack("HHHH", size.lines, size.columns, 0, 0)
    fcntl.ioctl(_terminal(), termios.TIOCSWINSZ, packed)
