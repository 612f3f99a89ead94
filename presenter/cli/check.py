"""`presenter check DECK`: whether a talk can be given here and now, before it is."""

from __future__ import annotations

import argparse
import shutil
import sys

from presenter.cli.printed import print_json
from presenter.deck.deck import open_deck
from presenter.errors import UsageError
from presenter.layout.frame import Size
from presenter.samples import find_deck


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 where something is a no-go (warnings are none)."""
    if options.static and options.trust:
        raise UsageError("--trust is of no use with --static", "that runs nothing")
    if options.static and options.watch is not None:
        raise UsageError("--watch is of no use with --static", "that contacts nobody")
    from presenter.ui.plain import speak_plainly
    from presenter.wiring.checking import check_deck
    from presenter.wiring.checklist import lines, values
    from presenter.wiring.choices import read_settings

    deck = open_deck(find_deck(options.deck))
    settings = read_settings()
    if not options.json:
        speak_plainly()
    trusted = False
    if not options.static:
        from presenter.wiring.trusting import decide_trust

        told = decide_trust(deck, ask=_can_ask(options.json), assume_yes=options.trust)
        trusted = told is not None
    found = check_deck(
        deck, settings, _terminal_size(), trusted=trusted, static=options.static,
        watch=options.watch,
    )  # fmt: skip
    if options.json:
        print_json(values(found, trusted=trusted, static=options.static))
    else:
        sys.stdout.write("\n".join(lines(found)) + "\n")
    return int(not found.go)


def _can_ask(json: bool) -> bool:
    """Whether there is a terminal for the question, and nothing else is written to it."""
    return not json and sys.stdin.isatty() and sys.stdout.isatty()


def _terminal_size() -> Size | None:
    """What COLUMNS and LINES say, else the terminal itself; None where neither does."""
    columns, rows = shutil.get_terminal_size((0, 0))
    return Size(columns, rows) if columns > 0 and rows > 0 else None
