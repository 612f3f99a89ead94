"""The file of prepared questions: what it holds, and that nothing in it can hurt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck import questions
from presenter.deck.model import Severity
from presenter.deck.questions import (
    Questions,
    parse_questions,
    question_key,
    questions_path,
    read_questions,
)

FILE = """\
---
title: not a question
---

# Prepared

Text before the first question is for me.

## Is it *ready* for `production`?

<!-- tags: Roadmap, #istio , roadmap -->
<!-- as_of: 2018 -->
<!-- also: When will it be ready? -->
<!-- also: Can I use it now -->

Not **yet**.

```console
## no heading here
```

### One more thing

Soon.

## Does it scale?

<!-- only a remark for me -->
<!-- // TODO: measure -->

# Another part

This belongs to no question.
"""


def parse(text: str) -> Questions:
    return parse_questions(text, "t.questions.md")


def complaints(text: str) -> list[str]:
    return [str(problem) for problem in parse(text).problems]


def test_headings_are_questions_and_comments_hold_the_rest() -> None:
    found = parse(FILE)
    assert found.problems == ()
    first, second = found.prepared
    assert first.question == "Is it ready for production?"
    assert first.tags == ("Roadmap", "istio", "roadmap")
    assert first.as_of == "2018"
    assert first.also == ("When will it be ready?", "Can I use it now")
    assert first.answer.startswith("Not **yet**.\n\n```console\n## no heading here\n```")
    assert first.answer.endswith("### One more thing\n\nSoon.")
    assert str(first.place) == "t.questions.md:9:1"
    assert (second.question, second.answer, second.tags) == ("Does it scale?", "", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## A\n<!-- tag: x -->\n", "t.questions.md:2:1: warning: unknown comment `tag`"
         " (did you mean `tags`?)"),
        ("## A\n<!-- as_of: -->\n", "t.questions.md:2:1: warning: `as_of` says nothing"),
        ("## A?\n\n## a\n", "t.questions.md:3:1: warning: the same question as in line 1: "
         "this one is not used"),
        ("## A\n\n## B\n<!-- also: a? -->\n", "t.questions.md:4:1: warning: the same wording as "
         "in line 1: it is not used here"),
        ("## A\n<!-- also: b -->\n\n## B\n", "t.questions.md:4:1: warning: the same question as "
         "in line 2: this one is not used"),
        ("##\nx\n", "t.questions.md:1:1: warning: a heading without words: what stands below it "
         "is not used"),
        ("## A\n```\n## B\n", "t.questions.md:2:1: warning: fence is never closed: all below it "
         "is taken for code"),
        ("## A\n<!-- as_of: 1\n", "t.questions.md:2:1: warning: comment is never closed: all below "
         "it is lost; end it with `-->`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, expected: str) -> None:
    assert complaints(text) == [expected]


def test_an_answer_below_a_question_that_is_there_already_is_no_part_of_another() -> None:
    (only,) = parse("## A\none\n\n## A\ntwo\n").prepared
    assert only.answer == "one"


def test_too_many_questions_are_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_QUESTIONS", 2)
    found = parse("".join(f"## Number {n}\n\nanswer {n}\n" for n in range(5)))
    assert [one.answer for one in found.prepared] == ["answer 0", "answer 1"]
    assert [problem.place.line for problem in found.problems] == [7]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is on Istio's roadmap?", "what is on  Istio\u2019s ROADMAP"),
        ("\u201cWhen?\u201d", "when"),
        ("Is `kubectl` needed ?", "is kubectl needed\u2026"),
    ],
)
def test_wordings_that_a_person_takes_for_the_same_have_one_key(one: str, other: str) -> None:
    assert question_key(one) == question_key(other)


def test_other_questions_have_another_key() -> None:
    assert question_key("Is it ready?") != question_key("Is it not ready?")


@given(st.text(alphabet=st.sampled_from("#<!-> \n`~=-aé:\u2019tagslo_f"), max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse(text)
    lines = text.count("\n") + 1
    assert all(1 <= one.place.line <= lines for one in found.prepared)
    assert all(problem.severity is Severity.WARNING for problem in found.problems)
    keys = [question_key(words) for one in found.prepared for words in one.wordings]
    assert len(keys) == len(set(keys))
    assert all(keys)


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(words, words), max_size=6, unique_by=lambda one: question_key(one[0])))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read(pairs: list[tuple[str, str]]) -> None:
    text = "\n".join(f"## {question}\n\n{answer}\n" for question, answer in pairs)
    found = parse(text)
    assert [(one.question, one.answer) for one in found.prepared] == pairs


def test_nothing_that_moves_the_cursor_comes_out() -> None:
    (one,) = parse("## A\x1b[2J\n<!-- tags: a\x07b -->\nx\x9b31m\u202ey\n").prepared
    assert (one.question, one.tags, one.answer) == ("A[2J", ("ab",), "x31my")


# --- on disk ----------------------------------------------------------------------------------


def test_it_stands_beside_the_deck(tmp_path: Path) -> None:
    deck = tmp_path / "my.talk.md"
    assert questions_path(deck) == tmp_path / "my.talk.questions.md"
    assert read_questions(deck) == Questions()
    questions_path(deck).write_text("## A\r\n\r\nyes\r\n", "utf-8", newline="")
    assert [one.answer for one in read_questions(deck).prepared] == ["yes"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"## \xff", "not UTF-8 text at byte 3"), (b"## A\n" + b"x" * 262_144, "larger than 256 KiB")],
)
def test_a_file_that_cannot_be_used_is_a_problem_and_no_more(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "t.questions.md"
    path.write_bytes(data)
    (problem,) = read_questions(tmp_path / "t.md").problems
    assert str(problem).startswith(f"{path}:1:1: warning: {words}")


@pytest.mark.parametrize("make", ["folder", "pipe", "link", "loop"])
def test_what_is_no_file_of_the_decks_is_not_read(tmp_path: Path, make: str) -> None:
    folder = tmp_path / "talk"
    folder.mkdir()
    path = folder / "t.questions.md"
    (tmp_path / "private.txt").write_text("## secret\n")
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)
    elif make == "link":
        path.symlink_to(tmp_path / "private.txt")
    else:
        path.symlink_to(path)
    found = read_questions(folder / "t.md")
    assert found.prepared == ()
    assert len(found.problems) == 1
