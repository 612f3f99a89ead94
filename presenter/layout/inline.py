"""Marked-up text → wrapped lines of segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style

from presenter.deck.model import Inline, Mark, Span
from presenter.layout.frame import Line
from presenter.layout.lines import merge
from presenter.layout.text import clean, clusters, split_marks, width
from presenter.layout.theme import Theme, contrast, readable

_TOKENS = re.compile(r"\n| +|[^ \n]+")
_CLOSING = "、。，．：；？！）］｝」』】〉》ー・"
"""What may not start a line in East Asian text."""
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_CSS = {
    "black": "#000000", "white": "#ffffff", "gray": "#808080", "grey": "#808080",
    "silver": "#c0c0c0", "red": "#ff0000", "maroon": "#800000", "orange": "#ffa500",
    "yellow": "#ffff00", "gold": "#ffd700", "olive": "#808000", "lime": "#00ff00",
    "green": "#008000", "teal": "#008080", "aqua": "#00ffff", "cyan": "#00ffff",
    "blue": "#0000ff", "navy": "#000080", "purple": "#800080", "fuchsia": "#ff00ff",
    "magenta": "#ff00ff", "pink": "#ffc0cb", "brown": "#a52a2a",
}  # fmt: skip
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")


@dataclass(slots=True)
class _Word:
    """What stays together on a line: its parts, and the blanks before it."""

    gap: list[Segment] = field(default_factory=list)
    parts: list[Segment] = field(default_factory=list)
    cells: int = 0
    gap_cells: int = 0
    hard: bool = False
    """A hard break stands before it."""


@dataclass(frozen=True, slots=True)
class Face:
    """The base look of a text: the role and background that spans start from."""

    role: str = "text"
    on: str = "page"
    bold: bool = False


def wrap(text: Inline, columns: int, theme: Theme, face: Face = Face()) -> list[Line]:
    """`text` in lines of at most `columns`; no line for no text."""
    return wrap_segments(styled(text, theme, face), columns)


def wrap_segments(segments: list[Segment], columns: int, hang: Line | None = None) -> list[Line]:
    """Styled text (with newlines for hard breaks) in lines of at most `columns`.

    `hang` starts each line but the first and counts as part of it.
    """
    columns = max(columns, 2)
    lead = list(hang or [])
    lead_cells = sum(width(segment.text) for segment in lead)
    lines: list[Line] = []
    line: Line = []
    used = start = 0
    for word in _words(segments):
        if word.hard or (used > start and used + word.gap_cells + word.cells > columns):
            lines.append(merge(line))
            line, used, start = list(lead), lead_cells, lead_cells
        elif used > start:
            line += word.gap
            used += word.gap_cells
        for part in word.parts:
            for piece, cells in _pieces(part.text, columns - start, word.cells):
                if used + cells > columns and used > start:
                    lines.append(merge(line))
                    line, used, start = list(lead), lead_cells, lead_cells
                line.append(Segment(piece, part.style))
                used += cells
    if used > start:
        lines.append(merge(line))
    return lines


def _pieces(text: str, columns: int, word_cells: int) -> Iterator[tuple[str, int]]:
    """A word that fits on a line, whole; a longer one in clusters."""
    if word_cells <= columns:
        yield text, width(text)
    else:
        yield from clusters(text)


def _words(segments: list[Segment]) -> Iterator[_Word]:
    word = _Word()
    for segment in segments:
        for found in _TOKENS.findall(segment.text):
            if found == "\n":
                if word.parts or word.hard:
                    yield word
                word = _Word(hard=True)
            elif found[0] == " ":
                if word.parts:
                    yield word
                    word = _Word()
                word.gap.append(Segment(found, segment.style))
                word.gap_cells += len(found)
            elif max(found) < "\u2e80" or not any(map(_is_ideograph, found)):
                word.parts.append(Segment(found, segment.style))
                word.cells += width(found)
            else:
                for part, cells in clusters(found):
                    if word.parts and part not in _CLOSING and _is_ideograph(part[0]):
                        yield word
                        word = _Word()
                    word.parts.append(Segment(part, segment.style))
                    word.cells += cells
    if word.parts:
        yield word


def _is_ideograph(character: str) -> bool:
    """Whether a line may break before a character without a blank: East Asian scripts."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uff60"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def styled(text: Inline, theme: Theme, face: Face = Face()) -> list[Segment]:
    """Spans as segments; what is in them is cleaned, newlines stay."""
    segments: list[Segment] = []
    for span in text:
        shown = span.text or span.href
        if span.marks & Mark.SUPERSCRIPT:
            shown = _raised(shown)
        shown = clean(shown)
        if segments:
            combining, shown = split_marks(shown)
            if combining:
                segments[-1] = Segment(segments[-1].text + combining, segments[-1].style)
        segments.append(Segment(shown, _span_style(span, theme, face)))
    return segments


def _raised(text: str) -> str:
    raised = text.translate(_RAISED)
    return raised if not re.search(r"[A-Za-z]", raised) else f"^{text}"


def _span_style(span: Span, theme: Theme, face: Face) -> Style:
    marks = span.marks
    role, on = face.role, face.on
    if marks & Mark.CODE:
        role, on = "accent", "panel"
    if span.href:
        role = "accent"
    if marks & Mark.STRIKE:
        role = "muted"
    if span.color or span.background:
        role, on = _asked(span, theme, role, on)
    return theme.style(
        role,
        on,
        bold=face.bold or bool(marks & Mark.BOLD),
        italic=bool(marks & Mark.ITALIC),
        underline=bool(span.href) or bool(marks & Mark.UNDERLINE),
        strike=bool(marks & Mark.STRIKE),
    )


def _asked(span: Span, theme: Theme, role: str, on: str) -> tuple[str, str]:
    """The deck's own colours, kept only as far as the text stays readable (7:1)."""
    background = css_color(span.background) or theme.color(on)
    foreground = css_color(span.color) or theme.color(role)
    light = "#ffffff" if _is_dark(background) else "#000000"
    return readable(foreground, background, light, 7.0), background


def _is_dark(color: str) -> bool:
    return contrast(color, "#ffffff") >= contrast(color, "#000000")


def css_color(name: str) -> str:
    """A CSS colour as `#rrggbb`; empty where it is not one that we know."""
    name = name.strip().lower()
    if _HEX.match(name):
        return name if len(name) == 7 else "#" + "".join(2 * digit for digit in name[1:])
    return _CSS.get(name, "")


def plain(text: Inline) -> str:
    """The text alone, cleaned, on one line."""
    return " ".join(clean("".join(span.text or span.href for span in text)).split())
