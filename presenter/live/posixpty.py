"""A process in a pseudo-terminal of a POSIX system: see `presenter.live.pty`."""

from __future__ import annotations

import asyncio
import codecs
import fcntl
import os
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from presenter.live.child import Child
from presenter.live.processes import signal_groups

READ_BYTES = 8192
"""Taken in one turn of the loop: with 256 KB a turn, a flood froze the keys for more than 1 s."""
WORK_SECONDS = 0.008
WINDOW_SECONDS = 0.016
"""Output may cost 8 ms in each 16 ms. Then reading stops, and the kernel holds the child back."""
WRITE_BYTES = 1 << 20
"""What a terminal has not taken is kept up to this; more is dropped."""
_QUIET_SECONDS = 0.05
_DRAIN_SECONDS = 0.5
"""When the process has ended and others still have its terminal, its last output is awaited: until
nothing comes, or this long."""
_EMPTY_SECONDS = 0.1
_IUTF8 = 0x4000


class Budget:
    """The share of the loop's time that the output of all terminals together may take."""

    def __init__(self) -> None:
        self._start = 0.0
        self._spent = 0.0

    def wait(self, now: float) -> float:
        """Seconds until output may be read again; 0 where it may be now."""
        if not 0 <= now - self._start < WINDOW_SECONDS:
            self._start, self._spent = now, 0.0
        return self._start + WINDOW_SECONDS - now if self._spent >= WORK_SECONDS else 0.0

    def spend(self, seconds: float) -> None:
        self._spent += seconds


_BUDGET = Budget()


class PosixTerminal:
    """See `presenter.live.pty.Terminal`."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int],
        on_output: Callable[[str], None],
        on_exit: Callable[[int | None], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_output, self._on_exit = on_output, on_exit
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = bytearray()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ended = self._finished = self._closed = self._held = self._eof = False
        self._master, slave = os.openpty()
        try:
            os.set_blocking(self._master, False)
            self.resize(*size)
            _erase_whole_characters(slave)
            self._child = Child(argv, env, cwd, slave, self._process_ended)
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self.pid = self._child.pid
        self._loop.add_reader(self._master, self._read)

    @property
    def status(self) -> int | None:
        return self._child.status

    @property
    def signalled(self) -> bool:
        return self._child.signalled

    def write(self, data: bytes) -> None:
        if self._closed or self._finished:
            return
        self._waiting += data[: WRITE_BYTES - len(self._waiting)]
        self._write()

    def _write(self) -> None:
        try:
            while self._waiting:
                del self._waiting[: os.write(self._master, self._waiting[:4096])]
        except BlockingIOError:
            self._loop.add_writer(self._master, self._write)
            return
        except OSError:
            self._waiting.clear()
        self._loop.remove_writer(self._master)

    def resize(self, columns: int, rows: int) -> None:
        if not self._closed:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            with suppress(OSError):
                fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def foreground(self) -> int | None:
        if self._closed:
            return None
        try:
            group = os.tcgetpgrp(self._master)
        except OSError:
            return None
        return group if group > 1 else None

    def takes_lines(self) -> bool:
        if self._closed:
            return True
        try:
            return bool(termios.tcgetattr(self._master)[3] & termios.ICANON)
        except termios.error:
            return True

    def signal(self, number: int) -> None:
        group = self.foreground()
        if group is not None:
            signal_groups({group}, number)

    def hold(self) -> None:
        self._held = True
        self._stop_reading()

    def go_on(self) -> None:
        self._held = False
        self._start_reading()
        if self._ended:
            self._later("quiet", _QUIET_SECONDS, self._finish)

    def _stop_reading(self) -> None:
        if not self._closed:
            self._loop.remove_reader(self._master)

    def _start_reading(self) -> None:
        if not (self._closed or self._finished or self._held):
            self._loop.add_reader(self._master, self._read)

    def _later(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        """One timer for each name: a later call moves it."""
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = self._loop.call_later(seconds, action)

    def _read(self) -> None:
        began = time.perf_counter()
        wait = _BUDGET.wait(began)
        if wait:
            self._stop_reading()
            self._later("read", wait, self._start_reading)
            return
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:  # EIO: nobody has the other end open, which may change while it lives
            data = b""
        self._eof = not data
        if not data:
            self._read_end()
            return
        text = self._decoder.decode(data)
        if text:
            self._on_output(text)
        _BUDGET.spend(time.perf_counter() - began)
        if self._ended and not self._closed:
            self._later("quiet", _QUIET_SECONDS, self._finish)

    def _read_end(self) -> None:
        self._stop_reading()
        if self._ended:
            self._finish()
        else:
            self._later("read", _EMPTY_SECONDS, self._start_reading)

    def _process_ended(self) -> None:
        """Who else has the terminal open may still write a little."""
        self._ended = True
        if self._eof:
            self._finish()
            return
        self._later("quiet", _QUIET_SECONDS, self._finish)
        self._later("drain", _DRAIN_SECONDS, self._finish)
        self._start_reading()

    def _finish(self) -> None:
        """Everything was read: say so, once."""
        if self._finished or self._closed or self._held:
            return
        self._finished = True
        self._detach()
        rest = self._decoder.decode(b"", final=True)
        if rest:
            self._on_output(rest)
        self._on_exit(self.status)

    def _detach(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)

    def close(self) -> None:
        if self._closed:
            return
        self._detach()
        self._closed = True
        os.close(self._master)
        self._child.end()


def _erase_whole_characters(slave: int) -> None:
    """Backspace removes a character of UTF-8, not one of its bytes."""
    if sys.platform == "linux":
        mode = termios.tcgetattr(slave)
        mode[0] |= _IUTF8
        termios.tcsetattr(slave, termios.TCSANOW, mode)
