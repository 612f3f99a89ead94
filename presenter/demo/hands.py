"""The speaker's hands on a live terminal: keys go to a program instead of to the talk.

A running step gets them as it runs. Between steps the session's shell shows its own prompt, and
what is typed and printed then belongs to no step: coming back leads to the script where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from presenter.deck.model import Demo
from presenter.demo.hub import Hub, Output
from presenter.demo.livesource import LiveSource
from presenter.demo.seat import Mouse, Seat
from presenter.demo.shells import Post, Shells
from presenter.demo.showing import TIDY, prompted
from presenter.live.marks import Printed
from presenter.live.shell import Lost, ShellEvent, State

SCRATCH = "scratch shell"
"""The lane of the scratch shell: no demo can have this name, nothing of it is recorded."""
MOST_KEYS = 256
"""Keys kept while a shell starts."""


class Hands:
    """Where the speaker's keys go, when they do not go to the talk."""

    def __init__(
        self,
        hub: Hub,
        shells: Shells,
        size: tuple[int, int],
        column: Callable[[str], int],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """`size` is that of the terminals; `column` tells where a lane's cursor stands."""
        self._hub = hub
        self._shells = shells
        self._size = size
        self._column = column
        self._on_failure = on_failure
        self._seat: Seat | None = None
        self._post: Post | None = None
        self._source: LiveSource | None = None
        self._lane = ""
        self._prompt = ""
        self._waiting: list[Callable[[Seat], None]] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def taken(self) -> bool:
        """Whether they are on a terminal."""
        return bool(self._lane)

    # --- taking and leaving -------------------------------------------------------------------

    def on_step(self, source: LiveSource) -> None:
        """On a step that runs."""
        self.leave()
        self._lane, self._source, self._seat = source.demo.name, source, source.seat
        source.focus(True)
        if source.seat is not None:
            source.seat.focus(True)

    def on_shell(self, demo: Demo, prompt: str) -> None:
        """On the shell of the demo's session; `prompt` is the one that stands on the screen."""
        self.leave()
        self._lane, self._prompt = demo.name, prompt
        self._task = asyncio.get_running_loop().create_task(self._take(demo))

    def on_scratch(self, demo: Demo) -> None:
        """On the scratch shell."""
        self.leave()
        self._lane, self._prompt = SCRATCH, "$ "
        self._task = asyncio.get_running_loop().create_task(self._take(demo))

    def say_on_scratch(self, line: str) -> None:
        """Why there is no scratch shell."""
        self._say(SCRATCH, f"\r\x1b[K\x1b[2;3m({line})\x1b[0m\r\n")

    def leave(self, *, put_back: bool = True) -> None:
        """Back to the talk; a program that runs is left running, a half-typed line is dropped.

        Without `put_back` the terminal is left as it is: the talk ends.
        """
        lane, self._lane = self._lane, ""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._source is not None:
            self._source.focus(False)
            if self._source.seat is not None:
                self._source.seat.focus(False)
        if self._post is not None:
            self._post.seat.leave(self)
            if lane != SCRATCH and put_back:
                self._put_back(lane, self._post)
        self._seat = self._post = self._source = None
        self._waiting.clear()

    def _put_back(self, lane: str, post: Post) -> None:
        """The screen as the script left it: a prompt of ours, whatever the shell shows."""
        if post.shell.state is State.PROMPT:
            post.fresh_prompt("")
        elif post.running:
            self._say(lane, TIDY)
            line = "\r\n" if self._column(lane) else ""
            self._say(lane, line + prompted(self._prompt))

    async def _take(self, demo: Demo) -> None:
        scratch = self._lane == SCRATCH
        try:
            there = self._shells.at_hand(demo)
            runs = there is not None and there.running and not scratch
            if scratch:
                post = await self._shells.scratch(demo)
            elif there is not None and runs:
                post = there
            else:
                post = await self._shells.post(demo)
        except Exception as error:  # noqa: BLE001 — it is said where the shell would be
            self._on_failure(error)
            self._say(self._lane, "\r\n\x1b[2;3m(the shell did not start)\x1b[0m\r\n")
            return
        if not post.running:
            self._shells.returned(post)
        self._post, self._seat = post, post.seat
        await post.ready()
        post.seat.take(self._lane, self)
        if post.shell.state is State.PROMPT:
            self._say(self._lane, "\r\x1b[K")
            post.fresh_prompt(prompted(self._prompt))
        else:
            post.repaint(*self._size)
        for key in self._waiting:
            key(post.seat)
        self._waiting.clear()

    # --- from the terminal --------------------------------------------------------------------

    def heard(self, event: ShellEvent) -> None:
        """All that it prints is shown, its prompt and its line editor too."""
        if isinstance(event, Printed):
            self._say(self._lane, event.text)
        elif isinstance(event, Lost):
            self._say(self._lane, f"{TIDY}\r\n\x1b[2;3m(the shell has ended)\x1b[0m\r\n")

    def asked(self) -> None:
        """All is on the screen already."""

    def _say(self, lane: str, text: str) -> None:
        self._hub.publish(lane, Output(text, aside=True))

    # --- to the terminal ----------------------------------------------------------------------

    def key(self, key: str, character: str | None) -> None:
        """A key, by Textual's name of it; while the shell starts, it waits."""
        self._give(lambda seat: seat.key(key, character))

    def paste(self, text: str) -> None:
        self._give(lambda seat: seat.paste(text))

    def mouse(self, told: Mouse) -> bool:
        """False where the program does not want to know of it."""
        return self._seat is not None and self._seat.mouse(told)

    def _give(self, what: Callable[[Seat], None]) -> None:
        seat = self._seat if self._source is None else self._source.seat
        if seat is not None:
            what(seat)
        elif len(self._waiting) < MOST_KEYS:
            self._waiting.append(what)
