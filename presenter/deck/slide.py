"""One raw slide → `Slide`. Whatever is wrong in it becomes a Failure block and a Problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from presenter.deck.blocks import BlockReader
from presenter.deck.comments import parse_command
from presenter.deck.directives import settle_notes
from presenter.deck.fences import FenceContext, FenceReader
from presenter.deck.markdown import parse
from presenter.deck.model import Failure, Place, Problem, Severity, Slide
from presenter.deck.notes import read_clicks, read_notes
from presenter.deck.scan import Kind, Mark, scan
from presenter.deck.source import Source, Sources
from presenter.deck.split import RawSlide
from presenter.deck.state import ALL_LEVELS, SlideState
from presenter.deck.text import CONTROL
from presenter.deck.yaml_text import YamlRefused, read_mapping

MAX_BYTES = 256 * 1024
MAX_LINES = 5_000
SHOWN_OF_FAILURE = 2_000


@dataclass(frozen=True, slots=True)
class SlideContext:
    """What reading a slide needs to know of its deck."""

    found: Sources
    root: Path
    os_name: str
    names: dict[str, int]
    """For each demo name written in the deck, the first slide that has it."""


@dataclass(frozen=True, slots=True)
class SlideText:
    """A slide's lines without its breaks, and where each stands."""

    lines: list[str]
    starts: list[tuple[int, Source, int]]
    """(index of the first line here, file, its line there) for each chunk."""

    def place(self, line: int) -> Place:
        """The place of a line by its index."""
        chosen = self.starts[0]
        for start in self.starts:
            if start[0] <= line:
                chosen = start
        first, source, there = chosen
        return source.place(there + max(0, line - first))


def slide_text(raw: RawSlide, found: Sources) -> SlideText:
    """The lines of a slide, of all the files that it comes from."""
    lines: list[str] = []
    starts: list[tuple[int, Source, int]] = []
    for chunk in raw.chunks:
        source = found.files[chunk.source]
        starts.append((len(lines), source, chunk.start))
        lines.extend(source.lines[chunk.start : chunk.end - chunk.tail])
    return SlideText(lines, starts or [(0, found.files[0], 0)])


def read_slide(raw: RawSlide, index: int, context: SlideContext) -> Slide:
    """Read a slide; never raises for what the deck says."""
    text = slide_text(raw, context.found)
    size = sum(len(line) + 1 for line in text.lines)
    if size > MAX_BYTES:
        return _failed(raw, index, text, f"the slide is larger than {MAX_BYTES // 1024} KiB")
    if len(text.lines) > MAX_LINES:
        return _failed(raw, index, text, f"the slide has more than {MAX_LINES} lines")
    try:
        return _Reader(raw, index, text, context).read()
    except Exception as error:  # noqa: BLE001 - one slide must never take the talk down
        reason = f"this slide cannot be read ({type(error).__name__}: {error})"
        return _failed(raw, index, text, reason)


def _failed(raw: RawSlide, index: int, text: SlideText, message: str) -> Slide:
    problem = Problem(text.place(0), Severity.ERROR, message)
    source = CONTROL.sub("", "\n".join(text.lines[:100]))[:SHOWN_OF_FAILURE]
    block = Failure(problem, source, line=problem.place.line)
    return Slide(index, raw.id, raw.title, problem.place, (block,), problems=(problem,))


