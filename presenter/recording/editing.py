"""New recordings made of others: a part, without a part, at another pace, with other markers.

Each takes events at the times that a player shows (`stream.played`) and gives the new ones as they
come. A screen after a cut is the one that was there: one event draws it. Steps stay steps: where
the beginning of one has gone, the shell's mark and its label stand at what is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header
from presenter.recording.follower import Follower
from presenter.recording.provenance import KEY, provenance_object, provenance_of
from presenter.recording.steps import is_label

CLEARED = "\x18\x1bc"
"""Ends a sequence that is not finished (CAN), and makes the screen an empty one (RIS)."""


class BeyondEnd(Exception):  # noqa: N818 — it is the caller's mistake, and becomes an error there
    """A time is asked for at which the recording has ended."""

    def __init__(self, asked: float, end: float) -> None:
        super().__init__(f"{asked} s is beyond the end, {end} s")
        self.asked, self.end = asked, end


def trim(
    header: Header, events: Iterable[Event], start: float, end: float | None
) -> tuple[Header, Iterator[Event]]:
    """What comes after `start`, up to and with `end` (None: all); times in seconds.

    The header has the size at `start`; the first event draws the screen that was there. All before
    `start` is read before this returns. Raises BeyondEnd.
    """
    source = iter(events)
    if start <= 0:
        return header, _until(source, 0.0, end)
    follower = Follower(header)
    first = _follow(source, follower, start)
    if first is None and follower.time < start:
        raise BeyondEnd(start, follower.time)
    columns, rows = follower.size
    began = None if header.timestamp is None else header.timestamp + int(start)
    header = replace(header, columns=columns, rows=rows, timestamp=began)
    return header, _trimmed(follower, first, source, start, end)


def _trimmed(
    follower: Follower,
    first: Event | None,
    source: Iterator[Event],
    start: float,
    end: float | None,
) -> Iterator[Event]:
    if follower.touched:
        screen, rest = follower.screen()
        yield Event(0.0, OUTPUT, f"{screen}{follower.beginning()}{rest}")
    for label in follower.markers(start):
        yield Event(0.0, MARKER, label)
    if first is not None:
        yield from _until(chain((first,), source), start, end)


def _until(source: Iterable[Event], start: float, end: float | None) -> Iterator[Event]:
    """The events up to `end`, as late as they come after `start`."""
    last = start
    for event in source:
        if end is not None and event.time > end:
            if last < end:
                yield Event(_less(end, start), OUTPUT, "")  # so that it takes as long
            return
        last = event.time
        yield replace(event, time=_less(event.time, start)) if start else event


def cut(header: Header, events: Iterable[Event], start: float, end: float) -> Iterator[Event]:
    """Without what comes after `start`, up to and with `end`; raises BeyondEnd."""
    source = iter(events)
    follower = Follower(header)
    first = None
    for event in source:
        if event.time > start:
            first = event
            break
        follower.take(event)
        yield event
    if first is None and follower.time < start:
        raise BeyondEnd(start, follower.time)
    before = follower.size
    if follower.time < start:
        yield Event(start, OUTPUT, "")  # so that the time before it takes as long
    follower.mark()
    if first is not None:
        first = _follow(chain((first,), source), follower, end)
    if first is None:
        return  # nothing comes after it
    yield from (replace(event, time=start) for event in _seam(follower, before, end))
    gone = end - start
    for event in chain((first,), source):
        yield replace(event, time=_less(event.time, gone))


def _seam(follower: Follower, before: tuple[int, int], end: float) -> Iterator[Event]:
    """What stands in place of a part that has gone; times are the caller's."""
    if follower.size != before:
        yield _resize(follower.size)
    if follower.touched:
        screen, rest = follower.screen()
        ending = follower.ending()
        yield Event(0.0, OUTPUT, f"{ending}{CLEARED}{screen}{follower.beginning()}{rest}")
    for label in follower.markers(end):
        yield Event(0.0, MARKER, label)


def speed(
    events: Iterable[Event], factor: float, start: float = 0.0, end: float | None = None
) -> Iterator[Event]:
    """`factor` times as fast between `start` and `end`."""
    for event in events:
        inside = max((event.time if end is None else min(event.time, end)) - start, 0.0)
        yield replace(event, time=round(event.time - inside + inside / factor, 6))


def mark(
    events: Iterable[Event], marks: Sequence[tuple[float, str]], *, remove: bool = False
) -> Iterator[Event]:
    """With markers at those times; `remove`: without those that were there, but for steps'.

    Raises BeyondEnd.
    """
    waiting = sorted(marks, key=lambda one: one[0])[::-1]
    last = 0.0
    for event in events:
        last = event.time
        while waiting and waiting[-1][0] < event.time:
            yield Event(waiting[-1][0], MARKER, waiting.pop()[1])
        if not (remove and event.code == MARKER and not is_label(event.data)):
            yield event
    while waiting:
        at, label = waiting.pop()
        if at > last:
            raise BeyondEnd(at, last)
        yield Event(at, MARKER, label)


def noted(header: Header, words: str) -> Header:
    """The header of a recording of our own says that it is not as it was captured any more."""
    told = provenance_of(header)
    if told is None:
        return header
    note = "; ".join(filter(None, (told.note, words)))
    extra = {**header.extra, KEY: provenance_object(replace(told, note=note))}
    return replace(header, extra=extra)


def _follow(source: Iterator[Event], follower: Follower, until: float) -> Event | None:
    """Takes the events up to and with that time; returns the one that comes after."""
    for event in source:
        if event.time > until:
            return event
        follower.take(event)
    return None


def _resize(size: tuple[int, int]) -> Event:
    return Event(0.0, RESIZE, f"{size[0]}x{size[1]}")


def _less(time: float, seconds: float) -> float:
    return round(max(time - seconds, 0.0), 6)
