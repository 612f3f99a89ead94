"""Replay as a source: publishes what was recorded or written for a step.

What it publishes is what a shell would have sent, so that a view cannot tell. Times of transcripts
are ours; those of a recording are its own, but for idle gaps, which are cut.
"""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from presenter.deck.model import Demo, Step
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub, Resized, Rewound
from presenter.demo.showing import RESET, Showing
from presenter.recording.asciicast import OUTPUT
from presenter.recording.ran import DATA
from presenter.talk.commands import Finished
from presenter.talk.ladder import Available, choose_rung
from presenter.terminal.emulator import Snapshot
from presenter.terminal.fall import Fall, Recorded, draws_absolutely

IDLE_LIMIT = 2.0
"""Seconds that a recording may stay silent on stage."""
LINE_SECONDS = 0.06
"""Between two lines of a transcript."""
TRANSCRIPT_LIMIT = 4.0
"""Seconds that a transcript takes at most."""
FIRST_LINE_SECONDS = 0.3
CARD_COLUMNS = 76
_PIECE = 8192
"""Characters published at once, so that a flood leaves room for keys."""


@dataclass(frozen=True, slots=True)
class StepMaterial:
    """What feeds one step."""

    rung: str
    chunks: tuple[tuple[float, str], ...]
    """Output at seconds since the command ran, ascending."""
    status: int | None = None
    seconds: float = 0.0
    """What the command took when it was recorded; 0 where nothing was."""
    source: str = ""
    """`captured`, `transcribed` or nothing."""
    date: str = ""
    stale: bool = False
    """Recorded for another command."""
    data: bool = False
    """The chunks are lines of data."""
    cast: Path | None = None
    """A whole recording to be played instead of chunks."""
    exports: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the recorded demo's `+export` variables were."""
    size: tuple[int, int] | None = None
    """Columns and rows of the recording; None for the deck's grid."""
    screen: Callable[[], Snapshot | None] = field(default=lambda: None, compare=False)
    """The recording's own screen where the step's output begins; it has to be played for that."""


class EventLike(Protocol):
    @property
    def time(self) -> float: ...
    @property
    def code(self) -> str: ...
    @property
    def data(self) -> str: ...


class StepTakeLike(Protocol):
    @property
    def events(self) -> Sequence[EventLike]: ...
    @property
    def exit_status(self) -> int | None: ...
    @property
    def duration(self) -> float: ...
    @property
    def stale(self) -> bool: ...
    @property
    def number(self) -> int: ...


