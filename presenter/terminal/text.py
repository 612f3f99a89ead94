"""What may stand in a cell or in a line of our own: text without anything that steers a terminal.

Two doors lead to the screen. Cells of an emulator pass `cell_text`; strings that never saw an
emulator (titles, commands, marker labels, error texts of others) pass `safe_text`, and what goes to
standard error goes through `complain`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

MAX_CODE_POINTS = 16
"""Code points in one cell; what a script with stacked marks needs, and no more."""

REPLACEMENT = "\ufffd"

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,256}[ -/]{0,16}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,65536}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,16}[0-~]"
)
_BLANKS = re.compile("[\\t\\n\\x0b\\x0c\\r\\x85\u2028\u2029]+")
_JOINER = "\u200d"


@lru_cache(maxsize=4096)
def _is_forbidden(char: str) -> bool:
    """Controls and invisible format characters (bidi overrides among them)."""
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") and char != _JOINER


def safe_text(text: str, limit: int = 4096) -> str:
    """One line of foreign text as it may be shown: at most `limit` code points.

    Escape sequences go as a whole, line breaks and tabs become a blank, other controls and
    invisible format characters go, lone surrogates become U+FFFD, and at most 15 marks stand on a
    character. Markup characters stay: what is safe here is still not markup.
    """
    if text.isprintable() and (text.isascii() or not _has_marks(text)):
        return text[:limit]
    text = _BLANKS.sub(" ", _ESCAPES.sub("", text[: limit * 16]))
    kept: list[str] = []
    marks = 0
    for char in text:
        if "\ud800" <= char <= "\udfff":
            char = REPLACEMENT
        if _is_forbidden(char):
            continue
        marks = marks + 1 if char == _JOINER or unicodedata.category(char)[0] == "M" else 0
        if marks < MAX_CODE_POINTS:
            kept.append(char)
    return "".join(kept[:limit])


def _has_marks(text: str) -> bool:
    return any(unicodedata.category(char)[0] == "M" for char in set(text) if char >= "\u0300")


def complain(line: str) -> None:
    """Writes a line to standard error; it may quote files and arguments of anybody's."""
    sys.stderr.write(f"{safe_text(line)}\n")


def cell_text(text: str, width: int) -> str:
    """The text of one cell, `width` columns wide on the grid and on the host terminal.

    A character that the host would draw at another width than the grid holds (the tables differ
    between Unicode versions) is replaced by U+FFFD and blanks, so that the row keeps its shape.
    """
    from rich.cells import cell_len  # only rows beyond ASCII need the tables

    if any(_is_forbidden(char) or "\ud800" <= char <= "\udfff" for char in text):
        return " " * width
    text = text[:MAX_CODE_POINTS]
    return text if cell_len(text) == width else REPLACEMENT + " " * (width - 1)
