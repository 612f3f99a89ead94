"""How a talk stands to its plan: by the events of the talk, with a clock that is given."""

from __future__ import annotations

import pytest

from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.pace import Pace, due, pace_of
from tests.talk.test_decide import Talk

PLAN = e.PlanMade(
    ids=("first", "reveals", "demo", "last"),
    titles=("First", "Reveals", "Demo", "Last"),
    seconds=(0.0, 60.0, 120.0, 20.0),
    total=240.0,
    marks=(100.0,),
)


class Timed(Talk):
    """A talk in which time passes when the test says so."""

    def at(self, moment: float, *commands: c.Command) -> Timed:
        self.clock = moment
        for command in commands:
            self.do(command)
            self.clock = moment  # `do` counts a second a command
        return self

    def pace(self, moment: float) -> Pace:
        slide_id = self.script.slide_id(self.session.position.slide)
        found = pace_of(self.session, slide_id, moment)
        assert found is not None
        return found


def started() -> Timed:
    """A talk whose title was left at 11 s, by its first command but one."""
    talk = Timed()
    ids = tuple(talk.script.slide_id(n) for n in range(len(talk.script)))
    plan = e.PlanMade(ids[:4], PLAN.titles, PLAN.seconds, PLAN.total, PLAN.marks)
    talk.at(0, c.Tell(plan))
    talk.clock = 9
    talk.do(c.NextSlide())
    assert talk.session.timer_started == 10
    return talk


def test_without_a_plan_there_is_no_pace() -> None:
    talk = Timed()
    assert pace_of(talk.session, talk.script.slide_id(0), 5.0) is None
    assert pace_of(started().session, "no such slide", 5.0) is None


def test_before_the_timer_starts_nothing_counts() -> None:
    talk = Timed()
    talk.at(0, c.Tell(e.PlanMade((talk.script.slide_id(0), "b"), ("A", "B"), (0.0, 60.0), 90.0)))
    pace = talk.pace(500.0)
    assert (pace.started, pace.here, pace.moment, pace.late) == (False, 0.0, 0.0, 0.0)
    assert pace.expected == 60


def test_time_within_a_share_is_on_time_and_beyond_it_late() -> None:
    talk = started()
    pace = talk.pace(40.0)
    assert (pace.here, pace.share, pace.late, pace.expected) == (30, 60, 0, 200)
    pace = talk.pace(10 + 95.0)
    assert (pace.here, pace.late, pace.expected) == (95, 35, 235)
    assert not pace.on_time


def test_going_on_early_is_early() -> None:
    talk = started()
    talk.clock = 29
    talk.do(c.NextSlide())
    pace = talk.pace(30.0)
    assert (pace.here, pace.share, pace.late) == (0, 120, -40)
    assert pace.expected == 160


def test_a_second_visit_goes_on_counting() -> None:
    talk = started()
    talk.clock = 29
    talk.do(c.NextSlide(), c.PreviousSlide())
    assert talk.pace(41.0).here == 20 + 10


def test_a_question_stops_the_plan_and_not_the_talk() -> None:
    talk = started()
    talk.clock = 29
    talk.do(c.TakeQuestion())
    pace = talk.pace(130.0)
    assert (pace.paused, pace.here, pace.late) == (True, 20, 0)
    assert pace.expected == 120 + 180  # the talk's own clock went on
    talk.clock = 129
    assert isinstance(talk.do(c.NextSlide())[0], e.PlanPaused)
    pace = talk.pace(130.0)
    assert (pace.paused, pace.moment, pace.here) == (False, 20, 0)


@pytest.mark.parametrize("command", [c.NoteQuestion("why?"), c.MarkAsked("why?")])
def test_writing_a_question_down_late_stops_nothing(command: c.Command) -> None:
    """Who takes one opens the dialog, and that stops the clock: an answer may have been given."""
    talk = started()
    talk.do(command)
    assert talk.session.clock.paused_at is None


