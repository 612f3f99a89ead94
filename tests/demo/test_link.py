"""The talk's end of the speaker's socket: what it says, what it takes, and what it cuts off."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import pytest

from presenter.deck.model import Slide
from presenter.demo import link as links
from presenter.demo.hub import Output
from presenter.demo.link import MOST_PRESSES, serve
from presenter.demo.speaker import Speaker
from presenter.demo.wire import LONGEST_PRESS
from presenter.talk.commands import Command, GoTo, Next, NextSlide, Quit, SetTheme, Skip
from tests.demo.linking import TABLE, attached, linked, wait
from tests.ui.stagehand import DEMO, PAUSES

Patch = pytest.MonkeyPatch


# --- what it says -----------------------------------------------------------------------------


async def test_who_comes_late_is_told_everything(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link):
        desk.dispatch(NextSlide())
        desk.dispatch(Next())
        async with attached(link) as end:
            first = await end.message()
            assert first is not None
            assert first.slides[:3] == ("A talk for tests", "Pauses", "Demo")
            state = await end.state()
            assert (state.slide, state.total, state.stop, state.stops) == (PAUSES, 7, 1, 2)
            assert (state.deck, state.title, state.next_title) == (
                "A talk for tests", "Pauses", "Demo",
            )  # fmt: skip
            assert state.upcoming == "reveal"
            assert [note.text for note in state.notes] == ["zebra stands in a note only"]
            assert state.planned == 600
            assert state.elapsed is not None
            assert [line for line in state.lines if line] == ["first line", "second line"]
            assert state.sequence == desk.session.sequence


async def test_every_event_is_told_and_numbers_grow(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        await end.until(lambda state: state.slide == 0)
        numbers = []
        for wanted in range(1, 5):
            desk.dispatch(NextSlide())
            while True:
                message = await end.message()
                assert message is not None
                assert message.state is not None
                numbers.append(message.number)
                if message.state.slide == wanted:
                    break
        assert numbers == sorted(set(numbers))


async def test_many_changes_make_one_message(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        first = await end.message(), await end.message()
        assert all(first)
        for _ in range(200):
            desk.dispatch(TABLE["black"]())
        sequence = desk.session.sequence
        messages = 0
        while (await end.state()).sequence < sequence:
            messages += 1
        assert messages <= 1


async def test_the_next_slides_text_comes_when_there_is_time_to_read_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    read: list[int] = []
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        slide = desk.deck.slide

        def noted(index: int) -> Slide:
            read.append(index)
            return slide(index)

        monkeypatch.setattr(desk.deck, "slide", noted)
        desk.dispatch(NextSlide())
        state = await end.until(lambda state: state.slide == PAUSES)
        assert (state.next_title, state.next_lines) == ("Demo", ())
        assert DEMO not in read
        state = await end.until(lambda state: bool(state.next_lines))
        assert state.next_lines == ("Two steps follow.",)
        await end.state()
        assert read.count(DEMO) == 1


async def test_the_step_and_its_pane_are_told(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        desk.dispatch(NextSlide())
        desk.dispatch(NextSlide())
        state = await end.until(lambda state: state.slide == DEMO)
        assert state.upcoming == "type echo hello"
        assert not state.pane
        desk.dispatch(Skip())
        state = await end.until(lambda state: bool(state.step))
        assert state.step.startswith("transcript")
        assert "hello" in state.pane
        assert state.upcoming == "type echo again"


async def test_a_take_can_be_kept_from_afar(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        await end.state()
        end.press("keep_take")
        while not desk.reports.lines:
            await end.state()
        assert desk.reports.lines == ["nothing to keep: no demo is in view"]


async def test_what_a_pane_prints_is_told_and_still_drawn(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(links, "TICK_SECONDS", 1000.0)
    async with linked(tmp_path, monkeypatch) as (desk, link):
        desk.dispatch(GoTo(DEMO))
        desk.dispatch(Next())
        async with attached(link) as end:
            await end.until(lambda state: state.activity == "typed")
            drawn: list[int] = []
            desk.on_change = lambda: drawn.append(1)
            desk.screens._on_event("shell", Output("\r\nprinted by itself"))
            await end.until(lambda state: "printed by itself" in state.pane)
            assert drawn


async def test_a_talk_in_which_nothing_happens_is_heard(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(links, "TICK_SECONDS", 0.01)
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        states = [await end.state() for _ in range(4)]
        assert {state.sequence for state in states} == {desk.session.sequence}


async def test_several_see_the_same_and_go_as_they_like(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (_desk, link), attached(link) as one:
        async with attached(link) as other:
            other.press("next_slide")
            for end in (one, other):
                await end.until(lambda state: state.slide == 1)
            assert link.screens == 2
        await wait(lambda: link.screens == 1, "one to leave")
        one.press("next_slide")
        await one.until(lambda state: state.slide == 2)


async def test_the_end_of_the_talk_is_said(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        await end.state()
        desk.dispatch(Quit())
        link.close()
        kinds = []
        while (message := await end.message()) is not None:
            kinds.append(message.kind)
        assert kinds[-1] == "end"
        assert not link.place.socket.exists()


async def test_a_talk_that_breaks_off_says_no_end(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (_desk, link), attached(link) as end:
        await end.state()
        link.close()
        assert await end.message() is None


async def test_live_facts_are_told(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link):
        live = desk.live
        assert live is not None
        conditions = [("cluster", "false", "no answer\x1b[2J"), ("shop", "unknown", "")]
        beside = [("forward", "runs"), ("traffic", "ended 1")]
        with monkeypatch.context() as patch:
            patch.setattr(live, "conditions", lambda: conditions)
            patch.setattr(live, "countdown", lambda: 3.5)
            patch.setattr(live, "mode", lambda: "live where it can be")
            patch.setattr(live, "reason", lambda: "it is\ttainted")
            patch.setattr(live, "tainted", lambda: "shell 1 did not really happen")
            patch.setattr(live, "background", lambda: beside)
            async with attached(link) as end:
                state = await end.state()
        assert state.conditions == (
            ("cluster", "false", "no answer[2J"), ("shop", "unknown", ""),
        )  # fmt: skip
        assert (state.countdown, state.mode) == (3.5, "live where it can be")
        assert state.background == (("forward", "runs"), ("traffic", "ended 1"))
        assert state.reason == "it is tainted"
        assert state.tainted == "shell 1 did not really happen"
        assert not desk.reports.lines


async def test_facts_that_cannot_be_told_cost_only_themselves(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link):
        with monkeypatch.context() as patch:
            patch.setattr(desk.live, "countdown", lambda: 1 // 0)
            async with attached(link) as end:
                assert (await end.state()).title == "A talk for tests"
        assert desk.reports.lines == ["integer division or modulo by zero"]


# --- what it takes ----------------------------------------------------------------------------


async def test_presses_go_to_who_carries_them_out(tmp_path: Path, monkeypatch: Patch) -> None:
    taken: list[Command] = []
    async with linked(tmp_path, monkeypatch, act=taken.append) as (desk, link):
        desk.dispatch(NextSlide())
        desk.dispatch(SetTheme("light"))  # which means nothing for a press
        async with attached(link) as end:
            end.press("next", seen=desk.session.turned)
            end.press("next", seen=desk.session.turned - 1)
            end.press("next", seen=-1)
            end.press("last")
            end.press("goto", slide=3)
            end.press("interrupt")
            await wait(lambda: len(taken) == 6, "the presses")
        assert [repr(command) for command in taken] == [
            "Next(queued=False)", "Next(queued=True)", "Next(queued=True)", "Last()",
            "GoTo(slide=3)", "Interrupt()",
        ]  # fmt: skip


async def test_a_press_meant_for_what_stood_before_runs_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        end.press("goto", slide=DEMO)
        state = await end.until(lambda state: state.slide == DEMO)
        for _ in range(20):  # as from a key that is held
            end.press("next", seen=state.sequence)
        last = await end.until(lambda state: state.activity == "typed")
        end.press("black", seen=state.sequence)  # is carried out after all of those
        last = await end.until(lambda state: state.black)
        assert last.activity == "typed"
        assert "hello" not in last.pane
        assert not desk.session.lanes["shell"].results


async def test_a_slide_that_is_not_there_is_not_gone_to(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        for slide in (99, -1, 2**70):
            end.press("goto", slide=slide)
        end.press("black")
        await end.until(lambda state: state.black)
        assert desk.session.position.slide == 0
        assert not desk.reports.lines


async def test_what_fails_while_a_press_is_carried_out_is_reported(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    def act(_command: Command) -> None:
        raise ZeroDivisionError("the stage broke")

    async with linked(tmp_path, monkeypatch, act=act) as (desk, link), attached(link) as end:
        end.press("next")
        await wait(lambda: bool(desk.reports.lines), "a report")
        assert desk.reports.lines == ["the stage broke"]
        assert link.screens == 1


# --- what it cuts off -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        b"\n", b"next\n", b'{"v":1,"cmd":"rm"}\n', b'{"v":1,"cmd":"__class__"}\n',
        b'{"v":2,"cmd":"next"}\n', b"\xff\n", b"GET / HTTP/1.1\r\n\r\n",
        b"x" * (LONGEST_PRESS + 1), b'{"v":1,"cmd":"black","x":"' + b"x" * LONGEST_PRESS + b'"}\n',
    ],
    ids=["empty", "word", "unknown", "attribute", "version", "bytes", "http", "endless", "long"],
)  # fmt: skip
async def test_nonsense_cuts_off_who_sends_it_and_no_one_else(
    tmp_path: Path, monkeypatch: Patch, sent: bytes
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link):
        async with attached(link) as sound, attached(link) as bad:
            await bad.state()
            bad.writer.write(sent)
            await bad.cut()
            sound.press("next_slide")
            await sound.until(lambda state: state.slide == 1)
            assert link.screens == 1
        assert desk.session.position.slide == 1
        assert not desk.session.black


async def test_a_flood_cuts_off_who_sends_it(tmp_path: Path, monkeypatch: Patch) -> None:
    taken: list[Command] = []
    async with linked(tmp_path, monkeypatch, act=taken.append) as (_desk, link):
        async with attached(link) as end:
            for _ in range(10 * MOST_PRESSES):
                end.press("next")
            await end.cut()
        assert len(taken) == MOST_PRESSES
        async with attached(link) as again:  # and may come back
            assert await again.state()


async def test_what_is_not_read_is_not_kept(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(links, "LEAST_SECONDS", 0.0)
    long = "# Long\n\n<!-- notes:\n" + "words " * 40_000 + "\n-->\n"
    async with linked(tmp_path, monkeypatch, text=long) as (desk, link):
        async with attached(link) as end:
            assert await end.state()
            end.writer.transport.pause_reading()  # type: ignore[attr-defined]
            for _ in range(200):
                desk.dispatch(TABLE["black"]())
                await asyncio.sleep(0)
                if not link.screens:
                    break
            await wait(lambda: link.screens == 0, "the cut")
        async with attached(link) as again:
            assert (await again.state()).sequence == desk.session.sequence


async def test_there_is_room_for_a_few(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(links, "MOST_SCREENS", 2)
    async with (
        linked(tmp_path, monkeypatch) as (_desk, link),
        attached(link) as one,
        attached(link) as two,
        attached(link) as three,
    ):
        assert await one.state()
        assert await two.state()
        assert await three.message() is None


async def test_nobody_else_is_let_in(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (_desk, link):
        monkeypatch.setattr(links, "_is_ours", lambda _connection: False)
        async with attached(link) as end:
            assert await end.message() is None


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="the system tells no credentials")
@pytest.mark.parametrize(("user", "ours"), [(0, True), (1, False)])
def test_the_other_ends_user_is_asked_for(monkeypatch: Patch, user: int, ours: bool) -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        mine = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: mine + user)
        assert links._is_ours(one) is ours


async def test_a_state_that_cannot_be_told_hurts_no_talk(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, link), attached(link) as end:
        await end.state()
        with monkeypatch.context() as patch:
            patch.setattr(Speaker, "state", lambda _self: 1 // 0)
            desk.dispatch(NextSlide())
            await wait(lambda: bool(desk.reports.lines), "a report")
        desk.dispatch(NextSlide())
        await end.until(lambda state: state.slide == 2)


# --- the socket -------------------------------------------------------------------------------


async def test_only_its_owner_may_look_at_the_socket(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (_desk, link):
        path = link.place.socket
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.exists()


async def test_where_no_socket_can_be_the_talk_goes_on(tmp_path: Path, monkeypatch: Patch) -> None:
    async with linked(tmp_path, monkeypatch) as (desk, _link):
        (tmp_path / "file").write_text("no folder")
        monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path / "file"))
        assert await serve(desk, TABLE) is None
        assert "no speaker's screen can attach" in desk.reports.lines[0]
