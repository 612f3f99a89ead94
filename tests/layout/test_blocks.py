"""Blocks as lines: what each kind looks like, in characters."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from pygments.lexers.python import PythonLexer

from presenter.deck.model import (
    Align,
    Block,
    Code,
    Column,
    Columns,
    Failure,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Middle,
    Paragraph,
    Problem,
    Quote,
    Rule,
    Severity,
    Space,
    Span,
    Table,
    TableRow,
)  # fmt: skip
from presenter.layout.blocks import Room, lay_out_blocks
from presenter.layout.code import code_lines, highlighted
from presenter.layout.svg import color_of
from presenter.layout.text import clean
from tests.layout.build import DARK, PLACE, item, paragraph, plain, text


def shown(*blocks: Block, columns: int = 30, reveals: int = 9) -> list[str]:
    room = Room(theme=DARK, columns=columns, rows=18, reveals=reveals, folder=Path("nowhere"))
    return plain(lay_out_blocks(blocks, room))


def test_blocks_stand_one_free_row_apart() -> None:
    assert shown(paragraph("a"), paragraph("b")) == ["a", "", "b"]
    assert shown(Heading(3, text("h")), paragraph("b")) == ["h", "b"]
    assert shown(paragraph("a"), Space(3), paragraph("b")) == ["a", "", "", "", "b"]


def test_lists_nest_number_and_tick() -> None:
    inner = ListBlock((item("deep"), item("er")))
    listed = ListBlock((item("one", inner), item("a long item that goes on over the line")))
    assert shown(listed) == [
        "• one", "  ◦ deep", "  ◦ er", "• a long item that goes on", "  over the line",
    ]  # fmt: skip
    numbered = ListBlock((item("x"), item("y")), ordered=True, start=9)
    assert shown(numbered) == [" 9. x", "10. y"]
    done = ListItem((paragraph("done"),), checked=True)
    assert shown(ListBlock((done, ListItem((paragraph("not"),), checked=False)))) == [
        "[✓] done", "[ ] not",
    ]  # fmt: skip
    assert shown(ListBlock((item("a"), item("b")), spacing=2)) == ["• a", "", "", "• b"]


def test_code_that_would_keep_a_lexer_busy_is_shown_without_colours() -> None:
    begun = time.process_time()
    hostile = highlighted("<a \"'`{[(# " * 18_000, "console")
    assert {role for line in hostile for _, role in line} == {"text"}
    assert time.process_time() - begun < 5  # it was minutes
    assert {role for line in highlighted("x = 1  # y\n" * 99, "python") for _, role in line} > {
        "comment"
    }


def test_what_is_not_revealed_keeps_its_rows() -> None:
    listed = ListBlock((item("one"), item("two", at=1), item("three", at=2)))
    assert shown(listed, paragraph("end"), reveals=0) == ["• one", "", "", "", "end"]
    assert shown(listed, reveals=1) == ["• one", "• two", ""]
    table = Table((text("h"),), (TableRow((text("a"),)), TableRow((text("b"),), at=1)), ())
    assert shown(table, reveals=0) == ["h", "─", "a", ""]
    inside = Columns((Column(1, (paragraph("l"),)), Column(1, (paragraph("r", at=1),))))
    assert shown(inside, reveals=0) == ["l"]


def test_tables_fit_their_columns_and_align() -> None:
    rows = (TableRow((text("Envoy"), text("12"))), TableRow((text("界"), text("3"))))
    table = Table((text("Name"), text("Pods")), rows, (Align.LEFT, Align.RIGHT))
    assert shown(table) == [
        "Name    Pods",
        "────────────",
        "Envoy     12",
        "界         3",
    ]


def test_a_wide_table_wraps_in_its_widest_column() -> None:
    row = TableRow((text("id"), text("a cell with many words in it, far too many")))
    table = Table((text("k"), text("v")), (row,), ())
    assert shown(table, columns=24) == [
        "k    v",
        "────────────────────────",
        "id   a cell with many",
        "     words in it, far",
        "     too many",
    ]


def test_rows_of_uneven_length_are_filled() -> None:
    table = Table((text("a"),), (TableRow((text("1"), text("2"))), TableRow(())), ())
    assert shown(table) == ["a", "─────", "1   2", ""]
    assert shown(Table((), (), ())) == []


def test_quotes_have_a_bar_and_alerts_a_word() -> None:
    assert shown(Quote((paragraph("said"),))) == ["▌ said"]
    assert shown(Quote((paragraph("care"),), "warning")) == ["▌ Warning", "▌ care"]
    assert shown(Quote((paragraph("care"),), "tip", "My own")) == ["▌ My own", "▌ care"]
    assert shown(Quote((Quote((paragraph("twice"),)),))) == ["▌ ▌ twice"]


def test_a_rule_is_as_wide_as_the_text() -> None:
    assert shown(Rule(), columns=10) == ["─" * 10]


def test_columns_share_the_width_by_weight() -> None:
    sides = Columns((Column(2, (Rule(),)), Column(1, (Rule(),))))
    assert shown(sides, columns=33) == ["─" * 20 + "   " + "─" * 10]
    assert shown(Columns(())) == []


def test_alignment_moves_a_block() -> None:
    assert shown(Paragraph(text("x"), align=Align.RIGHT), columns=5) == ["    x"]
    assert shown(Paragraph(text("x"), align=Align.CENTER), columns=5) == ["  x"]


@pytest.mark.parametrize("reveals", [0, 1])
def test_alignment_moves_a_list_with_its_markers(reveals: int) -> None:
    inner = replace(paragraph("a"), align=Align.CENTER)
    listed = ListBlock((ListItem((inner,)), item("bcd", at=1)), align=Align.CENTER)
    assert shown(listed, columns=11, reveals=reveals) == ["   • a", "   • bcd" if reveals else ""]


def test_what_follows_jump_to_middle_starts_in_the_middle() -> None:
    assert shown(Middle(), paragraph("x")) == [""] * 9 + ["x"]
    assert shown(paragraph("a"), Middle(), paragraph("x")) == ["a"] + [""] * 8 + ["x"]


def test_a_part_that_cannot_be_read_says_what_and_where() -> None:
    problem = Problem(PLACE, Severity.ERROR, "no such column")
    assert shown(Failure(problem, "<!-- column: 7 -->\n")) == [
        "▌ ✗ no such column", "▌ talk.md:3:1", "▌", "▌ <!-- column: 7 -->",
    ]  # fmt: skip


def test_large_type_becomes_banner_letters_where_they_fit() -> None:
    assert shown(Paragraph(text("Hi"), size=2)) == ["█   █ ▀", "█▄▄▄█ █", "█   █ █", "▀   ▀ ▀"]
    assert shown(Paragraph(text("far too long"), size=2)) == ["far too long"]


def test_a_picture_that_is_not_there_leaves_a_box_with_its_text() -> None:
    assert shown(Image("no.png", "A cat"), columns=40) == [
        "╭" + "─" * 38 + "╮",
        "│ A cat" + " " * 32 + "│",
        "│ picture: not found beside the deck" + " " * 3 + "│",
        "╰" + "─" * 38 + "╯",
    ]


# --- code -------------------------------------------------------------------------------------


def test_code_has_a_bar_padding_and_numbers() -> None:
    block = Code("a = 1\nb = 2\n", "python", line_numbers=True)
    assert plain(code_lines(block, 20, DARK, 0)) == ["▌", "▌ 1  a = 1", "▌ 2  b = 2", "▌"]
    bare = Code("a\n", background=False)
    assert plain(code_lines(bare, 20, DARK, 0)) == ["a"]


def test_a_long_line_hangs_under_its_own_indent() -> None:
    block = Code("  first, second, third")
    assert plain(code_lines(block, 16, DARK, 0))[1:-1] == [
        "▌   first,", "▌     ↪ second,", "▌     ↪ third",
    ]  # fmt: skip


@pytest.mark.parametrize(("reveals", "focused"), [(0, []), (1, [2]), (2, [3, 4]), (9, [3, 4])])
def test_steps_of_highlights_mark_their_lines(reveals: int, focused: list[int]) -> None:
    steps = (None, frozenset({2}), frozenset({3, 4}))
    block = Code("a\nb\nc\nd", highlights=steps, highlight_at=(0, 1, 2))
    lines = code_lines(block, 20, DARK, reveals)[1:-1]
    assert [n for n, line in enumerate(plain(lines), 1) if line.startswith("▌▌")] == focused
    for number, line in enumerate(lines, 1):
        style = line[-2 if line[-1].text.isspace() else -1].style
        assert style is not None
        wanted = "dim" if focused and number not in focused else "text"
        assert color_of(style.color, "") == DARK.color(wanted)


def test_tokens_have_roles_and_lines_stay_whole() -> None:
    lines = highlighted('x = """a\nb"""  # c\n', "python")
    assert ["".join(part for part, _ in line) for line in lines] == ['x = """a', 'b"""  # c']
    assert ("# c", "comment") in lines[1]
    assert highlighted("x\n\n", "no such language") == ((("x", "text"),), (("", "text"),))


@pytest.mark.parametrize(
    "language",
    ["", "python", "console", "bash", "powershell", "yaml", "json", "html", "go"],
)
def test_highlighting_changes_no_character(language: str) -> None:
    source = "\n\n  $ kubectl get pods # x\nNAME  {{a}} ⚠️\n    <b>'\n\nPS C:\\> dir\n\n"
    lines = ["".join(part for part, _ in line) for line in highlighted(source, language)]
    assert lines == source.removesuffix("\n").split("\n")


def test_a_lexer_that_fails_leaves_the_code_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug of the lexer")

    monkeypatch.setattr(PythonLexer, "get_tokens", fail)
    for console in ("$ ls", "$ ls\nout", "out"):
        shown = "\n".join(
            "".join(part for part, _ in line) for line in highlighted(console, "console")
        )
        assert shown == console
    assert highlighted("a = 1\nb", "python3") == ((("a = 1", "text"),), (("b", "text"),))
    highlighted.cache_clear()


def test_code_is_never_markup() -> None:
    block = Code("[bold]x[/bold] \x1b[31m\u202e")
    assert plain(code_lines(block, 40, DARK, 0))[1] == "▌ [bold]x[/bold] [31m"


def test_a_link_keeps_its_text() -> None:
    assert shown(Paragraph((Span("see "), Span("here", href="https://a.b")))) == ["see here"]


@pytest.mark.parametrize("family", ["👩\u200d👩\u200d👧", "👍🏽\u200d👩x", "👩\u200d"])
def test_what_a_lexer_cuts_stays_one_cluster(family: str) -> None:
    """Lexers take a joined emoji for several mistakes; no colour ends within one."""
    for line in highlighted(f"a = {family}", "python"):
        for part, _ in line:
            assert not part.endswith("\u200d")
            assert clean(part) == part
        assert "".join(part for part, _ in line) == clean(f"a = {family}")
