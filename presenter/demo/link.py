"""The talk's end of the speaker's socket: says how things stand, takes the speaker's presses.

Nothing that a screen at the other end does can hurt the talk: what it sends is bounded in size, in
number and in meaning, what it does not read is not kept for it, and whatever fails here is reported
and costs that screen its connection, no more.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from presenter.deck.questions import LONGEST_TAG, Questions
from presenter.demo.desk import Desk
from presenter.demo.sockets import Place, new_place
from presenter.demo.speaker import Speaker
from presenter.demo.wire import (
    ASKED,
    FIND,
    GOTO,
    INTERRUPT,
    KEEP_TAKE,
    KEY,
    LONGEST_PRESS,
    PASTE,
    QUESTION,
    QUESTION_TAKEN,
    Press,
    WireError,
    decode_press,
    encode_end,
    encode_questions,
    encode_slides,
    encode_state,
)
from presenter.layout.text import one_line
from presenter.talk.commands import (
    Command,
    GoTo,
    Interrupt,
    Next,
    NoteQuestion,
    Replay,
    TakeQuestion,
)

LEAST_SECONDS = 0.05
"""Between two states: many changes make one."""
TICK_SECONDS = 1.0
"""A state comes at least this often: for the clock, and to say that the talk is there."""
AHEAD_SECONDS = 0.15
"""So long after a slide has come the next one's text is not asked for: the stage reads it first."""
MOST_BACKLOG = 1024 * 1024
"""Bytes that a screen has not read; one with more is cut off, and may come again."""
MOST_PRESSES = 50
"""In a second."""
MOST_SCREENS = 16

Table = Mapping[str, Callable[[], Command]]
"""The commands that a screen may send, by name."""
TYPED = (KEY, PASTE, FIND)
"""Presses that are none of the talk's commands: whoever has the stage carries them out."""
_CREDENTIALS = struct.Struct("3i")
"""Process, user and group of the other end, as Linux has them."""


class Link:
    """Listens on one socket; made by `serve`, in the loop in which the talk runs."""

    def __init__(
        self,
        desk: Desk,
        place: Place,
        table: Table,
        act: Callable[[Command], None],
        typed: Callable[[Press], None],
    ) -> None:
        self.place = place
        self._desk = desk
        self._speaker = Speaker(desk)
        self._table = table
        self._act = act
        self._typed = typed
        self._screens: list[_Screen] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.AbstractServer | None = None
        self._number = 0
        self._slides: tuple[str, ...] = ()
        self._questions: Questions | None = None
        """Those that were told last."""
        self._slide = (-1, 0.0)
        """The slide that was told last, and since when it is."""
        self._sent = 0.0
        self._pending: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = desk.runtime.subscribe(lambda *_: self.changed())
        self._pane_changed = desk.screens.on_change
        desk.screens.on_change = self._on_pane

    async def listen(self) -> None:
        """Raises OSError where the place cannot be listened on."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(os.fspath(self.place.socket))
            self.place.socket.chmod(0o600)
            self._server = await self._loop.create_unix_server(lambda: _Screen(self), sock=listener)
        except OSError:
            listener.close()
            raise

    @property
    def screens(self) -> int:
        """How many are attached."""
        return len(self._screens)

    def changed(self) -> None:
        """Something that the speaker sees has changed: say so within `LEAST_SECONDS`."""
        if self._screens:
            self._say_at(self._sent + LEAST_SECONDS)

    def _on_pane(self, demo: str) -> None:
        self._pane_changed(demo)
        self.changed()

    def close(self) -> None:
        """Say goodbye where the talk has ended in order, and listen no more."""
        self._unsubscribe()
        self._desk.screens.on_change = self._pane_changed
        if self._pending is not None:
            self._pending.cancel()
        for screen in tuple(self._screens):
            screen.leave(encode_end() if self._desk.session.ended else b"")
        if self._server is not None:
            self._server.close()
        self.place.remove()

    # --- saying how things stand --------------------------------------------------------------

    def _say_at(self, moment: float) -> None:
        if self._pending is not None:
            if self._pending.when() <= moment:
                return
            self._pending.cancel()
        self._pending = self._loop.call_at(moment, self._say)

    def _say(self) -> None:
        self._pending = None
        self._sent = self._loop.time()
        with self._reported():
            lines = self._lines()
            for screen in tuple(self._screens):
                screen.say(lines)
        if self._screens:
            complete = self._speaker.complete
            self._say_at(self._sent + (TICK_SECONDS if complete else AHEAD_SECONDS))

    def _lines(self, *, joined: bool = False) -> bytes:
        """The present state; before it titles and prepared questions, where they are news."""
        slides, questions = self._speaker.titles(), self._desk.prepared.found
        news = b""
        if joined or slides != self._slides:
            news += encode_slides(slides)
        if questions is not None and (joined or questions is not self._questions):
            news += encode_questions(questions.prepared)
        self._slides, self._questions = slides, questions
        self._number += 1
        slide, now = self._desk.session.position.slide, self._loop.time()
        if slide != self._slide[0]:
            self._slide = slide, now
        settled = now - self._slide[1] >= AHEAD_SECONDS
        return news + encode_state(self._number, self._speaker.state(look_ahead=settled))

    def _reported(self) -> _Reported:
        return _Reported(self._desk)

    # --- what screens do ----------------------------------------------------------------------

    def join(self, screen: _Screen) -> bool:
        """Take a screen in and tell it everything; False where there is no room for it."""
        if len(self._screens) >= MOST_SCREENS:
            return False
        self._screens.append(screen)
        with self._reported():
            screen.say(self._lines(joined=True))
        self._say_at(self._loop.time() + AHEAD_SECONDS)
        return True

    def leave(self, screen: _Screen) -> None:
        if screen in self._screens:
            self._screens.remove(screen)

    def carry_out(self, press: Press) -> None:
        """Do what the speaker asks for. Raises WireError for a command that is not on the table."""
        if press.cmd == KEEP_TAKE:
            task = self._loop.create_task(self._desk.keep_take())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        if press.cmd in TYPED:
            with self._reported():
                self._typed(press)
            self.changed()
            return
        if press.cmd == GOTO:
            command: Command = GoTo(press.slide)
        elif press.cmd == QUESTION:
            command = NoteQuestion(one_line(press.text), one_line(press.tag)[:LONGEST_TAG])
        elif press.cmd == ASKED:
            self._mark(press.text)
            return
        elif press.cmd == QUESTION_TAKEN:
            command = TakeQuestion()
        elif press.cmd == INTERRUPT:
            command = Interrupt()
        elif press.cmd in self._table:
            command = self._table[press.cmd]()
        else:
            raise WireError(f"no command {press.cmd!r}")
        if isinstance(command, Next | Replay) and press.seen < self._desk.session.turned:
            # It was meant for what stood before: it may type and move, not run.
            command = replace(command, queued=True)
        with self._reported():
            self._act(command)

    def _mark(self, question: str) -> None:
        """A prepared question was asked; once in a talk is enough.

        One that this talk's file does not have (any more) is refused: the screen will be told what
        the file has.
        """
        command = self._desk.prepared.mark(question)
        if command is None:
            self._questions = None
            self.changed()
        elif command.question not in self._desk.session.asked:
            with self._reported():
                self._act(command)


class _Reported:
    """Reports what goes wrong in its body, and goes on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):
            self._desk.reports(error)
            return True
        return False


