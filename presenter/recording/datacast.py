"""Recordings of data as a player takes them: events at their times, a marker at each step.

What a player feeds to its screen are lines: one that begins with RIS begins a step, with its
command behind; the others are data (`har_lines`, `kube_lines`), of which the screen makes a
picture.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from presenter.recording.asciicast import MARKER, OUTPUT, Event, Header
from presenter.recording.provenance import Provenance
from presenter.recording.ran import DATA
from presenter.recording.reader import Cast

SUFFIXES = (".har", ".jsonl")
BEGIN = "\x1bc"
"""RIS, before a step's command."""
BETWEEN_SECONDS = 1.0
"""From the end of a step to the next one."""
IDLE_LIMIT = 2.0
COLUMNS, ROWS = 80, 20
Steps = Iterable[tuple[str, str, Iterable[Event]]]
"""Labels, commands, and events of data at seconds since the step began."""


class DataCast(Cast):
    """An opened recording of data; it is read when it is opened."""

    def __init__(self, path: Path, steps: Steps) -> None:
        header = Header(columns=COLUMNS, rows=ROWS, idle_time_limit=IDLE_LIMIT)
        super().__init__(path, header, [])
        self._found = tuple(_events(steps))

    @property
    def is_indexed(self) -> bool:
        return False

    def events(self) -> Iterator[Event]:
        return iter(self._found)


def is_data(path: Path) -> bool:
    """By its name; an earlier take is called `count.har.1`."""
    return _suffix(path) in SUFFIXES


def _suffix(path: Path) -> str:
    name = path.stem if path.suffix[1:].isdecimal() else path.name
    return Path(name).suffix.lower()


def open_data(path: Path) -> DataCast:
    """Raises RecordingError."""
    return DataCast(path, _exchanges(path) if _suffix(path) == ".har" else _watched(path))


def _events(steps: Steps) -> Iterator[Event]:
    now = 0.0
    for label, command, events in steps:
        yield Event(now, MARKER, label)
        yield Event(now, OUTPUT, f"{BEGIN}{' '.join(command.splitlines())}\n")
        last = 0.0
        for event in events:
            last = max(event.time, last)
            yield Event(now + last, OUTPUT, event.data)
        now += last + BETWEEN_SECONDS


def _command(told: Provenance | None, label: str) -> str:
    """The command of a step, by the number in its label."""
    number = label.partition(" ")[0]
    commands = told.commands if told is not None else ()
    fits = number.isdecimal() and 0 < int(number) <= len(commands)
    return commands[int(number) - 1] if fits else ""


def _watched(path: Path) -> Steps:
    from presenter.recording.kube_file import read_watched
    from presenter.recording.kube_steps import timed

    watched = read_watched(path)
    for step in watched.steps:
        yield step.label, _command(watched.provenance, step.label), timed(step.lines)


def _exchanges(path: Path) -> Steps:
    """Exchanges with the same label are one step; in a log of others, each is one."""
    from presenter.recording.har_lines import timed
    from presenter.recording.har_reader import read_har
    from presenter.recording.har_steps import sent_for

    har = read_har(path)
    numbered = enumerate(har.exchanges)
    for (label, _), group in itertools.groupby(
        numbered, lambda one: (one[1].label, one[1].label or one[0])
    ):
        found = [one for _, one in group]
        request = found[0].request
        command = _command(har.provenance, label) or f"{request.method} {request.url}"
        lines = timed(sent_for(found), found)
        yield label or request.url, command, (Event(at, DATA, line) for at, line in lines)
