"""What a rehearsal is to be. Loaded before the first frame, so it imports next to nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the speaker wants to practise."""

    live: bool = False
    """Against the real world; else nothing runs, and nobody is contacted."""
    keep: bool = False
    """What ran live and well is kept at the end."""
    seed: int | None = None
    """Of the drill; None: no faults."""
    auto: bool = False
    """The talk presses its key by itself, at the plan's pace."""
    again: bool = False
    """And begins again when it has ended."""

    @property
    def purpose(self) -> str:
        """As the journal names it."""
        if self.auto:
            return "auto"
        return "rehearsal" if self.seed is None else "drill"

    @property
    def taped(self) -> bool:
        """Whether recordings stand in for what would run live."""
        return self.seed is not None and not self.live

    @property
    def mode(self) -> str:
        """A value of `fallback.Mode`."""
        return "default" if self.live or self.taped else "recorded"
