"""What a journal tells of a talk that is over: times, demos, ways back, questions."""

from __future__ import annotations

import pytest

from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.history import QuestionRecord, StepRecord, TalkRecord, WentBack, record_of
from tests.talk.script import sample
from tests.talk.test_decide import Talk


class Kept(Talk):
    """A talk whose events are kept with their times."""

    def __init__(self, *first: e.Event) -> None:
        self.stamped: list[e.Stamped] = []
        super().__init__()
        for event in first:
            self._fold(event)

    def _fold(self, event: e.Event) -> None:
        super()._fold(event)
        self.stamped.append(e.Stamped(self.session.sequence, self.clock, "", event))

    def at(self, moment: float, *commands: c.Command) -> Kept:
        for command in commands:
            self.clock = moment - 1
            self.do(command)
        return self

    def tell(self, moment: float, *events: e.Event) -> Kept:
        self.clock = moment
        for event in events:
            self._fold(event)
        return self

    def record(self) -> TalkRecord:
        return record_of(self.stamped)


IDS = [sample().slide_id(n) for n in range(len(sample()))]


def test_the_time_of_each_slide_begins_with_the_timer() -> None:
    talk = Kept().at(100, c.NextSlide()).at(160, c.NextSlide()).at(200, c.PreviousSlide())
    record = talk.at(230, c.Quit()).record()
    assert record.slides == {IDS[1]: 60 + 30, IDS[2]: 40}
    assert (record.seconds, record.ended, record.timed) == (130, "quit", True)
    assert record.backs == (WentBack(100, IDS[2], IDS[1]),)


def test_a_question_counts_for_the_talk_and_for_no_slide() -> None:
    talk = Kept().at(10, c.NextSlide()).at(20, c.TakeQuestion())
    record = talk.at(80, c.NextSlide()).at(90, c.Quit()).record()
    assert record.slides == {IDS[1]: 10, IDS[2]: 10}
    assert (record.seconds, record.answering) == (80, 60)
    assert record.slide_at(9) == IDS[1]
    assert record.slide_at(11) == IDS[2]


def test_a_question_open_at_the_end_counts_too() -> None:
    record = Kept().at(10, c.NextSlide()).at(20, c.TakeQuestion()).at(50, c.Quit()).record()
    assert (record.slides, record.answering) == ({IDS[1]: 10}, 30)


def test_the_timers_reset_forgets_what_was_before() -> None:
    talk = Kept().at(10, c.NextSlide()).at(20, c.TakeQuestion()).at(40, c.TakeQuestion(False))
    record = talk.at(50, c.ResetTimer()).at(70, c.Quit()).record()
    assert (record.slides, record.seconds, record.answering) == ({IDS[1]: 20}, 20, 0)
    assert record.positions == ((0, IDS[1]),)


def test_a_step_tells_its_rung_its_fall_and_how_long_it_took() -> None:
    started = e.StepStarted("pods", 0, 2, "live")
    talk = Kept().at(10, c.NextSlide())
    talk.tell(12, e.StepTyping("pods", 0, 1)).tell(14, started)
    talk.tell(17, e.StepFell("pods", 0, "recording", "silent"))
    talk.tell(20, e.StepFinished("pods", 0, "recording", 0, 3.0, reason="silent"))
    record = talk.tell(21, e.SessionEnded("quit")).record()
    assert record.demos == {
        "pods": (StepRecord(0, "recording", "silent", 8, False, "live", "recording", "silent"),)
    }
    assert record.demo_slides == {"pods": IDS[1]}


def test_a_step_taken_back_and_one_shown_again() -> None:
    talk = Kept().tell(1, e.StepTyping("pods", 0, 1)).tell(2, e.StepCancelled("pods", 0, 0))
    talk.tell(10, e.StepStarted("pods", 0, 2, "recording"))
    talk.tell(11, e.StepFinished("pods", 0, "recording", 0, 1.0))
    talk.tell(20, e.StepStarted("pods", 0, 2, "live"))
    record = talk.tell(25, e.StepFinished("pods", 0, "live", 0, 5.0)).record()
    assert record.demos == {"pods": (StepRecord(0, "live", "", 5),)}


