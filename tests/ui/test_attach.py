"""The speaker's own screen beside a stage: the same keys, and what each of them shows."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from presenter.demo import follower as followers
from presenter.demo.follower import Follower
from presenter.demo.keyboard import Keyboard
from presenter.demo.lineedit import Line
from presenter.demo.link import Link
from presenter.demo.sockets import Talk
from presenter.demo.store import STATE_VARIABLE, deck_id
from presenter.demo.wire import LONGEST_PRESS
from presenter.layout.frame import Frame
from presenter.layout.speakerstate import SpeakerState
from presenter.talk.commands import Next, NoteQuestion, Quit, SetTheme
from presenter.talk.session import Session
from presenter.ui.app import PresenterApp
from presenter.ui.attach import AttachScreen
from presenter.ui.stage import Stage
from presenter.ui.talk import TalkScreen
from tests.ui.stagehand import (
    BY_KEYS,
    DECK,
    DEMO,
    END,
    PAUSES,
    Keys,
    Stagehand,
    frame_text,
    on_stage,
)

Patch = pytest.MonkeyPatch
LONG_NOTES = DECK.replace("zebra", "\n\n".join(f"zebra {n}" for n in range(40)))


class Pair(Keys):
    """A speaker's screen and the stage it is attached to, both in this process."""

    stage: Stagehand
    link: Link
    follower: Follower

    @property
    def top(self) -> str:
        return type(self.app.screen).__name__

    def text(self) -> str:
        frame = self.app.screen_stack[1].query(Stage).first().frame
        return frame_text(frame) if frame else ""

    @property
    def _state(self) -> SpeakerState:
        assert self.follower.state is not None
        return self.follower.state

    def shows_on_stage(self, text: str) -> bool:
        return text in self.stage.text()

    def dialog(self) -> str:
        return "\n".join(str(widget.render()) for widget in self.app.screen.query("Static"))

    async def wait_slide(self, slide: int) -> None:
        """Until the stage shows the slide, and this screen says so."""
        await self.stage.wait(lambda: self.stage.slide == slide, f"slide {slide}")
        await self.wait(lambda: f"slide {slide + 1} of 7" in self.text(), f"slide {slide + 1}")


@contextlib.asynccontextmanager
async def attached(
    folder: Path,
    monkeypatch: Patch,
    *,
    slide: int = 0,
    text: str = DECK,
    keys: Mapping[str, str] | None = None,
) -> AsyncIterator[Pair]:
    monkeypatch.setenv(STATE_VARIABLE, str(folder / "state"))
    monkeypatch.setattr(followers, "RETRY_SECONDS", 0.005)
    async with on_stage(folder, text, slide=slide) as stage:
        screen = stage.app.screen
        assert isinstance(screen, TalkScreen)
        await stage.wait(lambda: screen._link.link is not None, "the link")
        link = screen._link.link
        assert link is not None, stage.desk.reports.lines
        follower = Follower(Talk(deck_id(stage.path), link.place.socket, 0.0))
        app = PresenterApp(lambda _app: AttachScreen(follower, keys or {}, "truecolor"))
        async with app.run_test(size=(80, 24)) as pilot:
            pair = Pair(pilot)
            pair.stage, pair.link, pair.follower = stage, link, follower
            await pair.wait(lambda: pair.top == "AttachScreen", "the screen")
            await pair.wait(lambda: "in step" in pair.text(), "the talk")
            yield pair


async def test_it_shows_what_the_speaker_needs(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, slide=PAUSES) as pair:
        for words in (
            "SPEAKER · PRIVATE", "A talk for tests", "slide 2 of 7 · press 0 of 2", "of 10:00",
            "NEXT  reveal", "zebra stands in a note only", "Space next",
        ):  # fmt: skip
            assert words in pair.text()


async def test_keys_drive_the_stage_and_the_stage_is_followed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press("space")
        await pair.wait_slide(PAUSES)
        assert "first line" in pair.stage.text()
        await pair.stage.press("n")
        await pair.wait_slide(DEMO)
        await pair.press("left", "p")
        await pair.wait_slide(0)
        await pair.press("6", "G")
        await pair.wait_slide(5)
        await pair.press("G")
        await pair.wait_slide(END)
        await pair.press("apostrophe")
        await pair.wait_slide(5)
        await pair.press("g")
        await pair.wait_slide(0)
        await pair.press("b")
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")
        await pair.press("b", "f")
        await pair.wait(lambda: "the picture is frozen" in pair.text(), "frozen")
        assert "black" not in pair.text().replace("b black", "")


