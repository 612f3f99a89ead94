"""A deck's demos run unattended: each step live, in the talk's order, at the talk's own desk.

It is the talk itself that runs, with a program that presses the key.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from presenter import __version__
from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind, DemoStop, Phase, Typing
from presenter.deck.trust import Fingerprint
from presenter.demo.desk import Desk
from presenter.demo.readiness import can_run
from presenter.demo.reports import Reports
from presenter.errors import UsageError
from presenter.talk.commands import GoTo, Keep, Next, TypeKey
from presenter.talk.fallback import Mode
from presenter.talk.health import Thresholds
from presenter.talk.session import Activity, Lane
from presenter.wiring.desk import make_desk

TYPING_SPEED = 16.0
"""Times the usual pace at which commands are typed; what runs takes its own time."""
PATIENT = Thresholds(suspect=5.0, down=10.0)
"""Nobody in an audience waits: a slow machine is no fault."""
POLL_SECONDS = 0.02
SETTLE_SECONDS = 600.0
"""For one step at most: its own deadline comes first."""
ENDLESS_SECONDS = 15.0
"""For one that goes on until somebody ends it, from what it shows first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How one step went."""

    demo: str
    step: int
    command: str
    rung: str
    status: int | None
    seconds: float
    reason: str

    @property
    def good(self) -> bool:
        return self.rung == "live" and not self.reason

    def __str__(self) -> str:
        command = " ⏎ ".join(self.command.splitlines())
        how = "" if self.good else f"  not live: {self.reason or self.rung}"
        return f"{self.demo} {self.step + 1}  {self.seconds:6.1f} s  {command}{how}"


See = Callable[[Desk, Shown], None]
"""Looks at the desk when a step has been shown."""
Done = Callable[[Desk, list[Demo]], Awaitable[None]]
"""Takes the demos of a slide when all of its steps have been shown."""


def runnable(deck: Deck, names: Collection[str]) -> list[Demo]:
    """The demos that are to run; all that can, where none is named. Raises UsageError.

    A demo of another deck's recording has none of its own, and one that never runs needs none.
    """
    demos = [demo for index in range(len(deck)) for demo in deck.demos(index)]
    known = {demo.name for demo in demos}
    for name in names:
        if name not in known:
            raise UsageError(f"{deck.path}: there is no demo `{name}`", "see `presenter outline`")
    return [
        demo
        for demo in demos
        if (demo.name in names if names else demo.kind is not DemoKind.CAST)
        and not demo.recording
        and any(steps_live(demo, deck))
    ]


def steps_live(demo: Demo, deck: Deck) -> list[bool]:
    """For each step, whether it is one that may run live here."""
    return [
        step.live != "never" and can_run(demo, number, deck.os_name)
        for number, step in enumerate(demo.steps)
    ]


async def run_through(
    deck: Deck, names: Collection[str], trusted: Fingerprint, see: See, done: Done
) -> list[str]:
    """Runs the talk up to the last of the demos; what was reported meanwhile.

    What comes before them runs, too: it brings the world, and the variables, that they need.
    `done` is told of these demos alone. Raises UsageError before anything runs.
    """
    wanted = {demo.name for demo in runnable(deck, names)}
    if not wanted:
        raise UsageError(f"{deck.path}: there is nothing that could run live")
    reports = Reports()
    desk = make_desk(
        deck, reports, mode=Mode.DEFAULT, trusted=trusted, speed=TYPING_SPEED, thresholds=PATIENT
    )
    try:
        desk.runtime.start(str(deck.path), deck.hash, __version__, 0)
        desk.opened()
        every = {demo.name for demo in runnable(deck, ())}
        last = max(n for n in range(len(deck)) if any(d.name in wanted for d in deck.demos(n)))
        for index in range(last + 1):
            if any(demo.name in every for demo in deck.demos(index)):
                await _slide(desk, index, see)
            its = [demo for demo in deck.demos(index) if demo.name in wanted]
            if its:
                await done(desk, its)
        return list(reports.lines)
    finally:
        desk.close()


async def _slide(desk: Desk, index: int, see: See) -> None:
    """Every stop of a slide."""
    deck = desk.deck
    desk.dispatch(GoTo(index))
    for stop in deck.stops(index):
        desk.dispatch(Next())
        if not isinstance(stop, DemoStop):
            continue
        demo = deck.demos(index)[stop.demo]
        if stop.phase is Phase.TYPE:
            await _typed(desk, demo, stop.step)
        else:
            see(desk, await _ran(desk, demo, stop.step))


async def _ran(desk: Desk, demo: Demo, step: int) -> Shown:
    """A step, to its end; one that asks what to do is left as it is."""
    reason, ends = "", math.inf
    async with asyncio.timeout(SETTLE_SECONDS):
        while step not in (lane := _lane(desk, demo)).results:
            if demo.steps[step].endless and lane.activity is Activity.PLAYING and _shows(desk):
                ends = min(ends, time.monotonic() + ENDLESS_SECONDS)
                if time.monotonic() >= ends:
                    desk.dispatch(Next())
            if lane.activity is Activity.ASKED:
                reason = lane.reason
                desk.dispatch(Keep())
                desk.dispatch(Next())
            await asyncio.sleep(POLL_SECONDS)
    result = lane.results[step]
    command = demo.steps[step].command
    reason = result.reason or reason
    return Shown(demo.name, step, command, result.rung, result.status, result.seconds, reason)


async def _typed(desk: Desk, demo: Demo, step: int) -> None:
    by_keys = demo.steps[step].typing is Typing.KEYS
    async with asyncio.timeout(SETTLE_SECONDS):
        while _lane(desk, demo).activity is not Activity.TYPED:
            if by_keys:
                desk.dispatch(TypeKey())
            await asyncio.sleep(POLL_SECONDS)


def _shows(desk: Desk) -> bool:
    """Whether the live step at hand has shown anything."""
    source = desk.side.at_hand if desk.side is not None else None
    return source is not None and bool(source.seen.lines)


def _lane(desk: Desk, demo: Demo) -> Lane:
    return desk.session.lanes.get(demo.name, Lane())