def test_a_fall_is_kept_when_the_step_is_shown_again() -> None:
    talk = Kept().tell(1, e.StepStarted("pods", 0, 2, "live"))
    talk.tell(2, e.StepFell("pods", 0, "recording", "silent"))
    talk.tell(3, e.StepFinished("pods", 0, "recording", 0, 1.0, reason="silent"))
    talk.tell(9, e.StepStarted("pods", 0, 2, "live"))
    record = talk.tell(10, e.StepFinished("pods", 0, "live", 0, 1.0)).record()
    (step,) = record.demos["pods"]
    assert (step.rung, step.fell_from, step.fell_to, step.fell_why) == (
        "live", "live", "recording", "silent",
    )  # fmt: skip


def test_a_step_that_had_begun_before_a_crash_is_none_of_its_time() -> None:
    talk = Kept().tell(1, e.StepTyping("pods", 0, 1)).tell(300, e.SessionResumed("", "1"))
    talk.tell(310, e.StepStarted("pods", 0, 2, "recording"))
    record = talk.tell(315, e.StepFinished("pods", 0, "recording", 0, 1.0)).record()
    assert record.demos["pods"][0].seconds == 5


def test_questions_with_their_answers() -> None:
    talk = Kept().at(10, c.NextSlide())
    talk.at(30, c.NoteQuestion("what is new?", "news"))
    talk.at(40, c.MarkAsked("why?", "because", "2018", ("reasons",)))
    talk.at(50, c.Quit())
    record = talk.tell(9999, e.AnswerNoted("what is new?", "all of it")).record()
    assert record.questions == (
        QuestionRecord("what is new?", IDS[1], 20, tags=("news",), given="all of it"),
        QuestionRecord("why?", IDS[1], 30, True, ("reasons",), "because", "2018"),
    )
    assert record.seconds == 40  # what was written down later is no part of the talk


def test_facts_are_told_or_the_decks_or_unknown() -> None:
    described = e.TalkDescribed("Istio 101", ("Ada", "Ben"), location="Rome", date="May 4")
    record = Kept(described, e.Told("place", "a hall"), e.Told("place", "the large hall")).record()
    facts = [record.fact(name) for name in ("title", "speaker", "place", "date", "audience")]
    assert facts == ["Istio 101", "Ada, Ben", "the large hall", "May 4", ""]


def test_a_journal_written_down_later_has_no_times() -> None:
    stamped = [
        e.Stamped(1, 0.0, "", e.SessionStarted("d.md", "", "", "1", source="a trip report")),
        e.Stamped(2, 0.0, "", e.RecordingForced("the projector")),
        e.Stamped(3, 0.0, "", e.TimerStarted()),
        e.Stamped(4, 0.0, "", e.QuestionNoted("why?", "")),
    ]
    record = record_of(stamped, "d/1", "line 5: torn")
    assert (record.timed, record.seconds, record.slides, record.positions) == (False, None, {}, ())
    assert record.questions[0].at is None
    assert (record.forced, record.forced_first) == ("the projector", True)
    assert (record.name, record.trouble, record.fact("date")) == ("d/1", "line 5: torn", "")


def test_plan_drops_resumes_and_purpose_are_kept() -> None:
    plan = e.PlanMade((IDS[1],), ("One",), (60.0,), 90.0)
    talk = Kept(plan, e.SlidesDropped("optional", (IDS[2],)))
    talk.tell(5, e.SessionEnded("quit"), e.SessionResumed("", "1"))
    record = talk.tell(6, e.RecordingForced()).record()
    assert (record.plan, record.dropped, record.dropped_as) == (plan, (IDS[2],), "optional")
    assert (record.resumed, record.ended, record.forced) == (1, "", "")


@pytest.mark.parametrize("stamped", [[], [e.Stamped(1, 3.0, "", e.TimerStarted())]])
def test_a_journal_without_a_beginning_is_an_empty_record(stamped: list[e.Stamped]) -> None:
    record = record_of(stamped)
    assert record.deck == ""
    assert record.demos == {}
