"""The questions that a speaker is prepared for: `<deck>.questions.md` beside the deck.

A second-level heading is a question, the Markdown below it the answer; comments hold the rest. All
of it is text: nothing in the file is ever run, looked up or opened.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from presenter.deck.comments import is_remark, parse_command
from presenter.deck.frontmatter import find_end
from presenter.deck.paths import PathRefused, deck_root, inside, read_text
from presenter.deck.place import Place, Problem, Severity
from presenter.deck.scan import Kind, Mark, scan
from presenter.deck.text import TAB_SIZE, clean, nearest, plain_title
from presenter.errors import DeckError

ENDING = ".questions.md"
WORDS = ("tags", "as_of", "also")
"""The words of comments in such a file; `comment` is a remark here as in a deck."""
MOST_BYTES = 256 * 1024
TOO_LARGE = f"larger than {MOST_BYTES // 1024} KiB: none of it is used"
MOST_QUESTIONS = 1000
MOST_TAGS = 20
MOST_WORDINGS = 20
LONGEST_TAG = 40
"""Characters of a tag, and of `as_of`."""

NOWHERE = Place("", 1)

_QUOTES = re.compile("[\"'`*_\u2018-\u201f\u00ab\u00bb]+")
_ENDS = " \t?!.\u2026"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One question, and what the speaker would answer."""

    question: str
    answer: str = ""
    """Markdown; empty where there is none yet."""
    tags: tuple[str, ...] = ()
    as_of: str = ""
    """When the answer held, as the speaker has written it."""
    also: tuple[str, ...] = ()
    """Other wordings of the same question."""
    place: Place = NOWHERE

    @property
    def wordings(self) -> tuple[str, ...]:
        """All of them, the heading first."""
        return self.question, *self.also


@dataclass(frozen=True, slots=True)
class Questions:
    """What a file holds; empty where there is no file."""

    prepared: tuple[Prepared, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Warnings all: none of them keeps a talk from being given."""


def questions_path(deck: Path) -> Path:
    """Where the questions of a deck are written, whether there are any or not."""
    return deck.with_name(f"{deck.stem}{ENDING}")


def question_key(text: str) -> str:
    """The same for two wordings that differ in case, blanks, quotes or the sign at the end."""
    words = " ".join(_QUOTES.sub("", text.casefold()).split())
    return words.rstrip(_ENDS)


def read_questions(deck: Path) -> Questions:
    """The questions of the deck at `deck`; never raises.

    A link that leads out of the deck's root, and a pipe, are refused as they are for includes.
    """
    path = questions_path(deck)
    name = str(path)
    try:
        if not os.path.lexists(path):
            return Questions()
        allowed = inside(deck_root(deck), path.parent, path.name)
        read = read_text(allowed, name)
    except (DeckError, PathRefused, OSError) as error:
        words = error.message if isinstance(error, DeckError) else str(error)
        return _refused(name, words.removeprefix(f"{name}: "))
    if len(read.data) > MOST_BYTES:
        return _refused(name, TOO_LARGE)
    return parse_questions(read.text, name)


def parse_questions(text: str, name: str) -> Questions:
    """The questions in `text`, of the file called `name`; never raises."""
    text = text.expandtabs(TAB_SIZE)  # before it is measured: a screen is sent what comes of it
    if len(text) > MOST_BYTES:
        return _refused(name, TOO_LARGE)
    lines = text.split("\n")
    head = find_end(lines)
    reader = _Reader(name, lines)
    for mark in scan(lines, head):
        reader.take(mark)
    return reader.ended()


def _refused(name: str, words: str) -> Questions:
    return Questions(problems=(Problem(Place(name, 1), Severity.WARNING, words),))


@dataclass(slots=True)
class _Open:
    """The question that is being read; its answer begins at `body`."""

    question: Prepared
    body: int
    gone: dict[int, str] = field(default_factory=dict)
    """Lines with a comment, and what is left of each."""


class _Reader:
    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self.lines = lines
        self.found: list[Prepared] = []
        self.problems: list[Problem] = []
        self.known: dict[str, int] = {}
        """By the key of each wording, the line on which it stands."""
        self.open: _Open | None = None
        self.full = False

    def take(self, mark: Mark) -> None:
        if mark.kind is Kind.HEADING and mark.level <= 2:
            self.close(mark.line)
            if mark.level == 2:
                self.begin(mark)
        elif mark.kind is Kind.COMMENT:
            self.comment(mark)
        elif mark.kind is Kind.FENCE and not mark.closed and self.open is not None:
            self.warn(mark.line, "fence is never closed: all below it is taken for code")

    def ended(self) -> Questions:
        self.close(len(self.lines))
        return Questions(tuple(self.found), tuple(self.problems))

    def warn(self, line: int, message: str) -> None:
        self.problems.append(Problem(Place(self.name, line + 1), Severity.WARNING, message))

    def begin(self, mark: Mark) -> None:
        question = plain_title(mark.text)
        key = question_key(question)
        if not key:
            self.warn(mark.line, "a heading without words: what stands below it is not used")
        elif key in self.known:
            at = self.known[key]
            self.warn(mark.line, f"the same question as in line {at}: this one is not used")
        elif len(self.found) >= MOST_QUESTIONS:
            if not self.full:
                what = f"more than {MOST_QUESTIONS} questions: those from here on are not used"
                self.warn(mark.line, what)
            self.full = True
        else:
            self.known[key] = mark.line + 1
            self.open = _Open(Prepared(question, place=Place(self.name, mark.line + 1)), mark.end)

    def close(self, line: int) -> None:
        """What was being read ends before `line`."""
        if self.open is not None:
            body = (
                self.open.gone.get(n, self.lines[n]) for n in range(self.open.body, line)
            )  # what stood there only as a comment leaves a blank line, as in a deck
            answer = clean("\n".join(body)).strip("\n").rstrip()
            self.found.append(replace(self.open.question, answer=answer))
        self.open = None

    def comment(self, mark: Mark) -> None:
        if not mark.closed:
            self.warn(mark.line, "comment is never closed: all below it is lost; end it with `-->`")
        if self.open is None:
            return
        for line in range(mark.line, mark.end):
            self.open.gone[line] = ""
        if mark.closed:
            self.open.gone[mark.end - 1] = self.lines[mark.end - 1].rpartition("-->")[2].strip()
        command = None if is_remark(mark.text) else parse_command(mark.text)
        if command is None or command.name == "comment":
            return
        value = " ".join(clean(command.value).split())
        if command.name not in WORDS:
            word = clean(command.name)[:LONGEST_TAG]
            self.warn(mark.line, f"unknown comment `{word}`{nearest(word, WORDS)}")
        elif not value:
            self.warn(mark.line, f"`{command.name}` says nothing")
        else:
            self.open.question = self.told(self.open.question, command.name, value, mark.line)

    def told(self, question: Prepared, word: str, value: str, line: int) -> Prepared:
        """`question` with what a comment says of it."""
        if word == "as_of":
            return replace(question, as_of=value[:LONGEST_TAG])
        if word == "tags":
            tags = (tag.strip().removeprefix("#")[:LONGEST_TAG] for tag in value.split(","))
            all_tags = dict.fromkeys([*question.tags, *filter(None, tags)])
            return replace(question, tags=tuple(all_tags)[:MOST_TAGS])
        wording = plain_title(value)
        key = question_key(wording)
        if key in self.known:
            at = self.known[key]
            self.warn(line, f"the same wording as in line {at}: it is not used here")
        elif key and len(question.also) < MOST_WORDINGS:
            self.known[key] = line + 1
            return replace(question, also=(*question.also, wording))
        return question
