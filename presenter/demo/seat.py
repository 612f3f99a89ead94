"""A live terminal and who listens to it: queries are answered, modes are followed, keys encoded.

A seat outlives the steps that use it. Who has the seat gets its events; with nobody there they are
dropped, but its queries are answered all the same, so that no program waits for its terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from presenter.live.marks import Ended, Printed
from presenter.live.shell import ShellEvent
from presenter.terminal.emulator import Emulator
from presenter.terminal.keys import MouseKind, encode_focus, encode_key, encode_mouse, encode_paste
from presenter.terminal.modes import ModeTracker
from presenter.terminal.queries import Facts, QueryScanner, answer

SOFT_RESET = "\x1b[!p"
WHEEL_LINES = 3
_WHEEL: dict[MouseKind, str] = {"wheel_up": "up", "wheel_down": "down"}


class Colours(Protocol):
    """The colours of the theme in use, as programs ask for them (`#rrggbb`)."""

    def foreground(self) -> str: ...

    def background(self) -> str: ...

    def palette(self, index: int) -> str: ...


class Listener(Protocol):
    """Who has the seat."""

    def heard(self, event: ShellEvent) -> None:
        """Something has happened in the terminal."""

    def asked(self) -> None:
        """A program asks its terminal something: what was printed before must be on the screen."""


class Seat:
    """One live terminal. `write` takes what goes to the process."""

    def __init__(
        self, write: Callable[[str], None], screen: Callable[[str], Emulator], colours: Colours
    ) -> None:
        """`screen` gives the emulator of a lane: answers tell of the one that is written to."""
        self.lane = ""
        self.listener: Listener | None = None
        self._write = write
        self._screen = screen
        self._colours = colours
        self._scanner = QueryScanner()
        self._tracker = ModeTracker()

    def take(self, lane: str, listener: Listener) -> None:
        """`listener` hears what is printed from now on, and shows it on `lane`."""
        self.lane, self.listener = lane, listener

    def leave(self, listener: Listener) -> None:
        """Nobody listens any more; without effect for who does not have the seat."""
        if self.listener is listener:
            self.listener = None

    def on_event(self, event: ShellEvent) -> None:
        """Pass on what the terminal's owner reports; queries are answered in their place."""
        if not isinstance(event, Printed):
            if isinstance(event, Ended):
                self._tracker.feed(SOFT_RESET)  # what a killed program has left on
            self._tell(event)
            return
        for piece, query in self._scanner.split(event.text):
            self._tracker.feed(piece)
            self._tell(Printed(piece, event.running))
            if query is not None:
                if self.listener is not None:
                    self.listener.asked()
                self._write(answer(query, self._facts()))

    def _tell(self, event: ShellEvent) -> None:
        if self.listener is not None:
            self.listener.heard(event)

    def _facts(self) -> Facts:
        emulator = self._screen(self.lane)
        cursor, colours = emulator.cursor, self._colours
        return Facts(
            column=cursor.column,
            row=cursor.row,
            columns=emulator.columns,
            rows=emulator.rows,
            foreground=colours.foreground(),
            background=colours.background(),
            palette=colours.palette,
            modes=self._tracker.modes,
        )

    # --- keys ---------------------------------------------------------------------------------

    def key(self, key: str, character: str | None) -> None:
        """A key, by Textual's name of it, for the program in the terminal."""
        self._write(encode_key(key, character, self._tracker.modes))

    def focus(self, gained: bool) -> None:
        """Its window has the speaker's keys, or has them no more."""
        self._write(encode_focus(gained, self._tracker.modes))

    def paste(self, text: str) -> None:
        self._write(encode_paste(text, self._tracker.modes))

    def mouse(self, told: Mouse) -> bool:
        """The mouse over a cell of the terminal; False where its program does not want to know.

        On the alternate screen the wheel is arrow keys for a program that asks for no mouse.
        """
        modes = self._tracker.modes
        data = encode_mouse(
            told.kind,
            told.x,
            told.y,
            told.button,
            modes,
            shift=told.shift,
            alt=told.alt,
            ctrl=told.ctrl,
        )
        if not data and modes.alternate_screen and told.kind in _WHEEL:
            data = encode_key(_WHEEL[told.kind], None, modes) * WHEEL_LINES
        self._write(data)
        return bool(data)


@dataclass(frozen=True, slots=True)
class Mouse:
    """What was done with the mouse, over which cell (from 0) of the terminal."""

    kind: MouseKind
    x: int
    y: int
    button: int = 0
    shift: bool = False
    alt: bool = False
    ctrl: bool = False
