"""What is found while a question is typed, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.questions import MOST_QUESTIONS, Prepared, read_questions
from presenter.demo.questionsearch import QuestionIndex, split_tag
from tests.material import ROOT

PREPARED = read_questions(ROOT / "slides" / "istio-101.md").prepared


def found(typed: str) -> list[str]:
    return [PREPARED[n].question for n in QuestionIndex(PREPARED).find(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("websockets", "Do WebSockets work with Envoy?"),
        ("web sock", "Do WebSockets work with Envoy?"),
        ("wbsckts", "Do WebSockets work with Envoy?"),
        ("websokcets", "Do WebSockets work with Envoy?"),
        ("envoy overhead", "What is the performance overhead of Envoy?"),
        ("what is the roadmap", "What is on Istio's roadmap?"),
        ("upcoming features", "What is on Istio's roadmap?"),
        ("load balancer", "Does Istio ingress handle denial of service attacks?"),
        ("egress", "How do you talk from Istio to an external database?"),
        ("#egress", "How do you talk from Istio to an external database?"),
        ("upgrading", "How is Istio upgraded?"),
        ("Rancher?", "How is Istio different from Rancher?"),
    ],
)
def test_headings_wordings_tags_and_answers_are_searched(typed: str, first: str) -> None:
    assert found(typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["istio on arm", "does it scale", "xyzzy", "what about multi cluster", "gdpr?"]
)
def test_a_question_that_nobody_prepared_is_not_taken_for_one(typed: str) -> None:
    assert found(typed) == []


def test_without_words_all_are_there_in_their_order() -> None:
    assert found(" ?! ") == [one.question for one in PREPARED]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("why not #infra", ("why not", "infra")),
        ("why #not really", ("why #not really", "")),
        ("is C# fine", ("is C# fine", "")),
        (" #infra ", ("", "infra")),
        ("why #a #b", ("why #a", "b")),
        ("", ("", "")),
    ],
)
def test_a_tag_stands_at_the_end(typed: str, expected: tuple[str, str]) -> None:
    assert split_tag(typed) == expected


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_gives_numbers_of_questions(texts: list[str], typed: str) -> None:
    index = QuestionIndex([Prepared(text, answer=text) for text in texts])
    hits = index.find(typed)
    assert len(set(hits)) == len(hits)
    assert set(hits) <= set(range(len(texts)))


def test_no_line_makes_a_key_wait() -> None:
    """A match of letters over a whole line would never come to its end here."""
    prepared = [Prepared(f"{'ab' * 200} {n:x}{'ba' * 10}") for n in range(MOST_QUESTIONS)]
    index = QuestionIndex(prepared)
    assert index.find("abba" * 8 + " " + "a b " * 40) == []
    assert len(index.find("ab " * 40)) == MOST_QUESTIONS
