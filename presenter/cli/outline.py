"""`presenter outline DECK`: slides, notes, demos with the recordings they would use, problems."""

from __future__ import annotations

import argparse
import sys

from presenter.deck.deck import open_deck
from presenter.deck.model import Demo, Severity
from presenter.deck.questions import read_questions
from presenter.samples import find_deck
from presenter.terminal.text import complain


def run(options: argparse.Namespace) -> int:
    """Print the outline; 1 when the deck has errors (warnings are none)."""
    from presenter.wiring.desk import recording_path

    deck = open_deck(find_deck(options.deck))
    questions = read_questions(deck.path)
    if options.json:
        from presenter.cli.printed import print_json
        from presenter.deck.outline import outline

        def resolve(demo: Demo) -> str | None:
            path = recording_path(deck, demo)
            return None if path is None else str(path)

        print_json(outline(deck, resolve, questions))
    else:
        from presenter.deck.outline import outline_text

        sys.stdout.write(outline_text(deck, questions))
    problems = deck.problems() + questions.problems
    for problem in problems:
        complain(str(problem))
    return int(any(problem.severity is Severity.ERROR for problem in problems))
