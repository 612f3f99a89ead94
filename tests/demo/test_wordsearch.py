"""Lines found by words: in time that grows with their length alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presenter.demo.wordsearch import WordIndex

LINES = ["Services and pods", "Deploy BookInfo", "Where is the front door?", "Pods, once more"]


def found(typed: str) -> list[str]:
    return [LINES[n] for n in WordIndex(LINES).find(typed)]


def test_lines_are_found_by_words_by_their_beginnings_and_mistyped() -> None:
    assert found("deploy") == ["Deploy BookInfo"]
    assert found("front d") == ["Where is the front door?"]
    assert found("dploy") == ["Deploy BookInfo"]
    assert sorted(found("pods")) == ["Pods, once more", "Services and pods"]
    assert found("pods services")[0] == "Services and pods"
    assert found("kubernetes") == []
    assert found(" ") == LINES


def test_of_many_words_the_first_are_looked_for() -> None:
    assert found("pods " * 12 + "kubernetes " * 40) == found("pods")
    assert found("kubernetes " * 12 + "pods " * 40) == []


def test_a_text_behind_a_line_counts_for_less() -> None:
    index = WordIndex(["one", "pods"], ["all about pods", ""])
    assert index.find("pods") == [1, 0]


def test_a_line_without_end_is_searched_as_fast_as_it_is_long() -> None:
    """Letters in a hundred thousand ways: a matcher that tries them all never comes back."""
    lines = ["ab " * 20_000 + "ba" * 20_000] * 3
    assert WordIndex(lines).find("abababababababababababc") == [0, 1, 2]


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=30))
def test_every_number_is_one_of_a_line_and_comes_once(lines: list[str], typed: str) -> None:
    numbers = WordIndex(lines).find(typed)
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(len(lines)))
