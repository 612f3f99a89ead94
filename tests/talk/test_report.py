"""The facts of a report: what a journal knows, and nothing more."""

from __future__ import annotations

import pytest

from presenter.talk import events as e
from presenter.talk.history import record_of
from presenter.talk.report import Question, Report, Shown, SlideTime, report_of

WALL = "2026-05-04T09:00:00+02:00"
STARTED = e.SessionStarted("/decks/talk.md", "h", WALL, "1", "", "intro")
PLAN = e.PlanMade(("intro", "pods", "end"), ("Welcome", "Pods", ""), (60.0, 60.0, 30.0), 150.0)


def report(*events: e.Event | tuple[float, e.Event]) -> Report:
    """Of these events; one with a moment is at that one, another at that of the one before."""
    stamped, at = [], 0.0
    for number, one in enumerate((STARTED, *events), start=1):
        at, event = one if isinstance(one, tuple) else (at, one)
        stamped.append(e.Stamped(number, at, WALL, event))
    return report_of(record_of(stamped))


def step(demo: str, number: int, rung: str, reason: str = "") -> list[e.Event]:
    return [
        e.StepStarted(demo, number, 0, rung, reason),
        e.StepFinished(demo, number, rung, 0, 1.0, reason=reason),
    ]


def test_a_talk_of_which_nothing_is_known_has_no_facts() -> None:
    told = report_of(record_of([]))
    assert set(told.facts.values()) == {""}
    assert (told.times.length, told.times.planned, told.times.over) == ("", "", ())
    assert (told.demos.steps, told.demos.below, told.demos.forced) == (0, (), False)
    assert (told.questions, told.links, told.remarks, told.dropped) == ((), (), (), ())


def test_what_people_have_told_comes_before_what_the_deck_says() -> None:
    described = e.TalkDescribed("Istio", ("Ada", "Ben"), "Some conference", "Rome")
    told = report(described, e.Told("event", "Codemotion"), e.Told("links", " a \n\nb\n"))
    assert told.facts["event"] == "Codemotion"
    assert (told.facts["place"], told.facts["speaker"]) == ("Rome", "Ada, Ben")
    assert told.links == ("a", "b")
    assert "links" not in told.facts


def test_times_stand_beside_the_plan() -> None:
    told = report(
        PLAN,
        (10.0, e.TimerStarted()),
        (50.0, e.Moved(1, "pods", 0)),
        (70.0, e.PlanPaused(on=True)),
        (100.0, e.PlanPaused(on=False)),
        (190.0, e.Moved(2, "end", 0)),
        (265.0, e.SessionEnded("quit")),
    )
    times = told.times
    assert (times.length, times.planned, times.answering) == ("4:15", "2:30", "0:30")
    assert times.difference == "1:45 longer than planned"
    assert times.over == (
        SlideTime("Pods", "1:50", "1:00", "0:50"),
        SlideTime("end", "1:15", "0:30", "0:45"),
    )
    assert not told.broke_off


def test_a_talk_that_is_being_given_is_not_shorter_than_planned() -> None:
    told: list[e.Event] = [PLAN, e.TimerStarted(), e.PressWaits()]
    record = record_of([e.Stamped(n, 9.0 * n, "", event) for n, event in enumerate(told)])
    assert report_of(record).times.difference
    assert not report_of(record, running=True).times.difference


@pytest.mark.parametrize(
    ("end", "words"), [(150.0, "as planned"), (120.0, "0:30 shorter than planned")]
)
def test_the_difference_is_told_in_words(end: float, words: str) -> None:
    assert report(PLAN, e.TimerStarted(), (end, e.SessionEnded("quit"))).times.difference == words


def test_a_talk_written_down_later_has_no_times() -> None:
    source = e.SessionStarted("istio.md", "", "", "", source="a letter")
    record = record_of([
        e.Stamped(1, 0.0, "", source),
        e.Stamped(2, 0.0, "", e.TimerStarted()),
        e.Stamped(3, 9.0, "", e.QuestionNoted("Why?", "")),
    ])  # fmt: skip
    told = report_of(record)
    assert (told.source, told.times.length, told.broke_off) == ("a letter", "", False)
    assert told.questions == (Question("Why?"),)


