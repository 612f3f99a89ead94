"""Every deviation of a recording from its format, with its line.

`reader` takes what it can use; this is for who writes recordings, or passes them on to programs
that are less patient. The rules are those of https://docs.asciinema.org/manual/asciicast/v3/.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn, TypeGuard

from presenter.errors import RecordingError
from presenter.recording.asciicast import (
    MAX_COLUMNS,
    MAX_ROWS,
    RESIZE,
    sound,
    theme_deviations,
)
from presenter.recording.reader import MAX_LINE, open_bytes, read_version_1

MOST = 10_000
"""Deviations told of one file."""

Deviation = tuple[int, str]
"""A line, from 1, and what is wrong there."""

_SIZE = re.compile(r"[1-9][0-9]{0,8}x[1-9][0-9]{0,8}")
_STATUS = re.compile(r"-?[0-9]{1,10}")
_FRAMES = re.compile(r'"stdout"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_CODES = "oimrx"


def deviations(path: Path) -> Iterator[Deviation]:
    """In the order of the lines; raises RecordingError where the file cannot be read at all."""
    for told, deviation in enumerate(_deviations(path), 1):
        yield deviation
        if told >= MOST:
            yield deviation[0], f"{MOST} deviations: the rest is not looked at"
            return


def _deviations(path: Path) -> Iterator[Deviation]:
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        yield 1, "the file is empty"
        return
    raw, wrong = _json(first[1])
    version = raw.get("version") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or (version == 1 and version is not True):
        yield from _check_version_1(path, first[1])
        return
    if isinstance(version, bool) or version not in (2, 3):
        yield 1, "`version` is not 1, 2 or 3"
        return
    if wrong:
        yield 1, wrong
    for message in _header(raw, int(version)):
        yield 1, message
    yield from _events(lines, int(version))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Line numbers and lines, their ends included; RecordingError where the file breaks off."""
    with open_bytes(path) as stream:
        number = 0
        while True:
            try:
                line = stream.readline(MAX_LINE)
            except (EOFError, OSError, zlib.error) as error:
                raise RecordingError(
                    f"{path}:{number + 1}: damaged from here on: {error}"
                ) from error
            if not line:
                return
            number += 1
            yield number, line


def _events(lines: Iterator[tuple[int, bytes]], version: int) -> Iterator[Deviation]:
    before = 0.0
    for number, line in lines:
        if not line.strip():
            continue
        if line.startswith(b"#"):
            if version == 2:
                yield number, "a comment: only version 3 has them"
            continue
        raw, wrong = _json(line)
        if wrong:
            torn = raw is None and not line.endswith(b"\n")
            yield number, f"{wrong}: the last line is torn off" if torn else wrong
        if raw is None:
            continue
        for message in _event(raw):
            yield number, message
        time = raw[0] if isinstance(raw, list) and raw else None
        if version == 2 and _is_number(time):
            if 0 <= time < before:
                yield number, f"the time goes back: {time} after {before}"
            before = max(before, time)


