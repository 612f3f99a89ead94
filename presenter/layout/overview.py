"""All slides, small: numbered cards with the first lines of each slide's text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment

from presenter.deck.model import (
    Block,
    Code,
    Columns,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Quote,
    Slide,
    Table,
    TitleBlock,
)
from presenter.layout.frame import Box, Frame, Line, Size
from presenter.layout.inline import plain
from presenter.layout.lines import blank, fit, merge
from presenter.layout.text import one_line, shorten
from presenter.layout.theme import Theme

CARD = Size(24, 6)
"""Least width and height of a card, without the gaps between cards."""
GAP = Size(2, 1)
HEAD_ROWS = 2


@dataclass(frozen=True, slots=True)
class Overview:
    """The frame, and what is where on it."""

    frame: Frame
    boxes: dict[int, Box] = field(default_factory=dict)
    """The card of each slide that is shown, by the slide's index."""
    across: int = 1
    """Cards in a row: how far an arrow up or down goes."""

    def slide_at(self, x: int, y: int) -> int | None:
        """The slide whose card is at that cell."""
        return next((n for n, box in self.boxes.items() if box.contains(x, y)), None)


def overview(
    slide: Callable[[int], Slide],
    titles: Sequence[str],
    current: int,
    size: Size,
    theme: Theme,
    *,
    hint: str = "",
) -> Overview:
    """The cards round `current`, which is shown inverted. Only the slides shown are asked for."""
    across = max(1, (size.columns - GAP.columns) // (CARD.columns + GAP.columns))
    down = max(1, (size.rows - HEAD_ROWS) // (CARD.rows + GAP.rows))
    wide = min((size.columns - GAP.columns) // across - GAP.columns, size.columns)
    left = (size.columns - across * (wide + GAP.columns) + GAP.columns) // 2
    last_row = max(0, (len(titles) - 1) // across)
    first_row = max(0, min(current // across - down // 2, last_row - down + 1))
    boxes: dict[int, Box] = {}
    fill = theme.style()
    lines: list[Line] = [blank(size.columns, fill)] * size.rows
    for row in range(down):
        numbers = range(
            (first_row + row) * across, min((first_row + row + 1) * across, len(titles))
        )
        top = HEAD_ROWS + row * (CARD.rows + GAP.rows)
        cards = [_card(n, slide, titles, n == current, wide, theme) for n in numbers]
        for n, number in enumerate(numbers):
            box = Box(left + n * (wide + GAP.columns), top, wide, CARD.rows)
            boxes[number] = box
        for y in range(CARD.rows if cards else 0):
            if top + y < size.rows:
                lines[top + y] = _side_by_side([card[y] for card in cards], left, size, theme)
    shown = range(min(boxes, default=0), max(boxes, default=-1) + 1)
    if size.rows:
        lines[0] = _head(shown, len(titles), left, size, theme, hint)
    return Overview(Frame(size, lines[: size.rows]), boxes, across)


def _head(shown: range, total: int, left: int, size: Size, theme: Theme, hint: str) -> Line:
    """What this is, which slides are shown, and how many there are before and after."""
    fill = theme.style("muted")
    words = [f"{total} slides"]
    words += [f"▲ {shown.start} more"] if shown.start else []
    words += [f"▼ {total - shown.stop} more"] if shown.stop < total else []
    words += [hint] if hint else []
    line = [*blank(left, fill), Segment(shorten(" · ".join(words), size.columns - left), fill)]
    return merge(fit(line, size.columns, fill))


def _side_by_side(parts: list[Line], left: int, size: Size, theme: Theme) -> Line:
    fill = theme.style()
    line = blank(left, fill)
    for part in parts:
        line += [*part, *blank(GAP.columns, fill)]
    return merge(fit(line, size.columns, fill))


def _card(
    number: int,
    slide: Callable[[int], Slide],
    titles: Sequence[str],
    chosen: bool,
    columns: int,
    theme: Theme,
) -> list[Line]:
    """A card of `CARD.rows` lines: number and title, then the slide's text."""
    on = "selection" if chosen else "panel"
    text = "selection_text" if chosen else "text"
    strong = "selection_text" if chosen else "title"
    quiet = theme.style("selection_text" if chosen else "muted", on)
    name = shorten(f"{number + 1}  {one_line(titles[number])}", columns - 2)
    head = [Segment(f" {name}", theme.style(strong, on, bold=True))]
    body = [
        [Segment(f" {shorten(line, columns - 2)}", quiet)]
        for line, _ in zip(outline(slide(number)), range(CARD.rows - 1), strict=False)
    ]
    rows = [head, *body, *[[] for _ in range(CARD.rows - 1 - len(body))]]
    return [fit(row, columns, theme.style(text, on)) for row in rows]


def outline(slide: Slide) -> Iterator[str]:
    """The slide's text line by line, without its title; for demos, their commands."""
    for n, block in enumerate(slide.blocks):
        if not (n == 0 and isinstance(block, Heading)):
            yield from _block_text(block)
    for demo in slide.demos:
        for step in demo.steps:
            yield one_line(f"{step.prompt.strip()} {step.command}")


def _block_text(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield plain(text)
        case ListBlock(items=items):
            for item in items:
                for n, text_line in enumerate(_inner(item.blocks)):
                    yield f"{'•' if n == 0 else ' '} {text_line}"
        case Quote(blocks=blocks):
            yield from _inner(blocks)
        case Columns(columns=columns):
            for column in columns:
                yield from _inner(column.blocks)
        case Code(text=source):
            yield from (one_line(line) for line in source.split("\n") if _is_text(line))
        case Table(header=header, rows=rows):
            yield "  ".join(plain(cell) for cell in header)
            for row in rows:
                yield "  ".join(plain(cell) for cell in row.cells)
        case Image(alt=alt, source=source):
            yield f"[{one_line(alt or source)}]"
        case TitleBlock(sub_title=sub_title, authors=authors):
            yield from (one_line(part) for part in (sub_title, ", ".join(authors)) if part)


def _is_text(line: str) -> bool:
    """Not blank, and no part of a drawing: that says nothing when it is cut."""
    return bool(line.strip()) and not any("\u2500" <= char <= "\u259f" for char in line)


def _inner(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _block_text(block)
