"""Measures of a slide as the fifteenth of the rules for the look counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presenter.deck.model import (
    Block,
    Code,
    Columns,
    Heading,
    Inline,
    ListBlock,
    Mark,
    Paragraph,
    Quote,
    Slide,
    Table,
    TitleBlock,
)


def inner(block: Block) -> tuple[Block, ...]:
    """The blocks that stand directly in `block`."""
    match block:
        case ListBlock():
            return tuple(part for item in block.items for part in item.blocks)
        case Quote():
            return block.blocks
        case Columns():
            return tuple(part for column in block.columns for part in column.blocks)
        case _:
            return ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, outer ones first."""
    for block in blocks:
        yield block
        yield from walk(inner(block))


def prose(slide: Slide) -> Iterator[Inline]:
    """The texts of a slide that an audience has to read; code and demos are not among them."""
    for block in walk(slide.blocks):
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Table():
                yield from block.header
                for row in block.rows:
                    yield from row.cells


def shown_words(text: Inline) -> list[str]:
    """The words of one text, without the punctuation at their ends."""
    words = "".join(span.text for span in text).split()
    return [word.rstrip(".,:;") or word for word in words]


def count_words(slide: Slide) -> int:
    """Words of the slide's text below its title, table cells included."""
    texts = ["".join(span.text for span in text) for text in prose(slide)]
    if texts and texts[0].strip() == slide.title:
        del texts[0]
    return sum(len(re.findall(r"\w[\w’'./:-]*", text)) for text in texts)


def count_bullets(slide: Slide) -> int:
    """Items of all lists, nested ones included."""
    return sum(len(block.items) for block in walk(slide.blocks) if isinstance(block, ListBlock))


def code_rows(slide: Slide) -> list[int]:
    """Rows of each block of code that is no demo."""
    blocks = [block for block in walk(slide.blocks) if isinstance(block, Code)]
    return [len(block.text.rstrip("\n").split("\n")) for block in blocks]


def words_in_order(text: str) -> list[str]:
    """Words for comparing texts: case, apostrophes and punctuation do not count."""
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def own_sentences(slide: Slide) -> Iterator[str]:
    """The slide's sentences and its notes, without what is marked as code."""
    yield slide.title
    for text in prose(slide):
        yield "".join(" | " if Mark.CODE in span.marks else span.text for span in text)
    for block in slide.blocks:
        if isinstance(block, TitleBlock):
            yield from (block.title, block.sub_title)
    for note in slide.notes:
        yield re.sub(r"`[^`]*`", " | ", note.text)
