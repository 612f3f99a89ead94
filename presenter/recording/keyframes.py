"""Screens along a track, so that any moment of it is a short way from one of them."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable
from functools import partial

from presenter.recording.track import Track, apply
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator, Snapshot

EVERY_TEXT = 256 * 1024
"""Code points of output between two keyframes: about 10 ms to play again."""
EVERY_SECONDS = 5.0
LEAST_TEXT = 64 * 1024
"""Output that makes a keyframe after `EVERY_SECONDS` worth its memory."""
_MOST, _PIECE = 512, 32 * 1024
"""Events at a time, and code points: a batch is made to fit the one before."""


class Keyframes:
    """Keyframes of a track, made a little at a time behind what the track knows."""

    def __init__(
        self, track: Track, make_emulator: Callable[[int, int], Emulator] | None = None
    ) -> None:
        """`make_emulator`: from columns and rows, without scrollback."""
        make_emulator = make_emulator or partial(new_emulator, history=0)
        self._track = track
        self._emulator = make_emulator(track.header.columns, track.header.rows)
        self._at = 0
        self._text = 0
        self._batch = _MOST
        self._indexes = [0]
        self._snapshots = [self._emulator.snapshot()]

    @property
    def complete(self) -> bool:
        return self._track.complete and self._at == len(self._track.times)

    def __len__(self) -> int:
        return len(self._snapshots)

    def advance(self, seconds: float) -> None:
        """Makes more, for about `seconds` at most, of what the track knows already."""
        until = time.perf_counter() + seconds
        while self._at < len(self._track.times):
            end = min(self._at + self._batch, len(self._track.times))
            codes = self._track.read(self._at, end)
            apply(self._emulator, codes)
            self._at = end
            text = sum(len(data) for _, data in codes)
            self._text += text
            self._batch = min(max(len(codes) * _PIECE // max(text, 1), 1), _MOST)
            if self._is_due():
                self._indexes.append(end)
                self._snapshots.append(self._emulator.snapshot())
                self._text = 0
            if time.perf_counter() >= until:
                return

    def _is_due(self) -> bool:
        if self._text >= EVERY_TEXT:
            return True
        times = self._track.times
        last = self._indexes[-1]
        before = times[last - 1] if last else 0.0
        return self._text >= LEAST_TEXT and times[self._at - 1] - before >= EVERY_SECONDS

    def before(self, index: int) -> tuple[int, Snapshot]:
        """The last keyframe at or before event `index`: the screen after that many events."""
        found = bisect_right(self._indexes, index) - 1
        return self._indexes[found], self._snapshots[found]
