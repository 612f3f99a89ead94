"""The endpoints behind the conditions of a deck, while their heartbeats are measured."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from presenter.demo.heartbeats import SLACK_SECONDS, endpoint_of
from presenter.live.probes import Prober
from presenter.talk.health import HIGHEST, Evidence
from presenter.talk.silence import Silences, usual

START_SECONDS = 0.8
"""More than is asked for, at most: the process that sends heartbeats has to start."""
UNHEARD_SECONDS = 1.5
"""For an endpoint to answer at all."""
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Endpoint:
    """How one answered."""

    names: tuple[str, ...]
    """The conditions that it stands behind."""
    answers: int
    silence: float | None
    """Seconds, see `talk.silence.usual`; None where there were less than two answers."""


class Watched:
    """Each is watched once, from now on, however many conditions name it."""

    def __init__(
        self, prober: Prober, conditions: Iterable[tuple[str, Mapping[str, object]]], watch: float
    ) -> None:
        """`conditions` are names and conditions without variables; `watch` is in seconds."""
        self._watch = watch
        self._last = time.monotonic() + watch + START_SECONDS
        self._keys: dict[str, str] = {}
        wanted: dict[str, Mapping[str, object]] = {}
        for name, condition in conditions:
            endpoint = endpoint_of(condition)
            if endpoint is not None:
                key = json.dumps(endpoint, sort_keys=True, default=str)[:1000]
                self._keys[name] = key
                wanted[key] = endpoint
        self._silences = {key: Silences() for key in wanted}
        self._unheard = time.monotonic() + UNHEARD_SECONDS
        prober.on_beat = self._hear
        prober.watch(wanted, HIGHEST + SLACK_SECONDS)

    def answers(self, name: str) -> bool:
        """Whether the endpoint of a condition has answered."""
        key = self._keys.get(name)
        return key is not None and self._silences[key].first is not None

    @property
    def left(self) -> float:
        """Seconds until all is over: those that answer were watched for long enough."""
        ends = (
            self._unheard if silence.first is None else silence.first + self._watch
            for silence in self._silences.values()
        )
        return min(self._last, max(ends, default=0.0)) - time.monotonic()

    async def measured(self) -> None:
        """Until it is over."""
        while True:
            left = self.left
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    def endpoints(self) -> list[Endpoint]:
        """What was measured."""
        found = []
        for key, silence in self._silences.items():
            names = tuple(name for name, its in self._keys.items() if its == key)
            count = len(silence.ended)
            found.append(Endpoint(names, count + 1 if count else 0, usual(silence.ended)))
        return found

    def _hear(self, key: str, evidence: Evidence | None) -> None:
        if evidence is not None and key in self._silences:
            self._silences[key].take(evidence)
