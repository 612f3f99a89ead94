"""`presenter transcribe DECK`: recordings from the transcripts in a deck, marked as transcribed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.errors import PresenterError
from presenter.recording.transcribe import transcribe_deck
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """Write one `.cast` a demo; a captured recording of the same name is never replaced."""
    deck = open_deck(find_deck(options.deck))
    folder = deck.root / "recordings" / (deck.meta.recordings or deck.path.stem)
    if options.output:
        folder = Path(options.output)
    written = transcribe_deck(deck, folder, options.origin)
    for path in written:
        sys.stdout.write(f"{path}\n")
    if not written:
        raise PresenterError(f"{deck.path}: no demo has a transcript", "nothing was written")
    return 0
