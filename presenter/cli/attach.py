"""`presenter attach [DECK]`: the speaker's own screen, in a second terminal."""

from __future__ import annotations

import argparse

from presenter.live.supervisor import supervise
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """Attach to the newest talk (of the deck, if one is named)."""
    return supervise(lambda: _attach(options))


def _attach(options: argparse.Namespace) -> int:
    from presenter.wiring.attaching import attach

    return attach(find_deck(options.deck) if options.deck else None)
