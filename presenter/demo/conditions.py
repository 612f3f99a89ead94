"""The conditions of a deck as they stand: looked at in the background, and never waited for.

A step is decided on by what is known when its key is pressed. What has not been looked at, or names
a variable that no step has exported yet, is unknown, and unknown is never failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from presenter.talk.condition import (
    CURRENT_CLUSTER,
    Truth,
    all_of,
    expand,
    is_known,
    variables_of,
)
from presenter.talk.fallback import Fault


class Finding(Protocol):
    """What one look found; see `presenter.live.probes.Finding`."""

    @property
    def truth(self) -> Truth: ...
    @property
    def fault(self) -> Fault | None: ...
    @property
    def words(self) -> str: ...


class Prober(Protocol):
    """Looks at one condition; see `presenter.live.probes.Prober`."""

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
    ) -> None:
        """`needs` is the front matter's; `variables` gives what `{{NAME}}` stands for now."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when a look has found something else than the one before."""
        self.on_look: Callable[[], None] = lambda: None
        """Called after every look: what held before a step that provides it may hold after it."""
        self._needs = needs
        self._variables = variables
        self._prober = prober
        self._found: dict[str, Finding] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}

    def use(self, needs: Mapping[str, object]) -> None:
        """Another version of the deck: what was found of conditions that changed is forgotten."""
        for name in [name for name in self._found if needs.get(name) != self._needs.get(name)]:
            del self._found[name]
        self._needs = needs

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
                look = self._look(self._prober, name, condition)
                self._looks[name] = loop.create_task(look)

    def truth(self, names: Iterable[str]) -> Truth:
        """Whether all of these hold, as far as is known."""
        return all_of(self._truth(name) for name in names)

    def fault(self, names: Iterable[str]) -> Fault | None:
        """A fault of the link that one of these was found with."""
        faults = (self._found[name].fault for name in names if name in self._found)
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
        if self._prober is not None:
            self._prober.close()
            self._prober = None

    def _truth(self, name: str) -> Truth:
        found = self._found.get(name)
        return Truth.UNKNOWN if found is None else found.truth

    def _words(self, name: str) -> str:
        if name in self._found:
            return self._found[name].words
        missing = sorted(variables_of(self._needs.get(name)) - self._variables().keys())
        if missing:
            return f"waits for {', '.join(missing)}"
        return "not looked at yet"

    def _condition(self, name: str) -> Mapping[str, object] | None:
        """The condition with its variables in; None where it cannot be looked at."""
        if name == CURRENT_CLUSTER:
            return {"kubernetes": {}}
        condition, variables = self._needs.get(name), self._variables()
        if not isinstance(condition, Mapping) or not is_known(condition, variables):
            return None
        expanded = expand(condition, variables)
        return expanded if isinstance(expanded, Mapping) else None

    async def _look(self, prober: Prober, name: str, condition: Mapping[str, object]) -> None:
        try:
            found = await prober.probe(name, condition)
        finally:
            self._looks.pop(name, None)
        before = self._found.get(name)
        self._found[name] = found
        if before is None or (before.truth, before.fault) != (found.truth, found.fault):
            self.on_change()
        self.on_look()
