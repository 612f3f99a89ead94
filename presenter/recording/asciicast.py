"""asciicast, the format of asciinema's recordings: its header and its events.

Read are versions 1, 2 and 3, written is 3 (https://docs.asciinema.org/manual/asciicast/v3/).
This module knows values that JSON gave, not files: see `reader` and `writer`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MAX_COLUMNS = 1000
MAX_ROWS = 500
MAX_SECONDS = 1e9
"""No recording is 30 years long: a time beyond is a mistake, not a time."""
_LAST_TIMESTAMP = 253_402_300_799  # the year 9999
DEFAULT_SIZE = (80, 24)

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PALETTE = re.compile(r"#[0-9a-fA-F]{6}(?::#[0-9a-fA-F]{6}){7}(?:(?::#[0-9a-fA-F]{6}){8})?")

OUTPUT, INPUT, MARKER, RESIZE = "o", "i", "m", "r"


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """`time` in seconds since the recording's start; `code` as in the file; `data` its text.

    Codes: `o` output, `i` input, `m` marker (its label), `r` resize (`COLSxROWS`), `x` exit
    status. Others are passed through and mean nothing here.
    """

    time: float
    code: str
    data: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a recording says of itself; None and empty where it says nothing."""

    version: int = 3
    columns: int = DEFAULT_SIZE[0]
    rows: int = DEFAULT_SIZE[1]
    timestamp: int | None = None
    """Unix time of the start."""
    duration: float | None = None
    """Seconds, as claimed by versions 1 and 2."""
    idle_time_limit: float | None = None
    """Seconds."""
    command: str = ""
    title: str = ""
    env: Mapping[str, str] = field(default_factory=_nothing)
    theme: Mapping[str, str] = field(default_factory=_nothing)
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Keys of others, kept when the recording is written again; ours is `presenter`."""


@dataclass(frozen=True, slots=True)
class BadEvent:
    """Why a line is not an event."""

    reason: str


_KNOWN = {
    "version", "width", "height", "term", "timestamp", "duration", "idle_time_limit", "command",
    "title", "env", "theme", "stdout",
}  # fmt: skip


def sound(text: str) -> str:
    """`text` with U+FFFD for lone surrogates, which JSON can write and no encoding can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def parse_size(text: str) -> tuple[int, int] | None:
    """The size in a resize event's `COLSxROWS`, clamped; None where it is none."""
    columns, cross, rows = text.partition("x")
    if not cross or not (_is_number(columns) and _is_number(rows)):
        return None
    return (clamp(int(columns), MAX_COLUMNS), clamp(int(rows), MAX_ROWS))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0


def clamp(value: int, most: int) -> int:
    return min(max(value, 1), most)


def seconds_of(value: object) -> float | None:
    """A JSON number as finite seconds in range, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if abs(value) > MAX_SECONDS or math.isnan(value):
        return None
    return float(value)


def parse_event(raw: object) -> Event | BadEvent:
    """One line of versions 2 and 3, as JSON gave it; `time` is the number as it stands there."""
    if not isinstance(raw, list):
        return BadEvent("not a list [time, code, data]")
    if len(raw) != 3:
        return BadEvent(f"{len(raw)} items in place of 3")
    time, code, data = raw
    seconds = seconds_of(time)
    if seconds is None:
        return BadEvent("the time is not a number of seconds")
    if not isinstance(code, str):
        return BadEvent("the code is not a string")
    if not isinstance(data, str):
        return BadEvent("the data is not a string")
    if code == RESIZE and parse_size(data) is None:
        return BadEvent("the size of a resize is not COLSxROWS")
    return Event(seconds, sound(code), sound(data))


def parse_frame(raw: object) -> Event | BadEvent:
    """One `[delay, data]` of version 1's `stdout`; `time` is the delay."""
    if not isinstance(raw, list):
        return BadEvent("not a list [delay, data]")
    if len(raw) != 2:
        return BadEvent(f"{len(raw)} items in place of 2")
    return parse_event([raw[0], OUTPUT, raw[1]])


