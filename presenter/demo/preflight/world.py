"""Of the world: conditions, the current cluster, and how long its answers stay away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from presenter.demo.preflight.subject import Subject
from presenter.demo.preflight.watched import Endpoint, Watched
from presenter.live.findings import Finding
from presenter.live.probes import Prober
from presenter.talk.condition import CURRENT_CLUSTER, Truth, expand, is_known, variables_of
from presenter.talk.fallback import Fault
from presenter.talk.preflight import Issue, Level

WATCH_SECONDS = 3.0
"""For which heartbeats are sent."""
CURRENT_SECONDS = 3.0


@dataclass(frozen=True)
class Condition:
    """A condition as the deck names it."""

    key: str
    """`needs` or `start`; nothing for the current cluster."""
    name: str
    told: Mapping[str, object]

    @property
    def called(self) -> str:
        return f"start: {self.name}" if self.key == "start" else self.name


@dataclass
class Survey:
    """What was found."""

    findings: list[tuple[Condition, Finding]] = field(default_factory=list)
    unknown: list[Condition] = field(default_factory=list)
    """Those that name a variable which nothing has exported yet."""
    endpoints: list[Endpoint] = field(default_factory=list)
    context: str = ""
    server: str = ""
    """Of the current cluster."""

    @property
    def silence(self) -> float | None:
        """The longest usual silence of the endpoints; None where none was measured."""
        return max((one.silence for one in self.endpoints if one.silence is not None), default=None)


def conditions_of(subject: Subject) -> list[Condition]:
    """All conditions of the deck that can be asked about, and the cluster that its steps need."""
    found = []
    for key, told in (("needs", subject.deck.meta.needs), ("start", _start(subject))):
        for name, condition in told.items():
            if isinstance(condition, Mapping):
                found.append(Condition(key, str(name), condition))
    if CURRENT_CLUSTER in subject.needed:
        found.append(Condition("", CURRENT_CLUSTER, {"kubernetes": {}}))
    return found


def _start(subject: Subject) -> Mapping[str, object]:
    told = subject.deck.meta.extra.get("start")
    return told if isinstance(told, Mapping) else {}


async def survey(subject: Subject, prober: Prober, watch: float = WATCH_SECONDS) -> Survey:
    """Ask about everything at once, and watch the endpoints for `watch` seconds beside it."""
    found = Survey()
    known = []
    variables = _variables(subject)
    for condition in conditions_of(subject):
        told = expand(condition.told, variables)
        if is_known(condition.told, variables) and isinstance(told, Mapping):
            known.append((condition, told))
        else:
            found.unknown.append(condition)
    watched = Watched(prober, ((one.called, told) for one, told in known), watch)
    looks = asyncio.gather(*(prober.probe(one.called, told) for one, told in known))
    clusters = any("kubernetes" in told for _, told in known)
    current = _current(found, prober) if clusters else asyncio.sleep(0)
    first, _ = await asyncio.gather(looks, current)
    pairs = zip(known, first, strict=True)
    again = (_again(prober, watched, *one, finding) for one, finding in pairs)
    findings, _ = await asyncio.gather(asyncio.gather(*again), watched.measured())
    found.findings = [(one, finding) for (one, _), finding in zip(known, findings, strict=True)]
    found.endpoints = watched.endpoints()
    return found


async def _again(
    prober: Prober,
    watched: Watched,
    condition: Condition,
    told: Mapping[str, object],
    finding: Finding,
) -> Finding:
    """What a second look finds, where the first was late and heartbeats are answered.

    Then it was this machine that was slow. There is as much time as is left for heartbeats.
    """
    late = finding.truth is Truth.UNKNOWN or finding.fault is Fault.SILENT
    if not (late and watched.answers(condition.called)):
        return finding
    try:
        async with asyncio.timeout(watched.left):
            return await prober.probe(condition.called, told)
    except TimeoutError:
        return finding


def _variables(subject: Subject) -> dict[str, str]:
    told = subject.deck.meta.extra.get("vars")
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


async def _current(found: Survey, prober: Prober) -> None:
    facts = (await prober.current("", None, CURRENT_SECONDS)).facts
    if len(facts) == 2:
        found.context, found.server = facts


# --- what follows -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Trouble:
    """What may be wrong with several conditions at once."""

    level: Level
    key: str
    words: str
    todo: str


def world_issues(subject: Subject, found: Survey) -> Iterator[Issue]:
    """What is wrong with the world: a line for each thing, however many conditions name it."""
    troubles: dict[_Trouble, list[Condition]] = {}
    for condition, trouble in _troubles(subject, found):
        troubles.setdefault(trouble, []).append(condition)
    for trouble, conditions in troubles.items():
        where = str(subject.deck.path)
        if trouble.key:
            where = subject.place_of(trouble.key, conditions[0].name)
        names = ", ".join(condition.called for condition in conditions)
        needing = (subject.needed.get(one.name, ()) for one in conditions if one.key != "start")
        demos = dict.fromkeys(demo for each in needing for demo in each)
        what = f"{names}: {trouble.words}"
        yield Issue(trouble.level, where, what, trouble.todo, tuple(demos))


def _troubles(subject: Subject, found: Survey) -> Iterator[tuple[Condition, _Trouble]]:
    exported = {name for _, demo in subject.demos for name in demo.exports}
    for condition, finding in found.findings:
        if finding.truth is Truth.UNKNOWN:
            words = finding.words.removeprefix(f"{condition.called}: ")
            todo = "check again, or correct the condition"
            yield condition, _Trouble(Level.WARNING, condition.key, words, todo)
        elif finding.truth is Truth.FALSE and finding.fault is not Fault.MISSING_PROGRAM:
            yield condition, _failed(subject, condition, finding, found.context)
    for condition in found.unknown:
        missing = sorted(variables_of(condition.told) - _variables(subject).keys())
        words = f"it waits for {', '.join(missing)}"
        level, words, todo = (
            (Level.NOTE, f"{words}, which the talk exports: nobody was asked", "")
            if exported.issuperset(missing)
            else (Level.WARNING, f"{words}, which no demo exports", "name it in `vars`")
        )
        yield condition, _Trouble(level, condition.key, words, todo)


def _failed(subject: Subject, condition: Condition, finding: Finding, current: str) -> _Trouble:
    level, words, todo = Level.WARNING, finding.words, _todo(condition, finding)
    if condition.key == "start":
        known = [key for key in ("setup", "reset") if subject.deck.meta.extra.get(key)]
        todo = f"presenter {known[0]} {subject.deck.path}" if known else todo
    wanted = _wanted_context(condition)
    if wanted and current and wanted != current:
        todo = f"kubectl config use-context {wanted}"
    if condition.key == "start" or subject.needed.get(condition.name):
        level = Level.NO_GO
    elif condition.name in subject.provided:
        level, words, todo = Level.NOTE, f"{words}; a step of the talk is to provide it", ""
    return _Trouble(level, condition.key, words, todo)


def _wanted_context(condition: Condition) -> str:
    spec = condition.told.get("kubernetes")
    return str(spec.get("context") or "") if isinstance(spec, Mapping) else ""


_TODO = {
    Fault.REFUSED: "start it, or correct its address",
    Fault.SILENT: "see that it runs, and that this network lets it through",
    Fault.NO_ROUTE: "see to the network, and to its name",
    Fault.PORTAL: "log in to this network in a browser",
}
"""By what keeps it from answering."""


def _todo(condition: Condition, finding: Finding) -> str:
    if finding.fault is not None:
        return _TODO.get(finding.fault, "see that it is there")
    if "free" in condition.told:
        return "end what holds it"
    return "bring it about, or correct the condition"
