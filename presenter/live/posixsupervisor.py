"""The process that the user started, on a POSIX system: see `presenter.live.supervisor`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from presenter.errors import PresenterError
from presenter.live import lifeline, restore, sweep

PATIENCE_SECONDS = lifeline.EXIT_SECONDS + 1
"""After a signal that is to end it, the interface has so long."""
RESUME = b"presenter: the talk broke off; `presenter resume` comes back to it\n"
_SIGNALED = 128
"""The shells' convention: a status of 128 + the signal's number."""
ENDING = frozenset({signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP})
FOR_THE_GROUP = frozenset({signal.SIGINT, signal.SIGQUIT})
"""By a key, they come to the interface as well; a hangup comes to the first process alone."""
WATCHED = ENDING | {signal.SIGCHLD, signal.SIGALRM}


def fork(run: Callable[[], int]) -> int:
    """See `supervise`; only where standard input is a terminal."""
    attributes = restore.Attributes()
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
        return _stand_by(interface, theirs[0], attributes)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    if interface == 0:
        os.close(ours[1])
        os.close(theirs[0])
        lifeline.hold(ours[0], theirs[1])
    return _as_interface(run)


def _nothing(_number: int, _frame: object) -> None:
    pass


def _as_interface(run: Callable[[], int]) -> int:
    try:
        return run()
    except (PresenterError, KeyboardInterrupt, OSError):
        raise
    except BaseException:
        restore.reset_modes()  # what follows can be read, whatever was left undone
        raise
    finally:
        lifeline.tell("end")
        lifeline.leave()


def _stand_by(interface: int, heard: int, attributes: restore.Attributes) -> int:
    """From the interface's start to the end of all that it has started; its status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # we may be in the background
    sweep.adopt_orphans()
    ended, asked = _wait(interface)
    told = lifeline.read_all(heard)
    if not told.ended:
        restore.reset_modes()
    attributes.restore(forget_keys=not told.ended)
    sweep.sweep(told.sessions)
    status = _status(ended, asked, told)
    if told.talk and status:
        with suppress(OSError):
            os.write(2, RESUME)
    return status


def _wait(interface: int) -> tuple[int, int]:
    """How the interface has ended (minus a signal, or a status), and the signal that asked."""
    asked = 0
    while True:
        number, of_a_key = _next_signal()
        if number == signal.SIGCHLD:
            ended = (sweep.reap() or {}).get(interface)
            if ended is not None:
                return os.waitstatus_to_exitcode(ended), asked
        elif number == signal.SIGALRM:
            os.kill(interface, signal.SIGKILL)
        elif not (of_a_key and number in FOR_THE_GROUP):
            asked = asked or number
            os.kill(interface, number)
            signal.alarm(PATIENCE_SECONDS)


def _next_signal() -> tuple[int, bool]:
    """The next signal, and whether the system sent it itself (not told everywhere)."""
    if sys.platform == "darwin":
        return signal.sigwait(WATCHED), False
    info = signal.sigwaitinfo(WATCHED)
    return info.si_signo, info.si_code > 0


def _status(ended: int, asked: int, told: lifeline.Told) -> int:
    if ended >= 0:
        return ended
    if -ended in (signal.SIGKILL, signal.SIGALRM):  # it may be our impatience
        if told.status is not None:
            return told.status
        if asked:
            return _SIGNALED + asked
    return _SIGNALED - ended
