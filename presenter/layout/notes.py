"""Speaker notes → lines: the plain parts of Markdown, at full contrast.

Everything stands on the theme's `panel`. What belongs to the press just made is bold and marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment

from presenter.deck.model import Mark, Note, Span
from presenter.layout.frame import Line
from presenter.layout.inline import Face, styled, wrap_segments
from presenter.layout.lines import BAR, fit
from presenter.layout.text import clean, width
from presenter.layout.theme import Theme

_BULLET = re.compile(r"(\s*)([-*+]|\d{1,3}[.)])\s+(.*)")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\Z")
_FENCE = re.compile(r"\s*(```|~~~)")
_INLINE = re.compile(
    r"(?<!`)(?P<tick>`{1,3})(?!`)(?P<code>.+?)(?<!`)(?P=tick)(?!`)"
    r"|\*\*(?P<bold>\S(?:.{0,300}?\S)?)\*\*"
    r"|(?<!\w)[*_](?P<italic>[^\s*_](?:[^*_]*[^\s*_])?)[*_](?!\w)"
    r"|\[(?P<link>[^\]\[]+)\]\((?P<url>[^)\s]*)\)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph, a list item or a line of code."""

    text: str
    marker: str = ""
    indent: int = 0
    code: bool = False
    bold: bool = False


def notes_lines(notes: Sequence[Note], stop: int, columns: int, theme: Theme) -> list[Line]:
    """The notes in lines of exactly `columns`: the slide's first, then press by press.

    `stop` is the number of presses made on the slide; the notes of that press stand out.
    """
    lines: list[Line] = []
    for note in sorted(notes, key=lambda note: note.stop):
        current = note.stop == stop and note.stop > 0
        if lines and (not note.stop or current):
            lines.append(fit([], columns, theme.style("text", "panel")))
        lines += _note(note, current, columns, theme)
    return lines


def _note(note: Note, current: bool, columns: int, theme: Theme) -> Iterator[Line]:
    fill = theme.style("text", "panel")
    lead: Line = []
    if note.stop:
        mark = BAR if current else " "
        lead = [Segment(f"{mark} ", theme.style("accent", "panel", bold=True))]
    inner = max(columns - (2 if lead else 0), 4)
    before: _Part | None = None
    for part in _parts(clean(note.text).split("\n")):
        if before is not None and not _tight(before, part):
            yield fit(lead, columns, fill)
        for line in _part_lines(part, inner, theme, current):
            yield fit([*lead, *line], columns, fill)
        before = part


def _tight(before: _Part, part: _Part) -> bool:
    """Whether no blank row stands between two parts: list items, lines of code."""
    return bool(before.marker and part.marker) or (before.code and part.code)


def _part_lines(part: _Part, columns: int, theme: Theme, strong: bool) -> list[Line]:
    if part.code:
        return [[Segment(part.text, theme.style("accent", "panel"))]]
    marker = " " * part.indent + part.marker
    style = theme.style("accent", "panel", bold=True)
    first = [Segment(marker, style)] if marker else []
    face = Face("text", "panel", bold=strong or part.bold)
    hang = [Segment(" " * width(marker), style)] if marker else []
    text = styled(tuple(spans(part.text)), theme, face)
    if not marker:
        return wrap_segments(text, columns)
    lines = wrap_segments(text, max(columns - width(marker), 4))
    return [[*(hang if n else first), *line] for n, line in enumerate(lines or [[]])]


def _parts(lines: Iterable[str]) -> Iterator[_Part]:
    text: list[str] = []
    marker, indent, fenced = "", 0, False
    for line in [*lines, ""]:
        fence = _FENCE.match(line)
        bullet = None if fenced else _BULLET.match(line)
        heading = None if fenced else _HEADING.match(line)
        if text and (fence or bullet or heading or not line.strip()):
            yield _Part(" ".join(text), marker, indent)
            text, marker, indent = [], "", 0
        if fence:
            fenced = not fenced
        elif fenced:
            yield _Part(line, code=True)
        elif heading:
            yield _Part(heading[1], bold=True)
        elif bullet:
            indent = min(len(bullet[1]), 8)
            marker = "• " if bullet[2] in "-*+" else f"{bullet[2]} "
            text = [bullet[3]]
        elif line.strip():
            text.append(line.strip())


def spans(text: str) -> Iterator[Span]:
    """Bold, italic, code and links of a line of Markdown, without nesting."""
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield Span(text[at : found.start()])
        at = found.end()
        if found["code"] is not None:
            yield Span(found["code"], Mark.CODE)
        elif found["bold"] is not None:
            yield Span(found["bold"], Mark.BOLD)
        elif found["italic"] is not None:
            yield Span(found["italic"], Mark.ITALIC)
        else:
            yield Span(found["link"], href=found["url"])
    if at < len(text):
        yield Span(text[at:])
