"""A frame as SVG: cells on a monospace grid, self-contained, with nothing fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from rich.color import Color
from rich.style import Style

from presenter.layout.depth import xterm_color
from presenter.layout.frame import Frame, Line
from presenter.layout.shapes import LEVEL, SHADES, Corners, rectangles
from presenter.layout.text import clusters, width
from presenter.layout.theme import XTERM_16, Theme, hex_color, mix

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
        yield from line_patches(line, y, theme)


def line_patches(line: Line, y: int, theme: Theme) -> Iterator[Patch]:
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
        _rectangle((0, 0, *size), theme.page),
    ]
    found = list(patches(frame, theme))
    for patch in found:
        if patch.background != theme.page:
            parts.append(_rectangle(_box(patch.x, patch.y, patch.cells), patch.background))
    for patch in found:
        parts += _drawn(patch)
    return "\n".join([*parts, "</svg>", ""])


def _box(x: int, y: int, cells: int) -> Corners:
    wide, high = CELL
    return x * wide, y * high, (x + cells) * wide, (y + 1) * high


def _rectangle(corners: Corners, color: str) -> str:
    left, top, right, bottom = corners
    return (
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
        f'fill="{color}" shape-rendering="crispEdges"/>'
    )


def _drawn(patch: Patch) -> Iterator[str]:
    """The patch's text in runs, its lines and blocks as rectangles."""
    x = patch.x
    for kind, group in groupby(clusters(patch.text), key=_kind):
        run = list(group)
        cells = sum(columns for _, columns in run)
        shapes = rectangles(kind, _box(x, patch.y, cells)) if kind in LEVEL else None
        if shapes is not None:
            yield from (_rectangle(shape, patch.foreground) for shape in shapes)
        elif kind:
            for n in range(len(run)):
                color = mix(patch.background, patch.foreground, SHADES.get(kind, 1.0))
                for shape in rectangles(kind, _box(x + n, patch.y, 1)) or ():
                    yield _rectangle(shape, color)
        else:
            text = "".join(part for part, _ in run)
            if text.strip() or patch.underline:
                yield _text(patch, x, cells, text)
        x += cells


def _kind(cluster: tuple[str, int]) -> str:
    """The character itself where it is drawn as a shape, else nothing."""
    return cluster[0] if rectangles(cluster[0], (0, 0, 2, 2)) is not None else ""


def _text(patch: Patch, x: int, cells: int, text: str) -> str:
    """A run, stretched to its cells so that no font can put it out of line."""
    wide, high = CELL
    marks = ' font-weight="bold"' if patch.bold else ""
    marks += ' font-style="italic"' if patch.italic else ""
    lines = [("underline", patch.underline), ("line-through", patch.strike)]
    decoration = " ".join(name for name, on in lines if on)
    marks += f' text-decoration="{decoration}"' if decoration else ""
    return (
        f'<text x="{x * wide}" y="{patch.y * high + 16}" '
        f'textLength="{cells * wide}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{patch.foreground}" xml:space="preserve"{marks}>'
        f"{escape(_INVALID.sub(chr(0xFFFD), text))}</text>"
    )
