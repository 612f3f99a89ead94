"""What the supervisor does while the interface runs, and when it has ended.

Loaded when the interface is on its way, for its first frame has not to wait for this.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import suppress

from presenter.live import sweep
from presenter.live.lifeline import EXIT_SECONDS
from presenter.live.restore import Attributes, reset_modes, restore
from presenter.live.told import Told, read_all
from presenter.live.winsize import give_back

PATIENCE_SECONDS = EXIT_SECONDS + 1
"""After a signal that is to end it, the interface has so long."""
RESUME = b"presenter: the talk broke off; `presenter resume` comes back to it\n"
_SIGNALED = 128
"""The shells' convention: a status of 128 + the signal's number."""
FOR_THE_GROUP = frozenset({signal.SIGINT, signal.SIGQUIT})
"""By a key, they come to the interface as well; a hangup comes to the first process alone."""


def stand_by(interface: int, watched: set[int], heard: int, attributes: Attributes) -> int:
    """From the interface's start to the end of all that it has started; its status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # we may be in the background
    sweep.adopt_orphans()
    ended, asked = _wait(interface, watched)
    told = read_all(heard)
    if not told.ended:
        reset_modes()
    restore(attributes, forget_keys=not told.ended)
    if told.sizes is not None:
        give_back(*told.sizes)
    sweep.sweep(told.sessions)
    for folder in told.folders:
        shutil.rmtree(folder, ignore_errors=True)
    status = _status(ended, asked, told)
    if told.talk and status:
        with suppress(OSError):
            os.write(2, RESUME)
    return status


def _wait(interface: int, watched: set[int]) -> tuple[int, int]:
    """How the interface has ended (minus a signal, or a status), and the signal that asked."""
    asked = 0
    while True:
        number, of_a_key = _next_signal(watched)
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


def _next_signal(watched: set[int]) -> tuple[int, bool]:
    """The next signal, and whether the system sent it itself (not told everywhere)."""
    if sys.platform == "darwin":
        return signal.sigwait(watched), False
    info = signal.sigwaitinfo(watched)
    return info.si_signo, info.si_code > 0


def _status(ended: int, asked: int, told: Told) -> int:
    if ended == 1 and asked:  # a terminal that goes away may break it off before it hears why
        return _SIGNALED + asked
    if ended >= 0:
        return ended
    if -ended in (signal.SIGKILL, signal.SIGALRM):  # it may be our impatience
        if told.status is not None:
            return told.status
        if asked:
            return _SIGNALED + asked
    return _SIGNALED - ended
