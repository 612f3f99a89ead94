"""Demos on the stage: one key plays them, nothing plays by itself, presses wait their turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from presenter.talk import events as e
from presenter.talk.commands import Tell
from presenter.talk.session import Activity
from presenter.ui.talk import TalkScreen
from tests.ui.stagehand import DEMO, END, LONG, PAUSES, Stagehand, on_stage

SLOW = 0.001
"""A thousandth of the pace: what plays goes on playing for the whole test."""


def lane(hand: Stagehand, name: str = "shell") -> Activity:
    return hand.session.lanes[name].activity


async def test_one_key_types_runs_and_goes_on(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        await hand.press("space")
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the typed command")
        await hand.wait_text("$ echo hello")
        assert not hand.session.lanes["shell"].results
        await hand.press("space")
        await hand.wait_idle()
        await hand.wait_text("≡ transcript")
        assert hand.place == (DEMO, 2)
        await hand.press("space")
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the second command")
        await hand.press("space")
        await hand.wait_idle()
        await hand.wait(lambda: "│again" in hand.text(), "the output")
        await hand.press("space")
        assert hand.slide == DEMO + 1


async def test_a_press_while_typing_completes_the_command(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("space")
        assert lane(hand) is Activity.TYPING
        await hand.press("pagedown")
        assert lane(hand) is Activity.TYPED
        assert "$ echo hello" in hand.text()
        assert not hand.session.lanes["shell"].results


async def playing(hand: Stagehand) -> None:
    await hand.press("space", "space", "space")
    assert lane(hand) is Activity.PLAYING


async def test_one_press_waits_and_says_so(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await playing(hand)
        await hand.press("space", "pagedown", "enter")
        assert hand.session.waiting
        assert lane(hand) is Activity.PLAYING
        assert "1 press waits" in hand.text()
        await hand.press("s")  # the step's end; the press is carried out after a moment
        assert hand.place == (DEMO, 2)


async def test_a_waiting_press_types_but_never_runs(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=4.0) as hand:
        seen: list[e.Stamped] = []
        hand.desk.runtime.subscribe(lambda _session, stamped: seen.extend(stamped))
        await hand.press("space")
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the typed command")
        await hand.press("space", "space", "space")
        assert any(isinstance(one.event, e.PressWaits) for one in seen)
        await hand.wait(lambda: hand.place == (DEMO, 3), "the press that waited")
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the typed command")
        assert not hand.session.waiting
        assert set(hand.session.lanes["shell"].results) == {0}


async def test_skip_shows_the_last_screen_at_once(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("s")
        assert hand.place == (DEMO, 2)
        assert "hello\n" in hand.text().replace("│", "\n").replace(" ", "")
        await playing(hand)
        await hand.press("s")
        assert hand.place == (DEMO, 4)
        assert not hand.session.active


async def test_replay_plays_the_last_step_once_more(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("s", "s")
        assert hand.place == (DEMO, 4)
        await hand.press("r")
        assert lane(hand) is Activity.PLAYING
        assert hand.session.lanes["shell"].step == 1
        await hand.press("s")
        assert hand.place == (DEMO, 4)


async def test_going_back_keeps_final_screens_and_plays_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("s", "s")
        whole = hand.text()
        assert "echo again" in whole
        await hand.press("left")
        assert hand.place == (DEMO, 2)
        assert not hand.session.active
        assert "echo again" not in hand.text()
        await hand.press("space")  # what has been shown is shown at once
        assert hand.place == (DEMO, 4)
        assert not hand.session.active
        assert hand.text() == whole
        await hand.press("n", "p")
        assert hand.text() == whole


async def test_a_command_that_was_typed_is_taken_away_by_going_back(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("space", "space", "left")
        assert hand.place == (DEMO, 0)
        assert not hand.session.active
        assert "echo hello" not in hand.text()


async def test_opening_and_jumping_play_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        assert not hand.session.active
        await hand.press("n", "n", "p", "G", "3", "G", "apostrophe", "g", "n", "n")
        assert hand.slide == DEMO
        assert not hand.session.active
        assert not hand.session.lanes
        assert "╭" in hand.text()  # the pane keeps its rows before it runs


async def test_keys_that_queued_up_type_but_never_run(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        hand.send("space", "space", "space", "space")
        await hand.settle()
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the typed command")
        assert not hand.session.lanes["shell"].results
        await hand.press("space")
        await hand.wait_idle()
        assert set(hand.session.lanes["shell"].results) == {0}


async def test_a_press_counts_though_a_plan_is_made_in_that_moment(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        await hand.press("space")
        await hand.wait(lambda: lane(hand) is Activity.TYPED, "the typed command")
        screen = hand.app.screen
        assert isinstance(screen, TalkScreen)
        screen.draw()
        press = events.Key("space", " ")
        hand.desk.dispatch(Tell(e.PlanMade(("demo",), ("Demo",), (1.0,), 1.0)))
        screen.draw()
        await screen.on_key(press)
        await hand.wait_idle()
        assert set(hand.session.lanes["shell"].results) == {0}


async def test_a_focused_pane_gets_every_key_but_one(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        await hand.press("tab")
        assert hand.desk.view.pane_focused
        before = hand.session
        keys = "escape ctrl+p pagedown q ctrl+c space n b 3 G ctrl+q N slash tab colon"
        await hand.press(*keys.split())
        assert hand.session == before
        assert hand.top == "TalkScreen"
        await hand.press("ctrl+right_square_bracket")
        assert not hand.desk.view.pane_focused
        await hand.press("n")
        assert hand.slide == DEMO + 1
        await hand.press("G", "tab", "p")  # a slide without a pane has nothing to focus
        assert hand.slide == END - 1


async def test_the_mouse_focuses_the_pane_and_lets_go(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO) as hand:
        pane = hand.frame().pane
        assert pane is not None
        await hand.pilot.click(offset=(pane.x + 3, pane.y + 3))
        assert hand.desk.view.pane_focused
        await hand.pilot.click(offset=(1, 1))
        assert not hand.desk.view.pane_focused


async def test_the_wheel_scrolls_text_and_pane(tmp_path: Path) -> None:
    lines = "\n".join(f"line {n:03}" for n in range(100))
    text = f"# A\n\n```console +demo:long\n$ seq\n{lines}\n```\n\n---\n\n# B\n\nlast\n"
    async with on_stage(tmp_path, text) as hand:
        await hand.press("s")
        assert "line 099" in hand.text()
        pane = hand.frame().pane
        assert pane is not None
        await hand.wheel("#stage", -20, (pane.x + 4, pane.y + 4))
        assert "line 099" not in hand.text()
        await hand.press("shift+pagedown")
        await hand.wheel("#stage", 30, (pane.x + 4, pane.y + 4))
        assert "line 099" in hand.text()
        await hand.press("shift+pageup")
        assert "line 099" not in hand.text()


async def test_the_wheel_scrolls_a_long_text(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=LONG) as hand:
        await hand.wheel("#stage", 2)
        assert "Paragraph number 0." not in hand.text()
        await hand.wheel("#stage", -2)
        assert "Paragraph number 0." in hand.text()


# --- resizing ---------------------------------------------------------------------------------

SIZES = [(20, 5), (40, 12), (200, 60), (1, 1), (39, 11), (80, 24), (41, 13), (120, 40), (60, 8)]


@pytest.mark.parametrize("slide", range(END + 1))
async def test_a_storm_of_sizes_always_shows_a_whole_frame(tmp_path: Path, slide: int) -> None:
    async with on_stage(tmp_path, slide=slide, speed=SLOW) as hand:
        for number, (columns, rows) in enumerate(SIZES):
            await hand.pilot.resize_terminal(columns, rows)
            await hand.wait(
                lambda columns=columns, rows=rows: (  # type: ignore[misc]
                    (hand.frame().size.columns, hand.frame().size.rows) == (columns, rows)
                ),
                f"a frame of {columns}x{rows}",
            )
            for line in hand.frame().lines:
                assert sum(segment.cell_length for segment in line) == columns
            assert len(hand.frame().lines) == rows
            if slide == DEMO and number < 3:
                await hand.press("space")
        assert hand.slide in (slide, slide + 1)


async def test_small_windows_are_usable_and_smaller_ones_say_so(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES, size=(40, 12)) as hand:
        await hand.press("space")
        assert "second line" in hand.text()
        await hand.pilot.resize_terminal(39, 12)
        await hand.wait_text("Make the window larger")
        await hand.press("space")  # the talk goes on
        assert hand.place == (PAUSES, 2)
        await hand.pilot.resize_terminal(40, 12)
        await hand.wait_text("third line")


# --- reloading --------------------------------------------------------------------------------


def change(hand: Stagehand, old: str, new: str) -> None:
    text = hand.path.read_text("utf-8")
    assert old in text
    hand.path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("key", ["R", "ctrl+r"])
async def test_a_changed_deck_is_taken_by_a_key(tmp_path: Path, key: str) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("space")
        change(hand, "first line", "primal line")
        change(hand, "# Pauses", "# Before\n\n---\n\n# Pauses")
        await hand.wait(hand.desk.changed_on_disk, "the change")
        assert "first line" in hand.text()
        await hand.press(key)
        await hand.wait_text("primal line")
        assert hand.place == (PAUSES + 1, 1)


async def test_a_broken_deck_does_not_replace_the_old_one(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        change(hand, "title: A talk for tests", "title: [")
        await hand.press("R")
        await hand.wait(lambda: bool(hand.desk.reports.lines), "the report")
        assert f"the old deck stays: {hand.path}:" in hand.desk.reports.lines[0]
        assert "first line" in hand.text()
        change(hand, "title: [", "title: Mended")
        await hand.press("R")
        await hand.wait_text("Mended")


async def test_a_deck_that_is_gone_stays_on_the_stage(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES, watch=True) as hand:
        hand.path.unlink()
        await hand.press("R")
        await hand.wait(lambda: bool(hand.desk.reports.lines), "the report")
        await hand.press("space")
        assert "second line" in hand.text()


async def test_demos_that_did_not_change_keep_their_screens(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, speed=SLOW) as hand:
        await hand.press("s")
        before = hand.text()
        change(hand, "first line", "primal line")
        await hand.press("R")
        await hand.wait(lambda: hand.desk.deck.hash == hand.session.deck_hash, "the new deck")
        await hand.wait(lambda: hand.session.sequence > 3, "the reload")
        assert hand.text() == before
        change(hand, "echo hello", "echo hullo")
        await hand.press("R")
        await hand.wait(lambda: "shell" not in hand.session.lanes, "the changed demo's new start")
        assert "hello" not in hand.text()
        assert not hand.session.active


async def test_watching_shows_the_slide_that_changed(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES, watch=True) as hand:
        change(hand, "Two steps follow.", "Two steps will follow.")
        await hand.wait_text("Two steps will follow.")
        assert hand.slide == DEMO
        assert not hand.session.active
        change(hand, "title: A talk for tests", "title: [")
        await hand.wait(lambda: any("talk.md:4:" in said for said in hand.notices()), "a notice")
        change(hand, "title: [", "title: Mended")
        await hand.wait_text("Mended")
        await hand.wait(lambda: not hand.notices(), "nothing wrong")


async def test_the_panel_says_that_the_deck_has_changed(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("N")
        await hand.wait_top("Question")
        await hand.press("y")
        await hand.wait(lambda: bool(hand.panel()), "the panel")
        change(hand, "first line", "primal line")
        await hand.wait(lambda: "the deck has changed: R takes it" in hand.panel(), "the word")


# --- a recording as a slide -------------------------------------------------------------------


async def test_a_focused_recording_takes_the_players_keys(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "x.cast").write_text(
        '{"version": 2, "width": 40, "height": 10}\n[0.0, "o", "begin\\r\\n"]\n'
        '[20.0, "m", "x"]\n[20.1, "o", "middle\\r\\n"]\n[60.0, "o", "final\\r\\n"]\n'
    )
    text = "# A\n\n```cast\npath: recordings/x.cast\n```\n\n---\n\n# B\n"
    async with on_stage(tmp_path, text, speed=1.0) as hand:
        assert not hand.session.lanes  # opening plays nothing
        await hand.press("space")
        await hand.wait_text("begin")
        await hand.press("tab", "space", "right_square_bracket", "full_stop")
        await hand.wait_text("middle")
        await hand.press("0")
        await hand.wait(lambda: "middle" not in hand.text(), "the start")
        await hand.press("end")
        await hand.wait_text("final")
        await hand.press("ctrl+right_square_bracket", "s")
        assert hand.place == (0, 1)
        assert not hand.session.active
        await hand.press("space")
        assert hand.slide == 1
