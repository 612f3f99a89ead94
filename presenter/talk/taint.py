"""What did not really happen in a shell session, and what therefore stays recorded.

A step that was replayed, skipped or cut off did not change the world. Later steps of its session
are not run live on a world that lacks it, until what the step `provides` is found to hold or the
speaker says that all is well. One `Taint` belongs to one session of the deck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from presenter.talk.condition import Truth, truth_of


class Outcome(Enum):
    """How a showing of a step ended."""

    RAN = "ran"
    """Live, to its end: a failure that was kept counts too, and a Ctrl-C, as watches end by it."""
    REPLAYED = "replayed"
    """From below live, in whole or from some point on."""
    SKIPPED = "skipped"
    CUT = "cut"
    """Live, and left by the speaker before its end."""

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        """A journal of a version to come may know more: that a step ran is known of one alone."""
        del value
        return cls.CUT


@dataclass(frozen=True, slots=True)
class Unmade:
    """A step that did not happen, and the conditions that would show that it had."""

    demo: str
    step: int
    provides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taint:
    """The steps of a session that did not happen, in the order in which they were shown."""

    unmade: tuple[Unmade, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unmade)

    @property
    def awaited(self) -> frozenset[str]:
        """The conditions worth looking at: any of them may lift a part of the taint."""
        return frozenset(name for one in self.unmade for name in one.provides)


def after_step(taint: Taint, step: Unmade, outcome: Outcome) -> Taint:
    """The taint when a step has been shown; one that ran has made up for not having run before."""
    others = happened(taint, step.demo, step.step)
    return others if outcome is Outcome.RAN else Taint((*others.unmade, step))


def found(taint: Taint, known: Mapping[str, Truth]) -> tuple[Unmade, ...]:
    """The steps that have happened after all, as the conditions show that have been looked at.

    A step has happened where all that it provides holds. One that provides nothing leaves nothing
    to look at: for it the speaker's word is needed.
    """
    return tuple(
        one for one in taint.unmade if one.provides and truth_of(one.provides, known) is Truth.TRUE
    )


def happened(taint: Taint, demo: str, step: int) -> Taint:
    """The taint when a step is known to have happened."""
    left = tuple(one for one in taint.unmade if (one.demo, one.step) != (demo, step))
    return replace(taint, unmade=left)
