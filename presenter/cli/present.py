"""`presenter [present] [DECK]`: give a talk."""

from __future__ import annotations

import argparse

from presenter.errors import UsageError
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """Open the deck and present it; the status of the talk's end."""
    from presenter.wiring.opening import present

    check_modes(options)
    return present(
        find_deck(options.deck),
        slide=options.slide,
        theme=options.theme,
        watch=options.watch,
        speed=options.speed,
        mode=options.mode,
        trust=options.trust,
    )


def check_modes(options: argparse.Namespace) -> None:
    """Raises UsageError where the options ask for what cannot be together."""
    if options.trust and options.mode == "recorded":
        raise UsageError("--trust is of no use with --recorded", "that runs nothing")