class ProvenanceLike(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def date(self) -> str | None: ...
    @property
    def exports(self) -> Mapping[str, str]: ...


class TakeLike(Protocol):
    """A demo's recording cut into steps; `columns` and `rows` are its size."""

    columns: int
    rows: int

    @property
    def provenance(self) -> ProvenanceLike | None: ...

    def step(self, number: int, command: str) -> StepTakeLike | None: ...

    def screen_before(self, number: int) -> Snapshot | None: ...


def material_for(
    demo: Demo, step: int, take: TakeLike | None, failed: frozenset[str] = frozenset()
) -> StepMaterial:
    """What feeds step `step` of `demo`: the highest rung that is there and has not failed."""
    told = demo.steps[step]
    taken = take.step(step, told.whole) if take is not None else None
    available = Available(recording=taken is not None, transcript=told.transcript is not None)
    rung = choose_rung(available, failed)
    if rung == "recording" and take is not None and taken is not None:
        return _recorded(take, taken)
    if rung == "transcript":
        return StepMaterial(rung, _written(told.transcript or ()))
    return StepMaterial("card", ((FIRST_LINE_SECONDS, _card(told)),))


def _recorded(take: TakeLike, taken: StepTakeLike) -> StepMaterial:
    provenance = take.provenance
    return StepMaterial(
        "recording",
        tuple((event.time, event.data) for event in taken.events if event.code in (OUTPUT, DATA)),
        taken.exit_status,
        taken.duration,
        source=provenance.source if provenance else "",
        date=(provenance.date or "") if provenance else "",
        stale=taken.stale,
        data=any(event.code == DATA for event in taken.events[:1]),
        exports=provenance.exports if provenance else MappingProxyType({}),
        size=(take.columns, take.rows),
        screen=lambda: take.screen_before(taken.number),
    )


def recorded_of(material: StepMaterial, live: Snapshot) -> Recorded:
    """The material as a step falls to it that began live on the screen `live`."""
    columns, rows = material.size or (live.columns, live.rows)
    resized = (columns, rows) != (live.columns, live.rows)
    output = "".join(text for _, text in material.chunks)
    own = draws_absolutely(output, everywhere=resized)
    return Recorded(material.chunks, columns, rows, material.screen() if own else None)


def _written(lines: Sequence[str]) -> tuple[tuple[float, str], ...]:
    pace = min(LINE_SECONDS, TRANSCRIPT_LIMIT / max(len(lines), 1))
    # `\...` in a transcript stands for three dots; `...` for anything, and is shown as it is.
    return tuple(
        (FIRST_LINE_SECONDS + index * pace, line.replace("\\...", "...") + "\r\n")
        for index, line in enumerate(lines)
    )


def _card(step: Step) -> str:
    """The note under the command, in a way that no program prints: dim, slanted, in brackets."""
    note = step.note or "the source does not show what this prints"
    lines = textwrap.wrap(f"({note})", CARD_COLUMNS)
    return "".join(f"\x1b[2;3m{line}\x1b[0m\r\n" for line in lines)


def playing_times(
    chunks: Sequence[tuple[float, str]], seconds: float, idle_limit: float = IDLE_LIMIT
) -> list[float]:
    """Seconds at which each chunk is due and, last, at which the step ends; silences cut."""
    ends = [time for time, _ in chunks]
    ends.append(max([seconds, *ends[-1:]]))
    now = before = 0.0
    times: list[float] = []
    for end in ends:
        now += min(max(end - before, 0.0), idle_limit)
        before = max(end, before)
        times.append(now)
    return times


class ReplaySource(Showing):
    """One showing of one step from what was recorded or written for it."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        demo: Demo,
        step: int,
        material: StepMaterial,
        column: Callable[[], int],
    ) -> None:
        """See `Showing`; `material` is what it is fed with."""
        super().__init__(hub, clock, demo, step, column, material.size)
        self.material = material
        self.gives_data = material.data
        self._chunks = material.chunks
        self._played = 0

    def go_on(self, other: Showing, fall: Fall) -> None:
        """Take over from `other`, a live showing that falls: its first frame, at once.

        What follows at its pace is what the audience has not seen yet.
        """
        self.adopt(other)
        self.began = True
        self._hub.publish(self.demo.name, Rewound(self.step, self.material.rung))
        if fall.own_screen:
            self._hub.publish(self.demo.name, Resized(fall.start.columns, fall.start.rows))
            self.output(RESET + fall.start.data)
        self.printed(fall.text)
        self._chunks = fall.rest

    @property
    def rung(self) -> str:
        return self.material.rung

    async def run(self) -> Finished:
        """The output at its pace, and then the next prompt."""
        self._begin_output()
        start = self._clock.now()
        left = self.material.seconds if self._chunks is self.material.chunks else 0.0
        *dues, end = playing_times(self._chunks, left)
        while self._played < len(dues):
            await self._clock.sleep_until(start + dues[self._played])
            self._publish_due(dues, self._clock.now() - start)
            await asyncio.sleep(0)
        await self._clock.sleep_until(start + end)
        self._end()
        return Finished(self.material.status, self.material.seconds)

    def finish_now(self) -> None:
        """All that is left, at once."""
        if self.ended:
            return
        self._begin_output()
        rest = "".join(text for _, text in self._chunks[self._played :])
        self._played = len(self._chunks)
        self.printed(rest)
        self._end()

    def _publish_due(self, dues: Sequence[float], now: float) -> None:
        """The chunks due by now as one text, at least one of them, not much over `_PIECE`."""
        chunks = self._chunks
        texts = [chunks[self._played][1]]
        size = len(texts[0])
        self._played += 1
        while self._played < len(dues) and dues[self._played] <= now and size < _PIECE:
            texts.append(chunks[self._played][1])
            size += len(texts[-1])
            self._played += 1
        self.printed("".join(texts))

    def _begin_output(self) -> None:
        if not self.began:
            self.begin_output(self.material.rung)

    def _end(self) -> None:
        self.end(self.material.status, self.material.seconds)
