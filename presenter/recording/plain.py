"""Output as text to be searched, each character of it known by its place in the output.

Escape sequences and controls split what a reader sees as one word. Here they are taken out, and
what is then found leads back to the characters of the output that it stands for.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

Span = tuple[int, int]
"""From the first character to behind the last."""

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,256}[ -/]{0,16}(?P<csi>[@-~])"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?P<string>[^\x07\x1b\x90\x98\x9c-\x9f]{0,65536})"
    r"(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,16}(?P<escape>[0-~])"
    r"|[\x00-\x1f\x7f-\x9f]"
)
_LONGEST = 280
"""Characters of a sequence that is no string."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WINDOW = 262_144
"""Characters looked through at once: other threads wait for that long."""
_MOVES = frozenset("ABCDEFGHILMSTXZ`adefrsu")
"""Final letters of CSI sequences behind which the cursor may stand elsewhere."""
_ESCAPE_MOVES = frozenset("78DEMc")
_LINE_END = re.compile(r"\r{0,4}\n|\r")
_BREAK = re.compile(r"[\r\n]")
_TAB = 8


class Part:
    """Pieces of another text, in their order."""

    def __init__(self) -> None:
        self.text = ""
        self._pieces: list[str] = []
        self._starts = array("q")
        """Where each piece begins here, and where there: -1 for one that stands for nothing."""
        self._origins = array("q")
        self._length = 0

    def add(self, piece: str, origin: int) -> None:
        if piece:
            self._starts.append(self._length)
            self._origins.append(origin)
            self._pieces.append(piece)
            self._length += len(piece)

    def done(self) -> Part:
        """All pieces are there."""
        self.text = "".join(self._pieces)
        self._pieces.clear()
        return self

    def back(self, spans: Iterable[Span]) -> Iterator[Span]:
        """What spans of this text stand for, as spans of the other."""
        for start, end in spans:
            index = bisect_right(self._starts, start) - 1
            while start < end:
                is_last = index + 1 == len(self._starts)
                piece_end = self._length if is_last else self._starts[index + 1]
                stop = min(end, piece_end)
                origin = self._origins[index]
                if origin >= 0:
                    offset = origin - self._starts[index]
                    yield start + offset, stop + offset
                start = stop
                index += 1


def read_output(output: str) -> tuple[Part, Part]:
    """What an output shows, a line break where the cursor moves; and its strings, one a line.

    Strings are what OSC, DCS and the like hold: titles, links, the clipboard.
    """
    shown, strings = Part(), Part()
    at = 0
    for match in _sequences(output):
        shown.add(output[at : match.start()], at)
        at = match.end()
        if match["csi"] in _MOVES or match["escape"] in _ESCAPE_MOVES:
            shown.add("\n", -1)
        elif match["string"]:
            strings.add(match["string"], match.start("string"))
            strings.add("\n", -1)
    shown.add(output[at:], at)
    return shown.done(), strings.done()


def _sequences(output: str) -> Iterator[re.Match[str]]:
    """Escape sequences and controls but for blanks and line ends."""
    at = 0
    while (control := _search(_CONTROL, output, at)) is not None:
        match = _SEQUENCE.match(output, control.start())
        if match:
            yield match
        at = (match or control).end()


def behind_sequence(output: str, at: int) -> int:
    """`at`, or where a sequence that began before ends: it takes what stands there for itself."""
    begin = max(at - _LONGEST, 0)
    before = output[begin:at]
    start = max(before.rfind("\x1b"), before.rfind("\x9b"))
    match = _SEQUENCE.match(output, begin + start) if start >= 0 else None
    return max(match.end(), at) if match else at


def without(text: str, cuts: Iterable[Span]) -> Part:
    """The text without some of its spans, which ascend."""
    part = Part()
    at = 0
    for start, end in cuts:
        part.add(text[at:start], at)
        at = end
    part.add(text[at:], at)
    return part.done()


def wraps(text: str, columns: int) -> Iterator[Span]:
    """The line breaks behind lines that fill the grid: a program has wrapped there."""
    if columns <= 0:
        return
    begin = at = 0
    while (found := _search(_BREAK, text, at)) is not None:
        match = _LINE_END.match(text, found.start())
        start, at = match.span() if match else found.span()
        if text[start:at] == "\r" and text[start - 1 : start] == " ":
            start -= 1  # what a line editor prints to get to the next line
        elif text[start:at] == "\r":
            start = begin
        if 2 * (start - begin) >= columns:
            width = cells(text[begin:start].expandtabs(_TAB))
            if width and width % columns == 0:
                yield start, at
        begin = at


def breaks(text: str) -> Iterator[Span]:
    """The characters that end lines."""
    at = 0
    while (found := _search(_BREAK, text, at)) is not None:
        yield found.span()
        at = found.end()


def _search(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The next match of a pattern of one character."""
    while at < len(text):
        window = min(at + _WINDOW, len(text))
        found = pattern.search(text, at, window)
        if found is not None:
            return found
        at = window
    return None


def cells(text: str) -> int:
    """Columns that a text without controls takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # only text beyond ASCII needs the tables

    return cell_len(text)
