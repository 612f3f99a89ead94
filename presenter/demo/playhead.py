"""Where a recording's playback stands: events taken, emulator, and the way to any other place."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from presenter.recording.keyframes import Keyframes
from presenter.recording.track import Code, Track, apply
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator

_BATCH = 64
"""Events taken from the track at once."""
_PIECE = 16 * 1024
"""Code points between two looks at the time."""


HISTORY = 2_000
"""Lines of scrollback."""

EmulatorFactory = Callable[[int, int], Emulator]
"""From columns and rows."""


def bare(columns: int, rows: int) -> Emulator:
    """An emulator without scrollback."""
    return new_emulator(columns, rows, 0)


def with_history(columns: int, rows: int) -> Emulator:
    """An emulator that keeps `HISTORY` lines."""
    return new_emulator(columns, rows, HISTORY)


class Playhead:
    """Feeds a track's events to an emulator, forwards by playing, backwards by keyframes."""

    def __init__(
        self,
        track: Track,
        make_emulator: EmulatorFactory = with_history,
        make_bare: EmulatorFactory = bare,
    ) -> None:
        """`make_bare` makes one without scrollback, for keyframes."""
        header = track.header
        self.emulator = make_emulator(header.columns, header.rows)
        self.taken = 0
        """Events taken from the track; those of large output may not be wholly fed yet."""
        self._track = track
        self._keyframes = Keyframes(track, make_bare)
        self._queue: deque[Code] = deque()
        self._changed: set[int] = set(range(self.emulator.rows))

    @property
    def at_end(self) -> bool:
        """Whether there is nothing left, and never will be."""
        everything = self.taken == len(self._track.times)
        return everything and self._track.complete and not self._queue

    @property
    def busy(self) -> bool:
        """Whether something taken waits, or the track has to be known further first."""
        return bool(self._queue) or self.taken >= len(self._track.times)

    def feed(self, end: int, room: int) -> None:
        """Feeds what comes before event `end`, `room` code points of it at most."""
        while room > 0 and (self._queue or self.taken < end):
            if not self._queue:
                upto = min(self.taken + _BATCH, end)
                self._queue.extend(self._track.read(self.taken, upto))
                self.taken = upto
            room = self._feed_queue(room)

    def _feed_queue(self, room: int) -> int:
        batch: list[Code] = []
        while self._queue and room > 0:
            code, data = self._queue.popleft()
            if len(data) > room:
                self._queue.appendleft((code, data[room:]))
                data = data[:room]
            batch.append((code, data))
            room -= max(len(data), 1)
        self._changed |= apply(self.emulator, batch)
        return room

    def move(self, goal: int, until: float) -> bool:
        """On the way to right before event `goal`, until that moment of `time.perf_counter`.

        Returns whether it is reached.
        """
        start, snapshot = self._keyframes.before(goal)
        if self.taken > goal or self.taken < start:
            self.emulator.restore(snapshot)
            self.taken = start
            self._queue.clear()
            self._changed = set(range(self.emulator.rows))
        while self._queue or self.taken < goal:
            self.feed(goal, _PIECE)
            if time.perf_counter() >= until:
                break
        return not self._queue and self.taken == goal

    def take_changed(self) -> frozenset[int]:
        """The rows of the screen that changed since this was asked last."""
        changed, self._changed = frozenset(self._changed), set()
        return changed

    def work(self, seconds: float) -> bool:
        """Gets on with the index, then the keyframes; False when there is nothing left to do."""
        if not self._track.complete:
            self._track.advance(seconds)
        elif not self._keyframes.complete:
            self._keyframes.advance(seconds)
        return not self._keyframes.complete
