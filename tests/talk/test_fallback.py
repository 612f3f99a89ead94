"""The ladder's decision, cell by cell, and what holds whatever happens."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.talk.condition import Truth
from presenter.talk.fallback import (
    CONTENT_FAULTS,
    HOLD_BACK,
    LINK_FAULTS,
    RUNGS,
    SENTENCES,
    Ask,
    Bar,
    Begin,
    Decision,
    Fall,
    Fault,
    Finish,
    Health,
    Hold,
    Keep,
    Lane,
    Mode,
    Phase,
    Policy,
    Show,
    Stay,
    Wish,
    deadline,
    decide,
    follow,
    printed,
    sentence,
)
from presenter.talk.ladder import Available

ON_FAIL = ("", "replay", "ask", "keep")
RUNNING = (Phase.SILENT, Phase.HELD, Phase.SHOWN)
BARE = Available(recording=False, transcript=False)


def at(phase: Phase) -> Lane:
    return Lane(phase, "recording" if phase is Phase.BELOW else "live")


# --- every cell of fault × phase × on_fail × mode -----------------------------------------------

_LINK = {
    Phase.READY: "begin below",
    Phase.SILENT: "fall",
    Phase.HELD: "fall",
    Phase.SHOWN: "fall",
    Phase.ASKED: "stay",
    Phase.BELOW: "stay",
    Phase.OVER: "stay",
}
_CONTENT = {
    # phase: what each of ON_FAIL does
    Phase.READY: ("begin live",) * 4,
    Phase.SILENT: ("fall", "fall", "ask", "keep"),
    Phase.HELD: ("fall", "fall", "ask", "keep"),
    Phase.SHOWN: ("ask", "fall", "ask", "keep"),
    Phase.ASKED: ("stay",) * 4,
    Phase.BELOW: ("stay",) * 4,
    Phase.OVER: ("stay",) * 4,
}
_WELL = {
    Phase.READY: ("begin live",) * 4,
    Phase.SILENT: ("stay",) * 4,
    Phase.HELD: ("hold", "hold", "show", "show"),
    Phase.SHOWN: ("stay",) * 4,
    Phase.ASKED: ("stay",) * 4,
    Phase.BELOW: ("stay",) * 4,
    Phase.OVER: ("stay",) * 4,
}


def expected(fault: Fault | None, phase: Phase, on_fail: str, mode: Mode) -> Decision:
    reason = Bar.MODE if mode is Mode.RECORDED else fault
    if mode is Mode.RECORDED:
        word = {Phase.READY: "begin below", **dict.fromkeys(RUNNING, "fall")}.get(phase, "stay")
    elif fault in LINK_FAULTS:
        word = _LINK[phase]
    else:
        word = (_WELL if fault is None else _CONTENT)[phase][ON_FAIL.index(on_fail)]
    simple: dict[str, Decision] = {
        "stay": Stay(), "show": Show(), "hold": Hold(HOLD_BACK), "begin live": Begin("live"),
    }  # fmt: skip
    if word in simple:
        return simple[word]
    assert reason is not None
    reasoned: dict[str, Decision] = {
        "begin below": Begin("recording", reason), "fall": Fall("recording", reason),
        "ask": Ask(reason), "keep": Keep(reason),
    }  # fmt: skip
    return reasoned[word]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("on_fail", ON_FAIL)
@pytest.mark.parametrize("phase", Phase)
def test_every_fault_in_every_phase(phase: Phase, on_fail: str, mode: Mode) -> None:
    for fault in (None, *Fault):
        health = Health(fault=fault, ended=fault in CONTENT_FAULTS)
        policy = Policy(on_fail=on_fail, mode=mode)
        assert decide(at(phase), health, policy) == expected(fault, phase, on_fail, mode), fault


def test_every_fault_is_of_one_sort_and_every_reason_has_a_sentence() -> None:
    assert set(Fault) == CONTENT_FAULTS | LINK_FAULTS
    assert not CONTENT_FAULTS & LINK_FAULTS
    assert set(SENTENCES) == {*Fault, *Bar}


# --- where a step begins ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("health", "policy", "decision"),
    [
        (Health(), Policy(), Begin("live")),
        (Health(), Policy(mode=Mode.LIVE), Begin("live")),
        (Health(), Policy(mode=Mode.RECORDED), Begin("recording", Bar.MODE)),
        (Health(), Policy(trusted=False), Begin("recording", Bar.UNTRUSTED)),
        (Health(), Policy(trusted=False, mode=Mode.LIVE), Begin("recording", Bar.UNTRUSTED)),
        (Health(), Policy(live="never"), Begin("recording", Bar.NEVER)),
        (Health(), Policy(live="never", mode=Mode.LIVE), Begin("recording", Bar.NEVER)),
        (Health(), Policy(live="only"), Begin("live")),
        (Health(), Policy(wish=Wish.REPLAY), Begin("recording", Bar.FORCED)),
        (Health(), Policy(wish=Wish.KEEP), Begin("live")),
        (Health(tainted=True), Policy(), Begin("recording", Bar.TAINTED)),
        (Health(tainted=True), Policy(mode=Mode.LIVE), Begin("live")),
        (Health(conditions=Truth.FALSE), Policy(), Begin("recording", Bar.CONDITION)),
        (Health(conditions=Truth.FALSE), Policy(mode=Mode.LIVE), Begin("live")),
        (Health(conditions=Truth.UNKNOWN), Policy(), Begin("live")),
        (
            Health(fault=Fault.MISSING_PROGRAM),
            Policy(mode=Mode.LIVE),
            Begin("recording", Fault.MISSING_PROGRAM),
        ),
        (
            Health(fault=Fault.REFUSED),
            Policy(Available(recording=False, transcript=True)),
            Begin("transcript", Fault.REFUSED),
        ),
        (Health(fault=Fault.REFUSED), Policy(BARE), Begin("card", Fault.REFUSED)),
        (Health(), Policy(mode=Mode.RECORDED, live="only"), Begin("card", Bar.MODE)),
        (
            Health(failed=frozenset(("recording",))),
            Policy(mode=Mode.RECORDED),
            Begin("transcript", Bar.MODE),
        ),
    ],
)
def test_where_a_step_begins(health: Health, policy: Policy, decision: Decision) -> None:
    assert decide(Lane(), health, policy) == decision


@pytest.mark.parametrize(
    ("before", "decision", "after"),
    [
        (Lane(), Begin("live"), Lane(Phase.SILENT, "live")),
        (Lane(), Begin("transcript", Bar.MODE), Lane(Phase.BELOW, "transcript")),
        (at(Phase.SHOWN), Fall("card", Fault.SILENT), Lane(Phase.BELOW, "card")),
        (at(Phase.HELD), Hold(0.1), Lane(Phase.HELD, "live")),
        (at(Phase.HELD), Show(), Lane(Phase.SHOWN, "live")),
        (at(Phase.SHOWN), Stay(), Lane(Phase.SHOWN, "live")),
        (at(Phase.SHOWN), Ask(Fault.PATTERN), Lane(Phase.ASKED, "live")),
        (at(Phase.ASKED), Keep(Fault.PATTERN), Lane(Phase.OVER, "live")),
        (at(Phase.SILENT), Finish(), Lane(Phase.OVER, "live")),
    ],
)
def test_where_a_decision_leads(before: Lane, decision: Decision, after: Lane) -> None:
    assert follow(before, decision) == after


# --- while it runs ------------------------------------------------------------------------------


def test_the_first_output_is_held_back_for_a_quarter_of_a_second() -> None:
    lane = printed(Lane(Phase.SILENT))
    assert lane.phase is Phase.HELD
    assert decide(lane, Health(held=0.125), Policy()) == Hold(0.125)
    assert decide(lane, Health(held=0.25), Policy()) == Show()
    assert printed(Lane(Phase.SHOWN)) == Lane(Phase.SHOWN)


def test_nothing_is_held_back_from_a_speaker_who_types() -> None:
    assert decide(at(Phase.HELD), Health(focused=True), Policy()) == Show()


def test_a_step_that_ends_well_is_shown_at_once() -> None:
    for phase in RUNNING:
        assert decide(at(phase), Health(ended=True), Policy()) == Finish()


@pytest.mark.parametrize("phase", RUNNING)
def test_a_deadline_falls_when_it_has_passed(phase: Phase) -> None:
    policy = Policy(deadline=10)
    fall = Fall("recording", Fault.DEADLINE)
    assert decide(at(phase), Health(elapsed=9.99, held=1), policy) != fall
    assert decide(at(phase), Health(elapsed=10, held=1), policy) == fall
    assert decide(at(phase), Health(elapsed=10, held=1, focused=True), policy) != fall
    assert decide(at(phase), Health(elapsed=10, ended=True), policy) == Finish()
    assert decide(at(phase), Health(elapsed=1e9, held=1), replace(policy, deadline=None)) != fall


def test_the_next_press_replays_a_failure_that_was_seen_and_the_keep_key_keeps_it() -> None:
    health = Health(fault=Fault.PATTERN, ended=True)
    lane = follow(at(Phase.SHOWN), decide(at(Phase.SHOWN), health, Policy()))
    assert lane.phase is Phase.ASKED
    replay, keep = (Policy(wish=wish) for wish in (Wish.REPLAY, Wish.KEEP))
    assert decide(lane, health, replay) == Fall("recording", Fault.PATTERN)
    assert decide(lane, health, keep) == Keep(Fault.PATTERN)


def test_a_shell_that_runs_something_else_runs_no_step() -> None:
    assert decide(Lane(), Health(busy=True), Policy()) == Begin("recording", Bar.BUSY)


def test_every_reason_of_an_event_has_its_sentence() -> None:
    assert {sentence(reason.value) for reason in SENTENCES} == set(SENTENCES.values())
    assert sentence("") == sentence("of another version") == ""


def test_the_speaker_can_force_the_recording_of_a_running_step() -> None:
    for phase in RUNNING:
        decision = decide(at(phase), Health(), Policy(wish=Wish.REPLAY))
        assert decision == Fall("recording", Bar.FORCED)


@pytest.mark.parametrize("fault", Fault)
def test_what_the_speaker_keeps_does_not_fall(fault: Fault) -> None:
    for phase in RUNNING:
        kept = Policy(wish=Wish.KEEP)
        assert decide(at(phase), Health(fault=fault, ended=True), kept) == Keep(fault)
        going_on = Show() if phase is Phase.HELD else Stay()
        assert decide(at(phase), Health(fault=fault), kept) == going_on


def test_falling_lower_is_free() -> None:
    failed = frozenset(("recording",))
    lane = Lane(Phase.BELOW, "recording")
    down = decide(lane, Health(failed=failed), Policy())
    assert down == Fall("transcript", Bar.SOURCE)
    lane = follow(lane, down)
    assert decide(lane, Health(failed=failed), Policy()) == Stay()
    down = decide(lane, Health(failed=failed | {"transcript"}), Policy())
    assert down == Fall("card", Bar.SOURCE)
    assert decide(follow(lane, down), Health(failed=frozenset(RUNGS)), Policy()) == Stay()


@pytest.mark.parametrize(
    ("timeout", "captured", "seconds"),
    [
        (None, None, 60), (None, 1, 10), (None, 4, 12), (None, 0, 10), (5, None, 5), (5, 100, 5),
    ],
)  # fmt: skip
def test_deadlines(timeout: float | None, captured: float | None, seconds: float) -> None:
    assert deadline(timeout, captured) == seconds


# --- whatever happens ---------------------------------------------------------------------------

HEALTH = st.builds(
    Health,
    fault=st.none() | st.sampled_from(Fault),
    ended=st.booleans(),
    elapsed=st.floats(0, 100),
    held=st.floats(0, 1),
    focused=st.booleans(),
    conditions=st.sampled_from(Truth),
    tainted=st.booleans(),
    failed=st.frozensets(st.sampled_from(("recording", "transcript", "card"))),
)
POLICY = st.builds(
    Policy,
    available=st.builds(Available, recording=st.booleans(), transcript=st.booleans()),
    mode=st.sampled_from(Mode),
    trusted=st.booleans(),
    live=st.sampled_from(("", "never", "only")),
    on_fail=st.sampled_from(ON_FAIL),
    deadline=st.none() | st.floats(0, 100),
    wish=st.sampled_from(Wish),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEALTH, POLICY, st.booleans()), max_size=30))
def test_a_showing_switches_once_at_most_and_never_climbs(
    moments: list[tuple[Health, Policy, bool]],
) -> None:
    lane = Lane()
    switches = 0
    for health, policy, prints in moments:
        if prints:
            lane = printed(lane)
        decision = decide(lane, health, policy)
        assert decision == decide(lane, health, policy)
        after = follow(lane, decision)
        assert isinstance(decision, Begin) == (lane.phase is Phase.READY)
        if lane.phase is not Phase.READY:
            assert RUNGS.index(after.rung) >= RUNGS.index(lane.rung)
            switches += after.rung != lane.rung and "live" in (after.rung, lane.rung)
            assert not isinstance(decision, Fall) or after.rung != lane.rung
        if lane.phase is Phase.OVER:
            assert after == lane
        lane = after
    assert switches <= 1


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(Phase), st.sampled_from(RUNGS), HEALTH, POLICY)
def test_what_must_not_run_never_runs(
    phase: Phase, rung: str, health: Health, policy: Policy
) -> None:
    lane = Lane(phase, next(one for one in RUNGS if one == rung))
    decision = decide(lane, health, policy)
    barred = policy.mode is Mode.RECORDED or not policy.trusted or policy.live == "never"
    if isinstance(decision, Begin | Fall):
        assert not (barred and decision.rung == "live")
        assert decision.rung not in health.failed or decision.rung == "card"
        assert (decision.reason is None) == (decision.rung == "live")
        if policy.live == "only" and phase is not Phase.BELOW:
            assert decision.rung in ("live", "card")
    if barred and phase in RUNNING:
        assert isinstance(decision, Fall)


def test_a_hold_always_ends() -> None:
    for on_fail, mode, held in product(ON_FAIL, Mode, (0.0, 0.1, 0.2, 0.249)):
        decision = decide(at(Phase.HELD), Health(held=held), Policy(on_fail=on_fail, mode=mode))
        if isinstance(decision, Hold):
            assert 0 < decision.seconds <= HOLD_BACK
            later = Health(held=held + decision.seconds)
            again = decide(at(Phase.HELD), later, Policy(on_fail=on_fail, mode=mode))
            assert again == Show() or isinstance(again, Hold)
            assert not isinstance(again, Hold) or again.seconds < 1e-9


@pytest.mark.parametrize("fault", list(Fault))
def test_where_nothing_but_a_card_is_below_what_has_come_stays(fault: Fault) -> None:
    policy = Policy(available=Available(recording=False, transcript=False), stays=True)
    health = Health(fault=fault, ended=True)
    for phase in (Phase.HELD, Phase.SHOWN):
        assert decide(Lane(phase, "live"), health, policy) == Keep(fault)
    assert isinstance(decide(Lane(Phase.SILENT, "live"), health, policy), Fall)
    # Nothing is held back: nothing would replace it.
    assert decide(Lane(Phase.HELD, "live"), Health(), policy) == Show()
