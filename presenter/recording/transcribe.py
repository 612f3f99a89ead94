"""Recordings made of transcripts: what a text printed, at a calm pace, and saying that it is so.

Equal decks give equal bytes: the pace comes from the text, the header has no date.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from presenter.deck.model import Demo, DemoKind, Grid, Meta, Step
from presenter.errors import RecordingError
from presenter.recording.asciicast import Event, Header
from presenter.recording.provenance import (
    KEY,
    TRANSCRIBED,
    Provenance,
    provenance_object,
    provenance_of,
)
from presenter.recording.reader import open_cast
from presenter.recording.tape import Tape, pause, printable
from presenter.recording.writer import write_cast

BEFORE_OUTPUT = 0.4
AFTER_OUTPUT = 0.1
AFTER_SILENCE = 0.3
"""For a command that prints nothing."""


class Demos(Protocol):
    """What is needed of a deck: its demos, every variant of an operating system among them."""

    @property
    def path(self) -> Path: ...

    @property
    def meta(self) -> Meta: ...

    def all_demos(self) -> Iterable[Demo]: ...


def transcribe(
    demo: Demo, *, deck: str, origin: str, columns: int, rows: int
) -> tuple[Header, list[Event]] | None:
    """A recording of the demo's transcripts, or None where not one of its steps has a known one.

    `deck` is the deck's stem, `origin` names the text that the transcripts come from. Steps whose
    output is not known are absent, but counted.
    """
    if demo.kind is not DemoKind.SHELL or all(step.transcript is None for step in demo.steps):
        return None
    tape = Tape()
    for number, step in enumerate(demo.steps):
        if step.transcript is not None:
            _write_step(tape, number, step, step.transcript)
    codes = tuple(step.expect_exit for step in demo.steps)
    provenance = Provenance(
        source=TRANSCRIBED,
        deck=deck,
        demo=demo.name,
        commands=tuple(step.command for step in demo.steps),
        exit_codes=codes if any(code is not None for code in codes) else (),
        origin=origin,
    )
    extra = {KEY: provenance_object(provenance)}
    return Header(columns=columns, rows=rows, title=demo.name, extra=extra), tape.events


def _write_step(tape: Tape, number: int, step: Step, transcript: tuple[str, ...]) -> None:
    tape.begin(number, step.prompt, step.command, step.command)
    for index, line in enumerate(transcript):
        tape.wait(BEFORE_OUTPUT if index == 0 else pause(line, 30, 80))
        # `\...` stands for three dots as they are, `...` for anything, and is shown so.
        shown = printable(line.replace("\\...", "..."))
        tape.add(f"{shown}\r\n")
    tape.wait(AFTER_OUTPUT if transcript else AFTER_SILENCE)
    tape.end(step.expect_exit)


def transcribe_deck(deck: Demos, folder: Path, origin: str) -> list[Path]:
    """Writes `<folder>/<demo>[.<os>].cast` for every demo that has a transcript of its own.

    Returns the files written. A recording that was captured is never replaced, and a demo that
    plays another deck's recording needs none. Raises RecordingError where a file cannot be written.
    """
    written: list[Path] = []
    grid: Grid = deck.meta.grid
    for demo in deck.all_demos():
        if demo.recording:
            continue
        made = transcribe(
            demo, deck=deck.path.stem, origin=origin, columns=grid.columns, rows=grid.rows
        )
        path = folder / f"{demo.name}{'.' + demo.os if demo.os else ''}.cast"
        if made is None or "/" in demo.name or not _may_replace(path):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_cast(path, *made)
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from error
        written.append(path)
    return written


def _may_replace(path: Path) -> bool:
    """Only what an earlier transcription wrote."""
    if not path.exists():
        return True
    try:
        provenance = provenance_of(open_cast(path).header)
    except RecordingError:
        return False
    return provenance is not None and provenance.source == TRANSCRIBED
