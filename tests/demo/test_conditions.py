from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from presenter.demo.conditions import Conditions
from presenter.talk.condition import CURRENT_CLUSTER, Truth
from presenter.talk.fallback import Fault


@dataclass
class Found:
    truth: Truth
    fault: Fault | None = None
    words: str = ""


@dataclass
class World:
    """Answers when the test lets it."""

    answers: dict[str, Found] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

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
    for _ in range(5):
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
