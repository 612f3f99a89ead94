"""What live programs ask their terminal, and what it answers.

Only what the terminal knows of itself is told: no answer repeats anything that a program has
written, so that none of it can come back as keys. A recording is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from presenter import __version__
from presenter.terminal.modes import Modes, has_rare, last_escape, mode_value

MOST_ANSWERS = 64
"""Answers to the text of one `split`; a program that asks more often is not asking."""

Kind = Literal[
    "attributes",
    "more attributes",
    "unit",
    "status",
    "cursor",
    "private cursor",
    "version",
    "size",
    "keyboard",
    "private mode",
    "mode",
    "colour",
    "palette",
    "setting",
    "capability",
]

_KINDS: dict[str, Kind] = {
    "c": "attributes",
    "0c": "attributes",
    ">c": "more attributes",
    ">0c": "more attributes",
    "=c": "unit",
    "=0c": "unit",
    "5n": "status",
    "6n": "cursor",
    "?6n": "private cursor",
    ">q": "version",
    ">0q": "version",
    "18t": "size",
    "?u": "keyboard",
}
_CONSTANT: dict[Kind, str] = {
    "attributes": "\x1b[?62;22c",  # a VT220 with colours
    "more attributes": "\x1b[>0;100;0c",  # one with which vim wants the mouse by SGR, and no more
    "unit": "\x1bP!|00000000\x1b\\",
    "status": "\x1b[0n",
    "version": f"\x1bP>|presenter({__version__})\x1b\\",
    "setting": "\x1bP0$r\x1b\\",
    "capability": "\x1bP0+r\x1b\\",
}
_CSI = r"(?P<csi>[>=?]?[0-9]{0,5}(?:[cnqtu]|\$p))"
_OSC = (
    r"(?:4;(?P<palette>[0-9]{1,3};\?(?:;[0-9]{1,3};\?){0,255})"
    r"|(?P<colour>1[0-2])(?P<more>(?:;\?){1,3}))(?P<end>\x07|\x1b\\|\x9c)"
)
_DCS = r"(?P<dcs>[$+])q[ -~]{0,4000}(?:\x1b\\|\x9c)"
_OPEN_CSI = r"[>=?]?[0-9]{0,5}\$?"
_OPEN_OSC = r"[0-9;?]{0,2000}\x1b?"
_OPEN_DCS = r"(?:[$+](?:q[ -~]{0,4000}\x1b?)?)?"
_SEVEN_BITS = (
    re.compile(rf"\x1b(?:\[{_CSI}|\]{_OSC}|P{_DCS})"),
    re.compile(rf"\x1b(?:\[{_OPEN_CSI}|\]{_OPEN_OSC}|P{_OPEN_DCS})?\Z"),
)
"""A query, and the beginning of one that goes on in the next text.

A pattern that begins with one character is found many times faster than one with a choice.
"""
_EIGHT_BITS = (
    re.compile(rf"(?:\x1b\[|\x9b){_CSI}|(?:\x1b\]|\x9d){_OSC}|(?:\x1bP|\x90){_DCS}"),
    re.compile(
        rf"(?:\x1b|(?:\x1b\[|\x9b){_OPEN_CSI}|(?:\x1b\]|\x9d){_OPEN_OSC}|(?:\x1bP|\x90){_OPEN_DCS})\Z"
    ),
)
_ASKS = re.compile(r"\?(?:(?<=;\?)|(?<=\x1b\[\?)u)")
_LONGEST = 4010
"""Characters of the longest query found."""
_MOST_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Query:
    """A question found in the output."""

    kind: Kind
    numbers: tuple[int, ...] = ()
    """The mode asked for, the colours of the palette (0–255), or 10, 11, 12 for the text's, the
    background's and the cursor's colour."""
    end: str = ""
    """What ended a question for colours; its answer ends likewise."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a terminal knows when it has drawn everything up to a query."""

    column: int
    """Of the cursor, from 0."""
    row: int
    columns: int
    rows: int
    foreground: str
    """A colour as `#rrggbb`, like those that follow."""
    background: str
    palette: Callable[[int], str]
    """The colour of an index 0–255."""
    modes: Modes


