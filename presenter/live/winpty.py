"""A process in a Windows pseudo-console, through pywinpty. Written to its manual: not run yet.

Closing a pseudo-console may hang, so that is done by a thread for which nobody waits long.
"""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

_READ_CHARACTERS = 8192
_CTRL_C = 3
_CLOSE_SECONDS = 1.0


class WindowsTerminal:
    """See `presenter.live.pty.Terminal`. A status beyond 255 is a crash, told as it is."""

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
        self._process: Any = importlib.import_module("winpty").PtyProcess.spawn(
            subprocess.list2cmdline(argv), cwd=str(cwd), env=dict(env), dimensions=size[::-1]
        )
        self.pid = int(self._process.pid)
        self.status: int | None = None
        self.signalled = False
        self._closed = False
        self._may_read = threading.Event()
        self._may_read.set()
        threading.Thread(target=self._read, name="winpty", daemon=True).start()

    def _read(self) -> None:
        """In a thread: one piece is on its way to the loop at a time, so a flood waits."""
        taken = threading.Event()
        while not self._closed:
            self._may_read.wait()
            try:
                text = self._process.read(_READ_CHARACTERS)
            except (EOFError, OSError):
                break
            taken.clear()
            if not self._call(partial(self._take, text, taken)):
                return
            taken.wait()
        self._call(self._finish)

    def _call(self, action: Callable[[], None]) -> bool:
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(action)
            return True
        return False

    def _take(self, text: str, taken: threading.Event) -> None:
        if text and not self._closed:
            self._on_output(text)
        taken.set()

    def _finish(self) -> None:
        if not self._closed:
            self.status = self._process.exitstatus
            self._on_exit(self.status)

    def write(self, data: bytes) -> None:
        if not self._closed:
            with suppress(EOFError, OSError):
                self._process.write(data.decode("utf-8", "replace"))

    def resize(self, columns: int, rows: int) -> None:
        if not self._closed:
            with suppress(OSError):
                self._process.setwinsize(rows, columns)

    def foreground(self) -> int | None:
        return None

    def takes_lines(self) -> bool:
        return True

    def signal(self, number: int) -> None:
        """Windows has Ctrl-C alone, and that is a key."""
        self.write(bytes([_CTRL_C]))

    def hold(self) -> None:
        self._may_read.clear()

    def go_on(self) -> None:
        self._may_read.set()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._may_read.set()
        ending = threading.Thread(target=self._end, name="winpty-close", daemon=True)
        ending.start()
        ending.join(_CLOSE_SECONDS)

    def _end(self) -> None:
        with suppress(EOFError, OSError):
            self._process.close(force=True)
