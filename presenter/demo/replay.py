"""Replay as a source: types a step's command and publishes what was recorded or written for it.

What it publishes is what a shell would have sent, so that a view cannot tell. Times of typing and
of transcripts are ours; those of a recording are its own, but for idle gaps, which are cut.
"""

from __future__ import annotations

import asyncio
import textwrap
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from presenter.deck.model import Demo, Step
from presenter.demo.clock import Clock
from presenter.demo.hub import Hub, Output, Resized, StepBegan, StepEnded
from presenter.talk.ladder import Available, choose_rung

IDLE_LIMIT = 2.0
"""Seconds that a recording may stay silent on stage."""
KEY_SECONDS = (0.025, 0.040)
"""Shortest and longest time for a typed character."""
TYPING_LIMIT = 2.5
"""Seconds that a command takes to be typed at most."""
LINE_SECONDS = 0.06
"""Between two lines of a transcript."""
TRANSCRIPT_LIMIT = 4.0
"""Seconds that a transcript takes at most."""
FIRST_LINE_SECONDS = 0.3
CARD_COLUMNS = 76
_PIECE = 8192
"""Characters published at once, so that a flood leaves room for keys."""
TIDY = "\x18\x1b7\x1b[?1049l\x1b[!p"
"""Sets back what a step left behind: an unfinished sequence (CAN), the alternate screen (leaving it
where it was not entered moves the cursor to where DECSC has just kept it), and by DECSTR colours,
cursor, margins and modes."""


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
    cast: Path | None = None
    """A whole recording to be played instead of chunks."""
    size: tuple[int, int] | None = None
    """Columns and rows of the recording; None for the deck's grid."""


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


class ProvenanceLike(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def date(self) -> str | None: ...


class TakeLike(Protocol):
    """A demo's recording cut into steps; `columns` and `rows` are its size."""

    columns: int
    rows: int

    @property
    def provenance(self) -> ProvenanceLike | None: ...

    def step(self, number: int, command: str) -> StepTakeLike | None: ...


def material_for(
    demo: Demo, step: int, take: TakeLike | None, failed: frozenset[str] = frozenset()
) -> StepMaterial:
    """What feeds step `step` of `demo`: the highest rung that is there and has not failed."""
    told = demo.steps[step]
    taken = take.step(step, told.command) if take is not None else None
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
        tuple((event.time, event.data) for event in taken.events if event.code == "o"),
        taken.exit_status,
        taken.duration,
        source=provenance.source if provenance else "",
        date=(provenance.date or "") if provenance else "",
        stale=taken.stale,
        size=(take.columns, take.rows),
    )


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


def prompted(prompt: str) -> str:
    """The prompt as a shell would send it: bold and green, so that commands stand out."""
    shown = prompt.rstrip()
    return f"\x1b[1;32m{shown}\x1b[0m{prompt[len(shown) :]}" if shown else prompt


def typing_times(command: str, seed: str) -> list[float]:
    """Seconds at which each character stands; uneven as a hand's, and the same every time."""
    shortest, longest = KEY_SECONDS
    times: list[float] = []
    now = 0.0
    for index in range(len(command)):
        chance = zlib.crc32(f"{seed}/{index}".encode(errors="replace")) / 0xFFFFFFFF
        now += shortest + (longest - shortest) * chance
        times.append(now)
    scale = min(1.0, TYPING_LIMIT / now) if now else 1.0
    return [time * scale for time in times]


def playing_times(material: StepMaterial, idle_limit: float = IDLE_LIMIT) -> list[float]:
    """Seconds at which each chunk is due and, last, at which the step ends; silences cut."""
    ends = [time for time, _ in material.chunks]
    ends.append(max([material.seconds, *ends[-1:]]))
    now = before = 0.0
    times: list[float] = []
    for end in ends:
        now += min(max(end - before, 0.0), idle_limit)
        before = max(end, before)
        times.append(now)
    return times


