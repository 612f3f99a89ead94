"""Recordings made of transcripts: what a text printed, at a calm pace, and saying that it is so.

Equal decks give equal bytes: the pace comes from the text, the header has no date.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from presenter.deck.model import Demo, DemoKind, Grid, Meta, Step
from presenter.errors import RecordingError
from presenter.recording.asciicast import MARKER, OUTPUT, Event, Header
from presenter.recording.provenance import (
    KEY,
    TRANSCRIBED,
    Provenance,
    marker_label,
    provenance_object,
    provenance_of,
)
from presenter.recording.reader import open_cast
from presenter.recording.writer import write_cast
from presenter.terminal.text import safe_text

BEFORE_TYPING = 0.5
"""Seconds; so that the prompt is seen before anything moves."""
BEFORE_RUNNING = 0.3
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


class _Tape:
    """Events written one after another."""

    def __init__(self) -> None:
        self.now = 0.0
        self.events: list[Event] = []

    def wait(self, seconds: float) -> None:
        self.now = round(self.now + seconds, 3)

    def add(self, data: str, code: str = OUTPUT) -> None:
        self.events.append(Event(self.now, code, data))


def transcribe(
    demo: Demo, *, deck: str, origin: str, columns: int, rows: int
) -> tuple[Header, list[Event]] | None:
    """A recording of the demo's transcripts, or None where not one of its steps has a known one.

    `deck` is the deck's stem, `origin` names the text that the transcripts come from. Steps whose
    output is not known are absent, but counted.
    """
    if demo.kind is not DemoKind.SHELL or all(step.transcript is None for step in demo.steps):
        return None
    tape = _Tape()
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


def _write_step(tape: _Tape, number: int, step: Step, transcript: tuple[str, ...]) -> None:
    tape.add(f"\x1b]133;A\x07{safe_text(step.prompt)}\x1b]133;B\x07")
    tape.wait(BEFORE_TYPING)
    for index, line in enumerate(step.command.split("\n")):
        if index:
            tape.add("\r\n> ")
        for char in _printable(line):
            tape.wait(_pause(f"{char}{tape.now}", 35, 75))
            tape.add(char)
    tape.wait(BEFORE_RUNNING)
    tape.add("\r\n\x1b]133;C\x07")
    tape.add(marker_label(number, step.command), MARKER)
    for index, line in enumerate(transcript):
        tape.wait(BEFORE_OUTPUT if index == 0 else _pause(line, 30, 80))
        # `\...` stands for three dots as they are, `...` for anything, and is shown so.
        shown = _printable(line.replace("\\...", "..."))
        tape.add(f"{shown}\r\n")
    tape.wait(AFTER_OUTPUT if transcript else AFTER_SILENCE)
    status = "" if step.expect_exit is None else f";{step.expect_exit}"
    tape.add(f"\x1b]133;D{status}\x07")


def _printable(line: str) -> str:
    """A line of the deck without anything that steers a terminal; tabs stay."""
    return "\t".join(safe_text(part, len(part)) for part in line.split("\t"))


def _pause(text: str, least: int, most: int) -> float:
    """Seconds; `least` to `most` milliseconds, always the same for the same text."""
    return (least + zlib.crc32(text.encode("utf-8", "replace")) % (most - least + 1)) / 1000


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
