"""What stands at a point of a recording, for who begins or goes on there.

A recording's screen is made of all that was printed before. So where a part goes, what follows it
needs the screen at its end, and the step that is under way: the shell's mark C, and its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from presenter.recording.asciicast import MARKER, OUTPUT, RESIZE, Event, Header, parse_size
from presenter.recording.marks import Mark, MarkFinder
from presenter.recording.steps import is_label
from presenter.terminal import new_emulator
from presenter.terminal.clusters import split_tail

_BATCH = 64 * 1024
"""Code points of output given to the emulator at once."""
_MOST_HELD = 4096
_OPEN = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*|[ -/]*|[\]PX^_][^\x07\x1b\x9c]*\x1b?)"
    r"|\x9b[0-?]*[ -/]*|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*\x1b?)\Z"
)
"""A sequence that has begun and not ended."""
_C1 = {0x9B: "\x1b[", 0x9D: "\x1b]", 0x90: "\x1bP", 0x98: "\x1bX", 0x9E: "\x1b^", 0x9F: "\x1b_"}
"""Controls in one character as the two that every terminal knows."""


class StepMarks:
    """Which step is under way, by the shell's marks and the labels at them."""

    def __init__(self) -> None:
        self.count = 0
        """Steps whose output has begun."""
        self.is_open = False
        """Whether the last of them has not ended."""
        self.label = ""
        """Of the step under way, or of the one that is about to begin; empty where none is told."""

    def take(self, piece: Event | Mark) -> None:
        if isinstance(piece, Event):
            if piece.code == MARKER and is_label(piece.data):
                self.label = piece.data
        elif piece.kind == "C":
            if self.is_open:
                self.label = ""
            self.count += 1
            self.is_open = True
        elif piece.kind in "AD" and self.is_open:
            self.is_open = False
            self.label = ""


class Follower:
    """Takes events, and can say what must stand before those that come."""

    def __init__(self, header: Header, *, screen: bool = True) -> None:
        """Without `screen`, only steps and markers are followed, which is faster."""
        self.size = header.columns, header.rows
        self.time = 0.0
        """Of the last event taken."""
        self.touched = False
        """Whether output or a resize was taken since `mark` was called."""
        self.steps = StepMarks()
        self._emulator = new_emulator(*self.size, 0) if screen else None
        self._finder = MarkFinder()
        self._waiting: list[str] = []
        self._length = 0
        self._held = ""
        self._chapter = ""
        self._markers: list[str] = []
        """Those at `time`."""
        self._open_at_mark = 0
        """Which step was under way there, from 1; 0 for none."""
        self._status: int | None = None
        """How it has ended since."""

    def mark(self) -> None:
        """From here on is what `touched`, `ended` and `chapter` tell of."""
        self.touched = False
        self._chapter = ""
        self._markers.clear()
        self._open_at_mark = self.steps.count if self.steps.is_open else 0
        self._status = None

    def take(self, event: Event) -> None:
        if event.time != self.time:
            self._markers.clear()
        self.time = event.time
        if event.code == MARKER:
            self._markers.append(event.data)
            if not is_label(event.data):
                self._chapter = event.data
        elif event.code == OUTPUT:
            self.touched = True
            if self._emulator is not None:
                self._waiting.append(event.data)
                self._length += len(event.data)
        elif event.code == RESIZE and (size := parse_size(event.data)) is not None:
            self.touched = True
            self._resize(size)
        if self._length >= _BATCH:
            self._feed()
        for piece in self._finder.take(event):
            self._note(piece)

    def _note(self, piece: Event | Mark) -> None:
        steps = self.steps
        ends = isinstance(piece, Mark) and piece.kind in "AD" and steps.is_open
        if isinstance(piece, Mark) and ends and steps.count == self._open_at_mark:
            self._status = piece.status
        steps.take(piece)

    def _resize(self, size: tuple[int, int]) -> None:
        self.size = size
        if self._emulator is not None:
            self._feed()
            held, self._held = self._held, ""
            self._emulator.feed(held)  # it wraps at the old width
            self._emulator.resize(*size)

    def _feed(self) -> None:
        """What was taken goes onto the screen, but for a sequence that has not ended."""
        if self._emulator is None:
            return
        ready, self._held = _split(self._held + "".join(self._waiting))
        self._waiting.clear()
        self._length = 0
        self._emulator.feed(ready)

    def screen(self) -> tuple[str, str]:
        """Output that makes this screen of an empty one, and the end of what was printed.

        The end stands on no screen yet, for it may belong to what follows.
        """
        self._feed()
        if self._emulator is None:
            return "", ""
        return self._emulator.snapshot().data.translate(_C1), self._held

    def markers(self, time: float) -> Iterator[str]:
        """Labels that must stand at `time`: of the chapter and the step under way, and its own."""
        here = self._markers if self.time == time else []
        for label in (self._chapter, self.steps.label):
            if label and label not in here:
                yield label
        yield from here

    def ending(self) -> str:
        """The mark that ends the step that was under way at `mark`, if it is not any more."""
        steps = self.steps
        if not self._open_at_mark or (steps.is_open and steps.count == self._open_at_mark):
            return ""
        told = "" if self._status is None else f";{self._status}"
        return f"\x1b]133;D{told}\x07"

    def beginning(self) -> str:
        """The mark that begins the step under way, if it has begun since `mark`."""
        steps = self.steps
        is_new = steps.is_open and steps.count != self._open_at_mark
        return "\x1b]133;C\x07" if is_new else ""


def _split(text: str) -> tuple[str, str]:
    """The text, and its end that what follows may belong to: a sequence, a character's marks."""
    found = _OPEN.search(text, max(len(text) - _MOST_HELD, 0))
    end = found.start() if found else len(split_tail(text)[0])
    return text[:end], text[end:]