def test_demos_that_were_not_live_are_told_with_the_reason_in_words() -> None:
    told = report(
        PLAN,
        e.TimerStarted(),
        *step("mesh", 0, "live"),
        *step("mesh", 1, "recording", "silent"),
        *step("mesh", 2, "recording", "silent"),
        *step("mesh", 3, "live", "exit status"),
        e.Moved(1, "pods", 0),
        e.StepStarted("pods", 0, 0, "live"),
        e.StepFell("pods", 0, "recording", "refused"),
        e.StepFinished("pods", 0, "recording", 0, 1.0, reason="refused"),
        *step("pods", 1, "card", "some day"),
        *step("other", 0, "transcript"),
    )
    assert told.demos.steps == 7
    assert told.demos.counts == {"live": 2, "recording": 3, "transcript": 1, "card": 1}
    assert told.demos.below == (
        Shown("mesh", "steps 2–3", "Welcome", "its recording", "the other side is silent"),
        Shown(
            "mesh", "step 4", "Welcome", "live, and it failed",
            "the exit status is not the expected one",
        ),
        Shown(
            "pods", "step 1", "Pods", "live at first, then its recording",
            "the connection was refused",
        ),
        Shown("pods", "step 2", "Pods", "a card", "some day"),
        Shown("other", "step 1", "Pods", "the transcript in the deck", ""),
    )  # fmt: skip


def test_recordings_that_were_chosen_are_told_with_the_reason() -> None:
    at_once = report(e.RecordingForced("the laptop refused"), *step("a", 0, "recording", "forced"))
    assert (at_once.demos.forced, at_once.demos.all_recorded) == (True, True)
    assert at_once.demos.why == "the laptop refused"
    back = report(e.RecordingForced(), e.LiveWished(), *step("a", 0, "live"))
    assert (back.demos.forced, back.demos.all_recorded) == (True, False), "one was live after all"
    fell = e.StepStarted("a", 0, 1, "live"), e.StepFinished("a", 0, "recording", 0, 1.0)
    assert not report(e.RecordingForced(), e.LiveWished(), *fell).demos.all_recorded
    none = report(e.RecordingForced())
    assert not none.demos.all_recorded, "none was shown at all"
    asked = report(e.RecordingForced(), e.Told("recorded", "the wifi"), e.Told("length", "an hour"))
    assert asked.demos.why == "the wifi"
    later = report(*step("a", 0, "live"), e.RecordingForced())
    assert (later.demos.forced, later.demos.all_recorded) == (True, False)


def test_questions_have_the_answers_that_were_prepared_or_given() -> None:
    told = report(
        PLAN,
        (5.0, e.TimerStarted()),
        (70.0, e.QuestionAsked("Is it fast?", "pods", "*Yes*.", "2018", ("speed",))),
        e.QuestionNoted("Why?", "end", "mesh"),
        e.AnswerNoted("Why?", "Because."),
        e.QuestionNoted("When?", "gone"),
    )
    assert told.questions == (
        Question("Is it fast?", "Pods", "1:05", ("speed",), "*Yes*.", "2018"),
        Question("Why?", "end", "1:05", ("mesh",), given="Because."),
        Question("When?", "gone", "1:05"),
    )
    assert [one.answered for one in told.questions] == [True, True, False]


def test_slides_left_out_and_the_end_of_the_talk_are_told() -> None:
    told = report(PLAN, e.SlidesDropped("20m", ("pods", "gone")), e.SessionResumed(WALL, "1"))
    assert (told.dropped, told.dropped_as) == (("Pods", "gone"), "20m")
    assert (told.resumed, told.broke_off) == (1, True)


def test_a_plan_of_another_program_may_be_odd() -> None:
    odd = e.PlanMade(("intro", "pods"), ("Welcome",), (1e308,), 1e308)
    told = report(odd, e.TimerStarted(), (1e308, e.Moved(1, "pods", 0)), e.SessionEnded("quit"))
    assert told.times.length == "–"