def _json(line: bytes) -> tuple[object, str]:
    """The value, and what is wrong with how it is written; None where it is none."""
    wrong = ""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        text, wrong = line.decode("utf-8", "replace"), f"not UTF-8 (byte {error.start + 1})"
    if text.startswith("\ufeff"):
        text, wrong = text[1:], "begins with a byte order mark"
    try:
        return json.loads(text, parse_constant=_no_constant), wrong
    except ValueError as error:
        strict = error
    except RecursionError:
        return None, "not JSON: nested too deeply"
    try:
        return json.loads(
            text, strict=False, parse_constant=_no_constant
        ), f"not JSON: {_why(strict)}"
    except ValueError:
        return None, f"not JSON: {_why(strict)}"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _why(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (column {error.colno})"
    return str(error)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _event(raw: object) -> Iterator[str]:
    if not isinstance(raw, list):
        yield "not a list [time, code, data]"
        return
    if len(raw) != 3:
        yield f"{len(raw)} items in place of 3 [time, code, data]"
        return
    time, code, data = raw
    if not _is_number(time):
        yield "the time is not a number of seconds"
    elif time < 0:
        yield "the time is below 0"
    if not isinstance(code, str) or len(code) != 1:
        yield "the code is not a string of one letter"
    elif code not in _CODES:
        yield f"the code {code!a} is not one of {', '.join(_CODES)}"
    if not isinstance(data, str):
        yield "the data is not a string"
        return
    yield from _data(code, data)


def _data(code: object, data: str) -> Iterator[str]:
    if sound(data) is not data:
        yield "half of a character (a lone surrogate) in the data"
    if code == RESIZE and not _SIZE.fullmatch(data):
        yield "the size of a resize is not COLSxROWS"
    if code == "x" and not _STATUS.fullmatch(data):
        yield "the status of an exit is not a number in a string"


def _header(raw: Mapping[str, object], version: int) -> Iterator[str]:
    theme = raw.get("theme")
    if version == 3:
        term = raw.get("term")
        if not isinstance(term, dict):
            yield "`term` is not an object with `cols` and `rows`"
            term = {}
        else:
            yield from _size(term, "term.", "cols", "rows")
        yield from _strings(term, "type", "version")
        theme = term.get("theme")
        if theme is None and raw.get("theme") is not None:
            yield "`theme` stands in `term` in version 3"
        tags = raw.get("tags")
        if tags is not None and not _are_strings(tags):
            yield "`tags` is not a list of strings"
    else:
        yield from _size(raw, "", "width", "height")
    yield from _strings(raw, "command", "title")
    for key in ("timestamp", "duration", "idle_time_limit"):
        value = raw.get(key)
        if key in raw and not (_is_number(value) and value >= 0):
            yield f"`{key}` is not a number from 0 on"
    if "timestamp" in raw and isinstance(raw["timestamp"], float):
        yield "`timestamp` is not a whole number"
    yield from _env(raw.get("env"))
    if theme is not None:
        yield from theme_deviations(theme)


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _size(raw: Mapping[str, object], where: str, *keys: str) -> Iterator[str]:
    for key, most in zip(keys, (MAX_COLUMNS, MAX_ROWS), strict=True):
        value = raw.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"`{where}{key}` is not a whole number from 1 on"
        elif value > most:
            yield f"`{where}{key}` is more than {most}, which is the most that is shown"


def _strings(raw: Mapping[str, object], *keys: str) -> Iterator[str]:
    for key in keys:
        if key in raw and not isinstance(raw[key], str):
            yield f"`{key}` is not a string"


def _env(env: object) -> Iterator[str]:
    if env is None:
        return
    if not isinstance(env, dict):
        yield "`env` is not an object"
        return
    for name, value in env.items():
        if not isinstance(value, str):
            yield f"`env`: the value of {ascii(name)[:80]} is not a string"


def _check_version_1(path: Path, first: bytes) -> Iterator[Deviation]:
    """A recording that is one object, on however many lines."""
    text = read_version_1(path).decode("utf-8", "replace")
    try:
        raw = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        what = "no asciicast header" if first.strip()[:1] != b"{" else f"not JSON: {error}"
        yield line, what
        return
    if not isinstance(raw, dict) or raw.get("version") != 1:
        yield 1, "no asciicast header: `version` is not 1, 2 or 3"
        return
    for message in _header(raw, 1):
        yield 1, message
    frames = raw.get("stdout")
    if not isinstance(frames, list):
        yield 1, "`stdout` is not a list"
        return
    lines = _frame_lines(text)
    for number, frame in enumerate(frames, 1):
        line = next(lines, 1)
        if not isinstance(frame, list) or len(frame) != 2:
            yield line, f"frame {number} is not a list [delay, data]"
            continue
        for message in _event([frame[0], "o", frame[1]]):
            yield line, f"frame {number}: {message.replace('time', 'delay')}"


def _frame_lines(text: str) -> Iterator[int]:
    """The line on which each of the frames begins, as far as they can be found."""
    found = _FRAMES.search(text)
    decoder = json.JSONDecoder()
    line, counted, at = 1, 0, found.end() if found else len(text)
    while True:
        gap = _BETWEEN.match(text, at)
        at = gap.end() if gap else at
        line += text.count("\n", counted, at)
        counted = at
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield line
