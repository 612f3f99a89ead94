"""The talks that a command line means, and questions put to who has typed it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from presenter.demo.library import journal_paths, read_library
from presenter.errors import DeckError, PresenterError, UsageError
from presenter.samples import find_deck
from presenter.talk.history import TalkRecord
from presenter.talk.summary import meant, short_names
from presenter.terminal.text import complain, safe_text

MOST_NAMED = 5
"""Talks that an error names."""


def deck_of(named: str | None) -> Path | None:
    """The deck's file; that of one that is no longer there is known by its name."""
    if named is None:
        return None
    try:
        return find_deck(named)
    except DeckError:
        if not journal_paths(Path(named)):
            raise
        return Path(named)


def talks_of(deck: str | None) -> tuple[TalkRecord, ...]:
    """The talks of a deck, or all; what is odd about a journal is told on standard error."""
    found = read_library(deck_of(deck))
    for line in found.troubles:
        complain(f"presenter: {line}")
    return found.records


def chosen(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The talks that are named, or all.

    Raises PresenterError for a name that means none, UsageError for one that means several.
    """
    if not wanted:
        return list(names)
    kept: dict[str, None] = {}
    for word in wanted:
        found = meant(word, names)
        if not found:
            raise PresenterError(f"{word}: there is no such talk", "`presenter talks` lists them")
        if len(found) > 1:
            short = short_names(names)
            some = ", ".join(short[name] for name in found[:MOST_NAMED])
            more = ", …" if len(found) > MOST_NAMED else ""
            raise UsageError(f"{word}: {len(found)} talks begin so: {some}{more}", "say more of it")
        kept[found[0]] = None
    return list(kept)


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether the user says yes; raises UsageError where nobody can be asked."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("nobody can be asked here", "say yes with --yes")
    said = answer(f"{question} [y/N]") or ""
    return said.strip().lower() in ("y", "yes")


def answer(question: str) -> str | None:
    """What is typed in a line; None at the end of the input."""
    sys.stdout.write(f"{safe_text(question)} ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stdout.write("\n")
        return None
    return line.rstrip("\n")
