"""A drill: which faults strike a rehearsal and when, and what came of them. Pure.

The plan comes of a seed: the same deck and the same seed give the same faults at the same steps, so
that a drill can be repeated, and talked about.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from presenter.talk import events as e
from presenter.talk.fallback import LINK_FAULTS, Bar, sentence


class Injected(Enum):
    """What strikes."""

    CLUSTER_GONE = "cluster gone"
    NETWORK_GONE = "wifi gone"
    SLOW = "slow"
    FROZEN = "frozen"
    WRONG_STATUS = "wrong exit status"
    HANG = "hang"
    RESIZED = "terminal resized"


OF_THE_CLUSTER = frozenset((Injected.CLUSTER_GONE,))
OF_THE_LINK = OF_THE_CLUSTER | {Injected.NETWORK_GONE, Injected.FROZEN}
"""Those that only a step can meet that needs somebody to answer."""
SHARE = 0.6
"""Of the steps that may be struck: enough to be surprised, few enough to see the rest live."""
LASTING = (4.0, 10.0)
"""Shortest and longest time in seconds after which the world is well again."""
LONGEST_AFTER = 5.0
"""Seconds into a step within which it is struck: a longer wait is no practice."""
_BECAUSE = frozenset(fault.value for fault in LINK_FAULTS) | {
    Bar.CONDITION.value,
    Bar.TAINTED.value,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A step that may be struck."""

    demo: str
    step: int
    seconds: float
    """How long it runs, as far as is known."""
    needs: bool = False
    """It needs somebody to answer."""
    cluster: bool = False
    """It needs a cluster."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault for one step."""

    fault: Injected
    after: float
    """Seconds since the step's command ran."""
    lasting: float
    """Seconds."""


Plan = Mapping[tuple[str, int], Strike]


def plan(
    targets: Sequence[Target], seed: int, faults: Collection[Injected] = tuple(Injected)
) -> Plan:
    """A fault for some of the steps; `faults` are those that can be made here.

    Every sort of fault comes once before one comes twice, as far as the steps allow.
    """
    chance = random.Random(seed)  # noqa: S311 — chance that can be repeated is wanted
    count = min(len(targets), max(round(SHARE * len(targets)), 1))
    struck = sorted(chance.sample(range(len(targets)), count))
    bag: list[Injected] = []
    found: dict[tuple[str, int], Strike] = {}
    for target in (targets[index] for index in struck):
        fitting = [fault for fault in Injected if fault in faults and _fits(fault, target)]
        if not fitting:
            continue
        left = [fault for fault in bag if fault in fitting]
        if not left:
            bag += chance.sample(fitting, len(fitting))
            left = [fault for fault in bag if fault in fitting]
        bag.remove(left[0])
        after = chance.uniform(0.1, 0.8) * min(target.seconds, LONGEST_AFTER)
        found[target.demo, target.step] = Strike(left[0], after, chance.uniform(*LASTING))
    return found


def _fits(fault: Injected, target: Target) -> bool:
    if fault in OF_THE_CLUSTER:
        return target.cluster
    return target.needs or fault not in OF_THE_LINK


def summary(stamped: Sequence[e.Stamped], seed: int, names: Mapping[str, str]) -> list[str]:
    """What struck and what the audience saw of it, a line or two for each; the last one sums up.

    `names` gives a demo's slide, as it is called.
    """
    strikes = [
        (index, one.at, one.event)
        for index, one in enumerate(stamped)
        if isinstance(one.event, e.FaultInjected)
    ]
    if not strikes:
        return [f"drill, seed {seed}: no fault struck; faults strike live steps that still run"]
    lines = [f"drill, seed {seed}: {_count(len(strikes), 'fault')}"]
    for number, (index, at, strike) in enumerate(strikes):
        end = strikes[number + 1][0] if number + 1 < len(strikes) else len(stamped)
        where = f"{names.get(strike.demo, '?')}, {strike.demo}, step {strike.step + 1}"
        lines.append(f"  {_clock(at)}  {strike.fault:<17}  {where}")
        later = stamped[index + 1 :]
        lines.append(f"         {_seen(strike, at, later)}")
        below = _below(strike, stamped[index + 1 : end])
        if below:
            steps = _count(below, "step")
            lines.append(f"         then {steps} came from what was recorded (L: live again)")
    fallen = sum(isinstance(one.event, e.StepFell) for one in stamped)
    asked = sum(isinstance(one.event, e.StepAsked) for one in stamped)
    lines.append(
        f"the show went on: {_count(fallen, 'step')} fell to what was recorded, "
        f"{_count(asked, 'failure')} waited for your word"
    )
    return lines


def _below(strike: e.FaultInjected, later: Sequence[e.Stamped]) -> int:
    """How many steps were recorded ones because this one fell."""
    events = [one.event for one in later]
    if not any(isinstance(one, e.StepFell) and _is_of(one, strike) for one in events):
        return 0
    begun = [one for one in events if isinstance(one, e.StepStarted) and one.reason in _BECAUSE]
    return sum(one.rung != "card" for one in begun)


def _seen(strike: e.FaultInjected, at: float, later: Iterable[e.Stamped]) -> str:
    """What the audience saw of a step that was struck."""
    if strike.fault == Injected.RESIZED.value:
        return "the picture was drawn anew, smaller, and larger again later"
    asked, interrupted = "", False
    for one in later:
        event, seconds = one.event, one.at - at
        if not _is_of(event, strike):
            continue
        match event:
            case e.StepAsked():
                asked = f"its output stayed, marked as failed ({sentence(event.reason)}); then "
            case e.StepInterrupted():
                interrupted = True
            case e.StepFell():
                return f"{asked}{_fell(event, seconds)}"
            case e.StepFinished() if interrupted:
                return f"your Ctrl-C ended it, after {seconds:.1f} s"
            case e.StepFinished(cut=True):
                return f"{asked}you showed its end at once, after {seconds:.1f} s"
            case e.StepFinished(reason=""):
                return f"nothing: it ended live, {seconds:.1f} s later"
            case e.StepFinished():
                return f"{asked}it was kept as it was, after {seconds:.1f} s"
    if strike.fault == Injected.SLOW.value:
        return "it came by fits until you went on"
    return f"{asked}it stood still until you went on"


def _fell(event: e.StepFell, seconds: float) -> str:
    why = sentence(event.reason)
    because = f" ({why})" if why else ""
    if event.rung == "card":
        return f"{seconds:.1f} s later a card took its place{because}"
    return f"{seconds:.1f} s later its {event.rung} went on from the point reached{because}"


def _is_of(event: e.Event, strike: e.FaultInjected) -> bool:
    kinds = e.StepAsked | e.StepInterrupted | e.StepFell | e.StepFinished
    return isinstance(event, kinds) and (event.demo, event.step) == (strike.demo, strike.step)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _clock(at: float) -> str:
    minutes, seconds = divmod(int(at), 60)
    return f"{minutes:02}:{seconds:02}"
