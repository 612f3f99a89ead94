"""A live showing of a step: runs its command, shows what it prints, and asks the ladder all along.

The ladder's decisions (`talk.fallback`) are made on what is known here: output, exit status, time,
the conditions, and what the speaker wants. What the audience has seen is remembered line by line,
so that a fall goes on at that point.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.execution import Execution
from presenter.demo.hub import Hub, Output
from presenter.demo.showing import Showing, prompted
from presenter.live.marks import Ended, Printed
from presenter.live.shell import Lost, ShellError, ShellEvent
from presenter.talk import fallback
from presenter.talk.commands import Command, Failed, Fell, Finished
from presenter.talk.expect import Pattern, compile_pattern, judge
from presenter.talk.fallback import Bar, Fault, Health, Lane, Phase, Policy, Wish
from presenter.terminal.fall import SeenLines

if TYPE_CHECKING:
    from presenter.demo.seat import Seat

SETTLED = 1.0
"""Seconds after which a step in the background is taken to run as it should."""
NOT_FOUND = 127
"""The status of a shell that has not found the program."""
MOST_JUDGED = 10_000
"""Lines of an output that are looked at for what is expected of it."""


class LiveSource(Showing):
    """One live showing. What it decides goes out as commands; what it shows, to the hub."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        demo: Demo,
        step: int,
        column: Callable[[], int],
        *,
        execution: Execution,
        command: Callable[[], str],
        may_run: Callable[[], Awaitable[Bar | None]],
        policy: Policy,
        link: Callable[[], Fault | None],
        dispatch: Callable[[Command], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """`command` gives the line to run, `may_run` what keeps it from running at the last moment.

        `link` tells what is wrong with what the step needs; `dispatch` takes the decisions.
        """
        super().__init__(hub, clock, demo, step, column)
        self.seen = SeenLines()
        """The lines that the audience has seen of its output."""
        self.focused = False
        """The speaker's keys go to it."""
        self._execution = execution
        self._line = command
        self._may_run = may_run
        self._policy = policy
        self._link = link
        self._dispatch = dispatch
        self._on_failure = on_failure
        self._lane = Lane(Phase.SILENT)
        self._held: list[str] = []
        self._printed = SeenLines(MOST_JUDGED)
        self._wake = asyncio.Event()
        self._fault: Fault | None = None
        self._over = False
        self._status: int | None = None
        self._interrupted = False
        self._ran_at = clock.now()
        self._first_at: float | None = None
        self._over_at = 0.0
        self._pattern: Pattern | None = None

    @property
    def seat(self) -> Seat | None:
        """Where keys for it go."""
        return self._execution.seat

    # --- what is told to it -------------------------------------------------------------------

    def wish(self, wish: Wish) -> None:
        """The speaker wants it to be replayed, or kept."""
        self._policy = replace(self._policy, wish=wish)
        self._wake.set()

    def interrupt(self) -> None:
        """One Ctrl-C; how it ends is then no fault."""
        self._interrupted = True
        self._execution.interrupt()

    def poke(self) -> None:
        """Something that it depends on has changed."""
        self._wake.set()

    def countdown(self) -> float | None:
        """Seconds until its deadline; None where none runs."""
        limit = self._policy.deadline
        if limit is None or self._over or self._policy.wish is Wish.KEEP:
            return None
        return max(limit - (self._clock.now() - self._ran_at), 0.0)

    def heard(self, event: ShellEvent) -> None:
        """From the terminal that runs it."""
        match event:
            case Printed(running=True):
                self._take(event.text)
            case Ended():
                self._end_run(event.status)
            case Lost() if not self._over:
                self._fault = Fault.LOST_PTY
                self._end_run(None)

    def asked(self) -> None:
        """A program that asks its terminal something is shown at once, and its fall as well."""
        if self._held:
            self._lane = replace(self._lane, phase=Phase.SHOWN)
            self._show()

    def _take(self, text: str) -> None:
        if self.ended:
            self._hub.publish(self.demo.name, Output(text, aside=True))
            return
        self._printed.feed(text)
        if self._first_at is None:
            self._first_at = self._clock.now()
            self._lane = fallback.printed(self._lane)
            self._wake.set()
        if self._lane.phase in (Phase.SILENT, Phase.HELD):
            self._held.append(text)
        else:
            self._publish(text)
        if self.demo.background and self._pattern is not None:
            self._wake.set()

    def _end_run(self, status: int | None) -> None:
        if not self._over:
            self._over, self._status = True, status
            self._over_at = self._clock.now()
            self._wake.set()

    # --- the way of one showing ---------------------------------------------------------------

    @property
    def rung(self) -> str:
        return "live"

    async def run(self) -> Fell | Finished:
        """Until it has ended, or fallen, for the talk: how."""
        self.begin_output("live")
        expect = self.demo.steps[self.step].expect
        pattern = compile_pattern(expect) if expect and self.demo.background else None
        self._pattern = pattern if isinstance(pattern, Pattern) else None
        await self._start()
        while True:
            self._wake.clear()
            decision = fallback.decide(self._lane, self._health(), self._policy)
            self._lane = fallback.follow(self._lane, decision)
            match decision:
                case fallback.Fall():
                    self.let_go()
                    return Fell(decision.rung, decision.reason.value)
                case fallback.Ask():
                    self._show()
                    told = self._status, self._seconds
                    self._dispatch(Failed(decision.reason.value, *told))
                case fallback.Keep() | fallback.Finish():
                    self._show()
                    reason = decision.reason.value if isinstance(decision, fallback.Keep) else ""
                    return Finished(self._status, self._seconds, reason)
                case fallback.Show():
                    self._show()
            await self._wait(decision)

    async def _start(self) -> None:
        try:
            bar = await self._may_run()
            if bar is None:
                await self._execution.start(self._line(), prompted(self.next_prompt()), self)
            else:
                self._policy = replace(self._policy, trusted=bar is not Bar.UNTRUSTED)
        except (ShellError, OSError) as error:
            self._on_failure(error)
            self._fault = Fault.LOST_PTY
            self._end_run(None)
        self._ran_at = self._clock.now()

    async def _wait(self, decision: fallback.Decision) -> None:
        """Until something is learnt, or the time has come that matters next."""
        if isinstance(decision, fallback.Show):
            return  # asked at once: it may have ended already
        now = self._clock.now()
        moments = [now + decision.seconds] if isinstance(decision, fallback.Hold) else []
        left = self.countdown()
        if left is not None and not self.focused:
            moments.append(now + left)
        if self.demo.background and not self._over:
            moments.append(self._ran_at + SETTLED)
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
        now = self._clock.now()
        settled = self.demo.background and self._is_settled(now)
        return Health(
            fault=None if settled else self._fault_now(),
            ended=self._over or settled,
            elapsed=0.0 if self._policy.wish is Wish.KEEP else now - self._ran_at,
            held=now - self._first_at if self._first_at is not None else 0.0,
            focused=self.focused,
        )

    def _is_settled(self, now: float) -> bool:
        """Whether a step in the background runs as it should: its pattern came, or time passed."""
        if self._over:
            return False
        if self._pattern is not None:
            return any(map(self._pattern.found_in, self._printed.all_lines()))
        return now - self._ran_at >= SETTLED

    def _fault_now(self) -> Fault | None:
        if self._fault is not None:
            return self._fault
        if not self._over:
            return None if self._policy.wish is Wish.KEEP else self._link()
        step = self.demo.steps[self.step]
        if self.command != step.command:  # the speaker's own: only its status can be judged
            step = replace(step, expect="", transcript=None)
        lines = self._printed.all_lines()
        fault = judge(step, self._status, lines, interrupted=self._interrupted)
        if fault is Fault.EXIT_STATUS and self._status == NOT_FOUND:
            return Fault.MISSING_PROGRAM
        return fault

    @property
    def _seconds(self) -> float:
        end = self._over_at if self._over else self._clock.now()
        return round(max(end - self._ran_at, 0.0), 3)

    # --- what the audience sees ---------------------------------------------------------------

    def _show(self) -> None:
        held, self._held = "".join(self._held), []
        self._publish(held)

    def _publish(self, text: str) -> None:
        self.seen.feed(text)
        self.output(text)

    def let_go(self) -> None:
        """Nothing more is shown of it; what it runs may finish out of sight."""
        self.ended = True
        self._execution.leave(self)

    def finish_now(self) -> None:
        """It ends as it stands: because it has ended, or because the speaker goes on.

        One in the background that runs goes on to be shown; any other finishes out of sight.
        """
        if self.ended:
            return
        if not self.began:
            self.begin_output("live")
        self._show()
        self.end(self._status, self._seconds)
        if not self.demo.background:
            self._execution.leave(self)
