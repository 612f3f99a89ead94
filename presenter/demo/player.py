"""A recording played back: pause, step, seek, speed, markers. Knows no screen but the emulator's.

The caller draws: it calls `tick` at its frames, or when `next_due` says. No call takes much longer
than 50 ms, whatever the recording's size: what takes longer goes on with the next `tick`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from presenter.demo.clock import Clock, MonotonicClock
from presenter.demo.playhead import HISTORY, EmulatorFactory, Playhead, bare, with_history
from presenter.recording.asciicast import OUTPUT
from presenter.recording.datacast import is_data, open_data
from presenter.recording.reader import Cast, open_cast
from presenter.recording.track import Track, known_at, open_track

LEAST_SPEED, MOST_SPEED = 0.25, 16.0
TICK_TEXT = 256 * 1024
"""Code points fed in one tick; what is due beyond them waits for the next."""
JUST_PASSED = 1.0
"""Seconds after a marker within which a playing recording goes back to the one before."""

_LOOK_AHEAD = 0.010
_SEEK_NOW = 0.030
_SEEK_LATER = 0.015
_WORK = 0.012
"""Seconds of a tick for index and keyframes, while these are not complete."""


class State(Enum):
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


class Player:
    """Playback of one recording, paused at its start at first.

    Positions are seconds of the recording after its idle limit; `now` is the clock's.
    """

    def __init__(
        self,
        cast: Cast,
        clock: Clock,
        idle_limit: float | None = None,
        speed: float = 1.0,
        *,
        emulator: EmulatorFactory = with_history,
        bare: EmulatorFactory = bare,
    ) -> None:
        """`idle_limit` goes before the header's; 0 lifts it."""
        self.cast = cast
        self.track: Track = open_track(cast, idle_limit)
        """What is known of the recording so far; `track.complete` says when that is all."""
        self.markers = self.track.markers
        self.state = State.PAUSED
        self.speed = min(max(speed, LEAST_SPEED), MOST_SPEED)
        self._head = Playhead(self.track, emulator, bare)
        self.emulator = self._head.emulator
        self._clock = clock
        self._anchor = (clock.now(), 0.0)
        """A moment of the clock and the position at it; between anchors nothing is summed up."""
        self._goal: tuple[float, int | None] | None = None
        """Position sought, and the events before it where they are not simply those due."""
        self.track.advance(_LOOK_AHEAD)

    @property
    def position(self) -> float:
        """Seconds; while a seek is under way, where it leads."""
        return self._position_at(self._clock.now())

    def _position_at(self, now: float) -> float:
        moment, position = self._anchor
        if self.state is not State.PLAYING or self._goal is not None:
            return position
        position += max(now - moment, 0.0) * self.speed
        return min(position, self.duration) if self.track.complete else position

    @property
    def duration(self) -> float:
        """Seconds, as far as the recording is known."""
        return self.track.times[-1] if self.track.times else 0.0

    def play(self) -> None:
        """From the start where the recording had ended."""
        if self.state is State.ENDED:
            self.seek(0.0)
        if self.state is not State.PLAYING:
            self._anchor = (self._clock.now(), self._anchor[1])
            self.state = State.PLAYING

    def pause(self) -> None:
        if self.state is State.PLAYING:
            self._anchor = (self._clock.now(), self.position)
            self.state = State.PAUSED

    def toggle(self) -> None:
        if self.state is State.PLAYING:
            self.pause()
        else:
            self.play()

    def seek(self, seconds: float) -> None:
        """The screen as it was at `seconds`; goes on playing if it played."""
        self._seek(max(seconds, 0.0), None)

    def seek_fraction(self, fraction: float) -> None:
        """0 is the start, 1 the end as far as it is known."""
        self.seek(self.duration * min(max(fraction, 0.0), 1.0))

    def next_marker(self) -> bool:
        """Pauses at the next marker, before what follows it; False where there is none."""
        taken = self._goal[1] if self._goal and self._goal[1] is not None else self._head.taken
        for marker in self.markers:
            if marker.index >= taken:
                self.pause()
                self._seek(marker.time, marker.index + 1)
                return True
        return False

    def previous_marker(self) -> bool:
        """Pauses at the marker before, or at the start; False where it stood there already."""
        position = self.position
        slack = JUST_PASSED * self.speed if self.state is State.PLAYING else 0.0
        self.pause()
        for marker in reversed(self.markers):
            if marker.time + slack < position:
                self._seek(marker.time, marker.index + 1)
                return True
        self.seek(0.0)
        return position > 0

    def step(self) -> bool:
        """Pauses right after the next event that shows something; False at the end."""
        self.pause()
        return self._step_to(range(self._head.taken, len(self.track.times)), 1)

    def step_back(self) -> bool:
        """Pauses before the last event that showed something; False at the start."""
        self.pause()
        return self._step_to(range(self._head.taken - 1, -1, -1), 0)

    def _step_to(self, indexes: Iterable[int], behind: int) -> bool:
        for index in indexes:
            if self.track.read(index, index + 1)[0][0] == OUTPUT:
                self._seek(self.track.times[index], index + behind)
                return True
        return False

    def set_speed(self, speed: float) -> None:
        """0.25 to 16 times."""
        self._anchor = (self._clock.now(), self.position)
        self.speed = min(max(speed, LEAST_SPEED), MOST_SPEED)

    def tick(self, now: float) -> frozenset[int]:
        """Feeds what is due at `now`; returns the rows that changed since the last tick."""
        if self._goal is not None:
            self._approach(*self._goal, _SEEK_LATER)
        elif self.state is State.PLAYING:
            position = self._position_at(now)
            if not self.track.complete and self.duration <= position:
                self.track.advance(_LOOK_AHEAD)
            self._head.feed(known_at(self.track, position), TICK_TEXT)
            if self._head.at_end:
                self._anchor = (self._clock.now(), self.duration)
                self.state = State.ENDED
        self.work(_WORK)
        return self._head.take_changed()

    def next_due(self) -> float | None:
        """When `tick` has something to show, as a moment of the clock; None while nothing moves."""
        if self._goal is not None:
            return self._clock.now()
        if self.state is not State.PLAYING:
            return None
        if self._head.busy:
            return self._clock.now()
        moment, position = self._anchor
        return moment + (self.track.times[self._head.taken] - position) / self.speed

    def work(self, seconds: float) -> bool:
        """Gets on with index and keyframes for `seconds`; False when there is nothing left to do.

        `tick` does a little of it; whoever has more time can call this in between.
        """
        return self._head.work(seconds)

    def _seek(self, position: float, index: int | None) -> None:
        self._goal = (position, index)
        if self.state is State.ENDED:
            self.state = State.PAUSED
        self._anchor = (self._clock.now(), position)
        self._approach(position, index, _SEEK_NOW)

    def _approach(self, position: float, index: int | None, seconds: float) -> None:
        """A part of the way to the goal, for about `seconds`."""
        until = time.perf_counter() + seconds
        while not self.track.complete and self.duration <= position:
            self.track.advance(0.0)
            if time.perf_counter() >= until:
                return
        goal = known_at(self.track, position) if index is None else index
        if self._head.move(goal, until):
            self._goal = None
            self._anchor = (self._clock.now(), min(position, self.duration))


def open_player(
    path: Path, *, speed: float = 1.0, idle_limit: float | None = None, clock: Clock | None = None
) -> Player:
    """A player of the recording at `path`; raises RecordingError where it cannot be opened."""
    if is_data(path):
        from presenter.demo.drawing import DataScreen  # most recordings are of terminals

        return Player(
            open_data(path),
            clock or MonotonicClock(),
            idle_limit,
            speed,
            emulator=lambda columns, rows: DataScreen(columns, rows, HISTORY),
            bare=DataScreen,
        )
    return Player(open_cast(path), clock or MonotonicClock(), idle_limit, speed)
