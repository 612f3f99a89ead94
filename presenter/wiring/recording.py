"""A deck's demos recorded unattended: each step is run live, in the talk's order, and kept.

It is the talk itself that runs, at its desk, with a program that presses the key. What does not run
live and well is told, and no take of its demo is written: the recording before stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
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
from presenter.talk.session import Activity, Lane
from presenter.wiring.desk import make_desk

TYPING_SPEED = 16.0
"""Times the usual pace at which commands are typed; what runs takes its own time."""
POLL_SECONDS = 0.02
SETTLE_SECONDS = 600.0
"""For one step at most: its own deadline comes first."""
Say = Callable[[str], None]


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


def recordable(deck: Deck, names: Collection[str]) -> list[Demo]:
    """The demos that are to be recorded; all that can be, where none is named. Raises UsageError.

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


async def record(
    deck: Deck,
    names: Collection[str],
    trusted: Fingerprint,
    note: str,
    say: Say,
    see: See = lambda _desk, _shown: None,
) -> bool:
    """Whether all of the demos have been recorded. Raises UsageError before anything runs.

    `see` looks at the desk when a step has been shown.
    """
    wanted = {demo.name for demo in recordable(deck, names)}
    reports = Reports()
    desk = make_desk(deck, reports, mode=Mode.DEFAULT, trusted=trusted, speed=TYPING_SPEED)
    try:
        desk.runtime.start(str(deck.path), deck.hash, __version__, 0)
        desk.opened()
        good = True
        for index in range(len(deck)):
            its = [demo for demo in deck.demos(index) if demo.name in wanted]
            if its:
                good = await _slide(desk, index, its, note, say, see) and good
        for line in reports.lines if not good else ():
            say(f"  {line}")
        return good
    finally:
        desk.close()


async def _slide(desk: Desk, index: int, demos: list[Demo], note: str, say: Say, see: See) -> bool:
    """Every stop of a slide, and then the takes of its demos."""
    deck, good = desk.deck, {demo.name: True for demo in demos}
    desk.dispatch(GoTo(index))
    for stop in deck.stops(index):
        if not isinstance(stop, DemoStop):
            desk.dispatch(Next())
            continue
        demo = deck.demos(index)[stop.demo]
        desk.dispatch(Next())
        if stop.phase is Phase.TYPE:
            await _typed(desk, demo, stop.step)
            continue
        shown = await _ran(desk, demo, stop.step)
        say(str(shown))
        see(desk, shown)
        if demo.name in good and steps_live(demo, deck)[stop.step] and not shown.good:
            good[demo.name] = False
    for demo in demos:
        if not good[demo.name]:
            say(f"{demo.name}: not kept, for not all of its steps ran live and well")
            continue
        kept = await desk.keep(demo, note)
        good[demo.name] = kept.path is not None
        say(kept.words.partition(" ")[2])
    return all(good.values())


async def _ran(desk: Desk, demo: Demo, step: int) -> Shown:
    """A step, to its end; one that asks what to do is left as it is."""
    reason = ""
    async with asyncio.timeout(SETTLE_SECONDS):
        while step not in (lane := _lane(desk, demo)).results:
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


def _lane(desk: Desk, demo: Demo) -> Lane:
    return desk.session.lanes.get(demo.name, Lane())
