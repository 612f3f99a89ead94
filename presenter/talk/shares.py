"""A plan as talks are compared with it, and which times are believed. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from presenter.talk import events as e

LONGEST = 7 * 86_400.0
"""Seconds beyond which no time is believed: a journal may hold any number."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A plan, as it is compared with."""

    seconds: Mapping[str, float]
    """By the slides' ids, in the deck's order; not those that are to take no time at all.

    The first slide is one: it stands there before the timer starts, so nobody knows how long.
    """
    titles: Mapping[str, str]
    """Of all slides of the plan."""
    total: float
    marks: tuple[float, ...] = ()

    def at(self, moment: float) -> str:
        """The slide that is planned for a moment; the last one after the end."""
        end, last = 0.0, ""
        for last, seconds in self.seconds.items():
            end += seconds
            if moment < end:
                return last
        return last

    def late(self, slide_id: str, moment: float) -> float | None:
        """Seconds by which that slide is late at a moment (negative: early); None: not planned."""
        start = 0.0
        for planned, seconds in self.seconds.items():
            if planned == slide_id:
                return max(moment - start - seconds, 0.0) + min(moment - start, 0.0)
            start += seconds
        return None


@lru_cache(maxsize=64)  # most runs of a deck have the same plan
def shares_of(made: e.PlanMade | None) -> Shares | None:
    """A plan as it is compared with; None where there is none, or it gives nothing any time."""
    if made is None:
        return None
    given = zip(made.ids, map(sane, made.seconds), strict=False)
    seconds = {one: share for one, share in given if share}
    whole = sum(seconds.values())
    if not whole:
        return None
    titles = dict.fromkeys(made.ids, "") | dict(zip(made.ids, made.titles, strict=False))
    marks = tuple(sorted(mark for mark in set(made.marks) if 0 < mark <= LONGEST))
    return Shares(seconds, titles, sane(made.total) or whole, marks)


def sane(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST) if math.isfinite(seconds) else 0.0


def sane_times(times: Mapping[str, float]) -> Mapping[str, float]:
    """The same where all are sane, which they nearly always are."""
    if all(0.0 <= seconds <= LONGEST for seconds in times.values()):
        return times
    return {one: sane(seconds) for one, seconds in times.items()}
