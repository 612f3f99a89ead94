"""Makes what feeds a step: from below live, live, and from below again when a live one falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presenter.deck.model import Demo
from presenter.demo.asked import reader_of
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub
from presenter.demo.replay import ReplaySource, recorded_of
from presenter.demo.screens import Screens
from presenter.demo.supply import Supply
from presenter.terminal.fall import fall, fall_by_lines, fall_of_data

if TYPE_CHECKING:
    from presenter.demo.castsource import CastSource
    from presenter.demo.liveside import LiveSide
    from presenter.demo.livesource import LiveSource

    Source = ReplaySource | CastSource | LiveSource


class Sources:
    """For the steps of one talk."""

    def __init__(
        self, hub: Hub, clock: Clock, screens: Screens, supply: Supply, live: LiveSide | None
    ) -> None:
        self._hub = hub
        self._clock = clock
        self._screens = screens
        self._supply = supply
        self._live = live

    def new(self, demo: Demo, step: int) -> ReplaySource | CastSource:
        """What feeds a step from below live."""
        material = self._supply.material(demo, step)
        if material.cast is not None:
            from presenter.demo.castsource import CastSource  # a player is rarely needed

            return CastSource(self._hub, self._clock, demo, step, material, material.cast)
        return self._replay(demo, step)

    def live_after(self, typed: Source, text: str) -> Source:
        """A live source behind the command that `typed` has typed; `text`: as it was changed.

        What cannot be live stays what it is.
        """
        if self._live is None or not isinstance(typed, ReplaySource):
            return typed
        demo = typed.demo
        live = self._live.showing(
            self._hub, demo, typed.step, lambda: self._screens.column(demo.name), text
        )
        live.adopt(typed)
        return live

    def below(self, falling: LiveSource) -> ReplaySource:
        """What is below live goes on at the point that the audience has seen."""
        demo, step = falling.demo, falling.step
        material = self._supply.material(demo, step)
        start = self._screens.start_of(demo.name)
        if not falling.ended:
            falling.let_go()
        source = self._replay(demo, step)
        if demo.steps[step].query is not None and material.data:
            reads = reader_of(demo.steps[step])
            seen = falling.seen.lines
            source.go_on(falling, fall_by_lines(start, seen, material.chunks, reads))
        elif material.data:
            source.go_on(falling, fall_of_data(start, falling.seen_data, material.chunks))
        else:
            source.go_on(falling, fall(start, falling.seen.lines, recorded_of(material, start)))
        return source

    def _replay(self, demo: Demo, step: int) -> ReplaySource:
        return ReplaySource(
            self._hub,
            self._clock,
            demo,
            step,
            self._supply.material(demo, step),
            lambda: self._screens.column(demo.name),
        )
