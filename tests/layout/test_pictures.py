"""A picture and its rendering in half blocks, side by side in `pictures/`.

`PRESENTER_REDRAW=1` draws the rendering anew; look at both before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

from presenter.deck.model import Image
from presenter.layout.frame import Frame, Size
from presenter.layout.image import image_lines
from presenter.layout.lines import fit
from presenter.layout.paint import paint_svg
from presenter.layout.theme import THEMES

PICTURES = Path(__file__).parent / "pictures"
COLUMNS, ROWS = 48, 20


def test_a_picture_in_half_blocks_is_the_one_that_was_looked_at() -> None:
    theme = THEMES["dark"]
    found = image_lines(Image("shapes.png"), COLUMNS, ROWS, theme, PICTURES)
    lines = [fit(line, COLUMNS, theme.style()) for line in found]
    svg = paint_svg(Frame(Size(COLUMNS, len(lines)), lines), theme)
    kept = PICTURES / "shapes.svg"
    if os.environ.get("PRESENTER_REDRAW"):
        kept.write_text(svg, "utf-8")
    assert svg == kept.read_text("utf-8")
