"""Notes: what speakers write in Markdown, lines that come with a press, and what is in view."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.model import Note, Place
from presenter.deck.notes import read_notes
from presenter.layout import notes as notes_module
from presenter.layout.frame import Line
from presenter.layout.notes import NoteLines, blocks_of, notes_lines, window
from presenter.layout.svg import color_of
from tests.layout.build import DARK, plain, words

NOTES = (
    Note("Say **this** and\nthat.\n\n- one\n- two words that wrap here\n\n```\ncode\n```"),
    Note("Second press.", 2),
    Note("First press.", 1),
)


def rows(source: str, columns: int = 60) -> list[str]:
    return plain(list(notes_lines((Note(source),), 0, columns, DARK).lines))


def test_notes_are_wrapped_and_in_the_order_of_the_presses() -> None:
    assert plain(list(notes_lines(NOTES, 2, 24, DARK).lines)) == [
        "Say this and that.",
        "",
        "• one",
        "• two words that wrap",
        "  here",
        "",
        "code",
        "",
        "  First press.",
        "",
        "▌ Second press.",
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# Head\nbody", ["Head", "body"]),
        ("a `b` **c** *d* ~~e~~", ["a b c d e"]),
        ("2 * 3 * 4 snake_case_name", ["2 * 3 * 4 snake_case_name"]),
        ("- a\n  - b\n    - c\n- d", ["• a", "  ◦ b", "    ▪ c", "• d"]),
        ("9. nine\n10. ten\n    - in it", [" 9. nine", "10. ten", "    ◦ in it"]),
        ("- [x] done\n- [ ] open", ["[✓] done", "[ ] open"]),
        ("> said\n> so", ["▌ said so"]),
        ("> [!WARNING]\n> hot", ["▌ Warning", "▌ hot"]),
        ("see [the guide](https://a.example/b)", ["see the guide (https://a.example/b)"]),
        ("see <https://a.example/b> there", ["see https://a.example/b there"]),
        ("write to <me@a.example>", ["write to me@a.example"]),
        ("a [**b** c](u) d [e](v)", ["a b c (u) d e (v)"]),
        ("```yaml\na:\n  b: 1\n```", ["a:", "  b: 1"]),
        ("```console +demo\n$ ls\n```", ["$ ls"]),
        ("|a|b|\n|-|-|\n|1|[x](u)|", ["a   b", "─────────", "1   x (u)"]),
        ("![a cat](cat.png)", ["a cat"]),
        ("![](cat.png)", ["cat.png"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("one\n\n    two, moved right", ["one", "", "two, moved right"]),
        ("kept<br>apart <b>bold</b>", ["kept", "apart bold"]),
        ("", []),
    ],
)
def test_notes_have_the_markdown_of_slides(source: str, shown: list[str]) -> None:
    assert rows(source) == shown


def styles(source: str, text: str) -> list[tuple[bool, bool, bool, bool, str]]:
    lines = notes_lines((Note(source),), 0, 60, DARK).lines
    return [
        (bool(part.style.bold), bool(part.style.italic), bool(part.style.underline),
         bool(part.style.strike), color_of(part.style.color, ""))
        for line in lines for part in line if part.style and part.text.strip() == text
    ]  # fmt: skip


def test_marks_are_seen() -> None:
    source = "# head\n\n**bold** *slanted* `code` ~~gone~~ [words](u)"
    assert styles(source, "head") == [(True, False, False, False, DARK.text)]
    assert styles(source, "bold") == [(True, False, False, False, DARK.text)]
    assert styles(source, "slanted") == [(False, True, False, False, DARK.text)]
    assert styles(source, "code") == [(False, False, False, False, DARK.accent)]
    assert styles(source, "gone") == [(False, False, False, True, DARK.muted)]
    assert styles(source, "words") == [(False, False, True, False, DARK.accent)]


def test_what_cannot_be_read_is_shown_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("presenter.deck.markdown.parse", broken)
    blocks_of.cache_clear()
    notes_module.notes_lines.cache_clear()
    assert rows("**a**\n\nb") == ["**a**", "", "b"]
    blocks_of.cache_clear()
    notes_module.notes_lines.cache_clear()


def test_a_paragraph_beyond_the_parsers_budget_is_text() -> None:
    source = "**a " * 20_000
    shown = "".join(row.replace(" ", "") for row in rows(source))
    assert shown == source.replace(" ", "")


# --- presses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stop", "strong", "last"),
    [
        (0, [], "▸ 2 more with the next presses"),
        (1, ["First press."], "▸ 1 more with a press to come"),
        (2, ["Second press."], "▌ Second press."),
        (3, [], "  Second press."),
    ],
)
def test_notes_of_a_press_come_with_it(stop: int, strong: list[str], last: str) -> None:
    lines = list(notes_lines(NOTES[1:], stop, 40, DARK).lines)
    found = [
        part.text.strip()
        for line in lines
        for part in line
        if part.style is not None and part.style.bold and part.text[0].isalpha()
    ]
    assert found == strong
    assert plain(lines)[-1] == last
    text = "\n".join(plain(lines))
    assert ("First press." in text) == (stop >= 1)
    assert ("Second press." in text) == (stop >= 2)


def test_lists_below_the_line_of_a_press_keep_their_levels() -> None:
    source = "\n  whole:\n    - a\n\n  [>] say:\n    - one\n      - deeper\n    - two\n  [>] next\n"
    notes = read_notes(source, Place("talk.md", 1), 0)
    assert [(note.text, note.stop) for note in notes] == [
        ("whole:\n  - a", 0), ("say:\n- one\n  - deeper\n- two", 1), ("next", 2),
    ]  # fmt: skip
    shown = plain(list(notes_lines(notes, 1, 40, DARK).lines))
    assert shown == [
        "whole:", "", "• a", "", "▌ say:", "▌", "▌ • one", "▌   ◦ deeper", "▌ • two", "",
        "▸ 1 more with a press to come",
    ]  # fmt: skip


# --- what is in view ----------------------------------------------------------------------------

MANY = (Note("\n\n".join(f"whole {n}" for n in range(20))),
        *(Note(f"press {n}", n) for n in range(1, 9)))  # fmt: skip


def in_view(stop: int, scroll: int = 0, room: int = 10) -> list[str]:
    return plain(window(notes_lines(MANY, stop, 40, DARK), scroll, room, DARK).lines)


def test_the_notes_of_the_press_are_brought_into_view() -> None:
    assert in_view(0)[0] == "whole 0"
    for stop in range(1, 9):
        assert f"▌ press {stop}" in in_view(stop)
    assert in_view(7)[-1] == "▸ 1 more with a press to come"
    assert "  press 8" in in_view(9), "a press without notes leaves those before it in view"


def test_of_notes_higher_than_the_room_the_beginning_is_seen() -> None:
    long = (*MANY, Note("\n\n".join(f"long {n}" for n in range(20)), 9))
    shown = window(notes_lines(long, 9, 40, DARK), 0, 8, DARK)
    assert plain(shown.lines)[1] == "▌ long 0"
    assert shown.below > 0


def test_scrolling_goes_both_ways_from_there_and_stops_at_the_ends() -> None:
    lines = notes_lines(MANY, 4, 40, DARK)
    here = window(lines, 0, 10, DARK)
    assert here.above > 20
    up = window(lines, -here.above, 10, DARK)
    assert (plain(up.lines)[0], up.above) == ("whole 0", 0)
    assert window(lines, -999, 10, DARK) == up
    assert window(lines, 999, 10, DARK).below == 0
    one = window(lines, -3, 10, DARK)
    assert one.above == here.above - 3
    assert f"▲ {one.above + 1} more" in plain(one.lines)[0]
    assert f"▼ {one.below} more" in plain(one.lines)[-1]


@given(
    st.lists(st.builds(Note, words, st.integers(0, 4)), max_size=5).map(tuple),
    st.integers(0, 5),
    st.integers(4, 60),
    st.integers(0, 12),
    st.integers(-50, 50),
)
@settings(deadline=None)
def test_notes_have_the_width_and_the_rows_asked_for(
    notes: tuple[Note, ...], stop: int, columns: int, room: int, scroll: int
) -> None:
    found = notes_lines(notes, stop, columns, DARK)
    for line in found.lines:
        assert sum(part.cell_length for part in line) == columns
    shown = window(found, scroll, room, DARK)
    assert len(shown.lines) == min(room, len(found.lines))
    assert shown.above >= 0
    assert shown.below >= 0


@given(st.integers(0, 30), st.integers(1, 30), st.integers(3, 12))
def test_what_came_with_the_press_is_never_behind_a_mark(
    before: int, height: int, room: int
) -> None:
    line: Line = []
    focus = range(before, before + height)
    shown = window(NoteLines((line,) * focus.stop, focus), 0, room, DARK)
    at = focus.start - shown.above
    assert at >= (shown.above > 0)
    assert at < room - (shown.below > 0)
