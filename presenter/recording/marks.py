"""The marks of a shell in its output (OSC 133), found in a stream of events.

    A  the prompt begins      C  the command's output begins
    B  the command begins     D  the command ended; `D;STATUS` says how

A mark may be split over events: what might be the start of one waits for the next event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from presenter.recording.asciicast import OUTPUT, Event

_MARK = re.compile(r"(?:\x1b\]|\x9d)133;([^\x07\x1b\x9c]{0,1024})(?:\x07|\x1b\\|\x9c)")
_START = re.compile(
    r"(?:\x1b(?:\](?:1(?:3(?:3(?:;[^\x07\x1b\x9c]{0,1024}\x1b?)?)?)?)?)?"
    r"|\x9d(?:1(?:3(?:3(?:;[^\x07\x1b\x9c]{0,1024}\x1b?)?)?)?)?)\Z"
)
_LONGEST = 1040


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` is `A`, `B`, `C` or `D` (or another letter of the protocol); `status` only for `D`."""

    time: float
    kind: str
    status: int | None = None


class MarkFinder:
    """Finds the marks in events that are given one by one."""

    def __init__(self) -> None:
        self._held = ""
        self._time = 0.0

    def take(self, event: Event) -> Iterable[Event | Mark]:
        """What the event, and what was held back before it, consists of."""
        self._time = event.time
        data = event.data
        if event.code != OUTPUT:
            return (event,)
        if not (self._held or "\x1b]" in data or "\x9d" in data or data.endswith("\x1b")):
            return (event,) if data else ()
        return self._split(event.time, self._held + data)

    def _split(self, time: float, text: str) -> list[Event | Mark]:
        found: list[Event | Mark] = []
        at = 0
        for match in _MARK.finditer(text):
            if match.start() > at:
                found.append(Event(time, OUTPUT, text[at : match.start()]))
            found.append(_mark(time, match[1]))
            at = match.end()
        start = _START.search(text, max(at, len(text) - _LONGEST))
        end = start.start() if start else len(text)
        if end > at:
            found.append(Event(time, OUTPUT, text[at:end]))
        self._held = text[end:]
        return found

    def rest(self) -> Iterable[Event]:
        """What is held back still: no more events come."""
        held, self._held = self._held, ""
        return (Event(self._time, OUTPUT, held),) if held else ()


def find_marks(events: Iterable[Event]) -> Iterator[Event | Mark]:
    """The events without the marks, and the marks between them."""
    finder = MarkFinder()
    for event in events:
        yield from finder.take(event)
    yield from finder.rest()


def _mark(time: float, text: str) -> Mark:
    kind, _, rest = text.partition(";")
    status = rest.partition(";")[0]
    known = kind == "D" and re.fullmatch(r"-?[0-9]{1,9}", status)
    return Mark(time, kind, int(status) if known else None)
