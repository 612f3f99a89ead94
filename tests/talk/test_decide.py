from __future__ import annotations

import pytest

from presenter.deck.model import Demo, DemoStop
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.decide import begin, decide
from presenter.talk.evolve import evolve
from presenter.talk.ladder import Feed
from presenter.talk.session import Activity, Position, Session, StepResult
from tests.talk.script import Pages, demo, page, sample, step, without

STARTED = e.SessionStarted("/decks/talk.md", "h1", "2026-05-04T09:00:00+02:00", "1")
DONE = c.Finished(0, 1.5)
"""What the runtime says of a step that ended well."""


class Talk:
    """A talk by its commands, without runtime: what `decide` says is folded at once."""

    def __init__(self, script: Pages | None = None, slide: int = 0) -> None:
        self.script = script or sample()
        self.session = Session()
        self.clock = 0.0
        self.events: list[e.Event] = []
        for event in begin(self.script, STARTED, slide):
            self._fold(event)

    def _fold(self, event: e.Event) -> None:
        self.session = evolve(
            self.session, e.Stamped(self.session.sequence + 1, self.clock, "", event)
        )

    def do(self, *commands: c.Command) -> list[e.Event]:
        """The events of the last of the commands."""
        for command in commands:
            self.clock += 1.0
            self.events = decide(self.session, command, self.script)
            for event in self.events:
                self._fold(event)
        return self.events

    @property
    def position(self) -> tuple[int, int]:
        return self.session.position.slide, self.session.position.stop

    def activity(self, name: str = "shell") -> Activity:
        return self.session.lanes[name].activity


def at(slide: int) -> Talk:
    return Talk(slide=slide)


# --- the one key ------------------------------------------------------------------------------


def test_next_reveals_and_then_turns_the_slide() -> None:
    talk = at(1)
    assert talk.do(c.Next()) == [e.Moved(1, "reveals", 1)]
    assert talk.do(c.Next()) == [e.Moved(1, "reveals", 2)]
    assert talk.do(c.Next()) == [e.Moved(2, "pods", 0)]


def test_next_types_then_runs_then_waits() -> None:
    talk = at(2)
    assert talk.do(c.Next()) == [e.StepTyping("shell", 0, 1)]
    assert talk.do(c.Typed()) == [e.StepTyped("shell", 0)]
    assert talk.do(c.Next()) == [e.StepStarted("shell", 0, 2, "transcript")]
    assert talk.do(c.Next()) == [e.PressWaits()]
    assert talk.do(DONE) == [e.StepFinished("shell", 0, "transcript", 0, 1.5, outcome="replayed")]
    assert talk.session.waiting
    assert talk.do(c.Settled()) == [e.WaitEnded(), e.Moved(2, "pods", 3)]
    assert talk.session.lanes["shell"].results == {0: StepResult("transcript", 0, 1.5)}


def test_a_press_while_a_command_is_typed_completes_it_and_runs_nothing() -> None:
    talk = at(2)
    assert talk.do(c.Next(), c.Next()) == [e.StepTyped("shell", 0)]
    assert talk.activity() is Activity.TYPED


def test_further_presses_merge_into_the_waiting_one() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), c.Next())
    assert talk.do(c.Next()) == []
    assert talk.do(c.Next()) == []


def test_a_press_that_queued_up_never_runs_a_command() -> None:
    talk = at(2)
    late = c.Next(queued=True)
    assert talk.do(late) == [e.StepTyping("shell", 0, 1)]
    assert talk.do(late) == [e.StepTyped("shell", 0)]
    assert talk.do(late, late) == []
    assert talk.do(c.Next()) == [e.StepStarted("shell", 0, 2, "transcript")]
    assert at(4).do(late) == []


@pytest.mark.parametrize("command", [
    c.Tell(e.PlanMade(("first",), ("First",), (1.0,), 1.0)), c.Tell(e.TalkDescribed("Talk")),
    c.SetTheme("light"),
    c.NoteQuestion("why?"), c.MarkAsked("why?"), c.TakeQuestion(), c.ResetTimer(),
])  # fmt: skip
def test_what_says_nothing_of_a_press_leaves_it_its_meaning(command: c.Command) -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed())
    before = talk.session
    assert talk.do(command)
    assert talk.session.sequence > before.sequence
    assert talk.session.turned == before.turned == before.sequence


@pytest.mark.parametrize("command", [
    c.Next(), c.NextSlide(), c.GoTo(0), c.Black(), c.Freeze(), c.Scratch(), c.Edit("ls"),
    c.Previous(), c.Reloaded("h2", 2, 0),
])  # fmt: skip
def test_what_a_press_does_is_another_thing_after_it(command: c.Command) -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed())
    assert talk.do(command)
    assert talk.session.turned == talk.session.sequence