class _Screen(asyncio.Protocol):
    """One connection."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._presses: deque[float] = deque(maxlen=MOST_PRESSES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 — for the type checker
        self._transport = transport
        if not _is_ours(transport.get_extra_info("socket")) or not self._link.join(self):
            transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self._link.leave(self)

    def say(self, lines: bytes) -> None:
        """Send lines, unless too much that was sent before has not been read."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() + len(lines) > MOST_BACKLOG:
            self._cut()
        else:
            transport.write(lines)

    def leave(self, last: bytes) -> None:
        """Close, with a last line."""
        if self._transport is not None:
            self._transport.write(last)
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        *lines, rest = self._received.split(b"\n")
        self._received = rest
        try:
            for line in lines:
                self._take(bytes(line))
        except WireError:
            self._cut()
        if len(rest) > LONGEST_PRESS:
            self._cut()

    def _take(self, line: bytes) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._presses) == MOST_PRESSES and now - self._presses[0] < 1.0:
            raise WireError("too many presses")
        self._presses.append(now)
        if len(line) > LONGEST_PRESS:
            raise WireError("too long a line")
        self._link.carry_out(decode_press(line))

    def _cut(self) -> None:
        self._link.leave(self)
        if self._transport is not None:
            self._transport.abort()


def _is_ours(connection: socket.socket) -> bool:
    """Whether a process of the same user is at the other end, as far as the system tells."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:  # then the folder's and the socket's modes must do
        return True
    with suppress(OSError):
        found = connection.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
        user: int = _CREDENTIALS.unpack(found)[1]
        return user == os.geteuid()
    return False


async def serve(
    desk: Desk,
    table: Table,
    act: Callable[[Command], None] | None = None,
    typed: Callable[[Press], None] = lambda _press: None,
) -> Link | None:
    """Listen for speaker's screens; None, and a report, where that cannot be.

    `table`: what they may send; `act` carries it out (default: the desk alone); `typed` takes keys
    and the like (default: nobody). To be called in the loop in which the talk runs; `Link.close`
    ends it.
    """
    if not hasattr(socket, "AF_UNIX"):
        return None
    place: Place | None = None
    link: Link | None = None
    try:
        place = new_place(desk.deck.path)
        link = Link(desk, place, table, act or desk.dispatch, typed)
        await link.listen()
    except OSError as error:
        desk.reports.note(f"no speaker's screen can attach: {error}")
        if link is not None:
            link.close()
        elif place is not None:
            place.remove()
        return None
    return link
