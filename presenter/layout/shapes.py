"""Box drawing and block characters as shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presenter.layout.theme import mix

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Corners = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are one past the cell."""

# Arms to the left, up, right and down: 0 none, 1 light, 2 heavy.
_LINES = {
    "─": (1, 0, 1, 0), "━": (2, 0, 2, 0), "│": (0, 1, 0, 1), "┃": (0, 2, 0, 2),
    "┌": (0, 0, 1, 1), "┐": (1, 0, 0, 1), "└": (0, 1, 1, 0), "┘": (1, 1, 0, 0),
    "╭": (0, 0, 1, 1), "╮": (1, 0, 0, 1), "╰": (0, 1, 1, 0), "╯": (1, 1, 0, 0),
    "┏": (0, 0, 2, 2), "┓": (2, 0, 0, 2), "┗": (0, 2, 2, 0), "┛": (2, 2, 0, 0),
    "├": (0, 1, 1, 1), "┤": (1, 1, 0, 1), "┬": (1, 0, 1, 1), "┴": (1, 1, 1, 0),
    "┼": (1, 1, 1, 1), "╴": (1, 0, 0, 0), "╵": (0, 1, 0, 0), "╶": (0, 0, 1, 0),
    "╷": (0, 0, 0, 1), "╸": (2, 0, 0, 0), "╹": (0, 2, 0, 0), "╺": (0, 0, 2, 0),
    "╻": (0, 0, 0, 2),
}  # fmt: skip
# Filled parts of the cell: left, top, right, bottom as shares.
_BLOCKS = {
    "█": (0, 0, 1, 1), "▀": (0, 0, 1, 0.5), "▄": (0, 0.5, 1, 1), "▌": (0, 0, 0.5, 1),
    "▐": (0.5, 0, 1, 1), "▔": (0, 0, 1, 0.125), "▁": (0, 0.875, 1, 1), "▂": (0, 0.75, 1, 1),
    "▃": (0, 0.625, 1, 1), "▅": (0, 0.375, 1, 1), "▆": (0, 0.25, 1, 1), "▇": (0, 0.125, 1, 1),
    "▏": (0, 0, 0.125, 1), "▎": (0, 0, 0.25, 1), "▍": (0, 0, 0.375, 1), "▋": (0, 0, 0.625, 1),
    "▊": (0, 0, 0.75, 1), "▉": (0, 0, 0.875, 1), "▕": (0.875, 0, 1, 1), "▖": (0, 0.5, 0.5, 1),
    "▗": (0.5, 0.5, 1, 1), "▘": (0, 0, 0.5, 0.5), "▝": (0.5, 0, 1, 0.5),
}  # fmt: skip
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}


def draw_shape(draw: ImageDraw, text: str, box: Corners, color: str, back: str) -> bool:
    """Draw the character if it is one of these; whether it was."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if text in _BLOCKS:
        x0, y0, x1, y1 = _BLOCKS[text]
        corners = (
            left + round(x0 * wide),
            top + round(y0 * high),
            left + round(x1 * wide) - 1,
            top + round(y1 * high) - 1,
        )
        draw.rectangle(corners, fill=color)
        return True
    if text in _SHADES:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=mix(back, color, _SHADES[text]))
        return True
    if text in _LINES:
        _draw_lines(draw, text, box, color)
        return True
    return False


def _draw_lines(draw: ImageDraw, text: str, box: Corners, color: str) -> None:
    left, top, right, bottom = box
    x, y = (left + right) // 2, (top + bottom) // 2
    to_left, up, to_right, down = _LINES[text]
    for weight, start, end in (
        (to_left, (left, y), (x, y)),
        (up, (x, top), (x, y)),
        (to_right, (x, y), (right - 1, y)),
        (down, (x, y), (x, bottom - 1)),
    ):
        if weight:
            draw.line((*start, *end), fill=color, width=weight)
