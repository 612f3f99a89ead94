"""What the speaker's own screen shows, as plain data: it travels over a socket as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from presenter.deck.model import Note
from presenter.talk.pace import Pace

RAW = frozenset(("pane", "scratch", "line"))
"""Values of `SpeakerState.keys` where no key is one of the talk's."""


@dataclass(frozen=True, slots=True)
class SpeakerState:
    """All of it each time: whoever comes late, or has missed something, needs no other."""

    sequence: int
    """Number of the talk's last event."""
    deck: str
    """The talk's title, or its file's name."""
    theme: str
    slide: int
    """From 0."""
    total: int
    title: str
    stop: int
    """Presses made on the slide, of `stops`."""
    stops: int
    upcoming: str
    """What the next press does, in words."""
    elapsed: float | None
    """Seconds since the timer started; None before."""
    planned: float | None
    turned: int = -1
    """That of `Session.turned`: a press that comes back says which one it had seen."""
    pace: Pace | None = None
    """How the talk stands to its plan; None where there is none (yet)."""
    dropped: str = ""
    """Under which name slides are passed over; empty where none is."""
    savings: tuple[tuple[str, str, float], ...] = ()
    """What keys would save: the action, words for it, and seconds of the plan."""
    next_title: str = ""
    """Empty after the last slide."""
    lines: tuple[str, ...] = ()
    """The present slide's text, as far as it has been revealed."""
    pane: tuple[str, ...] = ()
    """What stands in the pane of the demo in view, without the blank rows below it."""
    next_lines: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    step: str = ""
    """The step at hand or shown last: rung, source, status, seconds, in words."""
    mode: str = ""
    """How the talk is given, in words: live where it can be, recorded, …"""
    runs: bool = False
    """A live step runs: Ctrl-C is for it."""
    reason: str = ""
    """Why the step at hand stands below live, or what the failure that waits is."""
    asks: bool = False
    """A failure waits for the speaker: the next press replays, another key keeps it."""
    tainted: str = ""
    """Why later steps of the session stay recorded; empty where they do not."""
    conditions: tuple[tuple[str, str, str], ...] = ()
    """Name, `true` or `false` or `unknown`, and words."""
    countdown: float | None = None
    """Seconds until the deadline of the live step that runs."""
    background: tuple[tuple[str, str], ...] = ()
    """Demos that run on, each with `runs` or how it ended."""
    keys: str = "talk"
    """Where the stage's keys go: `talk`, `pane`, `scratch`, `line` (a command that is edited) or
    `typing` (a step whose characters are keys, until it runs)."""
    keys_at: str = ""
    """Which pane or command that is."""
    activity: str = ""
    """`typing`, `typed`, `playing` or `asked` while a step is at hand."""
    waiting: bool = False
    """A press waits for the end of the step."""
    black: bool = False
    frozen: bool = False
    scratch: bool = False
    """The scratch shell is on the screen."""
    questions: int = 0
    """How many were written down."""
    last_questions: tuple[str, ...] = ()
    """Those written down last, the newest at the end: who has sent one knows that it is kept."""
    last_tags: tuple[str, ...] = ()
    """The tag of each of them, or nothing."""
    asked: tuple[str, ...] = ()
    """The prepared questions that were asked, those of last at the end."""
    message: str = ""
    """The last thing that went wrong behind the scenes, and whether the deck has changed."""
