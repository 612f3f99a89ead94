"""The emulated screen in its border: what is shown, what is hidden, and how it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presenter.layout.frame import Badge, PaneView
from presenter.layout.pane import pane_rows, row_line, visible_rows
from presenter.layout.svg import color_of
from presenter.terminal.emulator import CellStyle, Cursor
from tests.layout.build import DARK, pane, plain, run


def drawn(view: PaneView, columns: int, rows: int) -> list[str]:
    return plain(pane_rows(view, columns, rows, DARK))


def test_a_pane_in_its_border() -> None:
    view = replace(pane(2, 20, 3), badge=Badge("●", "live", "ok"))
    assert drawn(view, 22, 5) == [
        "╭─ pods ──── ● live ─╮",
        "│line 0              │",
        "│line 1              │",
        "│                    │",
        "╰────────────────────╯",
    ]


def test_without_room_beside_the_grid_there_are_no_sides() -> None:
    assert drawn(pane(1, 20, 2), 20, 4) == ["── pods ────────────", "line 0", "", "─" * 20]


def test_the_focus_is_heavier_bold_and_in_another_colour() -> None:
    lines = pane_rows(replace(pane(1, 20, 2), focused=True), 22, 4, DARK)
    assert plain(lines)[0] == "┏━ pods ━━━━━━━━━━━━━┓"
    styles = [segment.style for segment in lines[0]]
    assert styles[0] is not None
    assert color_of(styles[0].color, "") == DARK.accent
    assert styles[1] is not None
    assert styles[1].bold


@pytest.mark.parametrize(
    ("lines", "cursor", "rows", "first", "last"),
    [
        (3, None, 20, "line 0", ""),  # all of it fits
        (20, None, 8, "line 12", "line 19"),  # the last line stays in sight
        (3, None, 8, "line 0", ""),
        (10, Cursor(0, 10, True), 8, "line 3", ""),  # the prompt below the last line too
        (3, Cursor(0, 19, True), 8, "", ""),
        (3, Cursor(0, 19, False), 8, "line 0", ""),  # a hidden cursor leads nowhere
    ],
)
def test_a_smaller_pane_keeps_the_last_line_and_the_cursor_in_sight(
    lines: int, cursor: Cursor | None, rows: int, first: str, last: str
) -> None:
    found = [line.strip("│ ") for line in drawn(pane(lines, cursor=cursor), 82, rows + 2)]
    assert (found[1], found[rows]) == (first, last)


def test_hidden_rows_and_columns_are_counted() -> None:
    view = replace(pane(20), above=4)
    assert drawn(view, 82, 12)[-1].startswith("╰─ ▲ 14 more ─")
    assert drawn(view, 60, 12)[-1].startswith("── ▲ 14 more  → 20 columns ─")
    scrolled = replace(pane(20), above=2, below=7)
    assert drawn(scrolled, 82, 22)[-1].startswith("╰─ ▲ 2 more  ▼ 7 more ─")
    assert drawn(scrolled, 82, 12)[-1].startswith("╰─ ▲ 2 more  ▼ 17 more ─")


def test_scrollback_stands_above_the_screen() -> None:
    screen = pane(20, cursor=Cursor(0, 19, True))
    longer = replace(screen, rows=((run("older"),), *screen.rows))
    window = visible_rows(longer, 20)
    assert (window.first, window.last, window.above) == (1, 21, 1)


def test_the_cursor_is_shown_as_an_inverted_cell() -> None:
    row = (run("a界b"),)
    for column, under in ((0, "a"), (1, "界"), (3, "b"), (5, " ")):
        line = row_line(row, 8, DARK, column)
        block = [s for s in line if s.style is not None and s.style.bgcolor is not None
                 and color_of(s.style.bgcolor, "") == DARK.text]  # fmt: skip
        assert [segment.text for segment in block] == [under]
        assert sum(segment.cell_length for segment in line) == 8


@pytest.mark.parametrize(
    ("text", "columns", "drawn_as"),
    [
        ("abc", 3, "abc"),
        ("👩‍👩‍👧", 6, "👩‍👩‍👧    "),  # the grid counted each, the terminal will count one
        ("⚠️", 1, "⚠"),
        ("\x1b[2J", 4, "[2J "),
        ("\u202eab", 3, "ab "),
        ("界", 1, " "),
    ],
)
def test_the_grid_says_how_wide_a_run_is(text: str, columns: int, drawn_as: str) -> None:
    line = row_line((run(text, columns=columns), run("|")), columns + 1, DARK)
    assert "".join(segment.text for segment in line) == drawn_as + "|"


def test_attributes_of_cells_are_shown() -> None:
    style = CellStyle(bold=True, italic=True, underline=True, strike=True, inverse=True)
    shown = row_line((run("x", style),), 1, DARK)[0].style
    assert shown is not None
    assert shown.bold
    assert shown.italic
    assert shown.underline
    assert shown.strike
    assert (color_of(shown.color, ""), color_of(shown.bgcolor, "")) == (DARK.page, DARK.text)


def test_a_hostile_title_or_badge_is_text() -> None:
    view = replace(pane(1, 30, 2), title="\x1b]0;x\x07t", badge=Badge("\x9b", "w\nw"))
    top = drawn(view, 40, 4)[0]
    assert top.startswith("╭─ ]0;xt ─")
    assert "w w" in top


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_a_pane_of_hardly_any_rows_is_drawn(rows: int) -> None:
    assert len(drawn(pane(9), 40, rows)) == rows
