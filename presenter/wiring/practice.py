"""A drill from its plan to its summary."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.demo.clock import Clock, MonotonicClock
from presenter.demo.desk import Desk
from presenter.demo.drill import Drill
from presenter.demo.heartbeats import endpoint_of
from presenter.demo.replay import playing_times
from presenter.live.winsize import TerminalSize
from presenter.talk.condition import CURRENT_CLUSTER, needs_of
from presenter.talk.drill import Injected, Target, plan, summary
from presenter.talk.events import Stamped
from presenter.terminal.text import safe_text

RUN = (DemoKind.SHELL, DemoKind.HTTP, DemoKind.KUBERNETES)


class Practice:
    """One drill, from its plan to its summary."""

    def __init__(self, seed: int, clock: Clock, *, live: bool) -> None:
        self._seed = seed
        self._live = live
        self._size = TerminalSize()
        self._stamped: list[Stamped] = []
        self._names: dict[str, str] = {}
        self.drill = Drill({}, clock, self._size.shrink, MonotonicClock())

    def begin(self, desk: Desk) -> None:
        """Plan the faults for the deck on the desk."""
        faults = set(Injected)
        if not TerminalSize.can_change():
            faults.discard(Injected.RESIZED)
        self.drill.plan.update(plan(targets(desk), self._seed, faults))
        self.drill.dispatch = desk.dispatch
        desk.runtime.subscribe(lambda _session, stamped: self._stamped.extend(stamped))
        deck = desk.deck
        for index in range(len(deck)):
            self._names |= {demo.name: deck.slide_id(index) for demo in deck.demos(index)}

    def end(self, deck: Deck) -> None:
        """Give the terminal back its size, and say what has happened."""
        self._size.restore()
        lines = summary(self._stamped, self._seed, self._names)
        path = shlex.quote(str(deck.path))
        live = " --live" if self._live else ""
        again = f"again: presenter rehearse {path} --drill {self._seed}{live}"
        sys.stdout.write("".join(f"{safe_text(line)}\n" for line in [*lines, again]))


def targets(desk: Desk) -> Sequence[Target]:
    """The steps that a drill may strike, in the deck's order.

    Not those beside others: what they show when a fault strikes has mostly been shown before.
    """
    deck, found = desk.deck, []
    for index in range(len(deck)):
        for demo in deck.demos(index):
            if demo.kind in RUN and not demo.background and not demo.hidden:
                found += [_target(desk, demo, step) for step in _live_steps(demo)]
    return found


def _live_steps(demo: Demo) -> Iterable[int]:
    return (n for n, step in enumerate(demo.steps) if step.live != "never" and step.command)


def _target(desk: Desk, demo: Demo, step: int) -> Target:
    material = desk.runtime.material(demo, step)
    seconds = playing_times(material.chunks, material.seconds)[-1]
    conditions = {CURRENT_CLUSTER: {"kubernetes": {}}, **desk.deck.meta.needs}
    needed = (conditions.get(name) for name in needs_of(demo, demo.steps[step]))
    ends = [end for one in needed if isinstance(one, Mapping) and (end := endpoint_of(one))]
    return Target(demo.name, step, seconds, bool(ends), any("kubernetes" in end for end in ends))
