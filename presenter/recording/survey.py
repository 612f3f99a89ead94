"""What there is in a recording, in one pass: events, markers, steps, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from presenter.recording.asciicast import MARKER, RESIZE, Event
from presenter.recording.marks import Mark, MarkFinder
from presenter.recording.steps import is_label

MOST = 1000
"""Markers, steps and sizes told of one recording."""


@dataclass(slots=True)
class StepSeen:
    """Times in seconds since the recording's start, as a player shows them."""

    start: float
    label: str = ""
    """Number and hash, as at the marker; empty where there is none."""
    end: float | None = None
    status: int | None = None


@dataclass(slots=True)
class Survey:
    """Of more markers, steps and sizes than `MOST`, the first."""

    counts: Counter[str] = field(default_factory=Counter)
    """Events by code."""
    real: float = 0.0
    """Seconds, as the file has them."""
    shown: float = 0.0
    """Seconds with the header's idle limit."""
    markers: list[tuple[float, str]] = field(default_factory=list)
    """But for the labels of steps."""
    sizes: dict[str, None] = field(default_factory=dict)
    """Of resizes, each once, in their order."""
    steps: list[StepSeen] = field(default_factory=list)
    """By the shell's marks; of a recording without them, by the labels of steps."""


def survey(events: Iterable[Event], idle_limit: float | None) -> Survey:
    """Takes the events at their real times."""
    found = Survey()
    steps = _Steps(found.steps)
    limit = idle_limit if idle_limit is not None and idle_limit > 0 else None
    shift = 0.0
    for event in events:
        if limit is not None:
            shift += max(event.time - found.real - limit, 0.0)
        found.real = event.time
        found.shown = event.time - shift
        found.counts[event.code if len(found.counts) < MOST else ""] += 1
        if event.code == MARKER and not is_label(event.data) and len(found.markers) < MOST:
            found.markers.append((found.shown, event.data))
        if event.code == RESIZE and len(found.sizes) < MOST:
            found.sizes[event.data] = None
        steps.take(event, found.shown)
    steps.finish(found.shown)
    return found


class _Steps:
    """Collects the steps, and what their labels say where no mark does."""

    def __init__(self, steps: list[StepSeen]) -> None:
        self._steps = steps
        self._labelled: list[StepSeen] = []
        self._finder = MarkFinder()
        self._at_hand: StepSeen | None = None
        self._waiting = ""

    def take(self, event: Event, now: float) -> None:
        for piece in self._finder.take(event):
            if isinstance(piece, Mark):
                self._mark(piece, now)
            elif piece.code == MARKER and is_label(piece.data):
                self._label(piece.data, now)

    def _label(self, label: str, now: float) -> None:
        if len(self._labelled) < MOST:
            if self._labelled:
                self._labelled[-1].end = now
            self._labelled.append(StepSeen(now, label))
        if self._at_hand is None:
            self._waiting = label
        elif not self._at_hand.label:
            self._at_hand.label = label

    def _mark(self, mark: Mark, now: float) -> None:
        if mark.kind == "C":
            self._at_hand = StepSeen(now, self._waiting)
            self._waiting = ""
            if len(self._steps) < MOST:
                self._steps.append(self._at_hand)
        elif mark.kind in "AD" and self._at_hand is not None:
            self._at_hand.end, self._at_hand.status = now, mark.status
            self._at_hand = None

    def finish(self, now: float) -> None:
        if not self._steps:
            if self._labelled:
                self._labelled[-1].end = now
            self._steps += self._labelled
