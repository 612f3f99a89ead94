"""The attributes of a fence: `lang +key +key:value +key:"JSON string" {1,3|5-7|all}`.

They are read from the raw line, because a Markdown parser has already resolved its escapes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from presenter.deck.text import clean, nearest

OURS = frozenset(
    (
        "demo",
        "no_demo",
        "needs",
        "timeout",
        "expect",
        "type",
        "live",
        "on_fail",
        "session",
        "export",
        "background",
        "os",
        "recording",
        "full",
        "open",
        "hidden",
        "prompt",
    )
)
PRESENTERM = frozenset(
    (
        "line_numbers",
        "exec",
        "auto_exec",
        "exec_replace",
        "pty",
        "acquire_terminal",
        "image",
        "render",
        "width",
        "validate",
        "id",
        "env",
        "no_background",
    )
)
KNOWN = OURS | PRESENTERM

MAX_LINE = 100_000
"""The highest line number that a highlight may name."""
MOST_WARNINGS = 20
"""Of one fence; what stands after them is not read."""

_KEY = re.compile(r"\+([A-Za-z_][\w-]*)")


@dataclass(slots=True)
class Attributes:
    """A fence's info string, read. Warnings are (column from 0 in the info string, message)."""

    language: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """By key; empty where the key stands alone."""
    highlight: str = ""
    """What stands in the braces, as written."""
    warnings: list[tuple[int, str]] = field(default_factory=list)

    def has(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str) -> str:
        return self.values.get(key, "")

    def names(self, key: str) -> tuple[str, ...]:
        """The names of a value such as `A,B`."""
        return tuple(name for part in self.get(key).split(",") if (name := part.strip()))


def read_attributes(info: str) -> Attributes:
    """Take an info string apart; what is odd becomes a warning. Never raises."""
    found = Attributes()
    text = info.strip()
    head = re.match(r"[^\s{]*", text)
    at = head.end() if head is not None else 0
    found.language = clean(text[:at])
    if found.language.startswith("+"):  # a fence without a language
        found.language, at = "", 0
    while at < len(text) and len(found.warnings) < MOST_WARNINGS:
        char = text[at]
        if char in " \t,":
            at += 1
        elif char == "+":
            at = _read_key(text, at, found)
        elif char == "{":
            at = _read_braces(text, at, found)
        else:
            end = _word_end(text, at)
            found.warnings.append((at, f"`{clean(text[at:end])[:40]}` has no effect here"))
            at = end
    return found


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in " \t":
        at += 1
    return at


def _read_key(text: str, at: int, found: Attributes) -> int:
    match = _KEY.match(text, at)
    if match is None:
        end = _word_end(text, at)
        found.warnings.append((at, f"`{clean(text[at:end])[:40]}` is not an attribute"))
        return end
    key, end, value = match.group(1), match.end(), ""
    if text[end : end + 2] == ':"':
        value, end = _read_string(text, end + 1, found)
    elif text[end : end + 1] == ":":
        start, end = end + 1, _word_end(text, end)
        value = clean(text[start:end])
    if key not in KNOWN:
        found.warnings.append((at, f"unknown attribute `+{key[:40]}`{nearest(key, KNOWN)}"))
    elif key in found.values:
        found.warnings.append((at, f"`+{key}` is given twice: the first one holds"))
    else:
        found.values[key] = value
    return end


def _read_string(text: str, at: int, found: Attributes) -> tuple[str, int]:
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, at)
        return clean(str(value)), end
    except ValueError:
        pass
    end = at + 1
    while end < len(text) and (text[end] != '"' or text[end - 1] == "\\"):
        end += 1
    message = (
        "not a JSON string: write a backslash twice" if end < len(text) else "quote not closed"
    )
    found.warnings.append((at, message))
    return clean(text[at + 1 : end].replace('\\"', '"')), min(end + 1, len(text))


def _read_braces(text: str, at: int, found: Attributes) -> int:
    end = text.find("}", at)
    if end < 0:
        found.warnings.append((at, "`{` is never closed"))
        return len(text)
    inner = text[at + 1 : end].strip()
    if re.fullmatch(r"(?:[\d\s,\-|*]|all|none|hide)*", inner):
        found.highlight = found.highlight or inner
    elif inner.startswith(".") and not found.language:
        found.language = inner.split()[0].removeprefix(".")  # pandoc's `{.python .run}`
        if len(inner.split()) > 1:
            found.warnings.append((at, f"`{{{clean(inner)[:40]}}}` has no effect here"))
    else:
        found.warnings.append((at, f"`{{{clean(inner)[:40]}}}` names no lines"))
    return end + 1


def read_highlights(text: str, lines: int) -> tuple[tuple[frozenset[int] | None, ...], str]:
    """The stepped line ranges of `1,3|5-7|all` in a block of `lines` lines, and what is wrong.

    `all` and `*` stand for all lines (None), `none` and `hide` for no line at all.
    """
    if not text:
        return (), ""
    groups: list[frozenset[int] | None] = []
    problem = ""
    for part in text.split("|"):
        word = part.strip()
        if word in ("all", "*"):
            groups.append(None)
            continue
        chosen: set[int] = set()
        for piece in word.split(","):
            numbers = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", piece)
            if numbers is None:
                if piece.strip() not in ("", "none", "hide"):
                    problem = f"`{clean(piece.strip())}` is not a line or a range of lines"
                continue
            first, last = int(numbers[1]), int(numbers[2] or numbers[1])
            if not 1 <= first <= last <= MAX_LINE:
                problem = f"`{piece.strip()}` is not a range of lines"
            elif last > lines:
                problem = f"line {last} is beyond the block's {lines} lines"
            chosen.update(range(max(first, 1), min(last, lines) + 1))
        groups.append(frozenset(chosen))
    return tuple(groups), problem
