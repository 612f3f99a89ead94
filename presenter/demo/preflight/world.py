"""Of the world: conditions, the current cluster, and how long its answers stay away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from presenter.demo.heartbeats import SLACK_SECONDS, endpoint_of
from presenter.demo.preflight.subject import Subject
from presenter.live.findings import Finding
from presenter.live.probes import Prober
from presenter.talk.condition import CURRENT_CLUSTER, Truth, expand, is_known, variables_of
from presenter.talk.fallback import Fault
from presenter.talk.health import HIGHEST, Evidence
from presenter.talk.preflight import Issue, Level
from presenter.talk.silence import Silences, usual

WATCH_SECONDS = 3.0
"""For which heartbeats are sent."""
START_SECONDS = 0.8
"""More than that, at most: the process that sends them has to start."""
UNHEARD_SECONDS = 1.5
"""For an endpoint to answer at all."""
_LOOK_SECONDS = 0.05
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


@dataclass(frozen=True)
class Endpoint:
    """How one answered."""

    names: tuple[str, ...]
    """The conditions that it stands behind."""
    answers: int
    silence: float | None
    """Seconds, see `talk.silence.usual`; None where there were less than two answers."""


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
    names, silences = _watch(known, prober)
    looks = asyncio.gather(*(prober.probe(one.called, told) for one, told in known))
    clusters = any("kubernetes" in told for _, told in known)
    current = _current(found, prober) if clusters else asyncio.sleep(0)
    began = time.monotonic()
    findings, _ = await asyncio.gather(looks, current)
    await _measured(list(silences.values()), began, watch)
    found.findings = [(one, finding) for (one, _), finding in zip(known, findings, strict=True)]
    for key, silence in silences.items():
        count = len(silence.ended)
        answers = count + 1 if count else 0
        found.endpoints.append(Endpoint(tuple(names[key]), answers, usual(silence.ended)))
    return found


def _variables(subject: Subject) -> dict[str, str]:
    told = subject.deck.meta.extra.get("vars")
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _watch(
    known: list[tuple[Condition, Mapping[str, object]]], prober: Prober
) -> tuple[dict[str, list[str]], dict[str, Silences]]:
    """Watch each endpoint once; the conditions behind it, and what is heard of it, by its key."""
    names: dict[str, list[str]] = {}
    wanted: dict[str, Mapping[str, object]] = {}
    for condition, told in known:
        endpoint = endpoint_of(told)
        if endpoint is not None:
            key = json.dumps(endpoint, sort_keys=True, default=str)[:1000]
            names.setdefault(key, []).append(condition.called)
            wanted[key] = endpoint
    silences = {key: Silences() for key in wanted}

    def hear(key: str, evidence: Evidence | None) -> None:
        if evidence is not None and key in silences:
            silences[key].take(evidence)

    prober.on_beat = hear
    prober.watch(wanted, HIGHEST + SLACK_SECONDS)
    return names, silences


async def _measured(silences: list[Silences], began: float, watch: float) -> None:
    """Until those that answer have been watched for so many seconds, or it is time to end."""

    def ends(silence: Silences) -> float:
        return began + UNHEARD_SECONDS if silence.first is None else silence.first + watch

    last = began + watch + START_SECONDS
    while silences:
        left = min(last, max(map(ends, silences))) - time.monotonic()
        if left <= 0:
            return
        await asyncio.sleep(min(left, _LOOK_SECONDS))


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
