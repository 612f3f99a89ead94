"""Speaker notes: which lines belong to the whole slide, and which to one press."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

from presenter.deck.model import Note, Place
from presenter.deck.text import clean

_CLICK = re.compile(r"\[click(?::(\d{1,3}))?\]")


def read_notes(text: str, place: Place, passed: int) -> tuple[Note, ...]:
    """The notes in `text`, which stands where `passed` presses of its slide have been made.

    A line that starts with `[>]` belongs to the next press, the following such line to the press
    after that; lines below one continue it up to a blank line.
    """
    whole: list[str] = []
    steps: list[list[str]] = []
    current: list[str] | None = None
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith("[>]"):
            current = [stripped[3:].strip()]
            steps.append(current)
        elif current is not None and stripped:
            current.append(line.rstrip())
        else:
            current = None
            whole.append(line)
    return _notes(whole, [(passed + n, lines) for n, lines in enumerate(steps, 1)], place)


def read_clicks(text: str, place: Place, passed: int) -> tuple[Note, ...]:
    """The notes in `text` as Slidev has them: `[click]` and `[click:3]` start the next press's."""
    pieces = _CLICK.split(text)
    steps: list[tuple[int, list[str]]] = []
    press = passed
    for count, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        press += int(count or 1)
        steps.append((press, piece.split("\n")))
    return _notes(pieces[0].split("\n"), steps, place)


def _notes(
    whole: Sequence[str], steps: Sequence[tuple[int, Sequence[str]]], place: Place
) -> tuple[Note, ...]:
    found: list[Note] = []
    for stop, lines in [(0, ["", *whole]), *steps]:
        text = clean(_flush(lines)).strip()
        if text:
            found.append(Note(text, stop, place))
    return tuple(found)


def _flush(lines: Sequence[str]) -> str:
    """The lines below the first without the indent that all of them have, but with their own.

    The first stands behind a mark; lists and code below it need their indents.
    """
    return "\n".join([*lines[:1], dedent("\n".join(lines[1:]))])
