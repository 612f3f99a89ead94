"""A process that asks for a step, seen from where slides are drawn."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from presenter.live import lifeline
from presenter.live.processes import Started, begin, reap, start_module

REQUESTS = "presenter.live.http_process"
QUERIES = "presenter.live.kube_process"
"""What such a process runs."""
LONGEST_LINE = 8 * 1024 * 1024
"""Bytes of one line; a longer one is the last."""
_TURN = 65_536
"""Bytes that are read before others have their turn."""
_START_SECONDS = 10.0
_END_SECONDS = 0.3

Heard = Callable[[str | None], None]
"""Takes each line that comes, without its end, and None when no more come."""


class Sender:
    """One process for one step; `start` it, `send` a plan, and `close` it whatever happens."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: Heard = lambda _line: None
        self._rest = bytearray()
        self._ready: asyncio.Future[bool] | None = None
        self._input = self._output = -1
        self.ended = False
        """It has ended by itself."""

    async def start(self, environment: Mapping[str, str], folder: Path) -> None:
        """Until it could send at once. Raises OSError.

        The process has no terminal, and a session of its own.
        """
        start = partial(start_module, self._module, environment=environment, cwd=folder)
        process, given, said = await begin(start, _end_started)
        self._process = process
        lifeline.tell(f"+{process.pid}")
        self._input, self._output = given.fileno(), said.fileno()
        self._loop = asyncio.get_running_loop()
        self._ready = self._loop.create_future()
        self._loop.add_reader(self._output, self._read)
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await self._ready
        except TimeoutError as error:
            self.close()
            raise OSError("the process that asks does not start") from error
        except BaseException:
            self.close()
            raise
        if not ready:
            self.close()
            raise OSError("the process that asks has ended")

    def send(self, plan: str, heard: Heard) -> None:
        """Raises OSError where it has not been started."""
        if self._process is None:
            raise OSError("the process that asks has not been started")
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        line = memoryview(plan.encode("ascii") + b"\n")
        self._write(line)

    def _write(self, left: memoryview) -> None:
        """As much as it takes now, and the rest when it takes more."""
        if self._loop is None or self._process is None:
            return
        self._loop.remove_writer(self._input)
        try:
            left = left[os.write(self._input, left) :]
        except BlockingIOError:
            pass
        except OSError:
            return  # it has ended, which is read
        if left:
            self._loop.add_writer(self._input, self._write, left)

    def _read(self) -> None:
        try:
            data = os.read(self._output, _TURN)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(self._rest) > LONGEST_LINE:
            self.ended = True
            self._stop_reading()
            self._hear(None)
            return
        if b"\n" not in data:
            self._rest += data
            return
        *lines, rest = (bytes(self._rest) + data).split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            self._hear(line.decode("ascii", "replace"))

    def _hear(self, line: str | None) -> None:
        """The first line, or the end in its place, says whether it is ready."""
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(line is not None)
        elif self._process is not None:
            self._heard(line)

    def _stop_reading(self) -> None:
        if self._loop is not None and self._process is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._output)
            self._loop.remove_writer(self._input)

    def close(self) -> None:
        """End it, whatever it does; nothing is heard of it any more."""
        self._stop_reading()
        process, self._process = self._process, None
        if process is not None:
            _end(process)
            lifeline.tell(f"-{process.pid}")


def _end_started(started: Started) -> None:
    _end(started[0])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for end in (process.stdin, process.stdout):
        with suppress(OSError):
            if end is not None:
                end.close()
    reap(process, _END_SECONDS)
