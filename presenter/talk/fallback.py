"""The ladder's decision: what feeds a step, and when it falls to what is below.

    live → recording → transcript → card

`decide` is asked when a step is to run, whenever something is learnt about it, and when the time
that it named has passed. It knows two sorts of faults. One of the link (the other side is not
there) makes the step fall at once. One of the content (the command ran and did not do what the deck
promises) is replaced unseen where the audience has seen nothing of it; a failure that it has seen
waits for the speaker. Nothing leads up: a step that has fallen stays below, and comes live again
only as another showing, which begins at `Phase.READY`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, assert_never

from presenter.talk.condition import Truth
from presenter.talk.ladder import Available, choose_rung

Rung = Literal["live", "recording", "transcript", "card"]
RUNGS: tuple[Rung, ...] = ("live", "recording", "transcript", "card")
"""From the highest to the lowest."""

HOLD_BACK = 0.25
"""Seconds for which the first output of a live step is kept from the audience."""
SHORTEST_DEADLINE = 10.0
DEADLINE_FACTOR = 3.0
DEADLINE_UNKNOWN = 60.0
"""Seconds for a step of which no captured recording tells the duration."""


_EVERYTHING = Available(recording=True, transcript=True)


class Fault(Enum):
    """What is wrong with a live step."""

    REFUSED = "refused"
    SILENT = "silent"
    NO_ROUTE = "no route"
    PORTAL = "captive portal"
    MISSING_PROGRAM = "missing program"
    LOST_PTY = "lost terminal"
    DEADLINE = "deadline"
    EXIT_STATUS = "exit status"
    PATTERN = "expected pattern"
    STATUS_WORDS = "status words"


CONTENT_FAULTS = frozenset((Fault.EXIT_STATUS, Fault.PATTERN, Fault.STATUS_WORDS))
LINK_FAULTS = frozenset(Fault) - CONTENT_FAULTS


class Bar(Enum):
    """Why a step is not shown live though nothing has gone wrong."""

    MODE = "mode"
    UNTRUSTED = "untrusted"
    NEVER = "never"
    FORCED = "forced"
    TAINTED = "tainted"
    CONDITION = "condition"
    BUSY = "busy"
    """The session's shell still runs something."""
    SOURCE = "source"
    """What fed the step from below could not be read: it falls lower still."""
    SKIPPED = "skipped"
    RESUMED = "resumed"
    """The program was ended while the step ran."""


Reason = Fault | Bar

SENTENCES: dict[Reason, str] = {
    Fault.REFUSED: "the connection was refused",
    Fault.SILENT: "the other side is silent",
    Fault.NO_ROUTE: "there is no route to it",
    Fault.PORTAL: "a login page of the network answers",
    Fault.MISSING_PROGRAM: "the program is not installed",
    Fault.LOST_PTY: "the shell's terminal was lost",
    Fault.DEADLINE: "it took longer than its deadline",
    Fault.EXIT_STATUS: "the exit status is not the expected one",
    Fault.PATTERN: "the expected pattern did not come",
    Fault.STATUS_WORDS: "status words of the transcript did not come",
    Bar.MODE: "the talk is given from its recordings",
    Bar.UNTRUSTED: "the deck is not trusted",
    Bar.NEVER: "the deck says that it never runs live",
    Bar.FORCED: "the speaker chose the recording",
    Bar.TAINTED: "an earlier step of this session did not really happen",
    Bar.CONDITION: "a condition does not hold",
    Bar.BUSY: "the session's shell still runs something else",
    Bar.SOURCE: "the recording could not be read",
    Bar.SKIPPED: "the speaker skipped to its end",
    Bar.RESUMED: "the talk was interrupted while it ran",
}
"""For the speaker's view; never for the stage."""


def sentence(reason: str) -> str:
    """The sentence for a reason as events carry it; nothing for one not known here."""
    return next((words for known, words in SENTENCES.items() if known.value == reason), "")


class Mode(Enum):
    """How the talk is given."""

    DEFAULT = "default"
    LIVE = "live"
    """Conditions and what earlier steps did not do keep nothing from running."""
    RECORDED = "recorded"
    """Nothing runs and nothing is contacted."""


