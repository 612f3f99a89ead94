"""A terminal for tests: a command in a real PTY, its screen read through an emulator."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import avt
import psutil

from presenter.terminal.avt import row_of
from presenter.terminal.emulator import Row

KEYS = {
    "right": "\x1b[C",
    "left": "\x1b[D",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "f5": "\x1b[15~",
    "f12": "\x1b[24~",
    "ctrl+c": "\x03",
    "ctrl+q": "\x11",
    "ctrl+]": "\x1d",
    "space": " ",
}


def presenter_command() -> str:
    """The console script of the environment that runs the tests."""
    return str(Path(sys.executable).parent / "presenter")


def _as_a_terminal_does() -> None:
    """In the child: a terminal of its own, and a Ctrl-C that counts.

    A job that a script starts in the background ignores it, and so would all that it starts.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Console:
    """Runs `argv` in a PTY of `columns` × `rows`; waits for conditions, never for time."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.received = bytearray()
        self._screen = avt.Vt(columns, rows)  # type: ignore[attr-defined]
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._master, slave = pty.openpty()
        self._resize_pty(columns, rows)
        environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"TMUX", "NO_COLOR", "TERM_PROGRAM", "COLORTERM"}
        }
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environment |= env or {}
        self.process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_as_a_terminal_does,
        )
        self.started = time.monotonic()
        self.attributes = termios.tcgetattr(slave)
        self._slave = slave

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def interface(self) -> psutil.Process:
        """The process that draws: a fork of the one that was started, or that one itself."""
        started = psutil.Process(self.process.pid)
        for child in started.children():
            with contextlib.suppress(psutil.Error):
                if child.cmdline() == started.cmdline():
                    return child
        return started

    def close(self) -> None:
        """End the process that was started here; its interface first, for it ends what is left."""
        if self.process.poll() is None:
            with contextlib.suppress(psutil.Error):
                self.interface().kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
        self.process.wait(10)
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _resize_pty(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._screen.resize(columns, rows)
        self._resize_pty(columns, rows)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Close the terminal, as a window that is closed does."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDWR)

    def press(self, *keys: str) -> None:
        """Send keys by name (`right`, `ctrl+q`) or as the characters themselves."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def read(self, timeout: float) -> bool:
        """Take what has come; False when nothing came in `timeout` seconds."""
        readable, _, _ = select.select([self._master], [], [], timeout)
        if not readable:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return False
        self.take(data)
        return bool(data)

    def take(self, data: bytes) -> None:
        """Feed output to the emulator."""
        self.received += data
        self._screen.feed_str(self._decoder.decode(data))

    def lines(self) -> list[str]:
        """The screen, a string a row, without trailing blanks."""
        return [line.text.rstrip() for line in self._screen.view()]

    def cells(self) -> list[Row]:
        """The screen as runs of cells, with their colours."""
        return [row_of(line) for line in self._screen.view()]

    def text(self) -> str:
        return "\n".join(self.lines())

    def wait(self, condition: Callable[[], bool], what: str, timeout: float = 20.0) -> None:
        """Read until `condition` holds; fails with the screen in the message."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"never saw {what} in:\n{self.text()}")
            if not self.read(0.05) and self.process.poll() is not None and not self.read(0.05):
                if condition():
                    return
                raise AssertionError(
                    f"ended ({self.process.returncode}) before {what}:\n{self.text()}"
                )

    def wait_text(self, text: str, timeout: float = 20.0) -> None:
        self.wait(lambda: text in self.text(), repr(text), timeout)

    def wait_gone(self, text: str, timeout: float = 20.0) -> None:
        self.wait(lambda: text not in self.text(), f"the end of {text!r}", timeout)

    def wait_end(self, timeout: float = 20.0) -> int:
        """Read to the end of the process; its status, negative for a signal."""
        deadline = time.monotonic() + timeout
        while self.process.poll() is None:
            self.read(0.05)
            if time.monotonic() > deadline:
                raise AssertionError(f"still runs:\n{self.text()}")
        while self.read(0.05):
            pass
        return self.process.returncode

    def restored(self) -> bool:
        """Whether the terminal is as it was: attributes, screen, cursor and mouse."""
        now = termios.tcgetattr(self._slave)
        left = self.received.rfind(b"\x1b[?1049l") > self.received.rfind(b"\x1b[?1049h")
        return now == self.attributes and left
