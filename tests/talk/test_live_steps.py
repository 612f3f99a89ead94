"""The rules of steps that run live: what the speaker wants, what falls, what taints a session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest

from presenter.deck.kubernetes import Query, Until
from presenter.deck.model import Demo, DemoKind
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.decide import begin, decide, leave
from presenter.talk.evolve import evolve
from presenter.talk.fallback import Bar, Begin
from presenter.talk.ladder import feed_from_deck
from presenter.talk.session import Activity, Session, StepResult
from presenter.talk.taint import Taint, Unmade
from tests.talk.script import Pages, demo, page, step

STARTED = e.SessionStarted("/decks/talk.md", "h1", "2026-05-04T09:00:00+02:00", "1")
SHELL = replace(demo("shell", replace(step("apply"), provides=("app",)), step("get")), session="s")
OTHER = replace(demo("other", step("ls")), session="t")
WATCHED = replace(step("watch pods", None), query=Query("watch", "pods"))
WATCH = replace(demo("watch", WATCHED, WATCHED), kind=DemoKind.KUBERNETES)
DECK = Pages((page("one", "00", SHELL), page("two", "0", OTHER), page("end")))


@dataclass
class Talk:
    """Live wherever the session alone does not keep it from being so."""

    session: Session = field(default_factory=Session)
    clock: float = 0.0
    deck: Pages = DECK

    def __post_init__(self) -> None:
        self.fold(begin(self.deck, STARTED))

    def fold(self, events: list[e.Event]) -> list[e.Event]:
        for event in events:
            number = self.session.sequence + 1
            self.session = evolve(self.session, e.Stamped(number, self.clock, "", event))
        return events

    def begin_of(self, session: Session, shown: Demo, _step: int) -> Begin:
        if session.forced:
            return Begin("transcript", Bar.FORCED)
        if session.taints.get(shown.session):
            return Begin("transcript", Bar.TAINTED)
        return Begin("live")

    def do(self, *commands: c.Command) -> list[e.Event]:
        events: list[e.Event] = []
        for command in commands:
            self.clock += 1.0
            events = decide(self.session, command, self.deck, begin_of=self.begin_of)
            self.fold(events)
        return events

    @property
    def activity(self) -> Activity:
        return self.session.lanes["shell"].activity


def running() -> Talk:
    talk = Talk()
    talk.do(c.Next(), c.Typed(), c.Next())
    return talk


def asked() -> Talk:
    talk = running()
    talk.do(c.Failed("exit status", 1, 2.5))
    return talk


def test_a_step_begins_live_and_what_it_provides_is_written_down() -> None:
    talk = Talk()
    talk.do(c.Next(), c.Typed())
    assert talk.do(c.Next()) == [e.StepStarted("shell", 0, 2, "live")]
    finished = e.StepFinished(
        "shell", 0, "live", 0, 1.5, outcome="ran", session="s", provides=("app",)
    )
    assert talk.do(c.Finished(0, 1.5)) == [finished]
    assert not any(talk.session.taints.values())
    assert talk.session.ran == {"s"}


def test_a_fall_is_written_down_with_its_reason_and_taints_the_session() -> None:
    talk = running()
    assert talk.do(c.Fell("transcript", "deadline")) == [
        e.StepFell("shell", 0, "transcript", "deadline")
    ]
    assert talk.activity is Activity.PLAYING
    (finished,) = talk.do(c.Finished(None, 0.0))
    assert isinstance(finished, e.StepFinished)
    assert (finished.rung, finished.reason, finished.outcome) == (
        "transcript", "deadline", "replayed",
    )  # fmt: skip
    assert talk.session.taints["s"] == Taint((Unmade("shell", 0, ("app",)),))
    talk.do(c.Next(), c.Typed())
    assert talk.do(c.Next()) == [e.StepStarted("shell", 1, 4, "transcript", "tainted")]


def test_another_session_is_not_tainted() -> None:
    talk = running()
    talk.do(c.Fell("transcript", "deadline"), c.Finished(None, 0.0), c.NextSlide())
    talk.do(c.Next(), c.Typed())
    assert talk.do(c.Next()) == [e.StepStarted("other", 0, 2, "live")]


def test_what_is_found_to_hold_lifts_the_taint() -> None:
    talk = running()
    talk.do(c.Fell("transcript", "deadline"), c.Finished(None, 0.0))
    assert talk.do(c.Provided(frozenset(("wifi",)))) == []
    assert talk.do(c.Provided(frozenset(("app",)))) == [e.TaintLifted("s", "shell", 0)]
    assert not talk.session.taints["s"]


def test_the_speaker_can_say_that_all_is_well() -> None:
    talk = running()
    assert talk.do(c.LiveAgain()) == []
    talk.do(c.Force(), c.Fell("transcript", "forced"), c.Finished(None, 0.0))
    assert talk.session.forced
    assert talk.session.taints["s"]
    assert talk.do(c.LiveAgain()) == [e.LiveWished()]
    assert not talk.session.forced
    assert not talk.session.taints


def test_forcing_recordings_is_a_wish_for_the_step_that_runs() -> None:
    talk = running()
    assert talk.do(c.Force()) == [e.RecordingForced(), e.StepWished("shell", 0, "replay")]
    assert talk.do(c.Force()) == [e.StepWished("shell", 0, "replay")]
    idle = Talk()
    assert idle.do(c.Force()) == [e.RecordingForced()]
    assert idle.do(c.Force()) == []


def test_a_failure_that_was_seen_waits_for_a_press_or_for_the_key_that_keeps() -> None:
    talk = asked()
    assert talk.activity is Activity.ASKED
    assert talk.do(c.Next(queued=True)) == []
    assert talk.do(c.Next()) == [e.StepWished("shell", 0, "replay")]
    assert talk.do(c.Keep()) == [e.StepWished("shell", 0, "keep")]
    (finished,) = talk.do(c.Finished(1, 2.5, "exit status"))
    assert isinstance(finished, e.StepFinished)
    assert (finished.status, finished.reason, finished.outcome) == (1, "exit status", "ran")
    assert not talk.session.taints["s"]


def test_a_press_that_waited_does_not_answer_a_failure() -> None:
    talk = running()
    talk.do(c.Next())
    assert talk.session.waiting
    events = talk.do(c.Failed("exit status", 1, 2.5))
    assert [type(event) for event in events] == [e.WaitEnded, e.StepAsked]
    assert talk.do(c.Settled()) == []


def test_going_on_from_a_failure_leaves_it_as_it_is() -> None:
    talk = asked()
    finished, moved, *_ = talk.do(c.NextSlide())
    assert isinstance(finished, e.StepFinished)
    assert (finished.rung, finished.status, finished.reason) == ("live", 1, "exit status")
    assert isinstance(moved, e.Moved)


def test_skipping_a_live_step_shows_the_end_of_what_is_below() -> None:
    for talk in (running(), asked()):
        fell, finished = talk.do(c.Skip())
        assert fell == e.StepFell("shell", 0, "transcript", "skipped")
        assert isinstance(finished, e.StepFinished)
        assert (finished.rung, finished.cut, finished.outcome) == ("transcript", True, "skipped")
        assert talk.session.taints["s"]


def test_leaving_a_live_step_keeps_what_it_shows_and_taints() -> None:
    talk = running()
    (finished,) = talk.do(c.Previous())
    assert isinstance(finished, e.StepFinished)
    assert (finished.rung, finished.cut, finished.outcome) == ("live", True, "cut")
    assert talk.session.taints["s"]


def test_no_step_is_skipped_to_live() -> None:
    started, finished = Talk().do(c.Skip())
    assert started == e.StepStarted("shell", 0, 2, "transcript", "skipped")
    assert isinstance(finished, e.StepFinished)
    assert finished.rung == "transcript"


def test_a_running_step_is_not_run_again_but_a_failed_one_can_be() -> None:
    assert running().do(c.Replay()) == []
    finished, started = asked().do(c.Replay())
    assert isinstance(finished, e.StepFinished)
    assert started == e.StepStarted("shell", 0, 2, "live")


def test_a_step_that_has_run_can_be_run_again() -> None:
    talk = running()
    talk.do(c.Finished(0, 1.0))
    assert talk.do(c.Replay()) == [e.StepStarted("shell", 0, 2, "live")]


def test_a_press_that_queued_up_runs_no_step_again() -> None:
    talk = running()
    talk.do(c.Finished(0, 1.0))
    assert talk.do(c.Replay(queued=True)) == []
    talk.do(c.Force())
    assert talk.do(c.Replay(queued=True)) == [e.StepStarted("shell", 0, 2, "transcript", "forced")]


def test_a_recording_as_a_slide_taints_no_session() -> None:
    cast = replace(demo("cast", step("")), kind=DemoKind.CAST)
    script = Pages((page("one", "0", cast),))
    session = Session()
    for command in (c.Next(), c.Finished(None, 1.0)):
        for event in decide(session, command, script):
            stamped = e.Stamped(session.sequence + 1, 0.0, "", event)
            session = evolve(session, stamped)
    assert session.lanes["cast"].results
    assert not session.taints


def test_a_step_that_runs_when_its_deck_goes_is_ended_by_that_deck() -> None:
    talk = running()
    (finished,) = leave(talk.session, DECK, feed_from_deck)
    assert isinstance(finished, e.StepFinished)
    assert (finished.session, finished.outcome) == ("s", "cut")


def test_ctrl_c_and_keeping_are_for_a_step_that_runs() -> None:
    talk = running()
    assert talk.do(c.Interrupt()) == [e.StepInterrupted("shell", 0)]
    assert talk.do(c.Keep()) == [e.StepWished("shell", 0, "keep")]
    talk.do(c.Finished(130, 1.0))
    assert talk.do(c.Interrupt()) == []
    assert talk.do(c.Keep()) == []


def test_a_typed_command_can_be_changed_until_it_runs() -> None:
    talk = Talk()
    talk.do(c.Next())
    assert talk.do(c.Edit("apply -f x")) == []
    talk.do(c.Typed())
    assert talk.do(c.Edit("  ")) == []
    assert talk.do(c.Edit("apply -f x")) == [e.StepEdited("shell", 0, "apply -f x")]
    assert talk.session.lanes["shell"].text == "apply -f x"
    talk.do(c.Next())
    assert talk.session.lanes["shell"].text == "apply -f x"
    talk.do(c.Finished(0, 1.0))
    assert talk.session.lanes["shell"].text == ""


def test_the_scratch_shell_comes_and_goes() -> None:
    talk = Talk()
    assert talk.do(c.Scratch()) == [e.ScratchSet(on=True)]
    assert talk.session.scratch
    assert talk.do(c.Scratch()) == [e.ScratchSet(on=False)]
    assert not talk.session.scratch


@pytest.mark.parametrize(
    "command",
    [
        c.Previous(), c.NextSlide(), c.PreviousSlide(), c.GoTo(1), c.Last(), c.Back(), c.Force(),
        c.Keep(), c.LiveAgain(), c.Scratch(), c.Next(queued=True), c.Settled(), c.Typed(),
        c.Provided(frozenset(("app",))), c.Reloaded("h2", 0, 0), c.Skip(),
    ],
    ids=lambda command: type(command).__name__,
)  # fmt: skip
def test_nothing_but_the_two_keys_ever_runs_a_step(command: c.Command) -> None:
    for talk in (Talk(), running(), asked()):
        for event in talk.do(command):
            assert not (isinstance(event, e.StepStarted) and event.rung == "live")
    typed = Talk()
    typed.do(c.Next(), c.Typed())
    for event in typed.do(command):
        assert not (isinstance(event, e.StepStarted) and event.rung == "live")


def test_after_a_crash_nothing_pretends_to_be_live() -> None:
    talk = running()
    talk.do(c.Finished(0, 1.0))
    talk.fold([e.SessionResumed("2026-05-04T09:10:00+02:00", "1")])
    assert talk.session.lanes["shell"].results == MappingProxyType({0: StepResult("", 0, 1.0)})
    assert talk.session.taints["s"]  # the shell is gone, and with it what it knew
    assert "t" not in talk.session.taints
    talk.do(c.Next(), c.Typed())
    assert talk.do(c.Next()) == [e.StepStarted("shell", 1, 4, "transcript", "tainted")]


# --- what goes on until somebody ends it --------------------------------------------------------


def watching(*, forced: bool = False) -> Talk:
    talk = Talk(deck=Pages((page("one", "00", WATCH), page("end"))))
    talk.do(*[c.Force()] * forced, c.Next(), c.Typed(), c.Next())
    return talk


def test_the_next_press_ends_a_watch_and_no_more() -> None:
    talk = watching()
    assert talk.do(c.Next(queued=True)) == []
    assert talk.do(c.Next()) == [e.StepFinished("watch", 0, "live", 0, 0.0)]
    assert not talk.session.waiting
    assert not any(talk.session.taints.values())
    assert talk.do(c.Next()) == [e.StepTyping("watch", 1, 3)]


def test_the_next_press_ends_a_recorded_watch_too() -> None:
    talk = watching(forced=True)
    (ended,) = talk.do(c.Next())
    assert isinstance(ended, e.StepFinished)
    assert (ended.cut, ended.outcome) == (True, "")
    assert talk.do(c.Next()) == [e.StepTyping("watch", 1, 3)]


@pytest.mark.parametrize(
    ("query", "endless"),
    [
        (Query("watch", "pods"), True),
        (Query("watch", "pods", until=Until(ready=True)), False),
        (Query("logs", "pods", "a"), True),
        (Query("logs", "pods", "a", follow=False), False),
        (Query("logs", "pods", "a", until=Until(pattern="x")), False),
        (Query("get", "pods"), False),
        (Query("describe", "pods"), False),
    ],
)
def test_what_goes_on_until_somebody_ends_it(query: Query, *, endless: bool) -> None:
    assert query.endless is endless
    assert replace(step("x"), query=query).endless is endless
    assert not step("x").endless
