"""What a speaker, or the runtime on behalf of time, may ask of the talk.

A command carries no clock: the runtime stamps the events that come of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Next:
    """The one key: reveal, type, run, next slide. While a step plays, the press waits."""

    queued: bool = False
    """Pressed before what stands on the screen now did: it must not run anything."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Back by one press (a whole demo step counts as one); nothing plays again."""


@dataclass(frozen=True, slots=True)
class NextSlide:
    """The next slide at once, over pauses and steps."""


@dataclass(frozen=True, slots=True)
class PreviousSlide:
    """The previous slide at once."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """A slide by its index from 0, or by its id; shown as it was left."""

    slide: int | str


@dataclass(frozen=True, slots=True)
class Last:
    """The last slide."""


@dataclass(frozen=True, slots=True)
class Back:
    """Back to where the last jump began."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The final screen of the step at hand, now."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Play the step shown last once more."""


@dataclass(frozen=True, slots=True)
class TypeKey:
    """A key of the speaker's in a step typed by keys: one more character."""


@dataclass(frozen=True, slots=True)
class Typed:
    """From the runtime: the command of the step at hand stands complete at the prompt."""


@dataclass(frozen=True, slots=True)
class Finished:
    """From the runtime: the step at hand has shown all that it has."""

    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Fell:
    """From the runtime: what fed the step at hand failed, and `rung` feeds it now."""

    rung: str


@dataclass(frozen=True, slots=True)
class Settled:
    """From the runtime: a finished step has been looked at long enough for a waiting press."""


@dataclass(frozen=True, slots=True)
class Black:
    """Black screen on or off."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """The audience's picture stands still while the speaker looks ahead; on or off."""


@dataclass(frozen=True, slots=True)
class SetTheme:
    name: str


@dataclass(frozen=True, slots=True)
class ResetTimer:
    """The talk's timer starts anew, now."""


@dataclass(frozen=True, slots=True)
class Reloaded:
    """From the runtime: another version of the deck is in use; `slide` is where to stand in it."""

    deck_hash: str
    slide: int
    stop: int
    changed: tuple[str, ...] = ()
    """Names of the demos whose steps are not what they were."""


@dataclass(frozen=True, slots=True)
class Quit:
    reason: str = "quit"


Command = (
    Next
    | Previous
    | NextSlide
    | PreviousSlide
    | GoTo
    | Last
    | Back
    | Skip
    | Replay
    | TypeKey
    | Typed
    | Finished
    | Fell
    | Settled
    | Black
    | Freeze
    | SetTheme
    | ResetTimer
    | Reloaded
    | Quit
)
