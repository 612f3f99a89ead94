"""How the endpoints stand that the steps in view need, by the heartbeats that others send."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from presenter.talk.health import (
    Endpoint,
    Evidence,
    Standing,
    Thresholds,
    observe,
    settled,
)

UNHEARD_SECONDS = 1.0
"""Without a sign of life of the process that asks, nothing is known: it may stand still."""
SLACK_SECONDS = 0.1
"""Above the longest silence, for an answer to be complete."""
_ENDPOINT = {
    "kubernetes": ("context", "server"),
    "http": ("status", "contains", "json"),
    "tcp": (),
}
"""The kinds that are watched, and what else of a condition says who is to answer, and how."""
_UNHEARD = Endpoint(words="the probes give no sign of life")


class Watcher(Protocol):
    """Sends heartbeats; see `presenter.live.probes.Prober`."""

    on_beat: Callable[[str, Evidence | None], None]

    @property
    def heard(self) -> float: ...

    def watch(self, conditions: Mapping[str, Mapping[str, object]], seconds: float) -> None: ...


class Heartbeats:
    """Folds them: one state for each endpoint, however many conditions name it."""

    def __init__(
        self, watcher: Watcher, thresholds: Thresholds, on_change: Callable[[Iterable[str]], None]
    ) -> None:
        """`on_change` takes the names of conditions whose endpoint stands otherwise than before."""
        self.on_odd: Callable[[Iterable[str]], None] = lambda _names: None
        """Takes those that are there, and are not as they should be any more, or are again."""
        self._watcher = watcher
        self._thresholds = thresholds
        self._on_change = on_change
        self._keys: dict[str, str] = {}
        self._endpoints: dict[str, Endpoint] = {}
        self._odd: set[str] = set()
        self._running = False
        watcher.on_beat = self._on_beat

    def watch(self, conditions: Mapping[str, Mapping[str, object]]) -> None:
        """These conditions, by name, are watched from now on, and no others."""
        wanted: dict[str, Mapping[str, object]] = {}
        self._keys = {}
        for name, condition in conditions.items():
            endpoint = endpoint_of(condition)
            if endpoint is not None:
                key = json.dumps(endpoint, sort_keys=True, default=str)[:1000]
                self._keys[name] = key
                wanted[key] = endpoint
        self._watcher.watch(wanted, self._thresholds.down + SLACK_SECONDS)

    def of(self, name: str) -> Endpoint | None:
        """How the endpoint of a condition stands; None where it is not watched."""
        key = self._keys.get(name)
        if key is None:
            return None
        endpoint = self._endpoints.get(key, Endpoint())
        unheard = time.monotonic() - self._watcher.heard > UNHEARD_SECONDS
        if unheard and endpoint.standing in (Standing.UP, Standing.SUSPECT):
            return _UNHEARD
        return endpoint

    def hold(self, running: bool) -> None:
        """Whether a step runs: what is down stays down as long as it does."""
        self._running = running
        if not running:
            for key, endpoint in list(self._endpoints.items()):
                self._take(key, settled(endpoint))

    def renew(self, names: Iterable[str]) -> None:
        """What was known of these is no longer so: a step has made them, or made them anew."""
        for name in names:
            self._endpoints.pop(self._keys.get(name, ""), None)

    def _on_beat(self, key: str, evidence: Evidence | None) -> None:
        if evidence is None:
            if key not in self._odd:
                self._odd.add(key)
                self.on_odd(self._names(key))
            return
        before = self._endpoints.get(key, Endpoint())
        after = observe(before, evidence, self._thresholds)
        self._take(key, after if self._running else settled(after))
        if after.standing is Standing.UP and key in self._odd:
            self._odd.discard(key)
            self.on_odd(self._names(key))

    def _take(self, key: str, endpoint: Endpoint) -> None:
        before = self._endpoints.get(key, Endpoint())
        self._endpoints[key] = endpoint
        if (before.standing, before.fault) != (endpoint.standing, endpoint.fault):
            self._on_change(self._names(key))

    def _names(self, key: str) -> list[str]:
        return [name for name, its in self._keys.items() if its == key]


def endpoint_of(condition: Mapping[str, object]) -> dict[str, object] | None:
    """What of a condition is watched; None where it has no endpoint."""
    for kind, keys in _ENDPOINT.items():
        if kind not in condition:
            continue
        if kind != "kubernetes":
            return {key: condition[key] for key in (kind, *keys) if key in condition}
        spec = condition[kind]
        told = spec if isinstance(spec, Mapping) else {}
        return {kind: {key: told[key] for key in keys if key in told}}
    return None
