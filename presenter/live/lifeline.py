"""The interface's line to its supervisor: what it tells, and how it learns that it is alone.

Lines: `talk` (there is a journal to resume), `+7` and `-7` (a session of processes began, is over),
`=143` (this will be the status), `end` (the terminal is as it was found).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

EXIT_SECONDS = 5
"""Longer than this nothing keeps an interface that is to end: no hung thread, no dead disk."""

_ends: tuple[int, int] | None = None
_leaving = False


def hold(watched: int, told: int) -> None:
    """In the interface: `watched` ends with the supervisor, which reads what is told."""
    global _ends
    os.set_blocking(told, False)
    _ends = watched, told


def watched() -> int | None:
    """A descriptor that can be read when the supervisor is gone; None where there is none."""
    return _ends[0] if _ends else None


def tell(line: str) -> None:
    """Never blocks, never raises; nothing where there is no supervisor."""
    if _ends:
        with suppress(OSError):
            os.write(_ends[1], f"{line}\n".encode("ascii"))


def is_alone() -> None:
    """The supervisor is gone: nobody clears up after the interface."""
    global _ends, _leaving
    _ends, _leaving = None, False


def leaving() -> bool:
    """Whether the interface ends, and its supervisor ends what it leaves behind."""
    return _leaving


def leave(status: int | None = None) -> None:
    """The interface begins to end (with `status`): it is killed if that takes EXIT_SECONDS."""
    global _leaving
    if _ends:
        _leaving = True
        if status is not None:
            tell(f"={status}")
        signal.alarm(EXIT_SECONDS)


@dataclass
class Told:
    """What an interface has told."""

    talk: bool = False
    ended: bool = False
    status: int | None = None
    sessions: set[int] = field(default_factory=set)


def read_all(descriptor: int) -> Told:
    """What was told by an interface that has ended; never blocks, never raises."""
    data = b""
    with suppress(OSError):
        os.set_blocking(descriptor, False)
        while more := os.read(descriptor, 1 << 16):
            data += more
    return understand(data.decode("ascii", "replace").splitlines())


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
    return told
