"""What there is to say to the speaker."""

from __future__ import annotations

import json
from dataclasses import replace

from presenter.deck.deck import open_deck
from presenter.demo.reports import Reports
from presenter.demo.speaker import Speaker
from presenter.demo.wire import encode_state
from presenter.samples import find_deck
from presenter.talk.commands import NextSlide
from presenter.talk.fallback import Fault
from presenter.talk.session import Activity, Lane, Position, StepResult
from presenter.wiring.desk import make_desk


def test_a_failure_that_waits_is_told_with_what_the_next_press_does() -> None:
    deck = open_deck(find_deck("tour"))
    desk = make_desk(deck, Reports())
    desk.runtime.start("x", deck.hash, "0")
    slide = next(n for n in range(len(deck)) if deck.demos(n))
    name = deck.demos(slide)[0].name
    lane = Lane(step=0, activity=Activity.ASKED, rung="live", reason=Fault.EXIT_STATUS.value)
    session = replace(
        desk.session, position=Position(slide, 1), lanes={name: lane}, active=name, scratch=True
    )
    desk.runtime._session = session
    state = Speaker(desk).state()
    assert (state.asks, state.activity) == (True, "asked")
    assert state.reason == "the exit status is not the expected one"
    assert state.upcoming == "replay the step from its recording"
    assert state.scratch
    assert state.step == "live"
    results = {0: StepResult("live", 1, 2.0)}
    lane = Lane(results, step=0)
    desk.runtime._session = replace(session, lanes={name: lane}, active="")
    assert Speaker(desk).state().step == "live · exit 1 · 2.0 s"


def test_states_are_small() -> None:
    deck = open_deck(find_deck(None))
    desk = make_desk(deck, Reports())
    desk.runtime.start("x", deck.hash, "0")
    speaker = Speaker(desk)
    for _ in range(len(deck)):
        line = encode_state(1, speaker.state())
        assert len(line) < 20_000
        assert json.loads(line)["state"]["total"] == len(deck)
        desk.dispatch(NextSlide())
    assert not desk.reports.lines