class ReplaySource:
    """One showing of one step. Everything it publishes goes to the lane of the demo's name."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        demo: Demo,
        step: int,
        material: StepMaterial,
        column: Callable[[], int],
    ) -> None:
        """`column` tells where the lane's cursor stands, so that a prompt starts a line."""
        self.demo = demo
        self.step = step
        self.material = material
        self.began = False
        self.ended = False
        self._hub = hub
        self._clock = clock
        self._column = column
        self._command = demo.steps[step].command
        self._prompted = False
        self._typed = 0
        self._played = 0

    # --- the command --------------------------------------------------------------------------

    def begin(self) -> None:
        """The prompt, on an empty line."""
        if self._prompted:
            return
        self._prompted = True
        if self.material.size is not None:
            self._hub.publish(self.demo.name, Resized(*self.material.size))
        if self._command:
            self._output("\r\x1b[K" + prompted(self.demo.steps[self.step].prompt))

    def type_to(self, count: int) -> None:
        """The command's first `count` characters stand at the prompt."""
        self.begin()
        typed = self._command[self._typed : count]
        self._typed = max(self._typed, min(count, len(self._command)))
        self._output(typed.replace("\n", "\r\n> "))

    def type_rest(self) -> None:
        """The whole command, at once."""
        self.type_to(len(self._command))

    def press(self, key: str) -> None:
        """A replayed step takes no keys: it goes its way."""

    def resume(self) -> None:
        """It never pauses."""

    async def type_command(self) -> None:
        """The command, a character after the other."""
        self.begin()
        start = self._clock.now()
        for count, due in enumerate(typing_times(self._command, self.demo.name), start=1):
            await self._clock.sleep_until(start + due)
            self.type_to(count)

    # --- the output ---------------------------------------------------------------------------

    async def run(self) -> None:
        """The output at its pace, and then the next prompt."""
        self._begin_output()
        start = self._clock.now()
        *dues, end = playing_times(self.material)
        while self._played < len(dues):
            await self._clock.sleep_until(start + dues[self._played])
            self._publish_due(dues, self._clock.now() - start)
            await asyncio.sleep(0)
        await self._clock.sleep_until(start + end)
        self._end()

    def finish_now(self) -> None:
        """All that is left, at once."""
        if self.ended:
            return
        self.type_rest()
        self._begin_output()
        rest = "".join(text for _, text in self.material.chunks[self._played :])
        self._played = len(self.material.chunks)
        self._output(rest)
        self._end()

    def _publish_due(self, dues: Sequence[float], now: float) -> None:
        """The chunks due by now as one text, at least one of them, not much over `_PIECE`."""
        chunks = self.material.chunks
        texts = [chunks[self._played][1]]
        size = len(texts[0])
        self._played += 1
        while self._played < len(dues) and dues[self._played] <= now and size < _PIECE:
            texts.append(chunks[self._played][1])
            size += len(texts[-1])
            self._played += 1
        self._output("".join(texts))

    def _begin_output(self) -> None:
        if self.began:
            return
        self.type_rest()
        self.began = True
        if self._command:
            self._output("\r\n")
        self._hub.publish(self.demo.name, StepBegan(self.step, self.material.rung))

    def _end(self) -> None:
        prompt = self._next_prompt()
        if prompt:
            self._output(TIDY)
            self._output(("\r\n" if self._column() else "") + prompted(prompt))
        self.ended = True
        ended = StepEnded(self.step, self.material.status, self.material.seconds)
        self._hub.publish(self.demo.name, ended)

    def _next_prompt(self) -> str:
        """The prompt of the next step, or this one's once more; none where nothing is typed."""
        steps = self.demo.steps[self.step : self.step + 2]
        if not self._command or not steps[-1].command:
            return ""
        return steps[-1].prompt

    def _output(self, text: str) -> None:
        if text:
            self._hub.publish(self.demo.name, Output(text))
