"""What a deck is once it has been read: slides, blocks, demos, notes and the stops between them.

Everything here is immutable. Nothing here knows a theme, a size or a source of output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, Flag, auto

from presenter.deck.http import HttpRequest
from presenter.deck.kubernetes import Query
from presenter.deck.languages import Snippet
from presenter.deck.place import Place as Place
from presenter.deck.place import Problem as Problem
from presenter.deck.place import Severity as Severity


class Mark(Flag):
    """How a span of text is marked up."""

    NONE = 0
    BOLD = auto()
    ITALIC = auto()
    STRIKE = auto()
    CODE = auto()
    UNDERLINE = auto()
    SUPERSCRIPT = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; a newline in `text` is a hard break."""

    text: str
    marks: Mark = Mark.NONE
    href: str = ""
    color: str = ""
    """A CSS colour that the deck asked for (`<span style>`), or nothing."""
    background: str = ""


Inline = tuple[Span, ...]


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


# --- blocks -----------------------------------------------------------------------------------
#
# Every block carries `at`: how many reveals of its slide must have happened before it shows
# (0: from the start), and `align`, as set by the comment command in force.


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBase:
    at: int = 0
    align: Align = Align.LEFT
    line: int = 0
    """Line in the deck's file, from 1; 0 where a block was made by the program."""


@dataclass(frozen=True, slots=True)
class Heading(BlockBase):
    level: int
    text: Inline
    size: int = 1
    """presenterm's `font_size`, 1 to 7."""


@dataclass(frozen=True, slots=True)
class Paragraph(BlockBase):
    text: Inline
    size: int = 1


@dataclass(frozen=True, slots=True)
class ListItem:
    blocks: tuple[Block, ...]
    at: int = 0
    checked: bool | None = None
    """For task lists; None for an ordinary item."""


@dataclass(frozen=True, slots=True)
class ListBlock(BlockBase):
    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    spacing: int = 0
    """Blank rows between items."""


