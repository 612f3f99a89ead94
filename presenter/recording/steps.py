"""A demo's recording cut into its steps.

A step's output starts at the shell's mark C and ends before its mark D (see `marks`). A recording
of another program, with markers of asciicast alone, is cut at those; one with neither is one step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header, parse_size
from presenter.recording.marks import Mark, find_marks
from presenter.recording.provenance import Provenance, command_hash, provenance_of
from presenter.recording.reader import EVENT_COST, Cast, open_cast
from presenter.recording.timeline import limit_idle
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Snapshot

RESIZE_COST = 65_536
"""What a change of size counts as beside text: about the text that takes as long."""
MAX_TEXT = 32 * 1024 * 1024
"""Code points of a recording read for its steps; a demo's has some thousands."""

_LABEL = re.compile(r"([0-9]{1,6})\s+([0-9a-f]{12})")


def is_label(label: str) -> bool:
    """Whether a marker's label names a step: its number and its command's hash."""
    return _LABEL.fullmatch(label) is not None


@dataclass(frozen=True, slots=True)
class StepTake:
    """What a recording holds for one step."""

    events: tuple[Event, ...]
    """Output and resizes, at seconds since the step's output began."""
    exit_status: int | None
    """None where the recording does not tell."""
    duration: float
    """Seconds from the start of the output to the command's end."""
    stale: bool
    """Found by its number alone: the recording says that it was another command."""
    number: int
    """The step's number in the recording, from 0."""


@dataclass(slots=True)
class _Segment:
    start: float
    number: int
    hash: str = ""
    events: list[Event] = field(default_factory=list)
    end: float | None = None
    status: int | None = None


class Take:
    """A recording cut into steps; read once, whole."""

    def __init__(self, cast: Cast) -> None:
        self.path = cast.path
        self.header: Header = cast.header
        self.columns = cast.header.columns
        self.rows = cast.header.rows
        self.provenance: Provenance | None = provenance_of(cast.header)
        events = limit_idle(_bounded(cast), cast.header.idle_time_limit)
        self._segments = _cut(list(find_marks(events)))
        self.skipped = tuple(cast.skipped)
        """Line and reason of what was left out of a damaged recording."""
        self.torn = cast.torn

    def __len__(self) -> int:
        return len(self._segments)

    def step(self, number: int, command: str) -> StepTake | None:
        """What was recorded for `command`, step `number` (from 0) of its demo; None if nothing.

        Found by the command's hash, among equal ones by the nearest number; else by the number,
        and then it is stale where the recording knows that another command stood there.
        """
        wanted = command_hash(command)
        same = [segment for segment in self._segments if self._hash_of(segment) == wanted]
        if same:
            return self._take(min(same, key=lambda s: abs(s.number - number)), stale=False)
        for segment in self._segments:
            if segment.number == number:
                return self._take(segment, stale=bool(self._hash_of(segment)))
        return None

    def screen_before(self, number: int) -> Snapshot | None:
        """The recording's screen where the output of its step `number` begins; it is played there.

        None where the recording has no such step.
        """
        segment = next((one for one in self._segments if one.number == number), None)
        if segment is None:
            return None
        emulator = new_emulator(self.columns, self.rows, 0)
        cast = open_cast(self.path)
        events = limit_idle(_bounded(cast), cast.header.idle_time_limit)
        passed = self._segments.index(segment)
        for piece in find_marks(events):
            if isinstance(piece, Mark):
                passed -= piece.kind == "C"
                if passed < 0:
                    break
            elif piece.time > segment.start:
                break
            elif piece.code == OUTPUT:
                emulator.feed(piece.data)
            elif piece.code == RESIZE and (size := parse_size(piece.data)):
                emulator.resize(*size)
        return emulator.snapshot()

    def _hash_of(self, segment: _Segment) -> str:
        if segment.hash or self.provenance is None:
            return segment.hash
        commands = self.provenance.commands
        return command_hash(commands[segment.number]) if segment.number < len(commands) else ""

    def _take(self, segment: _Segment, *, stale: bool) -> StepTake:
        status = segment.status
        codes = self.provenance.exit_codes if self.provenance else ()
        if status is None and segment.number < len(codes):
            status = codes[segment.number]
        events = tuple(replace(e, time=e.time - segment.start) for e in segment.events)
        last = events[-1].time if events else 0.0
        duration = last if segment.end is None else segment.end - segment.start
        return StepTake(events, status, duration, stale, segment.number)


def open_take(path: Path) -> Take:
    """A demo's recording; raises RecordingError where it cannot be opened at all."""
    return Take(open_cast(path))


def _bounded(cast: Cast) -> Iterator[Event]:
    room = MAX_TEXT
    for number, event in enumerate(cast.events(), 1):
        room -= RESIZE_COST if event.code == RESIZE else len(event.data) + EVENT_COST
        if room < 0:
            cast.skipped.append((number, f"more than {MAX_TEXT >> 20} M characters"))
            return
        yield event


def _cut(pieces: list[Event | Mark]) -> list[_Segment]:
    if any(isinstance(piece, Mark) and piece.kind == "C" for piece in pieces):
        return _cut_at_marks(pieces)
    events = [piece for piece in pieces if isinstance(piece, Event)]
    if any(event.code == MARKER for event in events):
        return _cut_at_markers(events)
    whole = _Segment(0.0, 0)
    _fill(whole, events)
    return [whole] if whole.events else []


def _cut_at_marks(pieces: list[Event | Mark]) -> list[_Segment]:
    """Segments from C to D; a label just before C or within the segment names its step."""
    segments: list[_Segment] = []
    at_hand: _Segment | None = None
    waiting = ""
    for piece in pieces:
        if isinstance(piece, Mark):
            if piece.kind == "C":
                at_hand = _Segment(piece.time, len(segments))
                segments.append(at_hand)
                _name(at_hand, waiting)
                waiting = ""
            elif at_hand is not None and piece.kind in "AD":
                at_hand.end, at_hand.status = piece.time, piece.status
                at_hand = None
        elif piece.code == MARKER and is_label(piece.data):
            if at_hand is None:
                waiting = piece.data
            elif not at_hand.hash:
                _name(at_hand, piece.data)
        elif at_hand is not None:
            _fill(at_hand, [piece])
    return segments


def _cut_at_markers(events: list[Event]) -> list[_Segment]:
    """Segments from marker to marker; chapters between our own markers cut nothing."""
    ours = any(e.code == MARKER and is_label(e.data) for e in events)
    segments: list[_Segment] = []
    for event in events:
        if event.code == MARKER and (not ours or is_label(event.data)):
            if segments:
                segments[-1].end = event.time
            segments.append(_Segment(event.time, len(segments)))
            _name(segments[-1], event.data)
        elif segments:
            _fill(segments[-1], [event])
    return segments


def _name(segment: _Segment, label: str) -> None:
    match = _LABEL.fullmatch(label)
    if match:
        segment.number = max(int(match[1]) - 1, 0)
        segment.hash = match[2]


def _fill(segment: _Segment, events: Iterable[Event]) -> None:
    segment.events += [event for event in events if event.code in (OUTPUT, RESIZE)]
