"""A slide and a width → its lines: the title's, and those of the body below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeGuard

from rich.segment import Segment

from presenter.deck.model import (
    Block,
    DemoBlock,
    Grid,
    Heading,
    ListBlock,
    Meta,
    Middle,
    Paragraph,
    Slide,
)
from presenter.layout.banner import banner
from presenter.layout.blocks import Room, block_lines, lay_out_blocks
from presenter.layout.frame import Line
from presenter.layout.inline import plain, wrap
from presenter.layout.lines import HALVES, blank, fit, merge
from presenter.layout.text import width as width_of
from presenter.layout.theme import Theme

TITLE_ROW = 1
BODY_ROW = 4
"""Row of the body below a title of one or two lines; row 2 where there is no title."""
FOOT_ROWS = 2
"""The footer, and the row above it: free, or saying what does not fit."""
CONTENT_COLUMNS = 76
AIRY_SHARE = 0.7
"""A body that fills no more of its room than this has free rows between the items of its lists."""


@dataclass(frozen=True, slots=True)
class SlideLines:
    """A slide's lines, each as wide as was asked for."""

    title: list[Line]
    """Shown from row `TITLE_ROW`; none for a title slide or a slide without heading."""
    lines: list[Line]
    """The whole body, which may be higher than the screen."""
    body_row: int
    placed: bool = False
    """The deck says where the body stands (`jump_to_middle`): it is not centred."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a slide's text stands: columns from the left edge, and how many."""

    left: int
    columns: int


def margin(width: int) -> int:
    """Free columns at either side: 8 %, at least 4."""
    return max(4, round(width * 0.08))


def column(width: int, grid: Grid) -> Column:
    """The slide's text column; its left edge is also that of a pane below the text."""
    columns = min(width - 2 * margin(width), CONTENT_COLUMNS)
    pane = grid.columns + 2
    if width >= pane + 8:
        return Column((width - pane) // 2, min(columns, width - (width - pane) // 2 - 4))
    return Column((width - columns) // 2, columns)


def lay_out(
    slide: Slide,
    *,
    width: int,
    height: int,
    theme: Theme,
    reveals: int,
    meta: Meta,
    folder: Path,
    at: Column | None = None,
) -> SlideLines:
    """The slide's lines of exactly `width` columns; `height` is that of the screen, in rows.

    What is not revealed yet keeps its rows, blank. A demo's pane has no lines here. `at` moves the
    text column away from its usual place.
    """
    where = at or column(width, meta.grid)
    room = Room(
        theme=theme,
        columns=where.columns,
        rows=max(height - BODY_ROW - FOOT_ROWS, 1),
        reveals=reveals,
        folder=folder,
    )
    heading, blocks = _split(_stated(slide.blocks))
    title: list[Line] = []
    body = _section(slide, heading, blocks, room) if heading is not None else []
    if not body:
        title = _title(heading, room) if heading is not None else []
        body = _body(slide, blocks, room)
    return SlideLines(
        [_placed(line, where, width, theme) for line in title],
        [_placed(line, where, width, theme) for line in body],
        max(BODY_ROW, TITLE_ROW + len(title) + 1) if title else 2,
        placed=any(isinstance(block, Middle) for block in blocks),
    )


def _body(slide: Slide, blocks: Sequence[Block], room: Room) -> list[Line]:
    """The blocks; lists get a free row between their items where there is much room left."""
    lines = lay_out_blocks(blocks, room)
    items = sum(len(block.items) - 1 for block in blocks if _is_tight(block))
    if slide.demos or not items or len(lines) + items > AIRY_SHARE * room.rows:
        return lines
    return lay_out_blocks([_aired(block) for block in blocks], room)


def _is_tight(block: Block) -> TypeGuard[ListBlock]:
    return isinstance(block, ListBlock) and not block.spacing


def _aired(block: Block) -> Block:
    return replace(block, spacing=1) if _is_tight(block) else block


def _stated(blocks: Sequence[Block]) -> Sequence[Block]:
    """A heading in the middle of the screen is a statement: as large as a title can be."""
    match blocks:
        case [Middle() as middle, Heading() as heading, *rest]:
            return [middle, replace(heading, size=max(heading.size, 2)), *rest]
    return blocks


def _split(blocks: Sequence[Block]) -> tuple[Heading | None, Sequence[Block]]:
    """The heading that a slide begins with, and the rest."""
    first = blocks[0] if blocks else None
    return (first, blocks[1:]) if isinstance(first, Heading) else (None, blocks)


def _section(slide: Slide, heading: Heading, rest: Sequence[Block], room: Room) -> list[Line]:
    """A slide that only announces what follows (a heading, a short sentence at most), large.

    No lines where it is another kind of slide, or where a sentence stands under a heading that is
    too long for banner letters.
    """
    if slide.demos or len(rest) > 1 or not all(_is_short(block, room) for block in rest):
        return []
    rows = banner(plain(heading.text), room.columns, lines=2)
    if rows is not None:
        lines = [[Segment(row, room.theme.style("title"))] for row in rows]
    elif rest:
        return []
    else:
        face = room.face("title", bold=True)
        lines = wrap(heading.text, room.text_columns, room.theme, face)
        rule = "─" * min(24, room.columns)
        lines += [[Segment(rule, room.theme.style("accent"))]]
    result = [fit(line, room.columns, room.fill, HALVES[heading.align]) for line in lines]
    for block in rest:
        result += [blank(room.columns, room.fill), *block_lines(block, room)]
    return result


def _is_short(block: Block, room: Room) -> bool:
    return isinstance(block, Paragraph) and width_of(plain(block.text)) <= room.text_columns


def _title(heading: Heading, room: Room) -> list[Line]:
    rows = banner(plain(heading.text), room.columns) if heading.size > 1 else None
    if rows is not None:
        lines = [[Segment(row, room.theme.style("title"))] for row in rows]
    else:
        face = room.face("title", bold=True)
        lines = wrap(heading.text, room.text_columns, room.theme, face)
    return [fit(line, room.columns, room.fill, HALVES[heading.align]) for line in lines]


def _placed(line: Line, where: Column, width: int, theme: Theme) -> Line:
    fill = theme.style()
    return merge(fit([*blank(where.left, fill), *line], width, fill))


def has_text(slide: Slide) -> bool:
    """Whether anything but the title and demos stands on the slide."""
    _, rest = _split(slide.blocks)
    return any(not isinstance(block, DemoBlock | Middle) for block in rest)
