"""Frames as text; `svg` and `png` paint pictures of them."""

from __future__ import annotations

from presenter.layout.frame import Frame
from presenter.layout.png import paint_png
from presenter.layout.svg import paint_svg

__all__ = ["paint_png", "paint_svg", "paint_text"]


def paint_text(frame: Frame) -> str:
    """The characters alone: a line for each row, without blanks at the end."""
    rows = ("".join(segment.text for segment in line).rstrip() for line in frame.lines)
    return "\n".join(rows) + "\n"