def test_a_press_by_keys_types_a_character() -> None:
    talk = at(3)
    assert talk.do(c.Next()) == [e.StepTyping("keys", 0, 1)]
    assert talk.do(c.TypeKey()) == [e.KeyTyped("keys", 0, 1)]
    assert talk.do(c.Next()) == [e.KeyTyped("keys", 0, 2)]
    assert talk.do(c.TypeKey()) == [e.KeyTyped("keys", 0, 3), e.StepTyped("keys", 0)]
    assert talk.do(c.TypeKey()) == []
    assert talk.do(c.Next()) == [e.StepStarted("keys", 0, 2, "transcript")]


def test_an_instant_command_stands_at_once_and_waits_for_the_press_that_runs_it() -> None:
    talk = at(3)
    talk.do(c.Skip())
    assert talk.do(c.Next()) == [e.StepTyping("keys", 1, 3), e.StepTyped("keys", 1)]
    assert talk.do(c.Next()) == [e.StepStarted("keys", 1, 4, "transcript")]


def test_a_step_without_command_runs_at_once() -> None:
    talk = at(4)
    assert talk.do(c.Next()) == [e.StepStarted("bare", 0, 1, "transcript")]


def test_a_step_shown_before_is_passed_in_one_press_without_playing() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), DONE, c.Previous())
    assert talk.position == (2, 0)
    assert talk.do(c.Next()) == [e.Moved(2, "pods", 2)]


def test_the_last_press_of_the_last_slide_does_nothing() -> None:
    assert at(5).do(c.Next()) == []


def test_the_next_slide_shows_as_it_was_left() -> None:
    talk = at(2)
    talk.do(c.Skip(), c.PreviousSlide(), c.Next(), c.Next())
    assert talk.do(c.Next()) == [e.Moved(2, "pods", 2)]


def test_stops_of_hidden_demos_take_no_press() -> None:
    secret = demo("secret", step("rm"), hidden=True)
    talk = Talk(Pages((page("a", "0r", secret), page("b", "0", secret), page("c"))))
    assert talk.do(c.Next()) == [e.Moved(0, "a", 3)]
    talk.do(c.Next())
    assert talk.do(c.Next()) == [e.Moved(2, "c", 0)]
    talk.do(c.Previous())
    assert talk.do(c.Previous()) == [e.Moved(0, "a", 3)]
    assert talk.do(c.Previous()) == [e.Moved(0, "a", 2)]
    assert talk.do(c.Previous()) == []


# --- a press that waits -----------------------------------------------------------------------


def test_a_waiting_press_never_runs_a_step_that_has_no_command() -> None:
    script = Pages((page("bare", "00", demo("bare", step(""), step(""))),))
    talk = Talk(script)
    talk.do(c.Next(), c.Next(), DONE)
    assert talk.do(c.Settled()) == [e.WaitEnded()]
    assert talk.do(c.Next()) == [e.StepStarted("bare", 1, 2, "transcript")]


def test_a_press_before_the_screen_settled_does_not_run_either() -> None:
    talk = Talk(Pages((page("bare", "00", demo("bare", step(""), step(""))),)))
    talk.do(c.Next(), c.Next(), DONE)
    assert talk.do(c.Next()) == [e.WaitEnded()]


def test_a_press_before_the_screen_settled_carries_out_the_waiting_one() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), c.Next(), DONE)
    assert talk.do(c.Next()) == [e.WaitEnded(), e.Moved(2, "pods", 3)]
    assert talk.do(c.Settled()) == []


def test_a_waiting_press_on_the_last_slide_ends_quietly() -> None:
    talk = Talk(Pages((page("only", "0", demo("shell", step())),)))
    talk.do(c.Next(), c.Typed(), c.Next(), c.Next(), DONE)
    assert talk.do(c.Settled()) == [e.WaitEnded()]
    assert not talk.session.waiting


def test_settled_does_nothing_where_no_press_waits() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), DONE)
    assert talk.do(c.Settled()) == []


def test_previous_takes_back_the_waiting_press() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), c.Next())
    assert talk.do(c.Previous())[0] == e.WaitEnded()
    assert talk.do(c.Settled()) == []


# --- back -------------------------------------------------------------------------------------


def test_previous_goes_back_one_reveal() -> None:
    talk = at(1)
    assert talk.do(c.Next(), c.Previous()) == [e.Moved(1, "reveals", 0)]


