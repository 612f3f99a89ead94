"""Output read as a reader sees it, and the way back from what was found to the output itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.recording import plain
from presenter.recording.plain import breaks, cells, read_output, without, wraps


@pytest.mark.parametrize(
    ("output", "shown", "strings"),
    [
        ("", "", ""),
        ("plain\r\n\ttext", "plain\r\n\ttext", ""),
        ("se\x1b[1;31mcr\x1b[0met", "secret", ""),
        ("se\x9b1mcret", "secret", ""),
        ("se\x07c\x00ret", "secret", ""),
        ("a\x1b[2;3Hb", "a\nb", ""),
        ("a\x1b[5Cb", "a\nb", ""),
        ("a\x1b[Kb", "ab", ""),
        ("a\x1bMb", "a\nb", ""),
        ("a\x1b7b", "a\nb", ""),
        ("a\x1b(Bb", "ab", ""),
        ("a\x1b]0;title\x07b", "ab", "0;title\n"),
        ("a\x1b]0;one\x1b\\\x1bPtwo\x9cb", "ab", "0;one\ntwo\n"),
        ("a\x1b]\x07b", "ab", ""),
        ("a\x1b]0;never closed", "a0;never closed", ""),
        ("a\x1b", "a", ""),
    ],
)
def test_what_an_output_shows_and_what_its_strings_hold(
    output: str, shown: str, strings: str
) -> None:
    assert tuple(part.text for part in read_output(output)) == (shown, strings)


PIECE = st.sampled_from(
    [
        "ab",
        "c",
        "\r\n",
        "\x1b[1m",
        "\x1b[2;2H",
        "\x1b]0;t\x07",
        "\x1b]52;c;xyz\x1b\\",
        "\x07",
        "\x1b",
    ]
)


@given(st.lists(PIECE, max_size=10).map("".join), st.integers(0, 40), st.integers(0, 40))
def test_what_is_found_leads_back_to_its_own_characters(output: str, start: int, size: int) -> None:
    for part in read_output(output):
        begin = min(start, len(part.text))
        end = min(begin + size, len(part.text))
        spans = list(part.back([(begin, end)]))
        found = "".join(output[first:last] for first, last in spans)
        assert found.replace("\n", "") == part.text[begin:end].replace("\n", "")
        assert all(first < last for first, last in spans)


def test_cuts_are_left_out_and_stepped_over_on_the_way_back() -> None:
    part = without("0123456789", [(0, 2), (5, 6), (6, 8)])
    assert part.text == "23489"
    assert list(part.back([(0, 5)])) == [(2, 5), (8, 10)]
    assert list(part.back([(2, 4), (0, 1)])) == [(4, 5), (8, 9), (2, 3)]
    assert without("abc", []).text == "abc"
    assert list(without("abc", []).back([(0, 3)])) == [(0, 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aaaa\r\nb", [(4, 6)]),
        ("aaaa\nb", [(4, 5)]),
        ("aaaaaaaa\nb", [(8, 9)]),  # two rows that the terminal has wrapped
        ("aaa\nb", []),
        ("aaaaa\nb", []),
        ("\n\n\n", []),
        ("aaaa\naaaa\nb", [(4, 5), (9, 10)]),
        ("b\naaaa\nb", [(6, 7)]),
        ("aaaa \rb", [(4, 6)]),  # as a line editor goes on in the next row
        ("aaaa\rb", []),
        ("世世\r\nb", [(2, 4)]),
        ("世a\r\nb", []),
        ("\r\r\r\r\n", []),
        ("aaaa\r\r\nb", [(4, 7)]),
    ],
)
def test_where_a_program_has_wrapped_at_the_grid(text: str, found: list[tuple[int, int]]) -> None:
    assert list(wraps(text, 4)) == found


def test_a_tab_fills_the_row_up_to_its_stop() -> None:
    assert list(wraps("abcd\tx\n", 9)) == [(6, 7)]
    assert list(wraps("abcd\tx\n", 6)) == []


def test_without_a_grid_nothing_has_wrapped() -> None:
    assert list(wraps("a\nb\n", 0)) == []
    assert list(wraps("a\nb\n", 1)) == [(1, 2), (3, 4)]


def test_every_line_end_is_a_break() -> None:
    assert list(breaks("a\r\nb\n\rc")) == [(1, 2), (2, 3), (4, 5), (5, 6)]
    assert list(breaks("\nabc")) == [(0, 1)]
    assert list(breaks("abc")) == []


def test_long_texts_are_looked_through_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_WINDOW", 5)
    text = "\n" + "a" * 4 + "\n" + "b" * 11 + "\n"
    assert [start for start, _ in breaks(text)] == [0, 5, 17]
    (shown, _) = read_output("a" * 12 + "\x1b[1m" + "b" * 3)
    assert shown.text == "a" * 12 + "b" * 3


def test_cells_of_a_text() -> None:
    assert [cells(text) for text in ("", "abc", "é", "密碼", "e\u0301")] == [0, 3, 1, 4, 1]
