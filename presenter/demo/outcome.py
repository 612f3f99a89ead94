"""What is known of one run of a command: what it has printed, how long it took, how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from presenter.deck.model import Step
from presenter.talk.expect import LONGEST_LINE, Pattern, compile_pattern, judge
from presenter.talk.fallback import Fault
from presenter.terminal.fall import SeenLines, plain_lines

NOT_FOUND = 127
"""The status of a shell that has not found the program."""
SETTLED = 1.0
"""Seconds after which a command in the background is taken to run as it should."""
HEAD_LINES = 500
TAIL_TEXT = 65_536
"""Lines at the beginning, and characters at the end, of an output in which status words are looked
for. A pattern is looked for in every line, as it comes."""


class Outcome:
    """Of one run; times are in seconds by the clock whose `now` it is given."""

    def __init__(self, step: Step, now: Callable[[], float]) -> None:
        self.over = False
        self.status: int | None = None
        self.interrupted = False
        """The speaker sent a Ctrl-C: then no way of ending is a fault."""
        self.fault: Fault | None = None
        """A fault that is known without looking at what it printed."""
        self.edited = False
        """The command is the speaker's own: only its status can be judged."""
        self._step = step
        self._now = now
        self._began = now()
        self.begun = False
        """Its command has been given to a shell."""
        self._ended = 0.0
        self._focused: float | None = None
        self._away = 0.0
        self._first: float | None = None
        self._head = SeenLines(HEAD_LINES)
        self._tail = ""
        self._longer = False
        """The tail is not all of the output."""
        expected = compile_pattern(step.expect) if step.expect else None
        self._pattern = expected if isinstance(expected, Pattern) else None
        self.matched = False
        self._verdict: tuple[Fault | None] | None = None

    def begin(self) -> None:
        """It runs now."""
        self._began = self._now()
        self.begun = True

    def watch(self, focused: bool) -> None:
        """The speaker has the pane, or has left it: that time counts for no deadline."""
        if focused and self._focused is None:
            self._focused = self._now()
        elif not focused and self._focused is not None:
            self._away += self._now() - max(self._focused, self._began)
            self._focused = None

    @property
    def elapsed(self) -> float:
        """Seconds since it began to run, without those in which the speaker had the pane."""
        if not self.begun:
            return 0.0
        away = self._away
        if self._focused is not None:
            away += self._now() - max(self._focused, self._began)
        return max(self.seconds - away, 0.0)

    def take(self, text: str) -> bool:
        """It has printed; whether that was its first output."""
        self._head.feed(text)
        self._look_for_pattern(text)
        self._tail += text
        if len(self._tail) > 2 * TAIL_TEXT:
            self._tail, self._longer = self._tail[-TAIL_TEXT:], True
        first = self._first is None
        if first:
            self._first = self._now()
        return first

    def end(self, status: int | None, fault: Fault | None = None) -> None:
        """It has ended; what comes later changes nothing, but for why nobody knows its status."""
        if not self.over:
            self.over, self.status = True, status
            self.fault = fault
            self._ended = self._now()
        elif self.status is None:
            self.fault = self.fault or fault

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return round(max((self._ended if self.over else self._now()) - self._began, 0.0), 3)

    @property
    def held(self) -> float:
        """Seconds since its first output."""
        return self._now() - self._first if self._first is not None else 0.0

    def judged(self) -> Fault | None:
        """What is wrong with how it has ended."""
        if self.fault is not None or not self.over:
            return self.fault
        if self._verdict is None:
            self._verdict = (self._judge(),)
        return self._verdict[0]

    def _judge(self) -> Fault | None:
        step = self._step
        if self.edited or self.matched:  # a pattern that came is all that was asked for
            step = replace(step, expect="", transcript=None)
        lines = [line for line, _ in plain_lines(self._tail + "\n")]
        if self._longer:
            lines = self._head.lines + lines
        fault = judge(step, self.status, lines, interrupted=self.interrupted)
        if fault is Fault.EXIT_STATUS and self.status == NOT_FOUND:
            return Fault.MISSING_PROGRAM
        return fault

    @property
    def awaits_a_pattern(self) -> bool:
        """Whether a pattern says when it runs as it should."""
        return self._pattern is not None

    def settled(self, *, kept: bool) -> bool:
        """Whether a command in the background runs as it should.

        Its pattern came, or (without one) time passed, or the speaker keeps it as it is.
        """
        if self.over or not self.begun:
            return False
        return kept or (self.matched if self.awaits_a_pattern else self.elapsed >= SETTLED)

    def _look_for_pattern(self, text: str) -> None:
        """In the lines that have come with `text`, the one that has no end yet among them."""
        if self._pattern is None or self.matched:
            return
        rest = self._tail.rpartition("\n")[2][-LONGEST_LINE:]
        lines = plain_lines(f"{rest}{text}\n")
        self.matched = any(self._pattern.found_in(line) for line, _ in lines)
