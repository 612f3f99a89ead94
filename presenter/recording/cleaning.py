"""Secrets out of a whole recording, of any size: output, markers, and what its header says.

Output is looked through in windows that overlap: what stands within a margin of where a window
ends is looked at together with what comes before it and after it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from presenter.recording.asciicast import INPUT, OUTPUT, RESIZE, Event, Header, parse_size
from presenter.recording.known import is_secret_name
from presenter.recording.redact import DOT, Redactor

WINDOW = 1024 * 1024
"""Code points of output looked through at once."""
MARGIN = 256 * 1024
"""Code points looked at before and behind: no secret is so long."""
_MOST_WIDTHS = 8
"""Widths of the grid for which lines that wrap are joined, in one window."""


def clean(events: Iterable[Event], redactor: Redactor, columns: int) -> Iterator[Event]:
    """The same events, one for one, without their secrets; `columns` at the start."""
    window = _Window(redactor, columns)
    for event in events:
        yield from window.take(event)
    yield from window.rest()


def clean_header(header: Header, redactor: Redactor) -> Header:
    """The header without secrets, the values of variables whose names are secret among them."""
    env = _clean_value(dict(header.env), redactor)
    extra = _clean_value(dict(header.extra), redactor)
    return replace(
        header,
        command=redactor.text(header.command),
        title=redactor.text(header.title),
        env=env if isinstance(env, dict) else {},
        extra=extra if isinstance(extra, dict) else {},
    )


def suspicious(events: Iterable[Event], redactor: Redactor, columns: int) -> Iterator[int]:
    """The second scan: numbers, from 0, of the events in which something looks like a secret."""
    before, looked_at = itertools.tee(events)
    for number, (event, after) in enumerate(
        zip(before, clean(looked_at, redactor, columns), strict=True)
    ):
        if event != after:
            yield number


def _clean_value(value: object, redactor: Redactor, name: str = "") -> object:
    if isinstance(value, str):
        return DOT * len(value) if is_secret_name(name) else redactor.text(value)
    if isinstance(value, Mapping):
        return {key: _clean_value(item, redactor, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_value(item, redactor) for item in value]
    return value


class _Window:
    """Holds events back until what may belong to them is there."""

    def __init__(self, redactor: Redactor, columns: int) -> None:
        self._redactor = redactor
        self._events: list[Event] = []
        self._given = 0
        """How many of them have been given back: they are context."""
        self._fresh = 0
        """Code points taken since events were given back last."""
        self._columns = columns
        self._widths = [columns]

    def take(self, event: Event) -> Iterator[Event]:
        self._events.append(event)
        self._fresh += _cost(event)
        if event.code == RESIZE and (size := parse_size(event.data)) is not None:
            self._columns = size[0]
            if size[0] not in self._widths[:_MOST_WIDTHS]:
                self._widths.append(size[0])
        if self._fresh >= WINDOW:
            yield from self._give(MARGIN)

    def rest(self) -> Iterator[Event]:
        yield from self._give(0)

    def _give(self, margin: int) -> Iterator[Event]:
        """Gives back all but the last `margin` code points."""
        end = _before_last(self._events, len(self._events), margin)
        clean = self._clean()
        yield from clean[self._given : end]
        self._fresh = 0
        start = _before_last(self._events, end, MARGIN)
        del self._events[:start]
        self._given = end - start
        self._widths = [self._columns]

    def _clean(self) -> list[Event]:
        found = list(self._events)
        for code in (OUTPUT, INPUT):
            numbers = [n for n, event in enumerate(found) if event.code == code]
            pieces: Sequence[str] = [found[n].data for n in numbers]
            for columns in self._widths[:_MOST_WIDTHS]:
                pieces = self._redactor.pieces(pieces, columns)
            for number, piece in zip(numbers, pieces, strict=True):
                if piece is not found[number].data:
                    found[number] = replace(found[number], data=piece)
        for number in range(self._given, len(found)):
            event = found[number]
            if event.code not in (OUTPUT, INPUT, RESIZE):
                found[number] = replace(event, data=self._redactor.text(event.data))
        return found


def _cost(event: Event) -> int:
    """Code points; an event without any takes its place all the same."""
    return max(len(event.data), 1)


def _before_last(events: Sequence[Event], end: int, room: int) -> int:
    """Where the events begin that are the last `room` code points before `end`."""
    while end and room > 0:
        end -= 1
        room -= _cost(events[end])
    return end
