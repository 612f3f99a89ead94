"""One persistent shell in a terminal: commands go in, what happens comes out as events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType

from presenter.live.dialects import Dialect
from presenter.live.interrupts import CTRL_C, Interrupter
from presenter.live.marks import (
    AtPrompt,
    Began,
    Ended,
    MarkReader,
    Piece,
    Printed,
    TakesLine,
)
from presenter.live.processes import session_groups, signal_groups
from presenter.live.pty import Terminal, spawn
from presenter.live.report import Mailbox, encode
from presenter.talk.fallback import Fault

START_SECONDS = 10.0
_PROMPT_SECONDS = 0.3
"""A prompt whose end does not come in this time is taken for ended."""
_REDRAW_SECONDS = 1.0
"""An editor that has not redrawn its prompt by then was busy: a search, a menu, an open quote."""
_SAID = 400
"""Characters kept of what a shell says before its first prompt."""


class State(Enum):
    STARTING = auto()
    """No prompt yet: after the start, and after `fresh_prompt`."""
    PROMPT = auto()
    RUNNING = auto()
    """From `run`, or from what the speaker typed, to the next prompt."""
    LOST = auto()


class ShellError(Exception):
    """The shell cannot do this; one line that says why."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """The shell is at its prompt and takes a line."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The process or its terminal is gone."""

    status: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The other side is not there: what sends requests says so, no shell does."""

    fault: Fault


ShellEvent = Printed | Began | Ended | Prompted | Lost | Broken


class Shell:
    """A shell of `dialect`; `listener` gets its events in the order in which they happen.

    For a command: Began, its output, Ended, Prompted; nothing of its output comes after Ended. What
    is printed otherwise (prompt, echo, hooks, jobs in the background) is not `running`.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        environment: Mapping[str, str],
        cwd: Path,
        columns: int,
        rows: int,
        listener: Callable[[ShellEvent], None],
    ) -> None:
        self.dialect = dialect
        self.state = State.STARTING
        self.cwd = cwd
        self.exported: Mapping[str, str] = MappingProxyType(dict(environment))
        """The exported variables as they were at the last prompt."""
        self.variables: Mapping[str, str] = MappingProxyType({})
        """Those of `names` that were set at the last prompt, exported or not."""
        self._size = columns, rows
        self._listener = listener
        self._names: frozenset[str] = frozenset()
        self._mailbox: Mailbox | None = None
        self._terminal: Terminal | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._said = ""

    @property
    def names(self) -> frozenset[str]:
        """The variables that the shell reports at each prompt; what is no name is left out."""
        return self._names

    @names.setter
    def names(self, names: Iterable[str]) -> None:
        self._names = frozenset(n for n in names if n.isascii() and n.isidentifier())
        if self._mailbox is not None:
            self._mailbox.put("names", "".join(f"{name}\n" for name in sorted(self._names)))

    async def start(self, prompt: str = "$ ") -> None:
        """Start the shell and wait for its first prompt, whose text is `prompt`.

        ShellError where it cannot be started, ends, or shows none for START_SECONDS.
        """
        self._started = asyncio.get_running_loop().create_future()
        try:
            self._open(prompt)
            async with asyncio.timeout(START_SECONDS):
                await self._started
        except TimeoutError:
            self.close()
            raise ShellError(f"{self.dialect.name}: no prompt for {START_SECONDS:.0f} s") from None
        except OSError as error:
            self.close()
            raise ShellError(f"{self.dialect.name}: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    def _open(self, prompt: str) -> None:
        self._mailbox = Mailbox()
        self._reader = MarkReader(self._mailbox.fresh_nonce)
        self._mailbox.put("prompt", self.dialect.prompt(prompt))
        self.names = self._names
        launch = self.dialect.launch(self._mailbox.folder, self.exported)
        self._terminal = spawn(
            launch.argv,
            env=launch.environment,
            cwd=self.cwd,
            columns=self._size[0],
            rows=self._size[1],
            on_output=lambda text: self._tell(self._reader.feed(text)),
            on_exit=self._exited,
        )
        self._interrupter = Interrupter(self._terminal)

    def run(self, command: str, prompt: str) -> None:
        """Run `command`; `prompt` is the text of the prompt after it. Only at the prompt."""
        self._leave_prompt(State.RUNNING, command=command, prompt=self.dialect.prompt(prompt))
        self._reader.expect()
        self._interrupter.delivered()
        self.write(self.dialect.deliver(command))

    def fresh_prompt(self, prompt: str) -> None:
        """Throw the line away and print a new prompt.

        What is printed begins with the prompt itself, and ends with Prompted. Only at the prompt.
        """
        self._leave_prompt(State.STARTING, prompt=self.dialect.prompt(prompt))
        self._reader.redraw()
        self.write(self.dialect.redraw())
        self._later(_REDRAW_SECONDS, self._insist)

    def _leave_prompt(self, state: State, **files: str) -> None:
        """`files`: what the shell finds in its folder, by name."""
        if self.state is not State.PROMPT or self._mailbox is None:
            raise ShellError(f"{self.dialect.name} is not at its prompt")
        for name, text in files.items():
            self._mailbox.put(name, text)
        self.state = state

    def interrupt(self) -> None:
        """One Ctrl-C, for the command that was given last, even if it has not quite begun.

        At the prompt the line is thrown away, and a new prompt comes.
        """
        if self._terminal is None or self.state is State.LOST:
            return
        if self.state is State.PROMPT:
            self.state = State.STARTING
            self._terminal.write(CTRL_C)
            self._later(_PROMPT_SECONDS, self._redraw_again)
        else:
            self._interrupter.interrupt()
            self._later(_PROMPT_SECONDS, self._recover)

    def write(self, data: str) -> None:
        """Keys, as a terminal sends them."""
        if self._terminal is not None:
            self._terminal.write(encode(data))

    def resize(self, columns: int, rows: int) -> None:
        self._size = columns, rows
        if self._terminal is not None:
            self._terminal.resize(columns, rows)

    def close(self) -> None:
        """End the shell and all of its session. Tells nothing, never raises; about 1 s at most."""
        self.state = State.LOST
        self._later(0, None)
        if self._terminal is not None:
            self._interrupter.ended()
            self._terminal.close()
        if self._mailbox is not None:
            self._mailbox.close()

    def _later(self, seconds: float, action: Callable[[], None] | None) -> None:
        """One timer: a later call moves it; None stops it."""
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop() if action else None
        self._timer = loop.call_later(seconds, action) if loop and action else None

    def _recover(self) -> None:
        """Ctrl-C also throws away what is on its way to us, and stops hooks.

        If the shell edits a line by now, it is at a prompt of which we know nothing.
        """
        if self._terminal is None or self.state is not State.RUNNING:
            return
        if self._terminal.foreground() == self._terminal.pid and not self._terminal.takes_lines():
            self._redraw_again()
        elif not self._reader.busy:
            self._later(_PROMPT_SECONDS, self._recover)

    def _insist(self) -> None:
        """The redrawing was not understood: a Ctrl-C ends whatever the editor is doing."""
        if self._terminal is None or self.state is not State.STARTING:
            return
        if self.dialect.has_editor and self._terminal.takes_lines():
            self._later(_REDRAW_SECONDS, self._insist)  # the speaker's hooks are at work
            return
        self._terminal.write(CTRL_C)
        self._later(_PROMPT_SECONDS, self._redraw_again)

    def _redraw_again(self) -> None:
        self.write(self.dialect.redraw())
        self._later(_REDRAW_SECONDS, self._insist)

    def _tell(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            match piece:
                case AtPrompt():
                    self._read_report()
                    self._later(_PROMPT_SECONDS, lambda: self._tell(self._reader.settle()))
                case TakesLine():
                    self._takes_line()
                case Printed():
                    if not self._started.done():
                        self._said = (self._said + piece.text)[-_SAID:]
                    self._listener(piece)
                case Began():
                    self.state = State.RUNNING
                    self._interrupter.began()
                    self._listener(piece)
                case Ended():
                    self._interrupter.ended()
                    self._listener(piece)
            if self.state is State.LOST:
                return

    def _read_report(self) -> None:
        report = self._mailbox.report() if self._mailbox is not None else None
        if report is not None:
            self.cwd, self.exported, self.variables = report.cwd, report.exported, report.variables

    def _takes_line(self) -> None:
        self._later(0, None)
        self.state = State.PROMPT
        if not self._started.done():
            self._started.set_result(None)
        self._listener(Prompted())

    def _exited(self, status: int | None) -> None:
        """The shell is gone: a command that ran ended with it, and with its status."""
        self._tell(self._reader.rest())
        if self.state is State.LOST:
            return
        self._later(0, None)
        self._interrupter.ended()
        ran = self._reader.busy
        self.state = State.LOST
        if not self._started.done():
            said = " ".join(self._said.split())[-120:]
            self._started.set_exception(
                ShellError(f"{self.dialect.name} ended with {status} before its prompt: {said}")
            )
            return
        if ran:
            signalled = self._terminal is not None and self._terminal.signalled
            self._listener(Ended(None if signalled else status))
        self._listener(Lost(status))


def signal_command(shell: Shell, number: int) -> None:
    """A signal to the program that the shell waits for, and never to the shell itself."""
    terminal = shell._terminal
    if terminal is not None and shell.state is State.RUNNING:
        group = terminal.foreground()
        if group is not None and group != terminal.pid:
            signal_groups({group}, number)


def signal_session(shell: Shell, number: int) -> None:
    """A signal to the shell and all that runs in it; how it ends is told as ever."""
    terminal = shell._terminal
    if terminal is not None and shell.state is not State.LOST:
        signal_groups({terminal.pid, *session_groups(terminal.pid).values()}, number)