async def test_a_step_is_typed_and_run_from_here(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, slide=DEMO) as pair:
        assert "NEXT  type echo hello" in pair.text()
        await pair.press("space")
        await pair.wait(lambda: "NEXT  run echo hello" in pair.text(), "the typed command")
        await pair.wait(lambda: "typed" in pair.text().split("echo hello", 1)[1], "its state")
        await pair.press("space")
        await pair.wait(lambda: "transcript" in pair.text(), "the step")
        await pair.stage.wait_idle()
        assert "hello" in pair.stage.text()


async def test_a_key_from_before_what_is_shown_runs_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch, slide=DEMO) as pair:
        pair.send(*["space"] * 20)
        await pair.wait(lambda: "typed" in pair.text().split("echo hello", 1)[1], "its state")
        await pair.press("b")  # is carried out after all of those
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")
        assert not pair.stage.session.lanes["shell"].results


async def test_the_speakers_own_keys_hold(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, keys={"nav.next_slide": "x"}) as pair:
        await pair.press("n")
        await pair.press("x")
        await pair.wait_slide(1)


@pytest.mark.parametrize("key", ["N", "T"])
async def test_what_belongs_to_the_stage_says_so(
    tmp_path: Path, monkeypatch: Patch, key: str
) -> None:
    async with attached(tmp_path, monkeypatch, slide=PAUSES) as pair:
        before = pair.stage.session
        await pair.press(key)
        assert "on the stage only" in pair.text()
        await pair.press("b")
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")
        assert pair.stage.session.sequence == before.sequence + 1
        assert pair.stage.top == "TalkScreen"


async def test_keys_that_only_show_act_on_the_stage(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, slide=DEMO) as pair:
        themes = pair.stage.desk.view.theme.name
        await pair.press("t")
        await pair.wait(lambda: pair.stage.desk.view.theme.name != themes, "another theme")
        pair.stage.path.write_text(DECK.replace("# Demo", "# Mended"), "utf-8")
        await pair.press("R")
        await pair.wait(lambda: "Mended" in pair.text(), "the new deck")
        await pair.press("e", "shift+pageup")
        await pair.press("b")
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")


async def test_a_step_is_typed_by_keys_from_here(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, slide=BY_KEYS) as pair:
        await pair.press("space")
        await pair.wait(lambda: pair._state.keys == "typing", "typing")
        await pair.press(*"abcd")
        await pair.wait(lambda: "$ ls -" in pair.stage.text(), "what was typed")


async def test_a_key_for_a_pane_that_has_no_keys_any_more_does_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch, slide=DEMO) as pair:
        before = pair.stage.session
        for mode in ("pane", "line", "scratch", "typing", "", "talk"):
            pair.follower.send("key", text="space", character=" ", mode=mode)
        pair.follower.send("paste", text="x", mode="pane")
        await pair.press("b")
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")
        assert pair.stage.session.sequence == before.sequence + 1


@pytest.mark.parametrize("name", ["next", "skip", "previous", "next_slide", "first"])
async def test_a_key_for_the_talk_does_nothing_where_a_pane_or_a_line_has_the_keys(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """`e` was pressed before it, and this screen did not know of it yet."""
    async with attached(tmp_path, monkeypatch, slide=DEMO) as pair:
        await pair.press("space")
        await pair.wait(lambda: "typed" in pair.text().split("echo hello", 1)[1], "its state")
        before = pair.stage.session
        pair.stage.desk.keyboard.editing = Line("echo other", 0)
        pair.follower.send(name, seen=before.sequence)
        pair.follower.send("question", text="done?")  # is carried out after it
        await pair.wait(lambda: bool(pair.stage.session.questions), "the question")
        assert pair.stage.session.sequence == before.sequence + 1
        assert pair.stage.desk.keyboard.editing == Line("echo other", 0)


async def test_hands_that_type_on_after_the_last_character_run_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch, slide=BY_KEYS) as pair:
        await pair.press("space")
        await pair.wait(lambda: pair._state.keys == "typing", "typing")
        await pair.press(*"abcde")
        await pair.wait(lambda: pair._state.activity == "typed", "the whole command")
        before = pair.stage.session.sequence
        assert pair._state.sequence == before
        await pair.press(*"ljkhb")
        await pair.press("ctrl+t")
        await pair.wait(lambda: pair.stage.session.sequence > before, "the timer")
        assert pair.stage.session.sequence == before + 1
        assert not pair.stage.session.lanes["typed"].results
        await pair.wait(lambda: pair._state.sequence > before, "the state")
        await pair.press("space")
        await pair.wait(lambda: bool(pair.stage.session.lanes["typed"].results), "the step")


