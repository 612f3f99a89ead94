"""The interface's line to its supervisor: what it tells, and how it learns that it is alone.

Lines: `talk` (there is a journal to resume), `+7` and `-7` (a session of processes began, is over),
`/tmp/presenter-x` (a folder that nobody needs afterwards), `=143` (this will be the status),
`~75x25<100x34` (so large is the terminal for a while, and so it was; `~`: it is again), `end` (the
terminal is as it was found).
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress

EXIT_SECONDS = 5
"""Longer than this nothing keeps an interface that is to end: no hung thread, no dead disk."""

FOLDERS = "presenter-"
"""So begin the names of temporary folders: no other one is ever removed."""

_ends: tuple[int, int] | None = None
_leaving = False


def hold(watched: int, told: int) -> None:
    """In the interface: `watched` ends with the supervisor, which reads what is told."""
    global _ends
    os.set_blocking(told, False)
    _ends = watched, told


def watched() -> int | None:
    """A descriptor that can be read when the supervisor is gone; None where there is none."""
    return _ends[0] if _ends else None


def tell(line: str) -> None:
    """Never blocks, never raises; nothing where there is no supervisor."""
    if _ends:
        with suppress(OSError):
            os.write(_ends[1], os.fsencode(f"{line}\n"))


def is_alone() -> None:
    """The supervisor is gone: nobody clears up after the interface."""
    global _ends, _leaving
    _ends, _leaving = None, False


def leaving() -> bool:
    """Whether the interface ends, and its supervisor ends what it leaves behind."""
    return _leaving


def leave(status: int | None = None) -> None:
    """The interface begins to end (with `status`): it is killed if that takes EXIT_SECONDS."""
    global _leaving
    if _ends:
        _leaving = True
        if status is not None:
            tell(f"={status}")
        signal.alarm(EXIT_SECONDS)
