"""What a block of raw HTML says, for a program that draws no HTML."""

from __future__ import annotations

import html
import re

from presenter.deck.text import clean

_SILENT = ("script", "style")
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def images(source: str) -> list[tuple[str, str]]:
    """The (source, alternative text) of each `<img>`."""
    found: list[tuple[str, str]] = []
    for tag in _IMAGE.findall(source):
        values = {key.lower(): one or two for key, one, two in _ATTRIBUTE.findall(tag)}
        if values.get("src"):
            found.append((clean(values["src"]), clean(values.get("alt", ""))))
    return found


def text_of(source: str) -> str:
    """The words between the tags, a line for each line; scripts and styles say nothing."""
    for name in _SILENT:
        source = _without(source, name)
    source = _TAG.sub("", _BREAK.sub("\n", source))
    lines = (" ".join(line.split()) for line in clean(html.unescape(source)).split("\n"))
    return "\n".join(line for line in lines if line)


def _without(source: str, name: str) -> str:
    """`source` without what stands in the element `name`; one never closed goes to the end."""
    kept: list[str] = []
    lower, at = source.lower(), 0
    while (start := lower.find(f"<{name}", at)) >= 0:
        kept.append(source[at:start])
        end = lower.find(f"</{name}", start)
        close = lower.find(">", end) if end >= 0 else -1
        at = len(source) if close < 0 else close + 1
    kept.append(source[at:])
    return "".join(kept)
