"""A talk with a link in this process, and ends of the socket for tests."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.demo.desk import Desk
from presenter.demo.link import Link, serve
from presenter.demo.reports import Reports
from presenter.demo.store import STATE_VARIABLE
from presenter.demo.wire import Message, decode_message, encode_press
from presenter.layout.speakerstate import SpeakerState
from presenter.talk import commands as c
from presenter.wiring.desk import make_desk
from tests.ui.stagehand import DECK

TABLE: dict[str, Callable[[], c.Command]] = {
    "next": c.Next,
    "next_slide": c.NextSlide,
    "last": c.Last,
    "black": c.Black,
}


@contextlib.asynccontextmanager
async def linked(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str = DECK,
    act: Callable[[c.Command], None] | None = None,
) -> AsyncIterator[tuple[Desk, Link]]:
    """A talk of the deck `text` that can be attached to; its sockets are in `folder`."""
    monkeypatch.setenv(STATE_VARIABLE, str(folder / "state"))
    path = folder / "talk.md"
    path.write_text(text, "utf-8")
    deck = open_deck(path)
    desk = make_desk(deck, Reports(), speed=1000.0)
    desk.runtime.start(str(path), deck.hash, "0")
    link = await serve(desk, TABLE, act)
    assert link is not None, desk.reports.lines
    try:
        yield desk, link
    finally:
        link.close()
        desk.close()


class End:
    """The other end of the socket, which does as it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def message(self, seconds: float = 10.0) -> Message | None:
        """The next message; None where the talk has cut this end off."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), seconds)
        except ConnectionError:
            return None
        return decode_message(line) if line else None

    async def state(self) -> SpeakerState:
        """The next state."""
        while True:
            message = await self.message()
            assert message is not None, "cut off"
            if message.state is not None:
                return message.state

    async def until(self, wanted: Callable[[SpeakerState], bool]) -> SpeakerState:
        """The first state that is as wanted."""
        deadline = time.monotonic() + 10.0
        while time.monotonic() < deadline:
            state = await self.state()
            if wanted(state):
                return state
        raise AssertionError("no such state came")

    async def cut(self) -> None:
        """Until the talk has cut this end off."""
        deadline = time.monotonic() + 10.0
        while await self.message() is not None:
            assert time.monotonic() < deadline, "never cut off"

    def press(self, cmd: str, seen: int = 10**9, slide: int = 0) -> None:
        self.writer.write(encode_press(cmd, seen, slide))


@contextlib.asynccontextmanager
async def attached(link: Link) -> AsyncIterator[End]:
    reader, writer = await asyncio.open_unix_connection(link.place.socket, limit=1 << 24)
    try:
        yield End(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def wait(condition: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never saw {what}"
        await asyncio.sleep(0.001)
