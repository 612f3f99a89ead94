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


def find_marks(events: Iterable[Event]) -> Iterator[Event | Mark]:
    """The events without the marks, and the marks between them."""
    held = ""
    time = 0.0
    for event in events:
        time = event.time
        if event.code != OUTPUT:
            yield event
            continue
        text = held + event.data
        held = ""
        at = 0
        for match in _MARK.finditer(text):
            if match.start() > at:
                yield Event(event.time, OUTPUT, text[at : match.start()])
            yield _mark(event.time, match[1])
            at = match.end()
        start = _START.search(text, max(at, len(text) - _LONGEST))
        end = start.start() if start else len(text)
        if end > at:
            yield Event(event.time, OUTPUT, text[at:end])
        held = text[end:]
    if held:
        yield Event(time, OUTPUT, held)


def _mark(time: float, text: str) -> Mark:
    kind, _, rest = text.partition(";")
    status = rest.partition(";")[0]
    known = kind == "D" and re.fullmatch(r"-?[0-9]{1,9}", status)
    return Mark(time, kind, int(status) if known else None)
