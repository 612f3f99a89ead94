"""What is known of one run of a command: what it has printed, how long it took, how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from presenter.deck.model import Step
from presenter.talk.expect import Pattern, compile_pattern, judge
from presenter.talk.fallback import Fault
from presenter.terminal.fall import SeenLines

NOT_FOUND = 127
"""The status of a shell that has not found the program."""
MOST_JUDGED = 10_000
"""Lines of an output that are looked at for what is expected of it."""


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
        self._ended = 0.0
        self._first: float | None = None
        self._printed = SeenLines(MOST_JUDGED)
        self._pattern: Pattern | None = None

    def begin(self) -> None:
        """It runs now."""
        self._began = self._now()

    def take(self, text: str) -> bool:
        """It has printed; whether that was its first output."""
        self._printed.feed(text)
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
        step = replace(self._step, expect="", transcript=None) if self.edited else self._step
        fault = judge(step, self.status, self._printed.all_lines(), interrupted=self.interrupted)
        if fault is Fault.EXIT_STATUS and self.status == NOT_FOUND:
            return Fault.MISSING_PROGRAM
        return fault

    def shows_what_is_expected(self) -> bool | None:
        """Whether the expected pattern has come while it runs; None where there is none."""
        if not self._step.expect:
            return None
        if self._pattern is None:
            pattern = compile_pattern(self._step.expect)
            if not isinstance(pattern, Pattern):
                return None
            self._pattern = pattern
        return any(map(self._pattern.found_in, self._printed.all_lines()))
