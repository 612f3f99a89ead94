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
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from presenter.live import lifeline
from presenter.live.findings import MOST_WORDS, Finding, unknown
from presenter.live.processes import begin, reap, session_groups, signal_groups, start_module
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from presenter.talk.health import Broken, Evidence, Good, Waiting
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
FROZEN_SECONDS = 5.0
"""Without a sign of life of a process that watches, until it is made anew."""
_LOOK_SECONDS = 1.0


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
        self.on_beat: Callable[[str, Evidence | None], None] = lambda _key, _evidence: None
        """Takes what heartbeats tell; None where the endpoint is there and not as it should be."""
        self._watched = b""
        self._watches = False
        self._watching: asyncio.Task[None] | None = None
        self._new_watch = asyncio.Event()

    @property
    def heard(self) -> float:
        """When the process that watches last gave a sign of life, by `time.monotonic`."""
        return self._helper.heard if self._helper is not None else 0.0

    def watch(self, conditions: Mapping[str, Mapping[str, object]], seconds: float) -> None:
        """Watch the endpoints of these from now on, by any keys, and of no others.

        An answer that is not complete within `seconds` is none.
        """
        line = json.dumps({"watch": conditions, "seconds": seconds}).encode("ascii") + b"\n"
        if self._closed or line == self._watched or len(line) > _MOST_QUESTION:
            return
        self._watched = line
        self._watches = bool(conditions)
        self._new_watch.set()
        if self._watching is None and conditions:
            self._watching = asyncio.get_running_loop().create_task(self._keep_watching())

    async def current(self, named: str, folder: Path | None, seconds: float) -> Finding:
        """The current context and its server, as `facts`: read from the files, nobody is asked.

        `named` is KUBECONFIG of a shell in `folder`; empty: ours. Never raises.
        """
        asked = {"named": named, "folder": str(folder) if folder is not None else ""}
        until = time.monotonic() + seconds + _MARGIN  # nobody is late who answers within `seconds`
        try:
            async with asyncio.timeout(seconds):
                found = await self._ask("kubeconfig", {"current": asked}, until)
        except Exception:  # noqa: BLE001 -- it must not end the talk
            found = None
        return found or unknown("the kubeconfig was not read in time")

    async def probe(self, name: str, condition: Mapping[str, object]) -> Finding:
        """Whether a condition, its variables expanded, holds; never raises."""
        began = time.monotonic()
        until = began + PROBE_SECONDS
        finding = None
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                for _ in range(2):  # a process that has died is made anew, once
                    asked = {"condition": condition}
                    finding = finding or await self._ask(name, asked, until)
        except TimeoutError:
            finding = unknown(f"{name}: the probes gave no answer")
        except Exception as error:  # noqa: BLE001 -- it must not end the talk
            finding = unknown(f"{name}: it cannot be probed ({type(error).__name__})")
        finding = finding or unknown(f"{name}: the process that probes has ended")
        return replace(finding, seconds=time.monotonic() - began)

    def close(self) -> None:
        """Ends the process and what it has started; takes half a second at most."""
        self._closed = True
        if self._watching is not None and not self._watching.get_loop().is_closed():
            self._watching.cancel()
        if self._helper is not None:
            self._helper.end(_PATIENCE)
            self._helper = None
        for thread in self._ending:
            thread.join(_PATIENCE)

    async def _ask(self, name: str, asked: Mapping[str, object], until: float) -> Finding | None:
        """The answer of the process, or None where it has ended."""
        self._number += 1
        number = self._number
        question = {
            "id": number,
            "until": until - _MARGIN,
            "name": name,
            **asked,
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

    async def _keep_watching(self) -> None:
        """Tells each process what to watch: the first one, and those that replace it."""
        told: tuple[_Helper, bytes] | None = None
        while not self._closed:
            helper = await self._started()
            if helper is not None and told != (helper, self._watched):
                told = helper, self._watched
                if not helper.send(self._watched):
                    self._drop(helper)
            frozen = helper is not None and time.monotonic() - helper.heard > FROZEN_SECONDS
            if helper is not None and frozen and self._watches:
                self._drop(helper)
            self._new_watch.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._new_watch.wait(), _LOOK_SECONDS)

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
            helper = await begin(
                lambda: _Helper(self._environment, self._cwd), lambda unwanted: unwanted.end(0.0)
            )
        finally:
            self._start_task = None
        if self._closed:
            helper.end(0.0)
            return
        helper.listen(asyncio.get_running_loop(), self._hear)
        self._helper = helper

    def _hear(self, key: str, evidence: Evidence | None) -> None:
        self.on_beat(key, evidence)

    def _drop(self, helper: _Helper) -> None:
        self._new_watch.set()
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
        self.heard = time.monotonic()
        self._hear: Callable[[str, Evidence | None], None] = lambda _key, _evidence: None
        self._waiting: dict[int, asyncio.Future[Finding | None]] = {}
        self._rest = b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._folder = tempfile.mkdtemp(prefix=f"{lifeline.FOLDERS}probes-")
        lifeline.tell(self._folder)
        try:
            self._process, self._questions, self._answers = start_module(
                "presenter.live.prober", self._folder, environment=environment, cwd=cwd
            )
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        lifeline.tell(f"+{self._process.pid}")

    def listen(
        self, loop: asyncio.AbstractEventLoop, hear: Callable[[str, Evidence | None], None]
    ) -> None:
        """`hear` takes what heartbeats tell."""
        self._loop, self._hear = loop, hear
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

    def send(self, line: bytes) -> bool:
        """Tell it what to watch; whether it could be told."""
        self.heard = time.monotonic()
        try:
            return os.write(self._questions.fileno(), line) == len(line)
        except (OSError, ValueError):
            return False

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
        self.heard = time.monotonic()
        for line in lines:
            if line.startswith(b'{"beat"'):
                self._hear_beat(line)
                continue
            number, finding = _decoded(line)
            future = self._waiting.get(number)
            if future is not None and not future.done():
                future.set_result(finding)

    def _hear_beat(self, line: bytes) -> None:
        key, evidence = _decoded_beat(line)
        if key and not self.ended:
            self._hear(key, evidence)

    def end(self, patience: float) -> None:
        """Ends the process and its children; `patience` are seconds for it to do so by itself."""
        self.stop_listening()
        with contextlib.suppress(OSError):
            self._questions.close()
        self._await_end(time.monotonic() + patience)
        # It is not waited for yet, so that its number is still its own.
        groups = {self._process.pid, *session_groups(self._process.pid).values()}
        signal_groups(groups, signal.SIGKILL)
        reap(self._process, 0.2)
        lifeline.tell(f"-{self._process.pid}")
        self._answers.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_end(self, until: float) -> None:
        """Waits for the end of its answers, which is its own end."""
        with contextlib.suppress(OSError, ValueError):
            while (left := until - time.monotonic()) > 0:
                if select.select([self._answers], [], [], left)[0] and not self._answers.read(4096):
                    return


def _decoded(line: bytes) -> tuple[int, Finding]:
    """The number and the answer in a line; an answer that makes no sense is that of question 0."""
    try:
        found: Any = json.loads(line)
        fault = Fault(found["fault"]) if found["fault"] else None
        words = safe_text(str(found["words"]), MOST_WORDS)
        facts = tuple(safe_text(str(fact), MOST_WORDS) for fact in found.get("facts", ()))
        return int(found["id"]), Finding(Truth(found["truth"]), fault, words, facts=facts)
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0, unknown("")


def _decoded_beat(line: bytes) -> tuple[str, Evidence | None]:
    """The key and the evidence in a line; a key that is empty where it is only a sign of life."""
    try:
        found: Any = json.loads(line)
        key, at, kind = str(found["beat"]), float(found["at"]), found.get("kind")
        match kind:
            case "good":
                return key, Good(at)
            case "waiting":
                return key, Waiting(at)
            case "broken":
                words = safe_text(str(found.get("words", "")), MOST_WORDS)
                return key, Broken(at, Fault(found["fault"]), words, bool(found["confirmed"]))
            case "odd":
                return key, None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return "", None
