"""Rows of text in columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from presenter.terminal.columns import GAP, aligned


def test_numbers_end_together_and_words_begin_together() -> None:
    assert aligned([("n", "name", "end"), ("10", "界面", "x"), ("9", "é", "")], right=(0,)) == [
        " n  name  end",
        "10  界面  x",
        " 9  é",
    ]
    assert aligned([]) == []


CELLS = st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0xFFFF), max_size=9)


@given(st.lists(st.tuples(CELLS, CELLS, st.just("|")), min_size=1, max_size=6))
def test_columns_begin_at_the_same_place_in_every_line(rows: list[tuple[str, str, str]]) -> None:
    lines = aligned(rows)
    assert len({cell_len(line) for line in lines}) == 1
    first = max(cell_len(row[0]) for row in rows)
    for row, line in zip(rows, lines, strict=True):
        assert line.startswith(row[0])
        blanks = " " * (first - cell_len(row[0]))
        assert line[len(row[0]) :].startswith(blanks + GAP + row[1])
