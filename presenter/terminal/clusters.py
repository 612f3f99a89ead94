"""Combining characters for an engine that knows one code point a cell.

avt 0.17 gives every combining mark a cell of its own. So a base and its marks are sent to it as
one code point: the composed one where Unicode has it, else a private one of plane 16 that stands
for the pair and is translated back when the row is read. Invisible characters (joiners, variation
selectors, bidi controls, byte order marks, DEL) are not sent at all: terminals give them no cell.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from presenter.terminal.text import MAX_CODE_POINTS, REPLACEMENT

_FIRST = 0x100000
_MOST = 16_384
"""Different clusters kept; a recording that has more is hostile, and loses the marks."""

_clusters: dict[str, str] = {}
_stand_ins: dict[str, str] = {}
# One table for the process: what stands for a cluster in one emulator does so in all.
_STAND_INS = re.compile(f"[{chr(_FIRST)}-\U0010ffff]")

_UNFINISHED = re.compile(r"(?:\x1b[ -/]*|(?:\x1b\[|\x9b)[0-?]*[ -/]*)\Z")
_FINISHED = re.compile(r"(?:\x1b[ -/]*[0-~]|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~])\Z")
_LOOK_BACK = 64
_SOFT_HYPHEN = "\xad"
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JAMO = range(0x1160, 0x1200), range(0xD7B0, 0xD7FC)
_ASCII = bytes(range(0x80))


@lru_cache(maxsize=8192)
def _kind(char: str) -> str:
    """`mark`, `drop`, `replace` or nothing for a character that goes as it is."""
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF or code >= _FIRST:
        return "replace"
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x1F3FB <= code <= 0x1F3FF:
        return "drop"  # variation selectors and skin tones
    category = unicodedata.category(char)
    if category[0] == "M" or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB:
        return "mark"
    if (category in ("Cf", "Zl", "Zp") and char != _SOFT_HYPHEN) or char == "\x7f":
        return "drop"
    return ""


def _combine(base: str, marks: str) -> str:
    composed = unicodedata.normalize("NFC", base + marks[: MAX_CODE_POINTS - 1])
    if len(composed) == 1:
        return composed
    if unicodedata.east_asian_width(composed[0]) in "WF":
        return composed[0]  # a stand-in would be one column wide
    if composed not in _stand_ins:
        if len(_stand_ins) >= _MOST:
            return composed[0]
        stand_in = chr(_FIRST + len(_stand_ins))
        _stand_ins[composed] = stand_in
        _clusters[stand_in] = composed
    return _stand_ins[composed]


def is_plain(data: str) -> bool:
    """Whether each character of `data` gets a cell of its own, or is a control character."""
    if data.isascii():
        return "\x7f" not in data
    others = data.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return "\x7f" not in data and not any(map(_kind, set(others.decode("utf-8", "surrogatepass"))))


def clean(data: str) -> str:
    """Output without the characters that get no cell, and with U+FFFD for what is no character."""
    if data.isascii():
        return data.replace("\x7f", "")
    for char in set(_BEYOND.findall(data)):
        if (kind := _kind(char)) in ("replace", "drop"):
            data = data.replace(char, REPLACEMENT if kind == "replace" else "")
    return _SURROGATES.sub(REPLACEMENT, _dropped().sub("", data))


@lru_cache(maxsize=1)
def _dropped() -> re.Pattern[str]:
    return re.compile(f"[\x7f{_found()[1]}]+")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What finds marks."""

    marks: re.Pattern[str]
    sequence: re.Pattern[str]
    """An escape sequence with the marks in and right behind it."""
    cluster: re.Pattern[str]
    """A base, if there is one, and its marks."""


@lru_cache(maxsize=1)
def _found() -> tuple[str, str]:
    """The marks, and what is dropped, from U+0080 to U+FFFF."""
    odd = {"Mn", "Mc", "Me", "Cf", "Zl", "Zp"}
    found = [c for c in map(chr, range(0x80, 0x10000)) if unicodedata.category(c) in odd]
    found += [chr(code) for codes in _JAMO for code in codes]
    marks, dropped = (sorted({c for c in found if _kind(c) == kind}) for kind in ("mark", "drop"))
    return "".join(marks), "".join(dropped)


@lru_cache(maxsize=32)
def _patterns(beyond: str) -> _Patterns:
    """For the marks up to U+FFFF and those of `beyond`.

    Made when they are needed, in some 20 ms. All marks there are would make slow patterns: only
    for characters up to U+FFFF does a class have a table.
    """
    m = _found()[0] + beyond
    return _Patterns(
        re.compile(f"[{m}]+"),
        re.compile(f"(?:\x1b\\[|\x9b)[0-?{m}]*[ -/{m}]*[@-~]?[{m}]*|\x1b[ -/{m}]*[0-~]?[{m}]*"),
        re.compile(f"([^\\x00-\\x1f\\x7f-\\x9f{m}])?([{m}]+)"),
    )


def _patterns_for(data: str) -> _Patterns | None:
    """None where there is no mark in `data`."""
    if data.isascii():
        return None
    beyond = "".join(sorted(c for c in set(_BEYOND.findall(data)) if _kind(c) == "mark"))
    patterns = _patterns(beyond)
    return patterns if beyond or patterns.marks.search(data) else None


def unmark_sequences(data: str) -> str:
    """Cleaned output without the marks in and right behind escape sequences: these have no base."""
    patterns = _patterns_for(data)
    if patterns is None:
        return data
    return patterns.sequence.sub(lambda match: patterns.marks.sub("", match[0]), data)


def split_tail(data: str) -> tuple[str, str]:
    """Unmarked output without, and then, the end that the next piece's marks might belong to.

    That is the last character with its marks, or an escape sequence not finished yet, never a
    finished one.
    """
    end = len(data)
    while end and data[end - 1] > "\x7f" and _kind(data[end - 1]) == "mark":
        end -= 1
    look = data[max(end - _LOOK_BACK, 0) : end]
    unfinished = _UNFINISHED.search(look)
    if unfinished:
        cut = end - len(unfinished[0])
        return data[:cut], data[cut:]
    if not look or look[-1] < " " or "\x7f" <= look[-1] <= "\x9f" or _FINISHED.search(look):
        return data, ""
    return data[: end - 1], data[end - 1 : end - 1 + MAX_CODE_POINTS]


def join_marks(data: str) -> str:
    """Unmarked output with one code point a cell; marks without a base in `data` are dropped."""
    patterns = _patterns_for(data)
    if patterns is None:
        return data

    def replace(match: re.Match[str]) -> str:
        base, marks = match.groups()
        return _combine(base, marks) if base else ""

    return patterns.cluster.sub(replace, data)


def expand(text: str) -> str:
    """The engine's text with the clusters that its stand-ins stand for."""
    return text if text.isascii() else _STAND_INS.sub(lambda m: _clusters.get(m[0], m[0]), text)
