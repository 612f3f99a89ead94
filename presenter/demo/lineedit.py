"""A line that is edited key by key: the command of a step, before it runs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """Text and the place of the cursor in it, in characters from 0."""

    text: str
    cursor: int

    def typed(self, text: str) -> Line:
        """With characters put in at the cursor."""
        text = "".join(char for char in text if char.isprintable() or char == "\n")
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        return Line(before + text + after, self.cursor + len(text))


def press(line: Line, key: str, character: str | None) -> Line:
    """The line after a key, by Textual's name of it; keys that mean nothing here change nothing."""
    text, at = line.text, line.cursor
    match key:
        case "left" | "ctrl+b":
            return replace(line, cursor=max(at - 1, 0))
        case "right" | "ctrl+f":
            return replace(line, cursor=min(at + 1, len(text)))
        case "home" | "ctrl+a":
            return replace(line, cursor=0)
        case "end" | "ctrl+e":
            return replace(line, cursor=len(text))
        case "ctrl+left" | "alt+b":
            return replace(line, cursor=_word_left(text, at))
        case "ctrl+right" | "alt+f":
            return replace(line, cursor=_word_right(text, at))
        case "backspace" | "ctrl+h":
            return _without(text, max(at - 1, 0), at)
        case "delete" | "ctrl+d":
            return _without(text, at, at + 1)
        case "ctrl+w" | "alt+backspace":
            return _without(text, _word_left(text, at), at)
        case "ctrl+u":
            return _without(text, 0, at)
        case "ctrl+k":
            return _without(text, at, len(text))
    return line.typed(character) if character and character.isprintable() else line


def _without(text: str, start: int, end: int) -> Line:
    return Line(text[:start] + text[end:], start)


def _word_left(text: str, at: int) -> int:
    while at > 0 and text[at - 1].isspace():
        at -= 1
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at


def _word_right(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    while at < len(text) and not text[at].isspace():
        at += 1
    return at


def drawn(line: Line) -> str:
    """The line for a terminal, with the cursor as an inverted cell: it may stand on any row."""
    at = line.cursor
    under = line.text[at : at + 1]
    cell = " " if under in ("", "\n") else under
    rest = line.text[at:] if under == "\n" else line.text[at + 1 :]
    shown = f"{line.text[:at]}\x1b[7m{cell}\x1b[27m{rest}"
    return shown.replace("\n", "\r\n> ") + "\x1b[?25l"
