"""The files of a deck: the deck itself and what it includes, scanned."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from presenter.deck.comments import parse_command
from presenter.deck.dialect import OWN, detect, mdp_head, rules_of
from presenter.deck.frontmatter import FrontMatter, find_end, has_key, read_front_matter
from presenter.deck.model import Meta, Place, Problem, Severity
from presenter.deck.paths import MAX_BYTES, PathRefused, inside, read_text
from presenter.deck.scan import Kind, Mark, scan
from presenter.deck.text import plain_title
from presenter.errors import DeckError

MAX_INCLUDE_DEPTH = 8
MAX_FILES = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name as the user wrote it, its lines, and the marks after its head."""

    name: str
    path: Path
    lines: list[str]
    head: int
    marks: list[Mark]

    def place(self, line: int, column: int = 0) -> Place:
        """The place of a line and column counted from 0."""
        return Place(self.name, line + 1, column + 1)


@dataclass(slots=True)
class Sources:
    """All files of a deck, and which file stands at which include."""

    files: list[Source] = field(default_factory=list)
    included: dict[tuple[int, int], int] = field(default_factory=dict)
    """File and line of an include → the file included."""
    failed: dict[tuple[int, int], Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    front: FrontMatter = field(default_factory=lambda: FrontMatter(Meta()))
    dialect: str = OWN
    prefix: str = ""
    """presenterm's `command_prefix`: comments that do not start with it are no commands."""
    digest: str = ""


def load(path: Path, root: Path) -> Sources:
    """Read and scan the deck and its includes; raises DeckError for the deck itself only."""
    loader = _Loader(root)
    loader.load_deck(path)
    loader.found.digest = loader.hash.hexdigest()
    return loader.found


class _Loader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.found = Sources()
        self.hash = hashlib.sha256()
        self.bytes = 0

    def load_deck(self, path: Path) -> None:
        found = self.found
        read = read_text(path, str(path))
        self.count(read.data)
        lines = read.text.split("\n")
        head = find_end(lines)
        if head:
            found.front = read_front_matter("\n".join(lines[1 : head - 1]) + "\n", str(path))
        elif lines[0].startswith("%title:"):
            head, found.front = _read_mdp(lines)
        elif lines[0].rstrip() == "---" and len(lines) > 1 and has_key(lines[1]):
            self.report(str(path), 0, "front matter is never closed: end it with `---`")
        found.problems.extend(found.front.problems)
        meta = found.front.meta
        prefix = meta.options.get("command_prefix")
        found.prefix = prefix if isinstance(prefix, str) else ""
        marks = scan(lines, head)
        found.dialect = meta.dialect or detect(
            found.front.values or {}, lines, head, marks, "\n~~~" in read.text
        )
        if rules_of(found.dialect) != rules_of(OWN):
            marks = scan(lines, head, rules_of(found.dialect))
        self.add(Source(str(path), path, lines, head, marks), (path.resolve(),))

    def count(self, data: bytes) -> None:
        self.hash.update(data)
        self.bytes += len(data)

    def report(self, file: str, line: int, message: str, column: int = 0) -> Problem:
        problem = Problem(Place(file, line + 1, column + 1), Severity.ERROR, message)
        self.found.problems.append(problem)
        return problem

    def add(self, source: Source, stack: tuple[Path, ...]) -> None:
        """Take a scanned file in, and then what it includes."""
        index = len(self.found.files)
        self.found.files.append(source)
        if index == 0 and self.found.dialect == "slidev":
            values = self.found.front.values or {}
            if isinstance(values.get("src"), str):
                self.include(index, 0, str(values["src"]), stack)
        for mark in source.marks:
            if mark.kind is Kind.COMMENT:
                self.check_comment(source, mark)
                command = parse_command(mark.text, self.found.prefix)
                if command is not None and command.name == "include":
                    self.include(index, mark.line, command.value, stack)
            elif mark.kind is Kind.FENCE and not mark.closed:
                problem = Problem(
                    source.place(mark.line, mark.level), Severity.WARNING, "fence is never closed"
                )
                self.found.problems.append(problem)
            elif mark.kind is Kind.SIGNAL and mark.text == "backtick-in-info":
                message = "a backtick in a fence's attributes: write the fence with `~~~`"
                problem = Problem(source.place(mark.line), Severity.WARNING, message)
                self.found.problems.append(problem)
            elif mark.kind is Kind.BREAK and "src:" in mark.text:
                written = _src_of(mark.text)
                if written:
                    self.include(index, mark.line, written, stack)

    def check_comment(self, source: Source, mark: Mark) -> None:
        if not mark.closed:
            message = "comment is never closed: everything after it is lost; end it with `-->`"
            self.report(source.name, mark.line, message, mark.level)
        elif mark.early >= 0:
            message = "`-->` ends these notes too early: what follows would be on the slide"
            column = max(0, source.lines[mark.early].find("-->"))
            self.report(source.name, mark.early, message, column)

    def include(self, index: int, line: int, written: str, stack: tuple[Path, ...]) -> None:
        source = self.found.files[index]
        written = written.strip().strip("'\"")
        try:
            included = self.read_included(source, written, stack)
        except (DeckError, PathRefused) as error:
            message = error.message if isinstance(error, DeckError) else str(error)
            problem = self.report(source.name, line, f"include: {message}")
            self.found.failed[index, line] = problem
            return
        self.found.included[index, line] = len(self.found.files)
        self.add(included, (*stack, included.path.resolve()))

    def read_included(self, source: Source, written: str, stack: tuple[Path, ...]) -> Source:
        if self.found.dialect == "slidev":
            # Slidev: `#2,5-7` picks slides of the file; a leading slash is the deck's folder.
            written = written.partition("#")[0]
            base = self.found.files[0].path.parent if written[:1] == "/" else source.path.parent
            path = inside(self.root, base, written.lstrip("/"))
        else:
            path = inside(self.root, source.path.parent, written)
        if path.resolve() in stack:
            raise PathRefused(f"`{written}` includes itself")
        if len(stack) > MAX_INCLUDE_DEPTH:
            raise PathRefused(f"`{written}` is more than {MAX_INCLUDE_DEPTH} includes deep")
        if len(self.found.files) >= MAX_FILES:
            raise PathRefused(f"more than {MAX_FILES} included files")
        name = os.path.normpath(path)
        read = read_text(path, name)
        self.count(read.data)
        if self.bytes > 4 * MAX_BYTES:
            raise PathRefused("the deck and its includes are larger than 20 MB")
        lines = read.text.split("\n")
        head = find_end(lines)
        if head and self.found.dialect != "slidev":
            self.report(name, 0, "front matter of an included file has no effect")
        return Source(name, path, lines, head, scan(lines, head, rules_of(self.found.dialect)))


def _src_of(yaml_text: str) -> str:
    for line in yaml_text.split("\n"):
        if line.startswith("src:"):
            return line[4:].strip()
    return ""


def _read_mdp(lines: list[str]) -> tuple[int, FrontMatter]:
    head, values = mdp_head(lines)
    words = {key: plain_title(value) for key, value in values.items()}
    authors = (words["author"],) if words.get("author") else ()
    meta = Meta(title=words.get("title", ""), date=words.get("date", ""), dialect="mdp")
    return head, FrontMatter(replace(meta, authors=authors), True, dict(values))
