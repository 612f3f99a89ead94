"""What is in force while a slide is read, and where its blocks go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from presenter.deck.model import (
    Align,
    Block,
    Column,
    Columns,
    Demo,
    Failure,
    Heading,
    Note,
    Place,
    Problem,
    Reveal,
    Severity,
    Stop,
)

ALL_LEVELS = 99
"""Incremental lists of any depth."""


@dataclass(slots=True)
class Flow:
    """The blocks of a slide so far; inside a column layout they go to the column at hand."""

    blocks: list[Block] = field(default_factory=list)
    weights: tuple[int, ...] = ()
    columns: list[list[Block]] = field(default_factory=list)
    column: int = -1
    at: int = 0
    line: int = 0

    def add(self, block: Block) -> None:
        if self.column >= 0:
            self.columns[self.column].append(block)
        else:
            self.blocks.append(block)

    def open_columns(self, weights: tuple[int, ...], at: int, line: int) -> None:
        self.close_columns()
        self.weights, self.at, self.line = weights, at, line
        self.columns = [[] for _ in weights]

    def close_columns(self) -> None:
        if self.weights:
            columns = tuple(
                Column(weight, tuple(blocks))
                for weight, blocks in zip(self.weights, self.columns, strict=True)
            )
            self.blocks.append(Columns(columns, at=self.at, line=self.line))
        self.weights, self.columns, self.column = (), [], -1

    def split_right(self, line: int) -> None:
        """What stands below the leading heading becomes the left of two columns."""
        self.close_columns()
        keep = 1 if self.blocks and isinstance(self.blocks[0], Heading) else 0
        left, self.blocks = self.blocks[keep:], self.blocks[:keep]
        self.open_columns((1, 1), 0, line)
        self.columns[0] = left
        self.column = 1


@dataclass(slots=True)
class SlideState:
    """The reveals, stops and settings of the slide being read."""

    place: Callable[[int], Place]
    """The place of a line of the slide's text by its index."""
    dialect: str = ""
    prefix: str = ""
    image_prefix: str = "image:"
    incremental: int = 0
    """How many levels of lists come item by item; 0: none."""
    incremental_tables: bool = False
    spacing: int = 0
    align: Align = Align.LEFT
    size: int = 1
    layout: str = ""
    """Slidev's layout of this slide."""
    footer: bool = True
    optional: bool = False
    share: float | None = None
    reveals: int = 0
    stops: list[Stop] = field(default_factory=list)
    notes: list[tuple[int, Note]] = field(default_factory=list)
    """Each with the number of presses before the place where it stands."""
    demos: list[Demo] = field(default_factory=list)
    unknown_outputs: set[int] = field(default_factory=set)
    """The lines of the `no_output_known` comments that a fence has taken in."""
    problems: list[Problem] = field(default_factory=list)
    flow: Flow = field(default_factory=Flow)
    failed: Mapping[Place, Problem] = field(default_factory=dict)
    """The includes that could not be read, by their place."""
    html_warned: bool = False

    def note(self, notes: Sequence[Note]) -> None:
        """Take in notes that stand here."""
        self.notes.extend((len(self.stops), note) for note in notes)

    def reveal(self) -> int:
        """One more press; returns its number."""
        self.reveals += 1
        self.stops.append(Reveal(self.reveals))
        return self.reveals

    def warn(self, line: int, message: str, column: int = 0) -> None:
        self.report(Severity.WARNING, line, message, column)

    def report(self, severity: Severity, line: int, message: str, column: int = 0) -> Problem:
        place = self.place(line)
        place = Place(place.file, place.line, place.column + column)
        problem = Problem(place, severity, message)
        self.problems.append(problem)
        return problem

    def fail(self, line: int, message: str, source: str) -> Failure:
        """A part that cannot be read: reported, and shown where it stands."""
        problem = self.report(Severity.ERROR, line, message)
        return self.failure(problem, source)

    def failure(self, problem: Problem, source: str) -> Failure:
        return Failure(problem, source, at=self.reveals, line=problem.place.line)
