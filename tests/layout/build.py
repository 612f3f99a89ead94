"""Slides for the layout's tests: built by hand, and drawn at random."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st
from rich.segment import Segment

from presenter.deck.model import (
    Align,
    Block,
    Code,
    Column,
    Columns,
    DemoBlock,
    Failure,
    Grid,
    Heading,
    Image,
    Inline,
    ListBlock,
    ListItem,
    Mark,
    Meta,
    Middle,
    Paragraph,
    Place,
    Problem,
    Quote,
    Rule,
    Severity,
    Slide,
    Space,
    Span,
    Table,
    TableRow,
    TitleBlock,
)
from presenter.layout.frame import Frame, Line, PaneView, Size
from presenter.layout.stage import StageView
from presenter.layout.text import width
from presenter.layout.theme import THEMES
from presenter.terminal.emulator import CellStyle, Cursor, Row, Run

PLACE = Place("talk.md", 3)
DARK = THEMES["dark"]
META = Meta(title="A talk", authors=("Ada",))
NASTY = (
    "\x1b[31mred", "\x07", "a\tb", "\x9b2J", "\u202eabc\u202c", "界面", "👩‍👩‍👧", "🇩🇪🇫🇷", "e\u0301",
    "⚠️", "👍🏽", "\u200d", "x\u200dy", "\ufe0f", "क्षि", "\U000e0041", "\ud800", "1️⃣", "a\u2028b",
    "long" * 30, "ﷺ", "\r\n", "\u00ad", "，。", "{title}", "[b]bold[/b]",
)  # fmt: skip


def text(words: str, marks: Mark = Mark.NONE) -> Inline:
    return (Span(words, marks),)


def paragraph(words: str, at: int = 0) -> Paragraph:
    return Paragraph(text(words), at=at)


def item(words: str, *more: Block, at: int = 0) -> ListItem:
    return ListItem((paragraph(words), *more), at=at)


def slide(*blocks: Block, title: str = "A title") -> Slide:
    """A slide that begins with a heading."""
    return Slide(0, "a", title, PLACE, (Heading(2, text(title)), *blocks))


def bare(*blocks: Block) -> Slide:
    return Slide(0, "a", "", PLACE, blocks)


def view(
    shown: Slide, columns: int = 80, rows: int = 24, reveals: int = 9, pane: PaneView | None = None
) -> StageView:
    return StageView(
        slide=shown, size=Size(columns, rows), theme=DARK, meta=META, folder=Path("nowhere"),
        reveals=reveals, index=2, total=9, pane=pane, progress=0.5,
    )  # fmt: skip


def run(words: str, style: CellStyle | None = None, columns: int | None = None) -> Run:
    return Run(words, width(words) if columns is None else columns, style or CellStyle())


def pane(
    lines: int = 3, columns: int = 80, rows: int = 20, cursor: Cursor | None = None
) -> PaneView:
    """A screen whose first `lines` rows say which they are."""
    screen: list[Row] = [(run(f"line {n}"),) for n in range(lines)]
    return PaneView(tuple(screen + [()] * (rows - lines)), columns, rows, "pods", cursor=cursor)


def plain(lines: list[Line]) -> list[str]:
    """The characters of lines, without blanks at their ends."""
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


def segments(frame: Frame) -> list[Segment]:
    return [segment for line in frame.lines for segment in line]


# --- drawn at random --------------------------------------------------------------------------

words = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(alphabet="abcde ÄΩж", max_size=12)), max_size=6
).map(" ".join)
marks = st.sampled_from(
    [Mark.NONE, Mark.BOLD, Mark.CODE | Mark.ITALIC, Mark.STRIKE, Mark.SUPERSCRIPT]
)
spans = st.builds(
    Span, words, marks, st.sampled_from(["", "https://example.org/\x1b]8;;x"]),
    st.sampled_from(["", "red", "#123456", "no colour"]), st.sampled_from(["", "yellow"]),
)  # fmt: skip
inlines = st.lists(spans, max_size=4).map(tuple)
ats = st.integers(0, 3)
aligns = st.sampled_from(Align)
problems = st.builds(Problem, st.just(PLACE), st.just(Severity.ERROR), words)
leaves: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, inlines, st.integers(1, 3), at=ats, align=aligns),
    st.builds(Heading, st.integers(1, 6), inlines, st.integers(1, 3), at=ats, align=aligns),
    st.builds(
        Code, words, st.sampled_from(["", "python", "yaml", "nonsense"]),
        st.just((None, frozenset({1}))), st.just((0, 2)), st.booleans(), st.booleans(), at=ats,
    ),
    st.builds(Rule, at=ats),
    st.builds(Image, words, words, st.sampled_from([None, 0, 50, 999]), at=ats),
    st.builds(Space, st.integers(-1, 4), at=ats),
    st.builds(Middle),
    st.builds(DemoBlock, st.just(0)),
    st.builds(TitleBlock, words, words, st.lists(words, max_size=2).map(tuple), words),
    st.builds(Failure, problems, words, at=ats),
    st.builds(
        Table, st.lists(inlines, max_size=4).map(tuple),
        st.lists(st.builds(TableRow, st.lists(inlines, max_size=5).map(tuple), ats), max_size=3)
        .map(tuple), st.lists(aligns, max_size=3).map(tuple), at=ats,
    ),
)  # fmt: skip


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, max_size=3).map(tuple)
    items = st.lists(
        st.builds(ListItem, several, ats, st.sampled_from([None, True, False])), max_size=3
    ).map(tuple)
    columns = st.lists(st.builds(Column, st.integers(0, 5), several), max_size=3).map(tuple)
    return st.one_of(
        st.builds(ListBlock, items, st.booleans(), st.integers(0, 99), st.integers(0, 2), at=ats),
        st.builds(Quote, several, st.sampled_from(["", "tip", "odd"]), words, at=ats),
        st.builds(Columns, columns, at=ats),
    )


blocks = st.recursive(leaves, _nested, max_leaves=6)
slides = st.builds(
    lambda found: Slide(0, "a", "A title", PLACE, tuple(found)), st.lists(blocks, max_size=5)
)
sizes = st.builds(Size, st.integers(40, 150), st.integers(12, 50))
cell_styles = st.builds(
    CellStyle,
    st.one_of(st.none(), st.integers(0, 255), st.just((1, 2, 3))),
    st.one_of(st.none(), st.integers(0, 255)),
    st.booleans(), st.booleans(), inverse=st.booleans(),
)  # fmt: skip
runs = st.builds(Run, words.filter(bool), st.integers(1, 30), cell_styles)
panes = st.builds(
    lambda rows, grid, at, above, below, focused: PaneView(
        tuple(tuple(row) for row in rows), grid.columns, grid.rows, "\x1b[2Jtitle",
        cursor=Cursor(at, at, True), above=above, below=below, focused=focused,
    ),
    st.lists(st.lists(runs, max_size=3), max_size=30),
    st.builds(Grid, st.integers(20, 120), st.integers(5, 30)),
    st.integers(0, 100), st.integers(0, 9), st.integers(0, 9), st.booleans(),
)  # fmt: skip
