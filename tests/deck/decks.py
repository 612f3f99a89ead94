"""Decks written for one test each."""

from __future__ import annotations

from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Severity, Slide


def make(folder: Path, text: str, name: str = "talk.md", os_name: str = "linux") -> Deck:
    """The deck that `text` makes, in `folder`."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return open_deck(path, os_name)


def only_slide(folder: Path, text: str, os_name: str = "linux") -> Slide:
    """The one slide that `text` makes."""
    deck = make(folder, text, os_name=os_name)
    assert len(deck) == 1, [deck.slide_id(index) for index in range(len(deck))]
    return deck.slide(0)


def titles(deck: Deck) -> list[str]:
    return [deck.title(index) for index in range(len(deck))]


def ids(deck: Deck) -> list[str]:
    return [deck.slide_id(index) for index in range(len(deck))]


def errors(deck: Deck) -> list[str]:
    """The messages of the deck's errors."""
    return [each.message for each in deck.problems() if each.severity is Severity.ERROR]


def warnings(deck: Deck) -> list[str]:
    """The messages of the deck's warnings."""
    return [each.message for each in deck.problems() if each.severity is Severity.WARNING]
