"""One showing of one step: its prompt, its command as it is typed, its end. What feeds it differs.

All of this is ours, live or not: so the prompt and the command look the same before and after a
step falls, and a view cannot tell. A live shell's own prompt is shown only while the speaker types
freely into it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.hub import Data, Hub, Output, Resized, StepBegan, StepEnded

KEY_SECONDS = (0.025, 0.040)
"""Shortest and longest time for a typed character."""
TYPING_LIMIT = 2.5
"""Seconds that a command takes to be typed at most."""
RESET = "\x1bc"
"""RIS: what follows is drawn on an empty screen."""
TIDY = "\x18\x1b7\x1b[?1049l\x1b[!p"
"""Sets back what a step left behind: an unfinished sequence (CAN), the alternate screen (leaving it
where it was not entered moves the cursor to where DECSC has just kept it), and by DECSTR colours,
cursor, margins and modes."""


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


class Showing:
    """The part that all sources share; everything goes to the lane of the demo's name."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        demo: Demo,
        step: int,
        column: Callable[[], int],
        size: tuple[int, int] | None = None,
    ) -> None:
        """`column` tells where the lane's cursor stands, so that a prompt starts a line.

        `size`: columns and rows of what it shows; None leaves the lane's as they are.
        """
        self.demo = demo
        self.step = step
        self.command = demo.steps[step].command
        self.began = False
        """Whether its output has begun."""
        self.ended = False
        self.gives_data = demo.steps[step].gives_data
        """What it prints are lines of data."""
        self._hub = hub
        self._clock = clock
        self._column = column
        self._size = size
        self._prompted = False
        self._typed = 0

    def adopt(self, other: Showing) -> None:
        """Take over prompt and command as `other` has typed them."""
        self.command = other.command
        self._prompted = other._prompted
        self._typed = other._typed

    # --- the command --------------------------------------------------------------------------

    def begin(self) -> None:
        """The prompt, on an empty line."""
        if self._prompted:
            return
        self._prompted = True
        if self._size is not None:
            self._hub.publish(self.demo.name, Resized(*self._size))
        if self.demo.steps[self.step].gives_data:
            self.output(RESET)  # each has a page for itself
        elif self.command:
            self.output("\r\x1b[K" + prompted(self.demo.steps[self.step].prompt))

    def type_to(self, count: int) -> None:
        """The command's first `count` characters stand at the prompt."""
        self.begin()
        typed = self.command[self._typed : count]
        self._typed = max(self._typed, min(count, len(self.command)))
        self.output(typed.replace("\n", "\r\n> "))

    def type_rest(self) -> None:
        """The whole command, at once."""
        self.type_to(len(self.command))

    async def type_command(self) -> None:
        """The command, a character after the other."""
        self.begin()
        start = self._clock.now()
        for count, due in enumerate(typing_times(self.command, self.demo.name), start=1):
            await self._clock.sleep_until(start + due)
            self.type_to(count)

    def press(self, key: str) -> None:
        """A key of a player's; what is no player takes none."""

    def resume(self) -> None:
        """Somebody waits for the end; what never pauses need not be told."""

    # --- the output ---------------------------------------------------------------------------

    def begin_output(self, rung: str) -> None:
        """What follows is printed by the command."""
        self.type_rest()
        self.began = True
        if self.command:
            self.output("\r\n")
        self._hub.publish(self.demo.name, StepBegan(self.step, rung))

    def end(self, status: int | None, seconds: float) -> None:
        """Nothing more is printed; the next prompt comes."""
        prompt = self.next_prompt()
        if prompt:
            self.output(TIDY)
            self.output(("\r\n" if self._column() else "") + prompted(prompt))
        self.ended = True
        self._hub.publish(self.demo.name, StepEnded(self.step, status, seconds))

    def next_prompt(self) -> str:
        """The prompt of the next step, or this one's once more; none where nothing is typed."""
        steps = self.demo.steps[self.step : self.step + 2]
        if not self.command or not steps[-1].command:
            return ""
        return steps[-1].prompt

    def printed(self, text: str) -> None:
        """What the step prints."""
        if self.gives_data and text:
            self._hub.publish(self.demo.name, Data(text))
        else:
            self.output(text)

    def output(self, text: str) -> None:
        if text:
            self._hub.publish(self.demo.name, Output(text))