class _HeaderParser:
    """Takes what can be used of a header and notes the rest."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = raw
        self.problems: list[str] = []

    def number(self, key: str) -> float | None:
        value = self.raw.get(key)
        seconds = seconds_of(value)
        if value is not None and (seconds is None or seconds < 0):
            self.problems.append(f"`{key}` is not a number of seconds")
            return None
        return seconds

    def timestamp(self) -> int | None:
        value = self.raw.get("timestamp")
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, int | float) or not number or not 0 <= value <= _LAST_TIMESTAMP:
            self.problems.append("`timestamp` is not a Unix time")
            return None
        return int(value)

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return sound(value or "")
        self.problems.append(f"`{key}` is not a string")
        return ""

    def strings(self, key: str, value: object) -> dict[str, str]:
        """An object of strings; null values, which occur, are left out."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problems.append(f"`{key}` is not an object")
            return {}
        kept = {sound(k): sound(v) for k, v in value.items() if isinstance(v, str)}
        if any(v is not None and not isinstance(v, str) for v in value.values()):
            self.problems.append(f"`{key}` has values that are not strings")
        return kept

    def size(self, raw: Mapping[str, object], keys: tuple[str, str]) -> tuple[int, int]:
        """0 stands for unknown, as asciinema's player has it."""
        size: list[int] = []
        for key, default, most in zip(keys, DEFAULT_SIZE, (MAX_COLUMNS, MAX_ROWS), strict=True):
            value = raw.get(key)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
                self.problems.append(f"`{key}` is not a number from 0 to {most}")
            whole = value if isinstance(value, int) else 0
            size.append(clamp(whole, most) if whole > 0 else default)
        return size[0], size[1]


def parse_header(raw: Mapping[str, object], version: int) -> tuple[Header, list[str]]:
    """A header of `version` (1, 2 or 3) as JSON gave it, and what in it could not be used."""
    parser = _HeaderParser(raw)
    extra = {sound(key): value for key, value in raw.items() if key not in _KNOWN}
    theme = raw.get("theme")
    if version >= 3:
        term = raw.get("term")
        if not isinstance(term, dict):
            parser.problems.append("`term` is not an object")
            term = {}
        columns, rows = parser.size(term, ("cols", "rows"))
        theme = term.get("theme")
        rest = {k: v for k, v in term.items() if k not in ("cols", "rows", "theme")}
        if rest:
            extra["term"] = rest
    else:
        columns, rows = parser.size(raw, ("width", "height"))
    header = Header(
        version=version,
        columns=columns,
        rows=rows,
        timestamp=parser.timestamp(),
        duration=parser.number("duration"),
        idle_time_limit=parser.number("idle_time_limit"),
        command=parser.text("command"),
        title=parser.text("title"),
        env=parser.strings("env", raw.get("env")),
        theme=parser.strings("theme", theme),
        extra=extra,
    )
    return header, parser.problems


def theme_deviations(theme: object) -> Iterator[str]:
    """What of a theme is not as the format has it: some programs then refuse the recording."""
    if not isinstance(theme, Mapping):
        yield "`theme` is not an object"
        return
    for key in ("fg", "bg"):
        value = theme.get(key)
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            yield f"`theme`: `{key}` is not a colour #rrggbb"
    palette = theme.get("palette")
    if not isinstance(palette, str) or not _PALETTE.fullmatch(palette):
        yield "`theme`: `palette` is not 8 or 16 colours #rrggbb with `:` between them"


def sound_theme(header: Header) -> dict[str, str]:
    """The theme as it may be written; empty where it is none."""
    return {} if any(theme_deviations(header.theme)) else dict(header.theme)


def header_object(header: Header) -> dict[str, object]:
    """The header as an object of version 3, its keys in the order of the specification."""
    extra = dict(header.extra)
    term: dict[str, object] = {"cols": header.columns, "rows": header.rows}
    rest = extra.pop("term", None)
    if isinstance(rest, dict):
        term |= {key: value for key, value in rest.items() if key not in ("cols", "rows", "theme")}
    theme = sound_theme(header)
    if theme:
        term["theme"] = theme
    written: dict[str, object] = {"version": 3, "term": term}
    for key, value in (
        ("timestamp", header.timestamp),
        ("idle_time_limit", header.idle_time_limit),
        ("command", header.command or None),
        ("title", header.title or None),
        ("env", dict(header.env) or None),
    ):
        if value is not None:
            written[key] = value
    return written | {key: value for key, value in extra.items() if key not in written}
