"""`presenter shot DECK`: a picture of a slide, exactly as the stage would show it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.errors import PresenterError, UsageError
from presenter.layout.frame import Frame, Size
from presenter.layout.theme import Theme
from presenter.samples import find_deck
from presenter.settings import Settings

SMALLEST = Size(20, 6)
LARGEST = Size(500, 200)


def run(options: argparse.Namespace) -> int:
    """Write the picture to `--output`; its kind follows the file's ending."""
    from presenter.wiring.choices import choose_theme, find_slide
    from presenter.wiring.picture import picture

    size = parse_size(options.size)
    output = Path(options.output)
    painters = {".txt": _text, ".svg": _svg, ".png": _png}
    if output.suffix not in painters:
        raise UsageError(f"{output}: unknown kind of picture", "use .svg, .png or .txt")
    deck = open_deck(find_deck(options.deck))
    index = find_slide(deck, options.slide)
    presses = len(deck.stops(index))
    if options.step is not None and options.step > presses:
        raise PresenterError(
            f"--step {options.step}: slide {deck.slide_id(index)!r} takes no more than {presses}",
            "without --step, the picture is taken after all of them",
        )
    frame, theme = picture(
        deck, index, options.step, size, choose_theme(options.theme, Settings(), deck)
    )
    try:
        output.write_bytes(painters[output.suffix](frame, theme))
    except OSError as error:
        raise PresenterError(
            f"{output}: cannot be written: {error.strerror}", "its folder must be there already"
        ) from error
    return 0


def _text(frame: Frame, _theme: Theme) -> bytes:
    from presenter.layout.paint import paint_text

    return paint_text(frame).encode()


def _svg(frame: Frame, theme: Theme) -> bytes:
    from presenter.layout.paint import paint_svg

    return paint_svg(frame, theme).encode()


def _png(frame: Frame, theme: Theme) -> bytes:
    from presenter.layout.paint import paint_png

    return paint_png(frame, theme)


def parse_size(text: str) -> Size:
    """`120x40` → a size; UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text)
    if found:
        size = Size(int(found[1]), int(found[2]))
        if (
            SMALLEST.columns <= size.columns <= LARGEST.columns
            and SMALLEST.rows <= size.rows <= LARGEST.rows
        ):
            return size
    raise UsageError(f"--size {text}", "COLUMNSxROWS, from 20x6 to 500x200, such as 120x40")
