"""How long it is silent between two answers at a venue, and the line in which that is kept.

Silence is counted as the detector counts it (see `health`): from answer to answer, and a stretch in
which nobody listened is at most `MOST_GAP` of it. So the figure can stand beside its thresholds.

    {"v": 1, "deck": "/talks/mesh.md", "when": "2026-11-23T09:40:00+01:00", "silence": 0.65}
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from presenter.talk.health import MOST_GAP, Broken, Evidence, Good

VERSION = 1
FRESH = timedelta(hours=24)
"""For which a measurement says something of the venue."""
_SKEW = timedelta(minutes=5)
"""By which its date may lie in the future: a clock was set."""
LONGEST = 60.0
"""Seconds."""
_SHARE = 0.999


class Silences:
    """Of one endpoint: takes what heartbeats tell, in its order."""

    def __init__(self) -> None:
        self.ended: list[float] = []
        """Seconds of each silence that an answer has ended."""
        self.first: float | None = None
        """When the first answer came."""
        self._heard: float | None = None
        self._open: float | None = None
        """Seconds since the last answer; None before the first one, and after an error."""

    def take(self, evidence: Evidence) -> None:
        """One more piece of evidence; older than the last one, it tells nothing."""
        if self._heard is not None and evidence.at < self._heard:
            return
        before, self._heard = self._heard, evidence.at
        if isinstance(evidence, Broken):
            self._open = None
            return
        if self._open is not None and before is not None:
            self._open += min(evidence.at - before, MOST_GAP)
        if isinstance(evidence, Good):
            if self._open is not None:
                self.ended.append(self._open)
            self._open = 0.0
            self.first = evidence.at if self.first is None else self.first


def usual(silences: Sequence[float]) -> float | None:
    """Seconds that 99.9 % of the silences do not exceed, as one of them; None where there is none.

    Of fewer than a thousand it is the longest one.
    """
    if not silences:
        return None
    ordered = sorted(silences)
    return ordered[math.ceil(_SHARE * len(ordered)) - 1]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured for a deck."""

    deck: str
    """Its absolute path, links followed."""
    when: datetime
    """With a time zone."""
    silence: float
    """Seconds: see `usual`; of the endpoint with the longest."""


def encode(measured: Measured) -> bytes:
    told = {
        "v": VERSION,
        "deck": measured.deck,
        "when": measured.when.isoformat(timespec="seconds"),
        "silence": round(measured.silence, 3),
    }
    return json.dumps(told).encode("ascii") + b"\n"


def decode(data: bytes, now: datetime) -> Measured:
    """Raises ValueError, which says what is odd, for what `encode` has not made before `now`."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("is damaged") from error
    if not isinstance(told, dict) or told.get("v") != VERSION:
        raise ValueError("is of another version")
    deck, written, silence = (told.get(key) for key in ("deck", "when", "silence"))
    if not isinstance(deck, str) or not isinstance(written, str):
        raise ValueError("is damaged")  # noqa: TRY004 — the file is wrong, not the call
    if isinstance(silence, bool) or not isinstance(silence, int | float):
        raise ValueError("has no figure in it")  # noqa: TRY004
    if not 0 <= silence <= LONGEST:
        raise ValueError(f"has a figure that is not one from 0 to {LONGEST:g}")
    try:
        when = datetime.fromisoformat(written)
        ahead = when - now > _SKEW
    except (ValueError, TypeError, OverflowError) as error:  # no date, or one without a time zone
        raise ValueError("has no date in it") from error
    if ahead:
        raise ValueError("has a date that is still to come")
    return Measured(deck, when, float(silence))


def is_fresh(measured: Measured, now: datetime) -> bool:
    """Whether it still says something of the venue."""
    return now - measured.when <= FRESH
