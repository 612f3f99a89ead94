"""The journal's lines: one event a line of JSON, each with its own checksum. Pure.

    {"v":1,"seq":2,"at":1.25,"wall":"2026-05-04T09:00:01+02:00","k":"Moved","f":{…},"crc":"1c291ca3"}

`crc` is the CRC-32 of the line up to it, closed with a brace. Reading stops at the first line that
is not as it was written; a last line without its newline is what a crash leaves, and normal. Kinds
and fields that this version does not know are skipped, so that an older program can read a newer
journal.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from presenter.deck.model import DemoStop, Phase
from presenter.talk import events as e
from presenter.talk.evolve import evolve
from presenter.talk.session import Activity, Position, Script, Session
from presenter.talk.stops import whole

VERSION = 1
_KINDS: dict[str, type[e.Event]] = {kind.__name__: kind for kind in get_args(e.Event)}
_TAIL = len(',"crc":"00000000"}')


@dataclass(frozen=True, slots=True)
class JournalRead:
    """What could be read of a journal."""

    stamped: tuple[e.Stamped, ...]
    torn: bool = False
    """The last line has no end: the program died while it wrote, or the disk was full."""
    stopped_at: str | None = None
    """`line N: what is wrong with it`, where reading stopped before the end."""
    good_bytes: int = 0
    """How much of the file, from its beginning, was read."""
    sequence: int = 0
    """Number of the last line that was read, of whatever kind: the next event's follows it."""


class BadLineError(ValueError):
    """Says what is wrong with a line."""


def encode(stamped: e.Stamped) -> str:
    """The event as one line with its newline; ValueError for a number that is not finite."""
    event = stamped.event
    body = json.dumps(
        {
            "v": VERSION,
            "seq": stamped.seq,
            "at": stamped.at,
            "wall": stamped.wall,
            "k": type(event).__name__,
            "f": {field.name: getattr(event, field.name) for field in fields(event)},
        },
        ensure_ascii=True,  # a lone surrogate of a file's name survives too
        allow_nan=False,
        separators=(",", ":"),
    )
    return f'{body[:-1]},"crc":"{_checksum(body)}"}}\n'


def decode_lines(data: bytes) -> JournalRead:
    """Every event up to the first line that cannot be trusted; never raises."""
    stamped: list[e.Stamped] = []
    good = 0
    sequence = 0
    *lines, tail = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            sequence, event = decode_line(line, sequence)
        except BadLineError as error:
            reason = f"line {number}: {error}"
            return JournalRead(
                tuple(stamped), stopped_at=reason, good_bytes=good, sequence=sequence
            )
        if event is not None:
            stamped.append(event)
        good += len(line) + 1
    return JournalRead(tuple(stamped), torn=bool(tail), good_bytes=good, sequence=sequence)


def fold(stamped: Iterable[e.Stamped], script: Script | None = None) -> Session:
    """The session that the events lead to; with a deck, its position is one of that deck.

    Where the deck has changed since, the slide is found again by its id, else the nearest is taken.
    """
    session = Session()
    slide_id = ""
    for one in stamped:
        session = evolve(session, one)
        if isinstance(one.event, e.Moved | e.DeckReloaded):
            slide_id = one.event.slide_id
    return session if script is None else fit(session, script, slide_id)


def fit(session: Session, script: Script, slide_id: str = "") -> Session:
    """The session with a position that the deck has."""
    count = len(script)
    if not count:
        return replace(session, position=Position(), came_from=None, active="")
    here = _counted(session.position)
    slide = min(here.slide, count - 1)
    if slide_id and script.slide_id(slide) != slide_id:
        found = script.index_of(slide_id)
        slide = slide if found is None else found
    stops = script.stops(slide)
    lanes, active = session.lanes, session.active
    if active and not _at_hand(session, script, slide):
        lanes = MappingProxyType({**lanes, active: replace(lanes[active], activity=Activity.IDLE)})
        active = ""
    # A command that is being typed stands between the two stops of its step.
    stop = min(here.stop, len(stops)) if active else whole(stops, here.stop)
    came_from, frozen = session.came_from, session.frozen
    return replace(
        session,
        position=Position(slide, stop),
        lanes=lanes,
        active=active,
        came_from=_counted(came_from) if came_from and came_from.slide < count else None,
        frozen=_counted(Position(min(frozen.slide, count - 1), frozen.stop)) if frozen else None,
    )


def _counted(position: Position) -> Position:
    """A position that can be counted from the front: a journal may hold any number."""
    return Position(max(position.slide, 0), max(position.stop, 0))


def _at_hand(session: Session, script: Script, slide: int) -> bool:
    """Whether the deck still has the session's active step where it was."""
    names = [demo.name for demo in script.demos(slide)]
    if session.active not in names:
        return False
    lane = session.lanes[session.active]
    if lane.activity is Activity.PLAYING:
        return lane.step < len(script.demos(slide)[names.index(session.active)].steps)
    typed = DemoStop(names.index(session.active), lane.step, Phase.TYPE)
    return typed in script.stops(slide)[: session.position.stop][-1:]


def decode_line(line: bytes, previous: int) -> tuple[int, e.Stamped | None]:
    """The line's number and its event, None for one of a kind not known here.

    `previous`: the number of the line before. Raises BadLineError.
    """
    fields_ = _checked(line)
    sequence, at, wall, kind = (fields_.get(name) for name in ("seq", "at", "wall", "k"))
    if type(sequence) is not int or sequence != previous + 1:
        raise BadLineError(f"event {sequence} follows event {previous}")
    at = _number(at)
    if at is None:
        raise BadLineError("no time")
    if not isinstance(wall, str) or not isinstance(kind, str):
        raise BadLineError("no date or no kind")
    if kind not in _KINDS:
        return sequence, None
    values = fields_.get("f")
    event = _event(_KINDS[kind], values if isinstance(values, dict) else {})
    if event is None and fields_.get("v") != VERSION:
        return sequence, None
    if event is None:
        raise BadLineError(f"{kind} is not as it should be")
    return sequence, e.Stamped(sequence, at, wall, event)


def _checked(line: bytes) -> dict[str, object]:
    try:
        text = line.decode("ascii")
        body, tail = text[:-_TAIL] + "}", text[-_TAIL:]
        if tail != f',"crc":"{_checksum(body)}"}}':
            raise BadLineError("the checksum does not match")
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadLineError):
            raise
        raise BadLineError("not a line of a journal") from error
    if not isinstance(value, dict):
        raise BadLineError("not a line of a journal")
    return value


def _event(kind: type[e.Event], values: dict[str, Any]) -> e.Event | None:
    """The event, or None where a field is missing or of another type."""
    hints = _hints(kind.__name__)
    known: dict[str, Any] = {}
    for field in fields(kind):
        if field.name not in values:
            if field.default is MISSING:
                return None
            continue
        value = _typed(values[field.name], hints[field.name])
        if value is MISSING:
            return None
        known[field.name] = value
    return kind(**known)


@cache
def _hints(kind: str) -> dict[str, object]:
    return get_type_hints(_KINDS[kind])


def _typed(value: object, hint: object) -> object:
    """The value in the type that an event's field has; MISSING where it is of another."""
    if hint is float:
        number = _number(value)
        return MISSING if number is None else number
    if hint in (tuple[str, ...], tuple[float, ...]):
        if not isinstance(value, list):
            return MISSING
        items = tuple(_typed(item, get_args(hint)[0]) for item in value)
        return MISSING if MISSING in items else items
    allowed = get_args(hint) or (hint,)
    return value if type(value) in allowed else MISSING


def _number(value: object) -> float | None:
    """A number that can be reckoned with; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"
