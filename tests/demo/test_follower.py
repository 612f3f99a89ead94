"""The speaker's end of the socket: it follows, sends, loses its talk and finds it again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from presenter.demo import follower as followers
from presenter.demo.follower import MOST_PRESSES, Follower, Standing
from presenter.demo.link import Link, serve
from presenter.demo.sockets import Talk
from presenter.demo.store import STATE_VARIABLE, deck_id
from presenter.demo.wire import VersionError, WireError, encode_state
from presenter.talk.commands import Command, NextSlide, Quit
from tests.demo.linking import TABLE, linked, wait
from tests.demo.test_wire import STATE

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _quick(monkeypatch: Patch, tmp_path: Path) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(followers, "RETRY_SECONDS", 0.005)


@contextlib.asynccontextmanager
async def following(talk: Talk, patience: float = 60.0) -> AsyncIterator[Follower]:
    follower = Follower(talk, patience)
    task = asyncio.create_task(follower.follow())
    try:
        yield follower
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, WireError):
            await task


def talk_of(link: Link, folder: Path) -> Talk:
    return Talk(deck_id(folder / "talk.md"), link.place.socket, 0.0)


async def test_it_follows_and_sends(tmp_path: Path, monkeypatch: Patch) -> None:
    async with (
        linked(tmp_path, monkeypatch) as (desk, link),
        following(talk_of(link, tmp_path)) as follower,
    ):
        assert follower.send("black") is False
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        assert follower.slides[1] == "Pauses"
        assert follower.state is not None
        assert follower.send("next_slide", seen=follower.state.sequence)
        await wait(lambda: follower.state is not None and follower.state.slide == 1, "slide 2")
        assert desk.session.position.slide == 1
        changes: list[int] = []
        follower.on_change = lambda: changes.append(1)
        desk.dispatch(NextSlide())
        await wait(lambda: bool(changes), "a change")


async def test_a_held_key_is_not_taken_for_a_flood(tmp_path: Path, monkeypatch: Patch) -> None:
    taken: list[Command] = []
    async with (
        linked(tmp_path, monkeypatch, act=taken.append) as (_desk, link),
        following(talk_of(link, tmp_path)) as follower,
    ):
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        sent = [follower.send("next") for _ in range(200)]
        assert sent.count(True) == MOST_PRESSES
        await wait(lambda: len(taken) == MOST_PRESSES, "the presses")
        assert link.screens == 1


async def test_the_end_of_the_talk_is_the_end(tmp_path: Path, monkeypatch: Patch) -> None:
    async with (
        linked(tmp_path, monkeypatch) as (desk, link),
        following(talk_of(link, tmp_path)) as follower,
    ):
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        desk.dispatch(Quit())
        link.close()
        await wait(lambda: follower.standing is Standing.ENDED, "the end")
        assert follower.send("next") is False


async def test_a_talk_that_dies_is_found_again_when_it_is_resumed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with (
        linked(tmp_path, monkeypatch) as (desk, link),
        following(talk_of(link, tmp_path)) as follower,
    ):
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        link.close()
        await wait(lambda: follower.standing is Standing.SEEKING, "the loss")
        assert follower.state is not None  # what was known last stays
        desk.dispatch(NextSlide())
        again = await serve(desk, TABLE)
        assert again is not None
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk again")
        await wait(lambda: follower.state is not None and follower.state.slide == 1, "slide 2")
        again.close()


async def test_patience_has_an_end(tmp_path: Path, monkeypatch: Patch) -> None:
    async with (
        linked(tmp_path, monkeypatch) as (_desk, link),
        following(talk_of(link, tmp_path), patience=0.05) as follower,
    ):
        await wait(lambda: follower.standing is Standing.FOLLOWING, "the talk")
        link.close()
        await wait(lambda: follower.standing is Standing.GONE, "giving up")


@contextlib.asynccontextmanager
async def saying(folder: Path, lines: bytes) -> AsyncIterator[Talk]:
    """A talk that says `lines` and no more, to each who comes."""
    path = folder / "s"

    async def say(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(lines)
        await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(say, path)
    try:
        yield Talk("no-such-deck", path, 0.0)
    finally:
        server.close()


async def test_of_two_states_the_newer_one_holds(tmp_path: Path) -> None:
    older, newer = encode_state(3, STATE), encode_state(4, STATE)
    seen: list[int] = []
    async with saying(tmp_path, older + newer + older) as talk, following(talk) as follower:
        follower.on_change = lambda: seen.append(1)
        await wait(lambda: follower.standing is Standing.SEEKING and bool(seen), "the loss")
        assert len(seen) == 3  # two states, and the loss


async def test_a_line_that_was_cut_off_is_only_a_loss(tmp_path: Path) -> None:
    half = encode_state(1, STATE) + encode_state(2, STATE)[:40]
    async with saying(tmp_path, half) as talk, following(talk, 0.05) as follower:
        await wait(lambda: follower.standing is Standing.GONE, "giving up")
        assert follower.state == STATE


@pytest.mark.parametrize(
    ("line", "error"), [(b'{"v":2,"kind":"new"}\n', VersionError), (b"hello\n", WireError)]
)
async def test_a_talk_of_another_version_is_not_followed(
    tmp_path: Path, line: bytes, error: type[WireError]
) -> None:
    async with saying(tmp_path, line) as talk:
        with pytest.raises(error):
            await asyncio.wait_for(Follower(talk).follow(), 10)
