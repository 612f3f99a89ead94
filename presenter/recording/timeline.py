"""The times of a recording as a chain of generators: idle limit, then speed.

Each link takes events at absolute times that never decrease and gives such events. The idle limit
looks at all events, so markers move with the output around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from presenter.recording.asciicast import Event, Header


def limit_idle(events: Iterable[Event], limit: float | None) -> Iterator[Event]:
    """Pauses of at most `limit` seconds; None, or a limit of 0 or less, leaves them as they are."""
    if limit is None or limit <= 0:
        yield from events
        return
    before = 0.0
    shift = 0.0
    for event in events:
        shift += max(event.time - before - limit, 0.0)
        before = event.time
        yield replace(event, time=event.time - shift) if shift else event


def change_speed(events: Iterable[Event], speed: float) -> Iterator[Event]:
    """`speed` times as fast; above 0."""
    if speed <= 0:
        raise ValueError(f"a speed is above 0, not {speed}")
    for event in events:
        yield event if speed == 1 else replace(event, time=event.time / speed)


def paced(
    events: Iterable[Event], header: Header, idle_limit: float | None = None, speed: float = 1.0
) -> Iterator[Event]:
    """Events as they are to be shown; `idle_limit` goes before the header's, 0 lifts it."""
    limit = header.idle_time_limit if idle_limit is None else idle_limit
    return change_speed(limit_idle(events, limit), speed)
