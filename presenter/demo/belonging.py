"""Which talks were given with a deck: told by its path, else by its name and what is in it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from presenter.demo.folders import is_there
from presenter.errors import PresenterError
from presenter.talk.history import UNKNOWN_SLIDE, TalkRecord


class Belonging:
    """Says of talks whether they are of one deck; the deck is opened once, and only if need be."""

    def __init__(self, deck: Path) -> None:
        self._path = deck.resolve()

    def is_own(self, record: TalkRecord) -> bool:
        """Whether the talk was given with this very file."""
        return Path(record.deck) == self._path

    def has(self, record: TalkRecord) -> bool:
        """Whether it was given with this file, or elsewhere with one that is like it."""
        if self.is_own(record):
            return True
        theirs = Path(record.deck)
        if theirs.name != self._path.name or is_there(theirs):
            return False
        return self._is_alike(record)

    def _is_alike(self, record: TalkRecord) -> bool:
        """By the title, or half of the slides; by the name alone where nothing else is known."""
        title, ids = self._deck
        said = record.described.title
        if title and said == title:
            return True
        shown = set(record.plan.ids if record.plan else record.slides) - {UNKNOWN_SLIDE}
        if ids and shown:
            return 2 * len(shown & ids) >= len(shown)
        return not (title and said)

    @cached_property
    def _deck(self) -> tuple[str, frozenset[str]]:
        """The title, and the slides' ids; nothing of a deck that cannot be read."""
        from presenter.deck.deck import open_deck

        if not is_there(self._path):
            return "", frozenset()
        try:
            opened = open_deck(self._path)
        except PresenterError:
            return "", frozenset()
        return opened.meta.title, frozenset(map(opened.slide_id, range(len(opened))))
