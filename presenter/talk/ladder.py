"""What feeds a step: the highest rung of the ladder that is there.

Live ones come above `recording`; a step always shows something, so `card` is always there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from presenter.deck.model import Demo

Rung = Literal["recording", "transcript", "card"]
RUNGS: tuple[Rung, ...] = ("recording", "transcript", "card")
"""From the highest to the lowest."""


@dataclass(frozen=True, slots=True)
class Available:
    """What there is for a step."""

    recording: bool
    transcript: bool
    """Whether the source tells the output; an empty one (prints nothing) counts."""


def choose_rung(available: Available, failed: frozenset[str] = frozenset()) -> Rung:
    """The highest rung that is there and has not failed; never one above a failed one."""
    lowest_failed = max((RUNGS.index(rung) for rung in RUNGS if rung in failed), default=-1)
    there = {
        "recording": available.recording,
        "transcript": available.transcript,
        "card": True,
    }
    for index, rung in enumerate(RUNGS):
        if index > lowest_failed and there[rung]:
            return rung
    return "card"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a step will be fed with, as far as the talk needs to know it."""

    rung: str
    status: int | None = None
    """The exit status that it will show, where it is known beforehand."""
    seconds: float = 0.0


FeedOf = Callable[[Demo, int], Feed]


def feed_from_deck(demo: Demo, step: int) -> Feed:
    """The feed of a step of which only the deck is known."""
    transcript = demo.steps[step].transcript is not None
    return Feed(choose_rung(Available(recording=False, transcript=transcript)))
