"""`presenter record DECK [DEMO…]`: run the demos live, unattended, and keep their recordings."""

from __future__ import annotations

import argparse
import asyncio
import sys

from presenter.deck.deck import open_deck
from presenter.errors import PresenterError
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """1 where a demo has not been recorded."""
    from presenter.live.supervisor import supervise
    from presenter.ui.plain import speak_plainly

    speak_plainly()
    deck = find_deck(options.deck)
    return supervise(lambda: _record(deck, options))


def _record(path: object, options: argparse.Namespace) -> int:
    from pathlib import Path

    from presenter.wiring.recording import record
    from presenter.wiring.trusting import decide_trust

    deck = open_deck(Path(str(path)))
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    trusted = decide_trust(deck, ask=asks, assume_yes=options.trust)
    if trusted is None:
        raise PresenterError(f"{deck.path}: is not trusted", "say yes with --trust")
    good = asyncio.run(record(deck, options.demos, trusted, options.note, _say))
    return int(not good)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
