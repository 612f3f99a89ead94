"""A recording as it is written by the program: steps with the shell's marks, commands typed."""

from __future__ import annotations

import zlib

from presenter.recording.asciicast import MARKER, OUTPUT, Event
from presenter.recording.provenance import marker_label
from presenter.terminal.text import safe_text

BEFORE_TYPING = 0.5
"""Seconds; so that the prompt is seen before anything moves."""
BEFORE_RUNNING = 0.3


class Tape:
    """Events written one after another; equal calls write equal events."""

    def __init__(self) -> None:
        self.now = 0.0
        """Seconds since the recording's start."""
        self.events: list[Event] = []

    def wait(self, seconds: float) -> None:
        self.now = round(self.now + seconds, 3)

    def add(self, data: str, code: str = OUTPUT) -> None:
        self.events.append(Event(self.now, code, data))

    def begin(self, number: int, prompt: str, shown: str, command: str) -> None:
        """The prompt, and `shown` typed at it; then the output of step `number` begins.

        `command` is the deck's, by which the step is found again.
        """
        self.add(f"\x1b]133;A\x07{safe_text(prompt)}\x1b]133;B\x07")
        self.wait(BEFORE_TYPING)
        for index, line in enumerate(shown.split("\n")):
            if index:
                self.add("\r\n> ")
            for char in printable(line):
                self.wait(pause(f"{char}{self.now}", 35, 75))
                self.add(char)
        self.wait(BEFORE_RUNNING)
        self.add("\r\n\x1b]133;C\x07")
        self.add(marker_label(number, command), MARKER)

    def end(self, status: int | None) -> None:
        """The command has ended."""
        told = "" if status is None else f";{status}"
        self.add(f"\x1b]133;D{told}\x07")


def printable(line: str) -> str:
    """A line of the deck without anything that steers a terminal; tabs stay."""
    return "\t".join(safe_text(part, len(part)) for part in line.split("\t"))


def pause(text: str, least: int, most: int) -> float:
    """Seconds; `least` to `most` milliseconds, always the same for the same text."""
    return (least + zlib.crc32(text.encode("utf-8", "replace")) % (most - least + 1)) / 1000
