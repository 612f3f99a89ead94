from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from presenter.demo.conditions import Conditions
from presenter.demo.pins import chooses_context
from presenter.talk.condition import CURRENT_CLUSTER, Truth
from presenter.talk.fallback import Fault
from presenter.talk.health import Broken, Evidence, Good, Waiting


@dataclass
class Found:
    truth: Truth
    fault: Fault | None = None
    words: str = ""


def nobody(_key: str, _evidence: Evidence | None) -> None:
    """Hears no heartbeats."""


@dataclass
class Read:
    facts: tuple[str, ...]


@dataclass
class World:
    """Answers when the test lets it."""

    answers: dict[str, Found] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False
    current_is: tuple[str, ...] = ()
    watched: dict[str, Mapping[str, object]] = field(default_factory=dict)
    frozen: bool = False

    def __post_init__(self) -> None:
        self.on_beat: Callable[[str, Evidence | None], None] = nobody

    @property
    def heard(self) -> float:
        return 0.0 if self.frozen else time.monotonic()

    def watch(self, conditions: Mapping[str, Mapping[str, object]], seconds: float) -> None:
        assert seconds > 1.2
        self.watched = dict(conditions)

    async def current(self, named: str, folder: Path | None, seconds: float) -> Read:
        return Read(self.current_is)

    def beat(self, *evidence: Evidence | None) -> None:
        """As all that is watched."""
        for one in evidence:
            for key in self.watched:
                self.on_beat(key, one)

    async def probe(self, name: str, condition: Mapping[str, object]) -> Found:
        self.asked.append((name, condition))
        await self.gate.wait()
        return self.answers.get(name, Found(Truth.TRUE))

    def close(self) -> None:
        self.closed = True


NEEDS: dict[str, object] = {
    "cluster": {"kubernetes": {"context": "minikube"}},
    "shop": {"http": "http://{{HOST}}/"},
    "odd": "not a mapping",
}


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_was_not_looked_at_is_unknown_and_then_found() -> None:
    world = World({"cluster": Found(Truth.FALSE, Fault.REFUSED, "refused")})
    conditions = Conditions(NEEDS, dict, world)
    changes: list[int] = []
    conditions.on_change = lambda: changes.append(1)
    conditions.look(["cluster"])
    await settle()
    assert conditions.truth(["cluster"]) is Truth.UNKNOWN
    assert conditions.truth([]) is Truth.TRUE
    assert conditions.fault(["cluster"]) is None
    world.gate.set()
    await settle()
    assert conditions.truth(["cluster"]) is Truth.FALSE
    assert conditions.fault(["shop", "cluster"]) is Fault.REFUSED
    assert [(k.name, k.truth, k.words) for k in conditions.known(["cluster"])] == [
        ("cluster", Truth.FALSE, "refused")
    ]
    assert changes == [1]
    conditions.look(["cluster"])
    await settle()
    assert changes == [1]  # nothing else was found
    world.answers["cluster"] = Found(Truth.TRUE)
    conditions.look(["cluster"])
    await settle()
    assert changes == [1, 1]
    assert conditions.holding() == {"cluster"}


async def test_nothing_is_looked_at_twice_at_a_time() -> None:
    world = World()
    conditions = Conditions(NEEDS, dict, world)
    for _ in range(3):
        conditions.look(["cluster", "cluster"])
        await settle()
    assert len(world.asked) == 1
    conditions.close()
    assert world.closed


async def test_a_condition_waits_for_its_variables() -> None:
    world = World()
    variables: dict[str, str] = {}
    conditions = Conditions(NEEDS, lambda: variables, world)
    conditions.look(["shop", "odd", "nowhere"])
    await settle()
    assert world.asked == []
    assert [known.words for known in conditions.known(["shop", "nowhere"])] == ["waits for HOST"]
    variables["HOST"] = "localhost"
    conditions.look(["shop"])
    await settle()
    assert world.asked == [("shop", {"http": "http://localhost/"})]
    conditions.close()


async def test_a_cluster_that_no_condition_names_is_the_current_one() -> None:
    world = World()
    conditions = Conditions(NEEDS, dict, world)
    conditions.look([CURRENT_CLUSTER])
    await settle()
    assert world.asked == [(CURRENT_CLUSTER, {"kubernetes": {}})]
    conditions.close()


