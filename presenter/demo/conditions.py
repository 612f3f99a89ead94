"""The conditions of a deck as they stand: looked at in the background, and never waited for.

A step is decided on by what is known when its key is pressed. What has not been looked at, or names
a variable that no step has exported yet, is unknown, and unknown is never failed.

Whether the other side is there at all is said by heartbeats, for the conditions in view: a look
that found nobody in the moment of an interruption tells nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from presenter.demo.heartbeats import Heartbeats, Watcher
from presenter.demo.pins import Pins, Reader
from presenter.talk.condition import (
    CURRENT_CLUSTER,
    Truth,
    all_of,
    expand,
    is_known,
    variables_of,
)
from presenter.talk.fallback import Fault
from presenter.talk.health import Endpoint, Standing, Thresholds


class Finding(Protocol):
    """What one look found; see `presenter.live.probes.Finding`."""

    @property
    def truth(self) -> Truth: ...
    @property
    def fault(self) -> Fault | None: ...
    @property
    def words(self) -> str: ...


class Prober(Watcher, Reader, Protocol):
    """Looks at one condition, and watches many; see `presenter.live.probes.Prober`."""

    async def probe(self, name: str, condition: Mapping[str, object]) -> Finding: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A condition as it was found last."""

    name: str
    truth: Truth = Truth.UNKNOWN
    words: str = ""
    """For the speaker: what was found."""


