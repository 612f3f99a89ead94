"""What opens over the stage: questions, overview, search, palette, help, test card, notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from presenter.layout.frame import Size
from presenter.layout.overview import overview
from tests.ui.stagehand import DECK, DEMO, END, LONG, PAUSES, TITLE, Stagehand, on_stage


@pytest.mark.parametrize("key", ["escape", "n", "pagedown", "q", "enter", "b", "space", "f5"])
async def test_any_key_but_y_goes_on_with_the_talk(tmp_path: Path, key: str) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("ctrl+q")
        await hand.wait_top("Question")
        assert "End the talk?" in hand.text()
        before = hand.session
        await hand.press(key)
        await hand.wait_top("TalkScreen")
        assert hand.session == before


@pytest.mark.parametrize("keys", [("ctrl+q", "y"), ("ctrl+c", "y"), ("ctrl+q", "ctrl+q")])
async def test_y_ends_the_talk(tmp_path: Path, keys: tuple[str, str]) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press(keys[0])
        await hand.wait_top("Question")
        await hand.press(keys[1])
        await hand.wait(hand.ended, "the end")
        assert hand.app.return_value == 0


async def test_notes_open_only_after_the_speakers_word(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        for key in ("N", "enter", "escape", "space", "pagedown"):
            await hand.press("N")
            await hand.wait_top("Question")
            await hand.press(key)
            await hand.wait_top("TalkScreen")
            assert "zebra" not in hand.text()
        await hand.press("N")
        await hand.wait_top("Question")
        await hand.press("y")
        await hand.wait(lambda: "zebra" in hand.panel(), "the note")
        assert "slide 2 of 7" in hand.panel()
        assert "next: reveal" in hand.panel()
        await hand.press("N")  # away, and back without a question
        await hand.wait(lambda: not hand.panel(), "no panel")
        await hand.press("N")
        await hand.wait(lambda: "zebra" in hand.panel(), "the note")


async def open_notes(hand: Stagehand) -> None:
    await hand.press("N")
    await hand.wait_top("Question")
    await hand.press("y")
    await hand.wait(lambda: bool(hand.panel()), "the panel")


async def test_long_notes_scroll_by_keys_and_wheel(tmp_path: Path) -> None:
    lines = "\n\n".join(f"note {n}." for n in range(40))
    text = f"# A\n\ntext\n\n<!-- notes:\n{lines}\n-->\n\n---\n\n# B\n"
    async with on_stage(tmp_path, text) as hand:
        await open_notes(hand)
        assert "note 0." in hand.panel()
        assert "▼" in hand.panel()
        for _ in range(40):
            await hand.press("ctrl+down")
        assert "note 39." in hand.panel()
        assert "note 0." not in hand.panel()
        await hand.press("ctrl+up")
        assert "note 39." not in hand.panel()
        before = hand.panel()
        await hand.wheel("#panel", -1)
        await hand.wait(lambda: hand.panel() != before, "other notes")


@pytest.mark.parametrize("size", [(40, 18), (80, 24), (120, 40)])
async def test_the_panel_leaves_room_for_the_stage(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_stage(tmp_path, slide=PAUSES, size=size) as hand:
        await open_notes(hand)
        assert hand.frame().size.rows >= size[1] // 2
        assert hand.frame().size.columns >= min(size[0], 76)


@pytest.mark.parametrize("size", [(80, 26), (120, 40), (150, 40)])
async def test_keys_give_the_panel_more_room_and_take_it_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(tmp_path, slide=PAUSES, size=size) as hand:
        await hand.press("plus")
        assert hand.frame().size == Size(*size), "there is no panel that could grow"
        await open_notes(hand)
        sizes = [hand.frame().size]
        for key in ("plus", "plus", "minus"):
            await hand.press(key)
            await hand.wait(lambda: hand.frame().size != sizes[-1], "another size")
            sizes.append(hand.frame().size)
        assert sizes[3] == sizes[1]
        areas = [one.columns * one.rows for one in sizes]
        assert areas[0] > areas[1] > areas[2]
        assert all(one.rows >= 12 and one.columns >= 40 for one in sizes), "the slide is shown"
        await hand.press("N", "N")
        await hand.wait(lambda: hand.frame().size == sizes[3], "the size that it had")


async def test_notes_of_a_press_come_into_the_panel_with_it(tmp_path: Path) -> None:
    lines = "\n\n".join(f"note {n}." for n in range(40))
    text = f"# A\n\none\n\n<!-- pause -->\n\ntwo\n\n<!-- notes:\n{lines}\n-->\n\n---\n\n# B\n"
    text = text.replace("<!-- pause -->", "<!-- notes:\n[>] now this\n-->\n\n<!-- pause -->")
    async with on_stage(tmp_path, text) as hand:
        await open_notes(hand)
        assert "now this" not in hand.panel()
        await hand.press("space")
        await hand.wait(lambda: "▌ now this" in hand.panel(), "the press's notes")
        await hand.press("ctrl+up")
        assert "now this" not in hand.panel()
        await hand.press("left", "space")
        await hand.wait(lambda: "▌ now this" in hand.panel(), "the press's notes again")


async def test_a_click_on_the_panel_is_none_on_the_stage(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=DEMO, size=(200, 40)) as hand:
        await open_notes(hand)
        await hand.wait(lambda: hand.frame().size.columns < 200, "the narrower stage")
        pane = hand.frame().pane
        assert pane is not None
        await hand.pilot.click("#panel", offset=(pane.x + 2, pane.y + 2))
        assert not hand.desk.view.pane_focused


# --- overview ---------------------------------------------------------------------------------


async def test_the_overview_goes_where_arrows_and_enter_say(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press("o")
        await hand.wait_top("Overview")
        await hand.press("right", "right", "left", "l", "pagedown", "enter")
        await hand.wait_top("TalkScreen")
        assert hand.slide == 3
        await hand.press("o")
        await hand.wait_top("Overview")
        await hand.press("end", "enter")
        await hand.wait(lambda: hand.slide == END, "the last slide")
        await hand.press("apostrophe")
        assert hand.slide == 3


@pytest.mark.parametrize("key", ["escape", "o"])
async def test_the_overview_goes_away_without_a_move(tmp_path: Path, key: str) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("o")
        await hand.wait_top("Overview")
        await hand.press("down", "right", key)
        await hand.wait_top("TalkScreen")
        assert hand.place == (PAUSES, 0)


async def test_a_click_in_the_overview_opens_that_slide(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press("o")
        await hand.wait_top("Overview")
        deck = hand.desk.deck
        titles = [deck.title(n) for n in range(len(deck))]
        cards = overview(deck.slide, titles, 0, Size(100, 34), hand.desk.view.theme)
        x, y = next((x, y) for y in range(34) for x in range(100) if cards.slide_at(x, y) == LONG)
        await hand.pilot.click(offset=(x, y))
        await hand.wait(lambda: hand.slide == LONG, "the clicked slide")


# --- search and palette -----------------------------------------------------------------------


async def search(hand: Stagehand, words: str) -> list[str]:
    """Open the search, type, and return the lines that it offers."""
    await hand.press("slash")
    await hand.wait_top("Choose")
    await hand.press(*("space" if char == " " else char for char in words))
    options = hand.app.screen.query_one(OptionList)
    await hand.wait(lambda: options.option_count > 0, f"a hit for {words!r}")
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


@pytest.mark.parametrize(
    ("words", "slide"),
    [("third", PAUSES), ("echo again", DEMO), ("kubectl pods", END), ("number 59", LONG)],
)
async def test_search_finds_text_and_commands(tmp_path: Path, words: str, slide: int) -> None:
    async with on_stage(tmp_path) as hand:
        hits = await search(hand, words)
        assert len(hits) == 1
        await hand.press("enter")
        await hand.wait(lambda: hand.slide == slide, "the slide found")
        assert not hand.session.lanes


async def test_search_shows_no_notes_on_the_projector(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        (hit,) = await search(hand, "zebra")
        assert "Pauses" in hit
        assert "zebra" not in hit
        await hand.press("escape")
        await hand.wait_top("TalkScreen")
        assert hand.slide == TITLE
        await open_notes(hand)
        (hit,) = await search(hand, "zebra")
        assert "zebra stands in a note only" in hit


@pytest.mark.parametrize("key", ["colon", "f12"])
async def test_the_palette_does_what_was_chosen(tmp_path: Path, key: str) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press(key)
        await hand.wait_top("Choose")
        await hand.press(*"last")
        await hand.press("enter")
        await hand.wait(lambda: hand.slide == END, "the last slide")
        await hand.press(key)
        await hand.wait_top("Choose")
        await hand.press(*"quit")
        await hand.press("enter")
        await hand.wait_top("Question")


async def test_the_palette_goes_to_slides_and_down_the_list(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as hand:
        await hand.press("colon")
        await hand.wait_top("Choose")
        await hand.press(*"Slide")
        await hand.wait(lambda: hand.app.screen.query_one(Input).value == "Slide", "the words")
        await hand.press("down", "down", "up")
        options = hand.app.screen.query_one(OptionList)
        chosen = options.highlighted
        assert chosen == 1
        await hand.press("escape")
        await hand.wait_top("TalkScreen")


async def test_the_palettes_next_counts_as_a_press(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("colon")
        await hand.wait_top("Choose")
        await hand.press("enter")  # the first of all: next
        await hand.wait_place(PAUSES, 1)


# --- frames and help --------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
@pytest.mark.parametrize(("key", "name"), [("T", "FrameScreen"), ("question_mark", "Help")])
async def test_test_card_and_help_fit_any_size(
    tmp_path: Path, size: tuple[int, int], key: str, name: str
) -> None:
    async with on_stage(tmp_path, slide=PAUSES, size=size) as hand:
        await hand.press(key)
        await hand.wait_top(name)
        assert hand.text().strip()
        await hand.press("space")
        await hand.wait_top("TalkScreen")
        assert hand.place == (PAUSES, 0)


@pytest.mark.parametrize(("rows", "panel"), [(12, 11), (17, 16), (18, 6), (21, 9), (24, 10)])
async def test_the_panel_leaves_the_slide_its_rows_or_none(
    tmp_path: Path, rows: int, panel: int
) -> None:
    async with on_stage(tmp_path, size=(60, rows)) as hand:
        await open_notes(hand)
        assert hand.app.screen.query_one("#panel").size.height == panel
        assert hand.app.screen.query_one("#stage").size.height == rows - panel
        complains = "Make the window larger" in hand.text()
        assert complains == (rows - panel < 12)


async def test_help_scrolls(tmp_path: Path) -> None:
    async with on_stage(tmp_path, size=(60, 14)) as hand:
        await hand.press("question_mark")
        await hand.wait_top("Help")
        box = hand.app.screen.query(".dialog").first()
        await hand.press("pagedown")
        await hand.wait(lambda: box.scroll_offset.y > 0, "further keys")
        assert hand.top == "Help"


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_the_overview_fits_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_stage(tmp_path, DECK, size=size) as hand:
        await hand.press("o")
        await hand.wait_top("Overview")
        await hand.wait(lambda: hand.frame().size == Size(*size), "the overview")
        await hand.press("end", "home", "down", "up")
        assert hand.frame().size == Size(*size)


async def test_a_question_is_written_down_where_it_is_private(tmp_path: Path) -> None:
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press("Q")
        await hand.wait_top("Question")
        assert "Questions are private" in hand.text()
        await hand.press("y")
        await hand.wait_top("TalkScreen")
        await hand.press("Q")
        await hand.wait_top("Question")
        await hand.press("N")
        await hand.wait(lambda: "Notes are private" in hand.text(), "the question")
        await hand.press("y")
        await hand.wait_top("TalkScreen")
        await hand.press("Q")
        await hand.wait_top("Questions")
        await hand.press(*"why  not", "enter")
        await hand.wait_top("TalkScreen")
        assert hand.session.questions == ("why not",)
        await hand.press("Q")
        await hand.wait_top("Questions")
        await hand.press("x", "escape")
        await hand.wait_top("TalkScreen")
        assert hand.session.questions == ("why not",)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("question_mark", "space"),
        ("ctrl+q", "pagedown"),
        ("Q", "x"),
        ("N", "x"),
        ("T", "x"),
        ("o", "enter"),
        ("slash", "enter"),
        ("colon", "enter"),
    ],
)
async def test_keys_that_come_too_late_for_a_dialog_leave_the_stage_there(
    tmp_path: Path, key: str, answer: str
) -> None:
    """A key that is held, or a clicker that sends two: all come before the dialog is gone."""
    async with on_stage(tmp_path, slide=PAUSES) as hand:
        await hand.press(key)
        await hand.wait(lambda: hand.top != "TalkScreen", "the dialog")
        hand.send(*[answer] * 5)
        await hand.settle()
        await hand.wait_top("TalkScreen")
        await hand.press("n")
        await hand.wait(lambda: hand.slide > PAUSES, "the next slide")
        assert hand.app._exception is None
