"""The plan of a drill, and what is said of it afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.talk import events as e
from presenter.talk.drill import LASTING, LONGEST_AFTER, Injected, Target, plan, summary
from presenter.talk.fallback import Bar, Fault

TARGETS = st.lists(
    st.builds(
        Target,
        st.text("abc", min_size=1),
        st.integers(0, 9),
        st.floats(0, 1e6),
        needs=st.booleans(),
    ),
    unique_by=lambda target: (target.demo, target.step),
    max_size=30,
)


@given(TARGETS, st.integers())
def test_the_same_seed_gives_the_same_faults(targets: list[Target], seed: int) -> None:
    assert plan(targets, seed) == plan(targets, seed)


@given(TARGETS, st.integers(), st.sets(st.sampled_from(Injected)))
def test_faults_strike_where_they_can(
    targets: list[Target], seed: int, faults: set[Injected]
) -> None:
    known = {(target.demo, target.step): target for target in targets}
    for key, strike in plan(targets, seed, faults).items():
        assert strike.fault in faults
        assert 0 <= strike.after <= min(known[key].seconds, LONGEST_AFTER)
        assert LASTING[0] <= strike.lasting <= LASTING[1]
        if strike.fault in (Injected.NETWORK_GONE, Injected.FROZEN):
            assert known[key].needs
        assert strike.fault is not Injected.CLUSTER_GONE


def test_every_fault_comes_once_before_one_comes_twice() -> None:
    targets = [Target("d", step, 2.0, needs=True, cluster=True) for step in range(30)]
    for seed in range(20):
        faults = [strike.fault for strike in plan(targets, seed).values()]
        assert len(faults) == 18
        assert set(faults[:7]) == set(faults[7:14]) == set(Injected)


def test_another_seed_gives_other_faults() -> None:
    targets = [Target("d", step, 2.0, needs=True, cluster=True) for step in range(10)]
    assert len({tuple(sorted(plan(targets, seed))) for seed in range(20)}) > 10


def test_one_step_is_struck_by_one_fault() -> None:
    assert len(plan([Target("d", 0, 1.0)], 1)) == 1
    assert plan([], 1) == {}


# --- the summary ----------------------------------------------------------------------------------


def told(*events: tuple[float, e.Event]) -> list[str]:
    stamped = [e.Stamped(n, at, "", event) for n, (at, event) in enumerate(events, start=1)]
    return summary(stamped, 7, {"pods": "look"})


def struck(fault: Injected) -> tuple[float, e.Event]:
    return 61.0, e.FaultInjected("pods", 1, fault.value, 5.0)


def finished(rung: str, reason: str = "", *, cut: bool = False) -> e.Event:
    return e.StepFinished("pods", 1, rung, 0, 1.0, cut=cut, reason=reason)


def test_without_a_fault_it_says_so() -> None:
    assert told() == ["drill, seed 7: no fault struck; faults strike live steps that still run"]


def test_a_step_that_fell() -> None:
    lines = told(
        struck(Injected.NETWORK_GONE),
        (61.5, e.StepFell("other", 1, "recording")),
        (62.3, e.StepFell("pods", 1, "recording", Fault.SILENT.value)),
        (65.0, finished("recording", Fault.SILENT.value)),
        (70.0, e.StepStarted("more", 0, 1, "recording", Bar.TAINTED.value)),
        (71.0, e.StepStarted("more", 1, 1, "recording", Fault.SILENT.value)),
        (72.0, e.StepStarted("more", 2, 1, "recording", Bar.NEVER.value)),
        (73.0, e.StepStarted("more", 3, 1, "live")),
    )
    assert lines == [
        "drill, seed 7: 1 fault",
        "  01:01  wifi gone          look, pods, step 2",
        "         1.3 s later its recording went on from the point reached "
        "(the other side is silent)",
        "         then 2 steps came from what was recorded (L: live again)",
        "the show went on: 2 steps fell to what was recorded, 0 failures waited for your word",
    ]


@pytest.mark.parametrize(
    ("fault", "later", "words"),
    [
        (Injected.RESIZED, [], "the picture was drawn anew, smaller, and larger again later"),
        (Injected.HANG, [], "it stood still until you went on"),
        (Injected.SLOW, [(64.0, finished("live"))], "nothing: it ended live, 3.0 s later"),
        (Injected.SLOW, [], "it came by fits until you went on"),
        (
            Injected.HANG,
            [(63.0, e.StepInterrupted("pods", 1)), (64.0, finished("live"))],
            "your Ctrl-C ended it, after 3.0 s",
        ),
        (
            Injected.HANG,
            [(63.0, e.StepInterrupted("pods", 1)), (64.0, e.StepFell("pods", 1, "card", ""))],
            "3.0 s later a card took its place",
        ),
        (
            Injected.HANG,
            [(64.0, finished("live", cut=True))],
            "you showed its end at once, after 3.0 s",
        ),
        (
            Injected.WRONG_STATUS,
            [
                (61.0, e.StepAsked("pods", 1, Fault.EXIT_STATUS.value, 1, 2.0)),
                (63.0, finished("live", Fault.EXIT_STATUS.value)),
            ],
            "its output stayed, marked as failed (the exit status is not the expected one); "
            "then it was kept as it was, after 2.0 s",
        ),
        (
            Injected.WRONG_STATUS,
            [
                (61.0, e.StepAsked("pods", 1, Fault.EXIT_STATUS.value, 1, 2.0)),
                (63.0, e.StepFell("pods", 1, "transcript", "never heard of")),
            ],
            "its output stayed, marked as failed (the exit status is not the expected one); "
            "then 2.0 s later its transcript went on from the point reached",
        ),
    ],
)
def test_what_the_audience_saw(
    fault: Injected, later: list[tuple[float, e.Event]], words: str
) -> None:
    assert told(struck(fault), *later)[2].strip() == words


def test_what_came_below_live_counts_to_the_fault_that_made_it_fall() -> None:
    tainted = Bar.TAINTED.value
    lines = told(
        struck(Injected.HANG),
        (61.5, e.StepFell("pods", 1, "recording", Fault.DEADLINE.value)),
        (62.0, e.StepStarted("more", 0, 1, "recording", Bar.CONDITION.value)),
        (90.0, e.FaultInjected("gone", 0, Injected.SLOW.value, 5.0)),
        (91.0, e.StepStarted("more", 1, 1, "recording", tainted)),
        (95.0, e.FaultInjected("pods", 0, Injected.FROZEN.value, 5.0)),
        (96.0, e.StepFell("pods", 0, "recording", Fault.SILENT.value)),
        (97.0, e.StepStarted("more", 2, 1, "transcript", tainted)),
        (98.0, e.StepStarted("more", 3, 1, "card", tainted)),
        (99.0, e.StepStarted("more", 4, 1, "recording", tainted)),
    )
    assert [line.strip() for line in lines if "then" in line] == [
        "then 1 step came from what was recorded (L: live again)",
        "then 2 steps came from what was recorded (L: live again)",
    ]
    assert "?, gone, step 1" in "\n".join(lines)
