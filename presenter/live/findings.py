"""What a probe found out, as it goes from the process that probes to the one that draws."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault

MOST_WORDS = 300
"""Characters of the words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds."""

    truth: Truth
    fault: Fault | None = None
    """What is wrong, where it is one of the link; a world that is other than the deck needs it has
    none."""
    words: str = ""
    """One plain line for the speaker."""
    seconds: float = 0.0
    """How long it took."""
    facts: tuple[str, ...] = ()
    """What was asked for by itself: the current context and its server."""


def holds(words: str) -> Finding:
    return Finding(Truth.TRUE, None, words)


def fails(words: str, fault: Fault | None = None) -> Finding:
    return Finding(Truth.FALSE, fault, words)


def unknown(words: str) -> Finding:
    return Finding(Truth.UNKNOWN, None, words)


class Limit:
    """The time that one probe has, and what it waits for."""

    def __init__(self, until: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`until` is a time of `clock`, in seconds."""
        self.until = until
        self.waits_for = ""
        """What has been contacted; nothing as long as no answer of anybody's is due."""
        self.abort: Callable[[], None] = lambda: None
        """Ends what the probe waits for; may be called by another thread when the time is over."""
        self.kept: socket.socket | None = None
        """The connection that stays open behind the answer."""
        self._prepares = "the probe was not ready in time"
        self._clock = clock

    def prepare(self, words: str) -> None:
        """What is done first, which is slow but tells nothing of the condition."""
        self._prepares = words

    def contact(self, subject: str) -> None:
        """From now on, silence is the fault of `subject`."""
        self.waits_for = subject

    def left(self, most: float = float("inf")) -> float:
        """Seconds that a call may take: at most `most`, and never nothing at all."""
        return max(0.01, min(most, self.until - self._clock()))

    @property
    def is_over(self) -> bool:
        return self._clock() >= self.until

    def late(self) -> Finding:
        """What is known of the condition when the time is over."""
        if self.waits_for:
            return fails(f"{self.waits_for}: no answer in time", Fault.SILENT)
        return unknown(self._prepares)
