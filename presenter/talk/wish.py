"""What the speaker wants of the plan. Loaded before the first frame, so it imports nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What the speaker wants of the plan."""

    target: float | None = None
    """Seconds over which it is spread anew; None: as the deck has it."""
    cut: str = ""
    """The deck's shorter version that is given."""
    marks: tuple[float, ...] = ()
    """Moments that are looked at afterwards, in seconds."""
    bar: bool = False
    """Whether the pace stands on the stage: only in a rehearsal."""


AS_IT_IS = Wish()
