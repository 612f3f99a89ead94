"""`presenter shot DECK`: a picture of a slide, exactly as the stage would show it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from presenter.cli.pictures import check_kind, write_picture
from presenter.deck.deck import open_deck
from presenter.errors import PresenterError, UsageError
from presenter.layout.frame import Size
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
    check_kind(output)
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
    write_picture(frame, theme, output)
    return 0


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