async def test_what_is_too_long_to_be_pasted_is_said_and_parts_nobody(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        pair.follower.state = replace(pair._state, keys="pane")
        writer = pair.follower._writer
        pair.app.screen.post_message(events.Paste("\n" * (LONGEST_PRESS // 2)))
        await pair.wait(lambda: "too much at once" in pair.text(), "the word of it")
        pair.follower.send("black")
        await pair.wait(lambda: "the screen is black" in pair.text(), "black")
        assert pair.follower._writer is writer


async def test_words_are_looked_for_in_the_pane(tmp_path: Path, monkeypatch: Patch) -> None:
    lines = "\n".join(f"line {n}" for n in range(100))
    text = DECK.replace("$ echo hello\nhello", f"$ echo hello\n{lines}")
    async with attached(tmp_path, monkeypatch, slide=DEMO, text=text) as pair:
        await pair.press("space")
        await pair.wait(lambda: "NEXT  run echo hello" in pair.text(), "the typed command")
        await pair.wait(lambda: "typed" in pair.text().split("echo hello", 1)[1], "its state")
        await pair.press("space")
        await pair.stage.wait_idle()
        await pair.wait(lambda: "line 99" in pair.stage.text(), "the step")
        for words, seen in (("LINE 2", "line 29"), ("LINE 2", "line 28"), ("nowhere", "")):
            await pair.press("ctrl+f")
            await pair.wait(lambda: pair.top == "AskLine", "the dialog")
            await pair.press(*("space" if c == " " else c for c in words), "enter")
            await pair.wait(lambda: pair.top == "AttachScreen", "the end of it")
            await pair.wait(partial(pair.shows_on_stage, seen), seen)
        await pair.wait(lambda: "not found in the pane: nowhere" in pair.text(), "the word of it")


async def test_help_opens_here_and_not_on_the_stage(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press("question_mark")
        await pair.wait(lambda: pair.top == "Help", "help")
        assert "Next slide" in pair.dialog()
        assert pair.stage.top == "TalkScreen"
        await pair.press("escape")
        await pair.wait(lambda: pair.top == "AttachScreen", "the screen")


@pytest.mark.parametrize("key", ["o", "slash", "colon"])
async def test_a_slide_is_chosen_here(tmp_path: Path, monkeypatch: Patch, key: str) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press(key)
        await pair.wait(lambda: pair.top == "Choose", "the list")
        await pair.press(*"once")
        await pair.press("enter")
        await pair.wait_slide(4)
        assert pair.stage.top == "TalkScreen"


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_detaching_leaves_the_talk_alone(
    tmp_path: Path, monkeypatch: Patch, key: str
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press(key)
        await pair.wait(lambda: pair.app.return_value == 0, "the end")
        assert not pair.stage.ended()
    assert not pair.stage.desk.reports.lines


@pytest.mark.parametrize("key", ["escape", "q", "f5"])
async def test_a_clicker_cannot_detach(tmp_path: Path, monkeypatch: Patch, key: str) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press(key, "n")
        await pair.wait_slide(1)


async def test_ctrl_c_is_for_a_live_step_that_runs(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        running = replace(pair._state, runs=True)  # whatever else comes meanwhile
        monkeypatch.setattr(AttachScreen, "_state", property(lambda _screen: running))
        sent: list[str] = []

        def send(cmd: str, *, seen: int) -> bool:
            sent.append(cmd)
            return seen == pair.stage.session.turned

        monkeypatch.setattr(pair.follower, "send", send)
        await pair.press("ctrl+c")
        assert sent == ["interrupt"]
        assert pair.app.return_value is None


async def test_notes_scroll_here_alone(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch, slide=PAUSES, text=LONG_NOTES) as pair:
        assert "▼" in pair.text()
        await pair.press("ctrl+down", "ctrl+down", "ctrl+down")
        assert "▲" in pair.text()
        await pair.press("ctrl+up", "ctrl+up", "ctrl+up")
        assert "▲ 2" not in pair.text()
        before = pair.text()
        await pair.wheel("#stage", 1)
        assert pair.text() != before
        await pair.press("space")
        await pair.wait(lambda: "▲ 2" not in pair.text(), "the notes from their first line")


PRESSES = DECK.replace("zebra", "\n\n".join(f"zebra {n}" for n in range(40)) + "\n[>] now one\n"
                       "[>] now two\n\nzebra")  # fmt: skip


async def test_notes_of_a_press_come_with_it_and_into_view(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch, slide=PAUSES, text=PRESSES) as pair:
        assert "zebra 0" in pair.text()
        assert "now" not in pair.text()
        await pair.press("space")
        await pair.wait(lambda: "▌ now one" in pair.text(), "the first press's notes")
        assert "▸ 1 more with a press to come" in pair.text()
        await pair.press("ctrl+up", "ctrl+up", "ctrl+up")
        assert "now one" not in pair.text()
        pair.stage.desk.dispatch(SetTheme("light"))
        await pair.wait(lambda: pair._state.theme == "light", "another state")
        assert "now one" not in pair.text(), "what the speaker has scrolled to stays"
        await pair.press("ctrl+down", "ctrl+down", "ctrl+down")
        assert "▌ now one" in pair.text()
        await pair.press("ctrl+up", "space")
        await pair.wait(lambda: "▌ now two" in pair.text(), "the next press's notes")


async def test_the_size_of_the_notes_is_of_this_screen_alone(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch, slide=PAUSES, text=LONG_NOTES) as pair:
        await pair.pilot.resize_terminal(150, 40)
        await pair.wait(lambda: "on the slide" in pair.text(), "the slide's text")
        before, events = pair.stage.text(), pair.stage.session.sequence
        await pair.press("plus", "minus", "plus", "plus")
        assert "on the slide" not in pair.text()
        assert "notes: size 3 of 3" in pair.text()
        await pair.press("plus", "space")
        await pair.wait(lambda: "press 1 of 2" in pair.text(), "the next press")
        assert "on the slide" not in pair.text(), "it is kept"
        await pair.press("left")
        await pair.wait(lambda: "press 0 of 2" in pair.text(), "the press before")
        await pair.press("minus", "minus", "minus")
        assert "on the slide" in pair.text()
        assert pair.stage.text() == before
        assert pair.stage.session.sequence == events + 2, "there and back again"


async def test_the_end_of_the_talk_is_said_and_a_key_leaves(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        pair.stage.desk.dispatch(Quit())
        pair.link.close()
        await pair.wait(lambda: "the talk has ended" in pair.text(), "the end")
        await pair.press("space")
        await pair.wait(lambda: pair.app.return_value == 0, "leaving")


async def test_a_talk_that_is_gone_is_looked_for_then_given_up(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        pair.follower._patience = 1e9
        pair.link.close()
        await pair.wait(lambda: "no talk: looking for it" in pair.text(), "the loss")
        await pair.press("space")
        assert "not sent" in pair.text()
        pair.follower._patience = 0.0
        await pair.wait(lambda: "the talk is gone" in pair.text(), "giving up")
        await pair.press("space")
        await pair.wait(lambda: pair.app.return_value == 1, "leaving")


@pytest.mark.parametrize("lost", [False, True])
async def test_a_talk_that_goes_while_its_pane_has_the_keys_can_be_left(
    tmp_path: Path, monkeypatch: Patch, lost: bool
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        monkeypatch.setattr(Keyboard, "goes_to", "pane")
        pair.stage.desk.dispatch(SetTheme("light"))
        await pair.wait(lambda: "keys go to the pane" in pair.text(), "the pane's keys")
        await pair.press("ctrl+q")
        assert pair.app.return_value is None
        if lost:
            pair.link.close()
            await pair.wait(lambda: "no talk: looking for it" in pair.text(), "the loss")
        else:
            monkeypatch.setattr(pair.follower, "_take", lambda _line: None)
            pair.follower.heard -= 100
        await pair.press("ctrl+q")
        await pair.wait(lambda: pair.app.return_value == 0, "leaving")


async def test_a_silent_talk_is_told(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic: now() + 100)
        pair.app.screen.draw()  # type: ignore[attr-defined]
        assert "no word for 100 s" in pair.text()


async def test_it_has_the_theme_of_the_stage(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        stage = pair.app.screen.query_one(Stage)
        assert stage.frame is not None
        before = stage.frame.lines[0][0].style
        pair.stage.desk.dispatch(SetTheme("light"))
        await pair.wait(
            lambda: stage.frame is not None and stage.frame.lines[0][0].style != before, "light"
        )


async def test_notes_are_in_no_frame_of_the_stage(tmp_path: Path, monkeypatch: Patch) -> None:
    frames: list[Frame] = []
    show = Stage.show

    def kept(self: Stage, frame: Frame) -> None:
        frames.append(frame)
        show(self, frame)

    monkeypatch.setattr(Stage, "show", kept)
    async with attached(tmp_path, monkeypatch) as pair:
        for slide in (*range(1, 7), PAUSES):
            pair.follower.send("goto", slide=slide)
            await pair.wait_slide(slide)
        assert "zebra" in pair.text()
        private = [frame for frame in frames if "SPEAKER · PRIVATE" in frame_text(frame)]
        public = [frame for frame in frames if frame not in private]
        assert any("zebra" in frame_text(frame) for frame in private)
        assert len(public) >= 7
        for frame in public:
            for word in ("zebra", "PRIVATE", "NEXT", "10:00"):
                assert word not in frame_text(frame)


async def test_a_question_is_written_down_and_not_shown_on_the_stage(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press("n", "n", "Q")
        await pair.wait(lambda: pair.top == "Questions", "the dialog")
        await pair.press(*"mTLS")
        await pair.press("enter")
        await pair.wait(lambda: "questions written down: 1" in pair.text(), "the count")
        assert pair.stage.session.questions == ("mTLS",)
        assert "mTLS" not in pair.stage.text()
        await pair.press("Q")
        await pair.wait(lambda: pair.top == "Questions", "the dialog")
        await pair.press("x", "escape")
        await pair.wait(lambda: pair.top == "AttachScreen", "the end of it")
        assert pair.stage.session.questions == ("mTLS",)


async def test_a_question_is_told_until_the_talk_has_it(tmp_path: Path, monkeypatch: Patch) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        told: list[str] = []

        def send(_cmd: str, text: str = "", tag: str = "") -> bool:
            told.append(text + tag)
            return False

        monkeypatch.setattr(pair.follower, "send", send)
        for words in ("first", "second"):
            await pair.press("Q")
            await pair.wait(lambda: pair.top == "Questions", "the dialog")
            await pair.press(*words, "enter")
            await pair.wait(lambda: pair.top == "AttachScreen", "the end of it")
        assert set(told) == {"", "first"}, "the second waits for the first"
        monkeypatch.undo()
        pair.stage.desk.dispatch(Next())
        await pair.wait(lambda: "questions written down: 2" in pair.text(), "both")
        assert pair.stage.session.questions == ("first", "second")


async def test_a_question_of_another_screens_at_the_same_time_holds_up_none(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        desk = pair.stage.desk

        def ask_too(session: Session, _events: object) -> None:
            if session.questions == ("first",):  # before any state can tell of it
                desk.dispatch(NoteQuestion("another's"))

        desk.runtime.subscribe(ask_too)
        pair.follower.note_question("first")
        pair.follower.note_question("second")
        await pair.wait(lambda: len(pair.stage.session.questions) == 3, "all of them")
        assert pair.stage.session.questions == ("first", "another's", "second")


async def test_all_lines_of_a_question_that_is_pasted_are_kept(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with attached(tmp_path, monkeypatch) as pair:
        await pair.press("Q")
        await pair.wait(lambda: pair.top == "Questions", "the dialog")
        pair.app.screen.query_one(Input).post_message(events.Paste("What if\n\n  it\tscales?\n"))
        await pair.press("enter")
        await pair.wait(lambda: bool(pair.stage.session.questions), "the question")
        assert pair.stage.session.questions == ("What if it scales?",)
