"""Which versions of tools, and of the cluster, a deck's demos run with: kept in its recordings."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.deck.programs import programs
from presenter.live.bounded import run_bounded
from presenter.live.environment import shell_environment
from presenter.live.findings import Finding
from presenter.live.probes import Prober
from presenter.talk.condition import CLUSTER_TOOLS, Truth
from presenter.talk.preflight import Issue, Level
from presenter.wiring.live import working_folder

CLUSTER = "kubernetes"
"""The name under which the API server's version is kept."""
KUBECTL_SECONDS = 5.0


def tools_named(deck: Deck, demos: Iterable[Demo]) -> list[str]:
    """The programs whose versions matter: of cluster tools, and those that conditions name."""
    told = deck.meta.needs.values()
    named = {str(one["command"]) for one in told if isinstance(one, Mapping) and "command" in one}
    used = {
        name
        for demo in demos
        if demo.kind is DemoKind.SHELL
        for step in demo.steps
        for name in programs(step.run or step.command)
    }
    return sorted(used & (named | CLUSTER_TOOLS))


async def tool_versions(deck: Deck, demos: Iterable[Demo]) -> dict[str, str]:
    """What each of them says, and what the API server is where a demo needs one.

    What tells no version in time is left out.
    """
    demos = list(demos)
    names = tools_named(deck, demos)
    if CLUSTER_TOOLS & set(names) or any(demo.kind is DemoKind.KUBERNETES for demo in demos):
        names.append(CLUSTER)
    prober = Prober(shell_environment(os.environ), working_folder(deck))
    try:
        return await versions_of(names, prober)
    finally:
        prober.close()


async def versions_of(names: Iterable[str], prober: Prober) -> dict[str, str]:
    """What each tool says, `kubernetes` being the API server."""
    tools = [name for name in names if name != CLUSTER]
    server = asyncio.to_thread(_server_version) if CLUSTER in names else asyncio.sleep(0, "")
    looks = (prober.probe(name, {"command": name, "version": ">=0"}) for name in tools)
    told, *found = await asyncio.gather(server, *looks)
    versions = {
        name: finding.words.rpartition(" ")[2]
        for name, finding in zip(tools, found, strict=True)
        if isinstance(finding, Finding) and finding.truth is Truth.TRUE
    }
    return versions | ({CLUSTER: str(told)} if told else {})


def recorded_tools(takes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The tools that recordings name; `takes`: by their demos."""
    return sorted({name for tools in takes.values() for name in tools})


def other_versions(
    takes: Mapping[str, Mapping[str, str]], now: Mapping[str, str], where: str
) -> Iterator[Issue]:
    """Tools that are other versions than when the demos were recorded."""
    for name in recorded_tools(takes):
        for version in sorted({tools[name] for tools in takes.values() if name in tools}):
            if name not in now or now[name] == version:
                continue
            demos = tuple(demo for demo, tools in takes.items() if tools.get(name) == version)
            called = "the API server" if name == CLUSTER else name
            recorded = f"{version} in the recording of {', '.join(demos)}"
            what = f"{called} is {now[name]}, and was {recorded}"
            yield Issue(Level.NOTE, where, what, f"presenter verify {where}", demos)


def _server_version() -> str:
    """That of the API server, by kubectl; nothing where there is none."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        return ""
    try:
        _, output = run_bounded([kubectl, "version", "--output=json"], KUBECTL_SECONDS)
        told = json.loads(output)["serverVersion"]["gitVersion"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(told).removeprefix("v")
