"""The laptop: sleep is held off while a talk runs, and a sleep that came all the same is noticed.

Where the system has a program for it, that runs beside the talk and ends with it, however the talk
ends: `systemd-inhibit` holds as long as a pipe of ours is open, `caffeinate` as long as we run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

LONG_SECONDS = 5.0
"""Longer than this nothing but a sleep (or a stopped process) keeps a second from passing."""
_PATIENCE = 0.5
"""Seconds that the program has to end."""
_WHY = "a talk is being given"


class Awake:
    """One for a talk; what cannot be held off is not."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        """Hold sleep and screen saver off; never raises, waits for nothing."""
        if sys.platform == "win32":
            _tell_windows(_ES_CONTINUOUS | _ES_SYSTEM | _ES_DISPLAY)
            return
        command = _command()
        if command is not None and self._process is None:
            with suppress(OSError):
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # a password is asked of nobody
                )

    @property
    def held(self) -> bool:
        """Whether a program of ours holds it."""
        return self._process is not None and self._process.poll() is None

    def release(self) -> None:
        """As it was before; calling it twice is harmless."""
        if sys.platform == "win32":
            _tell_windows(_ES_CONTINUOUS)
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
            process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Wakes:
    """Asked once in `every` seconds; one time that is far too long was a sleep."""

    def __init__(self, every: float = 1.0, now: Callable[[], float] | None = None) -> None:
        """`now`: seconds by a clock that goes on while the machine sleeps."""
        self._now = now or _sleepless
        self._every = every
        self._last = self._now()

    def away(self) -> float:
        """Seconds slept since the last call; 0 where that was no sleep."""
        now = self._now()
        passed, self._last = now - self._last, now
        return passed if passed > self._every + LONG_SECONDS else 0.0


def _sleepless() -> float:
    """Linux has a clock for this; elsewhere the date is taken, which also jumps when it is set."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time()


def _command() -> list[str] | None:
    """What holds sleep off on this system, where it is on the PATH."""
    if sys.platform == "darwin":
        program, more = "caffeinate", ["-dis", "-w", str(os.getpid())]
    else:
        what = ["--what=idle:sleep", "--mode=block", "--who=presenter", f"--why={_WHY}"]
        program, more = "systemd-inhibit", [*what, "cat"]
    found = shutil.which(program)
    return [found, *more] if found else None


_ES_CONTINUOUS, _ES_SYSTEM, _ES_DISPLAY = 0x80000000, 0x1, 0x2

if sys.platform == "win32":

    def _tell_windows(state: int) -> None:
        import ctypes

        ctypes.windll.kernel32.SetThreadExecutionState(state)
