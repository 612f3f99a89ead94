"""Small rules about text: what is dropped for display, slugs, titles, durations, near words."""

from __future__ import annotations

import re
from collections.abc import Iterable

TAB_SIZE = 4
MAX_TITLE = 500
"""Characters of a heading that a title takes up at most."""

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction controls
    "\u2028\u2029\ufeff]"  # line separators that are not newlines, byte order mark
)

_TITLE_MARKS = frozenset("*_`[]<>\\~&!$")
_COMMENT_OR_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"(?<!\\)\*+|(?<![\w\\])_+|(?<!\\)_+(?!\w)|(?<!\\)~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*h(?:ours?|rs?)?)?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*m(?:in(?:utes?|s)?)?)?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*s(?:ec(?:onds?|s)?)?)?"
)


def clean(text: str) -> str:
    """`text` as it may be shown: no control and no direction characters, tabs as spaces."""
    if "\t" in text:
        text = text.expandtabs(TAB_SIZE)
    return CONTROL.sub("", text)


def plain_title(markdown: str) -> str:
    """The words of a heading's line, without its inline markup."""
    text = clean(markdown[:MAX_TITLE]).strip()
    if not _TITLE_MARKS.isdisjoint(text):
        text = _COMMENT_OR_TAG.sub("", text)
        text = _LINK.sub(r"\1", text)
        parts = re.split(r"(`+)(.+?)\1", text)
        # A split by two groups gives: text, backticks, code, text, …; only text has emphasis.
        for index in range(0, len(parts), 3):
            parts[index] = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", parts[index]))
        text = "".join(part for index, part in enumerate(parts) if index % 3 != 1)
        if "&" in text:
            import html  # rarely needed, and it brings a table of 2,000 entities

            text = clean(html.unescape(text))
    return " ".join(text.split())


def slug(title: str) -> str:
    """The id made from a title: lower case, letters and digits joined by `-`; may be empty."""
    return _NOT_WORD.sub("-", title.lower()).strip("-_")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint ` (did you mean `x`?)` with the nearest known word, or nothing."""
    import difflib  # only when something is wrong

    found = difflib.get_close_matches(word[:40].lower(), list(known), 1, 0.6)
    return f" (did you mean `{found[0]}`?)" if found else ""


def seconds(text: str) -> float | None:
    """The seconds of `45m`, `1h30m`, `90s`, `500ms`, `35min`; None for anything else."""
    text = text.strip().lower()
    if len(text) > 40:
        return None
    if text.endswith("ms") and text[:-2].strip().isdecimal():
        return int(text[:-2]) / 1000
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, rest = (float(group or 0) for group in match.groups())
    return hours * 3600 + minutes * 60 + rest


def indent_of(line: str) -> int:
    """Columns of white space before the line's first character, a tab to the next fourth."""
    head = line[: len(line) - len(line.lstrip(" \t"))]
    return len(head.expandtabs(4)) if "\t" in head else len(head)
