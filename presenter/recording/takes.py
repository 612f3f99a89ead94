"""What ran live in a talk, written as the demo's recording.

It is captured: output and times are those of the run. Only the command is typed by the program, as
in every recording of its own, and secrets are taken out before anything is written.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from presenter.recording.asciicast import MARKER, OUTPUT, Event, Header
from presenter.recording.known import is_secret_name
from presenter.recording.marks import Mark, find_marks
from presenter.recording.provenance import CAPTURED, KEY, Provenance, provenance_object
from presenter.recording.ran import Ran, Run
from presenter.recording.redact import DOT, Redactor
from presenter.recording.steps import Take, open_take
from presenter.recording.tape import Tape
from presenter.recording.writer import write_cast

KEPT_BEFORE = 3
"""Earlier recordings that stay beside a new one, as `.1` (the last one), `.2` and so on."""
CUT_NOTE = "what it printed afterwards was not recorded"


@dataclass(frozen=True, slots=True)
class Written:
    """A recording to be written, and what it holds."""

    header: Header
    events: list[Event]
    live: int
    """Steps that ran."""
    taken_over: int
    """Steps that are those of the recording before."""


def make_take(run: Run, redactor: Redactor, before: Take | None) -> Written:
    """The demo's recording: steps that did not run are taken from the one before, where it has
    them for the same command and grid; else they are absent, but counted.
    """
    old = _older_steps(run, before)
    steps = {**old, **run.steps}
    tape = Tape()
    for number in sorted(steps):
        _write_step(tape, number, run, steps[number], redactor)
    demo = run.demo
    provenance = Provenance(
        source=CAPTURED,
        date=run.date,
        deck=run.deck,
        demo=demo.name,
        commands=tuple(redactor.text(step.command) for step in demo.steps),
        exit_codes=tuple(
            steps[number].status if number in steps else None for number in range(len(demo.steps))
        ),
        exports={
            name: DOT * len(value) if is_secret_name(name) else redactor.text(value)
            for name, value in run.exports.items()
        },
        tools=run.tools,
        note="; ".join(_notes(run, old, before)),
    )
    header = Header(
        columns=run.grid.columns,
        rows=run.grid.rows,
        title=demo.name,
        extra={KEY: provenance_object(provenance)},
    )
    return Written(header, tape.events, len(run.steps), len(old))


def _older_steps(run: Run, before: Take | None) -> dict[int, Ran]:
    """The steps of a captured recording that did not run now, each used once."""
    told = before.provenance if before is not None else None
    if before is None or told is None or told.source != CAPTURED:
        return {}
    if (before.columns, before.rows) != (run.grid.columns, run.grid.rows):
        return {}
    found: dict[int, Ran] = {}
    used: set[int] = set()
    for number, step in enumerate(run.demo.steps):
        taken = before.step(number, step.whole)
        if taken is None or taken.stale or taken.number in used:
            continue
        used.add(taken.number)
        if number not in run.steps:
            found[number] = Ran(taken.events, taken.exit_status, taken.duration)
    return found


def _notes(run: Run, old: Mapping[int, Ran], before: Take | None) -> list[str]:
    notes = [run.note]
    told = before.provenance if before is not None else None
    if old and told is not None:
        date = f" of {told.date}" if told.date else ""
        notes.append(f"{_steps(list(old))} taken from the recording{date}")
    cut = [number for number, ran in run.steps.items() if ran.cut]
    if cut:
        notes.append(f"the end of {_steps(cut)} was not recorded: too long")
    return notes


def _steps(numbers: list[int]) -> str:
    word = "step" if len(numbers) == 1 else "steps"
    return f"{word} {', '.join(str(number + 1) for number in sorted(numbers))}"


def _write_step(tape: Tape, number: int, run: Run, ran: Ran, redactor: Redactor) -> None:
    step = run.demo.steps[number]
    tape.begin(number, step.prompt, redactor.text(step.command), step.command)
    begun = tape.now
    # Marks within an output would cut the recording in the wrong place.
    events = [event for event in find_marks(ran.events) if not isinstance(event, Mark)]
    outputs = [event.data for event in events if event.code == OUTPUT]
    redacted = iter(redactor.pieces(outputs, run.grid.columns))
    last = ""
    for event in events:
        data = next(redacted) if event.code == OUTPUT else event.data
        last = data if event.code == OUTPUT and data else last
        tape.now = round(begun + event.time, 3)
        tape.add(data, event.code)
    if ran.cut:
        tape.add(CUT_NOTE, MARKER)
    tape.now = max(tape.now, round(begun + ran.seconds, 3))
    tape.end(ran.status)
    if last and not last.endswith("\n"):
        tape.add("\r\n")  # the next prompt begins a line


def keep_take(path: Path, header: Header, events: list[Event]) -> None:
    """Writes a cast; the ones before it stay: see `keep_file`."""
    keep_file(path, lambda fresh: write_cast(fresh, header, events), open_take)


def keep_file(path: Path, write: Callable[[Path], object], read: Callable[[Path], object]) -> None:
    """Writes a recording; the ones before it stay as `.1`, `.2` and `.3`.

    Nothing has changed where it cannot be written or read again: raises OSError, RecordingError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    try:
        write(fresh)
        read(fresh)
        if path.is_file():
            _put_aside(path)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _put_aside(path: Path) -> None:
    aside = [path.with_name(f"{path.name}.{number}") for number in range(1, KEPT_BEFORE + 1)]
    for older, newer in zip(reversed(aside), reversed(aside[:-1]), strict=False):
        with contextlib.suppress(FileNotFoundError):
            newer.replace(older)
    shutil.copy2(path, aside[0])  # so that at every moment there is one at `path`
