"""A live showing of a step: runs its command, shows what it prints, and asks the ladder all along.

The ladder's decisions (`talk.fallback`) are made on what is known here: output, exit status, time,
the conditions, and what the speaker wants. What the audience has seen is remembered line by line,
so that a fall goes on at that point.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.execution import Execution
from presenter.demo.hub import Hub, Output, Resized
from presenter.demo.outcome import SETTLED, Outcome
from presenter.demo.shells import NoShellError
from presenter.demo.showing import Showing, prompted
from presenter.errors import PresenterError
from presenter.live.interrupts import INTERRUPTED
from presenter.live.marks import Ended, Printed
from presenter.live.shell import Broken, Lost, ShellEvent
from presenter.talk import fallback
from presenter.talk.commands import Command, Failed, Fell, Finished
from presenter.talk.fallback import Bar, Fault, Health, Lane, Phase, Policy, Wish
from presenter.terminal.fall import SeenLines

if TYPE_CHECKING:
    from presenter.demo.seat import Seat

MOST_HELD = 50_000
"""Characters of output that are held back: what a flood prints in a second blocks all else for
another when it is shown in one piece."""


BEGIN_SECONDS = 15.0
"""For a shell that starts (it has 10 s for itself) and the last look at files and clusters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a live showing needs to know, and whom it tells."""

    execution: Execution
    line: Callable[[], str]
    """What is run."""
    may_run: Callable[[], Awaitable[Bar | None]]
    """What keeps it from running at the last moment."""
    policy: Policy
    link: Callable[[], Fault | None]
    """What is wrong with what the step needs."""
    dispatch: Callable[[Command], None]
    on_failure: Callable[[Exception], None]
    edited: bool = False
    """The command is the speaker's own."""
    reads: Callable[[str], str] = str
    """What a person, or a pattern, reads in what it prints."""
    size: tuple[int, int] = (80, 20)
    """Columns and rows of the terminal that runs it."""


class Starting:
    """The way to a running command, beside which the ladder goes on deciding."""

    def __init__(self) -> None:
        self.barred: Bar | None = None
        """What kept it from running at the last moment."""
        self._task: asyncio.Task[None] | None = None

    def begin(self, plan: Plan, outcome: Outcome, source: LiveSource, prompt: str) -> None:
        way = self._go(plan, outcome, source, prompt)
        self._task = asyncio.get_running_loop().create_task(way)

    def stop(self) -> None:
        """What has not begun yet does not begin."""
        if self._task is not None:
            self._task.cancel()

    async def _go(self, plan: Plan, outcome: Outcome, source: LiveSource, prompt: str) -> None:
        """The last look comes when all that the command needs is there."""
        try:
            async with asyncio.timeout(BEGIN_SECONDS):
                await plan.execution.prepare()
                self.barred = await plan.may_run()
            if self.barred is None:
                outcome.begin()
                await plan.execution.start(plan.line(), prompt, source)
        except TimeoutError:
            words = f"{source.demo.name}: the step could not begin in {BEGIN_SECONDS:g} s"
            plan.on_failure(PresenterError(words))
            outcome.end(None, Fault.DEADLINE)
        except Exception as error:  # noqa: BLE001 — a step that cannot run falls
            plan.on_failure(error)
            missing = isinstance(error, NoShellError)
            outcome.end(None, Fault.MISSING_PROGRAM if missing else Fault.LOST_PTY)
        source.poke()


