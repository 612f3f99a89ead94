"""The talks that a command line means, and questions put to who has typed it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from presenter.demo.library import read_library
from presenter.errors import DeckError, PresenterError, UsageError
from presenter.samples import find_deck
from presenter.talk.history import TalkRecord
from presenter.talk.summary import meant, short_names
from presenter.terminal.text import complain, safe_text

MOST_NAMED = 5
"""Talks that an error names."""


def talks_of(deck: str | None) -> tuple[TalkRecord, ...]:
    """The talks of a deck, or all; what is odd about a journal is told on standard error.

    A deck that is no longer there is known by the name of its file. Raises DeckError.
    """
    absent: DeckError | None = None
    path: Path | None = None
    if deck is not None:
        try:
            path = find_deck(deck)
        except DeckError as error:
            absent, path = error, Path(deck)
    found = read_library(path)
    if absent is not None and not found.records:
        raise absent
    for line in found.troubles:
        complain(f"presenter: {line}")
    return found.records


def chosen(records: Sequence[TalkRecord], wanted: Sequence[str]) -> list[TalkRecord]:
    """Those that are named, or all; raises UsageError for a name that means none or several."""
    if not wanted:
        return list(records)
    by_name = {record.name: record for record in records}
    kept: dict[str, TalkRecord] = {}
    for word in wanted:
        names = meant(word, list(by_name))
        if not names:
            raise PresenterError(f"{word}: there is no such talk", "`presenter talks` lists them")
        if len(names) > 1:
            short = short_names(list(by_name))
            some = ", ".join(short[name] for name in names[:MOST_NAMED])
            more = ", …" if len(names) > MOST_NAMED else ""
            raise UsageError(f"{word}: {len(names)} talks begin so: {some}{more}", "say more of it")
        kept[names[0]] = by_name[names[0]]
    return list(kept.values())


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether the user says yes; raises UsageError where nobody can be asked."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("nobody can be asked here", "say yes with --yes")
    return answer(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def answer(question: str) -> str:
    """What is typed in a line; empty at the end of the input."""
    sys.stdout.write(safe_text(question.rstrip()) + " ")
    sys.stdout.flush()
    return sys.stdin.readline().rstrip("\n")
