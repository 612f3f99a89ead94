"""What an interface has told its supervisor: see `presenter.live.lifeline`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from presenter.live.lifeline import FOLDERS
from presenter.live.winsize import sizes_from


@dataclass
class Told:
    """What an interface has told."""

    talk: bool = False
    ended: bool = False
    status: int | None = None
    sessions: set[int] = field(default_factory=set)
    folders: set[Path] = field(default_factory=set)
    sizes: tuple[os.terminal_size, os.terminal_size] | None = None
    """Of the terminal: what the interface has made of it, and what it was before."""


def read_all(descriptor: int) -> Told:
    """What was told by an interface that has ended; never blocks, never raises."""
    data = b""
    with suppress(OSError):
        os.set_blocking(descriptor, False)
        while more := os.read(descriptor, 1 << 16):
            data += more
    return understand(os.fsdecode(data).split("\n"))


def understand(lines: Iterable[str]) -> Told:
    """What the lines say together; one that makes no sense is left out."""
    told = Told()
    for line in lines:
        sign, digits = line[:1], line[1:]
        number = int(digits) if digits.isdecimal() else 0
        if line == "talk":
            told.talk = True
        elif line == "end":
            told.ended = True
        elif sign == "=" and digits.isdecimal():
            told.status = number
        elif sign == "+" and number > 1:
            told.sessions.add(number)
        elif sign == "-":
            told.sessions.discard(number)
        elif sign == "~":
            told.sizes = sizes_from(digits)
        elif Path(line).is_absolute() and Path(line).name.startswith(FOLDERS):
            told.folders.add(Path(line))
    return told
