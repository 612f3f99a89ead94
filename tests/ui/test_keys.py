"""Every key does what the table of bindings promises, and nothing else does anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.talk.session import Activity
from presenter.ui.bindings import KEYS
from tests.ui.stagehand import AT_ONCE, BY_KEYS, DEMO, END, LONG, PAUSES, TITLE, on_stage

NEXT = ("space", "right", "down", "pagedown", "l", "j", "enter")
PREVIOUS = ("left", "up", "pageup", "h", "k", "backspace")


async def test_every_key_for_next_reveals_and_turns(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        for key in NEXT:
            await hand.press("g")
            assert hand.slide == TITLE
            await hand.press(key)
            assert hand.slide == PAUSES, key
            before = hand.session.position.stop
            await hand.press(key)
            assert hand.place == ((PAUSES, before + 1) if before < 2 else (DEMO, 0)), key


async def test_every_key_for_previous_goes_back_by_one_press(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        for key in PREVIOUS:
            await hand.press("g", "n")
            while hand.place != (PAUSES, 2):
                await hand.press("space")
            await hand.press(key)
            assert hand.place == (PAUSES, 1), key
            await hand.press(key, key)
            assert hand.slide == TITLE, key


async def test_n_and_p_turn_whole_slides(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        for slide in range(1, END + 1):
            await hand.press("n")
            assert hand.slide == slide
        await hand.press("n")
        assert hand.slide == END
        await hand.press("p", "p")
        assert hand.slide == END - 2
        assert all(not lane.results for lane in hand.session.lanes.values())


@pytest.mark.parametrize(("last", "first"), [("G", "g"), ("end", "home")])
async def test_first_and_last(tmp_path: Path, last: str, first: str) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press(last)
        assert hand.slide == END
        await hand.press(first)
        assert hand.slide == TITLE


async def test_a_number_before_g_goes_to_that_slide(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press("3", "G")
        assert hand.slide == 2
        await hand.press("6", "end")
        assert hand.slide == LONG
        await hand.press("9", "9", "G")  # there is none: nothing happens, nothing is remembered
        assert hand.slide == LONG
        await hand.press("2", "space", "G")  # the number was given up
        assert hand.slide == END
        await hand.press("1", "escape", "2", "G")
        assert hand.slide == 1
        await hand.press("0", "G")
        assert hand.slide == 1


async def test_the_apostrophe_goes_back_to_where_a_jump_began(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press("n", "space")
        assert hand.place == (PAUSES, 1)
        await hand.press("6", "G", "apostrophe")
        assert hand.place == (PAUSES, 1)
        await hand.press("apostrophe")
        assert hand.slide == LONG


async def test_keys_of_clickers_do_no_harm(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        before = hand.session
        for key in ("escape", "f5", "shift+f5", "q", "ctrl+p", "ctrl+z", "x", "f1", "insert"):
            await hand.press(key)
            assert hand.top == "TalkScreen", key
            assert hand.session == before, key


@pytest.mark.parametrize("key", ["b", "full_stop"])
async def test_black_comes_and_goes(tmp_path: Path, key: str) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press(key)
        assert hand.session.black
        assert not hand.text().strip()
        await hand.press(key)
        assert "first line" in hand.text()
        await hand.press(key, "space")  # a press lifts it and shows nothing new
        assert hand.place == (PAUSES, 0)
        assert "first line" in hand.text()


async def test_freeze_keeps_the_picture_while_the_talk_moves(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("f", "n")
        assert hand.slide == DEMO
        assert "first line" in hand.text()
        await hand.pilot.resize_terminal(90, 30)
        await hand.wait(lambda: hand.frame().size.columns == 90, "the new size")
        assert "first line" in hand.text()
        await hand.press("f")
        assert "Two steps follow" in hand.text()


async def test_black_goes_over_a_frozen_picture(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("f", "b")
        assert not hand.text().strip()
        await hand.press("n")
        assert "first line" in hand.text()
        assert hand.slide == PAUSES


async def test_t_changes_the_theme_and_comes_round(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        seen = []
        for _ in range(3):
            await hand.press("t")
            seen.append(hand.session.theme)
            assert hand.app.theme == f"presenter-{hand.session.theme}"
        assert len(set(seen)) == 3
        await hand.press("t")
        assert hand.session.theme == seen[0]


async def test_ctrl_t_starts_the_timer_anew(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        assert hand.session.timer_started is None
        await hand.press("space")
        started = hand.session.timer_started
        assert started is not None
        await hand.press("ctrl+t")
        again = hand.session.timer_started
        assert again is not None
        assert again >= started


async def test_scrolling_the_text_by_keys(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=LONG) as hand:
        assert "▼" in hand.text()
        assert "Paragraph number 0." in hand.text()
        await hand.press("ctrl+d", "shift+down")
        assert "Paragraph number 0." not in hand.text()
        assert "▲" in hand.text()
        for _ in range(60):
            await hand.press("ctrl+d")
        assert "Paragraph number 59." in hand.text()
        await hand.press("shift+up")
        assert "Paragraph number 59." not in hand.text()
        for _ in range(60):
            await hand.press("ctrl+u")
        assert "Paragraph number 0." in hand.text()


async def test_a_command_typed_by_keys_takes_any_printable_key(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=BY_KEYS) as hand:
        await hand.press("space")
        for number, key in enumerate(("q", "full_stop", "5", "G", "pagedown"), 1):
            assert hand.session.lanes["typed"].typed == number - 1
            await hand.press(key)
        assert hand.session.lanes["typed"].activity is Activity.TYPED
        assert "$ ls -l" in hand.text()
        await hand.press("n", "b", "s", "1")  # hands that did not stop in time do nothing
        assert hand.place == (BY_KEYS, 1)
        assert not hand.session.black
        assert not hand.session.lanes["typed"].results
        await hand.press("space")
        await hand.wait_idle()
        await hand.wait_text("total 0")


async def test_an_instant_command_stands_at_once_and_runs_by_the_next_press(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=AT_ONCE, speed=0.001) as hand:
        await hand.press("space")
        assert hand.session.lanes["fast"].activity is Activity.TYPED
        assert "$ uname" in hand.text()
        assert "Linux" not in hand.text()


def test_every_binding_has_an_id_and_a_label_of_its_own() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    assert len({key.label for key in KEYS}) == len(KEYS)
    every = [name for key in KEYS for name in key.keys.split(",")]
    assert len(set(every)) == len(every)


async def test_a_fast_hands_keys_are_seen_to_one_after_another(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        hand.send("3", "G", "n", "6", "G", "p")
        await hand.settle()
        assert hand.slide == 4
        hand.send("3", "G", "tab", "n", "n", "ctrl+right_square_bracket", "n")
        await hand.settle()
        assert hand.slide == 3  # all but the last n went to the pane


async def test_a_key_that_was_given_away_is_no_other_bindings(tmp_path: Path) -> None:
    async with on_stage(tmp_path, keys={"nav.next_slide": "space", "nav.next": "n"}) as hand:
        await hand.press("space", "n")
        assert hand.place == (PAUSES, 1)
        await hand.press("space")
        assert hand.slide == DEMO


async def test_help_shows_a_binding_that_has_lost_its_keys(tmp_path: Path) -> None:
    async with on_stage(tmp_path, keys={"nav.next": "n"}) as hand:
        await hand.press("question_mark")
        await hand.wait_top("Help")
        line = next(line for line in hand.text().splitlines() if "Next slide, over" in line)
        assert line.split()[-1] == "none"


async def test_keys_can_be_changed(tmp_path: Path) -> None:
    keys = {"nav.next": "x,f5", "nav.last": "E", "pane.leave": "f9", "app.help": "f2"}
    async with on_stage(tmp_path, keys=keys) as hand:
        await hand.press("space")
        assert hand.slide == TITLE
        await hand.press("x")
        assert hand.slide == PAUSES
        await hand.press("f5")
        assert hand.place == (PAUSES, 1)
        await hand.press("3", "E")
        assert hand.slide == 2
        await hand.press("G")
        assert hand.slide == 2
        await hand.press("tab", "ctrl+right_square_bracket")
        assert hand.desk.view.pane_focused
        await hand.press("f9")
        assert not hand.desk.view.pane_focused
        await hand.press("f2")
        assert hand.top == "Help"
        assert "F9" in hand.text()
