"""A frame as SVG: cells on a monospace grid, self-contained, with nothing fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from rich.color import Color
from rich.style import Style

from presenter.layout.depth import xterm_color
from presenter.layout.frame import Frame, Line
from presenter.layout.text import width
from presenter.layout.theme import XTERM_16, Theme, hex_color

CELL = (9, 21)
"""Size of a cell in pixels."""
FONTS = "'JetBrains Mono', 'DejaVu Sans Mono', 'Noto Sans Mono', Menlo, Consolas, monospace"
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Patch:
    """A run of cells in one style, at its place in the grid."""

    x: int
    y: int
    cells: int
    text: str
    foreground: str
    background: str
    bold: bool
    italic: bool
    underline: bool
    strike: bool


def patches(frame: Frame, theme: Theme) -> Iterator[Patch]:
    """The frame's segments with their places and colours (`#rrggbb`)."""
    for y, line in enumerate(frame.lines):
        yield from _line_patches(line, y, theme)


def _line_patches(line: Line, y: int, theme: Theme) -> Iterator[Patch]:
    x = 0
    for segment in line:
        style = segment.style or Style.null()
        cells = width(segment.text)
        yield Patch(
            x,
            y,
            cells,
            segment.text,
            color_of(style.color, theme.text),
            color_of(style.bgcolor, theme.page),
            bool(style.bold),
            bool(style.italic),
            bool(style.underline),
            bool(style.strike),
        )
        x += cells


def color_of(color: Color | None, default: str) -> str:
    """A rich colour as `#rrggbb`."""
    if color is None or color.is_default:
        return default
    if color.triplet is not None:
        return hex_color((color.triplet.red, color.triplet.green, color.triplet.blue))
    number = color.number or 0
    return XTERM_16[number] if number < 16 else xterm_color(number)


def paint_svg(frame: Frame, theme: Theme) -> str:
    """The frame as an SVG document, 9 by 21 pixels a cell."""
    wide, high = CELL
    size = (frame.size.columns * wide, frame.size.rows * high)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {size[0]} {size[1]}" font-family="{FONTS}" font-size="15">',
        f'<rect width="{size[0]}" height="{size[1]}" fill="{theme.page}"/>',
    ]
    found = list(patches(frame, theme))
    parts += [_rectangle(patch) for patch in found if patch.background != theme.page]
    parts += [_text(patch) for patch in found if patch.text.strip() or patch.underline]
    return "\n".join([*parts, "</svg>", ""])


def _rectangle(patch: Patch) -> str:
    wide, high = CELL
    return (
        f'<rect x="{patch.x * wide}" y="{patch.y * high}" width="{patch.cells * wide}" '
        f'height="{high}" fill="{patch.background}" shape-rendering="crispEdges"/>'
    )


def _text(patch: Patch) -> str:
    """A run, stretched to its cells so that no font can put it out of line."""
    wide, high = CELL
    marks = ' font-weight="bold"' if patch.bold else ""
    marks += ' font-style="italic"' if patch.italic else ""
    lines = [("underline", patch.underline), ("line-through", patch.strike)]
    decoration = " ".join(name for name, on in lines if on)
    marks += f' text-decoration="{decoration}"' if decoration else ""
    text = escape(_INVALID.sub("\ufffd", patch.text))
    return (
        f'<text x="{patch.x * wide}" y="{patch.y * high + 16}" '
        f'textLength="{patch.cells * wide}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{patch.foreground}" xml:space="preserve"{marks}>{text}</text>'
    )