def test_a_jump_that_answers_a_question_makes_nothing_late() -> None:
    talk = started()
    talk.clock = 69
    talk.do(c.NextSlide())
    talk.clock = 99
    talk.do(c.TakeQuestion(), c.GoTo(1))
    assert talk.session.clock.paused_at is not None, "the other slide is the answer"
    pace = talk.pace(400.0)
    assert (pace.here, pace.late) == (60, 0)
    talk.clock = 399
    talk.do(c.Back())
    assert talk.session.clock.paused_at is not None
    talk.do(c.Next())
    assert talk.pace(talk.clock).here == pytest.approx(30)
    assert talk.pace(talk.clock).late == 0


def test_what_was_shown_before_a_jump_back_need_not_be_shown_again() -> None:
    talk = started()
    talk.clock = 69
    talk.do(c.NextSlide())
    talk.clock = 189
    talk.do(c.NextSlide(), c.GoTo(1))
    pace = talk.pace(talk.clock + 5)
    assert pace.late == pytest.approx(
        5 + 1, abs=1
    )  # what it takes to look back, and a second there


def test_the_pause_key_is_there_and_back() -> None:
    talk = started()
    assert talk.do(c.TakeQuestion(None)) == [e.PlanPaused(on=True)]
    assert talk.do(c.TakeQuestion(True)) == []
    assert talk.do(c.TakeQuestion(None)) == [e.PlanPaused(on=False)]
    assert talk.do(c.TakeQuestion(False)) == []


def test_a_press_that_does_nothing_ends_no_question() -> None:
    talk = started()
    talk.do(c.TakeQuestion())
    assert talk.do(c.Back()) != []  # the jump back to the title is one
    talk.do(c.TakeQuestion())
    assert talk.do(c.GoTo(999)) == []
    assert talk.session.clock.paused_at is not None


def test_the_timers_reset_starts_the_plan_anew() -> None:
    talk = started()
    talk.clock = 99
    talk.do(c.TakeQuestion(), c.ResetTimer())
    pace = talk.pace(500.0)
    assert (pace.moment, pace.here, pace.late) == (0, 0, 0)
    talk.clock = 599
    talk.do(c.TakeQuestion(False))
    assert talk.pace(610.0).moment == 10


def test_dropped_slides_make_the_talk_end_sooner() -> None:
    talk = started()
    third = talk.script.slide_id(2)
    talk.do(c.Drop("optional", (third, talk.script.slide_id(0))))
    assert talk.session.dropped == {third}  # what has passed is not dropped
    pace = talk.pace(10.0 + 60)
    assert (pace.late, pace.expected) == (-120, 80)
    talk.do(c.NextSlide())
    assert talk.session.position.slide == 3
    talk.do(c.PreviousSlide())
    assert talk.session.position.slide == 1


def test_what_is_dropped_replaces_what_was_and_nothing_takes_it_back() -> None:
    talk = started()
    ids = talk.script.slide_id(2), talk.script.slide_id(3)
    talk.do(c.Drop("30m", ids[:1]))
    talk.do(c.Drop("20m", ids))
    assert talk.session.dropped_as == "20m"
    assert talk.session.dropped == set(ids)
    assert talk.do(c.Drop("20m", ids)) == []
    assert talk.do(c.Drop("none", ("no such slide",))) == [e.SlidesDropped("", ())]
    assert talk.do(c.Drop("", ())) == []


def test_what_was_dropped_and_has_passed_stays_dropped() -> None:
    talk = started()
    second, third = talk.script.slide_id(2), talk.script.slide_id(3)
    talk.do(c.Drop("30m", (second,)), c.GoTo(4), c.Drop("20m", (second, third)))
    assert talk.session.dropped == {second}


def test_a_dropped_slide_can_still_be_jumped_to() -> None:
    talk = started()
    talk.do(c.Drop("optional", (talk.script.slide_id(2),)), c.GoTo(2))
    assert talk.session.position.slide == 2


def test_when_a_slide_is_due() -> None:
    talk = started()
    ids = [talk.script.slide_id(n) for n in range(4)]
    assert [due(talk.session, one) for one in (*ids, "none")] == [0, 60, 180, 200, None]
    talk.do(c.Drop("optional", (ids[2],)))
    assert [due(talk.session, one) for one in ids] == [0, 60, 180, 80]
