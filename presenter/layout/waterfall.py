"""A trace as a waterfall: a line for each span, with a bar from its begin to its end."""

from __future__ import annotations

from collections.abc import Iterator

from presenter.layout.drawn import BAD, COLORS, colored, faint, number
from presenter.layout.spans import Span, Trace, tree_of
from presenter.layout.text import pad, shorten, width
from presenter.layout.traffic import harmless

MOST_LINES = 300
DEEPEST = 12
"""Steps to the right; what is deeper stands below each other."""
_LONGEST_NAME = 44
_DURATION = 9
"""Columns."""


def waterfall_lines(trace: Trace, columns: int) -> Iterator[str]:
    """The picture, in lines with colours; it fits from 40 columns on."""
    found = list(tree_of(trace))
    shown = found[:MOST_LINES]
    colors: dict[str, str] = {}
    for _, span in found:
        colors.setdefault(span.service, COLORS[len(colors) % len(COLORS)])
    names = [_name(depth, span) for depth, span in shown]
    label = min(max(map(width, names)), _LONGEST_NAME, max(columns * 2 // 5, 12))
    room = max(columns - label - _DURATION - 2, 4)
    start, whole = trace.start, trace.duration
    yield _head(trace, whole, len(colors), columns)
    yield " " * (label + 1) + faint(_axis(whole, room))
    for name, (depth, span) in zip(names, shown, strict=True):
        color = BAD if span.failed else colors[span.service]
        text = colored_name(pad(shorten(name, label), label), depth, span, colors[span.service])
        before, bar = _bar(span.start - start, span.duration, max(whole, 1), room)
        after = " " * (room - before - len(bar) + 1)
        took = colored("✗ ", BAD) if span.failed else ""
        words = milliseconds(span.duration)
        yield f"{text} {' ' * before}{colored(bar, color)}{after}{took}{words}"
    if len(found) > len(shown):
        yield faint(f"… {len(found) - len(shown)} more spans")


def colored_name(text: str, depth: int, span: Span, color: str) -> str:
    """A padded name, its service in the service's colour."""
    start = 2 * min(depth, DEEPEST)
    end = start + len(harmless(span.service))
    return text[:start] + colored(text[start:end], color) + text[end:]


def milliseconds(microseconds: int) -> str:
    if microseconds < 1000:
        return f"{microseconds} µs"
    if microseconds < 999_500:
        return f"{microseconds / 1000:.3g} ms"
    return f"{number(microseconds / 1e6)} s"


def _name(depth: int, span: Span) -> str:
    told = "  ".join(filter(None, (harmless(span.service), harmless(span.name)[:200])))
    return "  " * min(depth, DEEPEST) + (told or "(no name)")


def _head(trace: Trace, whole: int, services: int, columns: int) -> str:
    took = milliseconds(whole)
    told = f"{_count(len(trace.spans), 'span')}  {_count(services, 'service')}"
    failed = sum(span.failed for span in trace.spans)
    bad = f"{failed} failed" if failed else ""
    rest = f"the longest of {trace.of} traces  " if trace.of > 1 else ""
    room = columns - len(f"{took}  {told}  {bad}  ")
    rest = shorten(f"{rest}trace {harmless(trace.id)[:32]}", max(room, 0))
    return "  ".join(filter(None, (colored(took, "1"), told, colored(bad, BAD), rest)))


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _axis(duration: int, room: int) -> str:
    """The times at the begin, in the middle and at the end."""
    last = milliseconds(duration)
    middle = milliseconds(duration // 2)
    if room < 30:
        return "0" + last.rjust(room - 1)
    half = room // 2
    return ("0".ljust(half) + middle).ljust(room - len(last)) + last


def _bar(start: int, duration: int, whole: int, room: int) -> tuple[int, str]:
    """The columns before it, and the bar: at least one column."""
    before = min(start * room // whole, room - 1)
    length = max(round(duration * room / whole), 1)
    return before, "━" * min(length, room - before)
