"""A process of its own session: how it is started, how its end is noticed, how it is ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from presenter.live import lifeline
from presenter.live.processes import session_groups, signal_groups

CLOSE_SECONDS = 0.3
"""For each of HUP, TERM and KILL."""
_POLL_SECONDS = 0.02

# Between fork and exec only a new program may do anything, for other threads may have held locks.
# So a small one, not `preexec_fn`, takes the terminal and gives every signal its default back.
_LAUNCHER = """
import fcntl, os, signal, sys, termios
for number in signal.valid_signals():
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_SETMASK, ())
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print(f"{sys.argv[1]}: {error.strerror}", file=sys.stderr)
    os._exit(127 if isinstance(error, FileNotFoundError) else 126)
"""


class Child:
    """`argv` with `terminal` as its controlling terminal; `on_end` is called when it has ended."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        terminal: int,
        on_end: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_end = on_end
        self._timer: asyncio.TimerHandle | None = None
        self._watch = -1
        self.status: int | None = None
        self.signalled = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, *argv],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )
        self.pid = self._process.pid
        lifeline.tell(f"+{self.pid}")
        self._watch_end()

    def _watch_end(self) -> None:
        """By a descriptor where the system has such (Linux), else by asking now and then."""
        if sys.platform == "linux":
            with suppress(OSError):
                self._watch = os.pidfd_open(self.pid)
                self._loop.add_reader(self._watch, self._reap)
                return
        self._timer = self._loop.call_later(_POLL_SECONDS, self._reap)

    def _reap(self) -> None:
        if self._collect():
            self._forget()
            self._on_end()
        elif self._watch < 0:
            self._timer = self._loop.call_later(_POLL_SECONDS, self._reap)

    def _collect(self) -> bool:
        """Take the status, if there is one.

        While others of its session live, it stays a zombie until `end`: its number is also their
        session's, and must not become another's.
        """
        if sys.platform == "linux" and session_groups(self.pid):
            info = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if info is None:
                return False
            self.signalled = info.si_code != os.CLD_EXITED
            self.status = info.si_status + 128 * self.signalled
            return True
        code = self._process.poll()
        if code is None:
            return False
        self.signalled = code < 0
        self.status = 128 - code if code < 0 else code
        return True

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._watch >= 0:
            self._loop.remove_reader(self._watch)
            os.close(self._watch)
            self._watch = -1

    def end(self) -> None:
        """HUP, TERM, KILL to the process and its session, each if the one before did not do."""
        self._forget()
        if self._process.returncode is None:
            if lifeline.leaving():  # what does not end by this is ended together with all others
                signal_groups(set(session_groups(self.pid).values()), signal.SIGHUP)
                return
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
                if self._end_session(number):
                    break
        lifeline.tell(f"-{self.pid}")

    def _end_session(self, number: int) -> bool:
        """Whether nothing of it is left, and the process is reaped."""
        deadline = time.monotonic() + CLOSE_SECONDS
        groups = set(session_groups(self.pid).values())
        signal_groups(groups, number)
        signal_groups(groups, signal.SIGCONT)
        while session_groups(self.pid) or self._process.poll() is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True