@dataclass(frozen=True, slots=True)
class TableRow:
    cells: tuple[Inline, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Table(BlockBase):
    header: tuple[Inline, ...]
    rows: tuple[TableRow, ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Quote(BlockBase):
    blocks: tuple[Block, ...]
    alert: str = ""
    """`note`, `tip`, `important`, `warning`, `caution`, or nothing for a plain quote."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code(BlockBase):
    text: str
    language: str = ""
    highlights: tuple[frozenset[int] | None, ...] = ()
    """Stepped line ranges (lines from 1); None in a step stands for all lines."""
    highlight_at: tuple[int, ...] = ()
    """For each of `highlights`, the number of reveals from which it holds."""
    line_numbers: bool = False
    background: bool = True


@dataclass(frozen=True, slots=True)
class Rule(BlockBase):
    pass


@dataclass(frozen=True, slots=True)
class Image(BlockBase):
    source: str
    """As meant in the deck, `%20` a blank; resolved against the deck's folder, never fetched."""
    alt: str = ""
    width_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    weight: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Columns(BlockBase):
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Space(BlockBase):
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Middle(BlockBase):
    """presenterm's `jump_to_middle`: what follows starts at the vertical centre."""


@dataclass(frozen=True, slots=True)
class DemoBlock(BlockBase):
    demo: int
    """Index into the slide's `demos`."""


@dataclass(frozen=True, slots=True)
class TitleBlock(BlockBase):
    """The title slide made from the front matter; empty strings where nothing was given."""

    title: str
    sub_title: str = ""
    authors: tuple[str, ...] = ()
    event: str = ""
    location: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Failure(BlockBase):
    """A part of a slide that could not be read: shown in its place, with what is wrong."""

    problem: Problem
    source: str
    """The lines that could not be read, as written."""


Block = (
    Heading
    | Paragraph
    | ListBlock
    | Table
    | Quote
    | Code
    | Rule
    | Image
    | Columns
    | Space
    | Middle
    | DemoBlock
    | TitleBlock
    | Failure
)


# --- demos ------------------------------------------------------------------------------------


class Typing(Enum):
    """How a step's command comes onto the screen."""

    AUTO = "auto"
    INSTANT = "instant"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a demo."""

    command: str
    """As shown; may hold newlines (heredocs, continued lines)."""
    place: Place
    prompt: str = "$ "
    run: str = ""
    """What is really run where the shown command cannot or should not be; else empty."""
    transcript: tuple[str, ...] | None = ()
    """The expected output's lines; () prints nothing; None: the source does not tell."""
    timeout: float | None = None
    """Seconds."""
    expect: str = ""
    expect_exit: int | None = None
    expect_failure: bool = False
    provides: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    typing: Typing = Typing.AUTO
    live: str = ""
    """`never`, `only` or nothing."""
    on_fail: str = ""
    """`replay`, `ask`, `keep` or nothing."""
    note: str = ""
    request: HttpRequest | None = None
    """What is sent in place of a command."""
    query: Query | None = None
    """What is asked of an API server in place of a command."""

    @property
    def gives_data(self) -> bool:
        """Whether it brings data, which is drawn, in place of a terminal's output."""
        return self.request is not None or self.query is not None

    @property
    def whole(self) -> str:
        """What a recording is of: the command, or all of what is asked."""
        if self.request is not None:
            return self.request.whole
        return self.command if self.query is None else self.query.text

    @property
    def endless(self) -> bool:
        """Whether it goes on until somebody ends it."""
        return self.query is not None and self.query.endless


class DemoKind(Enum):
    SHELL = "shell"
    CAST = "cast"
    KUBERNETES = "kubernetes"
    HTTP = "http"

    @property
    def gives_data(self) -> bool:
        return self in (DemoKind.KUBERNETES, DemoKind.HTTP)


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo of a slide: its steps run one after another in one pane."""

    name: str
    """Unique in the deck but for the variants of `os`; ties the demo to its recording."""
    kind: DemoKind
    place: Place
    steps: tuple[Step, ...]
    language: str = "console"
    at: int = 0
    session: str = ""
    needs: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    background: bool = False
    os: str = ""
    recording: str = ""
    """`DECK/DEMO` of another deck's recording, or nothing; for a `cast` block, its path."""
    full: bool = False
    open_url: str = ""
    hidden: bool = False
    source: str = ""
    """The block's text as written: what a kind not run yet shows."""
    snippet: Snippet | None = None
    """What the one step runs in place of its command, which only tells it."""
    takes_keys: bool = False
    """Whether the pane gets the keys when the step runs."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """A press that shows what waits for reveal number `number` (1, 2, …)."""

    number: int


class Phase(Enum):
    TYPE = "type"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class DemoStop:
    """A press that types (`TYPE`) or runs (`RUN`) step `step` of demo `demo` of the slide."""

    demo: int
    step: int
    phase: Phase


Stop = Reveal | DemoStop


@dataclass(frozen=True, slots=True)
class Note:
    """A speaker note in Markdown; `stop` is the press it belongs to, 0 for the whole slide."""

    text: str
    stop: int = 0
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide, read."""

    index: int
    """From 0."""
    id: str
    title: str
    """Plain text; empty where a slide has no heading."""
    place: Place
    blocks: tuple[Block, ...]
    demos: tuple[Demo, ...] = ()
    variants: tuple[Demo, ...] = ()
    """The demos that `+os:` leaves out on this machine; they have no block and no stops."""
    notes: tuple[Note, ...] = ()
    stops: tuple[Stop, ...] = ()
    """The presses of this slide in order; its last press leads to the next slide."""
    footer: bool = True
    optional: bool = False
    share: float | None = None
    """`<!-- time: 3m -->` in seconds."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The size of every PTY and recording of a deck."""

    columns: int = 80
    rows: int = 20


@dataclass(frozen=True, slots=True)
class Meta:
    """The front matter; `extra` keeps what later versions use, as plain YAML values."""

    title: str = ""
    sub_title: str = ""
    authors: tuple[str, ...] = ()
    event: str = ""
    location: str = ""
    date: str = ""
    theme: str = ""
    grid: Grid = field(default_factory=Grid)
    duration: float | None = None
    """Seconds."""
    footer: dict[str, str] = field(default_factory=dict)
    """Footer template: `left`, `center`, `right`."""
    badge: bool = True
    """Whether the audience sees the pane's small word."""
    recordings: str = ""
    dialect: str = ""
    options: dict[str, object] = field(default_factory=dict)
    needs: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
