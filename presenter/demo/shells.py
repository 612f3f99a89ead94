"""The live terminals of a talk: a shell for each session name, what runs beside it, the scratch.

None is started before a step (or the speaker) needs it, and all end with the talk. A shell that was
lost, or that a step which fell keeps busy, is made anew with the directory and the exported
variables that it had at its last prompt.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from presenter.deck.demos import SHELLS
from presenter.deck.model import Demo, Grid
from presenter.demo.beside import Background, Besides
from presenter.demo.seat import Colours, Listener, Seat
from presenter.live.dialects import Dialect, find_dialect
from presenter.live.marks import Began, Ended
from presenter.live.shell import (
    Lost,
    Prompted,
    Shell,
    ShellError,
    ShellEvent,
    State,
    signal_command,
    signal_session,
)
from presenter.terminal.emulator import Emulator

HARD_LIMIT = 60.0
"""Seconds that a command which has fallen may go on out of sight."""
_ENDS = ((signal.SIGTERM, 0.5), (getattr(signal, "SIGKILL", signal.SIGTERM), 1.0))
"""How it is ended then, and the seconds that it has for it; after these its shell goes, too."""
READY_SECONDS = 3.0
"""How long a shell that prints its prompt anew is waited for."""
REPAINT_SECONDS = 0.05
USUAL = ("bash", "zsh")
"""Shells that console blocks are written for; the speaker's own is taken where it is one."""


class NoShellError(ShellError):
    """The shell that a demo is for is not on this machine."""


@dataclass(slots=True)
class Post:
    """A session's shell, and what is known of it."""

    shell: Shell
    seat: Seat
    left: bool = False
    """A step has fallen and left its command to finish."""
    limit: asyncio.TimerHandle | None = None
    running: bool = False
    """A command runs in it."""
    retired: bool = False
    """Another has taken its place."""
    starting: asyncio.Task[None] | None = None
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the shell is at its prompt, or lost."""

    async def ready(self) -> bool:
        """Whether it is at its prompt; a prompt that is being printed is waited for.

        Raises ShellError where the shell does not start.
        """
        if self.starting is not None and not self.starting.done():
            await asyncio.shield(self.starting)
        if self.shell.state in (State.STARTING, State.RUNNING) and not self.running:
            self.turned.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.turned.wait(), READY_SECONDS)
        return self.shell.state is State.PROMPT

    def run(self, command: str, prompt: str) -> None:
        """Run a command; `prompt` is what the shell shows after it."""
        self.shell.run(command, prompt)
        self.running = True

    def fresh_prompt(self, prompt: str) -> None:
        """Drop what stands on the line; only at the prompt."""
        self.shell.fresh_prompt(prompt)

    def repaint(self, columns: int, rows: int) -> None:
        """A program that runs draws its screen again: it is told of two changes of size."""
        self.shell.resize(columns, max(rows - 1, 1))
        loop = asyncio.get_running_loop()
        loop.call_later(REPAINT_SECONDS, self.shell.resize, columns, rows)

    def on_event(self, event: ShellEvent) -> None:
        """From the shell."""
        if isinstance(event, Began):
            self.running = True
        elif isinstance(event, Ended | Prompted | Lost):
            self.running = False
        if isinstance(event, Prompted | Lost):
            self.turned.set()
        if isinstance(event, Prompted) and self.retired:
            signal_session(self.shell, signal.SIGHUP)
        self.seat.on_event(event)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all live terminals of a talk share."""

    environment: Mapping[str, str]
    folder: Path
    """Where the shells begin."""
    grid: Grid
    screen: Callable[[str], Emulator]
    """The emulator of a lane."""
    colours: Colours
    console: str = ""
    """The shell of console blocks, by its name, where the deck names one."""
    on_report: Callable[[str], None] = field(default=lambda _line: None)
    hard_limit: float = HARD_LIMIT


def dialect_for(demo: Demo, console: str, environment: Mapping[str, str]) -> Dialect | None:
    """The kind of shell that runs a demo; None where it is not on that PATH.

    `console` is the one that the deck names for console blocks, or nothing.
    """
    if demo.language in SHELLS:
        return find_dialect(demo.language, environment)
    if demo.language == "console" and demo.steps[0].prompt.startswith("PS"):
        return find_dialect("powershell", environment)
    if console:  # the yes was to this one
        return find_dialect(console, environment)
    own = Path(environment.get("SHELL", "")).name
    wanted = (own if own in USUAL else "", *USUAL, "sh")
    found = (find_dialect(name, environment) for name in wanted if name)
    return next((dialect for dialect in found if dialect is not None), None)


