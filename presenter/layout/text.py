"""Text as a terminal counts it: in cells, by clusters that are never taken apart.

`width` follows rich's tables, as everything that shows our lines does. A cluster is a character
with what combines with it: marks, selectors, skin tones, joined emoji, the two halves of a flag.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len

TAB = 4
"""Columns to which a tab in a deck's text goes."""

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls, and characters that turn the direction of text or have no agreed width."""


@lru_cache(maxsize=1)
def _loose() -> re.Pattern[str]:
    """Joiners and selectors with nothing to join or select; 2 ms to compile, so not at start."""
    return re.compile(
        r"(?:^|(?<=[\x00-\x7e]))\u200d+"
        r"|\u200d+(?=[\x00-\x7e\u200d\ufe0f]|$)"
        r"|(?:^|(?<=[^#*0-9\x80-\U0010ffff]))\ufe0f+"
    )


def clean(text: str) -> str:
    """`text` with nothing in it but newlines and characters that are safe to draw."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    if "\t" in text:
        text = text.expandtabs(TAB)
    text = _UNSAFE.sub(_replacement, text.replace("\r\n", "\n"))
    return _loose().sub("", text) if "\u200d" in text or "\ufe0f" in text else text


def _replacement(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\r\x0b\x0c\u2028\u2029":
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""


def width(text: str) -> int:
    """Columns that cleaned text without newlines takes."""
    return len(text) if text.isascii() else cell_len(text)


@lru_cache(maxsize=4096)
def clusters(text: str) -> tuple[tuple[str, int], ...]:
    """The clusters of `text`, each with its width; the widths add up to `width(text)`."""
    if text.isascii():
        return tuple((character, 1) for character in text)
    parts: list[str] = []
    for character in text:
        if parts and _joins(parts[-1], character):
            parts[-1] += character
        else:
            parts.append(character)
    return tuple((part, cell_len(part)) for part in parts)


def begins_cluster(character: str) -> bool:
    """Whether a character stands for itself whatever is before it."""
    if character < "\u0300":
        return True
    combines = _joins("x", character) or _is_flag_half(character)
    return not combines and cell_len(character) > 0


def split_marks(text: str) -> tuple[str, str]:
    """What at the start of `text` combines with the text before it, and the rest."""
    if not text or text[0] < "\u0300":
        return "", text
    count = 0
    while count < len(text) and (_joins("x", text[count]) or not cell_len(text[count])):
        count += 1
    return text[:count], text[count:]


def _joins(before: str, character: str) -> bool:
    if character < "\u0300":
        return False
    if _is_flag_half(character):
        return len(before) == 1 and _is_flag_half(before)
    return (
        before.endswith("\u200d")
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or unicodedata.category(character)[0] == "M"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def crop(text: str, columns: int) -> str:
    """The start of `text` that fits into `columns`."""
    if width(text) <= columns:
        return text
    if text.isascii():
        return text[: max(columns, 0)]
    taken, result = 0, ""
    for part, cells in clusters(text):
        taken += cells
        if taken > columns:
            break
        result += part
    return result


def pad(text: str, columns: int) -> str:
    """`text` in exactly `columns`: cropped or filled with blanks."""
    fitting = crop(text, columns)
    return fitting + " " * (columns - width(fitting))


def shorten(text: str, columns: int) -> str:
    """`text` in at most `columns`; an ellipsis stands for what is missing."""
    if width(text) <= columns:
        return text
    return crop(text, columns - 1).rstrip() + "…" if columns > 0 else ""


def one_line(text: str) -> str:
    """Cleaned text on a single line, with single blanks."""
    return " ".join(clean(text).split())
