"""How an endpoint stands: a fold over what its heartbeats tell.

    UP → SUSPECT (silent for 0.75 s) → DOWN (for 1.2 s, or an error that a second dial confirms)

Nobody but the speaker sees a suspicion. What is down stays down while a step runs, whatever comes:
`settled`, asked between two steps, lets it up again when it has answered for a while. Silence
counts only while somebody has listened: not while a process of ours stood still.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from presenter.talk.fallback import Fault

SUSPECT_SECONDS = 0.75
DOWN_SECONDS = 1.2
HIGHEST = 2.5
"""Seconds above which no venue raises the thresholds."""
REDIAL_SECONDS = 0.2
"""For the second dial after an error."""
RECOVERY_SECONDS = 3.0
RECOVERY_BEATS = 8
MOST_GAP = 0.35
"""Seconds between two pieces of evidence that count as silence: a heartbeat's interval and a bit.
More means that nobody listened."""
_REDIAL_LATE = 0.1


class Standing(Enum):
    UNKNOWN = "unknown"
    """Nothing has been heard yet."""
    UP = "up"
    SUSPECT = "suspect"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Seconds of silence."""

    suspect: float = SUSPECT_SECONDS
    down: float = DOWN_SECONDS

    def raised(self, silence: float) -> Thresholds:
        """For a venue where 99.9 % of the silences between answers last at most `silence` s."""
        down = max(self.down, min(2 * silence, HIGHEST))
        return Thresholds(self.suspect * down / self.down, down)


@dataclass(frozen=True, slots=True)
class Good:
    """A heartbeat was answered as it should be. `at` is a time in seconds, here as below."""

    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A heartbeat was sent, and nothing has come yet."""

    at: float


@dataclass(frozen=True, slots=True)
class Broken:
    """An error that is none of silence: refused, reset, another's answer, credentials not taken."""

    at: float
    fault: Fault
    words: str = ""
    confirmed: bool = False
    """By a second dial."""


Evidence = Good | Waiting | Broken


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is known of one endpoint."""

    standing: Standing = Standing.UNKNOWN
    fault: Fault | None = None
    """Why it is down or suspected."""
    words: str = ""
    """The same for the speaker."""
    heard: float | None = None
    """When the last evidence came."""
    silence: float = 0.0
    """Seconds."""
    broken: float | None = None
    """When an error came that the second dial has not confirmed yet."""
    good: int = 0
    """Answers in a row, since it is down."""
    good_since: float = 0.0
    was_up: bool = False


def observe(endpoint: Endpoint, evidence: Evidence, thresholds: Thresholds) -> Endpoint:
    """The endpoint after one more piece of evidence; older than the last one, it tells nothing."""
    if endpoint.heard is not None and evidence.at < endpoint.heard:
        return endpoint
    match evidence:
        case Good():
            after = _answered(endpoint, evidence.at)
        case Waiting():
            after = _waited(endpoint, evidence.at, thresholds)
        case Broken():
            after = _broken(endpoint, evidence)
    return replace(after, heard=evidence.at)


def settled(endpoint: Endpoint) -> Endpoint:
    """The endpoint between two steps: up again, where it has answered for long enough."""
    return _up(endpoint) if has_recovered(endpoint) else endpoint


def has_recovered(endpoint: Endpoint) -> bool:
    """Whether it is down, and would be up for the next step."""
    long = (endpoint.heard or 0.0) - endpoint.good_since >= RECOVERY_SECONDS
    return endpoint.standing is Standing.DOWN and endpoint.good >= RECOVERY_BEATS and long


def _answered(endpoint: Endpoint, at: float) -> Endpoint:
    if endpoint.standing is not Standing.DOWN or not endpoint.was_up:
        return _up(endpoint)
    since = endpoint.good_since if endpoint.good else at
    return replace(endpoint, silence=0.0, broken=None, good=endpoint.good + 1, good_since=since)


def _up(endpoint: Endpoint) -> Endpoint:
    return Endpoint(Standing.UP, heard=endpoint.heard, was_up=True)


def _waited(endpoint: Endpoint, at: float, thresholds: Thresholds) -> Endpoint:
    heard = at if endpoint.heard is None else endpoint.heard
    silence = endpoint.silence + min(at - heard, MOST_GAP)
    endpoint = replace(endpoint, silence=silence)
    if endpoint.standing is Standing.DOWN:
        return replace(endpoint, good=0) if silence >= thresholds.suspect else endpoint
    if endpoint.broken is not None:
        late = at - endpoint.broken >= REDIAL_SECONDS + _REDIAL_LATE
        return replace(endpoint, standing=Standing.DOWN) if late else endpoint
    if silence >= thresholds.down:
        return replace(
            endpoint,
            standing=Standing.DOWN,
            fault=Fault.SILENT,
            words=f"no answer for {silence:.1f} s",
        )
    if silence >= thresholds.suspect:
        return replace(
            endpoint, standing=Standing.SUSPECT, fault=Fault.SILENT, words="no answer at the moment"
        )
    return endpoint


def _broken(endpoint: Endpoint, evidence: Broken) -> Endpoint:
    down = evidence.confirmed or endpoint.standing is Standing.DOWN
    return replace(
        endpoint,
        standing=Standing.DOWN if down else Standing.SUSPECT,
        fault=evidence.fault,
        words=evidence.words,
        broken=None if down else evidence.at,
        good=0,
    )
