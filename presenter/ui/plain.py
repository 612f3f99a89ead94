"""Terminals without Unicode: every character that they cannot have becomes one that they can.

It is done where the bytes are made, so that nothing else needs to know: slides, panes, dialogs and
complaints. Each stand-in is as wide as what it stands for.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Mapping

HANDLER = "presenter-plain"

_ALIKE = {
    "-": "⁻−─╌╍┄┅┈┉╴╶╸╺–—‐‑",
    "|": "‖│┃║╎╏┆┇┊┋╵╷╹╻▌▐▍▎▏▕▋",
    "+": "±╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬",
    "#": "█▉▊▙▛▜▟■",
    '"': "▀▔▘▝“”„",
    "_": "▄▁▂▃▅▆▇▖▗",
    "*": "•●★",
    "o": "◦○◷↻",
    ".": "·…▪░",
    ":": "▒",
    "%": "▓",
    ">": "▶►▸→↪❯",
    "<": "◀◄←◇❮",
    "^": "▲↑",
    "v": "▼↓✓✔",
    "x": "✗✘×",
    "=": "━═≡⇄",
    "'": "‘’‚",
    "8": "∞",
}
"""Stand-ins for what the program draws with, and for what texts are written with."""
_STAND_INS = {ord(char): stand_in for stand_in, chars in _ALIKE.items() for char in chars}
_UNKNOWN = "?"


def terminal_encoding(environment: Mapping[str, str]) -> str:
    """What the locale says that the terminal understands; `utf-8` where it says nothing."""
    said = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG", "")
    if not environment.get("LC_ALL") and said == "C.UTF-8":
        # It may be the interpreter that has said so, for want of anything else.
        said = environment.get("LANG") or said
    if said in ("C", "POSIX"):
        return "ascii"
    charset = said.partition(".")[2].partition("@")[0]
    try:
        found = codecs.lookup(charset).name if charset else "utf-8"
        return found if "A|ä".encode(found)[:2] == b"A|" else "utf-8"
    except (LookupError, UnicodeError, TypeError):
        return "utf-8"


def speak_plainly(environment: Mapping[str, str] = os.environ) -> None:
    """From here on, what goes to the terminal is what it can have."""
    encoding = terminal_encoding(environment)
    if encoding == "utf-8":
        return
    codecs.register_error(HANDLER, _replaced)
    for stream in (sys.__stdout__, sys.__stderr__):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=HANDLER)


def stand_in(char: str) -> str:
    """ASCII for a character, in as many columns."""
    from rich.cells import cell_len  # only where there is something to replace

    width = cell_len(char)
    if ord(char) in _STAND_INS:
        return _STAND_INS[ord(char)]
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode("ascii")
    return plain.ljust(width) if 0 < len(plain) <= width else _UNKNOWN * width


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(stand_in, error.object[error.start : error.end])), error.end