async def test_another_deck_forgets_what_it_says_otherwise() -> None:
    world = World()
    world.gate.set()
    conditions = Conditions(NEEDS, dict, world)
    conditions.look(["cluster", CURRENT_CLUSTER])
    await settle()
    conditions.use({"cluster": {"kubernetes": {"context": "other"}}})
    assert conditions.truth(["cluster"]) is Truth.UNKNOWN
    assert conditions.truth([CURRENT_CLUSTER]) is Truth.TRUE


async def test_without_a_prober_nothing_is_ever_looked_at() -> None:
    conditions = Conditions(NEEDS, dict, None)
    conditions.look(["cluster"])
    assert conditions.truth(["cluster"]) is Truth.UNKNOWN
    conditions.close()


def test_before_the_talk_is_on_the_stage_nothing_is_looked_at() -> None:
    world = World()
    Conditions(NEEDS, dict, world).look(["cluster"])
    assert world.asked == []


# --- watched --------------------------------------------------------------------------------------

REFUSED = Broken(10.0, Fault.REFUSED, "refused", confirmed=True)


async def attended(world: World, *names: str) -> Conditions:
    world.gate.set()
    conditions = Conditions(NEEDS, dict, world)
    conditions.attend(names)
    await settle()
    return conditions


def beats(since: float, count: int) -> list[Evidence]:
    return [Good(since + number * 0.25) for number in range(count)]


def silence(since: float, seconds: float) -> list[Evidence]:
    return [Waiting(since + number * 0.05) for number in range(1, int(seconds / 0.05) + 2)]


async def test_what_is_in_view_is_watched_each_endpoint_once() -> None:
    world = World()
    needs: dict[str, object] = {
        "cluster": {"kubernetes": {"context": "minikube"}},
        "istio": {"kubernetes": {"context": "minikube", "namespace": "istio-system"}},
        "page": {"http": "http://h/", "status": 404},
        "port": {"tcp": "h:1"},
        "ports": {"free": [80]},
        "tool": {"command": "kubectl"},
    }
    world.gate.set()
    conditions = Conditions(needs, dict, world)
    conditions.attend(needs)
    await settle()
    assert list(world.watched.values()) == [
        {"kubernetes": {"context": "minikube"}},
        {"http": "http://h/", "status": 404},
        {"tcp": "h:1"},
    ]
    conditions.attend(["port"])
    await settle()
    assert list(world.watched.values()) == [{"tcp": "h:1"}]
    conditions.close()


async def test_a_suspicion_is_for_the_speaker_and_a_loss_for_the_step() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0))
    assert conditions.truth(["cluster"]) is Truth.TRUE
    world.beat(*silence(0.25, 0.6))
    assert conditions.truth(["cluster"]) is Truth.TRUE
    assert conditions.fault(["cluster"]) is None
    assert conditions.known(["cluster"])[0].words == "no answer at the moment"
    changes: list[int] = []
    conditions.on_change = lambda: changes.append(1)
    world.beat(*silence(0.85, 0.5))
    assert conditions.truth(["cluster"]) is Truth.FALSE
    assert conditions.fault(["cluster"]) is Fault.SILENT
    assert changes == [1]


async def test_a_look_in_the_moment_of_an_interruption_tells_nothing() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0), *silence(0.25, 0.7))
    world.answers["cluster"] = Found(Truth.FALSE, Fault.SILENT, "no answer")
    conditions.look(["cluster"])
    await settle()
    assert conditions.truth(["cluster"]) is Truth.UNKNOWN
    assert conditions.fault(["cluster"]) is None
    world.answers["cluster"] = Found(Truth.FALSE, None, "there is no namespace")
    conditions.look(["cluster"])
    await settle()
    assert conditions.truth(["cluster"]) is Truth.FALSE
    assert conditions.fault(["cluster"]) is None


async def test_what_is_down_stays_down_while_a_step_runs() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0))
    conditions.hold(True)
    world.beat(REFUSED, *beats(11, 20))
    assert conditions.truth(["cluster"]) is Truth.FALSE
    asked = len(world.asked)
    conditions.hold(False)
    await settle()
    assert conditions.truth(["cluster"]) is Truth.TRUE
    assert len(world.asked) == asked + 1  # looked at anew, as the step that was running cannot be
    world.beat(Broken(20, Fault.REFUSED, "", confirmed=True), *beats(21, 12))
    assert conditions.truth(["cluster"]) is Truth.FALSE
    world.beat(Good(24.0))
    await settle()
    assert conditions.truth(["cluster"]) is Truth.TRUE


