"""Speaker notes → lines: Markdown as slides have it, at full contrast, with addresses of links.

Everything stands on the theme's `panel`. Notes of a press come with it: those of presses that are
still to come are only counted, those of the press just made are bold and marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.segment import Segment

from presenter.deck.model import (
    Block,
    Code,
    Heading,
    Image,
    Inline,
    ListBlock,
    Mark,
    Note,
    Paragraph,
    Place,
    Quote,
    Span,
    Table,
)
from presenter.layout.blocks import Room, lay_out_blocks
from presenter.layout.frame import Line
from presenter.layout.lines import BAR, fit
from presenter.layout.text import clean
from presenter.layout.theme import Theme

if TYPE_CHECKING:
    from markdown_it.token import Token

WIDEST = 110
"""Columns of a line of notes at most: rows are what notes lack, so more than slides have."""
LEAST = 4


@dataclass(frozen=True, slots=True)
class NoteLines:
    """Notes as lines of one width."""

    lines: tuple[Line, ...] = ()
    focus: range = range(0)
    """Rows of the notes that came last with a press, to the end: what is to be seen now."""


@lru_cache(maxsize=16)
def notes_lines(notes: tuple[Note, ...], stop: int, columns: int, theme: Theme) -> NoteLines:
    """The notes in lines of exactly `columns`: the slide's first, then press by press.

    `stop` is the number of presses made on the slide.
    """
    lines: list[Line] = []
    last = 0
    fill = theme.style("text", "panel")
    shown = sorted((note for note in notes if note.stop <= stop), key=lambda note: note.stop)
    before: Note | None = None
    for note in shown:
        current = note.stop == stop and note.stop > 0
        if before is not None and (not before.stop or current):
            lines.append(fit([], columns, fill))
        if note.stop and (before is None or before.stop != note.stop):
            last = len(lines)
        lines += _note(note, current, columns, theme)
        before = note
    later = len(notes) - len(shown)
    if later:
        when = "the next presses" if later > 1 else "a press to come"
        words = f"{later} more with {when}"
        lines += [fit([], columns, fill)] * bool(lines)
        lines.append(fit([Segment(f"▸ {words}", theme.style("muted", "panel"))], columns, fill))
    came = before is not None and before.stop > 0
    return NoteLines(tuple(lines), range(last, len(lines)) if came else range(0))


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of notes that are shown, and how many are hidden above and below them."""

    lines: list[Line]
    above: int = 0
    below: int = 0


def window(notes: NoteLines, scroll: int, room: int, theme: Theme) -> Window:
    """As much of the notes as there is room for: what came last with a press can be seen.

    `scroll`: rows that the speaker has moved it from there, positive downwards.
    """
    count, room = len(notes.lines), max(room, 0)
    most = max(count - room, 0)
    first = max(0, min(_brought(notes.focus, count, room) + scroll, most))
    hidden = count - first - room
    shown = list(notes.lines[first : first + room])
    style = theme.style("muted", "panel")
    if first and shown:
        shown[0] = [Segment(f"▲ {first + 1} more", style)]
    if hidden > 0 and shown:
        hidden += 1
        shown[-1] = [Segment(f"▼ {hidden} more", style)]
    return Window(shown, first, max(hidden, 0))


def _brought(focus: range, count: int, room: int) -> int:
    """Rows to pass over above, so that `focus` can be seen: as few as are needed.

    Where it is higher than the room, its beginning is seen, below the mark for what is hidden.
    """
    if count <= room or not focus:
        return 0
    return max(min(focus.stop - room, focus.start - 1), 0)


def _note(note: Note, current: bool, columns: int, theme: Theme) -> Iterator[Line]:
    fill = theme.style("text", "panel")
    lead: Line = []
    if note.stop:
        mark = BAR if current else " "
        lead = [Segment(f"{mark} ", theme.style("accent", "panel", bold=True))]
    inner = max(columns - (2 if lead else 0), LEAST)
    room = Room(
        theme, inner, rows=1, reveals=0, folder=Path(), on="panel", widest=WIDEST, strong=current
    )
    for line in lay_out_blocks(blocks_of(clean(note.text)), room):
        yield fit([*lead, *line], columns, fill)


# --- Markdown -----------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of notes, as slides have them; nothing in them is run, hidden or fetched."""
    from presenter.deck.blocks import BlockReader  # brings the parser, which takes its time
    from presenter.deck.markdown import parse
    from presenter.deck.state import SlideState

    found: list[Block] = []
    try:
        state = SlideState(partial(Place, "notes"), dialect="presenter")
        reader = BlockReader(state, (), _code)
        reader.read(parse(text, indented_code=False), found.append)
        return tuple(map(_in_words, found))
    except Exception:  # noqa: BLE001 — the speaker needs the words, whatever they are written in
        return tuple(Paragraph((Span(part),)) for part in text.split("\n\n"))


def _code(token: Token) -> list[Block]:
    language = token.info.split()[0] if token.info.strip() else ""
    return [Code(token.content.rstrip("\n"), language, background=False)]


def _in_words(block: Block) -> Block:
    """As speakers need it: pictures as their words, links with their addresses, all of it there."""
    match block:
        case Image(alt=alt, source=source):
            return Paragraph((Span(alt or source, Mark.ITALIC),))
        case Heading() | Paragraph():
            return replace(block, text=_with_addresses(block.text), at=0)
        case Quote():
            return replace(block, blocks=tuple(map(_in_words, block.blocks)), at=0)
        case ListBlock():
            items = (
                replace(item, blocks=tuple(map(_in_words, item.blocks)), at=0)
                for item in block.items
            )
            return replace(block, items=tuple(items), at=0)
        case Table():
            rows = (
                replace(row, cells=tuple(map(_with_addresses, row.cells)), at=0)
                for row in block.rows
            )
            header = tuple(map(_with_addresses, block.header))
            return replace(block, header=header, rows=tuple(rows), at=0)
    return replace(block, at=0)


def _with_addresses(text: Inline) -> Inline:
    """Behind the words of a link, where it leads: nobody can press on it in a terminal."""
    found: list[Span] = []
    words = ""
    for n, span in enumerate(text):
        found.append(span)
        words = words + span.text if span.href else ""
        ends = n + 1 == len(text) or text[n + 1].href != span.href
        if span.href and ends:
            if words and span.href.removeprefix("mailto:") != words:
                found.append(Span(f" ({span.href})"))
            words = ""
    return tuple(found)
