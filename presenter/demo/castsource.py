"""A recording in a slide as a source: a player whose screen goes out through the hub.

It publishes what a process would have sent; a seek is published as the whole screen anew. So panes,
recorders and remote views need to know nothing of players.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.controls import press
from presenter.demo.hub import Hub, Output, Resized, StepBegan, StepEnded
from presenter.demo.player import Player, State
from presenter.demo.replay import StepMaterial
from presenter.demo.showing import RESET
from presenter.recording.reader import open_cast
from presenter.talk.commands import Finished
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Cursor, Row, Snapshot

FRAME_SECONDS = 1 / 30


class PublishedEmulator:
    """An emulator that publishes all that it is fed; satisfies `terminal.Emulator`."""

    def __init__(
        self, columns: int, rows: int, publish: Callable[[Output | Resized], None]
    ) -> None:
        self._inner = new_emulator(columns, rows)
        self._publish = publish
        publish(Resized(columns, rows))

    @property
    def columns(self) -> int:
        return self._inner.columns

    @property
    def rows(self) -> int:
        return self._inner.rows

    @property
    def cursor(self) -> Cursor:
        return self._inner.cursor

    @property
    def history_length(self) -> int:
        return self._inner.history_length

    def feed(self, data: str) -> frozenset[int]:
        self._publish(Output(data))
        return self._inner.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        self._inner.resize(columns, rows)
        self._publish(Resized(columns, rows))

    def row(self, y: int) -> Row:
        return self._inner.row(y)

    def text(self) -> list[str]:
        return self._inner.text()

    def history_row(self, y: int) -> Row:
        return self._inner.history_row(y)

    def snapshot(self) -> Snapshot:
        return self._inner.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        self._inner.restore(snapshot)
        self._publish(Resized(snapshot.columns, snapshot.rows))
        self._publish(Output(RESET + snapshot.data))

    def reset(self) -> None:
        self._inner.reset()
        self._publish(Output(RESET))


class CastSource:
    """One showing of a `cast` demo; its surface is that of `ReplaySource`."""

    def __init__(
        self, hub: Hub, clock: Clock, demo: Demo, step: int, material: StepMaterial, path: Path
    ) -> None:
        self.demo = demo
        self.step = step
        self.material = material
        self.command = ""
        self.began = False
        self.ended = False
        self._hub = hub
        self._clock = clock
        self._wake = asyncio.Event()
        self._player = Player(open_cast(path), clock, emulator=self._emulator)

    def _emulator(self, columns: int, rows: int) -> PublishedEmulator:
        return PublishedEmulator(
            columns, rows, lambda event: self._hub.publish(self.demo.name, event)
        )

    def begin(self) -> None:
        """There is no command: nothing is typed."""

    def type_to(self, count: int) -> None:
        """There is no command."""

    def type_rest(self) -> None:
        """There is no command."""

    async def type_command(self) -> None:
        """There is no command."""

    def press(self, key: str) -> None:
        """A key of the speaker's: pause, seek, speed, markers."""
        press(self._player, key)
        self._wake.set()

    def resume(self) -> None:
        """Play on, if it was paused: somebody waits for the end."""
        if self._player.state is State.PAUSED:
            self._player.play()
            self._wake.set()

    @property
    def rung(self) -> str:
        return self.material.rung

    async def run(self) -> Finished:
        """Play to the end, through all pauses."""
        self._begin()
        self._player.play()
        while not self._play_on():
            due = self._player.next_due()
            if due is None:
                self._wake.clear()
                await self._wake.wait()
            else:
                await self._clock.sleep_until(self._clock.now() + FRAME_SECONDS)
        self._end()
        return Finished(self.material.status, self.material.seconds)

    def _play_on(self) -> bool:
        """Feed what is due; whether that was the end."""
        self._player.tick(self._clock.now())
        return self._player.state is State.ENDED

    def finish_now(self) -> None:
        """The final screen, at once."""
        if self.ended:
            return
        self._begin()
        while self._player.work(1.0):
            pass
        self._player.seek_fraction(1.0)
        while self._player.next_due() is not None:
            self._player.tick(self._clock.now())
        self._end()

    def _begin(self) -> None:
        if not self.began:
            self.began = True
            self._hub.publish(self.demo.name, StepBegan(self.step, self.material.rung))

    def _end(self) -> None:
        self.ended = True
        ended = StepEnded(self.step, self.material.status, self._player.duration)
        self._hub.publish(self.demo.name, ended)