async def test_what_a_step_provides_is_not_waited_for() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0), REFUSED)
    conditions.happened(["cluster", "nowhere"])
    world.beat(Good(11.0))
    await settle()
    assert conditions.truth(["cluster"]) is Truth.TRUE


async def test_a_process_that_stands_still_makes_the_unknown_of_what_was_up() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0))
    world.frozen = True
    assert conditions.truth(["cluster"]) is Truth.UNKNOWN
    assert conditions.fault(["cluster"]) is None
    assert "no sign of life" in conditions.known(["cluster"])[0].words
    world.frozen = False
    assert conditions.truth(["cluster"]) is Truth.TRUE


async def test_what_is_there_and_not_as_it_should_be_is_looked_at() -> None:
    world = World()
    conditions = await attended(world, "cluster")
    world.beat(Good(0.0))
    await settle()
    asked = len(world.asked)
    world.answers["cluster"] = Found(Truth.FALSE, None, "not ready (status 500)")
    world.beat(None, None, None)
    await settle()
    assert len(world.asked) == asked + 1
    assert conditions.truth(["cluster"]) is Truth.FALSE
    world.answers["cluster"] = Found(Truth.TRUE)
    world.beat(Good(1.0), Good(1.25))
    await settle()
    assert len(world.asked) == asked + 2
    assert conditions.truth(["cluster"]) is Truth.TRUE


# --- the talk's cluster ---------------------------------------------------------------------------


async def test_no_cluster_is_asked_but_the_one_that_was_current() -> None:
    world = World(current_is=("minikube", "https://a"))
    conditions = await attended(world, CURRENT_CLUSTER, "cluster")
    its = {"kubernetes": {"context": "minikube", "server": "https://a"}}
    assert world.asked == [(CURRENT_CLUSTER, its), ("cluster", its)]
    assert list(world.watched.values()) == [its]
    for current, words in (
        (("production", "https://b"), "the current context is production, not minikube"),
        (("minikube", "https://b"), "the server of minikube is https://b, not https://a"),
        (("", ""), "the current context is none, not minikube"),
        (("minikube", "https://a"), ""),
        ((), ""),
    ):
        world.current_is = current
        for name in (CURRENT_CLUSTER, "cluster"):
            assert await conditions.trouble([name], "", None) == words
        assert await conditions.trouble(["shop"], "", None) == ""
    conditions.close()


async def test_a_cluster_that_the_talk_chooses_is_the_talks() -> None:
    world = World(current_is=("minikube", "https://a"))
    conditions = await attended(world, CURRENT_CLUSTER)
    world.current_is = ("kind", "https://b")
    conditions.happened([], chosen=True)
    conditions.attend([CURRENT_CLUSTER])
    await settle()
    assert world.asked[-1][1] == {"kubernetes": {"context": "kind", "server": "https://b"}}
    assert await conditions.trouble([CURRENT_CLUSTER], "", None) == ""


async def test_a_cluster_that_came_after_the_talk_began_is_taken_when_it_is_first_met() -> None:
    world = World()
    conditions = await attended(world, CURRENT_CLUSTER)
    assert world.asked[-1][1] == {"kubernetes": {}}
    world.current_is = ("kind", "https://b")
    assert await conditions.trouble([CURRENT_CLUSTER], "", None) == ""
    world.current_is = ("other", "https://c")
    assert "not kind" in await conditions.trouble([CURRENT_CLUSTER], "", None)


@pytest.mark.parametrize(
    ("command", "chooses"),
    [
        ("kubectl config use-context minikube", True),
        ("minikube  start --memory 4096", True),
        ("export KUBECONFIG=$PWD/config", True),
        ("gcloud container clusters get-credentials demo", True),
        ("kind create cluster", True),
        ("minikube status", False),
        ("kubectl get pods", False),
        ("echo kind words", False),
        ("", False),
    ],
)
def test_commands_that_choose_a_cluster(command: str, chooses: bool) -> None:
    assert chooses_context(command) is chooses
