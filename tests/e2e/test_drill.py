"""`presenter rehearse`, with faults and without, in a real PTY."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.talk.drill import Injected, Target, plan
from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import demo, small
from tests.e2e.stubs import environment
from tests.live.probe_stubs import Page, serving

LINES = tuple(f"line {n}" for n in range(12))
STEPS = 12


def slides(*, needs: str = "+needs:page") -> list[str]:
    """Each with a step that would leave a canary."""
    return [
        demo(f"d{n}", f"$ echo > $T/canary; seq {n}", *LINES, fence=f"{needs} +timeout:3s")
        for n in range(STEPS)
    ]


def leave(talk: LiveTalk) -> str:
    """Quit; what stands on the plain terminal afterwards."""
    before = len(talk.console.received)
    talk.console.press("ctrl+q")
    talk.console.wait_text("End the rehearsal?")
    talk.console.press("y")
    assert talk.console.wait_end() == 0
    assert talk.console.restored()
    return talk.console.received[before:].decode("utf-8", "replace").replace("\r\n", "\n")


def rehearse_a_step(talk: LiveTalk) -> None:
    """Through one step, whatever strikes it, to the next slide."""
    talk.type_step()
    talk.run()
    kind, _ = talk.wait_event("StepFinished", "StepAsked")
    if kind == "StepAsked":
        talk.press()
        talk.wait_event("StepFinished")
    talk.press("right")


def test_a_drill_without_a_cluster_runs_nothing_and_tells_what_happened(tmp_path: Path) -> None:
    with serving({"/": Page()}) as server:
        front = f"needs:\n  page: {{http: '{server.address}'}}"
        arguments = ("--drill", "5", "--speed", "4")
        with small(
            tmp_path, *slides(), front=front, command="rehearse", arguments=arguments, recorded=True
        ) as talk:
            for _ in range(STEPS - 1):
                rehearse_a_step(talk)
            struck = [str(fields["fault"]) for _, fields in talk.of("FaultInjected")]
            told = leave(talk)
            assert talk.events()[0][1]["purpose"] == "drill"
        assert server.requests == []
    assert not (tmp_path / "canary").exists()
    assert struck[:2] == ["slow", "wifi gone"]
    assert {*struck} <= {fault.value for fault in Injected}
    assert re.findall(r"^  \d\d:\d\d  (.*?)  +d\d+, d\d+, step 1$", told, re.M) == struck
    assert f"drill, seed 5: {len(struck)} faults" in told
    assert "--drill 5\n" in told


def test_the_faults_of_a_live_drill_strike_what_really_runs(tmp_path: Path) -> None:
    """A hang is seen by its deadline, and what was run has run all the same."""
    seed = seed_for(Injected.HANG)
    steps = [
        demo(name, f"$ echo {name}; sleep 1; echo > $T/{name}", "...", fence="+timeout:5s")
        for name in "de"
    ]
    arguments = ("--drill", str(seed), "--live", "--trust", "--speed", "16")
    with small(tmp_path, *steps, command="rehearse", arguments=arguments) as talk:
        talk.type_step()
        talk.run()
        _, fell = talk.wait_event("StepFell")
        told = leave(talk)
    assert fell["reason"] == "deadline"
    assert (tmp_path / "d").exists()
    assert f"drill, seed {seed}: 1 fault\n" in told
    assert f" --drill {seed} --live\n" in told
    assert "its transcript went on from the point reached (it took longer" in told


@pytest.mark.parametrize("killed", [False, True])
def test_a_terminal_that_was_made_smaller_is_given_back(tmp_path: Path, killed: bool) -> None:
    arguments = ("--drill", str(seed_for(Injected.RESIZED)), "--speed", "1")
    steps = [demo(name, "$ seq 3", *LINES) for name in "de"]
    with small(tmp_path, *steps, command="rehearse", arguments=arguments, recorded=True) as talk:
        talk.type_step()
        talk.run()
        talk.wait_event("FaultInjected")
        talk.console.wait(
            lambda: tuple(os.get_terminal_size(talk.console._slave)) == (75, 25), "a smaller one"
        )
        if killed:
            talk.console.interface().kill()
            assert talk.console.wait_end() == 128 + 9
        else:
            talk.wait_event("StepFinished")
            assert "the picture was drawn anew" in leave(talk)
        assert tuple(os.get_terminal_size(talk.console._slave)) == (100, 34)


def seed_for(fault: Injected) -> int:
    """One whose drill strikes the first of two steps, `d` and `e`, with this fault."""
    two = [Target(name, 0, 1.0) for name in "de"]
    for seed in range(1000):
        strike = plan(two, seed).get(("d", 0))
        if strike is not None and strike.fault is fault:
            return seed
    raise AssertionError(f"no drill begins with {fault}")


def test_a_rehearsal_runs_nothing_and_is_never_resumed(tmp_path: Path) -> None:
    with small(
        tmp_path, *slides(needs=""), command="rehearse", arguments=("--speed", "16"), recorded=True
    ) as talk:
        talk.type_step()
        assert talk.run_step()[1]["rung"] == "recording"
        assert talk.events()[0][1]["purpose"] == "rehearsal"
        talk.console.interface().kill()
        talk.console.wait_end()
        deck = talk.deck
    assert not (tmp_path / "canary").exists()
    assert "resume" not in talk.console.text()
    env = environment(tmp_path) | {"T": str(tmp_path)}
    with LiveTalk(deck, env, command="resume") as again:
        assert again.console.wait_end() != 0
        assert "there is no talk" in again.console.text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--drill", "many"), "a seed is a whole number"),
        (("--trust",), "--trust is of use with --live only"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    path = tmp_path / "talk.md"
    path.write_text("# One\n", "utf-8")
    with LiveTalk(open_deck(path), environment(tmp_path), *arguments, command="rehearse") as talk:
        assert talk.console.wait_end() == 2
        assert words in talk.console.text()
