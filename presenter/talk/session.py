"""The state of a talk at one moment: a fold of its events, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Protocol

from presenter.deck.model import Demo, Stop
from presenter.talk.events import PlanMade
from presenter.talk.taint import Taint


class Activity(Enum):
    """What the step at hand is doing."""

    IDLE = "idle"
    TYPING = "typing"
    TYPED = "typed"
    PLAYING = "playing"
    ASKED = "asked"
    """It failed live and was seen to: the speaker decides."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step was shown last."""

    rung: str
    """`live`, `recording`, `transcript` or `card`."""
    status: int | None
    seconds: float
    cut: bool = False
    """Ended by the speaker before it had shown everything by itself."""
    reason: str = ""
    """Why it did not end live, or what is wrong with how it did."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One demo's part of the state, by the demo's name."""

    results: Mapping[int, StepResult] = field(default_factory=lambda: MappingProxyType({}))
    """The steps that have been shown, by step; their final screens stay."""
    step: int = -1
    """The step at hand (typing, typed or playing), or the one shown last; -1 before the first."""
    activity: Activity = Activity.IDLE
    typed: int = 0
    """Characters at the prompt, for steps typed by keys."""
    rung: str = ""
    """What feeds the step at hand while it plays."""
    reason: str = ""
    """Why that is not live, or what the failure is that waits for the speaker."""
    text: str = ""
    """The command as the speaker has changed it; empty: as the deck has it."""
    status: int | None = None
    seconds: float = 0.0
    """Exit status and duration of a failure that waits for the speaker."""


@dataclass(frozen=True, slots=True)
class Position:
    """A slide (from 0) and how many of its stops have been passed."""

    slide: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class PlanClock:
    """The talk's time without the questions, and how much of it each slide has had.

    All in seconds; `now` turns a moment of the session into one of this clock.
    """

    paused: float = 0.0
    """How long the clock has stood still, up to the pause at hand."""
    paused_at: float | None = None
    """The moment of the session at which it was stopped; None while it runs."""
    started: float | None = None
    """When the timer began, by this clock."""
    here: str = ""
    """Id of the slide at hand; empty in journals of older versions, before the first move."""
    since: float = 0.0
    """When that came, by this clock."""
    spent: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """For each slide that was left, by its id, the time that it has had."""

    def now(self, at: float) -> float:
        """The moment `at` of the session by this clock."""
        return (at if self.paused_at is None else self.paused_at) - self.paused


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that resuming, a second view or a report needs to know."""

    position: Position = Position()
    lanes: Mapping[str, Lane] = field(default_factory=lambda: MappingProxyType({}))
    left_at: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """For each slide left, the stop at which it was left last."""
    active: str = ""
    """Name of the demo whose step is typing, typed or playing; empty when none is."""
    waiting: bool = False
    """A press came while a step played and will be carried out after it."""
    came_from: Position | None = None
    """Where the last jump began."""
    black: bool = False
    frozen: Position | None = None
    """The position that the audience sees while the speaker looks ahead."""
    forced: bool = False
    """The speaker wants recordings."""
    taints: Mapping[str, Taint] = field(default_factory=lambda: MappingProxyType({}))
    """By the name of a shell session: its steps that did not really happen."""
    ran: frozenset[str] = frozenset()
    """The shell sessions in which something has run live."""
    questions: tuple[str, ...] = ()
    """Those of the audience that were written down."""
    question_tags: tuple[str, ...] = ()
    """The tag of each of them, or nothing."""
    asked: tuple[str, ...] = ()
    """The prepared ones that were asked."""
    dropped: frozenset[str] = frozenset()
    """Ids of the slides that are passed over."""
    dropped_as: str = ""
    """That of `events.SlidesDropped`."""
    plan: PlanMade | None = None
    clock: PlanClock = PlanClock()
    scratch: bool = False
    """The scratch shell is on the screen."""
    theme: str = ""
    timer_started: float | None = None
    """When the title slide was left, in seconds since the session's start."""
    deck_hash: str = ""
    purpose: str = ""
    """That of `events.SessionStarted`."""
    sequence: int = 0
    """Number of the last event folded."""
    turned: int = 0
    """Number of the last event after which a press means something else than before it."""
    at: float = 0.0
    """Time of the last event, in seconds since the session's start."""
    ended: bool = False


class Script(Protocol):
    """What the talk needs to know of a deck."""

    def __len__(self) -> int: ...

    def slide_id(self, index: int) -> str: ...

    def index_of(self, slide_id: str) -> int | None: ...

    def stops(self, index: int) -> tuple[Stop, ...]: ...

    def demos(self, index: int) -> tuple[Demo, ...]: ...
