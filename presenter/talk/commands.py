"""What a speaker, or the runtime on behalf of time, may ask of the talk.

A command carries no clock: the runtime stamps the events that come of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from presenter.talk.events import PlanMade, TalkDescribed


@dataclass(frozen=True, slots=True)
class _Bare:
    """One without fields: equal to every other of its class.

    Making a dataclass costs 0.3 ms of the program's start; inheriting one costs nothing.
    """


@dataclass(frozen=True, slots=True)
class Next:
    """The one key: reveal, type, run, next slide. While a step plays, the press waits."""

    queued: bool = False
    """Pressed before what stands on the screen now did: it must not run anything."""


class Previous(_Bare):
    """Back by one press (a whole demo step counts as one); nothing plays again."""

    __slots__ = ()


class NextSlide(_Bare):
    """The next slide at once, over pauses and steps."""

    __slots__ = ()


class PreviousSlide(_Bare):
    """The previous slide at once."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class GoTo:
    """A slide by its index from 0, or by its id; shown as it was left."""

    slide: int | str


class Last(_Bare):
    """The last slide."""

    __slots__ = ()


class Back(_Bare):
    """Back to where the last jump began."""

    __slots__ = ()


class Skip(_Bare):
    """The final screen of the step at hand, now."""

    __slots__ = ()


class SkipDemo(_Bare):
    """The final screen of the demo at hand, over all of its steps, now."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """Run or play the step shown last once more."""

    queued: bool = False
    """Pressed before what stands on the screen now did: it must not run anything."""


class TypeKey(_Bare):
    """A key of the speaker's in a step typed by keys: one more character."""

    __slots__ = ()


class Typed(_Bare):
    """From the runtime: the command of the step at hand stands complete at the prompt."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """From the runtime: the step at hand has shown all that it has."""

    status: int | None
    seconds: float
    reason: str = ""
    """What is wrong with a live step that the speaker or the deck keeps all the same."""


@dataclass(frozen=True, slots=True)
class Fell:
    """From the runtime: what fed the step at hand failed, and `rung` feeds it now."""

    rung: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """From the runtime: the live step at hand failed and was seen to; the speaker decides."""

    reason: str
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Provided:
    """From the runtime: these conditions have been found to hold."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoteQuestion:
    """Write down what somebody in the audience has asked."""

    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class MarkAsked:
    """Somebody in the audience has asked this prepared question."""

    question: str
    answer: str = ""
    as_of: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeQuestion:
    """A question is taken: the plan's clock stands still until the talk goes on.

    `on` False: it goes on now; None: the other of the two.
    """

    on: bool | None = True


@dataclass(frozen=True, slots=True)
class Tell:
    """From the runtime: the plan that was made, or what the deck says of itself."""

    event: PlanMade | TalkDescribed


@dataclass(frozen=True, slots=True)
class Drop:
    """Pass over these slides and no others, as far as they are still to come; none: all come."""

    name: str
    slides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inject:
    """From a drill: this fault has struck the step."""

    demo: str
    step: int
    fault: str
    lasting: float


class Force(_Bare):
    """Recordings from now on: a live step falls at once, and none begins until `LiveAgain`."""

    __slots__ = ()


class Keep(_Bare):
    """What a live step shows stays, though something is or may be wrong with it."""

    __slots__ = ()


class LiveAgain(_Bare):
    """Live from the next step on: the speaker says that the world is as it should be."""

    __slots__ = ()


class Interrupt(_Bare):
    """One Ctrl-C for the live step at hand."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """The command that stands typed shall be this one, this time."""

    text: str


class Scratch(_Bare):
    """The scratch shell, on or off."""

    __slots__ = ()


class Settled(_Bare):
    """From the runtime: a finished step has been looked at long enough for a waiting press."""

    __slots__ = ()


class Black(_Bare):
    """Black screen on or off."""

    __slots__ = ()


class Freeze(_Bare):
    """The audience's picture stands still while the speaker looks ahead; on or off."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SetTheme:
    name: str


class ResetTimer(_Bare):
    """The talk's timer starts anew, now."""

    __slots__ = ()


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
    | SkipDemo
    | Replay
    | TypeKey
    | Typed
    | Finished
    | Fell
    | Failed
    | Provided
    | Force
    | Keep
    | LiveAgain
    | Interrupt
    | Edit
    | NoteQuestion
    | MarkAsked
    | TakeQuestion
    | Tell
    | Drop
    | Inject
    | Scratch
    | Settled
    | Black
    | Freeze
    | SetTheme
    | ResetTimer
    | Reloaded
    | Quit
)