class Conditions:
    """All conditions that the deck names; without a prober nothing is ever looked at."""

    def __init__(
        self,
        needs: Mapping[str, object],
        variables: Callable[[], Mapping[str, str]],
        prober: Prober | None,
        thresholds: Thresholds | None = None,
    ) -> None:
        """`needs` is the front matter's; `variables` gives what `{{NAME}}` stands for now.

        `thresholds`: after how much silence somebody is taken to be gone.
        """
        self.on_change: Callable[[], None] = lambda: None
        """Called when a look has found something else than the one before."""
        self.on_look: Callable[[], None] = lambda: None
        """Called after every look: what held before a step that provides it may hold after it."""
        self._needs = needs
        self._variables = variables
        self._prober = prober
        self._found: dict[str, Finding] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._attending: asyncio.Task[None] | None = None
        self._pins = Pins(prober) if prober is not None else None
        self._beats: Heartbeats | None = None
        if prober is not None:
            self._beats = Heartbeats(prober, thresholds or Thresholds(), self._stands_otherwise)
            self._beats.on_odd = self.look

    def use(self, needs: Mapping[str, object]) -> None:
        """Another version of the deck: what was found of conditions that changed is forgotten."""
        for name in [name for name in self._found if needs.get(name) != self._needs.get(name)]:
            del self._found[name]
        self._needs = needs
        self.happened((), chosen=True)

    def look(self, names: Iterable[str]) -> None:
        """Look at these in the background; at one that is being looked at, not twice."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # nothing is looked at before the talk is on the stage
            return
        if self._prober is None:
            return
        for name in dict.fromkeys(names):
            condition = self._condition(name)
            if condition is not None and name not in self._looks:
                look = self._look(self._prober, name)
                self._looks[name] = loop.create_task(look)

    def attend(self, names: Iterable[str]) -> None:
        """The steps in view need these: they are looked at, and watched as long as it is so."""
        names = list(names)
        self.look(names)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._beats is not None:
            if self._attending is not None:
                self._attending.cancel()
            self._attending = loop.create_task(self._watch(self._beats, names))

    def hold(self, running: bool) -> None:
        """Whether a step runs: what is down then stays down."""
        if self._beats is not None:
            self._beats.hold(running)

    def happened(self, names: Iterable[str], *, chosen: bool = False) -> None:
        """A step provides these, which may well be there at once.

        `chosen`: it has chosen the cluster that is current now.
        """
        if self._beats is not None:
            self._beats.renew(names)
        if self._pins is not None and chosen:
            self._pins.forget()

    async def trouble(self, names: Iterable[str], named: str, folder: Path | None) -> str:
        """Why a step that needs these would meet another cluster than the talk's, or nothing.

        `named` is KUBECONFIG of the step's shell, in `folder`.
        """
        conditions = [self._condition(name) or {} for name in names]
        specs = [each["kubernetes"] for each in conditions if "kubernetes" in each]
        if not specs or self._pins is None:
            return ""
        return await self._pins.trouble(specs, named, folder)

    def truth(self, names: Iterable[str]) -> Truth:
        """Whether all of these hold, as far as is known."""
        return all_of(self._truth(name) for name in names)

    def fault(self, names: Iterable[str]) -> Fault | None:
        """A fault of the link that one of these was found with."""
        faults = (_fault_of(self._endpoint(name), self._found.get(name)) for name in names)
        return next((fault for fault in faults if fault is not None), None)

    def holding(self) -> frozenset[str]:
        """Those that were found to hold."""
        return frozenset(name for name in self._found if self._truth(name) is Truth.TRUE)

    def known(self, names: Collection[str]) -> list[Known]:
        """Those of the names that are conditions, as they stand."""
        return [
            Known(name, self._truth(name), self._words(name))
            for name in dict.fromkeys(names)
            if name in self._needs or name == CURRENT_CLUSTER
        ]

    def close(self) -> None:
        """Look at nothing any more."""
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()
        if self._attending is not None:
            self._attending.cancel()
        if self._pins is not None:
            self._pins.close()
        if self._prober is not None:
            self._prober.close()
            self._prober = None

    def _truth(self, name: str) -> Truth:
        endpoint, found = self._endpoint(name), self._found.get(name)
        if endpoint is not None and endpoint.standing is Standing.DOWN:
            return Truth.FALSE
        if found is None or _is_stale(endpoint, found):
            return Truth.UNKNOWN
        return found.truth

    def _endpoint(self, name: str) -> Endpoint | None:
        return self._beats.of(name) if self._beats is not None else None

    def _words(self, name: str) -> str:
        endpoint = self._endpoint(name)
        if endpoint is not None and endpoint.words:
            return endpoint.words
        if name in self._found:
            return self._found[name].words
        missing = sorted(variables_of(self._needs.get(name)) - self._variables().keys())
        if missing:
            return f"waits for {', '.join(missing)}"
        return "not looked at yet"

    def _condition(self, name: str) -> Mapping[str, object] | None:
        """The condition with its variables in; None where it cannot be looked at."""
        if name == CURRENT_CLUSTER:
            return _with_pins(self._pins, {"kubernetes": {}})
        condition, variables = self._needs.get(name), self._variables()
        if not isinstance(condition, Mapping) or not is_known(condition, variables):
            return None
        expanded = expand(condition, variables)
        return _with_pins(self._pins, expanded) if isinstance(expanded, Mapping) else None

    async def _until_pinned(self, names: Iterable[str]) -> None:
        """No cluster is asked anything before it is known which one is the talk's."""
        conditions = (self._condition(name) or {} for name in names)
        if self._pins is not None and any("kubernetes" in each for each in conditions):
            await self._pins.ready()

    async def _watch(self, beats: Heartbeats, names: list[str]) -> None:
        await self._until_pinned(names)
        conditions = {name: self._condition(name) for name in names}
        beats.watch({name: each for name, each in conditions.items() if each is not None})

    def _stands_otherwise(self, names: Iterable[str]) -> None:
        """Somebody has gone, or is there again: what they hold is looked at anew."""
        names = list(names)
        ends = [self._endpoint(name) for name in names]
        if any(end is not None and end.standing is Standing.UP for end in ends):
            self.look(names)
        self.on_change()

    async def _look(self, prober: Prober, name: str) -> None:
        try:
            await self._until_pinned([name])
            condition = self._condition(name)
            if condition is None:
                return
            found = await prober.probe(name, condition)
        finally:
            self._looks.pop(name, None)
        before = self._found.get(name)
        self._found[name] = found
        if before is None or (before.truth, before.fault) != (found.truth, found.fault):
            self.on_change()
        self.on_look()


def _is_stale(endpoint: Endpoint | None, found: Finding) -> bool:
    """Whether a look found nobody where heartbeats are answered, or nobody asks any more."""
    if endpoint is None:
        return False
    if endpoint.standing is Standing.UNKNOWN:
        return bool(endpoint.words)
    return endpoint.standing is not Standing.DOWN and found.fault is not None


def _fault_of(endpoint: Endpoint | None, found: Finding | None) -> Fault | None:
    if endpoint is not None and endpoint.standing is Standing.DOWN:
        return endpoint.fault
    return None if found is None or _is_stale(endpoint, found) else found.fault


def _with_pins(pins: Pins | None, condition: Mapping[str, object]) -> Mapping[str, object]:
    if pins is None or "kubernetes" not in condition:
        return condition
    return {**condition, "kubernetes": pins.pinned(condition["kubernetes"])}
