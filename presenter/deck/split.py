"""From marks to slides: where each begins and ends, its id and its title. Nothing is parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from presenter.deck.comments import parse_command
from presenter.deck.dialect import has_title_slide
from presenter.deck.model import Problem, Severity
from presenter.deck.scan import Kind, Mark
from presenter.deck.source import Source, Sources
from presenter.deck.text import plain_title, slug

TITLE_ID = "title"
MAX_SLIDES = 2_000


class Chunk(NamedTuple):
    """Lines `start` up to but not including `end` of file number `source`."""

    source: int
    start: int
    end: int
    tail: int = 0
    """How many of the last lines are the break itself."""


@dataclass(slots=True)
class RawSlide:
    """A slide as lines; what it says is read when it is asked for."""

    chunks: list[Chunk] = field(default_factory=list)
    id: str = ""
    title: str = ""
    config: str = ""
    """Its own YAML (Slidev), as text."""
    visible: bool = False
    """Something but comments and blank lines is in it."""
    skipped: bool = False
    is_title: bool = False
    failure: Problem | None = None
    """Why the file that was to be this slide (Slidev's `src:`) cannot be read."""
    demos: list[tuple[int, int, str]] = field(default_factory=list)
    """File, line and info string of each fence that names a demo."""


class Mode(NamedTuple):
    """What breaks slides in this deck."""

    end_slide: bool = False
    dashes: bool = False
    level: int = 0
    """Headings up to this level break; 0: none do."""
    underlined: bool = False
    """Underlined headings break (presenterm's `implicit_slide_ends`)."""


def split(found: Sources) -> tuple[list[RawSlide], list[RawSlide]]:
    """The deck's slides, and those that it skips; reports repeated ids into `found.problems`."""
    splitter = _Splitter(found, _mode(found))
    splitter.walk(0)
    splitter.finish()
    titled = found.front.title_slide and has_title_slide(found.dialect)
    lead = splitter.slides[0]
    if titled and len(splitter.slides) > 1 and not lead.visible:
        del splitter.slides[0]  # comments before the first break: the notes of the title slide
    else:
        lead = RawSlide()
    slides = _merge_blank(splitter.slides, keep=found.dialect == "slidev")
    if titled:
        chunks = [Chunk(0, 0, found.files[0].head), *lead.chunks]
        slides.insert(0, RawSlide(chunks, TITLE_ID, found.front.meta.title, is_title=True))
    kept = [slide for slide in slides if not slide.skipped]
    if not kept:
        place = found.files[0].place(0)
        found.problems.append(Problem(place, Severity.WARNING, "the deck has no slides"))
        kept = [slides.pop(0) if not slides[0].visible else RawSlide()]
    if len(kept) > MAX_SLIDES:
        place = found.files[0].place(0)
        message = f"the deck has more than {MAX_SLIDES} slides: the rest is left out"
        found.problems.append(Problem(place, Severity.ERROR, message))
        del kept[MAX_SLIDES:]
    _name(kept, found)
    return kept, [slide for slide in slides if slide.skipped]


def _mode(found: Sources) -> Mode:
    options = found.front.meta.options
    marks = [mark for source in found.files for mark in source.marks]
    written = str(options.get("slide_break", "")).strip()
    wish = written.strip("<!-> ").lower()
    level = _heading_level(found.front.values or {}, found.dialect)
    underlined = options.get("implicit_slide_ends") is True
    if wish.startswith("heading"):
        return Mode(level=_repeated_level(marks))
    if wish == "end_slide" or (not written and _has_end_slide(marks, found.prefix)):
        return Mode(True, options.get("end_slide_shorthand") is True, 0, underlined)
    breaks = any(mark.kind is Kind.BREAK for mark in marks)
    if level or underlined or breaks or written == "---":
        return Mode(False, not underlined or breaks, level, underlined)
    return Mode(level=_repeated_level(marks))


def _has_end_slide(marks: Iterable[Mark], prefix: str) -> bool:
    return any(
        (command := parse_command(mark.text, prefix)) is not None and command.name == "end_slide"
        for mark in marks
        if mark.kind is Kind.COMMENT and "end_slide" in mark.text
    )


def _heading_level(values: Mapping[str, object], dialect: str) -> int:
    """The level that Marp's `headingDivider` or patat's `slideLevel` names, or 0."""
    level: object = values.get("headingDivider") if dialect == "marp" else None
    patat = values.get("patat")
    if dialect == "patat" and isinstance(patat, dict):
        level = patat.get("slideLevel")
    if isinstance(level, list):
        level = max((each for each in level if isinstance(each, int)), default=0)
    return level if isinstance(level, int) and 0 < level < 7 else 0


def _repeated_level(marks: Iterable[Mark]) -> int:
    """The lowest level of heading that repeats, or 0."""
    levels = [mark.level for mark in marks if mark.kind is Kind.HEADING]
    return next((level for level in range(1, 7) if levels.count(level) > 1), 0)


class _Splitter:
    def __init__(self, found: Sources, mode: Mode) -> None:
        self.found = found
        self.mode = mode
        self.slides: list[RawSlide] = []
        self.current = RawSlide()

    def finish(self) -> None:
        self.slides.append(self.current)
        self.current = RawSlide()

    def walk(self, index: int) -> None:
        """Go through one file, and through the files that it includes where they stand."""
        source = self.found.files[index]
        start = seen = source.head
        if index == 0 and self.found.dialect == "slidev":
            self.enter(index, 0)
        for mark in source.marks:
            if mark.kind is Kind.COMMENT:
                self.look(source, seen, mark.line)
                seen = mark.end
                start = self.comment(index, start, mark)
            elif mark.kind is Kind.HEADING:
                self.look(source, seen, mark.line)
                seen = mark.line
                start = self.heading(index, start, mark)
            elif mark.kind is Kind.BREAK and self.mode.dashes:
                self.look(source, seen, mark.line)
                self.current.chunks.append(Chunk(index, start, mark.end, mark.end - mark.line))
                self.finish()
                start = seen = mark.end
                if mark.text:
                    self.configure(mark.text)
                    self.enter(index, mark.line)
            elif mark.kind is Kind.FENCE and "+demo:" in mark.text:
                self.current.demos.append((index, mark.line, mark.text))
        self.look(source, seen, len(source.lines))
        self.current.chunks.append(Chunk(index, start, len(source.lines)))

    def configure(self, text: str) -> None:
        """What of a slide's own YAML matters to the split; the rest is read with the slide."""
        self.current.config = text
        for line in text.split("\n"):
            key, _, value = line.partition(":")
            value = value.strip().strip("'\"")
            if key in ("hide", "disabled") and value == "true":
                self.current.skipped = True
            elif key == "title" and value:
                self.current.title = plain_title(value)

    def look(self, source: Source, start: int, end: int) -> None:
        if not self.current.visible:
            self.current.visible = any(line.strip() for line in source.lines[start:end])

    def heading(self, index: int, start: int, mark: Mark) -> int:
        breaks = mark.level <= self.mode.level
        if self.mode.underlined and mark.end - mark.line > 1:
            breaks = True
        if breaks and self.current.visible:
            self.current.chunks.append(Chunk(index, start, mark.line))
            self.finish()
            start = mark.line
        if not self.current.title:
            self.current.title = plain_title(mark.text)
        return start

    def comment(self, index: int, start: int, mark: Mark) -> int:
        command = parse_command(mark.text, self.found.prefix)
        if command is None:
            return start
        if command.name == "end_slide" and self.mode.end_slide:
            self.current.chunks.append(Chunk(index, start, mark.end))
            self.finish()
            return mark.end
        if command.name == "include":
            self.current.chunks.append(Chunk(index, start, mark.end))
            self.enter(index, mark.line)
            self.current.failure = None  # it shows where the comment stands
            return mark.end
        if command.name == "skip_slide":
            self.current.skipped = True
        elif command.name == "id" and not self.current.id:
            self.current.id = slug(command.value)
        return start

    def enter(self, index: int, line: int) -> None:
        included = self.found.included.get((index, line))
        if included is not None:
            self.current.visible = True
            self.walk(included)
        elif (index, line) in self.found.failed:
            self.current.visible = True
            self.current.failure = self.found.failed[index, line]


def _merge_blank(slides: list[RawSlide], keep: bool) -> list[RawSlide]:
    """Slides without the empty ones at both ends, whose lines go to their neighbours."""
    end = len(slides)
    while end > 1 and not slides[end - 1].visible and not slides[end - 1].config:
        end -= 1
    for last in slides[end:]:
        slides[end - 1].chunks.extend(last.chunks)
        slides[end - 1].skipped |= last.skipped
    del slides[end:]
    start = 0
    while start < end - 1 and not slides[start].visible and not slides[start].config and not keep:
        start += 1
    slides[start].chunks[:0] = [chunk for first in slides[:start] for chunk in first.chunks]
    written = [slide.id for slide in reversed(slides[: start + 1]) if slide.id]
    slides[start].id = written[0] if written else ""
    del slides[:start]
    if len(slides) == 1 and not slides[0].visible:
        slides[0].skipped = True
    return slides


def _name(slides: list[RawSlide], found: Sources) -> None:
    """Give every slide an id of its own: the one written, the title's slug, or its number."""
    taken: set[str] = {TITLE_ID} if slides[0].is_title else set()
    counts: dict[str, int] = {}
    for index, slide in enumerate(slides):
        if slide.is_title:
            continue
        written = slide.id
        name = base = written or slug(slide.title) or f"slide-{index + 1}"
        while name in taken:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base}-{counts[base]}"
        if written and name != written:
            chunk = slide.chunks[0]
            place = found.files[chunk.source].place(chunk.start)
            message = f"the id `{written}` is used twice: this slide is `{name}`"
            found.problems.append(Problem(place, Severity.WARNING, message))
        taken.add(name)
        slide.id = name
