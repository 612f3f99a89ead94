"""Blocks of a slide → lines. Every block keeps its rows before it is revealed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from rich.segment import Segment
from rich.style import Style

from presenter.deck.model import (
    Align,
    Block,
    Code,
    Columns,
    DemoBlock,
    Failure,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Middle,
    Paragraph,
    Quote,
    Rule,
    Space,
    Table,
    TitleBlock,
)
from presenter.layout.banner import banner
from presenter.layout.frame import Line
from presenter.layout.inline import Face, plain, wrap, wrap_segments
from presenter.layout.lines import BAR, HALVES, blank, crop_line, fit
from presenter.layout.text import clean, width
from presenter.layout.theme import Theme

TEXT_COLUMNS = 72
"""Longer lines of text are hard to follow."""
GUTTER = 3
"""Columns between two columns of a slide."""
_BULLETS = "•◦▪"
_ALERTS = {
    "note": "accent",
    "tip": "ok",
    "important": "accent",
    "warning": "warn",
    "caution": "error",
}


@dataclass(frozen=True, slots=True)
class Room:
    """Where blocks are laid out."""

    theme: Theme
    columns: int
    rows: int
    """The rows of the whole body: what pictures are scaled to, and whose middle is meant."""
    reveals: int
    folder: Path
    on: str = "page"
    depth: int = 0
    """Of lists within lists."""
    widest: int = TEXT_COLUMNS
    """Columns that text takes at most."""
    strong: bool = False
    """All text is bold."""

    @property
    def text_columns(self) -> int:
        return min(self.columns, self.widest)

    @property
    def fill(self) -> Style:
        return self.theme.style("text", self.on)

    def face(self, role: str = "text", *, bold: bool = False) -> Face:
        return Face(role, self.on, bold or self.strong)

    def inside(self, columns: int, *, on: str = "", deeper: bool = False) -> Room:
        return replace(
            self,
            columns=max(columns, 2),
            on=on or self.on,
            depth=self.depth + (1 if deeper else 0),
        )


def lay_out_blocks(blocks: Sequence[Block], room: Room) -> list[Line]:
    """The blocks one below the other, in lines of exactly `room.columns`."""
    lines: list[Line] = []
    before: Block | None = None
    for block in blocks:
        if isinstance(block, DemoBlock):
            continue
        if isinstance(block, Middle):
            middle = room.rows // 2
            lines += [blank(room.columns, room.fill) for _ in range(middle - len(lines))]
            before = None
            continue
        if before is not None:
            lines += [blank(room.columns, room.fill)] * _gap(before, block)
        lines += block_lines(block, room)
        before = block
    return lines


def _gap(before: Block, block: Block) -> int:
    if isinstance(block, Space) or isinstance(before, Space):
        return 0
    small = isinstance(before, Heading) and before.size == 1
    return 0 if small and not isinstance(block, Code | Quote | Table) else 1


def block_lines(block: Block, room: Room) -> list[Line]:
    """One block in lines of exactly `room.columns`; blank ones before it is revealed."""
    render = _RENDERERS[type(block)]
    lines = render(block, room)
    if block.at > room.reveals:
        return [blank(room.columns, room.fill) for _ in lines]
    halves = HALVES[block.align]
    return [fit(line, room.columns, room.fill, halves) for line in lines]


def _heading(block: Heading, room: Room) -> list[Line]:
    role = "title" if block.size > 1 else "text"
    return _large(block.text, block.size, room, role) or wrap(
        block.text, room.text_columns, room.theme, room.face(role, bold=True)
    )


def _paragraph(block: Paragraph, room: Room) -> list[Line]:
    return _large(block.text, block.size, room, "text") or wrap(
        block.text, room.text_columns, room.theme, room.face(bold=block.size > 1)
    )


def _large(text: tuple[object, ...], size: int, room: Room, role: str) -> list[Line]:
    """Banner letters where the deck asked for larger type and they fit."""
    if size < 2:
        return []
    rows = banner(plain(text), room.columns)  # type: ignore[arg-type]
    style = room.theme.style(role, room.on)
    return [[Segment(row, style)] for row in rows or ()]


def _list(block: ListBlock, room: Room) -> list[Line]:
    lines = _items(block, room)
    if block.align is Align.LEFT:
        return lines
    # The list is moved as a whole, its markers with it, and as far before all of it is revealed.
    whole = _items(block, replace(room, reveals=sys.maxsize))
    texts = ("".join(segment.text for segment in line).rstrip() for line in whole)
    widest = max(map(width, texts), default=0)
    return [crop_line(line, widest) for line in lines]


def _items(block: ListBlock, room: Room) -> list[Line]:
    lines: list[Line] = []
    last = block.start + len(block.items) - 1
    for n, item in enumerate(block.items):
        if n:
            lines += [blank(room.columns, room.fill)] * block.spacing
        number = f"{block.start + n}.".rjust(len(str(last)) + 1) if block.ordered else ""
        lines += _item(item, number, room)
    return lines


def _item(item: ListItem, number: str, room: Room) -> list[Line]:
    marker = _marker(item, number, room)
    cells = width(marker.text)
    inner = room.inside(room.text_columns - cells, deeper=True)
    lines: list[Line] = []
    before: Block | None = None
    for block in item.blocks:
        tight = isinstance(block, ListBlock) and not block.spacing
        if before is not None and not tight:
            lines.append([])
        lines += block_lines(replace(block, align=Align.LEFT), inner)
        before = block
    hang = Segment(" " * cells, room.fill)
    result = [[hang if n else marker, *line] for n, line in enumerate(lines or [[]])]
    if item.at > room.reveals:
        return [blank(room.columns, room.fill) for _ in result]
    return result


def _marker(item: ListItem, number: str, room: Room) -> Segment:
    style = room.theme.style
    if item.checked is not None:
        mark, role = ("[✓]", "ok") if item.checked else ("[ ]", "muted")
        return Segment(f"{number} {mark} " if number else f"{mark} ", style(role, room.on))
    mark = number or _BULLETS[room.depth % len(_BULLETS)]
    return Segment(f"{mark} ", style("accent", room.on, bold=True))


def _table(block: Table, room: Room) -> list[Line]:
    from presenter.layout.table import table_lines  # rare enough not to cost the first frame

    return table_lines(block, room.columns, room.theme, room.reveals, room.on)


def _quote(block: Quote, room: Room) -> list[Line]:
    alert = block.alert.lower()
    role = _ALERTS.get(alert, "accent")
    inner = room.inside(min(room.columns, room.widest + 4) - 4, on="panel")
    lines: list[Line] = []
    if alert or block.title:
        word = clean(block.title or alert.capitalize()).replace("\n", " ")
        title = [Segment(word, room.theme.style(role, "panel", bold=True))]
        lines += wrap_segments(title, inner.columns)
    lines += lay_out_blocks(block.blocks, inner)
    bar = Segment(BAR, room.theme.style(role, "panel"))
    pad = Segment(" ", inner.fill)
    full = inner.columns + 4
    return [fit([bar, pad, *line], full, inner.fill) for line in lines]


def _code(block: Code, room: Room) -> list[Line]:
    from presenter.layout.code import code_lines

    return code_lines(block, room.columns, room.theme, room.reveals)


def _rule(_: Rule, room: Room) -> list[Line]:
    return [[Segment("─" * room.columns, room.theme.style("border", room.on))]]


def _image(block: Image, room: Room) -> list[Line]:
    from presenter.layout.image import image_lines

    return image_lines(block, room.columns, room.rows, room.theme, room.folder, room.on)


def _columns(block: Columns, room: Room) -> list[Line]:
    total = sum(max(column.weight, 1) for column in block.columns) or 1
    free = max(room.columns - GUTTER * (len(block.columns) - 1), len(block.columns))
    parts: list[tuple[int, list[Line]]] = []
    taken = share = 0
    for column in block.columns:
        share += max(column.weight, 1)
        columns = max(free * share // total - taken, 1)
        taken += columns
        parts.append((columns, lay_out_blocks(column.blocks, room.inside(columns))))
    rows = max((len(lines) for _, lines in parts), default=0)
    gutter = Segment(" " * GUTTER, room.fill)
    result: list[Line] = []
    for n in range(rows):
        line: Line = []
        for m, (columns, lines) in enumerate(parts):
            line += [gutter] if m else []
            line += fit(lines[n] if n < len(lines) else [], columns, room.fill)
        result.append(line)
    return result


def _space(block: Space, room: Room) -> list[Line]:
    return [blank(room.columns, room.fill) for _ in range(max(block.rows, 0))]


def _nothing(_: Block, __: Room) -> list[Line]:
    """A pane is placed by the stage; the middle is that of the slide, not of a list or column."""
    return []


def _title(block: TitleBlock, room: Room) -> list[Line]:
    """Name of the talk in banner letters where it fits, then who, where and when."""
    style = room.theme.style
    lines = _name(block.title, room)
    if block.sub_title:
        sub = [Segment(clean(block.sub_title), style("text", room.on, bold=True))]
        lines += [[], *wrap_segments(sub, room.text_columns)]
    details = [", ".join(block.authors), " · ".join(
        part for part in (block.event, block.location, block.date) if part
    )]  # fmt: skip
    if any(details):
        rule = "─" * min(24, room.columns)
        lines += [[], [Segment(rule, style("accent", room.on))], []]
    for role, detail in zip(("text", "muted"), details, strict=True):
        text = [Segment(clean(detail), style(role, room.on))]
        lines += wrap_segments(text, room.text_columns)
    return lines


def _name(title: str, room: Room) -> list[Line]:
    style = room.theme.style("title", room.on, bold=True)
    text = " ".join(clean(title).split())
    rows = banner(text, room.columns, lines=2 if room.rows >= 16 else 1)
    if rows is not None:
        letters = room.theme.style("title", room.on)
        return [[Segment(row, letters)] for row in rows]
    return wrap_segments([Segment(text, style)], room.text_columns)


def _failure(block: Failure, room: Room) -> list[Line]:
    """What is wrong, where, and the lines that could not be read."""
    style = room.theme.style
    inner = max(room.columns - 4, 2)
    problem = block.problem
    lines = wrap_segments(
        [
            Segment("✗ ", style("error", "panel", bold=True)),
            Segment(clean(problem.message), style("error", "panel", bold=True)),
        ],
        inner,
    )
    place = Segment(clean(str(problem.place)), style("muted", "panel"))
    lines += [*wrap_segments([place], inner)]
    if block.source.strip():
        lines.append([])
        source = Segment(clean(block.source).rstrip("\n"), style("text", "panel"))
        for text in source.text.split("\n"):
            lines.append(fit([Segment(text, source.style)], inner, style("text", "panel")))
    bar = Segment(BAR + " ", style("error", "panel"))
    return [fit([bar, *line], room.columns, style("text", "panel")) for line in lines]


Renderer = Callable[[Block, Room], list[Line]]
_RENDERERS: dict[type, Renderer] = cast(
    dict[type, Renderer],
    {
        Heading: _heading,
        Paragraph: _paragraph,
        ListBlock: _list,
        Table: _table,
        Quote: _quote,
        Code: _code,
        Rule: _rule,
        Image: _image,
        Columns: _columns,
        Space: _space,
        TitleBlock: _title,
        Failure: _failure,
        DemoBlock: _nothing,
        Middle: _nothing,
    },
)
