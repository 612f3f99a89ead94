"""Speaker notes and the presses that they belong to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.comments import block_text, parse_command
from presenter.deck.model import Place
from presenter.deck.notes import read_clicks, read_notes
from tests.deck.decks import errors, make, only_slide, warnings

PLACE = Place("t.md", 1)


def notes(slide_notes: str, passed: int = 0) -> list[tuple[int, str]]:
    return [(note.stop, note.text) for note in read_notes(slide_notes, PLACE, passed)]


def test_lines_with_a_mark_belong_to_the_presses_in_turn() -> None:
    text = "All.\n[>] First,\nstill first\n[>] second\n\nAll again."
    assert notes(text) == [(0, "All.\n\nAll again."), (1, "First,\nstill first"), (2, "second")]


def test_an_empty_mark_passes_over_a_press() -> None:
    assert notes("[>] a\n[>]\n[>] c", passed=2) == [(3, "a"), (5, "c")]


def test_slidev_marks() -> None:
    text = "All\n[click] one\n\n[click:3] four"
    found = [(note.stop, note.text) for note in read_clicks(text, PLACE, 0)]
    assert found == [(0, "All"), (1, "one"), (4, "four")]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("<!-- speaker_note: one line: with a colon -->", "one line: with a colon"),
        ('<!-- speaker_note: "quoted: \\u00e9" -->', "quoted: é"),
        ("<!-- speaker_note: |\n  two\n  lines\n-->", "two\nlines"),
        ("<!-- notes:\n# Markdown\n\n- a\n- b\n-->", "# Markdown\n\n- a\n- b"),
        ("<!-- notes: start\n  and on -->", "start\nand on"),
        ("<!--notes:tight-->", "tight"),
    ],
)
def test_forms_of_a_note(tmp_path: Path, comment: str, expected: str) -> None:
    slide = only_slide(tmp_path, f"# A\n\n{comment}\n")
    assert [note.text for note in slide.notes] == [expected]
    assert slide.notes[0].place is not None
    assert slide.notes[0].place.line == 3


def test_a_note_above_the_presses_counts_from_where_it_stands(tmp_path: Path) -> None:
    text = "a\n\n<!-- pause -->\n\n<!-- notes: [>] b -->\n\n<!-- pause -->\n\nc\n"
    assert [note.stop for note in only_slide(tmp_path, text).notes] == [2]


def test_a_note_below_all_presses_counts_from_the_slides_first(tmp_path: Path) -> None:
    text = "a\n\n<!-- pause -->\n\nb\n\n<!-- pause -->\n\nc\n\n<!-- notes:\n[>] b\n[>] c\n-->\n"
    assert [note.stop for note in only_slide(tmp_path, text).notes] == [1, 2]


def test_a_note_for_a_press_that_is_not_there_is_reported(tmp_path: Path) -> None:
    deck = make(tmp_path, "a\n\n<!-- notes:\n[>] one\n-->\n")
    assert [note.stop for note in deck.slide(0).notes] == [0]
    assert "press 1 of a slide that has 0" in warnings(deck)[0]


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n<!-- notes:\nuse the --> arrow\nSECRET\n-->\n\nshown\n",
        "# A\n\n<!-- speaker_note: go --> SECRET\n\nshown\n",
        "# A\n\n<!-- notes: a -->\nSECRET -->\n\nshown\n",
    ],
)
def test_notes_never_reach_the_slide(tmp_path: Path, text: str) -> None:
    deck = make(tmp_path, text)
    assert "too early" in errors(deck)[0]
    assert "SECRET" not in str(deck.slide(0).blocks)
    assert "SECRET" in str(deck.slide(0).notes)
    assert "shown" in str(deck.slide(0).blocks)


def test_a_note_never_closed_stays_hidden(tmp_path: Path) -> None:
    deck = make(tmp_path, "# A\n\n<!-- notes: SECRET\n\nmore SECRET\n")
    assert "never closed" in errors(deck)[0]
    assert "SECRET" not in str(deck.slide(0).blocks)


@given(st.text(), st.integers(0, 5))
def test_any_note_is_read_with_rising_stops(text: str, passed: int) -> None:
    for read in (read_notes, read_clicks):
        stops = [note.stop for note in read(text, PLACE, passed) if note.stop]
        assert stops == sorted(stops)
        assert all(stop > passed or read is read_clicks for stop in stops)


@given(st.text())
def test_any_comment_is_a_command_or_not(text: str) -> None:
    command = parse_command(text)
    if command is not None:
        assert command.name
        block_text(command.value)
