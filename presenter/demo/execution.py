"""What runs a live step: the session's shell, or a terminal of its own for one in the background;
for data, a process that asks.

Both are started, told keys and left in the same way, so that a live showing knows only one of them.
"""

from __future__ import annotations

import shlex
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from presenter.deck.languages import Snippet
from presenter.deck.model import Demo, DemoKind
from presenter.demo.asking import Asking, Senders
from presenter.demo.beside import Background
from presenter.demo.seat import Listener, Seat
from presenter.demo.shells import Post, Shells
from presenter.live import lifeline


class Execution(Protocol):
    """One run of a step's command."""

    async def prepare(self) -> None:
        """Have everything there that starting needs. Raises ShellError, OSError."""

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        """Run it; `prompt` is what the shell shows afterwards. Raises ShellError, OSError."""

    @property
    def seat(self) -> Seat | None:
        """Where its keys go; None before it has started."""

    def interrupt(self) -> None:
        """One Ctrl-C."""

    def leave(self, listener: Listener) -> None:
        """The step has no more use for it."""


class InShell:
    """In the persistent shell of the demo's session."""

    def __init__(self, shells: Shells, demo: Demo) -> None:
        self._shells = shells
        self._demo = demo
        self._post: Post | None = None

    async def prepare(self) -> None:
        await self._shells.post(self._demo)

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        self._post = await self._shells.post(self._demo)
        self._shells.returned(self._post)
        self._post.seat.take(self._demo.name, listener)
        self._post.run(command, prompt)

    @property
    def seat(self) -> Seat | None:
        return self._post.seat if self._post is not None else None

    def interrupt(self) -> None:
        if self._post is not None:
            self._post.shell.interrupt()

    def leave(self, listener: Listener) -> None:
        if self._post is not None:
            self._shells.leave(self._post, listener)


class Beside:
    """In a terminal of its own, beside the steps that follow."""

    def __init__(self, shells: Shells, demo: Demo, step: int) -> None:
        self._shells = shells
        self._demo = demo
        self._step = step
        self._running: Background | None = None

    async def prepare(self) -> None:
        if self._shells.at_hand(self._demo) is None:
            await self._shells.post(self._demo)

    async def start(self, command: str, prompt: str, listener: Listener) -> None:
        self._running = await self._shells.start_beside(self._demo, self._step, command, listener)

    @property
    def seat(self) -> Seat | None:
        return self._running.seat if self._running is not None else None

    def interrupt(self) -> None:
        if self._running is not None and self._running.terminal is not None:
            self._running.terminal.signal(signal.SIGINT)

    def leave(self, listener: Listener) -> None:
        """It runs on, unless its step has fallen: then nothing would show it."""
        if self._running is not None:
            self._running.seat.leave(listener)
            self._shells.beside.end(self._demo.name, self._step)


class Executions(Protocol):
    """What runs the live steps of a talk."""

    def of(self, demo: Demo, step: int) -> Execution:
        """What runs a step, once."""

    async def warm(self, demo: Demo) -> None:
        """A step of the demo is about to run. Raises ShellError, OSError."""

    def variables(self) -> Mapping[str, str]:
        """What the steps have exported with `+export`."""


class InShells:
    """In the shells of the talk; what asks for data, in processes of their own."""

    def __init__(self, shells: Shells, senders: Mapping[DemoKind, Senders]) -> None:
        self._shells = shells
        self._senders = senders

    def of(self, demo: Demo, step: int) -> Execution:
        if demo.kind in self._senders:
            return Asking(self._senders[demo.kind])
        if demo.background:
            return Beside(self._shells, demo, step)
        return InShell(self._shells, demo)

    async def warm(self, demo: Demo) -> None:
        if demo.kind in self._senders:
            await self._senders[demo.kind].warm()
        else:
            await self._shells.post(demo)

    def variables(self) -> Mapping[str, str]:
        return self._shells.variables()


def shell_line(snippet: Snippet, keep: Callable[[Path], None]) -> str:
    """Write a snippet's files into a new private folder; the line that runs it there.

    `keep` is told the folder, to remove it at the end. The session's own directory stays.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{lifeline.FOLDERS}snippet-"))
    lifeline.tell(str(folder))
    keep(folder)
    for name, text in snippet.files:
        (folder / name).write_text(text, "utf-8")
    return f"({' && '.join([f'cd {shlex.quote(str(folder))}', *snippet.commands])})"
