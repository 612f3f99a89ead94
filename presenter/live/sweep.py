"""The end of every process that an interface has left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

STAGES = ((signal.SIGHUP, 0.2), (signal.SIGTERM, 0.5), (signal.SIGKILL, 1.0))
"""What they are sent, and the seconds until the next."""
_POLL_SECONDS = 0.01
_SUBREAPER = 36


def adopt_orphans() -> None:
    """On Linux, what has lost its parent becomes a child of ours: no daemon gets away."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def reap() -> dict[int, int] | None:
    """The children that have ended, and how (`os.waitpid`); None where there are no children."""
    ended: dict[int, int] = {}
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = found[1]
    except ChildProcessError:
        return ended or None
    return ended


def sweep(sessions: Iterable[int] = ()) -> None:
    """HUP, TERM, KILL to what is left of our descendants and of the sessions; never raises.

    Takes no time where there is nothing, and 1.7 s where a process cannot be killed.
    """
    for number, seconds in STAGES:
        deadline = time.monotonic() + seconds
        told: set[int] = set()
        while time.monotonic() < deadline:
            childless = reap() is None
            left = set() if childless else descendants(os.getpid())
            left |= _members(sessions)
            if childless and not left:
                return
            for pid in left - told:
                _send(pid, number)
            told |= left
            time.sleep(_POLL_SECONDS)


def _send(pid: int, number: int) -> None:
    with suppress(OSError):
        os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)


def descendants(ancestor: int) -> set[int]:
    """The processes that live below one; none where the system does not tell."""
    children: dict[int, list[int]] = {}
    with suppress(OSError):
        for name in os.listdir("/proc"):  # noqa: PTH208 - hundreds of entries, again and again
            if name.isdecimal():
                with suppress(OSError, ValueError):
                    stat = Path("/proc", name, "stat").read_bytes()
                    state, parent = stat[stat.rindex(b")") + 2 :].split(maxsplit=2)[:2]
                    if state not in (b"Z", b"X"):
                        children.setdefault(int(parent), []).append(int(name))
    found: set[int] = set()
    waiting = [ancestor]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.add(child)
            waiting.append(child)
    return found


def _members(sessions: Iterable[int]) -> set[int]:
    """Where orphans are not ours, what is left of the sessions that the interface has told of."""
    if sys.platform == "linux" or not sessions:
        return set()
    from presenter.live.processes import session_groups

    return {pid for session in sessions for pid in session_groups(session)}
