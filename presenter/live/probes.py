"""Probes of what a deck needs of the world, asked of a process that does nothing else.

This side is cheap: it starts `prober` with the first question, writes questions, reads answers, and
never waits longer than `PROBE_SECONDS`, whatever the other side does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from presenter.live.findings import MOST_WORDS, Finding, unknown
from presenter.live.processes import session_groups, signal_groups
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from presenter.terminal.text import safe_text

__all__ = ["PROBE_SECONDS", "Finding", "Prober"]

PROBE_SECONDS = 3.0
"""What a probe takes at most."""
_MARGIN = 0.3
"""Seconds before that at which the process answers for what is still silent."""
_MOST_QUESTION = 32_768
"""Bytes of a question: it must fit into a pipe."""
_SHORTEST_WAIT, _LONGEST_WAIT = 0.25, 10.0
"""Seconds without a new process after several that ended before they had answered."""
_PATIENCE = 0.3
"""Seconds in which the process may end by itself."""


class Prober:
    """Asks the process that probes; all of it belongs to one event loop."""

    def __init__(self, environment: Mapping[str, str], cwd: Path) -> None:
        """The environment is the speaker's own; nothing is started yet."""
        self._environment = dict(environment)
        self._cwd = cwd
        self._helper: _Helper | None = None
        self._starting = asyncio.Lock()
        self._start_task: asyncio.Future[None] | None = None
        self._number = 0
        self._failures = 0
        self._not_before = 0.0
        self._ending: list[threading.Thread] = []
        self._closed = False

    async def probe(self, name: str, condition: Mapping[str, object]) -> Finding:
        """Whether a condition, its variables expanded, holds; never raises."""
        began = time.monotonic()
        until = began + PROBE_SECONDS
        finding = None
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                for _ in range(2):  # a process that has died is made anew, once
                    finding = finding or await self._ask(name, condition, until)
        except TimeoutError:
            finding = unknown(f"{name}: the probes gave no answer")
        except Exception as error:  # noqa: BLE001 -- it must not end the talk
            finding = unknown(f"{name}: it cannot be probed ({type(error).__name__})")
        finding = finding or unknown(f"{name}: the process that probes has ended")
        return replace(finding, seconds=time.monotonic() - began)

    def close(self) -> None:
        """Ends the process and what it has started; takes half a second at most."""
        self._closed = True
        if self._helper is not None:
            self._helper.end(_PATIENCE)
            self._helper = None
        for thread in self._ending:
            thread.join(_PATIENCE)

    async def _ask(
        self, name: str, condition: Mapping[str, object], until: float
    ) -> Finding | None:
        """The answer of the process, or None where it has ended."""
        self._number += 1
        number = self._number
        question = {
            "id": number,
            "until": until - _MARGIN,
            "name": name,
            "condition": condition,
        }
        line = json.dumps(question).encode("ascii") + b"\n"
        if len(line) > _MOST_QUESTION:
            return unknown(f"{name}: the condition is too long")
        helper = await self._started()
        if helper is None:
            return unknown(f"{name}: the process that probes cannot be started")
        try:
            return await helper.ask(number, line)
        except asyncio.CancelledError:
            if time.monotonic() >= until - _MARGIN / 2:  # it should have answered by itself
                self._drop(helper)
            raise
        except (OSError, ValueError):  # it has ended, or reads no questions
            self._drop(helper)
            return None

    async def _started(self) -> _Helper | None:
        """The process, started where there is none; None after `close` and for one that fails."""
        async with self._starting:
            helper = self._helper
            if helper is not None and not helper.ended:
                return helper
            if helper is not None:
                self._drop(helper)
            if self._closed or time.monotonic() < self._not_before:
                return None
            # Shielded, so that one that is being started is not lost when its probe is cancelled.
            if self._start_task is None:
                self._start_task = asyncio.ensure_future(self._start())
            await asyncio.shield(self._start_task)
            return self._helper

    async def _start(self) -> None:
        try:
            helper = await asyncio.to_thread(_Helper, self._environment, self._cwd)
        finally:
            self._start_task = None
        if self._closed:
            helper.end(0.0)
            return
        helper.listen(asyncio.get_running_loop())
        self._helper = helper

    def _drop(self, helper: _Helper) -> None:
        helper.stop_listening()
        if self._helper is not helper:
            return
        self._helper = None
        self._failures = 0 if helper.has_answered else self._failures + 1
        if self._failures > 1:
            wait = min(_SHORTEST_WAIT * 2**self._failures, _LONGEST_WAIT)
            self._not_before = time.monotonic() + wait
        thread = threading.Thread(target=helper.end, args=(0.0,), daemon=True)
        self._ending = [each for each in self._ending if each.is_alive()] + [thread]
        thread.start()


class _Helper:
    """One process that probes."""

    def __init__(self, environment: Mapping[str, str], cwd: Path) -> None:
        """Starts it: in a session of its own, without a terminal, deaf to modules in `cwd`."""
        self.ended = False
        self.has_answered = False
        self._waiting: dict[int, asyncio.Future[Finding | None]] = {}
        self._rest = b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._folder = tempfile.mkdtemp(prefix="presenter-probes-")
        try:
            self._process = _started(self._folder, environment, cwd)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._questions = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        os.set_blocking(self._questions.fileno(), False)
        os.set_blocking(self._answers.fileno(), False)

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        loop.add_reader(self._answers.fileno(), self._read)

    def stop_listening(self) -> None:
        """Whoever still waits for an answer is told that there is none."""
        self.ended = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._answers.fileno())
            for future in self._waiting.values():
                if not future.done():
                    future.set_result(None)
        self._loop = None
        self._waiting.clear()

    async def ask(self, number: int, line: bytes) -> Finding | None:
        """Raises OSError where the process takes no questions: it has ended, or reads none."""
        future: asyncio.Future[Finding | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            if os.write(self._questions.fileno(), line) < len(line):
                raise BlockingIOError
            return await future
        finally:
            self._waiting.pop(number, None)

    def _read(self) -> None:
        try:
            data = os.read(self._answers.fileno(), 65_536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.stop_listening()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.has_answered = self.has_answered or bool(lines)
        for line in lines:
            number, finding = _decoded(line)
            future = self._waiting.get(number)
            if future is not None and not future.done():
                future.set_result(finding)

    def end(self, patience: float) -> None:
        """Ends the process and its children; `patience` are seconds for it to do so by itself."""
        self.stop_listening()
        with contextlib.suppress(OSError):
            self._questions.close()
        self._await_end(time.monotonic() + patience)
        # It is not waited for yet, so that its number is still its own.
        groups = {self._process.pid, *session_groups(self._process.pid).values()}
        signal_groups(groups, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        self._answers.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_end(self, until: float) -> None:
        """Waits for the end of its answers, which is its own end."""
        with contextlib.suppress(OSError, ValueError):
            while (left := until - time.monotonic()) > 0:
                if select.select([self._answers], [], [], left)[0] and not self._answers.read(4096):
                    return


def _started(folder: str, environment: Mapping[str, str], cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "presenter.live.prober", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd=cwd,
        env=dict(environment),
        start_new_session=True,
    )


def _decoded(line: bytes) -> tuple[int, Finding]:
    """The number and the answer in a line; an answer that makes no sense is that of question 0."""
    try:
        found: Any = json.loads(line)
        fault = Fault(found["fault"]) if found["fault"] else None
        words = safe_text(str(found["words"]), MOST_WORDS)
        return int(found["id"]), Finding(Truth(found["truth"]), fault, words)
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0, unknown("")
