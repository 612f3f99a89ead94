"""A live showing against a terminal that the test plays, by a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from presenter.deck.model import Demo, Step
from presenter.demo import livesource
from presenter.demo.hub import Hub, LaneEvent, Output, StepBegan, StepEnded
from presenter.demo.livesource import MOST_HELD, LiveSource, Plan
from presenter.demo.outcome import SETTLED
from presenter.demo.seat import Listener, Seat
from presenter.live.marks import Began, Ended, Printed
from presenter.live.shell import Lost, ShellError
from presenter.talk.commands import Command, Failed, Fell, Finished
from presenter.talk.fallback import HOLD_BACK, Bar, Fault, Policy, Wish
from presenter.terminal.fall import plain_lines
from tests.demo.rig import Time
from tests.talk.script import demo, step

BEHIND_THE_PROMPT = "\x18\x1b7\x1b[?1049l\x1b[!p"


@dataclass
class Played:
    """An execution that does what the test says."""

    refuses: Exception | None = None
    command: str = ""
    prompt: str = ""
    interrupts: int = 0
    left: bool = False
    seat: Seat | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Until its shell is there."""

    async def prepare(self) -> None:
        await self.gate.wait()

    async def start(self, command: str, prompt: str, _listener: Listener) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.command, self.prompt = command, prompt

    def interrupt(self) -> None:
        self.interrupts += 1

    def leave(self, _listener: Listener) -> None:
        self.left = True


@dataclass
class Scene:
    policy: Policy = field(default_factory=Policy)
    told: Step = field(default_factory=lambda: step("ls", ("out",)))
    background: bool = False
    edited: bool = False
    starts_late: bool = False
    bar: Bar | None = None
    execution: Played = field(default_factory=Played)
    link: Fault | None = None
    time: Time = field(default_factory=Time)
    published: list[LaneEvent] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def source(self) -> LiveSource:
        shown: Demo = replace(demo("shell", self.told), background=self.background)
        hub = Hub(self.failures.append)
        hub.subscribe(lambda _lane, event: self.published.append(event))

        async def may_run() -> Bar | None:
            return self.bar

        plan = Plan(
            self.execution,
            lambda: "really " + self.told.command,
            may_run,
            self.policy,
            lambda: self.link,
            self.commands.append,
            self.failures.append,
            self.edited,
        )
        return LiveSource(hub, self.time, shown, 0, lambda: 0, plan)

    @property
    def shown(self) -> list[str]:
        """The lines of output that went to the audience, since the step's output began."""
        begun = next(i for i, one in enumerate(self.published) if isinstance(one, StepBegan))
        texts = [one.text for one in self.published[begun:] if isinstance(one, Output)]
        return [line for line, _ in plain_lines("".join(texts).split(BEHIND_THE_PROMPT)[0])]


