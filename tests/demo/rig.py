"""A runtime with a clock that only moves when told to, and screens that can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from presenter.deck.model import Demo, Grid
from presenter.demo.clock import PacedClock, SimulatedClock
from presenter.demo.hub import Hub, LaneEvent, Output
from presenter.demo.replay import StepMaterial, material_for
from presenter.demo.runtime import JournalLike, Runtime
from presenter.demo.screens import Screens
from presenter.talk import events as e
from presenter.talk.commands import Command
from presenter.talk.session import Session
from presenter.terminal.avt import AvtEmulator
from tests.talk.script import Pages, sample

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
GRID = Grid(40, 8)


class Time(SimulatedClock):
    """Lets whatever was just begun begin to wait before time goes on."""

    async def advance(self, seconds: float) -> None:
        await super().advance(0.0)
        await super().advance(seconds)


class Memory:
    """A journal that keeps the events."""

    def __init__(self) -> None:
        self.stamped: list[e.Stamped] = []
        self.closed = False

    def append(self, stamped: e.Stamped) -> None:
        self.stamped.append(stamped)

    def close(self) -> None:
        self.closed = True


def from_deck(demo: Demo, step: int) -> StepMaterial:
    return material_for(demo, step, None)


class Rig:
    def __init__(
        self,
        script: Pages | None = None,
        material: Callable[[Demo, int], StepMaterial] = from_deck,
        journal: JournalLike | None = None,
        session: Session | None = None,
        pace: float = 1.0,
    ) -> None:
        self.script = script or sample()
        self.time = Time()
        self.failures: list[Exception] = []
        self.published: list[tuple[str, LaneEvent]] = []
        self.hub = Hub(self.failures.append)
        self.screens = Screens(self.hub, AvtEmulator, GRID, self.failures.append)
        self.hub.subscribe(lambda lane, event: self.published.append((lane, event)))
        self.runtime = Runtime(
            self.script,
            self.time,
            self.hub,
            self.screens,
            material,
            journal,
            session,
            self.failures.append,
            lambda: START + timedelta(seconds=self.time.now()),
            PacedClock(self.time, pace),
        )

    def start(self, slide: int = 0) -> Rig:
        self.runtime.start("/decks/talk.md", "h1", "1", slide)
        return self

    def do(self, *commands: Command) -> None:
        for command in commands:
            self.runtime.dispatch(command)

    async def wait(self, seconds: float) -> None:
        await self.time.advance(seconds)

    @property
    def session(self) -> Session:
        return self.runtime.session

    @property
    def place(self) -> tuple[int, int]:
        return self.session.position.slide, self.session.position.stop

    def screen(self, name: str = "shell") -> list[str]:
        """The demo's rows, without the empty ones at the end."""
        rows = self.screens.emulator(name).text()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def output(self, name: str = "shell") -> str:
        return "".join(
            event.text
            for lane, event in self.published
            if lane == name and isinstance(event, Output)
        )
