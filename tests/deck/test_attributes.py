"""A fence's attributes and its highlighted lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.attributes import MOST_WARNINGS, read_attributes, read_highlights


@pytest.mark.parametrize(
    ("info", "language", "values", "highlight"),
    [
        ("console +demo:pods +needs:a,b", "console", {"demo": "pods", "needs": "a,b"}, ""),
        ("rust {1,3|5-7|all} +line_numbers", "rust", {"line_numbers": ""}, "1,3|5-7|all"),
        ('console +prompt:"sql> " +full', "console", {"prompt": "sql> ", "full": ""}, ""),
        ('sh +expect:"a\\\\.b \\"c\\""', "sh", {"expect": 'a\\.b "c"'}, ""),
        ("bash +open:http://x:9090/a?b=c", "bash", {"open": "http://x:9090/a?b=c"}, ""),
        ("python{2}", "python", {}, "2"),
        ("{.python .run}", "python", {}, ""),
        ("+exec", "", {"exec": ""}, ""),
        ("", "", {}, ""),
    ],
)
def test_attributes(info: str, language: str, values: dict[str, str], highlight: str) -> None:
    found = read_attributes(info)
    assert (found.language, found.values, found.highlight) == (language, values, highlight)


@pytest.mark.parametrize(
    ("info", "column", "message"),
    [
        ("sh +excec", 3, "unknown attribute `+excec` (did you mean `exec`?)"),
        ("sh +exec +exec", 9, "given twice"),
        ("sh {1", 3, "never closed"),
        ("sh word", 3, "has no effect"),
        ("sh {monaco}", 3, "names no lines"),
        ('sh +expect:"a\\.b"', 11, "not a JSON string"),
        ('sh +expect:"a', 11, "not closed"),
    ],
)
def test_what_is_odd_is_warned_about(info: str, column: int, message: str) -> None:
    at, said = read_attributes(info).warnings[0]
    assert at == column
    assert message in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,3|5-7|all", (frozenset({1, 3}), frozenset({5, 6, 7}), None)),
        ("*|2|none", (None, frozenset({2}), frozenset())),
        ("", ()),
    ],
)
def test_highlights(text: str, expected: tuple[frozenset[int] | None, ...]) -> None:
    assert read_highlights(text, 10) == (expected, "")


@pytest.mark.parametrize("text", ["0", "3-1", "12", "1-999999", "x"])
def test_lines_that_are_not_there_are_reported_and_left_out(text: str) -> None:
    groups, problem = read_highlights(text, 10)
    assert problem
    assert all(group is not None and group <= frozenset(range(1, 11)) for group in groups)


@given(st.text() | st.text('ab+:"{},|-\\ 19', max_size=40))
def test_any_info_string_is_read(info: str) -> None:
    found = read_attributes(info)
    groups, _ = read_highlights(found.highlight, 20)
    assert all(group is None or group <= frozenset(range(1, 21)) for group in groups)
    assert all(0 <= column <= len(info) for column, _ in found.warnings)


def test_of_many_mistakes_the_first_are_told() -> None:
    assert len(read_attributes("py " + "+x " * 10_000).warnings) == MOST_WARNINGS
