"""Recordings one after another as one: each begins with an empty screen of its own size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header
from presenter.recording.editing import CLEARED
from presenter.recording.follower import Follower
from presenter.recording.provenance import (
    CAPTURED,
    KEY,
    TRANSCRIBED,
    Provenance,
    provenance_object,
    provenance_of,
)
from presenter.recording.steps import is_label

_EXIT = "x"
Part = tuple[Header, Iterable[Event]]


def join(parts: Sequence[Part]) -> tuple[Header, Iterator[Event]]:
    """The recordings as one, each event read when it is asked for.

    Steps of different demos are counted on; those of parts of one recording keep their numbers.
    """
    first = parts[0][0]
    told = [provenance_of(header) for header, _ in parts]
    extra = {key: value for key, value in first.extra.items() if key != KEY}
    joined = _joined(told)
    if joined is not None:
        extra[KEY] = provenance_object(joined)
    return replace(first, extra=extra), _events(parts, told)


def _events(parts: Sequence[Part], told: Sequence[Provenance | None]) -> Iterator[Event]:
    begun = 0.0
    size = parts[0][0].columns, parts[0][0].rows
    steps = _Numbers()
    is_open = False
    for number, (header, events) in enumerate(parts):
        follower = Follower(header, screen=False)
        if number:
            if follower.size != size:
                yield Event(begun, RESIZE, f"{follower.size[0]}x{follower.size[1]}")
            ended = "\x1b]133;D\x07" if is_open else ""
            yield Event(begun, OUTPUT, ended + CLEARED)
        steps.begin(told[number])
        for event in events:
            follower.take(event)
            if event.code == _EXIT and number + 1 < len(parts):
                continue  # players may take it for the end
            data = steps.label(event.data) if event.code == MARKER else event.data
            yield Event(round(begun + event.time, 6), event.code, data)
        begun = round(begun + follower.time, 6)
        size, is_open = follower.size, follower.steps.is_open


class _Numbers:
    """The numbers of steps, counted on from part to part."""

    def __init__(self) -> None:
        self._before: Provenance | None = None
        self._offset = 0
        self._most = 0
        """The highest number so far."""

    def begin(self, told: Provenance | None) -> None:
        """A part begins."""
        if not _are_one(told, self._before):
            commands = self._before.commands if self._before is not None else ()
            self._offset = max(self._offset + len(commands), 0 if commands else self._most)
        self._before = told

    def label(self, label: str) -> str:
        if not is_label(label):
            return label
        found = re.match("[0-9]+", label)
        number = int(found[0]) + self._offset if found else 0
        self._most = max(self._most, number)
        return f"{number} {label.split()[1]}"


def _joined(told: Sequence[Provenance | None]) -> Provenance | None:
    """Where a joined recording comes from; it is captured if all its parts are."""
    differing = [
        one for number, one in enumerate(told) if not number or not _are_one(one, told[number - 1])
    ]
    note = "; ".join(dict.fromkeys(one.note for one in told if one is not None and one.note))
    known = [one for one in differing if one is not None]
    if not known:
        return None
    first = known[0]
    if len(differing) == 1:
        return replace(first, note=note)
    is_whole = len(known) == len(differing) and all(one.commands for one in known)
    captured = all(one.source == CAPTURED for one in known)
    return Provenance(
        source=CAPTURED if captured else TRANSCRIBED,
        date=first.date if captured else None,
        deck=first.deck if len({one.deck for one in known}) == 1 else "",
        demo=first.demo if len({one.demo for one in known}) == 1 else "",
        commands=tuple(c for one in known for c in one.commands) if is_whole else (),
        exit_codes=tuple(c for one in known for c in _codes(one)) if is_whole else (),
        exports={name: value for one in known for name, value in one.exports.items()},
        tools={name: value for one in known for name, value in one.tools.items()},
        note=note,
        origin="; ".join(dict.fromkeys(one.origin for one in known if one.origin)),
    )


def _are_one(told: Provenance | None, other: Provenance | None) -> bool:
    """Whether two parts are of one recording, whatever has been done to them."""
    if told is None or other is None:
        return False
    return replace(told, note="") == replace(other, note="")


def _codes(told: Provenance) -> tuple[int | None, ...]:
    """One for each command."""
    missing = len(told.commands) - len(told.exit_codes)
    return (*told.exit_codes[: len(told.commands)], *[None] * missing)