def test_previous_goes_back_one_whole_step() -> None:
    talk = at(2)
    talk.do(c.Skip(), c.Next(), c.Skip())
    assert talk.do(c.Previous()) == [e.Moved(2, "pods", 3)]
    assert talk.do(c.Previous(), c.Previous()) == [e.Moved(2, "pods", 0)]


@pytest.mark.parametrize("typed", [False, True])
def test_previous_takes_the_command_away(typed: bool) -> None:
    talk = at(2)
    talk.do(c.Next(), *([c.Typed()] if typed else []))
    assert talk.do(c.Previous()) == [e.StepCancelled("shell", 0, 0)]
    assert talk.session.active == ""
    assert talk.do(c.Typed()) == []


def test_previous_completes_a_playing_step_and_only_then_goes_back() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next())
    assert talk.do(c.Previous()) == [
        e.StepFinished("shell", 0, "transcript", None, 0.0, cut=True, outcome="skipped")
    ]
    assert talk.position == (2, 2)
    assert talk.do(c.Previous()) == [e.Moved(2, "pods", 0)]


def test_previous_leads_to_the_end_of_a_slide_never_left() -> None:
    talk = at(3)
    assert talk.do(c.Previous()) == [e.Moved(2, "pods", 5)]
    assert "shell" not in talk.session.lanes


def test_previous_leads_to_where_a_slide_was_left() -> None:
    talk = at(2)
    assert talk.do(c.Skip(), c.NextSlide(), c.Previous()) == [e.Moved(2, "pods", 2)]


def test_previous_at_the_very_start_does_nothing() -> None:
    assert at(0).do(c.Previous()) == []


def test_steps_left_out_can_be_run_after_going_back_to_them() -> None:
    talk = at(3)
    talk.do(c.Previous(), c.Previous())
    assert talk.do(c.Next()) == [e.StepTyping("shell", 1, 4)]


# --- jumps ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "slide"),
    [
        (c.NextSlide(), 3),
        (c.PreviousSlide(), 1),
        (c.GoTo(0), 0),
        (c.GoTo("bare"), 4),
        (c.Last(), 5),
    ],
)
def test_jumps_cancel_a_typed_command_and_run_nothing(command: c.Command, slide: int) -> None:
    talk = at(2)
    cancelled, moved = talk.do(c.Next(), c.Typed(), command)
    assert cancelled == e.StepCancelled("shell", 0, 0)
    assert moved == e.Moved(slide, talk.script.slide_id(slide), 0, jump=True)
    assert talk.session.came_from == Position(2, 0)


def test_jumps_finish_a_playing_step_and_drop_the_waiting_press() -> None:
    talk = at(2)
    events = talk.do(c.Next(), c.Typed(), c.Next(), c.Next(), c.NextSlide())
    assert [type(event) for event in events] == [e.WaitEnded, e.StepFinished, e.Moved]
    assert talk.session.lanes["shell"].results[0].cut


def test_back_returns_to_where_the_jump_began_and_forth_again() -> None:
    talk = at(1)
    talk.do(c.Next(), c.GoTo("end"))
    assert talk.do(c.Back()) == [e.Moved(1, "reveals", 1, jump=True)]
    assert talk.do(c.Back()) == [e.Moved(5, "end", 0, jump=True)]


@pytest.mark.parametrize(
    "command",
    [c.GoTo("nowhere"), c.GoTo(99), c.GoTo(-1), c.GoTo(2), c.GoTo("pods"), c.Back()],
)
def test_a_jump_to_nowhere_or_to_here_ends_nothing(command: c.Command) -> None:
    talk = at(2)
    assert talk.do(c.Next(), command) == []
    assert talk.activity() is Activity.TYPING


@pytest.mark.parametrize(("slide", "command"), [(0, c.PreviousSlide()), (5, c.NextSlide())])
def test_there_is_nothing_beyond_the_first_and_last_slide(slide: int, command: c.Command) -> None:
    assert at(slide).do(command) == []


# --- skip and replay --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before", [[], [c.Next()], [c.Next(), c.Typed()]], ids=["idle", "typing", "typed"]
)
def test_skip_shows_the_final_screen_of_a_step_that_has_not_run(before: list[c.Command]) -> None:
    talk = at(2)
    talk.do(*before)
    assert talk.do(c.Skip()) == [
        e.StepStarted("shell", 0, 2, "transcript", "skipped"),
        e.StepFinished(
            "shell", 0, "transcript", None, 0.0, cut=True, reason="skipped", outcome="skipped"
        ),
    ]
    assert talk.position == (2, 2)


