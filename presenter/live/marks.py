"""The marks by which a live shell says where a command begins and ends (OSC 133, with a nonce).

    C;NONCE          a command begins          D;STATUS;NONCE   it ended
    A;NONCE          the prompt comes; what the shell reports of itself has been written
    P and B          where the prompt's text begins and ends

Output may hold marks too, of recordings for example, or forged. Only those count that have the
nonce which the shell could read from a file of ours; the others are output like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MARK = re.compile(r"\x1b\]133;([ABCDP])(?:;([0-9]{1,3}))?(?:;([0-9a-f]{32}))?\x07")
_START = re.compile(r"\x1b(?:\](?:1(?:3(?:3(?:;(?:[ABCDP](?:;[0-9a-f;]{0,36})?)?)?)?)?)?)?\Z")
_LONGEST = 46
_KEPT = 8192
"""Characters kept of what a shell says in place of a command that it does not begin."""
_MODES = re.compile(r"\x1b(?:\[[?>=<][0-9;]*[hlu]|[=>])")
_ECHO = re.compile(r"\r\r?\n")


@dataclass(frozen=True, slots=True)
class Printed:
    """`running`: output of a command; otherwise prompt, line editor and what hooks say."""

    text: str
    running: bool


@dataclass(frozen=True, slots=True)
class Began:
    """A command runs, a scripted one or one that the speaker typed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The command ended; None where the status got lost with the shell."""

    status: int | None


@dataclass(frozen=True, slots=True)
class AtPrompt:
    """The prompt comes now; the shell has reported its state."""


@dataclass(frozen=True, slots=True)
class TakesLine:
    """The prompt stands, and the line editor works."""


Piece = Printed | Began | Ended | AtPrompt | TakesLine


class MarkReader:
    """Cuts the output of a shell into pieces, however it comes.

    `fresh` makes a nonce and puts it where the shell's next command finds it.
    """

    def __init__(self, fresh: Callable[[], str]) -> None:
        self._fresh = fresh
        self._current = fresh()
        self._previous = ""
        """Of the last command: the shell may have read it for a line typed ahead."""
        self._held = ""
        self._kept: str | None = None
        """Since `expect`: what the shell says instead of beginning the command."""
        self._hidden: str | None = None
        """Since `redraw`: what stands before the new prompt; only its modes are told."""
        self._drawing = False
        self.running = False

    @property
    def busy(self) -> bool:
        """Whether a command runs, or was delivered and has not begun."""
        return self.running or self._kept is not None

    def expect(self) -> None:
        """A command was delivered: what comes is its beginning, or a refusal to begin it."""
        self._current, self._previous = self._fresh(), ""
        self._kept = ""

    def redraw(self) -> None:
        """A new prompt was asked for: what comes before its text is nothing to show."""
        self._hidden = ""

    def settle(self) -> Iterator[Piece]:
        """The prompt came, but its end does not: go on without it."""
        yield from self._prompt_ended()

    def feed(self, text: str) -> Iterator[Piece]:
        """The pieces; what may be the start of a mark waits for the rest."""
        text = self._held + text
        self._held = ""
        at = 0
        for match in _MARK.finditer(text):
            if self._counts(match):
                yield from self._printed(text[at : match.start()])
                yield from self._mark(match)
                at = match.end()
        start = _START.search(text, max(at, len(text) - _LONGEST))
        end = start.start() if start else len(text)
        self._held = text[end:]
        yield from self._printed(text[at:end])

    def rest(self) -> Iterator[Piece]:
        """What waited, when nothing will follow."""
        held, self._held = self._held, ""
        yield from self._printed(held)

    def _counts(self, match: re.Match[str]) -> bool:
        kind, status, nonce = match.groups()
        if kind in "PB":
            return not (self.running or status or nonce)
        known = nonce == self._current or (bool(self._previous) and nonce == self._previous)
        return known and (status is not None) == (kind == "D")

    def _mark(self, match: re.Match[str]) -> Iterator[Piece]:
        kind, status, nonce = match.groups()
        if kind == "C" and not self.running:
            yield from self._show_modes()
            self._kept = None
            self.running = True
            if nonce == self._current:
                self._previous = ""
            yield Began()
        elif kind == "D":
            yield from self._ended(int(status))
        elif kind == "A":
            yield from self._ended(None)
            self._previous, self._current = self._current, self._fresh()
            self._drawing = True
            yield AtPrompt()
        elif kind == "P" and self._drawing:
            yield from self._show_modes()
        elif kind == "B":
            yield from self._prompt_ended()

    def _ended(self, status: int | None) -> Iterator[Piece]:
        if self.running:
            self.running = False
            yield Ended(status)
        elif self._kept is not None:  # a syntax error: the shell did not begin the command
            said, self._kept = _ECHO.split(self._kept, 1)[-1], None
            yield Began()
            if said:
                yield Printed(said, running=True)
            yield Ended(status)

    def _prompt_ended(self) -> Iterator[Piece]:
        yield from self._show_modes()
        if self._drawing:
            self._drawing = False
            yield TakesLine()

    def _show_modes(self) -> Iterator[Piece]:
        hidden, self._hidden = self._hidden, None
        modes = "".join(_MODES.findall(hidden or ""))
        if modes:
            yield Printed(modes, running=False)

    def _printed(self, text: str) -> Iterator[Piece]:
        if not text:
            return
        if self.running:
            yield Printed(text, running=True)
            return
        if self._kept is not None:
            self._kept = (self._kept + text)[-_KEPT:]
        if self._hidden is None:
            yield Printed(text, running=False)
        else:
            self._hidden = (self._hidden + text)[-_KEPT:]
