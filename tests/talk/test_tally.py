"""Which questions come up where: what is the same one, what is answered, in which order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.questions import Prepared
from presenter.talk import events as e
from presenter.talk.history import record_of
from presenter.talk.tally import GIVEN, OPEN, PREPARED, Row, only_open, tally, venue_of
from tests.talk.asked import OVERHEAD, RANCHER, READY, ROADMAP, events, noted, records

FILE = (
    Prepared(OVERHEAD, "little", tags=("envoy",), as_of="2018"),
    Prepared("Is it ready for production?", also=(READY,), tags=("roadmap",)),
    Prepared("Does it run on a mainframe?", "no"),
)


def by_name(rows: tuple[Row, ...]) -> dict[str, Row]:
    return {row.question: row for row in rows}


def test_the_most_frequent_come_first_and_of_those_the_ones_without_an_answer() -> None:
    found = tally(records(), FILE)
    assert found.venues == ("Codemotion Rome", "TDC Florianópolis", "QCon Beijing", "GDG Beijing")
    assert found.talks == 4
    told = [(row.question, row.count, row.answered) for row in found.rows]
    assert told[:3] == [
        ("Is it ready for production?", 3, OPEN), (ROADMAP, 3, OPEN), (OVERHEAD, 3, PREPARED),
    ]  # fmt: skip
    assert told[3] == (RANCHER, 2, OPEN)
    assert told[-1] == ("Does it run on a mainframe?", 0, PREPARED)


def test_a_row_says_where_and_what_is_known() -> None:
    rows = by_name(tally(records(), FILE).rows)
    assert rows["Is it ready for production?"].counts == (0, 1, 1, 1)
    assert rows["Is it ready for production?"].tags == ("roadmap",)
    assert (rows[OVERHEAD].as_of, rows[OVERHEAD].tags) == ("2018", ("envoy",))


def test_only_those_without_an_answer() -> None:
    questions = [row.question for row in only_open(tally(records(), FILE)).rows]
    assert ROADMAP in questions
    assert OVERHEAD not in questions
    assert "Does it run on a mainframe?" not in questions


def test_rehearsals_do_not_count() -> None:
    for purpose in ("rehearsal", "drill"):
        record = record_of(events([noted(ROADMAP)], "2018-01-01", purpose=purpose))
        found = tally([record], ())
        assert (found.rows, found.talks, found.venues) == ((), 0, ())


def test_an_answer_stands_in_the_file_or_in_the_journal_or_was_written_down_later() -> None:
    talk = record_of(
        events(
            [
                e.QuestionAsked("Was it prepared?", "title", "yes", "2017", ("old",)),
                e.QuestionAsked("Without an answer?", "title"),
                noted("New?", "fresh"),
                noted("Open?"),
                e.AnswerNoted("New?", "so it is"),
            ],
            "2018-01-01",
        )
    )
    rows = by_name(tally([talk], ()).rows)
    assert [rows[name].answered for name in rows] == [OPEN, OPEN, PREPARED, GIVEN]
    assert rows["Was it prepared?"].as_of == "2017"
    assert (rows["New?"].given, rows["New?"].tags) == ("so it is", ("fresh",))


def test_a_question_that_came_up_twice_at_one_venue_counts_twice_there() -> None:
    talk = record_of(events([noted("Why?"), noted("why")], "2018-01-01", event="Here"))
    (row,) = tally([talk], ()).rows
    assert (row.question, row.counts) == ("Why?", (2,))


def test_nothing_that_was_taken_out_of_a_journal_is_a_question() -> None:
    assert tally([record_of(events([noted(" ?")], "2018-01-01"))], ()).rows == ()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"event": "Conf", "place": "Rome"}, "Conf"),
        ({"event": " ", "place": "Rome"}, "Rome"),
        ({"date": "in spring"}, "in spring"),
        ({}, "2018-01-01"),
    ],
)
def test_a_venue_is_the_event_else_the_place_else_the_day(
    told: dict[str, str], expected: str
) -> None:
    assert venue_of(record_of(events([], "2018-01-01", **told))) == expected


def test_of_two_files_with_one_question_the_answer_is_taken() -> None:
    files = (Prepared("Why?", tags=("a",)), Prepared("why", "because", tags=("b",), as_of="1"))
    (row,) = tally([], files).rows
    assert (row.answered, set(row.tags), row.as_of) == (PREPARED, {"a", "b"}, "1")


wordings = st.sampled_from(["Why?", "why", "How?", "WHY ?", "Who’s that", "who's that?", "?"])


@given(st.lists(st.lists(wordings, max_size=6), max_size=4), st.lists(wordings, max_size=4))
def test_each_question_that_was_asked_is_counted_once(
    talks: list[list[str]], prepared: list[str]
) -> None:
    told = [
        record_of(events([noted(text) for text in asked], f"2018-01-0{n + 1}", event=f"E{n}"))
        for n, asked in enumerate(talks)
    ]
    found = tally(told, [Prepared(text) for text in prepared if text != "?"])
    asked = sum(text != "?" for one in talks for text in one)
    assert sum(row.count for row in found.rows) == asked
    assert len(found.rows) <= 3
    assert all(len(row.counts) == len(found.venues) for row in found.rows)