def test_skip_ends_a_playing_step() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next())
    assert talk.do(c.Skip()) == [
        e.StepFinished("shell", 0, "transcript", None, 0.0, cut=True, outcome="skipped")
    ]


def test_skip_passes_no_reveal() -> None:
    talk = at(2)
    assert talk.do(c.Skip(), c.Skip()) == []
    assert at(1).do(c.Skip()) == []


def test_skip_passes_a_step_shown_before() -> None:
    talk = at(2)
    assert talk.do(c.Skip(), c.Previous(), c.Skip()) == [e.Moved(2, "pods", 2)]


def test_the_demos_last_screen_shows_every_step_that_is_left() -> None:
    talk = at(2)
    events = talk.do(c.SkipDemo())
    assert [type(event) for event in events] == [e.StepStarted, e.StepFinished] * 2
    assert all(event.cut for event in events if isinstance(event, e.StepFinished))
    assert sorted(talk.session.lanes["shell"].results) == [0, 1]
    assert talk.position == (2, len(talk.script.stops(2)))
    assert talk.do(c.SkipDemo()) == []


def test_the_demos_last_screen_while_a_step_is_typed_or_plays() -> None:
    for begun in ((c.Next(),), (c.Next(), c.Typed(), c.Next())):
        talk = at(2)
        talk.do(*begun, c.SkipDemo())
        assert sorted(talk.session.lanes["shell"].results) == [0, 1]
        assert not talk.session.active


def test_the_demos_last_screen_after_going_back_plays_nothing() -> None:
    talk = at(2)
    talk.do(c.SkipDemo(), c.Previous(), c.Previous())
    assert talk.do(c.SkipDemo()) == [e.Moved(2, "pods", len(talk.script.stops(2)))]
    assert at(1).do(c.SkipDemo()) == []


def test_replay_plays_the_step_shown_last() -> None:
    talk = at(2)
    talk.do(c.Skip(), c.Next())
    assert talk.do(c.Replay()) == [e.StepStarted("shell", 0, 3, "transcript")]
    assert talk.do(c.Replay()) == [e.StepStarted("shell", 0, 3, "transcript")]
    assert talk.do(DONE) == [e.StepFinished("shell", 0, "transcript", 0, 1.5, outcome="replayed")]
    assert talk.position == (2, 3)


def test_replay_takes_away_the_next_command_first() -> None:
    talk = at(2)
    talk.do(c.Skip(), c.Next(), c.Next())
    assert talk.do(c.Replay()) == [
        e.StepCancelled("shell", 1, 3),
        e.StepStarted("shell", 0, 3, "transcript"),
    ]
    assert talk.position == (2, 3)


def test_replay_with_nothing_shown_does_nothing() -> None:
    talk = at(2)
    assert talk.do(c.Replay()) == []
    assert talk.do(c.Next(), c.Replay()) == []
    assert talk.activity() is Activity.TYPING


def test_a_step_that_fell_is_finished_by_what_fed_it_last() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next())
    assert talk.do(c.Fell("card")) == [e.StepFell("shell", 0, "card")]
    assert talk.do(c.Skip()) == [
        e.StepFinished("shell", 0, "card", None, 0.0, cut=True, outcome="skipped")
    ]


@pytest.mark.parametrize(
    ("commands", "finished"),
    [
        ([c.Skip()], e.StepFinished("shell", 0, "recording", 3, 7.5, cut=True, outcome="skipped")),
        (
            [c.Fell("card"), c.Skip()],
            e.StepFinished("shell", 0, "card", None, 0.0, cut=True, outcome="skipped"),
        ),
    ],
)
def test_a_cut_step_shows_the_status_of_what_feeds_it(
    commands: list[c.Command], finished: e.Event
) -> None:
    def feed_of(_demo: Demo, _step: int) -> Feed:
        return Feed("recording", 3, 7.5)

    talk = at(2)
    for command in [c.Next(), c.Typed(), c.Next(), *commands]:
        events = decide(talk.session, command, talk.script, feed_of)
        for event in events:
            talk._fold(event)
    assert events[-1] == finished


@pytest.mark.parametrize("command", [c.Typed(), DONE, c.Fell("card"), c.Settled(), c.TypeKey()])
def test_late_reports_find_nothing_to_do(command: c.Command) -> None:
    assert at(2).do(command) == []


# --- black, freeze, theme, timer, end ---------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        c.Next(),
        c.Previous(),
        c.NextSlide(),
        c.PreviousSlide(),
        c.GoTo(0),
        c.Last(),
        c.Back(),
        c.Skip(),
        c.Replay(),
        c.TypeKey(),
        c.Black(),
    ],
)
def test_a_press_on_a_black_screen_only_brings_the_picture_back(command: c.Command) -> None:
    talk = at(2)
    assert talk.do(c.Black()) == [e.BlackSet(on=True)]
    assert talk.do(command) == [e.BlackSet(on=False)]
    assert talk.position == (2, 0)


