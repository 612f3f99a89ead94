"""The detector: no interruption of up to 800 ms is a fault, every loss is one in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.talk.fallback import Fault
from presenter.talk.health import (
    RECOVERY_BEATS,
    RECOVERY_SECONDS,
    Broken,
    Endpoint,
    Evidence,
    Good,
    Standing,
    Thresholds,
    Waiting,
    has_recovered,
    observe,
    settled,
)

BEAT, TICK = 0.25, 0.05
USUAL = Thresholds()
REFUSED = Fault.REFUSED


def fold(*evidence: Evidence, start: Endpoint | None = None, by: Thresholds = USUAL) -> Endpoint:
    endpoint = start or Endpoint()
    for one in evidence:
        endpoint = observe(endpoint, one, by)
    return endpoint


def waiting(since: float, until: float) -> list[Evidence]:
    count = int((until - since) / TICK + 1e-6)
    return [Waiting(since + TICK * number) for number in range(1, count + 1)]


def beats(since: float, count: int, interval: float = BEAT) -> list[Evidence]:
    return [Good(since + interval * number) for number in range(count)]


def interrupted(gap: float, phase: float, recovery: float) -> list[Evidence]:
    """Heartbeats around a gap that begins `phase` after the last answer.

    What is sent in the gap comes through `recovery` seconds after its end.
    """
    sent = 10.0 + BEAT if phase < BEAT else 10.0 + phase
    back = 10.0 + phase + gap + recovery
    return [*beats(9.0, 5), *waiting(sent, back), Good(back)]


@pytest.mark.parametrize(
    ("evidence", "standing"),
    [
        ([], Standing.UNKNOWN),
        ([Good(0)], Standing.UP),
        ([Good(0), *waiting(0.25, 0.7)], Standing.UP),
        ([Good(0), *waiting(0.25, 0.8)], Standing.SUSPECT),
        ([Good(0), *waiting(0.25, 1.15)], Standing.SUSPECT),
        ([Good(0), *waiting(0.25, 1.25)], Standing.DOWN),
        ([Good(0), *waiting(0.25, 0.8), Good(0.9)], Standing.UP),
        ([Good(0), Broken(0.1, REFUSED)], Standing.SUSPECT),
        ([Good(0), Broken(0.1, REFUSED), Good(0.2)], Standing.UP),
        ([Good(0), Broken(0.1, REFUSED), Broken(0.2, REFUSED, confirmed=True)], Standing.DOWN),
        ([Good(0), Broken(0.1, REFUSED), *waiting(0.1, 0.35)], Standing.SUSPECT),
        ([Good(0), Broken(0.1, REFUSED), *waiting(0.1, 0.5)], Standing.DOWN),
        ([*waiting(0, 0.7)], Standing.UNKNOWN),
        ([*waiting(0, 1.3)], Standing.DOWN),
        ([Good(5), *waiting(0, 3)], Standing.UP),
    ],
)
def test_what_the_evidence_says(evidence: list[Evidence], standing: Standing) -> None:
    assert fold(*evidence).standing is standing


def test_why_it_is_down_is_known() -> None:
    silent = fold(Good(0), *waiting(0.25, 1.3))
    assert (silent.fault, silent.words) == (Fault.SILENT, "no answer for 1.2 s")
    portal = Broken(1, Fault.PORTAL, "a login page answers", confirmed=True)
    broken = fold(Good(0), portal)
    assert (broken.fault, broken.words) == (Fault.PORTAL, "a login page answers")
    late = fold(Good(0), Broken(0.1, Fault.NO_ROUTE, "no route"), *waiting(0.1, 0.5))
    assert (late.fault, late.words) == (Fault.NO_ROUTE, "no route")
    assert fold(Good(0), Broken(0.1, REFUSED, "x"), Good(0.2)) == fold(Good(0), Good(0.2))


@given(
    gap=st.floats(0, 0.8),
    phase=st.floats(0, BEAT),
    recovery=st.floats(0, 0.06),
)
def test_an_interruption_of_up_to_800_ms_is_never_a_fault(
    gap: float, phase: float, recovery: float
) -> None:
    endpoint = Endpoint()
    for one in interrupted(gap, phase, recovery):
        endpoint = observe(endpoint, one, USUAL)
        assert endpoint.standing is not Standing.DOWN
    assert endpoint.standing is Standing.UP


@given(gap=st.floats(0, 0.4), phase=st.floats(0, BEAT))
def test_an_interruption_of_up_to_400_ms_is_not_even_suspected(gap: float, phase: float) -> None:
    endpoint = Endpoint()
    for one in interrupted(gap, phase, 0.03):
        endpoint = observe(endpoint, one, USUAL)
        assert endpoint.standing in (Standing.UP, Standing.UNKNOWN)


@given(phase=st.floats(0, BEAT), down=st.floats(0.4, 2.5))
def test_a_loss_is_found_in_time(phase: float, down: float) -> None:
    by = Thresholds(down / 2, down)
    lost = 10.0 + phase
    endpoint = fold(*beats(9.0, 5), by=by)
    for one in waiting(10.0 + BEAT, lost + 4):
        endpoint = observe(endpoint, one, by)
        if endpoint.standing is Standing.DOWN:
            assert one.at - lost <= down + 2 * TICK
            return
    raise AssertionError("never found")


@given(stops=st.lists(st.floats(0.4, 100), min_size=1, max_size=20))
def test_silence_while_nobody_listened_is_no_fault(stops: list[float]) -> None:
    endpoint, now = fold(*beats(0, 4)), 1.0
    for stop in stops:
        now += stop
        endpoint = observe(endpoint, Waiting(now), USUAL)
        assert endpoint.standing is Standing.UP
        now += TICK
        endpoint = observe(endpoint, Good(now), USUAL)


_evidence = st.lists(
    st.tuples(st.floats(0, 2), st.sampled_from(["good", "waiting", "broken", "confirmed"])),
    max_size=200,
)


@given(_evidence)
def test_what_is_down_stays_down_while_a_step_runs(history: list[tuple[float, str]]) -> None:
    endpoint, now = fold(Good(0), Broken(0, REFUSED, confirmed=True)), 0.0
    good, since = 0, 0.0
    for passed, kind in history:
        now += passed
        made: dict[str, Evidence] = {
            "good": Good(now),
            "waiting": Waiting(now),
            "broken": Broken(now, REFUSED),
            "confirmed": Broken(now, REFUSED, confirmed=True),
        }
        endpoint = observe(endpoint, made[kind], USUAL)
        assert endpoint.standing is Standing.DOWN
        if kind == "good":
            since = since if good else now
            good += 1
        elif kind != "waiting":
            good = 0
        if settled(endpoint).standing is Standing.UP:
            assert good >= RECOVERY_BEATS
            assert now - since >= RECOVERY_SECONDS


def test_it_is_up_again_for_the_next_step_after_a_while() -> None:
    down = fold(Good(0), Broken(1, REFUSED, confirmed=True))
    few = fold(*beats(2, RECOVERY_BEATS - 1, 1.0), start=down)
    assert settled(few) is few
    soon = fold(*beats(2, 12), start=down)
    assert not has_recovered(soon)
    long = fold(*beats(2, 13), start=down)
    assert long.standing is Standing.DOWN
    assert settled(long).standing is Standing.UP
    assert settled(long).fault is None
    gap = fold(*beats(2, 12), *waiting(4.75, 5.6), *beats(5.6, 5), start=down)
    assert not has_recovered(gap)


def test_what_was_never_up_is_up_with_its_first_answer() -> None:
    down = fold(Broken(1, REFUSED, confirmed=True))
    assert down.standing is Standing.DOWN
    assert fold(Good(2), start=down).standing is Standing.UP


@given(jitter=st.floats(0, 100), suspect=st.floats(0.1, 1), more=st.floats(0.1, 3))
def test_a_venue_raises_the_thresholds_up_to_a_cap(
    jitter: float, suspect: float, more: float
) -> None:
    fixed = Thresholds(suspect, suspect + more)
    raised = fixed.raised(jitter)
    assert raised.down == max(fixed.down, min(2 * jitter, 2.5))
    assert fixed.suspect - 1e-9 <= raised.suspect < raised.down
