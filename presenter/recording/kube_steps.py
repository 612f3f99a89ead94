"""A recording of a Kubernetes demo cut into steps, and made of steps that ran live."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from presenter.deck.model import Grid
from presenter.recording.asciicast import Event
from presenter.recording.kube_file import Recorded, Watched, read_watched
from presenter.recording.kube_lines import encoded
from presenter.recording.provenance import CAPTURED, Provenance, command_hash, marker_label
from presenter.recording.ran import DATA, Ran, Run
from presenter.terminal.emulator import Snapshot

BATCH_SECONDS = 0.1
"""Lines that come so close together are shown together."""
TICK_SECONDS = 1.0
MOST_TICKS = 2
"""In a row: a longer silence is cut when it is played."""


@dataclass(frozen=True, slots=True)
class KubeStep:
    """Satisfies `demo.replay.StepTakeLike`."""

    number: int
    events: tuple[Event, ...]
    exit_status: int | None
    duration: float
    stale: bool
    recorded: Recorded


class KubeTake:
    """A demo's recording; satisfies `demo.replay.TakeLike`."""

    torn = False
    skipped: tuple[()] = ()
    """What is damaged is refused as a whole."""

    def __init__(self, watched: Watched, grid: Grid) -> None:
        self.watched = watched
        self.columns, self.rows = grid.columns, grid.rows

    @property
    def provenance(self) -> Provenance | None:
        return self.watched.provenance

    def step(self, number: int, command: str) -> KubeStep | None:
        """The lines of a step: found by the hash of its query, else by its number."""
        wanted = command_hash(command)
        steps = self.watched.steps
        exact = [one for one in steps if one.label == marker_label(number, command)]
        found = exact or [one for one in steps if one.label.partition(" ")[2] == wanted]
        stale = not found
        found = found or [one for one in steps if one.label.partition(" ")[0] == str(number + 1)]
        if not found:
            return None
        one = found[-1]
        events = tuple(timed(one.lines))
        last = events[-1].time if events else 0.0
        return KubeStep(number, events, one.status, max(one.seconds, last), stale, one)

    def screen_before(self, number: int) -> Snapshot | None:
        """Data stands on no screen."""
        del number
        return None


def timed(lines: Sequence[str]) -> Iterator[Event]:
    """The lines in batches at seconds since the first, with ticks in what is silent between."""
    origin: float | None = None
    due = ticked = 0.0
    batch: list[str] = []
    at = 0.0
    for line in lines:
        time = _time_of(line)
        if time is not None:
            origin = time if origin is None else origin
            at = max(time - origin, at)
        if batch and at - due >= BATCH_SECONDS:
            yield Event(round(due, 3), DATA, "".join(batch))
            batch = []
        if origin is not None:
            for tick in _ticks(max(due, ticked), at):
                ticked = tick
                told = encoded({"at": round(origin + tick, 3), "tick": True})
                yield Event(round(tick, 3), DATA, told + "\n")
        if not batch:
            due = at
        batch.append(line + "\n")
    if batch:
        yield Event(round(due, 3), DATA, "".join(batch))


def _ticks(after: float, until: float) -> Iterator[float]:
    for number in range(1, MOST_TICKS + 1):
        tick = after + number * TICK_SECONDS
        if tick < until:
            yield tick


def _time_of(line: str) -> float | None:
    try:
        at = json.loads(line).get("at")
    except (ValueError, AttributeError, RecursionError):
        return None
    good = isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < 1e11
    return float(at) if good else None


def open_watched(path: Path, grid: Grid) -> KubeTake:
    """Raises RecordingError."""
    return KubeTake(read_watched(path), grid)


def make_watched(run: Run, before: KubeTake | None) -> tuple[Watched, int]:
    """What ran live as a recording; steps that did not run are taken from the one before.

    Returns how many these are, too. Nothing has been taken out yet.
    """
    steps: list[Recorded] = []
    older = 0
    told = before.provenance if before is not None else None
    for number, step in enumerate(run.demo.steps):
        label = marker_label(number, step.whole)
        if number in run.steps:
            steps.append(_recorded(label, run.steps[number]))
        elif before is not None and told is not None and told.source == CAPTURED:
            taken = before.step(number, step.whole)
            if taken is not None and not taken.stale:
                older += 1
                steps.append(
                    Recorded(label, taken.exit_status, taken.duration, taken.recorded.lines)
                )
    return Watched(tuple(steps), run.provenance), older


def _recorded(label: str, ran: Ran) -> Recorded:
    lines = (line for event in ran.events if event.code == DATA for line in event.data.splitlines())
    kept = tuple(line for line in lines if '"tick":' not in line[-12:] and line.startswith("{"))
    return Recorded(label, ran.status, ran.seconds, kept)
