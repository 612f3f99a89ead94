"""What a single line can be, for the scanner: the shapes that CommonMark gives meaning to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from presenter.deck.text import indent_of

ITEM = re.compile(r" *(?:[-*+]|\d{1,9}[.)])(?: +|$)")
QUOTE = re.compile(r" {0,3}>")
RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:_ *){3,}|(?:- *){3,})$")
DELIMITER_ROW = re.compile(r" {0,3}\|?(?: *:?-+:? *\|)+ *(?::?-+:? *)?$")
INTERRUPTS = re.compile(
    rf"{QUOTE.pattern}|{DELIMITER_ROW.pattern}|{RULE.pattern}| {{0,3}}(?:[-*+]|1[.)]) +\S"
)
"""What a paragraph cannot go on over: a quote, a table, a rule, an item that is not empty."""

RAW_HTML = re.compile(r"<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
BLOCK_HTML = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd"
    r"|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]"
    r"|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup"
    r"|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)"
    r"(?=[\s>]|/>|$)",
    re.IGNORECASE,
)
LONE_TAG = re.compile(r"(?:<[A-Za-z][\w-]*(?:\s[^<>]*)?/?>|</[A-Za-z][\w-]*\s*>)\s*$")
YAML_KEY = re.compile(r"[a-z][\w-]*:(?:\s|$)")


class Span(Protocol):
    """Lines that belong together: a fence, a comment."""

    @property
    def line(self) -> int: ...

    @property
    def end(self) -> int: ...


FAR = 80
"""How many lines the look-back goes, so that no text makes the scan quadratic."""


def in_item(
    lines: Sequence[str], index: int, indent: int, floor: int, spans: Sequence[Span]
) -> int:
    """The content column of the list item that holds an indented line, or 0.

    Paragraphs above `floor` have ended there; what is inside `spans` is never an item.
    """
    lazy = False
    above, span = index, len(spans) - 1
    while above > max(0, index - FAR):
        above -= 1
        while span >= 0 and spans[span].line > above:
            span -= 1
        if span >= 0 and above < spans[span].end:
            above = spans[span].line
        line = lines[above]
        if lazy and (above < floor or not line.strip() or RULE.match(line)):
            return 0
        if not line.strip():
            continue
        start = indent_of(line)
        fresh = above == 0 or not lines[above - 1].strip()
        match = None if RULE.match(line) else ITEM.match(line)
        if match is not None and start < indent:
            content = match.end() if match.end() - start <= 5 else start + 2
            if content <= indent:
                return content
            indent = start  # what holds the line must hold this item too
        elif match is None and (above < floor or INTERRUPTS.match(line) or fresh):
            indent = min(indent, start)  # the same goes for what is sure to be no lazy line
        if indent == 0:
            return 0
        # A line at the margin may carry on an item's paragraph that begins right above it.
        lazy = match is None and start == 0
    return 0


def paragraph_start(lines: Sequence[str], index: int, floor: int, spans: Sequence[Span]) -> int:
    """Where the paragraph starts that line `index` would underline as a heading, or -1.

    Nothing before `floor` counts: it is the end of the last block that was no paragraph.
    """
    first = index
    while first > max(floor, index - FAR) and lines[first - 1].strip():
        first -= 1
        line = lines[first]
        if RULE.match(line):
            first += 1
            break
    while first < index and indent_of(lines[first]) >= 4:
        first += 1  # indented code before the paragraph
    if first == index:
        return -1
    if ITEM.match(lines[first]) or any(map(INTERRUPTS.match, lines[first:index])):
        return -1
    indent = indent_of(lines[first])
    return -1 if indent and in_item(lines, first, indent, floor, spans) else first


def yaml_end(lines: Sequence[str], start: int) -> int:
    """The line of the `---` that ends the YAML after a slide break, or -1 when there is none.

    `start` is the line after the break. The lines must look like YAML all through.
    """
    if start >= len(lines) or not (YAML_KEY.match(lines[start]) or lines[start].startswith("# ")):
        return -1
    keys = 0
    for index in range(start, min(len(lines), start + FAR)):
        line = lines[index].rstrip()
        if line == "---":
            return index if keys else -1
        if YAML_KEY.match(line):
            keys += 1
        elif line and not line.startswith((" ", "- ", "#")):
            return -1
    return -1
