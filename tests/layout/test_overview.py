"""The overview, the notes, the banner letters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.model import (
    Code,
    Demo,
    DemoKind,
    Slide,
    Step,
    TitleBlock,
)
from presenter.layout.banner import banner
from presenter.layout.frame import Size
from presenter.layout.glyphs import GLYPHS
from presenter.layout.overview import outline, overview
from presenter.layout.svg import color_of
from tests.layout.build import DARK, PLACE, bare, paragraph, plain, sizes, slide, slides, words


def number(n: int) -> Slide:
    return slide(paragraph(f"text {n}"))


def test_cards_are_numbered_and_the_current_one_is_inverted() -> None:
    titles = [f"Title {n}" for n in range(30)]
    seen = overview(number, titles, 4, Size(80, 24), DARK)
    found = plain(seen.frame.lines)
    assert found[0] == "  30 slides · ▼ 21 more"
    assert found[2] == "   1  Title 0                2  Title 1                3  Title 2"
    assert found[3] == "   text 0                    text 1                    text 2"
    assert (seen.across, sorted(seen.boxes)) == (3, list(range(9)))
    box = seen.boxes[4]
    chosen = [s for s in seen.frame.lines[box.y] if s.style is not None
              and color_of(s.style.bgcolor, "") == DARK.selection]  # fmt: skip
    assert [segment.text.strip() for segment in chosen if segment.text.strip()] == ["5  Title 4"]


def test_the_overview_scrolls_to_the_current_slide() -> None:
    titles = ["x"] * 1000
    asked: list[int] = []

    def get(n: int) -> Slide:
        asked.append(n)
        return number(n)

    for current in (0, 500, 999):
        asked.clear()
        seen = overview(get, titles, current, Size(80, 24), DARK)
        assert current in seen.boxes
        assert len(asked) == len(seen.boxes) <= 9
        box = seen.boxes[current]
        assert seen.slide_at(box.x + 1, box.y + 1) == current
    assert seen.slide_at(0, 0) is None


@given(st.lists(words, max_size=12), st.integers(0, 11), sizes, slides)
@settings(max_examples=30, deadline=None)
def test_the_overview_has_exactly_its_size(
    titles: list[str], current: int, size: Size, shown: Slide
) -> None:
    seen = overview(lambda _: shown, titles, min(current, max(len(titles) - 1, 0)), size, DARK)
    assert len(seen.frame.lines) == size.rows
    for line in seen.frame.lines:
        assert sum(segment.cell_length for segment in line) == size.columns


def test_a_card_shows_text_code_and_commands() -> None:
    demo = Demo("d", DemoKind.SHELL, PLACE, (Step("kubectl get pods\\\n -A", PLACE),))
    shown = slide(paragraph("words"), Code("a\n\nb\n"))
    assert list(outline(shown)) == ["words", "a", "b"]
    title = bare(TitleBlock("Talk", "sub", ("Ada",)))
    assert list(outline(title)) == ["sub", "Ada"]
    shown = Slide(0, "a", "t", PLACE, (), demos=(demo,))
    assert list(outline(shown)) == ["$ kubectl get pods\\ -A"]


# --- banner letters ---------------------------------------------------------------------------


def test_letters_are_drawn_in_half_blocks() -> None:
    assert banner("Go!", 20) == [
        "▄▀▀▀▀      █",
        "█  ▄▄ ▄▀▀▄ █",
        "█   █ █  █ ▀",
        " ▀▀▀▀  ▀▀  ▀",
    ]
    assert len(banner("py", 20) or []) == 5, "what hangs below the line has its row"


def test_a_title_that_does_not_fit_breaks_once_or_is_refused() -> None:
    assert banner("Istio on Windows", 68) is None
    two = banner("Istio on Windows", 68, 2)
    assert two is not None
    assert len(two) == 9
    assert len({len(row) for row in two}) == 1
    assert banner("Donaudampfschifffahrt", 40, 2) is None


@pytest.mark.parametrize("title", ["", "  ", "界面", "👍 yes", "tab\x00"])
def test_text_without_letters_is_refused(title: str) -> None:
    assert banner(title, 200) is None


@pytest.mark.parametrize("character", GLYPHS)
def test_every_letter_is_well_drawn(character: str) -> None:
    rows = GLYPHS[character].split("/")
    assert len({len(row) for row in rows}) == 1
    assert len(rows) <= 9
    assert set("".join(rows)) <= {"#", "."}


@given(st.text(alphabet=sorted(GLYPHS), max_size=12), st.integers(1, 120), st.integers(1, 2))
def test_banners_are_never_wider_than_asked(title: str, columns: int, lines: int) -> None:
    for row in banner(title, columns, lines) or []:
        assert len(row) <= columns
