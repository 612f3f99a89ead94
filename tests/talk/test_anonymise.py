"""Canaries in every text of every event: those that people have put there do not come out."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import get_type_hints

import pytest
from hypothesis import given

from presenter.talk import events as e
from presenter.talk.anonymise import BEGIN, anonymised
from presenter.talk.history import FACTS, record_of
from presenter.talk.journal import decode_lines, encode
from tests.talk.lines import KINDS, any_stamped

CANARY = "Zoe Example"
WALL = "2026-05-04T09:00:00+02:00"
PUBLIC = {
    ("DeckReloaded", "changed"), ("DeckReloaded", "deck_hash"), ("DeckReloaded", "slide_id"),
    ("FaultInjected", "demo"), ("KeyTyped", "demo"), ("Moved", "slide_id"), ("PlanMade", "ids"),
    ("PlanMade", "titles"), ("QuestionAsked", "answer"), ("QuestionAsked", "as_of"),
    ("QuestionAsked", "question"), ("QuestionAsked", "slide_id"), ("QuestionAsked", "tags"),
    ("QuestionNoted", "slide_id"), ("SessionResumed", "version"),
    ("SessionStarted", "deck"),
    ("SessionStarted", "deck_hash"), ("SessionStarted", "slide_id"), ("SessionStarted", "version"),
    ("SlidesDropped", "ids"), ("SlidesDropped", "name"), ("StepAsked", "demo"),
    ("StepCancelled", "demo"), ("StepEdited", "demo"), ("StepFell", "demo"),
    ("StepFinished", "demo"), ("StepFinished", "provides"), ("StepFinished", "session"),
    ("StepInterrupted", "demo"), ("StepStarted", "demo"), ("StepTyped", "demo"),
    ("StepTyping", "demo"), ("StepWished", "demo"), ("TaintLifted", "demo"),
    ("TaintLifted", "session"), ("TalkDescribed", "title"), ("ThemeSet", "name"),
}  # fmt: skip
"""What is the deck's or the program's; whoever adds a text to an event decides whether it is."""


def stamped(*events: e.Event, wall: str = WALL) -> list[e.Stamped]:
    return [e.Stamped(n, float(n), wall, event) for n, event in enumerate(events, start=1)]


def written(events: list[e.Stamped]) -> str:
    return "".join(map(encode, anonymised(events)))


def texts(kind: type[e.Event]) -> list[str]:
    hints = get_type_hints(kind)
    return [one.name for one in fields(kind) if hints[one.name] in (str, tuple[str, ...])]


PLACES = [(kind, name) for kind in KINDS for name in texts(kind)]


@pytest.mark.parametrize(("kind", "name"), PLACES, ids=lambda one: getattr(one, "__name__", one))
def test_only_what_the_deck_says_comes_out(kind: type[e.Event], name: str) -> None:
    hints = get_type_hints(kind)
    plain: dict[object, object] = {str: "", int: 0, float: 0.0, bool: False, int | None: None}
    values = {one.name: plain.get(hints[one.name], ()) for one in fields(kind)}
    values[name] = CANARY if hints[name] is str else (CANARY,)
    event = kind(**values)  # type: ignore[arg-type]
    comes_out = CANARY in written(stamped(event))
    assert comes_out == ((kind.__name__, name) in PUBLIC)


@pytest.mark.parametrize("fact", FACTS)
def test_what_was_told_goes_but_for_the_title(fact: str) -> None:
    assert (CANARY in written(stamped(e.Told(fact, CANARY)))) == (fact == "title")


def test_a_deck_is_known_by_the_name_of_its_file() -> None:
    for path in ("/srv/zoe/talks/istio.md", r"C:\Users\zoe\istio.md", "istio.md"):
        (one,) = anonymised(stamped(e.SessionStarted(path, "h", WALL, "1")))
        assert isinstance(one.event, e.SessionStarted)
        assert one.event.deck == "istio.md"


def test_times_keep_their_distances_and_say_no_date() -> None:
    begin = datetime.fromisoformat(WALL)
    later = [(begin + timedelta(seconds=n * 7)).isoformat() for n in range(3)]
    events = [
        e.Stamped(1, 0.0, later[0], e.SessionStarted("/a.md", "h", later[0], "1")),
        e.Stamped(2, 7.0, later[1], e.TimerStarted()),
        e.Stamped(3, 14.0, "yesterday", e.PressWaits()),
        e.Stamped(4, 14.0, later[2], e.SessionResumed(later[2], "1")),
    ]
    told = anonymised(events)
    assert [one.wall for one in told] == [
        (BEGIN + timedelta(seconds=n)).isoformat() for n in (0, 7, 0, 14)
    ]
    assert "2026" not in "".join(map(encode, told))
    assert [one.at for one in told] == [0.0, 7.0, 14.0, 14.0]


def test_questions_are_numbered_and_prepared_ones_keep_their_tags() -> None:
    asked = e.QuestionAsked("Is it fast?", "pods", "Yes.", "2018", ("speed",))
    told = anonymised(
        stamped(
            e.QuestionNoted(f"asks {CANARY}", "pods", "mesh"),
            asked,
            e.QuestionNoted(CANARY, "end"),
            e.AnswerNoted("Is it fast?", CANARY),
        )
    )
    assert [one.event for one in told] == [
        e.QuestionNoted("question 1", "pods"),
        asked,
        e.QuestionNoted("question 2", "end"),
    ]


def test_words_of_the_program_stay_and_others_go() -> None:
    told = anonymised(
        stamped(
            e.StepFinished("a", 0, "recording", 0, 1.0, reason="silent"),
            e.StepFinished("a", 0, CANARY, 0, 1.0, reason=CANARY),
            e.SessionEnded(CANARY),
            e.SessionEnded("quit"),
        )
    )
    assert [one.event for one in told] == [
        e.StepFinished("a", 0, "recording", 0, 1.0, reason="silent"),
        e.StepFinished("a", 0, "", 0, 1.0),
        e.SessionEnded("ended"),
        e.SessionEnded("quit"),
    ]


@given(any_stamped())
def test_an_anonymous_talk_is_a_journal_and_its_times_are_the_same(
    events: list[e.Stamped],
) -> None:
    told = anonymised(events)
    read = decode_lines("".join(map(encode, told)).encode())
    assert list(read.stamped) == told
    assert read.stopped_at is None
    before, after = record_of(events), record_of(told)
    assert after.seconds == before.seconds
    assert tuple(after.slides) == tuple(before.slides)
    assert len(after.questions) == len(before.questions)
    assert anonymised(told) == told
