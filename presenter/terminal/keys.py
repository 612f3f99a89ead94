"""Keys, pastes, the mouse and the focus as a program in an xterm gets them.

Keys come by the names of the screen's toolkit: modifiers joined by `+` before `up`, `f5`, `a` or
the name of a character (`ctrl+right_square_bracket`). What cannot be told to a program is nothing.
"""

from __future__ import annotations

import re
import string
import unicodedata
from typing import Literal

from presenter.terminal.modes import DISAMBIGUATE, Modes

MouseKind = Literal["press", "release", "move", "wheel_up", "wheel_down"]

_BITS = {"shift": 1, "alt": 2, "ctrl": 4, "super": 8, "hyper": 16, "meta": 32}
_SHIFT, _ALT, _CTRL = 1, 2, 4
_BEYOND = 8 + 16 + 32
"""Modifiers of which xterm tells nothing."""


def _table(written: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in written.split())


_CURSOR = _table("up:A down:B right:C left:D kp_begin:E end:F home:H f1:P f2:Q f3:R f4:S")
_TILDE = _table(
    "insert:2 delete:3 pageup:5 pagedown:6 f5:15 f6:17 f7:18 f8:19 f9:20 f10:21 f11:23 f12:24"
)
_HIGHER = (0, 1, 4, 5, 2, 3)
"""Modifiers that stand for each dozen of function keys: F13 is shift and F1."""
_CONTROLS = {"enter": "\r", "return": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f"}
_CODES = {"enter": 13, "return": 13, "tab": 9, "escape": 27, "backspace": 127}
_KEYPAD = _table("multiply:*j add:+k separator:,l subtract:-m decimal:.n divide:/o equal:=X")
"""The character of a key on the keypad, and how its application mode calls it."""
_CTRL_DIGITS = dict(zip("2345678/", "\x00\x1b\x1c\x1d\x1e\x1f\x7f\x1f", strict=True))
_ALIASES = {"ctrl-at": "ctrl+at", "ctrl+left_square_brace": "ctrl+left_square_bracket"}
_NAMES = {re.sub("[ -]", "_", unicodedata.name(c).lower()): c for c in string.punctuation + " "}
_NAMES |= _table("slash:/ backslash:\\ at:@ minus:- plus:+ underscore:_")

_MARKS = re.compile("\x1b\\[20[01]~")
_HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MOST_CELLS = 95
"""Columns and rows that the mouse's old encoding can tell within ASCII."""


def encode_key(key: str, character: str | None, modes: Modes) -> str:
    """What a key press sends; `character` is the text that it would write, if any."""
    *names, base = _ALIASES.get(key, key).rsplit("+", 1)
    held = 0
    for name in names[0].split("+") if names else ():
        held |= _BITS.get(name, 0)
    if names and not base:
        base = "plus"  # as somebody may write `ctrl++`
    kitty = bool(modes.kitty & DISAMBIGUATE)
    if held & _BEYOND and not kitty:
        return ""
    if re.fullmatch(r"f[1-9][0-9]?", base):
        return _function_key(int(base[1:]), held, kitty)
    if base in _CURSOR:
        return _cursor_key(_CURSOR[base], held, modes.application_cursor and not kitty)
    if base in _TILDE:
        return _tilde_key(_TILDE[base], held)
    if base in _CONTROLS:
        return _control_key(base, held, kitty)
    if base in _KEYPAD and not held:
        return f"\x1bO{_KEYPAD[base][1]}" if modes.application_keypad else _KEYPAD[base][0]
    return _text_key(base, character, held, kitty)


def _function_key(number: int, held: int, kitty: bool) -> str:
    dozen, index = divmod(number - 1, 12)
    if dozen >= len(_HIGHER):
        return ""
    held |= _HIGHER[dozen]
    name = f"f{index + 1}"
    if name in _TILDE:
        return _tilde_key(_TILDE[name], held)
    if kitty and name == "f3":
        return _tilde_key("13", held)  # its other form could be a cursor's position
    return _cursor_key(_CURSOR[name], held, not kitty)


def _cursor_key(letter: str, held: int, application: bool) -> str:
    if held:
        return f"\x1b[1;{held + 1}{letter}"
    return f"\x1bO{letter}" if application else f"\x1b[{letter}"


def _tilde_key(number: str, held: int) -> str:
    return f"\x1b[{number};{held + 1}~" if held else f"\x1b[{number}~"


def _control_key(base: str, held: int, kitty: bool) -> str:
    if kitty and (held or base == "escape"):
        return _kitty_key(_CODES[base], held)
    if base == "tab" and held & _SHIFT:
        sent = "\x1b[Z"
    elif base == "backspace" and held & _CTRL:
        sent = "\x08"
    else:
        sent = _CONTROLS[base]
    return "\x1b" + sent if held & _ALT else sent


def _text_key(base: str, character: str | None, held: int, kitty: bool) -> str:
    """A key that writes something, or would but for its modifiers."""
    plain = base if len(base) == 1 else _NAMES.get(base, "")
    if base.startswith("<") and len(base) > 1:
        return ""  # no key but one of the toolkit's signs, such as `<ignore>`
    if not held & ~_SHIFT:
        return character or (plain.upper() if held else plain)
    if not plain and character and character.isprintable() and len(character) == 1:
        plain = character
    if not plain:
        return ""
    if kitty:
        return _kitty_key(ord(plain.lower()[0]), held)
    if held & _CTRL:
        text = _with_ctrl(plain)
    else:
        text = character or (plain.upper() if held & _SHIFT else plain)
    return "\x1b" + text if held & _ALT else text


def _with_ctrl(char: str) -> str:
    """What a character becomes with ctrl held, as X11 has it."""
    if char in _CTRL_DIGITS:
        return _CTRL_DIGITS[char]
    return chr(ord(char) & 0x1F) if char == " " or "@" <= char < "\x7f" else char


def _kitty_key(code: int, held: int) -> str:
    return f"\x1b[{code};{held + 1}u" if held else f"\x1b[{code}u"


def encode_paste(text: str, modes: Modes) -> str:
    """Pasted text, without what could end the paste early or act as a key.

    Lines end as by the Enter key where the program does not ask for pastes in brackets.
    """
    text = _HARMFUL.sub("", _MARKS.sub("", text))
    if modes.bracketed_paste:
        return f"\x1b[200~{text}\x1b[201~"
    return text.replace("\r\n", "\r").replace("\n", "\r")


def encode_mouse(
    kind: MouseKind,
    x: int,
    y: int,
    button: int,
    modes: Modes,
    *,
    shift: bool = False,
    alt: bool = False,
    ctrl: bool = False,
) -> str:
    """What the mouse at a cell (from 0) sends.

    `button` is 1 left, 2 middle, 3 right, and 0 for motion with none held or for the wheel.
    """
    if not _wanted(kind, button, modes.mouse) or x < 0 or y < 0:
        return ""
    if kind in ("wheel_up", "wheel_down"):
        code = 64 if kind == "wheel_up" else 65
    else:
        code = (button or 4) - 1 + (32 if kind == "move" else 0)
    if modes.mouse != 9:
        code += 4 * shift + 8 * alt + 16 * ctrl
    if modes.mouse_sgr:
        return f"\x1b[<{code};{x + 1};{y + 1}{'m' if kind == 'release' else 'M'}"
    if x >= _MOST_CELLS or y >= _MOST_CELLS:
        return ""
    if kind == "release":
        code |= 3
    return f"\x1b[M{chr(32 + code)}{chr(33 + x)}{chr(33 + y)}"


def _wanted(kind: MouseKind, button: int, mode: int) -> bool:
    if kind == "move":
        return mode == 1003 or (mode == 1002 and button > 0)
    if kind in ("press", "release") and not 1 <= button <= 3:
        return False
    return mode >= 1000 or (mode == 9 and kind == "press")


def encode_focus(gained: bool, modes: Modes) -> str:
    """What the window's focus, gained or lost, sends."""
    return ("\x1b[I" if gained else "\x1b[O") if modes.focus_events else ""
