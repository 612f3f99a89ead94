"""The process that the user started, on a POSIX system: see `presenter.live.supervisor`."""

from __future__ import annotations

import os
import signal
import termios
from collections.abc import Callable
from typing import Any

from presenter.errors import PresenterError
from presenter.live import lifeline

WATCHED: set[int] = {
    signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM,
}  # fmt: skip
"""What the supervisor takes when it is ready for it, from before the fork on."""
FIRST_FRAME_SECONDS = 1.0


def fork(run: Callable[[], int]) -> int:
    """See `supervise`; only where standard input is a terminal."""
    attributes = termios.tcgetattr(0)
    # Some systems drop a signal that has neither handler nor effect, even where it is blocked.
    signal.signal(signal.SIGCHLD, _nothing)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    ours, theirs = os.pipe(), os.pipe()
    try:
        interface = os.fork()
    except OSError:  # a talk without a supervisor is better than none
        interface = -1
    if interface > 0:
        os.close(ours[0])
        os.close(theirs[1])
        return _supervise(interface, theirs[0], attributes)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    if interface == 0:
        os.close(ours[1])
        os.close(theirs[0])
        lifeline.hold(ours[0], theirs[1])
    return _as_interface(run)


def _nothing(_number: int, _frame: object) -> None:
    pass


def _supervise(interface: int, heard: int, attributes: list[Any]) -> int:
    """The interface has the machine for itself until its first frame is there, or it has ended."""
    import select

    select.select([heard], [], [], FIRST_FRAME_SECONDS)
    from presenter.live.clearing import stand_by

    return stand_by(interface, WATCHED, heard, attributes)


def _as_interface(run: Callable[[], int]) -> int:
    try:
        return run()
    except (PresenterError, KeyboardInterrupt, OSError):
        raise
    except BaseException:
        from presenter.live.restore import reset_modes

        reset_modes()  # what follows can be read, whatever was left undone
        raise
    finally:
        lifeline.tell("end")
        lifeline.leave()
