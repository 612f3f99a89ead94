"""What ran live, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from presenter.deck.model import Demo, Grid
from presenter.recording.asciicast import Event
from presenter.recording.provenance import CAPTURED, Provenance

DATA = "d"
"""The code of an event of whole lines of data (see `har_lines`); no asciicast file has it."""


IN_A_TALK = "ran live in a talk"
IN_A_REHEARSAL = "ran live in a rehearsal"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step printed, from the beginning of its output on."""

    events: tuple[Event, ...]
    """Output, data and resizes, at seconds since then."""
    status: int | None
    seconds: float
    cut: bool = False
    """It printed more than is kept."""


@dataclass(frozen=True, slots=True)
class Run:
    """A demo as it ran in a talk."""

    demo: Demo
    steps: Mapping[int, Ran]
    deck: str
    """The deck's stem."""
    grid: Grid
    date: str
    """ISO 8601, with offset."""
    exports: Mapping[str, str]
    note: str = IN_A_TALK
    """On how it ran, and where."""
    tools: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Versions of what it ran with."""

    @property
    def statuses(self) -> tuple[int | None, ...]:
        """Of each step; None for one that did not run."""
        ran = (self.steps.get(number) for number in range(len(self.demo.steps)))
        return tuple(one.status if one is not None else None for one in ran)

    @property
    def provenance(self) -> Provenance:
        """Of a recording of data that is made of it."""
        return Provenance(
            source=CAPTURED,
            date=self.date,
            deck=self.deck,
            demo=self.demo.name,
            commands=tuple(step.command for step in self.demo.steps),
            exit_codes=self.statuses,
            exports=self.exports,
            tools=self.tools,
            note=self.note,
        )
