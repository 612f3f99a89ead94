"""`presenter questions [DECK]`: what audiences ask, where and how often, and what has no answer."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from presenter.cli.pictures import check_kind, write_picture
from presenter.cli.printed import print_json
from presenter.samples import find_deck
from presenter.talk.tally import Tally, only_open, tally
from presenter.terminal.text import complain, safe_text

COLUMNS = 80
"""Where nobody knows how wide the terminal is."""
PICTURE_COLUMNS = 120


def run(options: argparse.Namespace) -> int:
    from presenter.wiring.asked import as_json, prepared_for, table, talks_in

    if options.picture is not None:
        check_kind(options.picture)
    deck = find_deck(options.deck) if options.deck is not None else None
    library = talks_in(deck, options.journals)
    for trouble in library.troubles:
        complain(f"presenter: {trouble}")
    found = tally(library.records, list(prepared_for(deck, library.records, complain)))
    if options.open:
        found = only_open(found)
    if options.json:
        print_json(as_json(found))
    else:
        from presenter.ui.plain import speak_plainly

        speak_plainly()
        columns = shutil.get_terminal_size((COLUMNS, 24)).columns
        for line in table(found, columns):
            sys.stdout.write(f"{safe_text(line)}\n")
    if options.picture is not None:
        _draw(found, deck, options.picture, options.theme)
    return 0


def _draw(found: Tally, deck: Path | None, output: Path, asked: str | None) -> None:
    from presenter.deck.deck import open_deck
    from presenter.layout.tally import tally_frame
    from presenter.layout.theme import theme
    from presenter.settings import Settings
    from presenter.wiring.choices import choose_theme

    opened = open_deck(deck) if deck is not None else None
    title = (opened.meta.title or opened.path.stem) if opened is not None else "all talks"
    chosen = theme(choose_theme(asked, Settings(), opened))
    write_picture(tally_frame(found, title, PICTURE_COLUMNS, chosen), chosen, output)
