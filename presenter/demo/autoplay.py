"""A talk that presses its key by itself, at the pace of its plan: a kiosk, and a test of each step.

It looks at where the talk stands after every event, so the speaker may press keys as well. Moments
come from the plan, not from the press before: what takes longer is caught up with, and nothing
drifts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, DemoStop, Phase, Typing
from presenter.demo.clock import Clock
from presenter.talk.commands import Command, Next, Quit, Reloaded, ResetTimer
from presenter.talk.pace import due
from presenter.talk.session import Activity, Lane
from presenter.talk.stops import over_hidden

if TYPE_CHECKING:
    from presenter.demo.desk import Desk

TITLE_SECONDS = 3.0
"""For the slide before the timer starts."""
LEAST_SECONDS = 1.0
"""Between two presses, however late the talk is: something must be seen of each."""
MOST_TYPED = 1.5
"""For which a typed command stands before it runs."""
KEY_SECONDS = 0.08
"""Between the keys of a command that is typed by hand."""
ENDLESS_SECONDS = 5.0
"""At least, for a step that goes on until somebody ends it."""
NO_PLAN_SECONDS = 5.0
"""Between two presses where the talk has no plan."""


class Autoplay:
    """Presses the key of one desk."""

    def __init__(
        self, desk: Desk, clock: Clock, *, again: bool = False, speed: float = 1.0
    ) -> None:
        """`clock` is that of the talk's runtime. `again`: from the start when it has ended.

        `speed`: how many times as fast demos type and play; then less must be waited for them.
        """
        self._desk = desk
        self._clock = clock
        self._again = again
        self._least = LEAST_SECONDS / speed
        self._typed = MOST_TYPED / speed
        self._rounds = 0
        self._since = 0.0
        """When the talk last changed, in seconds of the session."""
        self._changed = asyncio.Event()
        self.press: Callable[[Command], None] = desk.dispatch
        """Carries a press out; a screen may first scroll a text that does not fit."""

    async def run(self) -> None:
        """To the end of the talk, which is then ended in order."""
        desk = self._desk
        unsubscribe = desk.runtime.subscribe(lambda _session, _events: self._note_change())
        try:
            if desk.pacer is not None:
                await desk.pacer.prepare()
            self._note_change()
            while not desk.session.ended:
                self._changed.clear()
                moment = self._due()
                if await self._comes(moment) and not desk.session.ended:
                    self._go_on()
        finally:
            unsubscribe()

    def _note_change(self) -> None:
        self._since = self._desk.runtime.moment()
        self._changed.set()

    async def _comes(self, moment: float | None) -> bool:
        """True at `moment` of the session; False when the talk has changed before."""
        if moment is None:
            await self._changed.wait()
            return False
        left = moment - self._desk.runtime.moment()
        if left <= 0:
            return True
        sleeping = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + left))
        changing = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait((sleeping, changing), return_when=asyncio.FIRST_COMPLETED)
            return not changing.done()
        finally:
            sleeping.cancel()
            changing.cancel()

    def _go_on(self) -> None:
        desk = self._desk
        here, sequence = desk.session.position, desk.session.sequence
        if not self._at_end():
            self.press(Next())
            if desk.session.sequence == sequence:  # it only scrolled, or a pane has the keys
                self._since = desk.runtime.moment()
            if self._rounds and here.slide == 0 and desk.session.position.slide:
                desk.dispatch(ResetTimer())
        elif self._again:
            self._rounds += 1
            deck = desk.deck
            names = tuple(demo.name for n in range(len(deck)) for demo in deck.demos(n))
            desk.dispatch(Reloaded(deck.hash, 0, 0, names))  # nothing counts as shown
        else:
            desk.dispatch(Quit("played to its end"))

    def _at_end(self) -> bool:
        session, deck = self._desk.session, self._desk.deck
        last = all(
            deck.slide_id(n) in session.dropped
            for n in range(session.position.slide + 1, len(deck))
        )
        stops = len(deck.stops(session.position.slide))
        return last and not session.active and over_hidden(deck, session.position) == stops

    # --- when ---------------------------------------------------------------------------------

    def _due(self) -> float | None:
        """The moment of the next press; None while something must end first."""
        session = self._desk.session
        if session.waiting or session.black or session.clock.paused_at is not None:
            return None
        if session.active:
            return self._due_in_step(session.lanes[session.active])
        presses = self._presses()
        end = self._slide_end()
        if end is None:
            return self._since + NO_PLAN_SECONDS
        if presses == 0:
            return max(end, self._since + self._least)
        return self._since + max((end - self._since) / (presses + 1), self._least)

    def _due_in_step(self, lane: Lane) -> float | None:
        demo = self._demo(self._desk.session.active)
        step = demo.steps[lane.step] if demo is not None else None
        match lane.activity:
            case Activity.TYPING if step is not None and step.typing is Typing.KEYS:
                return self._since + KEY_SECONDS
            case Activity.TYPED:
                return self._since + self._typed
            case Activity.PLAYING if step is not None and step.endless:
                least = self._since + ENDLESS_SECONDS
                return max(least, self._share_of_step())
            case Activity.ASKED:
                return self._since + ENDLESS_SECONDS
        return None

    def _share_of_step(self) -> float:
        """Until when a step without an end may go on, so that what comes after it has its time."""
        end = self._slide_end()
        presses = self._presses() + 1
        return self._since if end is None else self._since + (end - self._since) / (presses + 1)

    def _slide_end(self) -> float | None:
        """When the slide at hand is to be left, in seconds of the session; None without a plan."""
        session = self._desk.session
        again = self._rounds and session.position.slide == 0 and len(self._desk.deck) > 1
        if session.timer_started is None or again:
            return self._since + TITLE_SECONDS
        slide_id = self._desk.deck.slide_id(session.position.slide)
        moment = due(session, slide_id)
        if moment is None or session.clock.started is None:
            return None
        return session.clock.started + moment + session.clock.paused

    def _presses(self) -> int:
        """How many are left on the slide before the one that turns it."""
        session, deck = self._desk.session, self._desk.deck
        demos = deck.demos(session.position.slide)
        left = deck.stops(session.position.slide)[session.position.stop :]
        return sum(
            not (
                isinstance(stop, DemoStop) and (demos[stop.demo].hidden or stop.phase is Phase.TYPE)
            )
            for stop in left
        )

    def _demo(self, name: str) -> Demo | None:
        demos = self._desk.deck.demos(self._desk.session.position.slide)
        return next((demo for demo in demos if demo.name == name), None)
