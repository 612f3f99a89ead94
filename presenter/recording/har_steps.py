"""A HAR log cut into the steps of a demo, and made of steps that ran live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from presenter.deck.http import Group
from presenter.deck.model import Demo, Grid, Step
from presenter.recording.asciicast import Event
from presenter.recording.har import Exchange, Har
from presenter.recording.har_lines import Sent, read_line, status_of, timed, until_of
from presenter.recording.har_reader import read_har
from presenter.recording.har_values import counted
from presenter.recording.provenance import CAPTURED, Provenance, command_hash, marker_label
from presenter.recording.ran import DATA, Ran, Run
from presenter.terminal.emulator import Snapshot


@dataclass(frozen=True, slots=True)
class HarStep:
    """Satisfies `demo.replay.StepTakeLike`."""

    number: int
    events: tuple[Event, ...]
    exit_status: int
    duration: float
    stale: bool
    exchanges: tuple[Exchange, ...]


class HarTake:
    """A demo's HAR recording; satisfies `demo.replay.TakeLike`."""

    torn = False
    skipped: tuple[()] = ()
    """What is damaged is refused as a whole."""

    def __init__(self, har: Har, demo: Demo, grid: Grid) -> None:
        self.har = har
        self.columns, self.rows = grid.columns, grid.rows
        self._demo = demo

    @property
    def provenance(self) -> Provenance | None:
        return self.har.provenance

    def step(self, number: int, command: str) -> HarStep | None:
        """The exchanges of a step: found by the hash of its request, else by its number.

        In a log of others, those with the step's method and address, variables not compared.
        """
        step = self._demo.steps[number]
        wanted = command_hash(command)
        found = self._labelled(lambda label: label == marker_label(number, command))
        found = found or self._labelled(lambda label: label.partition(" ")[2] == wanted)
        stale = not found
        found = found or self._labelled(lambda label: label.partition(" ")[0] == str(number + 1))
        if not found and not any(one.label for one in self.har.exchanges):
            found, stale = tuple(self._alike(step)), False
        return self._cut(number, step, found, stale=stale) if found else None

    def screen_before(self, number: int) -> Snapshot | None:
        """Data stands on no screen."""
        del number
        return None

    def _labelled(self, fits: Callable[[str], bool]) -> tuple[Exchange, ...]:
        return tuple(one for one in self.har.exchanges if one.label and fits(one.label))

    def _alike(self, step: Step) -> Iterator[Exchange]:
        asked = step.request
        if asked is None:
            return
        before, _, rest = asked.url.partition("{{")
        after = rest.rpartition("}}")[2]
        for one in self.har.exchanges:
            url = one.request.url
            fits = url.startswith(before) and url.endswith(after) if rest else url == asked.url
            if fits and one.request.method == asked.method:
                yield one

    def _cut(self, number: int, step: Step, found: Sequence[Exchange], *, stale: bool) -> HarStep:
        groups = step.request.groups if step.request is not None else ()
        exchanges = tuple(one if one.groups else _grouped(one, groups) for one in found)
        until = until_of(step.request) if step.request is not None else ""
        picture = step.request.picture if step.request is not None else ""
        lines = tuple(timed(sent_for(exchanges, until, picture), exchanges))
        return HarStep(
            number,
            tuple(Event(at, DATA, line) for at, line in lines),
            0 if until else status_of(exchanges),
            lines[-1][0],
            stale,
            exchanges,
        )


def sent_for(exchanges: Sequence[Exchange], until: str = "", picture: str = "") -> Sent:
    """What was asked for these, at least one."""
    first = exchanges[0].request
    names = tuple(dict.fromkeys(name for one in exchanges for name, _ in one.groups))
    picture = picture or exchanges[0].picture
    return Sent(first.method, first.url, len(exchanges), names, until, picture)


def _grouped(exchange: Exchange, groups: Sequence[Group]) -> Exchange:
    """With its values. Patterns are left out: matching them may take its time."""
    plain = [one for one in groups if one.pick.kind != "regex"]
    values = tuple((one.name, counted(one.pick, exchange)) for one in plain)
    return replace(exchange, groups=values)


def open_har(path: Path, demo: Demo, grid: Grid) -> HarTake:
    """Raises RecordingError."""
    return HarTake(read_har(path), demo, grid)


def make_har(run: Run, before: HarTake | None) -> tuple[Har, int]:
    """What ran live as a log; steps that did not run are taken from the recording before.

    Returns how many these are, too. Nothing has been taken out yet.
    """
    found: list[Exchange] = []
    older = 0
    told = before.provenance if before is not None else None
    for number, step in enumerate(run.demo.steps):
        label = marker_label(number, step.whole)
        if number in run.steps:
            found += (replace(one, label=label) for one in _exchanges(run.steps[number]))
        elif before is not None and told is not None and told.source == CAPTURED:
            taken = before.step(number, step.whole)
            if taken is not None and not taken.stale:
                older += 1
                found += (replace(one, label=label) for one in taken.exchanges)
    found.sort(key=_started)
    return Har(tuple(found), run.provenance), older


def _started(exchange: Exchange) -> datetime:
    return exchange.started


def _exchanges(ran: Ran) -> Iterator[Exchange]:
    for event in ran.events:
        if event.code == DATA:
            for line in event.data.splitlines():
                found = read_line(line)
                if isinstance(found, Exchange):
                    yield found
