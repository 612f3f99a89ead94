"""`presenter resume [DECK]`: come back to where the talk was interrupted."""

from __future__ import annotations

import argparse

from presenter.live.supervisor import supervise
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """Resume the newest talk (of the deck, if one is named)."""
    return supervise(lambda: _resume(options))


def _resume(options: argparse.Namespace) -> int:
    from presenter.wiring.stage import resume

    deck = find_deck(options.deck) if options.deck else None
    return resume(deck, theme=options.theme, mode=options.mode)
