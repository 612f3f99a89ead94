"""The terminal as it was before: its attributes, and its modes after an end that was none."""

from __future__ import annotations

import os
import select
import termios
import time
from contextlib import suppress
from typing import Any

Attributes = list[Any]
"""Of `termios.tcgetattr`."""
WRITE_SECONDS = 0.5
"""A terminal that takes nothing for so long (Ctrl-S, a dead link) is given up."""
_MODES = (1000, 1002, 1003, 1006, 1015, 1016, 1004, 2004, 2048)
RESET = "".join(
    (
        "\x1b\\",  # the end of a sequence that was cut in two
        "\x1b[?2026l",  # draw at once
        "\x1b[<u",  # the plain keyboard, while the screen that it was changed for is there
        *(f"\x1b[?{mode}l" for mode in _MODES),
        "\x1b[?7h",  # long lines go on in the next row
        "\x1b[?1049l",
        "\x1b[?25h",
        "\x1b[0m",
    )
)
"""Everything off that the interface switches on."""


def reset_modes() -> None:
    """Write RESET; never raises, and never waits longer than WRITE_SECONDS."""
    with suppress(OSError):
        terminal = _open_terminal()
        try:
            _write(terminal, RESET.encode("ascii"))
        finally:
            os.close(terminal)


def _open_terminal() -> int:
    """Opened anew: a descriptor that must not block would be so for the shell as well."""
    try:
        return os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # it controls none
        return os.dup(1)


def _write(terminal: int, data: bytes) -> None:
    deadline = time.monotonic() + WRITE_SECONDS
    while data and (left := deadline - time.monotonic()) > 0:
        if select.select([], [terminal], [], left)[1]:
            with suppress(BlockingIOError):
                data = data[os.write(terminal, data) :]


def restore(attributes: Attributes, *, forget_keys: bool) -> None:
    """Those of the terminal at standard input; never raises.

    `forget_keys`: what was pressed is not for the shell. Nothing where another has the foreground:
    then the attributes are his.
    """
    with suppress(OSError, termios.error):
        if _foreground():
            termios.tcsetattr(0, termios.TCSANOW, attributes)
            if forget_keys:
                termios.tcflush(0, termios.TCIFLUSH)


def _foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # a terminal that does not control us
        return True
