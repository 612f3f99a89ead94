"""`presenter [present] [DECK]`: give a talk."""

from __future__ import annotations

import argparse

from presenter.errors import UsageError
from presenter.live.supervisor import supervise
from presenter.samples import find_deck
from presenter.talk.wish import Wish


def run(options: argparse.Namespace) -> int:
    """Open the deck and present it; the status of the talk's end."""
    if options.trust and options.mode == "recorded":
        raise UsageError("--trust is of no use with --recorded", "that runs nothing")
    return supervise(lambda: _present(options))


def _present(options: argparse.Namespace) -> int:
    from presenter.wiring.opening import present

    return present(
        find_deck(options.deck),
        slide=options.slide,
        theme=options.theme,
        watch=options.watch,
        speed=options.speed,
        mode=options.mode,
        trust=options.trust,
        wish=Wish(options.target, options.cut),
    )
