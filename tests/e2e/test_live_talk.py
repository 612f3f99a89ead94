"""The Istio 101 talk given live, by one key, and the rung that every step stood on.

What is expected is worked out here from the deck and from what a test does to single steps.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, Phase, Reveal
from tests.e2e.livetalk import LiveTalk
from tests.e2e.stubs import (
    FLOOD,
    HANG,
    KILL_SHELL,
    Key,
    World,
    fail,
    fail_late,
    istio_world,
    say,
)
from tests.material import ROOT

GIVEN = ("--speed", "16")
"""How fast recordings are played."""


@dataclass(frozen=True)
class Trouble:
    """What happens to a step, and how it is to end."""

    act: str
    reason: str
    """Why it falls, or what is wrong with it where it is kept."""
    seen: str = ""
    """What the audience sees of it before it fails: then the speaker is asked."""
    answer: str = "pagedown"
    """The key that answers the question."""


@dataclass(frozen=True)
class Plan:
    """What a test does in a talk."""

    troubles: Mapping[Key, Trouble] = field(default_factory=dict)
    live_again: Container[Key] = ()
    """Before these steps are typed, L is pressed."""
    unmet: Mapping[str, str] = field(default_factory=dict)
    """Conditions that are `false`, or stay `unknown`."""
    barred: str = ""
    """Why no step is live."""
    ignores: bool = False
    """Conditions and taints keep nothing from running."""


@dataclass(frozen=True)
class Way:
    """How one step was shown."""

    began: str
    why: str = ""
    asked: str = ""
    fell: str = ""
    fell_for: str = ""
    ended: str = ""
    reason: str = ""
    outcome: str = ""


# --- what is expected -------------------------------------------------------------------------


def every_step(deck: Deck) -> Iterator[tuple[Demo, int]]:
    for demo in deck.all_demos():
        yield from ((demo, number) for number in range(len(demo.steps)))


def expected(deck: Deck, plan: Plan) -> dict[Key, Way]:
    """The way of every step, in a deck whose demos all have one session."""
    ways: dict[Key, Way] = {}
    unmade: list[tuple[str, ...]] = []
    for demo, number in every_step(deck):
        key, step = (demo.name, number), demo.steps[number]
        below = "card" if step.transcript is None else "recording"
        if key in plan.live_again:
            unmade.clear()
        needs = {*demo.needs, *step.needs}
        bar = plan.barred
        if not bar and not plan.ignores:
            bar = (
                "tainted"
                if unmade
                else "condition"
                if "false" in map(plan.unmet.get, needs)
                else ""
            )
        if bar:
            ways[key] = Way(below, bar, ended=below, reason=bar, outcome="replayed")
        elif key not in plan.troubles:
            ways[key] = Way("live", ended="live", outcome="ran")
            continue
        else:
            ways[key] = _troubled(plan.troubles[key], below)
            if ways[key].outcome == "ran":
                continue
        if not step.provides or plan.unmet.keys() & set(step.provides):
            unmade.append(step.provides)
    return ways


def _troubled(trouble: Trouble, below: str) -> Way:
    asked = trouble.reason if trouble.seen else ""
    if trouble.answer == "K":
        return Way("live", asked=asked, ended="live", reason=trouble.reason, outcome="ran")
    return Way("live", "", asked, below, trouble.reason, below, trouble.reason, "replayed")


def ways_of(talk: LiveTalk) -> dict[Key, Way]:
    """The way of every step, as the journal tells it."""
    ways: dict[Key, Way] = {}
    started: dict[str, object] = {}
    asked: dict[str, object] = {}
    fell: dict[str, object] = {}
    for kind, told in talk.events():
        match kind:
            case "StepStarted":
                started, asked, fell = told, {}, {}
            case "StepAsked":
                asked = told
            case "StepFell":
                fell = told
            case "StepFinished":
                ways[str(told["demo"]), int(str(told["step"]))] = Way(
                    *map(str, (started["rung"], started["reason"], asked.get("reason", ""))),
                    *map(str, (fell.get("rung", ""), fell.get("reason", ""))),
                    *map(str, (told["rung"], told["reason"], told["outcome"])),
                )
    return ways


# --- the talk ---------------------------------------------------------------------------------


def give(talk: LiveTalk, world: World, plan: Plan) -> None:
    """Press through all slides; what is known of the conditions is waited for."""
    deck, console = world.deck, talk.console
    ways = expected(deck, plan)
    if plan.barred == "untrusted":
        console.wait_text("Page 1 of")
        console.press("n", "enter")
    console.wait_text(f"1 / {len(deck)}")
    talk.ready()
    for index in range(len(deck)):
        slide = deck.slide(index)
        console.wait_text(f"{index + 1} / {len(deck)}")
        for stop in slide.stops:
            if isinstance(stop, Reveal):
                talk.press()
                continue
            demo, key = slide.demos[stop.demo], (slide.demos[stop.demo].name, stop.step)
            if stop.phase is Phase.TYPE:
                if key in plan.live_again:
                    talk.console.press("L")
                talk.type_step()
            else:
                if not plan.barred and not plan.ignores:
                    _await_world(talk, demo, stop.step, plan, ways[key])
                _run(talk, world, key, plan.troubles.get(key))
        if index + 1 < len(deck):
            talk.press()
    talk.leave()


def _await_world(talk: LiveTalk, demo: Demo, number: int, plan: Plan, way: Way) -> None:
    """Until the talk has found out how the world stands, and knows what is tainted by then."""
    needs = {*demo.needs, *demo.steps[number].needs}
    talk.wait_conditions({name: plan.unmet.get(name, "true") for name in needs})
    tainted = way.why == "tainted"
    talk.wait_state(lambda state: bool(state.tainted) == tainted, f"tainted: {tainted}")


def _run(talk: LiveTalk, world: World, key: Key, trouble: Trouble | None) -> None:
    talk.run()
    if trouble is not None and trouble.seen:
        talk.console.wait_text(f"│{trouble.seen}")
        world.go(key)
        talk.wait_event("StepAsked")
        world.cluster(istio=True)
        talk.run(trouble.answer)
    talk.wait_event("StepFinished")


def check(
    folder: Path,
    plan: Plan,
    *arguments: str,
    programs: bool = True,
    reachable: bool = True,
    timeouts: Mapping[Key, str] | None = None,
    wrap: tuple[str, ...] = (),
    then: Callable[[World], None] = lambda _world: None,
) -> None:
    """Give the talk, and compare the ways of its steps with the expected ones."""
    world_of = istio_world(folder, programs=programs, reachable=reachable, timeouts=timeouts)
    with world_of as world:
        for key, trouble in plan.troubles.items():
            world.act(key, trouble.act)
        with LiveTalk(world.deck, world.env, *arguments, *GIVEN, wrap=wrap) as talk:
            give(talk, world, plan)
            ways = ways_of(talk)
        wanted = expected(world.deck, plan)
        assert len(wanted) == 26
        assert {key: ways.get(key) for key in wanted} == wanted
        assert ways.keys() == wanted.keys()
        then(world)


def test_all_succeeds(tmp_path: Path) -> None:
    """Then every step is live, and every program has been started once."""

    def then(world: World) -> None:
        plain = [f"{demo.name}.{n}" for demo, n in every_step(world.deck)]
        inside = {"download.0", "path.0", "gateway.0", "gateway.1", "traffic.0"}
        started = [step for step in world.started if not step.startswith("inside")]
        assert started == [step for step in plain if step not in inside]
        assert world.started.count("inside.4") == 11  # one visit, and ten in the background

    check(tmp_path, Plan(), "--trust", then=then)


NOT_READY = "istio-pilot-657cb5ddf7-8dsr7   0/2   Pending"
TROUBLES = {
    ("minikube", 0): Trouble(fail("E: no driver"), "exit status"),
    ("install", 0): Trouble(fail_late("first line", "E: timeout"), "exit status", "first line"),
    ("pods", 0): Trouble(HANG, "deadline"),
    ("pods", 1): Trouble(say("NAME READY STATUS", NOT_READY), "expected pattern"),
    ("bookinfo", 0): Trouble(FLOOD, "deadline"),
    ("prometheus", 0): Trouble(KILL_SHELL, "lost terminal"),
    ("prometheus-forward", 0): Trouble(fail("E: port 9090 is taken"), "exit status"),
    ("zipkin", 0): Trouble(fail_late("so far", "E: later"), "exit status", "so far", "K"),
    ("routes-v1", 0): Trouble(say("nothing to do"), "status words"),
    ("clean-routes", 1): Trouble("exit 127", "missing program"),
}
"""What a failed step provides is there all the same, but for what provides nothing."""


def test_every_trouble_is_met_on_the_right_rung(tmp_path: Path) -> None:
    live_again = frozenset({("grafana-forward", 0), ("clean-routes", 0)})
    timeouts = {("pods", 0): "1s", ("bookinfo", 0): "1s"}
    check(tmp_path, Plan(TROUBLES, live_again), "--trust", timeouts=timeouts)


class Always:
    """Every step there is."""

    def __contains__(self, _key: object) -> bool:
        return True


def test_without_programs_each_step_falls_for_that(tmp_path: Path) -> None:
    missing = Trouble("", "missing program")
    shows = ("download", "path", "gateway")
    deck = open_deck(ROOT / "slides" / "istio-101.md")
    troubles = {
        (demo.name, number): missing for demo, number in every_step(deck) if demo.name not in shows
    }
    unmet = {"curl": "false", "kubectl": "false", "gateway": "unknown"}
    check(tmp_path, Plan(troubles, Always(), unmet), "--trust", programs=False)


DEAD = ("cluster", "istio", "bookinfo", "wifi", "prometheus", "grafana", "zipkin", "servicegraph")


def test_at_a_dead_port_nothing_is_started(tmp_path: Path) -> None:
    unmet = {**dict.fromkeys(DEAD, "false"), "gateway": "unknown"}

    def then(world: World) -> None:
        assert world.started == []

    check(tmp_path, Plan(unmet=unmet), "--trust", reachable=False, then=then)


def test_live_come_what_may(tmp_path: Path) -> None:
    """Neither conditions nor what did not happen keep a step from running then."""
    troubles = {("minikube", 0): TROUBLES["minikube", 0]}
    plan = Plan(troubles, unmet=dict.fromkeys(DEAD, "false"), ignores=True)
    check(tmp_path, plan, "--live", "--trust", reachable=False)


def test_of_an_untrusted_talk_nothing_is_started(tmp_path: Path) -> None:
    def then(world: World) -> None:
        assert world.started == []
        assert not world.server.requests

    check(tmp_path, Plan(barred="untrusted"), then=then)