class Shells:
    """Starts, keeps and ends them."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._posts: dict[tuple[str, str], Post] = {}
        self._leaving: list[Post] = []
        grid = setting.grid
        self.beside = Besides(
            lambda write: Seat(write, setting.screen, setting.colours),
            (grid.columns, grid.rows),
            setting.on_report,
        )

    # --- shells -------------------------------------------------------------------------------

    def dialect(self, demo: Demo) -> Dialect | None:
        """The kind of shell that runs a demo; None where it is not on this machine."""
        return dialect_for(demo, self._setting.console, self._setting.environment)

    def _dialect(self, demo: Demo) -> Dialect:
        dialect = self.dialect(demo)
        if dialect is None:
            raise NoShellError(f"no shell for `{self._setting.console or demo.language}` is here")
        return dialect

    async def post(self, demo: Demo) -> Post:
        """The shell of a demo's session, at its prompt; raises ShellError where there is none."""
        dialect = self._dialect(demo)
        key = (demo.session, dialect.name)
        post = self._posts.get(key)
        if post is None or not await post.ready():
            post = await self._renew(key, dialect)
        post.shell.names |= frozenset(demo.exports)
        return post

    async def _renew(self, key: tuple[str, str], dialect: Dialect) -> Post:
        """A new shell in place of the one that is lost or busy; what that one had goes over."""
        setting, before = self._setting, self._posts.pop(key, None)
        environment: Mapping[str, str] = setting.environment
        folder = setting.folder
        if before is not None:
            self._retire(before)
            environment = before.shell.exported or environment
            folder = before.shell.cwd if before.shell.cwd.is_dir() else folder
        post = self._make(dialect, environment, folder)
        if before is not None:
            post.shell.names = before.shell.names
        await self._start(key, post)
        return post

    async def _start(self, key: tuple[str, str], post: Post) -> None:
        """Start a shell that everybody who asks for it meanwhile waits for."""
        self._posts[key] = post
        post.starting = asyncio.get_running_loop().create_task(post.shell.start())
        try:
            await asyncio.shield(post.starting)
        except ShellError:
            if self._posts.get(key) is post:
                del self._posts[key]
            raise

    def _make(self, dialect: Dialect, environment: Mapping[str, str], folder: Path) -> Post:
        setting, grid = self._setting, self._setting.grid
        shell = Shell(
            dialect,
            environment=environment,
            cwd=folder,
            columns=grid.columns,
            rows=grid.rows,
            listener=lambda event: post.on_event(event),
        )
        post = Post(shell, Seat(shell.write, setting.screen, setting.colours))
        return post

    def _retire(self, post: Post) -> None:
        """A shell that is not used again goes as soon as its command has ended."""
        self._leaving.append(post)
        post.retired = True
        if not post.running:
            signal_session(post.shell, signal.SIGHUP)

    def busy(self, demo: Demo) -> bool:
        """Whether the session's shell runs something that no step has left to it."""
        post = self._posts.get(self._key(demo))
        return post is not None and post.running and not post.left

    def at_hand(self, demo: Demo) -> Post | None:
        """The session's shell, if it has been started."""
        return self._posts.get(self._key(demo))

    def _key(self, demo: Demo) -> tuple[str, str]:
        dialect = self.dialect(demo)
        return demo.session, dialect.name if dialect is not None else ""

    def leave(self, post: Post, listener: Listener) -> None:
        """A step has no more use for what it runs: it may finish out of sight, for a while."""
        post.seat.leave(listener)
        if post.running:
            post.left = True
            loop = asyncio.get_running_loop()
            post.limit = loop.call_later(self._setting.hard_limit, self._give_up, post, 0)

    def _give_up(self, post: Post, times: int) -> None:
        """End what a step has left to itself: the command, and where that does not do, the shell.

        Nothing is waited for, so that no key is.
        """
        if not (post.left and post.running):
            return
        if times == len(_ENDS):
            signal_session(post.shell, _ENDS[-1][0])
            return
        number, seconds = _ENDS[times]
        signal_command(post.shell, number)
        loop = asyncio.get_running_loop()
        post.limit = loop.call_later(seconds, self._give_up, post, times + 1)

    def returned(self, post: Post) -> None:
        """The shell is used again."""
        post.left = False
        if post.limit is not None:
            post.limit.cancel()
            post.limit = None

    def variables(self) -> dict[str, str]:
        """What the steps have exported with `+export`."""
        found: dict[str, str] = {}
        for post in self._posts.values():
            found.update(post.shell.variables)
        return found

    def secrets_in(self) -> list[Mapping[str, str]]:
        """Where a step may have its secrets from: all variables that the shells told of."""
        return [*self.environments(), *(post.shell.variables for post in self._posts.values())]

    def environments(self) -> list[Mapping[str, str]]:
        """The exported variables of all shells, as they were at their last prompts."""
        return [post.shell.exported for post in self._posts.values()]

    # --- the scratch shell --------------------------------------------------------------------

    async def scratch(self, demo: Demo) -> Post:
        """A shell with the directory and the exported variables of the demo's session.

        The one that was opened before for it, if it still runs. Raises ShellError.
        """
        dialect = self._dialect(demo)
        key = (f"\0scratch {demo.session}", dialect.name)
        post = self._posts.get(key)
        if post is None or post.shell.state is State.LOST:
            beside = self.at_hand(demo)
            environment = beside.shell.exported if beside else {}
            folder = beside.shell.cwd if beside else self._setting.folder
            post = self._make(dialect, environment or self._setting.environment, folder)
            await self._start(key, post)
        return post

    # --- beside the steps -----------------------------------------------------------------------

    async def start_beside(
        self, demo: Demo, step: int, command: str, listener: Listener
    ) -> Background:
        """Run a command in a terminal of its own; raises ShellError, OSError.

        The session's shell is started first, if it was not: it knows the speaker's profile.
        """
        dialect = self._dialect(demo)
        post = self.at_hand(demo) or await self.post(demo)
        return self.beside.start(
            demo,
            step,
            command,
            listener,
            dialect=dialect,
            environment=post.shell.exported or self._setting.environment,
            folder=post.shell.cwd,
        )

    def close(self) -> None:
        """End everything; bounded, never raises."""
        for post in (*self._posts.values(), *self._leaving):
            self.returned(post)
            post.shell.close()
        self.beside.close()
