"""The times of a demo's recording; how fast they pass is the clock's matter.

The idle limit looks at all events, so markers move with the output around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from presenter.recording.asciicast import Event


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
