"""Whether each recording of a deck is of its very commands, and a live run still shows the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from presenter.deck.deck import Deck
from presenter.deck.model import Demo
from presenter.deck.trust import Fingerprint
from presenter.demo.desk import Desk
from presenter.errors import RecordingError
from presenter.recording.drift import Shown as Output
from presenter.recording.drift import drift
from presenter.wiring.running import Shown, run_through, runnable, steps_live
from presenter.wiring.tools import tool_versions

SAME, DRIFTED, STALE, MISSING, NOT_RUN = "same", "drifted", "stale", "missing", "not run"
ACCEPTED = "accepted"
NOTE = "accepted after a drift"
"""In the recordings that take the place of those that have drifted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one step."""

    demo: str
    step: int
    command: str
    place: str
    result: str
    """`same`; `drifted`; `stale`: recorded for another command; `missing`: not recorded; `not run`,
    or not well; `accepted`: it was not the same, and its recording has been made anew."""
    why: str = ""
    diff: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return self.result in (SAME, ACCEPTED)


Tell = Callable[[Verdict], None]


async def verify(
    deck: Deck, names: Collection[str], trusted: Fingerprint, tell: Tell, *, accept: bool = False
) -> list[Verdict]:
    """Runs the demos and compares. Raises UsageError before anything runs.

    `accept`: a demo of which all ran well, and not all is the same, is recorded anew.
    """
    shown: dict[tuple[str, int], Shown] = {}
    tools = await tool_versions(deck, runnable(deck, names)) if accept else {}
    found: list[Verdict] = []

    def see(_desk: Desk, one: Shown) -> None:
        shown[one.demo, one.step] = one

    async def done(desk: Desk, demos: list[Demo]) -> None:
        for demo in demos:
            verdicts = list(_verdicts(desk, demo, shown))
            ran = all(one.result != NOT_RUN for one in verdicts)
            if accept and ran and not all(one.good for one in verdicts):
                kept = await desk.keep(demo, NOTE, tools)
                if kept.path is not None:
                    verdicts = [one if one.good else _accepted(one) for one in verdicts]
            for verdict in verdicts:
                tell(verdict)
            found.extend(verdicts)

    await run_through(deck, names, trusted, see, done)
    return found


def _accepted(verdict: Verdict) -> Verdict:
    return replace(verdict, result=ACCEPTED, why=verdict.why or verdict.result)


def _verdicts(desk: Desk, demo: Demo, shown: dict[tuple[str, int], Shown]) -> Iterator[Verdict]:
    """On the steps of a demo that may run live here."""
    live, grid = desk.ran(demo), desk.deck.meta.grid
    size = grid.columns, grid.rows
    try:
        take, trouble = desk.materials.take(demo), ""
    except RecordingError as error:
        take, trouble = None, str(error)
    for number, runs in enumerate(steps_live(demo, desk.deck)):
        step = demo.steps[number]
        verdict = Verdict(demo.name, number, step.command, str(step.place), SAME)
        if not runs or (demo.name, number) not in shown:
            continue
        one, ran = shown[demo.name, number], live.get(number)
        verdict = replace(verdict, seconds=one.seconds)
        if ran is None or not one.good:
            yield replace(verdict, result=NOT_RUN, why=one.reason or one.rung)
            continue
        taken = take.step(number, step.whole) if take is not None else None
        if take is None or taken is None:
            yield replace(verdict, result=MISSING, why=trouble)
        elif taken.stale:
            yield replace(verdict, result=STALE, why="it was recorded for another command")
        else:
            before = Output(taken.events, taken.exit_status, (take.columns, take.rows))
            diff = drift(step, before, Output(ran.events, ran.status, size))
            yield replace(verdict, result=DRIFTED if diff else SAME, diff=diff)
