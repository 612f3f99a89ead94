"""Full-text search over a deck: titles, text, commands, transcripts and notes."""

from __future__ import annotations

from collections.abc import Iterator

from presenter.deck.deck import Deck
from presenter.deck.model import (
    Block,
    Code,
    Columns,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Slide,
    Table,
    TitleBlock,
)

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
            return line.strip()
    return ""


def slide_lines(slide: Slide) -> Iterator[str]:
    """The slide's own text, a line a block or a row; notes are not in it."""
    yield slide.title
    for block in slide.blocks:
        yield from block_lines(block)
    for demo in slide.demos:
        for step in demo.steps:
            yield from step.command.splitlines()
            yield from step.transcript or ()


def block_lines(block: Block) -> Iterator[str]:
    """The text of a block and of the blocks in it."""
    match block:
        case Heading() | Paragraph():
            yield plain(block.text)
        case Code():
            yield from block.text.splitlines()
        case ListBlock():
            for item in block.items:
                for inner in item.blocks:
                    yield from block_lines(inner)
        case Table():
            yield " ".join(plain(cell) for cell in block.header)
            for row in block.rows:
                yield " ".join(plain(cell) for cell in row.cells)
        case Quote():
            for inner in block.blocks:
                yield from block_lines(inner)
        case Columns():
            for column in block.columns:
                for inner in column.blocks:
                    yield from block_lines(inner)
        case TitleBlock():
            yield from (block.title, block.sub_title, *block.authors)
        case _:
            return


def plain(text: Inline) -> str:
    """The text of spans without their marks."""
    return "".join(span.text for span in text)
