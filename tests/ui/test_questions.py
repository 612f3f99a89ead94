"""The dialog for the audience's questions, on the stage with its notes open and at `attach`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from presenter.layout.theme import theme
from presenter.ui.questions import Questions, answer_lines
from presenter.ui.stage import Stage
from tests.layout.build import plain
from tests.ui.stagehand import PAUSES, Keys, Stagehand, frame_text, on_stage
from tests.ui.test_attach import attached
from tests.ui.test_overlays import open_notes

FILE = """\
## Is it quokka ready?
<!-- tags: roadmap, quokka -->
<!-- as_of: 2018 -->
<!-- also: When can I use it? -->

Not **yet**, says the wombat.

- one
- two

## Does it scale?

## Which licence?

{long}
""".replace("{long}", "\n\n".join(f"line {n}" for n in range(40)))


def write(folder: Path, text: str = FILE) -> None:
    (folder / "talk.questions.md").write_text(text, "utf-8")


def dialog(keys: Keys) -> Questions:
    screen = keys.app.screen
    assert isinstance(screen, Questions)
    return screen


def listed(keys: Keys) -> list[str]:
    options = dialog(keys).query_one(OptionList)
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


def chosen(keys: Keys) -> str:
    options = dialog(keys).query_one(OptionList)
    return "" if options.highlighted is None else listed(keys)[options.highlighted]


def answer(keys: Keys) -> str:
    frame = dialog(keys).query_one("#answer", Stage).frame
    return frame_text(frame) if frame else ""


async def open_book(hand: Stagehand, prepared: int = 3) -> None:
    await hand.wait(lambda: len(hand.desk.prepared.all) == prepared, "the file")
    await open_notes(hand)
    await hand.press("Q")
    await hand.wait_top("Questions")
    await hand.wait(lambda: bool(answer(hand)), "what stands below the list")


async def test_on_the_smallest_window_the_answer_can_be_read(tmp_path: Path) -> None:
    write(tmp_path)
    async with on_stage(tmp_path, slide=PAUSES, size=(40, 12)) as hand:
        await open_book(hand)
        await hand.press(*"wombat")
        await hand.wait(lambda: "says the wombat" in answer(hand), "the answer")
        await hand.wait(lambda: len(answer(hand).splitlines()) >= 5, "some lines of it")


async def test_it_finds_shows_and_marks_and_stays_open(tmp_path: Path) -> None:
    write(tmp_path)
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await open_book(hand)
        assert hand.session.clock.paused_at is not None
        assert listed(hand) == [
            "  Is it quokka ready?", "  Does it scale?", "  Which licence?", "  write down: ",
        ]  # fmt: skip
        await hand.press(*"quoka")
        assert listed(hand) == ["  Is it quokka ready?", "  write down: quoka"]
        assert chosen(hand) == "  Is it quokka ready?"
        for words in ("as of 2018", "#roadmap #quokka", "Not yet, says the wombat.", "• two"):
            assert words in answer(hand)
        await hand.press("enter", "enter")
        assert listed(hand)[0] == "✓ Is it quokka ready?"
        assert "✓ asked" in answer(hand)
        assert "wombat" in answer(hand)
        assert hand.session.asked == ("Is it quokka ready?",)
        assert hand.session.questions == ()
        await hand.press("escape")
        await hand.wait_top("TalkScreen")
        assert hand.session.clock.paused_at is not None  # until the talk goes on
        await hand.press("space")
        assert hand.session.clock.paused_at is None


async def test_an_enter_too_many_marks_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    async with on_stage(tmp_path) as hand:
        await open_book(hand)
        before = hand.session
        await hand.press("enter", "enter")
        assert hand.top == "Questions"
        await hand.press("space", "enter", "up", "enter")  # nothing is typed: none to write down
        assert hand.session == before
        assert hand.top == "Questions"


@pytest.mark.parametrize(
    ("keys", "text", "tag"),
    [
        (["arm?"], "arm?", ""),
        (["is it quokka #infra"], "is it quokka", "infra"),
        (["quokka", "up"], "quokka", ""),
        (["quokka", "down"], "quokka", ""),
    ],
)
async def test_what_nobody_prepared_is_written_down_with_its_tag(
    tmp_path: Path, keys: Sequence[str], text: str, tag: str
) -> None:
    write(tmp_path)
    async with on_stage(tmp_path) as hand:
        await open_book(hand)
        typed, *moves = keys
        dialog(hand).query_one(Input).value = typed
        await hand.settle()
        await hand.press(*moves)
        assert chosen(hand) == f"  write down: {text}{f'   #{tag}' if tag else ''}"
        await hand.press("enter")
        await hand.wait_top("TalkScreen")
        assert hand.session.questions == (text,)
        assert hand.session.question_tags == (tag,)
        assert hand.session.asked == ()


async def test_a_long_answer_scrolls(tmp_path: Path) -> None:
    write(tmp_path)
    async with on_stage(tmp_path) as hand:
        await open_book(hand)
        await hand.press(*"licence")
        assert "line 0" in answer(hand)
        assert "▼" in answer(hand)
        for _ in range(30):
            await hand.press("pagedown")
        assert "line 39" in answer(hand)
        assert "line 0" not in answer(hand)
        await hand.press("pageup")
        assert "line 39" not in answer(hand)
        await hand.wheel("#answer", 10)
        assert "line 39" in answer(hand)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_it_fits_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    write(tmp_path)
    async with on_stage(tmp_path, size=size) as hand:
        await open_book(hand)
        await hand.press(*"quokka")
        box = dialog(hand).query(".dialog").first().region
        assert box.width <= size[0]
        assert box.height <= size[1]
        assert "Is it quokka ready?" in answer(hand)


@pytest.mark.parametrize("make", ["missing", "binary", "folder"])
async def test_a_file_that_cannot_be_read_costs_nothing(tmp_path: Path, make: str) -> None:
    path = tmp_path / "talk.questions.md"
    if make == "binary":
        path.write_bytes(bytes(range(256)))
    elif make == "folder":
        path.mkdir()
    async with on_stage(tmp_path) as hand:
        await open_book(hand, prepared=0)
        await hand.press(*"why", "enter")
        await hand.wait_top("TalkScreen")
        assert hand.session.questions == ("why",)
        await hand.press("n")
        assert hand.slide == 1


async def test_a_changed_file_is_taken_with_the_deck(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.wait(lambda: hand.desk.prepared.found is not None, "the first reading")
        write(tmp_path)
        await hand.press("R")
        await hand.wait(lambda: len(hand.desk.prepared.all) == 3, "the questions")


async def test_nothing_of_it_is_on_a_stage_that_is_not_private(tmp_path: Path) -> None:
    write(tmp_path)
    async with on_stage(tmp_path) as hand:
        await hand.wait(lambda: len(hand.desk.prepared.all) == 3, "the file")
        before = hand.session
        for key in ("Q", "slash", "colon", "question_mark", "o"):
            await hand.press(key)
            await hand.wait(lambda: hand.top != "TalkScreen", "the dialog")
            if key in {"slash", "colon"}:
                await hand.press(*"quokka")
            text = (
                hand.text().replace("quokka", "", 1) if key in {"slash", "colon"} else hand.text()
            )
            for word in ("quokka", "wombat", "licence"):
                assert word not in text
            await hand.press("escape")
            await hand.wait_top("TalkScreen")
        assert hand.session == before  # the plan's clock goes on as well


async def test_from_a_second_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    async with attached(tmp_path, monkeypatch) as pair:
        public: list[str] = []
        stage = pair.stage.app.screen.query(Stage).first()
        show = stage.show

        def watched(frame: object) -> None:
            show(frame)  # type: ignore[arg-type]
            public.append(pair.stage.text())

        monkeypatch.setattr(stage, "show", watched)
        await pair.wait(lambda: len(pair.follower.prepared) == 3, "the questions")
        await pair.press("Q")
        await pair.wait(lambda: pair.top == "Questions", "the dialog")
        await pair.wait(lambda: bool(answer(pair)), "what stands below the list")
        await pair.stage.wait(
            lambda: pair.stage.session.clock.paused_at is not None, "the plan's pause"
        )
        await pair.press(*"wombat", "enter")
        assert "✓ asked" in answer(pair)
        await pair.wait(lambda: bool(pair.stage.session.asked), "the mark")
        assert pair.stage.session.asked == ("Is it quokka ready?",)
        dialog(pair).query_one(Input).value = "is there a numbat #animals"
        await pair.settle()
        await pair.press("enter")
        await pair.wait(lambda: pair.top == "AttachScreen", "the end of it")
        await pair.wait(lambda: bool(pair.stage.session.questions), "the question")
        assert pair.stage.session.question_tags == ("animals",)
        await pair.press("space")
        await pair.wait_slide(PAUSES)
        assert public
        for word in ("quokka", "wombat", "numbat", "animals", "A question"):
            assert word not in "\n".join(public)


def test_an_answer_that_is_missing_is_said_to_be() -> None:
    from presenter.deck.questions import Prepared

    lines = answer_lines(Prepared("Why?"), False, 30, theme("dark"))
    assert "no answer is prepared yet" in "\n".join(plain(lines))
