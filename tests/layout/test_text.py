"""Text in cells: widths, clusters, cropping, wrapping, cleaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment

from presenter.deck.model import Mark, Span
from presenter.layout.inline import css_color, styled, wrap, wrap_segments
from presenter.layout.lines import crop_line, drop, fit, line_width, merge, overlay
from presenter.layout.text import clean, clusters, crop, one_line, pad, shorten, width
from tests.layout.build import DARK, NASTY, plain, text, words

FILL = DARK.style()


@pytest.mark.parametrize(
    ("sample", "columns", "parts"),
    [
        ("abc", 3, 3), ("界面", 4, 2), ("👩‍👩‍👧", 2, 1), ("🇩🇪🇫🇷", 4, 2), ("e\u0301a", 2, 2),
        ("⚠️!", 3, 2), ("👍🏽", 2, 1), ("1️⃣", 2, 1), ("─│", 2, 2), ("", 0, 0),
    ],
)  # fmt: skip
def test_text_is_measured_and_taken_apart_in_cells(sample: str, columns: int, parts: int) -> None:
    assert width(sample) == columns
    assert len(clusters(sample)) == parts


@given(words.map(clean).map(lambda found: found.replace("\n", "")))
def test_clusters_add_up(sample: str) -> None:
    assert "".join(part for part, _ in clusters(sample)) == sample
    assert sum(cells for _, cells in clusters(sample)) == width(sample)


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("\x1b[31mred", "[31mred"), ("a\tb", "a   b"), ("\x9b2J", "2J"), ("\u202eabc", "abc"),
        ("a\r\nb", "a\nb"), ("a\rb", "a b"), ("\ud800", "\ufffd"), ("a\u2028b", "a b"),
        ("\u200dx\u200dy", "xy"), ("👩‍💻", "👩‍💻"), ("\ufe0fx\ufe0f", "x"), ("⚠️", "⚠️"),
        ("a\x00\x07b", "ab"), ("sof\u00adt", "soft"),
    ],
)  # fmt: skip
def test_nothing_but_safe_characters_passes(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned


@given(st.text(max_size=40))
def test_cleaning_is_done_once(sample: str) -> None:
    once = clean(sample)
    assert clean(once) == once
    assert not any(ord(character) < 32 for character in once.replace("\n", ""))


@pytest.mark.parametrize(
    ("sample", "columns", "cropped", "shortened"),
    [
        ("abcdef", 4, "abcd", "abc…"), ("界面界", 5, "界面", "界面…"), ("界面", 1, "", "…"),
        ("a👩‍👩‍👧b", 2, "a", "a…"), ("ab", 2, "ab", "ab"), ("ab", 0, "", ""),
    ],
)  # fmt: skip
def test_cropping_never_halves_a_character(
    sample: str, columns: int, cropped: str, shortened: str
) -> None:
    assert crop(sample, columns) == cropped
    assert shorten(sample, columns) == shortened
    assert width(pad(sample, columns)) == columns


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\tb \x1b c ") == "a b c"


# --- lines ------------------------------------------------------------------------------------


def test_a_line_is_filled_cropped_and_aligned() -> None:
    line = [Segment("ab", FILL), Segment("界c", FILL)]
    assert plain([fit(line, 7, FILL, 1)]) == [" ab界c"]
    assert plain([fit(line, 7, FILL, 2)]) == ["  ab界c"]
    assert plain([fit(line, 3, FILL)]) == ["ab"]
    assert line_width(fit(line, 3, FILL)) == 3


def test_half_a_wide_character_becomes_a_blank() -> None:
    line = [Segment("a界b", FILL)]
    assert "".join(segment.text for segment in drop(line, 2)) == " b"
    assert "".join(segment.text for segment in crop_line(line, 2)) == "a"
    patched = overlay(line, 2, [Segment("x", FILL)], FILL, 4)
    assert "".join(segment.text for segment in patched) == "a xb"


def test_neighbours_are_joined_but_not_where_they_would_combine() -> None:
    assert len(merge([Segment("a", FILL), Segment("", FILL), Segment("b", FILL)])) == 1
    assert len(merge([Segment("a", FILL), Segment("\u0301", FILL)])) == 2
    assert len(merge([Segment("a", FILL), Segment("b", DARK.style("title"))])) == 2


# --- wrapping ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "columns", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one  two", 20, ["one  two"]),
        ("hard\nbreak", 20, ["hard", "break"]),
        ("two\n\nbreaks", 20, ["two", "", "breaks"]),
        ("abcdefghij kl", 4, ["abcd", "efgh", "ij", "kl"]),
        ("世界世界。", 4, ["世界", "世", "界。"]),
        ("a 👩‍👩‍👧👩‍👩‍👧 b", 4, ["a", "👩‍👩‍👧👩‍👩‍👧", "b"]),
        ("", 5, []),
        ("   ", 5, []),
    ],
)
def test_text_is_wrapped_at_blanks(sample: str, columns: int, lines: list[str]) -> None:
    assert plain(wrap(text(sample), columns, DARK)) == lines


@given(st.lists(st.builds(Span, words), max_size=4).map(tuple), st.integers(2, 30))
def test_wrapping_keeps_every_word_and_the_width(spans: tuple[Span, ...], columns: int) -> None:
    lines = wrap(spans, columns, DARK)
    assert all(line_width(line) <= columns for line in lines)
    shown = "".join(plain(lines)).replace(" ", "")
    assert shown == "".join(clean(span.text) for span in spans).replace(" ", "").replace("\n", "")


def test_words_of_several_styles_stay_together() -> None:
    spans = (Span("an un"), Span("break", Mark.BOLD), Span("able word"))
    assert plain(wrap(spans, 14, DARK)) == ["an unbreakable", "word"]


def test_further_lines_hang_under_the_text() -> None:
    hang = [Segment("> ", FILL)]
    assert plain(wrap_segments([Segment("a b c d", FILL)], 5, hang)) == ["a b c", "> d"]


@pytest.mark.parametrize("sample", NASTY)
def test_links_and_raised_text_are_cleaned_too(sample: str) -> None:
    for span in (Span("", href=sample), Span(sample, Mark.SUPERSCRIPT)):
        for segment in styled((span,), DARK):
            assert clean(segment.text) == segment.text


def test_a_link_without_text_shows_where_it_goes() -> None:
    assert plain(wrap((Span("", href="https://istio.io"),), 30, DARK)) == ["https://istio.io"]


def test_raised_text_is_raised_where_there_are_such_characters() -> None:
    assert [s.text for s in styled((Span("2n", Mark.SUPERSCRIPT),), DARK)] == ["²ⁿ"]
    assert [s.text for s in styled((Span("th", Mark.SUPERSCRIPT),), DARK)] == ["^th"]


@pytest.mark.parametrize(
    ("name", "color"),
    [("red", "#ff0000"), (" #ABC ", "#aabbcc"), ("#123456", "#123456"), ("url(x)", ""), ("", "")],
)
def test_colours_of_a_deck_are_read(name: str, color: str) -> None:
    assert css_color(name) == color