class Running:
    def __init__(self, source: LiveSource, task: asyncio.Task[Fell | Finished]) -> None:
        self.source = source
        self.task = task

    def prints(self, *lines: str) -> None:
        for line in lines:
            self.source.heard(Printed(f"{line}\r\n", running=True))

    def ends(self, status: int | None = 0) -> None:
        self.source.heard(Ended(status))

    async def ending(self) -> Fell | Finished:
        return await asyncio.wait_for(self.task, 5)


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[Running]:
    source = scene.source()
    source.type_rest()
    task = asyncio.get_running_loop().create_task(source.run())
    if not scene.starts_late:
        scene.execution.gate.set()
    await scene.time.advance(0)
    source.heard(Began())
    try:
        yield Running(source, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_step_that_does_what_the_deck_promises_is_live_to_its_end() -> None:
    scene = Scene()
    async with running(scene) as run:
        assert (scene.execution.command, scene.execution.prompt) == (
            "really ls", "\x1b[1;32m$\x1b[0m ",
        )  # fmt: skip
        run.prints("out")
        await scene.time.advance(0.1)
        run.ends()
        assert await run.ending() == Finished(0, 0.1)
        run.source.finish_now()
        assert scene.shown == ["out"]
        assert scene.published[-1] == StepEnded(0, 0, 0.1)
        assert scene.execution.left


async def test_output_is_held_back_and_then_streams() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("one")
        await scene.time.advance(HOLD_BACK - 0.01)
        assert scene.shown == []
        await scene.time.advance(0.02)
        assert scene.shown == ["one"]
        run.prints("two")
        assert scene.shown == ["one", "two"]
        assert run.source.seen.lines == ["one", "two"]


@pytest.mark.parametrize(
    ("told", "status", "lines", "reason"),
    [
        (step("ls", ("out",)), 1, ["error"], Fault.EXIT_STATUS),
        (step("ls", ("out",)), 127, ["ls: not found"], Fault.MISSING_PROGRAM),
        (replace(step("ls", ("out",)), expect="ready"), 0, ["out"], Fault.PATTERN),
        (step("ls", ("pod 1/1 Running",)), 0, ["pod 0/1 Pending"], Fault.STATUS_WORDS),
    ],
    ids=str,
)
async def test_an_early_failure_is_replaced_unseen(
    told: Step, status: int, lines: list[str], reason: Fault
) -> None:
    scene = Scene(told=told)
    async with running(scene) as run:
        run.prints(*lines)
        await scene.time.advance(0.1)
        run.ends(status)
        assert await run.ending() == Fell("recording", reason.value)
        assert scene.shown == []
        assert scene.execution.left


async def test_a_failure_that_was_seen_waits_for_the_speaker() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("half")
        await scene.time.advance(1)
        run.ends(1)
        await scene.time.advance(0)
        assert scene.commands == [Failed("exit status", 1, 1.0)]
        assert not run.task.done()
        run.source.wish(Wish.REPLAY)
        assert await run.ending() == Fell("recording", "exit status")


async def test_a_failure_that_was_seen_can_be_kept() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("half")
        await scene.time.advance(1)
        run.ends(3)
        await scene.time.advance(0)
        run.source.wish(Wish.KEEP)
        assert await run.ending() == Finished(3, 1.0, "exit status")


async def test_a_deadline_counts_down_and_makes_the_step_fall() -> None:
    scene = Scene(policy=Policy(deadline=3.0))
    async with running(scene) as run:
        run.prints("half")
        await scene.time.advance(1)
        assert run.source.countdown() == 2.0
        await scene.time.advance(2.1)
        assert await run.ending() == Fell("recording", "deadline")
        run.source.heard(Printed("too late", running=True))
        assert scene.shown == ["half"]


async def test_no_deadline_runs_while_the_keys_go_to_the_step() -> None:
    scene = Scene(policy=Policy(deadline=3.0))
    async with running(scene) as run:
        run.source.focus(True)
        await scene.time.advance(100)
        assert not run.task.done()
        assert run.source.countdown() is None


async def test_the_time_in_the_pane_counts_for_no_deadline() -> None:
    scene = Scene(policy=Policy(deadline=3.0))
    async with running(scene) as run:
        await scene.time.advance(1)
        run.source.focus(True)
        await scene.time.advance(100)
        run.source.focus(False)
        await scene.time.advance(1)
        assert not run.task.done()
        assert run.source.countdown() == 1.0
        await scene.time.advance(1.1)
        assert await run.ending() == Fell("recording", "deadline")


async def test_a_shell_that_starts_slowly_keeps_no_wish_waiting() -> None:
    scene = Scene(starts_late=True, policy=Policy(deadline=3.0))
    async with running(scene) as run:
        await scene.time.advance(100)  # no deadline before there is anything to wait for
        assert not run.task.done()
        run.source.wish(Wish.REPLAY)
        assert await run.ending() == Fell("recording", "forced")
        scene.execution.gate.set()
        await scene.time.advance(1)
        assert scene.execution.command == ""


async def test_ctrl_c_before_the_shell_is_there_keeps_the_command_from_running() -> None:
    scene = Scene(starts_late=True)
    async with running(scene) as run:
        run.source.interrupt()
        assert await run.ending() == Finished(130, 0.0)
        scene.execution.gate.set()
        await scene.time.advance(1)
        assert (scene.execution.command, scene.execution.interrupts) == ("", 0)


async def test_what_is_expected_is_found_at_the_end_of_a_long_output() -> None:
    told = replace(step("ls", ("out",)), expect="ready$")
    scene = Scene(told=told)
    async with running(scene) as run:
        for number in range(300):
            run.prints(*(f"line {number} {n}" for n in range(50)))
        run.prints("now ready")
        run.ends(0)
        assert await run.ending() == Finished(0, 0.0)


async def test_a_status_word_is_found_at_the_end_of_a_long_output() -> None:
    scene = Scene(told=step("ls", ("pod Running",)))
    async with running(scene) as run:
        run.prints(*("x" * 70 for _ in range(5000)), "pod Running")
        run.ends(0)
        assert await run.ending() == Finished(0, 0.0)


async def test_a_step_that_is_kept_while_it_runs_has_no_deadline() -> None:
    scene = Scene(policy=Policy(deadline=3.0))
    async with running(scene) as run:
        run.source.wish(Wish.KEEP)
        await scene.time.advance(100)
        assert not run.task.done()
        run.ends(0)
        assert await run.ending() == Finished(0, 100.0)


async def test_a_lost_terminal_and_a_broken_link_fall_at_once() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.source.heard(Lost(None))
        assert await run.ending() == Fell("recording", "lost terminal")
    scene = Scene()
    async with running(scene) as run:
        run.prints("one")
        await scene.time.advance(1)
        scene.link = Fault.REFUSED
        run.source.poke()
        assert await run.ending() == Fell("recording", "refused")


async def test_a_shell_that_cannot_be_had_is_reported_and_falls() -> None:
    scene = Scene(execution=Played(refuses=ShellError("no shell")))
    async with running(scene) as run:
        assert await run.ending() == Fell("recording", "lost terminal")
        assert [str(one) for one in scene.failures] == ["no shell"]


async def test_a_step_that_does_not_come_to_begin_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livesource, "BEGIN_SECONDS", 0.01)
    scene = Scene(starts_late=True)
    async with running(scene) as run:
        assert await run.ending() == Fell("recording", "deadline")
        assert [str(one) for one in scene.failures] == ["shell: the step could not begin in 0.01 s"]
        assert scene.execution.left
        assert scene.execution.command == ""


