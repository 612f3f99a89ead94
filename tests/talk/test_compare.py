"""Runs of a talk compared: what ran over, which is the best, what is gone, what is not told."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from presenter.talk import events as e
from presenter.talk.compare import (
    Comparison,
    MarkSeen,
    Verdict,
    compare,
    runs_of,
    verdict,
    ways_back,
)
from presenter.talk.history import TalkRecord, WentBack
from presenter.talk.shares import LONGEST, Shares, shares_of
from presenter.wiring.rehearsal import Rehearsal
from tests.talk.talks import Talk

PLAN = {"one": 60.0, "two": 120.0, "three": 60.0}
DECK = [("one", "One"), ("two", "Two"), ("three", "Three")]


def talk(name: str = "a", *, total: float = 0.0, marks: tuple[float, ...] = (),
         **times: float) -> TalkRecord:  # fmt: skip
    told = Talk(*PLAN).plan(PLAN, total, marks).start().tell(**times)
    return told.end().record(name)


def compared(*records: TalkRecord, **options: object) -> Comparison:
    found = compare(runs_of(records), DECK, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_slide_is_over_by_more_than_seconds_and_part() -> None:
    assert verdict(70.1, 60) is Verdict.OVER
    assert verdict(70, 60) is Verdict.WITHIN
    assert verdict(49.9, 60) is Verdict.UNDER
    assert verdict(230, 200) is Verdict.WITHIN
    assert verdict(230.1, 200) is Verdict.OVER
    assert verdict(None, 200) is verdict(5, None) is Verdict.WITHIN


def test_slides_stand_beside_their_shares_and_other_runs() -> None:
    found = compared(talk("b", one=80, two=90, three=61), talk("a", one=60, two=120, three=70))
    assert [row.title for row in found.rows] == ["One", "Two", "Three"]
    assert [row.share for row in found.rows] == [60, 120, 60]
    assert [row.times for row in found.rows] == [(80, 60), (90, 120), (61, 70)]
    assert [row.verdict() for row in found.rows] == [Verdict.OVER, Verdict.UNDER, Verdict.WITHIN]
    assert found.this.over == {"one": 20}
    assert found.this.late == -9
    assert [run.number for run in found.runs] == [2, 1]


def test_the_best_is_the_complete_one_nearest_to_its_shares() -> None:
    far, near = talk("far", one=90, two=120, three=30), talk("near", one=62, two=119, three=60)
    cut = Talk(*PLAN).plan(PLAN).start().tell(one=60, two=120, three=60)
    broken = cut.dies().record("broken")
    half = talk("half", one=60, two=120)
    found = compared(talk("new", one=80, two=120, three=60), broken, half, near, far)
    assert found.best == 1
    assert found.runs[1].record.name == "near"
    assert found.best_off == 3
    assert [run.record.name for run in found.runs] == ["new", "near", "broken", "half"]
    alone = compared(broken, half)
    assert alone.best is None


def test_a_talk_that_played_by_itself_is_nobodys_best() -> None:
    played = Talk(*PLAN, purpose="auto").plan(PLAN).start().tell(one=60, two=120, three=60)
    found = compared(talk("b", one=80, two=120, three=60), played.end().record("auto"))
    assert found.best == 0


def test_a_drill_that_plays_by_itself_is_of_nobody_either() -> None:
    assert Rehearsal(seed=7, auto=True).purpose == "auto"
    assert Rehearsal(seed=7).purpose == "drill"
    assert Rehearsal().purpose == "rehearsal"


def test_the_one_at_hand_may_be_the_best_and_stands_once() -> None:
    found = compared(talk("b", one=60, two=120, three=60), talk("a", one=90, two=120, three=60))
    assert found.best == 0
    assert [run.record.name for run in found.runs] == ["b", "a"]


def test_any_run_may_be_the_one_at_hand_and_those_before_follow() -> None:
    records = [talk(name, one=60, two=99, three=60) for name in "edcba"]
    found = compared(*records, this="c", before=1)
    assert [run.record.name for run in found.runs[:1]] == ["c"]
    assert {run.record.name for run in found.runs} == {"c", "e", "b"}, "e is the best, b is before"
    assert compare(runs_of(records), DECK, this="nobody") is None
    assert compare(runs_of([]), DECK) is None


def test_runs_without_times_are_numbered_and_not_compared() -> None:
    written = Talk(*PLAN, source="a paper").start().tell(one=60).end().record("paper")
    never = Talk(*PLAN).plan(PLAN).end().record("never")
    assert compare(runs_of([written, never]), DECK) is None
    assert [run.number for run in runs_of([written, never])] == [2, 1]
    found = compared(written, talk("a", one=60), never)
    assert [run.record.name for run in found.runs] == ["a"]
    assert found.this.number == 2


def test_slides_of_an_older_deck_stay_and_are_marked() -> None:
    old = Talk("zero", "one").plan({"zero": 9.0, "one": 60.0}).start().tell(zero=9, one=50).end()
    found = compared(talk("b", one=60, two=120, three=60), old.record("a"))
    assert [(row.id, row.number, row.gone) for row in found.rows] == [
        ("one", 1, False), ("two", 2, False), ("three", 3, False), ("zero", 0, True),
    ]  # fmt: skip
    assert found.rows[3].times == (None, 9)


def test_without_a_plan_there_are_times_and_no_verdicts() -> None:
    bare = Talk(*PLAN).start().tell(one=500, two=1).end().record("a")
    found = compare(runs_of([bare]))
    assert found is not None
    assert found.shares is None
    assert found.best is None
    assert (found.this.late, found.this.complete, dict(found.this.over)) == (None, False, {})
    assert [(row.id, row.times, row.number) for row in found.rows] == [
        ("one", (500,), 1), ("two", (1,), 2),
    ]  # fmt: skip


def test_a_run_without_a_plan_is_measured_with_the_newest_there_is() -> None:
    bare = Talk(*PLAN).start().tell(one=90, two=120, three=60).end().record("b")
    found = compared(bare, talk("a", one=60, two=120, three=60))
    assert found.this.over == {"one": 30}


def test_the_runs_that_are_listed_are_the_ones_that_are_compared() -> None:
    bare = Talk(*PLAN).start().tell(one=90, two=120, three=60).end().record("b")
    runs = runs_of([bare, talk("a", one=60, two=120, three=60)])
    found = compare(runs, DECK)
    assert found is not None
    assert found.runs[1] is runs[1], "made once: a list may be of a thousand"
    assert found.this.number == runs[0].number
    assert (runs[0].planned, dict(runs[0].over)) == (None, {}), "the list tells its own plan alone"


def test_a_run_that_broke_off_is_late_for_what_it_has_shown() -> None:
    half = Talk(*PLAN).plan(PLAN, 600).start().tell(one=90, two=120).dies().record("a")
    this = compared(half).this
    assert this.broke_off
    assert this.missing == ("three",)
    assert (this.planned, this.late) == (180, 30)
    assert compared(talk("b", total=600, one=90, two=120, three=60)).this.late == -330


def test_questions_stop_the_slides_clock_and_are_told() -> None:
    told = Talk(*PLAN).plan(PLAN).start().tell(one=50).question("why?", 200).tell(two=120, three=60)
    found = compared(told.end().record("a"))
    assert found.rows[0].times == (50,)
    assert found.rows[0].questions == 1
    assert (found.this.spoken, found.this.record.seconds) == (230, 430)
    assert found.this.record.answering == 200


def test_demos_stand_below_their_slide_with_their_lowest_rung() -> None:
    told = Talk(*PLAN).plan(PLAN).start().tell(one=10).go("two")
    told.step("pods", 0, "live", 20).step("pods", 1, "live", 30, fell="recording", reason="silent")
    told.go("three").step("page", 0, "recording", 5, reason="mode").end()
    found = compared(told.record("a"), talk("b", one=1))
    assert [[demo.name for demo in row.demos] for row in found.rows] == [[], ["pods"], ["page"]]
    pods, other = found.rows[1].demos[0].runs
    assert other is None
    assert pods is not None
    assert (pods.seconds, pods.rung) == (50, "recording")
    assert [(fall.step, fall.origin, fall.reason) for fall in pods.falls] == [(1, "live", "silent")]
    assert [fall.demo for fall in found.this.falls] == ["pods"], "what began recorded fell nowhere"


def test_a_rung_that_nobody_knows_is_none() -> None:
    told = Talk(*PLAN).start().step("pods", 0, "hologram", 20).end()
    assert compared(told.record("a")).rows[0].demos[0].runs[0].rung == ""  # type: ignore[union-attr]


def test_steps_back_in_a_row_are_one_way_back() -> None:
    quick = [WentBack(10, "d", "c"), WentBack(11, "c", "b"), WentBack(12, "b", "a")]
    assert ways_back(quick) == (WentBack(10, "d", "a"),)
    slow = [WentBack(10, "d", "c"), WentBack(60, "c", "b")]
    assert ways_back(slow) == tuple(slow)
    other = [WentBack(10, "d", "c"), WentBack(11, "z", "b")]
    assert ways_back(other) == tuple(other)
    told = Talk(*PLAN).plan(PLAN).start().tell(one=60, two=60).go("one").tell(one=9, two=60)
    found = compared(told.tell(three=60).end().record("a"))
    assert found.rows[0].backs == 1
    assert found.this.backs == (WentBack(120, "two", "one"),)


def test_dropped_slides_are_told_where_they_were_not_shown() -> None:
    told = Talk(*PLAN).plan(PLAN).start().add(e.SlidesDropped("20m", ("two", "three")))
    found = compared(told.tell(one=60, three=60).end().record("a"))
    assert [row.dropped for row in found.rows] == [False, True, False]


def test_marks_say_where_the_talk_was() -> None:
    record = talk("a", marks=(90.0, 230.0, 30.0, 999.0), one=80, two=120, three=60)
    assert compared(record).marks == (
        MarkSeen(30, "one", "one", 0), MarkSeen(90, "two", "two", 0),
        MarkSeen(230, "three", "three", 0), MarkSeen(999, "three", "", None),
    )  # fmt: skip
    slow = compared(talk("a", marks=(70.0, 185.0), one=100, two=120)).marks
    assert slow == (MarkSeen(70, "two", "one", 10), MarkSeen(185, "three", "two", 5))
    fast = compared(talk("a", marks=(50.0,), one=20, two=120)).marks
    assert fast == (MarkSeen(50, "one", "two", -10),)


def test_the_slide_before_the_timer_has_no_share_and_is_not_missed() -> None:
    plan = {"title": 0.0, **PLAN}
    told = Talk(*plan).plan(plan).wait(99).go("one").start().tell(one=60, two=130, three=60).end()
    found = compare(runs_of([told.record("a")]))
    assert found is not None
    assert found.best == 0
    assert found.this.complete
    assert found.this.late == 10
    assert [(row.id, row.number, row.share, row.times) for row in found.rows[:2]] == [
        ("title", 1, None, (None,)), ("one", 2, 60, (60,)),
    ]  # fmt: skip


def test_a_slide_without_share_is_neither_late_nor_early() -> None:
    shares = Shares({"one": 60.0}, {}, 60)
    assert shares.late("odd", 5) is None
    assert Shares({}, {}, 0).at(3) == ""


def test_plans_of_nothing_and_of_lists_that_do_not_match() -> None:
    assert shares_of(None) is None
    assert shares_of(e.PlanMade((), (), (), 60)) is None
    assert shares_of(e.PlanMade(("a",), ("A",), (0.0,), 60)) is None
    short = shares_of(e.PlanMade(("a", "b"), ("A",), (5.0, 6.0, 7.0), 0))
    assert short is not None
    assert (short.seconds, short.titles, short.total) == ({"a": 5, "b": 6}, {"a": "A", "b": ""}, 11)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=2, max_size=2))
def test_no_number_of_a_journal_is_believed_beyond_reason(odd: list[float]) -> None:
    made = e.PlanMade(("one", "two"), ("One", "Two"), (odd[0], 60.0), odd[1], (odd[1],))
    shares = shares_of(made)
    assert shares is not None
    assert all(0 < seconds <= LONGEST for seconds in shares.seconds.values())
    assert 0 < shares.total <= 2 * LONGEST
    assert all(0 < mark <= LONGEST for mark in shares.marks)
    record = replace(talk("a", one=5), slides={"one": odd[0]}, plan=made)
    run = compared(record).this
    assert 0 <= run.spoken <= LONGEST
    assert run.late is not None
    assert math.isfinite(run.late)