class Wish(Enum):
    """What the speaker has said of the step at hand."""

    NONE = "none"
    REPLAY = "replay"
    """The key that forces the recording, or the press that answers a question."""
    KEEP = "keep"


class Phase(Enum):
    """How far one showing of a step is."""

    READY = "ready"
    """Its command stands at the prompt; nothing has run."""
    SILENT = "silent"
    """It runs live and has printed nothing."""
    HELD = "held"
    """It has printed something, and the audience has seen nothing of it."""
    SHOWN = "shown"
    """The audience has seen some of its live output."""
    ASKED = "asked"
    """A failure that the audience has seen waits for the speaker."""
    BELOW = "below"
    """It is fed from a rung below live."""
    OVER = "over"
    """It has ended live, or the speaker keeps it as it is."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One showing of a step."""

    phase: Phase = Phase.READY
    rung: Rung = "live"
    """What feeds it; before it runs, what it would like best."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a step and of what it needs, now."""

    fault: Fault | None = None
    """What has gone wrong; a content fault is known only when the command has ended."""
    ended: bool = False
    """The live command has ended."""
    elapsed: float = 0.0
    """Seconds since the live command ran, without those in which the speaker had the pane."""
    held: float = 0.0
    """Seconds since its first output."""
    focused: bool = False
    """The speaker's keys go to the pane: nothing is held back, and no deadline runs."""
    conditions: Truth = Truth.TRUE
    """Whether all that the step needs holds."""
    tainted: bool = False
    """An earlier step of the session did not happen (see `taint`)."""
    busy: bool = False
    """The shell that would run it still runs something."""
    failed: frozenset[str] = frozenset()
    """Rungs below live that could not be read."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the talk, the deck and the speaker say of a step."""

    available: Available = _EVERYTHING
    mode: Mode = Mode.DEFAULT
    trusted: bool = True
    live: str = ""
    """`never`, `only` or nothing; `only` leaves the card as the one rung below."""
    on_fail: str = ""
    """`replay`, `ask`, `keep` or nothing, for faults of the content."""
    deadline: float | None = DEADLINE_UNKNOWN
    """Seconds; None for a step that may go on for ever (`+background`, a watch)."""
    wish: Wish = Wish.NONE
    stays: bool = False
    """Below is nothing but a card: what has come stays, whatever is wrong."""
    barred: Bar | None = None
    """What keeps it from running, though it could be live when its key was pressed."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Run the step on `rung`; `reason` says why not live, None where it is."""

    rung: Rung
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing changes."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the output from the audience, and ask again in `seconds` at the latest."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Show:
    """Let the audience see what was held back, and what follows."""


@dataclass(frozen=True, slots=True)
class Fall:
    """Go on from `rung`, at the point that the audience has seen."""

    rung: Rung
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ask:
    """Show everything and wait: the next press replays, the keep key keeps."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Keep:
    """Show everything and leave it: the step is over, though something is wrong with it."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Finish:
    """Show everything: the step has ended well."""


Decision = Begin | Stay | Hold | Show | Fall | Ask | Keep | Finish


def deadline(timeout: float | None, captured: float | None) -> float:
    """Seconds that a live step may take.

    `timeout` is what the deck sets; `captured` the duration of the step's captured recording, None
    where there is none (a transcribed one tells nothing of time).
    """
    if timeout is not None:
        return timeout
    if captured is None:
        return DEADLINE_UNKNOWN
    return max(DEADLINE_FACTOR * captured, SHORTEST_DEADLINE)


def decide(lane: Lane, health: Health, policy: Policy) -> Decision:
    """What happens to the step now; see the module's text."""
    match lane.phase:
        case Phase.READY:
            reason = _reason_not_live(health, policy)
            return Begin("live") if reason is None else Begin(_below(health, policy), reason)
        case Phase.BELOW:
            return _lower(lane, health, policy)
        case Phase.OVER:
            return Stay()
        case Phase.ASKED:
            return _answer(health, policy)
        case Phase.SILENT | Phase.HELD | Phase.SHOWN:
            return _watch(lane.phase, health, policy)
        case _:
            assert_never(lane.phase)