class _Reader:
    def __init__(self, raw: RawSlide, index: int, text: SlideText, context: SlideContext) -> None:
        self.raw = raw
        self.index = index
        self.text = text
        self.context = context
        self.lines = list(text.lines)
        self.comments: list[tuple[str, int]] = []
        self.state = _new_state(context.found, text.place)

    def read(self) -> Slide:
        state = self.state
        self.drop_controls()
        self.configure()
        marks = scan(self.lines)
        if self.state.dialect == "slidev" and not self.raw.config and self.index:
            self.cut_slidev_yaml(marks)
        self.cut_reveal_notes(marks)
        self.replace_comments(marks)
        if self.raw.failure is not None:
            state.flow.add(state.failure(self.raw.failure, ""))
        tokens = parse("\n".join(self.lines))
        fences = FenceReader(state, self.text.lines, self.fence_context())
        fences.prepare(tokens)
        BlockReader(state, self.comments, fences.read).read(tokens, state.flow.add, top=True)
        state.flow.close_columns()
        return Slide(
            self.index,
            self.raw.id,
            self.raw.title,
            self.first_place(),
            tuple(state.flow.blocks),
            tuple(state.demos),
            tuple(fences.variants),
            settle_notes(state),
            tuple(state.stops),
            state.footer,
            state.optional,
            state.share,
            tuple(sorted(state.problems, key=lambda problem: problem.place)),
        )

    def first_place(self) -> Place:
        """The place of the first line that says something."""
        filled = (index for index, line in enumerate(self.text.lines) if line.strip())
        return self.text.place(next(filled, 0))

    def fence_context(self) -> FenceContext:
        context = self.context
        others = frozenset(name for name, first in context.names.items() if first != self.index)
        folder = self.text.starts[0][1].path.parent
        return FenceContext(self.raw.id, context.root, context.os_name, folder, others)

    def drop_controls(self) -> None:
        for index, line in enumerate(self.lines):
            match = CONTROL.search(line)
            if match is not None:
                code = f"U+{ord(match.group()):04X}"
                message = f"control or direction characters are not shown ({code})"
                self.state.warn(index, message, match.start())
                self.lines[index] = CONTROL.sub("", line)

    def configure(self) -> None:
        """A slide's own YAML, as Slidev has it."""
        if not self.raw.config:
            return
        try:
            values = read_mapping(self.raw.config).values
        except YamlRefused as error:
            self.state.warn(0, f"the slide's front matter: {error.message}")
            return
        self.state.layout = str(values.get("layout", ""))
        ignored = [key for key in values if key not in ("title", "src", "hide", "disabled")]
        if self.state.layout.startswith("two-cols"):
            ignored.remove("layout")
        if ignored:
            words = ", ".join(f"`{CONTROL.sub('', key)[:40]}`" for key in ignored)
            self.state.warn(0, f"{words} of slidev has no effect here")

    def cut_slidev_yaml(self, marks: Sequence[Mark]) -> None:
        """Slidev: a `yaml` block that starts a slide without YAML of its own is that YAML."""
        first = marks[0] if marks else None
        if first is None or first.kind is not Kind.FENCE or first.text != "yaml":
            return
        if not any(line.strip() for line in self.lines[: first.line]):
            self.lines[first.line : first.end] = [""] * (first.end - first.line)

    def cut_reveal_notes(self, marks: Sequence[Mark]) -> None:
        """reveal.js: everything from `Note:` on is the slide's notes."""
        if self.state.dialect != "reveal":
            return
        for mark in marks:
            if mark.kind is Kind.SIGNAL and mark.text == "reveal":
                body = "\n".join(self.lines[mark.line :]).removeprefix("Note:")
                self.state.note(read_notes(body, self.text.place(mark.line), 0))
                self.lines[mark.line :] = [""] * (len(self.lines) - mark.line)
                return

    def replace_comments(self, marks: Sequence[Mark]) -> None:
        """Put a placeholder for every comment, so that nothing in one can reach the slide."""
        marks = [mark for mark in marks if mark.kind is Kind.COMMENT]
        if self.state.dialect == "slidev" and marks:
            marks = self.take_slidev_note(marks)
        signs: dict[int, str] = {}
        for mark in marks:
            if mark.line >= len(self.lines):
                continue  # among reveal.js' notes
            if mark.line not in signs:
                rest = self.after(mark)
                self.lines[mark.line : mark.end] = [""] * (mark.end - mark.line)
                self.lines[mark.line] = rest
            signs[mark.line] = signs.get(mark.line, "") + f"<!--\x02{len(self.comments)}-->"
            self.comments.append((mark.text, mark.line))
        for line, sign in signs.items():
            self.lines[line] = sign + self.lines[line]

    def after(self, mark: Mark) -> str:
        """What stands on a comment's last line behind it; nothing of notes that ended early."""
        if not mark.closed or mark.early >= 0:
            return ""
        return self.lines[mark.end - 1].rpartition("-->")[2]

    def take_slidev_note(self, marks: list[Mark]) -> list[Mark]:
        """Slidev: the last comment is the note when nothing stands below it."""
        last = marks[-1]
        below = self.lines[last.end :]
        if self.after(last).strip() or any(line.strip() for line in below):
            return marks
        if parse_command(last.text, self.state.prefix) is not None:
            return marks
        place = self.text.place(last.line)
        self.state.note(read_clicks(last.text, place, 0))
        self.lines[last.line : last.end] = [""] * (last.end - last.line)
        return marks[:-1]


def _new_state(found: Sources, place: Callable[[int], Place]) -> SlideState:
    options = found.front.meta.options
    state = SlideState(place, found.dialect)
    state.prefix = found.prefix
    state.failed = {problem.place: problem for problem in found.failed.values()}
    image_prefix = options.get("image_attributes_prefix")
    state.image_prefix = image_prefix if isinstance(image_prefix, str) else "image:"
    state.incremental = ALL_LEVELS if options.get("incremental_lists") is True else 0
    state.incremental_tables = options.get("incremental_tables") is True
    spacing = options.get("list_item_newlines")
    if isinstance(spacing, int) and 1 <= spacing <= 255:
        state.spacing = spacing - 1
    return state
