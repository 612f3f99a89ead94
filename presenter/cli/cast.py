"""`presenter cast`: new recordings made of others. See `castinfo` for what only looks."""

from __future__ import annotations

import argparse
import getpass
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from presenter.cli.castinfo import clock
from presenter.cli.castoutput import may_write, tell_left_out, write_cast_file
from presenter.errors import PresenterError, UsageError
from presenter.recording.asciicast import INPUT, Event, Header
from presenter.recording.editing import BeyondEnd, cut, mark, noted, speed, trim
from presenter.recording.reader import Cast, open_cast
from presenter.recording.stream import played, stream

Made = tuple[Header, Iterable[Event]]
"""A new recording."""


def run(options: argparse.Namespace) -> int:
    """Write the new file; what of the old one was damaged is said on standard error."""
    output = Path(options.output)
    paths = [Path(file) for file in getattr(options, "files", None) or [options.file]]
    may_write(output, paths, force=options.force)
    casts = [open_cast(path) for path in paths]
    make = {
        "trim": _trim, "cut": _cut, "speed": _speed, "idle": _idle, "mark": _mark,
        "redact": _redact,
    }  # fmt: skip
    try:
        if options.action == "join":
            header, events = _join(casts)
        else:
            header, events = make[options.action](casts[0], options)
        write_cast_file(output, header, events, 3)
    except BeyondEnd as error:
        raise PresenterError(
            f"{paths[0]}: {clock(error.asked)} is beyond its end, {clock(error.end)}",
            "`presenter cast info` shows how long it is",
        ) from None
    for cast in casts:
        tell_left_out(cast)
    return 0


def _plain(header: Header) -> Header:
    """For times that a player shows: there is no idle limit to apply any more."""
    return replace(header, idle_time_limit=None, duration=None)


def _span(options: argparse.Namespace) -> tuple[float, float | None]:
    start, end = options.start or 0.0, options.end
    if options.start is None and end is None:
        raise UsageError(f"cast {options.action}", "say --from TIME, --to TIME or both")
    if end is not None and end <= start:
        raise UsageError(
            f"--from {clock(start)} --to {clock(end)}", "the second must be later than the first"
        )
    return start, end


def _told(start: float, end: float | None) -> str:
    return f"{clock(start)} to {'the end' if end is None else clock(end)}"


def _trim(cast: Cast, options: argparse.Namespace) -> Made:
    start, end = _span(options)
    header = noted(_plain(cast.header), f"trimmed: {_told(start, end)}")
    return trim(header, played(cast), start, end)


def _cut(cast: Cast, options: argparse.Namespace) -> Made:
    start, end = _span(options)
    header = noted(_plain(cast.header), f"cut out: {_told(start, end)}")
    if end is None:
        return trim(header, played(cast), 0.0, start)
    if options.start is None:
        return trim(header, played(cast), end, None)
    return header, cut(header, played(cast), start, end)


def _join(casts: list[Cast]) -> Made:
    from presenter.recording.joining import join

    header, events = join([(_plain(cast.header), played(cast)) for cast in casts])
    return noted(header, "joined"), events


def _speed(cast: Cast, options: argparse.Namespace) -> Made:
    start, end = 0.0, None
    where = ""
    if options.start is not None or options.end is not None:
        start, end = _span(options)
        where = f", {_told(start, end)}"
    header = noted(_plain(cast.header), f"speed {options.factor:g}{where}")
    return header, speed(played(cast), options.factor, start, end)


def _idle(cast: Cast, options: argparse.Namespace) -> Made:
    limit = options.seconds
    if cast.header.idle_time_limit:
        limit = min(limit, cast.header.idle_time_limit)
    return noted(_plain(cast.header), f"pauses cut to {limit:g} s"), stream(cast, limit)


def _mark(cast: Cast, options: argparse.Namespace) -> Made:
    from presenter.cli.castparser import time_of

    if not options.at and not options.remove:
        raise UsageError("cast mark", "say --at TIME LABEL, --remove or both")
    try:
        marks = [(time_of(at), label) for at, label in options.at]
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"--at {error}") from None
    return _plain(cast.header), mark(played(cast), marks, remove=options.remove)


def _redact(cast: Cast, options: argparse.Namespace) -> Made:
    from presenter.cli.castclean import machine_redactor
    from presenter.recording.cleaning import clean, clean_header
    from presenter.recording.personal import Personal, Words, machine_names, recorded_names

    finder: Personal | Words = Words(options.also)
    if options.personal:
        machine = machine_names(os.environ, _user(), platform.node(), str(Path.home()))
        names = machine | recorded_names(cast.header, stream(cast))
        finder = Personal(names, options.also)
    redactor = machine_redactor([finder])
    header = noted(clean_header(cast.header, redactor), "redacted")
    return header, clean(_without_input(cast), redactor, header.columns)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _without_input(cast: Cast) -> Iterator[Event]:
    """What was typed at a question for a password is on no screen, and looks like nothing."""
    left_out = 0
    for event in stream(cast):
        if event.code == INPUT:
            left_out += 1
        else:
            yield event
    if left_out:
        sys.stderr.write(f"presenter: {cast.path.name}: {left_out} events of input left out\n")