class LiveSource(Showing):
    """One live showing. What it decides goes out as commands; what it shows, to the hub."""

    rung = "live"

    def __init__(
        self, hub: Hub, clock: Clock, demo: Demo, step: int, column: Callable[[], int], plan: Plan
    ) -> None:
        super().__init__(hub, clock, demo, step, column)
        self.seen = SeenLines()
        """The lines that the audience has seen of its output."""
        self.seen_data = 0
        """How many lines of data it has seen."""
        self.focused = False
        """The speaker's keys go to it."""
        self._plan = plan
        self._policy = plan.policy
        self._lane = Lane(Phase.SILENT)
        self._held: list[tuple[str, str]] = []
        """What has come, and what a person reads in it."""
        self._held_size = 0
        self._wake = asyncio.Event()
        self._outcome = Outcome(demo.steps[step], clock.now)
        self._outcome.edited = plan.edited
        self._starting = Starting()

    @property
    def seat(self) -> Seat | None:
        """Where keys for it go."""
        return self._plan.execution.seat

    # --- what is told to it -------------------------------------------------------------------

    def wish(self, wish: Wish) -> None:
        """The speaker wants it to be replayed, or kept."""
        self._policy = replace(self._policy, wish=wish)
        self._wake.set()

    def interrupt(self) -> None:
        """One Ctrl-C; how it ends is then no fault. What has not begun yet does not begin."""
        self._outcome.interrupted = True
        if self._outcome.begun:
            self._plan.execution.interrupt()
        else:
            self._starting.stop()
            self._outcome.end(INTERRUPTED)
            self._wake.set()

    def focus(self, focused: bool) -> None:
        """The speaker's keys go to it, or to the talk again."""
        self.focused = focused
        self._outcome.watch(focused)
        self._wake.set()

    def poke(self) -> None:
        """Something that it depends on has changed."""
        self._wake.set()

    def countdown(self) -> float | None:
        """Seconds until its deadline; None where none runs."""
        limit = self._policy.deadline
        if limit is None or self._outcome.over or self._policy.wish is Wish.KEEP or self.focused:
            return None
        return max(limit - self._outcome.elapsed, 0.0)

    def heard(self, event: ShellEvent) -> None:
        """From the terminal that runs it."""
        match event:
            case Printed(running=True):
                self._take(event.text)
            case Ended():
                self._outcome.end(event.status)
                self._wake.set()
            case Broken():
                self._outcome.end(None, event.fault)
                self._wake.set()
            case Lost():
                self._outcome.end(None, Fault.LOST_PTY)
                self._wake.set()

    def asked(self) -> None:
        """A program that asks its terminal something, or that floods it, is shown at once."""
        if self._held:
            self._lane = replace(self._lane, phase=Phase.SHOWN)
            self._show()

    def _take(self, text: str) -> None:
        if self.ended:
            if not self.gives_data:
                self._hub.publish(self.demo.name, Output(text, aside=True, behind=self.step))
            return
        matched, read = self._outcome.matched, self._plan.reads(text)
        if self.gives_data and not read:  # what is asked, as the command says it
            self._publish(text, read)
            return
        if self._outcome.take(read) or self._outcome.matched != matched:
            self._lane = fallback.printed(self._lane)
            self._wake.set()
        if self._lane.phase in (Phase.SILENT, Phase.HELD):
            self._held.append((text, read))
            self._held_size += len(text)
            if self._held_size > MOST_HELD and not self.gives_data:
                self.asked()
        else:
            self._publish(text, read)

    # --- the way of one showing ---------------------------------------------------------------

    async def run(self) -> Fell | Finished:
        """Until it has ended, or fallen, for the talk: how."""
        # A recording that was shown before may have had another size.
        self._hub.publish(self.demo.name, Resized(*self._plan.size))
        self.begin_output("live")
        self._starting.begin(self._plan, self._outcome, self, prompted(self.next_prompt()))
        try:
            return await self._decide()
        finally:
            self._starting.stop()

    async def _decide(self) -> Fell | Finished:
        while True:
            self._wake.clear()
            policy = replace(self._policy, barred=self._starting.barred or self._policy.barred)
            decision = fallback.decide(self._lane, self._health(), policy)
            self._lane = fallback.follow(self._lane, decision)
            told = self._outcome.status, self._outcome.seconds
            match decision:
                case fallback.Fall():
                    self.let_go()
                    return Fell(decision.rung, decision.reason.value)
                case fallback.Finish():
                    self._show()
                    return Finished(*told)
                case fallback.Keep():
                    self._show()
                    return Finished(*told, decision.reason.value)
                case fallback.Ask():
                    self._show()
                    self._plan.dispatch(Failed(decision.reason.value, *told))
                case fallback.Show():
                    self._show()
            await self._wait(decision)

    async def _wait(self, decision: fallback.Decision) -> None:
        """Until something is learnt, or the time has come that matters next."""
        if isinstance(decision, fallback.Show):
            return  # asked at once: it may have ended already
        now, left = self._clock.now(), self.countdown()
        moments = [now + decision.seconds] if isinstance(decision, fallback.Hold) else []
        if left is not None and self._outcome.begun:
            moments.append(now + left)
        begun = self._outcome.begun and not self._outcome.over
        if self.demo.background and begun and not self._outcome.awaits_a_pattern:
            moments.append(now + max(SETTLED - self._outcome.elapsed, 0.0))
        if not moments:
            await self._wake.wait()
            return
        sleeping = asyncio.ensure_future(self._clock.sleep_until(min(moments)))
        waiting = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, waiting):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    def _health(self) -> Health:
        outcome = self._outcome
        kept = self._policy.wish is Wish.KEEP
        settled = self.demo.background and outcome.settled(kept=kept)
        link = None if outcome.over or kept else self._plan.link()
        return Health(
            fault=None if settled else outcome.judged() or link,
            ended=outcome.over or settled,
            elapsed=0.0 if kept else outcome.elapsed,
            held=outcome.held,
            focused=self.focused,
        )

    # --- what the audience sees ---------------------------------------------------------------

    def _show(self) -> None:
        held, self._held, self._held_size = self._held, [], 0
        self._publish("".join(text for text, _ in held), "".join(read for _, read in held))

    def _publish(self, text: str, read: str) -> None:
        if self.demo.steps[self.step].query is not None:
            self.seen.feed(read)
        elif self.gives_data:
            self.seen_data += text.count("\n")
        else:
            self.seen.feed(text)
        self.printed(text)

    def let_go(self) -> None:
        """Nothing more is shown of it; what it runs may finish out of sight."""
        self.ended = True
        self._starting.stop()
        self._plan.execution.leave(self)

    def finish_now(self) -> None:
        """It ends as it stands: because it has ended, or because the speaker goes on.

        One in the background that runs goes on to be shown; any other finishes out of sight.
        """
        if self.ended:
            return
        if not self.began:
            self.begin_output("live")
        self._show()
        self._starting.stop()
        self.end(self._outcome.status, self._outcome.seconds)
        if not self.demo.background:
            self._plan.execution.leave(self)

    def next_prompt(self) -> str:
        """What runs on in the background has its screen for itself: no prompt comes."""
        runs_on = self.demo.background and not self._outcome.over
        return "" if runs_on else super().next_prompt()
