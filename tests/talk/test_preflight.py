"""Go or no-go, as it follows from the issues."""

from __future__ import annotations

import pytest

from presenter.talk.preflight import Asked, Below, Issue, Level, Live, in_order, is_go, rows

BELOW = Below(("recording",))


def issue(level: Level, *demos: str, live: bool = True) -> Issue:
    return Issue(level, "talk.md:1", "it is so", "do this", demos, live)


@pytest.mark.parametrize(
    ("issues", "live", "expected", "go"),
    [
        ([], Live.GO, Live.GO, True),
        ([issue(Level.WARNING, "a"), issue(Level.NOTE, "a")], Live.GO, Live.GO, True),
        ([issue(Level.NO_GO, "b"), issue(Level.NO_GO)], Live.GO, Live.GO, True),
        ([issue(Level.NO_GO, "b", "a")], Live.GO, Live.NO_GO, False),
        ([issue(Level.NO_GO, "a", live=False)], Live.GO, Live.GO, False),
        ([issue(Level.NO_GO, "a")], Live.UNTRUSTED, Live.UNTRUSTED, False),
        ([issue(Level.NO_GO, "a")], Live.UNCHECKED, Live.UNCHECKED, False),
        ([issue(Level.NO_GO, "a", live=False)], Live.NEVER, Live.NEVER, False),
    ],
)
def test_a_demo_is_a_go_unless_an_issue_says_otherwise(
    issues: list[Issue], live: Live, expected: Live, go: bool
) -> None:
    (row,) = rows([Asked("a", "slide", live, BELOW)], issues)
    assert (row.live, row.go) == (expected, go)


def test_warnings_and_notes_keep_no_talk_from_being_given() -> None:
    assert is_go([])
    assert is_go([issue(Level.WARNING), issue(Level.NOTE)])
    assert not is_go([issue(Level.WARNING), issue(Level.NO_GO)])


def test_the_gravest_issue_comes_first_and_each_once() -> None:
    note, warning, no_go = issue(Level.NOTE), issue(Level.WARNING, "b"), issue(Level.NO_GO)
    other = issue(Level.WARNING, "a")
    found = in_order([note, warning, other, no_go, warning])
    assert found == [no_go, warning, other, note]


@pytest.mark.parametrize(
    ("rungs", "words"),
    [
        (("recording",), "recording"),
        (("transcript",) * 3, "transcript"),
        (("card", "card"), "nothing"),
        (("card", "recording", "card", "transcript"), "1 recording, 1 transcript, 2 nothing"),
    ],
)
def test_what_is_below_is_said_in_few_words(rungs: tuple[str, ...], words: str) -> None:
    assert Below(rungs).words == words
