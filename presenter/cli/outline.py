"""`presenter outline DECK`: slides, notes, demos with the recordings they would use, problems."""

from __future__ import annotations

import argparse
import re
import sys

from presenter.deck.deck import open_deck
from presenter.deck.model import Demo, Severity
from presenter.samples import find_deck
from presenter.terminal.text import complain

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls and direction characters that JSON lets through."""


def run(options: argparse.Namespace) -> int:
    """Print the outline; 1 when the deck has errors (warnings are none)."""
    from presenter.wiring.desk import recording_path

    deck = open_deck(find_deck(options.deck))
    if options.json:
        import json

        from presenter.deck.outline import outline

        def resolve(demo: Demo) -> str | None:
            path = recording_path(deck, demo)
            return None if path is None else str(path)

        text = json.dumps(outline(deck, resolve), indent=2, ensure_ascii=False)
        sys.stdout.write(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    else:
        from presenter.deck.outline import outline_text

        sys.stdout.write(outline_text(deck))
    problems = deck.problems()
    for problem in problems:
        complain(str(problem))
    return int(any(problem.severity is Severity.ERROR for problem in problems))