async def test_what_has_changed_since_it_was_trusted_is_not_run() -> None:
    scene = Scene(bar=Bar.UNTRUSTED)
    async with running(scene) as run:
        assert await run.ending() == Fell("recording", "untrusted")
        assert scene.execution.command == ""


async def test_ctrl_c_is_sent_once_and_no_fault() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("watching")
        await scene.time.advance(1)
        run.source.interrupt()
        run.ends(130)
        assert await run.ending() == Finished(130, 1.0)
        assert scene.execution.interrupts == 1


async def test_of_a_command_that_the_speaker_changed_only_the_status_is_judged() -> None:
    told = replace(step("ls", ("pod Running",)), expect="Running")
    scene = Scene(told=told, edited=True)
    async with running(scene) as run:
        run.ends(0)
        assert await run.ending() == Finished(0, 0.0)


async def test_a_program_that_asks_its_terminal_is_shown_at_once() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("a drawing")
        run.source.asked()
        assert scene.shown == ["a drawing"]


async def test_a_flood_is_shown_at_once() -> None:
    line = "y" * 98
    scene = Scene()
    async with running(scene) as run:
        run.prints(*[line] * (MOST_HELD // 100))
        assert scene.shown == []
        run.prints(line)
        assert len(scene.shown) == MOST_HELD // 100 + 1


async def test_a_step_in_the_background_is_over_for_the_talk_when_it_has_settled() -> None:
    scene = Scene(background=True, policy=Policy(deadline=None))
    async with running(scene) as run:
        run.prints("Forwarding")
        await scene.time.advance(SETTLED + 0.01)
        assert await run.ending() == Finished(None, SETTLED)
        run.source.finish_now()
        assert not scene.execution.left
        run.prints("later")
        assert scene.published[-1] == Output("later\r\n", aside=True, behind=0)


async def test_a_pattern_settles_a_step_in_the_background() -> None:
    told = replace(step("forward", None), expect="Forwarding")
    scene = Scene(told=told, background=True, policy=Policy(deadline=None))
    async with running(scene) as run:
        await scene.time.advance(5)
        assert not run.task.done()
        run.prints("Forwarding from 127.0.0.1")
        assert await run.ending() == Finished(None, 5.0)


async def test_a_pattern_that_does_not_come_has_a_deadline_or_is_kept() -> None:
    told = replace(step("forward", None), expect="Forwarding")
    scene = Scene(told=told, background=True, policy=Policy(deadline=5.0))
    async with running(scene) as run:
        await scene.time.advance(5.1)
        assert await run.ending() == Fell("recording", "deadline")
    scene = Scene(told=told, background=True, policy=Policy(deadline=5.0))
    async with running(scene) as run:
        await scene.time.advance(1)
        run.source.wish(Wish.KEEP)
        assert await run.ending() == Finished(None, 1.0)


async def test_a_step_in_the_background_that_ends_early_with_an_error_falls() -> None:
    scene = Scene(background=True, policy=Policy(deadline=None))
    async with running(scene) as run:
        run.prints("address already in use")
        run.ends(1)
        assert await run.ending() == Fell("recording", "exit status")


async def test_a_step_that_is_left_keeps_what_it_shows() -> None:
    scene = Scene()
    async with running(scene) as run:
        run.prints("half")
        await scene.time.advance(0.1)
        run.task.cancel()
        run.source.finish_now()
        assert scene.shown == ["half"]
        assert scene.execution.left
        assert scene.published[-1] == StepEnded(0, None, 0.1)