def follow(lane: Lane, decision: Decision) -> Lane:
    """The lane when a decision has been carried out."""
    match decision:
        case Begin(rung="live"):
            return Lane(Phase.SILENT, "live")
        case Begin(rung=rung) | Fall(rung=rung):
            return Lane(Phase.BELOW, rung)
        case Show():
            return replace(lane, phase=Phase.SHOWN)
        case Ask():
            return replace(lane, phase=Phase.ASKED)
        case Keep() | Finish():
            return replace(lane, phase=Phase.OVER)
        case Stay() | Hold():
            return lane
        case _:
            assert_never(decision)


def printed(lane: Lane) -> Lane:
    """The lane when its live step has printed something."""
    return replace(lane, phase=Phase.HELD) if lane.phase is Phase.SILENT else lane


def _barred(policy: Policy) -> Bar | None:
    """What keeps a step from being live at any time."""
    if policy.mode is Mode.RECORDED:
        return Bar.MODE
    if not policy.trusted:
        return Bar.UNTRUSTED
    if policy.live == "never":
        return Bar.NEVER
    return Bar.FORCED if policy.wish is Wish.REPLAY else policy.barred


def _reason_not_live(health: Health, policy: Policy) -> Reason | None:
    barred = _barred(policy)
    if barred is not None:
        return barred
    if policy.mode is not Mode.LIVE:
        if health.tainted:
            return Bar.TAINTED
        if health.conditions is Truth.FALSE:
            return Bar.CONDITION
    if health.fault in LINK_FAULTS:
        return health.fault
    return Bar.BUSY if health.busy else None


def _below(health: Health, policy: Policy) -> Rung:
    """The highest rung below live that there is."""
    if policy.live == "only":
        return "card"
    return choose_rung(policy.available, health.failed)


def _lower(lane: Lane, health: Health, policy: Policy) -> Decision:
    if lane.rung not in health.failed or lane.rung == "card":
        return Stay()
    return Fall(_below(health, policy), Bar.SOURCE)


def _answer(health: Health, policy: Policy) -> Decision:
    """A failure that was seen waits for the speaker, whatever else happens."""
    reason = health.fault or Fault.EXIT_STATUS
    if policy.wish is Wish.REPLAY:
        return Fall(_below(health, policy), reason)
    return Keep(reason) if policy.wish is Wish.KEEP else Stay()


def _watch(phase: Phase, health: Health, policy: Policy) -> Decision:
    """A live step that has not ended for the audience."""
    barred = _barred(policy)
    if barred is not None:
        return Fall(_below(health, policy), barred)
    fault = health.fault or _overdue(health, policy)
    if fault is None:
        return Finish() if health.ended else _flow(phase, health, policy)
    if policy.wish is Wish.KEEP:
        # Kept while it runs, it goes on: what stays is what it will have shown.
        return Keep(fault) if health.ended else _flow(phase, health, policy)
    if policy.stays and phase is not Phase.SILENT:
        return Keep(fault)
    if fault in LINK_FAULTS or policy.on_fail == "replay":
        return Fall(_below(health, policy), fault)
    if policy.on_fail == "keep":
        return Keep(fault)
    if policy.on_fail == "ask" or phase is Phase.SHOWN:
        return Ask(fault)
    return Fall(_below(health, policy), fault)


def _overdue(health: Health, policy: Policy) -> Fault | None:
    running = not health.ended and not health.focused
    late = policy.deadline is not None and health.elapsed >= policy.deadline
    return Fault.DEADLINE if running and late else None


def _flow(phase: Phase, health: Health, policy: Policy) -> Decision:
    """All is well so far: whether the audience sees the output yet."""
    if phase is not Phase.HELD:
        return Stay()
    replaced_unseen = policy.on_fail not in ("ask", "keep") and policy.wish is not Wish.KEEP
    replaced_unseen = replaced_unseen and not policy.stays
    left = HOLD_BACK - health.held
    return Hold(left) if replaced_unseen and not health.focused and left > 0 else Show()
