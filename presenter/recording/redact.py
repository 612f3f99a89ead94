"""Secrets out of what is recorded: each of their characters becomes a dot of the same width.

They are looked for in what a step shows as a whole: colours, cuts between events and line ends at
the grid's width do not hide one. What is found goes from the output itself, whose layout stays.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote, quote_plus

from presenter.recording.patterns import find_patterns
from presenter.recording.plain import (
    Span,
    behind_sequence,
    breaks,
    cells,
    read_output,
    without,
    wraps,
)

DOT = "•"
SHORTEST = 8
"""Characters of a value that is looked for: a shorter one stands in many a word."""
SHORTEST_BROKEN = 16
"""Of one that is looked for over all line breaks, wherever they stand."""
Finder = Callable[[str], Iterable[Span]]
"""Finds what must go in a text without escape sequences."""
_ROUNDS = 8
"""What is taken away may uncover what was part of it; each round finds less."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*+={0,2}")
_BASE64_BEFORE = re.compile(r"[A-Za-z0-9+/_-]{0,4}\Z")
_KEPT = frozenset("\r\n\t")
_CLIPBOARD = re.compile(r"(?m)^52;[^;\n]{0,16};([^\n]+)")


class Redactor:
    """Knows the values that must not be recorded, and finds what looks like a secret."""

    def __init__(self, values: Iterable[str] = (), finders: Iterable[Finder] = ()) -> None:
        """`values`: secrets of this machine; short ones are left out.

        `finders` find what else must go.
        """
        self._finders = (find_patterns, *finders)
        lines = {line.strip() for value in values for line in _parts(value)}
        self._forms = sorted(
            form for line in lines if len(line) >= SHORTEST for form in _forms(line)
        )

    def text(self, text: str) -> str:
        """One text without its secrets."""
        return self.pieces([text], 0)[0]

    def pieces(self, pieces: Sequence[str], columns: int) -> list[str]:
        """The pieces of one output, shown on a grid of `columns`, without their secrets.

        Doing it twice changes nothing more.
        """
        found = list(pieces)
        for _ in range(_ROUNDS):
            spans = _united(self._find("".join(found), columns))
            changed = _dotted(found, spans)
            if changed == found:
                break
            found = changed
        return found

    def _find(self, output: str, columns: int) -> Iterator[Span]:
        shown, strings = read_output(output)
        yield from shown.back(self._find_in(shown.text))
        yield from strings.back(self._find_in(strings.text))
        clipboards = (match.span(1) for match in _CLIPBOARD.finditer(strings.text))
        yield from strings.back(clipboards)  # it was never on the screen
        for start, end in _find_forms(output, self._forms):
            shown_from = behind_sequence(output, start)
            if start < shown_from < end:  # what is shown is not the value, but the rest of it
                yield shown_from, end
        wrapped = list(wraps(shown.text, columns))
        if wrapped:
            joined = without(shown.text, wrapped)
            yield from shown.back(joined.back(self._find_in(joined.text)))
        long = [form for form in self._forms if len(form[0]) >= SHORTEST_BROKEN]
        if long:
            joined = without(shown.text, breaks(shown.text))
            yield from shown.back(joined.back(_find_forms(joined.text, long)))

    def _find_in(self, text: str) -> Iterator[Span]:
        yield from _find_forms(text, self._forms)
        for find in self._finders:
            yield from find(text)


def _parts(value: str) -> list[str]:
    """The value; of one of many lines (a key, a document) the lines that are long enough."""
    lines = value.strip().splitlines()
    if len(lines) <= 1:
        return lines
    return [line for line in lines if len(line) >= SHORTEST_BROKEN and not line.startswith("-----")]


def _forms(value: str) -> set[tuple[str, bool]]:
    """The ways in which a value is written; True where it stands within a longer code."""
    data = _bytes(value)
    percent = quote(data, safe="")
    lower = re.sub("%..", lambda match: match[0].lower(), percent)
    shown = data.decode("utf-8", "replace")
    plain = {value, shown, percent, lower, quote(data), quote_plus(data)}
    coded = set()
    for shift in range(3):  # the code of a value depends on how many bytes stand before it
        code = base64.b64encode(b"\0" * shift + data).decode()
        core = code[(0, 2, 3)[shift] :]
        if code.endswith("="):
            core = core.rstrip("=")[:-1]
        coded |= {core, core.translate(str.maketrans("+/", "-_"))}
    return {(one, False) for one in plain} | {(one, True) for one in coded if len(one) >= SHORTEST}


def _bytes(value: str) -> bytes:
    """The value as a variable holds it: bytes that are no text come as lone surrogates."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def _find_forms(text: str, forms: Sequence[tuple[str, bool]]) -> Iterator[Span]:
    for form, within in forms:
        at = text.find(form)
        while at >= 0:
            start, end = at, at + len(form)
            if within:  # what is left of the code tells the value's ends
                start -= len(_before(text, start))
                match = _BASE64.match(text, end, end + 4)
                end = match.end() if match else end
            yield start, end
            at = text.find(form, at + len(form))


def _before(text: str, at: int) -> str:
    match = _BASE64_BEFORE.search(text[max(at - 4, 0) : at])
    return match[0] if match else ""


def _united(spans: Iterable[Span]) -> list[Span]:
    """Ascending, none touching another."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united


def _dotted(pieces: Sequence[str], spans: Sequence[Span]) -> list[str]:
    """The pieces with dots in place of the spans of what they are together."""
    found = []
    begin = index = 0
    for piece in pieces:
        parts, at, end = [], 0, begin + len(piece)
        while index < len(spans) and spans[index][0] < end:
            start, stop = spans[index]
            first, last = max(start - begin, 0), min(stop - begin, len(piece))
            parts += [piece[at:first], "".join(map(_dot, piece[first:last]))]
            at = last
            if stop > end:
                break
            index += 1
        found.append("".join([*parts, piece[at:]]) if parts else piece)
        begin = end
    return found


def _dot(char: str) -> str:
    return char if char in _KEPT else DOT * cells(char)
