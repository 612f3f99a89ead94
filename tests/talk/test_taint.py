"""Conditions in three values, and the state that steps which did not happen leave behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.model import Demo, DemoKind, Place, Step
from presenter.talk.condition import (
    CURRENT_CLUSTER,
    Truth,
    all_of,
    expand,
    is_known,
    needs_of,
    programs_of,
    truth_of,
    variables_of,
)
from presenter.talk.taint import Outcome, Taint, Unmade, after_step, found, happened

PLACE = Place("deck.md", 1)
TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("truths", "truth"),
    [
        ((), TRUE), ((TRUE,), TRUE), ((TRUE, UNKNOWN), UNKNOWN), ((UNKNOWN, FALSE), FALSE),
        ((TRUE, FALSE), FALSE), ((UNKNOWN,), UNKNOWN),
    ],
)  # fmt: skip
def test_conditions_together(truths: tuple[Truth, ...], truth: Truth) -> None:
    assert all_of(truths) is truth


def test_a_condition_that_nobody_has_looked_at_is_unknown() -> None:
    assert truth_of(("a", "b"), {"a": TRUE}) is UNKNOWN
    assert truth_of(("a", "b"), {"a": FALSE}) is FALSE
    assert truth_of(("a",), {"a": TRUE}) is TRUE


@pytest.mark.parametrize(
    ("command", "programs"),
    [
        ("kubectl get pods", ("kubectl",)),
        ("ls | grep x && helm ls; istioctl version", ("ls", "grep", "helm", "istioctl")),
        ("KUBECONFIG=x A=b kubectl get pods", ("kubectl",)),
        ("kubectl apply -f <(istioctl kube-inject -f a.yaml)", ("kubectl", "istioctl")),
        ("export X=$(./bin/kubectl get po)", ("export", "kubectl")),
        ("sudo kubectl get pods", ("kubectl",)),
        ("echo kubectl", ("echo",)),
        ("for i in 1; do\n  curl x\ndone", ("for", "curl", "done")),
        ("while true; do curl x; done", ("true", "curl", "done")),
        ("", ()),
    ],
)
def test_the_programs_of_a_command(command: str, programs: tuple[str, ...]) -> None:
    assert programs_of(command) == programs


def test_cluster_tools_need_the_current_cluster_unless_the_deck_names_something() -> None:
    step = Step("kubectl get pods", PLACE)
    demo = Demo("d", DemoKind.SHELL, PLACE, (step,))
    assert needs_of(demo, step) == (CURRENT_CLUSTER,)
    assert needs_of(demo, Step("ls", PLACE)) == ()
    assert needs_of(demo, Step("show pods", PLACE, run="kubectl get pods")) == (CURRENT_CLUSTER,)
    named = Step("kubectl get pods", PLACE, needs=("istio", "wifi"))
    demo = Demo("d", DemoKind.SHELL, PLACE, (named,), needs=("istio",))
    assert needs_of(demo, named) == ("istio", "wifi")


def test_variables_make_a_condition_unknown_until_they_have_a_value() -> None:
    condition = {"http": "http://{{GATEWAY_URL}}/x", "header": [{"a": "{{ T }}"}], "status": 200}
    assert variables_of(condition) == {"GATEWAY_URL", "T"}
    assert not is_known(condition, {"T": "1"})
    values = {"T": "1", "GATEWAY_URL": "h:1"}
    assert is_known(condition, values)
    assert expand(condition, values) == {
        "http": "http://h:1/x",
        "header": [{"a": "1"}],
        "status": 200,
    }
    assert expand("{{NONE}} {{1}}", values) == "{{NONE}} {{1}}"
    assert expand("{{T}}", {"T": "{{T}}"}) == "{{T}}"


INSTALL = Unmade("install", 0, ("istio",))
LOOK = Unmade("look", 0)


@pytest.mark.parametrize(
    ("outcome", "tainted"),
    [
        (Outcome.RAN, False), (Outcome.REPLAYED, True), (Outcome.SKIPPED, True),
        (Outcome.CUT, True),
    ],
)  # fmt: skip
def test_which_outcomes_taint(outcome: Outcome, tainted: bool) -> None:
    assert bool(after_step(Taint(), INSTALL, outcome)) is tainted


def test_what_a_step_provides_lifts_its_taint_when_it_is_found() -> None:
    taint = after_step(Taint(), INSTALL, Outcome.REPLAYED)
    assert taint.awaited == {"istio"}
    assert not found(taint, {})
    assert not found(taint, {"istio": UNKNOWN})
    assert not found(taint, {"istio": FALSE})
    assert found(taint, {"istio": TRUE}) == (INSTALL,)
    assert not happened(taint, "install", 0)
    assert happened(taint, "install", 1)


def test_a_step_that_provides_nothing_waits_for_the_speaker() -> None:
    taint = after_step(after_step(Taint(), INSTALL, Outcome.SKIPPED), LOOK, Outcome.CUT)
    assert found(taint, {"istio": TRUE}) == (INSTALL,)


def test_running_a_step_again_makes_up_for_it() -> None:
    taint = after_step(Taint(), INSTALL, Outcome.REPLAYED)
    assert after_step(taint, INSTALL, Outcome.REPLAYED) == taint
    assert not after_step(taint, INSTALL, Outcome.RAN)


UNMADE = st.builds(
    Unmade,
    st.sampled_from("ab"),
    st.integers(0, 3),
    st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
)


@given(st.lists(st.tuples(UNMADE, st.sampled_from(Outcome))))
def test_the_last_showing_of_each_step_decides(shown: list[tuple[Unmade, Outcome]]) -> None:
    taint = Taint()
    for step, outcome in shown:
        taint = after_step(taint, step, outcome)
    last = {(step.demo, step.step): outcome for step, outcome in shown}
    assert {(one.demo, one.step) for one in taint.unmade} == {
        key for key, outcome in last.items() if outcome is not Outcome.RAN
    }
    everything = dict.fromkeys("xyz", TRUE)
    assert all(one.provides for one in found(taint, everything))
    assert not found(taint, dict.fromkeys("xyz", FALSE))
    for one in found(taint, everything):
        taint = happened(taint, one.demo, one.step)
    assert all(not one.provides for one in taint.unmade)


def test_an_outcome_of_a_version_to_come_is_no_proof_that_a_step_ran() -> None:
    assert Outcome("dreamt") is Outcome.CUT
