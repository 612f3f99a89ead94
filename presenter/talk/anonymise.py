"""A talk without who, where and when, and without what people have said. Pure.

What stays is what the deck has (titles, ids, demos, prepared questions), what the program says in
words of its own, and how long everything took. A text that is not known to be one of these goes:
an event that is new some day loses its texts rather than telling too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import PureWindowsPath
from typing import Any, TypeVar

from presenter.talk import events as e
from presenter.talk.drill import Injected
from presenter.talk.fallback import RUNGS, Bar, Fault, Wish
from presenter.talk.taint import Outcome

BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
"""When every talk begins."""
SOURCE = "written down later"
"""Where a journal comes from that was not made during its talk."""
ENDED = "ended"
"""For an end whose reason is no word of the program's."""
EDITED = "…"
FACTS = frozenset(("title",))
"""What may be told of a talk by somebody who does not say whose it is."""

_DECKS = frozenset((
    "deck_hash", "slide_id", "title", "ids", "titles", "demo", "session", "provides", "changed",
    "name", "question", "answer", "as_of", "tags", "version",
))  # fmt: skip
"""Fields that hold what the deck says, or which version of the program it was."""
_WORDS: Mapping[str, frozenset[str]] = {
    "purpose": frozenset(("rehearsal", "drill", "auto")),
    "rung": frozenset(RUNGS),
    "reason": frozenset(one.value for kind in (Fault, Bar) for one in kind),
    "outcome": frozenset(one.value for one in Outcome),
    "wish": frozenset(one.value for one in Wish),
    "fault": frozenset(one.value for one in Injected),
}
"""Fields that hold words of the program; another word there is somebody's own."""


_One = TypeVar("_One", bound=e.Event)


def anonymised(stamped: Iterable[e.Stamped]) -> list[e.Stamped]:
    """The talk's events, numbered anew; their distances in time are what they were."""
    kept: list[e.Stamped] = []
    origin: datetime | None = None
    questions = 0
    for one in stamped:
        origin = origin or _moment(one.wall)
        wall = _shifted(one.wall, origin)
        questions += isinstance(one.event, e.QuestionNoted)
        event = _without(one.event, origin, questions)
        if event is not None:
            kept.append(e.Stamped(len(kept) + 1, one.at, wall, event))
    return kept


def _without(event: e.Event, origin: datetime | None, question: int) -> e.Event | None:
    """The event without what is personal; None where nothing of it may stay."""
    match event:
        case e.AnswerNoted():
            return None
        case e.Told():
            return event if event.name in FACTS else None
        case e.SessionStarted():
            return replace(
                _plain(event),
                deck=PureWindowsPath(event.deck).name,  # which knows both sorts of slashes
                wall=_shifted(event.wall, origin),
                source=SOURCE if event.source else "",
                anonymous=True,
            )
        case e.SessionResumed():
            return replace(_plain(event), wall=_shifted(event.wall, origin))
        case e.SessionEnded():
            return e.SessionEnded("quit" if event.reason == "quit" else ENDED)
        case e.RecordingForced():
            return e.RecordingForced()
        case e.QuestionNoted():
            return replace(_plain(event), text=f"question {question}", tag="")
        case e.StepEdited():
            return replace(_plain(event), text=EDITED)
    return _plain(event)


def _plain(event: _One) -> _One:
    """The event with those of its texts alone that are known to be the deck's or the program's."""
    changes: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name in _DECKS or value in _WORDS.get(field.name, ()):
            continue
        if isinstance(value, str):
            changes[field.name] = ""
        elif isinstance(value, tuple) and any(isinstance(one, str) for one in value):
            changes[field.name] = ()
    return replace(event, **changes)


def _moment(wall: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(wall)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _shifted(wall: str, origin: datetime | None) -> str:
    """As long after `BEGIN` as it was after the talk's begin; that itself where nobody knows."""
    moment = _moment(wall)
    if moment is None or origin is None:
        return BEGIN.isoformat()
    try:
        return (BEGIN + max(moment - origin, timedelta())).isoformat()
    except OverflowError:
        return BEGIN.isoformat()