class QueryScanner:
    """Finds the queries in the output of one terminal."""

    def __init__(self) -> None:
        self._open = ""

    def split(self, text: str) -> list[tuple[str, Query | None]]:
        """Cuts output behind every query, so that it is answered when all before it is drawn.

        The pieces joined are `text`; a query that began in an earlier text is found where it ends.
        More than `MOST_ANSWERS` are not found.
        """
        start = len(self._open)
        text = self._open + text
        pieces: list[tuple[str, Query | None]] = []
        end = 0
        left = MOST_ANSWERS
        eight = not text.isascii() and ("\x9b" in text or "\x9d" in text or "\x90" in text)
        whole, unfinished = _EIGHT_BITS if eight else _SEVEN_BITS
        for match in whole.finditer(text) if eight or has_rare(text) or _ASKS.search(text) else ():
            end = match.end()
            query = _read(match, left)
            if query is not None:
                left -= max(len(query.numbers), 1)
                pieces.append((text[start:end], query))
                start = end
        if start < len(text):
            pieces.append((text[start:], None))
        earliest = max(end, len(text) - _LONGEST)
        if not eight:
            earliest = last_escape(text, earliest)
        rest = unfinished.search(text, earliest)
        self._open = rest[0] if rest else ""
        return pieces


def _read(match: re.Match[str], left: int) -> Query | None:
    """The query found, cut to at most `left` answers."""
    if left <= 0:
        return None
    if match["csi"]:
        return _read_csi(match["csi"])
    if match["palette"]:
        numbers = [int(each) for each in match["palette"].split(";")[::2]]
        known = tuple(each for each in numbers if each < _MOST_COLOURS)[:left]
        return Query("palette", known, match["end"]) if known else None
    if match["colour"]:
        first = int(match["colour"])
        last = min(first + match["more"].count("?"), 13)
        return Query("colour", tuple(range(first, last))[:left], match["end"])
    return Query("setting" if match["dcs"] == "$" else "capability")


def _read_csi(written: str) -> Query | None:
    if not written.endswith("$p"):
        kind = _KINDS.get(written)
        return Query(kind) if kind else None
    private, number = written.startswith("?"), written.lstrip("?")[:-2]
    if not number.isdigit():
        return None
    return Query("private mode" if private else "mode", (int(number),))


def answer(query: Query, facts: Facts) -> str:
    """What is sent to the program that asked."""
    column = min(facts.column, facts.columns - 1) + 1
    match query.kind:
        case "cursor":
            return f"\x1b[{facts.row + 1};{column}R"
        case "private cursor":
            return f"\x1b[?{facts.row + 1};{column};1R"
        case "size":
            return f"\x1b[8;{facts.rows};{facts.columns}t"
        case "keyboard":
            return f"\x1b[?{facts.modes.kitty}u"
        case "mode":
            return f"\x1b[{query.numbers[0]};0$y"
        case "private mode":
            return f"\x1b[?{query.numbers[0]};{_mode(facts.modes, query.numbers[0])}$y"
        case "palette":
            found = (f"4;{n};{_rgb(facts.palette(n))}" for n in query.numbers)
            return "".join(f"\x1b]{each}{query.end}" for each in found)
        case "colour":
            colours = {11: facts.background}
            found = (f"{n};{_rgb(colours.get(n, facts.foreground))}" for n in query.numbers)
            return "".join(f"\x1b]{each}{query.end}" for each in found)
        case kind:
            return _CONSTANT[kind]


def _mode(modes: Modes, number: int) -> int:
    """1 set, 2 reset, 0 not known."""
    value = mode_value(modes, number)
    return 0 if value is None else 1 if value else 2


def _rgb(colour: str) -> str:
    """`#rrggbb` as X11 writes it, with four digits a channel."""
    return "rgb:" + "/".join(colour[at : at + 2] * 2 for at in (1, 3, 5))
