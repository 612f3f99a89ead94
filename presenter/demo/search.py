"""Full-text search over a deck: titles, text, commands, transcripts and notes."""

from __future__ import annotations

from collections.abc import Iterator

from presenter.deck.deck import Deck
from presenter.deck.model import Slide
from presenter.layout.overview import outline

MOST_HITS = 50


class SearchIndex:
    """The deck's text by slide, read a few slides at a time so that no key ever waits for it."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._entries: list[tuple[str, list[str], list[str]]] = []

    @property
    def complete(self) -> bool:
        return len(self._entries) == len(self._deck)

    def advance(self, slides: int = 8) -> None:
        """Read the next `slides` slides."""
        start = len(self._entries)
        for index in range(start, min(start + slides, len(self._deck))):
            slide = self._deck.slide(index)
            notes = [line for note in slide.notes for line in note.text.splitlines()]
            self._entries.append((slide.title or slide.id, list(slide_lines(slide)), notes))

    def find(self, words: str, *, notes_shown: bool) -> list[tuple[int, str]]:
        """Slides (from 0) in which all of `words` stand, with the line to show for each.

        Case does not matter. Notes are searched always, but what they say is part of the answer
        only where `notes_shown`: the list may be on the projector.
        """
        wanted = words.casefold().split()
        hits: list[tuple[int, str]] = []
        if not wanted:
            return hits
        for index, (title, lines, notes) in enumerate(self._entries):
            everything = "\n".join([*lines, *notes]).casefold()
            if all(word in everything for word in wanted):
                shown = _best(lines + (notes if notes_shown else []), wanted)
                hits.append((index, title if shown in {"", title} else f"{title} · {shown}"))
            if len(hits) == MOST_HITS:
                break
        return hits


def _best(lines: list[str], wanted: list[str]) -> str:
    for line in lines:
        if any(word in line.casefold() for word in wanted):
            return line.strip().lstrip("• ")
    return ""


def slide_lines(slide: Slide) -> Iterator[str]:
    """The slide's own text, a line a block or a row; notes are not in it."""
    yield slide.title
    yield from outline(slide)
    for demo in slide.demos:
        for step in demo.steps:
            yield from step.transcript or ()
