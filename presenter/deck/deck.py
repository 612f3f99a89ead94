"""A deck: opened by a scan of its lines, its slides read when they are asked for."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from presenter.deck.comments import block_text, parse_command
from presenter.deck.model import Demo, Meta, Note, Problem, Slide, Stop, TitleBlock
from presenter.deck.notes import read_notes
from presenter.deck.paths import deck_root
from presenter.deck.scan import Kind
from presenter.deck.source import Sources, load
from presenter.deck.split import RawSlide, split

CACHED_SLIDES = 64

_SYSTEMS = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}


def this_os() -> str:
    """The name that `+os:` uses for this machine: `linux`, `macos` or `windows`."""
    return _SYSTEMS.get(sys.platform, "linux")


def open_deck(path: Path, os_name: str = "") -> Deck:
    """Open a deck; raises DeckError when it is missing, a folder, not UTF-8 or above 5 MB.

    `os_name` decides between the `+os:` variants of a demo; the default is this machine's.
    """
    root = deck_root(path)
    found = load(path, root)
    slides, skipped = split(found)
    return Deck(path, root, found, (slides, skipped), os_name or this_os())


class Deck:
    """An opened deck. Slides are counted from 0; it satisfies `talk.session.Script`."""

    def __init__(
        self,
        path: Path,
        root: Path,
        found: Sources,
        slides: tuple[list[RawSlide], list[RawSlide]],
        os_name: str,
    ) -> None:
        self.path = path
        self.root = root
        """Where `recordings/` is looked for: see `paths.deck_root`."""
        self.meta: Meta = found.front.meta
        self.dialect = found.dialect
        self.hash = found.digest
        """SHA-256 of the deck's bytes and those of its includes, in hexadecimal."""
        self.files = tuple(source.path for source in found.files)
        """The deck and its includes: what to watch."""
        self.os_name = os_name
        self._found = found
        self._slides, self._skipped = slides
        self._index = {slide.id: index for index, slide in enumerate(self._slides)}
        self._names: dict[str, int] | None = None
        self._cache: OrderedDict[int, Slide] = OrderedDict()

    def __len__(self) -> int:
        return len(self._slides)

    def slide_id(self, index: int) -> str:
        return self._slides[index].id

    def title(self, index: int) -> str:
        """A slide's title as plain text, empty where it has none; nothing is parsed for it."""
        return self._slides[index].title

    def index_of(self, slide_id: str) -> int | None:
        return self._index.get(slide_id)

    def slide(self, index: int) -> Slide:
        """A slide, read now or lately; raises IndexError only."""
        raw = self._slides[index]
        cached = self._cache.get(index)
        if cached is not None:
            self._cache.move_to_end(index)
            return cached
        slide = self._title_slide(raw) if raw.is_title else self._read(raw, index)
        self._cache[index] = slide
        if len(self._cache) > CACHED_SLIDES:
            self._cache.popitem(last=False)
        return slide

    def stops(self, index: int) -> tuple[Stop, ...]:
        return self.slide(index).stops

    def demos(self, index: int) -> tuple[Demo, ...]:
        return self.slide(index).demos

    def all_demos(self) -> Iterator[Demo]:
        """Every demo of the deck in its order, those for other systems (`+os:`) among them."""
        for index in range(len(self)):
            slide = self.slide(index)
            yield from slide.demos
            yield from slide.variants

    def raw(self, index: int) -> str:
        """The text of a slide as it stands in its files, its break included."""
        return self._text(self._slides[index])

    def head(self) -> str:
        """The lines before the first slide that belong to none: front matter without a title."""
        if self._slides[0].is_title:
            return ""
        source = self._found.files[0]
        return "".join(line + "\n" for line in source.lines[: source.head])

    @property
    def scan_problems(self) -> tuple[Problem, ...]:
        """What opening the deck has found wrong, without reading a slide."""
        return tuple(self._found.problems)

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong in the deck, by place; reads every slide."""
        found = list(self._found.problems)
        for index in range(len(self._slides)):
            found.extend(self.slide(index).problems)
        return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.place))

    def first_changed(self, other: Deck) -> int | None:
        """The first slide of this deck whose text `other` does not have there; None: the same.

        When slides have gone from the end, it is the last that is left.
        """
        for index in range(min(len(self), len(other))):
            if self.raw(index) != other.raw(index):
                return index
        if len(self) == len(other):
            return None
        return min(len(self) - 1, len(other))

    def _title_slide(self, raw: RawSlide) -> Slide:
        """Made here, so that the first frame of most talks waits for no parser."""
        meta = self.meta
        block = TitleBlock(
            meta.title, meta.sub_title, meta.authors, meta.event, meta.location, meta.date
        )
        place = self._found.files[0].place(0)
        return Slide(0, raw.id, raw.title, place, (block,), notes=self._title_notes(raw))

    def _title_notes(self, raw: RawSlide) -> tuple[Note, ...]:
        """The notes before the first break, which no slide of the text can own."""
        notes: list[Note] = []
        for chunk in raw.chunks[1:]:
            source = self._found.files[chunk.source]
            for mark in source.marks:
                if mark.kind is Kind.COMMENT and chunk.start <= mark.line < chunk.end:
                    command = parse_command(mark.text, self._found.prefix)
                    if command is not None and command.name in ("notes", "speaker_note"):
                        text = block_text(command.value)
                        notes.extend(read_notes(text, source.place(mark.line), 0))
        return tuple(notes)

    def _read(self, raw: RawSlide, index: int) -> Slide:
        from presenter.deck.slide import SlideContext, read_slide  # 40 ms, only when needed

        context = SlideContext(self._found, self.root, self.os_name, self._demo_names())
        return read_slide(raw, index % len(self._slides), context)

    def _text(self, raw: RawSlide) -> str:
        files = self._found.files
        lines = [line for chunk in raw.chunks for line in
                 files[chunk.source].lines[chunk.start : chunk.end]]  # fmt: skip
        return "".join(line + "\n" for line in lines)

    def _demo_names(self) -> dict[str, int]:
        """For each name that a fence gives to its demo, the first slide that has it."""
        if self._names is None:
            self._names = {}
            for index, slide in enumerate(self._slides):
                for _, _, info in slide.demos:
                    name = info.partition("+demo:")[2].split()[:1]
                    if name:
                        self._names.setdefault(name[0], index)
        return self._names
