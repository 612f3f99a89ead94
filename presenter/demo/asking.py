"""What runs a live step of data: a process of its own that asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from presenter.demo.seat import Listener, Seat
from presenter.live.interrupts import INTERRUPTED
from presenter.live.marks import Ended, Printed
from presenter.live.sender import Sender
from presenter.live.shell import Broken, Lost, ShellEvent
from presenter.talk.fallback import Fault

_END = '{"end":'


class Senders:
    """The processes of a talk: one stands ready from when what it asks is typed."""

    def __init__(self, environment: Mapping[str, str], folder: Path, module: str) -> None:
        """`module`: what such a process runs."""
        self._module = module
        self._environment = environment
        self._folder = folder
        self.exports: dict[str, str] = {}
        """The variables that steps have given a value."""
        self._ready: Sender | None = None
        self._open: set[Sender] = set()
        self._lock = asyncio.Lock()

    async def warm(self) -> None:
        """Have one ready; what goes wrong is said when it is needed."""
        with suppress(OSError):
            async with self._lock:
                if self._ready is None:
                    self._ready = await self._started()

    async def take(self) -> Sender:
        """One that has sent nothing yet. Raises OSError."""
        async with self._lock:
            sender, self._ready = self._ready, None
            if sender is not None and sender.ended:  # it has waited for too long
                self.over(sender)
                sender = None
            return sender or await self._started()

    async def _started(self) -> Sender:
        sender = Sender(self._module)
        await sender.start(self._environment, self._folder)
        self._open.add(sender)
        return sender

    def over(self, sender: Sender) -> None:
        self._open.discard(sender)
        sender.close()

    def close(self) -> None:
        """Nothing is sent any more."""
        for sender in list(self._open):
            self.over(sender)
        self._ready = None


class Asking:
    """One run of a step; satisfies `execution.Execution`."""

    def __init__(self, senders: Senders) -> None:
        self._senders = senders
        self._sender: Sender | None = None
        self._listener: Listener | None = None

    async def prepare(self) -> None:
        if self._sender is None:
            self._sender = await self._senders.take()

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        """`command` is a plan (`demo.asked.plan_of`)."""
        del prompt
        await self.prepare()
        self._listener = listener
        if self._sender is not None:
            self._sender.send(command, self._heard)

    @property
    def seat(self) -> Seat | None:
        """It takes no keys."""
        return None

    def interrupt(self) -> None:
        self._end(Ended(INTERRUPTED))

    def leave(self, listener: Listener) -> None:
        """Nobody sees what it would still bring: it is ended."""
        del listener
        self._listener = None
        self._end(None)

    def _heard(self, line: str | None) -> None:
        if line is None:
            self._end(Lost(None))
        elif line.startswith(_END):
            self._end(self._ending(line))
        elif self._listener is not None:
            self._listener.heard(Printed(line + "\n", running=True))  # they may be joined

    def _end(self, event: ShellEvent | None) -> None:
        """Once: the process is ended, and the listener hears how."""
        sender, self._sender = self._sender, None
        if sender is None:
            return
        self._senders.over(sender)
        if self._listener is not None and event is not None:
            self._listener.heard(event)

    def _ending(self, line: str) -> ShellEvent:
        try:
            told = json.loads(line)["end"]
            exports = {str(name): str(value) for name, value in told.get("exports", {}).items()}
            self._senders.exports |= exports
            return Broken(Fault(told["fault"])) if told["fault"] else Ended(int(told["status"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return Lost(None)
