"""Box drawing and block characters as rectangles, so that they join in any font."""

from __future__ import annotations

Corners = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are one past the rectangle."""

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
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
"""Characters that fill the cell with a share of their colour."""
LEVEL = frozenset("─━█▀▄")
"""Characters that a run of can be drawn as one, as wide as the run."""


def rectangles(text: str, box: Corners) -> list[Corners] | None:
    """What to fill of the cell (or of a run of `LEVEL`) at `box`; None for other characters."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if text in SHADES:
        return [box]
    if text in _BLOCKS:
        x0, y0, x1, y1 = _BLOCKS[text]
        return [
            (
                left + round(x0 * wide),
                top + round(y0 * high),
                left + round(x1 * wide),
                top + round(y1 * high),
            )
        ]
    arms = _LINES.get(text)
    return None if arms is None else _arms(arms, box)


def _arms(arms: tuple[int, int, int, int], box: Corners) -> list[Corners]:
    """A rectangle for each line: through the cell, or from an edge to past the middle."""
    left, top, right, bottom = box
    x, y = (left + right) // 2, (top + bottom) // 2
    to_left, up, to_right, down = arms
    across, along = max(to_left, to_right), max(up, down)
    result = []
    if across:
        start = left if to_left else x
        result.append((start, y, right if to_right else x + max(along, 1), y + across))
    if along:
        start = top if up else y
        result.append((x, start, x + along, bottom if down else y + max(across, 1)))
    return result
