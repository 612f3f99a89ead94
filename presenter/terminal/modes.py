"""The modes that a live program has asked its terminal for, read from its output.

The engine draws and keeps no such modes; what the speaker types and points at is encoded by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MOUSE_MODES = (9, 1000, 1002, 1003)
"""Presses (X10), presses and releases, also motion with a button held, and all motion."""
ALTERNATE_SCREENS = (47, 1047, 1049)
DISAMBIGUATE = 1
"""The one flag of the kitty keyboard protocol that is supported."""
_DEEPEST = 16
"""Flags of the keyboard that a program may push, on either screen."""

_SEQUENCE = re.compile(
    r"\x1b(?:\[(?:\?(?P<modes>[0-9;]{1,128})(?P<final>[hl])"
    r"|(?P<kitty>[<>=][0-9;]{0,16})u|(?P<soft>!p))|(?P<escape>[c=>]))"
)
_UNFINISHED = re.compile(r"\x1b(?:\[(?:\?[0-9;]{0,128}|[<>=][0-9;]{0,16}|!?))?\Z")
_PRIVATE = re.compile(r"\?(?<=\x1b\[\?)(?!(?:12|25)[hl])(?P<modes>[0-9;]{1,128})(?P<final>[hl])")
"""A private mode, from its `?` on; showing the cursor and its blinking come with every drawing."""
_RARE = bytes.maketrans(b"cnqt$+=><!", b"\x01" * 10)
_BETWEEN = b"[P0123456789;:?"
_LONGEST = 140
"""Characters of the longest sequence read."""


@dataclass(frozen=True, slots=True)
class Modes:
    """What a program has asked for."""

    application_cursor: bool = False
    application_keypad: bool = False
    bracketed_paste: bool = False
    focus_events: bool = False
    mouse: int = 0
    """One of `MOUSE_MODES`, or 0: it wants none."""
    mouse_sgr: bool = False
    alternate_screen: bool = False
    synchronized: bool = False
    """It draws a frame that is not whole yet."""
    kitty: int = 0
    """Flags of the kitty keyboard protocol in force."""


_NAMES = {
    1: "application_cursor",
    66: "application_keypad",
    1004: "focus_events",
    1006: "mouse_sgr",
    2004: "bracketed_paste",
    2026: "synchronized",
}
"""Private modes that are on or off, and what they are called here."""


def mode_value(modes: Modes, number: int) -> bool | None:
    """Whether a private mode is set; None for one that is not tracked."""
    if number in MOUSE_MODES:
        return modes.mouse == number
    if number in ALTERNATE_SCREENS:
        return modes.alternate_screen
    return bool(getattr(modes, _NAMES[number])) if number in _NAMES else None


@lru_cache(maxsize=1)
def has_rare(text: str) -> bool:
    """Whether there may be a sequence of seven bits that is looked for, here or in `queries`.

    It tells that there is none ten times faster than a search for each. Private modes, and what is
    asked by OSC, are not told of.
    """
    return b"\x1b\x01" in text.encode("utf-8", "replace").translate(_RARE, _BETWEEN)


def last_escape(text: str, earliest: int) -> int:
    """Where a sequence without its end can begin: at the last ESC, or before one at the very end.

    The end of `text` where none is behind `earliest`.
    """
    at = text.rfind("\x1b", earliest)
    if at >= 0 and at == len(text) - 1:
        before = text.rfind("\x1b", earliest, at)
        return before if before >= 0 else at
    return at if at >= 0 else len(text)


class ModeTracker:
    """Follows the output of one terminal."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}
        """The fields of `Modes` that are not as at the start; a drawing program sets them often."""
        self._modes: Modes | None = None
        self._open = ""
        self._flags: dict[bool, list[int]] = {False: [0], True: [0]}
        """The kitty flags pushed on the main and on the alternate screen; the last is in force."""

    @property
    def modes(self) -> Modes:
        """What is asked for now."""
        if self._modes is None:
            self._modes = Modes(**self._state)
        return self._modes

    def _change(self, name: str, value: object) -> None:
        self._state[name] = value
        self._modes = None

    def feed(self, text: str) -> None:
        """Take in output, however it is cut."""
        text = (self._open + text).replace("\x9b", "\x1b[")
        end = 0
        if not has_rare(text):
            for match in _PRIVATE.finditer(text):
                end = match.end()
                self._set(match["modes"], match["final"] == "h")
        else:
            end = self._read_all(text)
        rest = _UNFINISHED.search(text, last_escape(text, max(end, len(text) - _LONGEST)))
        self._open = rest[0] if rest else ""

    def _read_all(self, text: str) -> int:
        """Returns where the last sequence ends."""
        end = 0
        for match in _SEQUENCE.finditer(text):
            end = match.end()
            if match["modes"]:
                self._set(match["modes"], match["final"] == "h")
            elif match["kitty"]:
                self._keyboard(match["kitty"][0], match["kitty"][1:])
            elif match["soft"]:
                self._reset(alternate_screen=self._alternate)
            elif match["escape"] == "c":
                self._reset(alternate_screen=False)
            else:
                self._change("application_keypad", match["escape"] == "=")
        return end

    @property
    def _alternate(self) -> bool:
        return bool(self._state.get("alternate_screen"))

    def _reset(self, *, alternate_screen: bool) -> None:
        self._state = {"alternate_screen": alternate_screen}
        self._modes = None
        self._flags = {False: [0], True: [0]}

    def _set(self, numbers: str, on: bool) -> None:
        for number in _numbers(numbers):
            if number in _NAMES:
                self._change(_NAMES[number], on)
            elif number in MOUSE_MODES:
                self._change("mouse", number if on else 0)
            elif number in ALTERNATE_SCREENS:
                self._change("alternate_screen", on)
                self._change("kitty", self._flags[on][-1])

    def _keyboard(self, verb: str, written: str) -> None:
        """Push (`>`), pop (`<`) or set (`=`) the flags of the keyboard."""
        first, _, how = written.partition(";")
        number = int(first or 0)
        flags = self._flags[self._alternate]
        if verb == ">":
            flags.append(number & DISAMBIGUATE)
            del flags[1 : len(flags) - _DEEPEST]
        elif verb == "<":
            del flags[max(1, len(flags) - (number or 1)) :]
        elif how == "2":
            flags[-1] |= number & DISAMBIGUATE
        elif how == "3":
            flags[-1] &= ~number
        else:
            flags[-1] = number & DISAMBIGUATE
        self._change("kitty", flags[-1])


@lru_cache(maxsize=256)
def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(each) for each in written.split(";") if each and len(each) < 6)