def test_a_step_plays_on_under_a_black_screen() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), c.Black())
    assert talk.do(DONE) == [e.StepFinished("shell", 0, "transcript", 0, 1.5, outcome="replayed")]


def test_a_waiting_press_waits_on_under_a_black_screen() -> None:
    talk = at(2)
    talk.do(c.Next(), c.Typed(), c.Next(), c.Next(), c.Black(), DONE)
    assert talk.do(c.Settled()) == []
    assert talk.do(c.Black(), c.Settled())[0] == e.WaitEnded()


def test_freeze_keeps_what_the_audience_sees() -> None:
    talk = at(1)
    talk.do(c.Freeze(), c.Next())
    assert talk.session.frozen == Position(1, 0)
    talk.do(c.Freeze())
    assert talk.session.frozen is None


def test_the_theme_is_set_once() -> None:
    talk = at(1)
    assert talk.do(c.SetTheme("light")) == [e.ThemeSet("light")]
    assert talk.do(c.SetTheme("light")) == []


@pytest.mark.parametrize("command", [c.Next(), c.NextSlide(), c.Last(), c.GoTo(3)])
def test_the_timer_starts_when_the_title_slide_is_left(command: c.Command) -> None:
    talk = at(0)
    assert talk.session.timer_started is None
    assert talk.do(command)[-1] == e.TimerStarted()
    assert talk.session.timer_started == 1.0
    assert e.TimerStarted() not in talk.do(c.GoTo(0), c.Next())


def test_the_timer_starts_at_once_without_a_title_slide_to_leave() -> None:
    assert Talk(Pages((page("only"),))).session.timer_started == 0.0
    assert at(3).session.timer_started == 0.0


def test_the_timer_can_start_anew() -> None:
    talk = at(1)
    talk.do(c.Next(), c.ResetTimer())
    assert talk.session.timer_started == 2.0


def test_nothing_follows_the_end() -> None:
    talk = at(1)
    assert talk.do(c.Quit()) == [e.SessionEnded("quit")]
    assert talk.do(c.Next()) == []


def test_an_empty_deck_takes_every_press() -> None:
    assert decide(Session(), c.Next(), Pages(())) == []


# --- another deck -----------------------------------------------------------------------------


def test_reloading_moves_and_forgets_what_changed() -> None:
    talk = at(2)
    talk.do(c.Skip(), c.NextSlide())
    talk.script = without(talk.script, "keys")
    assert talk.do(c.Reloaded("h2", 3, 0, ("shell",))) == [
        e.DeckReloaded("h2", 3, "bare", 0, ("shell",))
    ]
    assert "shell" not in talk.session.lanes
    assert talk.session.deck_hash == "h2"
    assert not talk.session.left_at


def test_reloading_ends_the_step_at_hand_and_stays_in_bounds() -> None:
    talk = at(4)
    talk.do(c.Next(), c.Freeze())
    talk.script = Pages(talk.script.pages[:2])
    events = talk.do(c.Reloaded("h2", 9, 9))
    assert [type(event) for event in events] == [e.StepFinished, e.DeckReloaded, e.FreezeSet]
    assert talk.position == (1, 2)
    assert talk.session.frozen == Position(1, 2)


def test_reloading_keeps_a_frozen_picture_that_is_still_there() -> None:
    talk = at(1)
    talk.do(c.Freeze(), c.Next())
    talk.script = Pages(talk.script.pages[:2])
    talk.do(c.Reloaded("h2", 1, 1))
    assert talk.session.frozen == Position(1, 0)
    talk.script = Pages(talk.script.pages[:1])
    talk.do(c.Reloaded("h3", 0, 0))
    assert talk.session.frozen == Position(0, 0)


def test_reloading_takes_a_typed_command_away() -> None:
    talk = at(2)
    talk.do(c.Next())
    talk.script = Pages(talk.script.pages[:1])
    events = talk.do(c.Reloaded("h2", 0, 0))
    assert [type(event) for event in events] == [e.StepCancelled, e.DeckReloaded]
    assert (talk.position, talk.session.active) == ((0, 0), "")


def test_reloading_never_stops_in_the_middle_of_a_step() -> None:
    talk = at(2)
    assert isinstance(talk.script.stops(2)[1], DemoStop)
    talk.do(c.Reloaded("h2", 2, 1))
    assert talk.position == (2, 0)
