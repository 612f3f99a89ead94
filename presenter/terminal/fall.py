"""How a step falls to its recording without a seam.

The screen goes back to what it was when the step began, gets the recorded output up to the last
line that the audience has seen already, all in one frame, and goes on from there at the recorded
pace. Prompt and size stay those of the live shell.

One sort of output cannot be put on another screen: what draws by absolute positions outside the
alternate screen. It starts from the recording's own screen instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from presenter.talk.expect import LONGEST_LINE, WILDCARD, agrees, normalise
from presenter.terminal.emulator import Snapshot

MOST_SEEN = 2000
"""Lines of live output that are compared: what was longer falls to the last of them at most."""
MOST_CROSSED = 60
"""Lines of either side that are compared each with each, behind those that agree one by one."""
MOST_CROSSINGS = 20
"""How often they are."""

_ANY = (
    r"(?:\x1b\[|\x9b)(?P<csi>[0-?]{0,256}[ -/]{0,16}[@-~])"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,65536}"
    r"(?:\x07|\x1b\\|\x9c)"
    r"|\x1b(?P<escape>[ -/]{0,16}[0-~])"
)
_UNSEEN = re.compile(_ANY)
_SEQUENCE = re.compile(rf"{_ANY}|(?P<newline>\n)")
_RIGHT = re.compile(r"(?:\x1b\[|\x9b)[0-?]{0,256}[ -/]{0,16}C")
"""The cursor goes right over blanks (CUF)."""
_ALTERNATE = re.compile(r"\?(?:[0-9]{1,8};){0,16}(?:47|1047|1049)(?:;[0-9]{1,8}){0,16}[hl]")
_ABSOLUTE = re.compile(r"[0-9;:]{0,256}[Hfdr]|[23]J")
"""Cursor position (CUP, HVP), line (VPA), margins (DECSTBM), and the whole screen erased (ED)."""
_RESET = ("c", "#8")
"""Reset (RIS) and the alignment pattern (DECALN): they, too, fill the whole screen."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step's recorded output, its shell's marks left out."""

    chunks: tuple[tuple[float, str], ...]
    """Output at seconds since the step's output began, ascending."""
    columns: int
    rows: int
    start: Snapshot | None = None
    """The recording's own screen where the step's output begins; needed for absolute drawing."""


@dataclass(frozen=True, slots=True)
class Fall:
    """What the pane is given: `start` and `text` in one frame, then `rest` at its pace."""

    start: Snapshot
    text: str
    rest: tuple[tuple[float, str], ...]
    """Output at seconds from now, ascending; with `text` before it, the whole recording."""
    seen: int = 0
    """Lines of `text`."""
    own_screen: bool = False
    """It starts from the recording's own screen, prompt and size."""


class SeenLines:
    """Collects the lines of live output that the audience has seen, from the step's beginning."""

    def __init__(self, most: int = MOST_SEEN) -> None:
        self.lines: list[str] = []
        """Whole lines as plain text, at most `most`."""
        self._most = most
        self._open = ""

    def feed(self, output: str) -> None:
        """Take in output that has been shown, however it is cut."""
        if len(self.lines) >= self._most:
            return
        text = self._open + output
        if "\n" in output:
            *whole, text = _without_sequences(text).split("\n")
            self.lines += map(_plain, whole[: self._most - len(self.lines)])
        if len(text) > 4 * LONGEST_LINE:  # a line without an end, such as a bar that goes on
            text = text[:LONGEST_LINE] + text[-LONGEST_LINE:]
        self._open = text


def plain_lines(output: str) -> list[tuple[str, int]]:
    """The whole lines of an output as plain text, each with the offset at which it ends."""
    found: list[tuple[str, int]] = []
    pieces: list[str] = []
    at = 0
    for match in _SEQUENCE.finditer(output):
        pieces.append(output[at : match.start()])
        at = match.end()
        if match["newline"]:
            found.append((_plain("".join(pieces)), at))
            pieces.clear()
        elif (match["csi"] or "").endswith("C"):
            pieces.append(" ")  # a cursor that goes right over blanks
    return found


def _without_sequences(output: str) -> str:
    """As `plain_lines` reads it, several times faster; a sequence without its end stays."""
    if "C" in output:
        output = _RIGHT.sub(" ", output)
    return _UNSEEN.sub("", output)


def _plain(text: str) -> str:
    """What a line shows in the end where it writes over itself after carriage returns."""
    return _INVISIBLE.sub("", text.rstrip("\r").rpartition("\r")[2][:LONGEST_LINE])


def draws_absolutely(output: str, *, everywhere: bool = False) -> bool:
    """Whether an output draws by absolute positions outside the alternate screen.

    `everywhere`: on the alternate screen too, which ties it to the size that it was recorded at.
    """
    alternate = False
    for match in _SEQUENCE.finditer(output):
        csi = match["csi"] or ""
        if _ALTERNATE.fullmatch(csi):
            alternate = csi.endswith("h")
        elif (everywhere or not alternate) and (
            _ABSOLUTE.fullmatch(csi) or match["escape"] in _RESET
        ):
            return True
    return False


def agreed(seen: Sequence[str], recorded: Sequence[str]) -> int:
    """How many of the recorded lines lead up to the last one that the audience has seen.

    Lines that agree one by one come first. Behind them, where either side may have lines that the
    other lacks, as many as possible are brought to agree in their order, as early as possible.
    """
    seen = seen[:MOST_SEEN]
    at = count = 0
    for _ in range(MOST_CROSSINGS):
        while at < len(seen) and count < len(recorded) and _same(recorded[count], seen[at]):
            at, count = at + 1, count + 1
        further = _crossed(seen[at : at + MOST_CROSSED], recorded[count : count + MOST_CROSSED])
        if further == (0, 0):
            break
        at, count = at + further[0], count + further[1]
    return count


def _same(recorded: str, seen: str) -> bool:
    if WILDCARD in recorded or WILDCARD in seen:
        return agrees(recorded, seen)
    return recorded == seen or normalise(recorded) == normalise(seen)


def _key(line: str) -> str:
    """What tells a line from others; nothing for one with a wildcard, which agrees with many."""
    return "" if WILDCARD in line else normalise(line)


def _crossed(seen: Sequence[str], recorded: Sequence[str]) -> tuple[int, int]:
    """Where the longest common subsequence of both ends earliest, as counts of their lines.

    Blank lines and lone wildcards agree with too much to tell anything: they do not count.
    """
    tells = [bool(line.strip()) and line.strip() != WILDCARD for line in recorded]
    keys = [_key(line) for line in recorded]
    rows = [[0] * (len(recorded) + 1)]
    """For each count of lines seen and of lines recorded, how many of them agree at most."""
    for line in seen:
        before, row, key = rows[-1], [0], _key(line)
        for index, told in enumerate(keys):
            longest = max(before[index + 1], row[index])
            if not tells[index] or before[index] < longest:
                pass
            elif told == key if told and key else _same(recorded[index], line):
                longest = before[index] + 1
            row.append(longest)
        rows.append(row)
    count = rows[-1].index(rows[-1][-1])
    return next(n for n, row in enumerate(rows) if row[count] == rows[-1][count]), count


def fall(start: Snapshot, seen: Sequence[str], recorded: Recorded) -> Fall:
    """How to go on from `recorded` when the audience has seen the live lines `seen`.

    `start` is the live screen where the step's output began. Its prompt and size are kept, but
    where the recording draws by absolute positions and its own screen is known.
    """
    output = "".join(text for _, text in recorded.chunks)
    resized = (recorded.columns, recorded.rows) != (start.columns, start.rows)
    if recorded.start is not None and draws_absolutely(output, everywhere=resized):
        return _cut(recorded.start, recorded.chunks, (0, 0), own_screen=True)
    lines = plain_lines(output)
    count = agreed(seen, [line for line, _ in lines])
    return _cut(start, recorded.chunks, (count, lines[count - 1][1] if count else 0))


def fall_of_data(start: Snapshot, seen: int, chunks: Sequence[tuple[float, str]]) -> Fall:
    """The same for lines of data, one in each chunk: as many are given at once as were seen."""
    now = chunks[seen - 1][0] if 0 < seen <= len(chunks) else 0.0
    rest = tuple((max(time - now, 0.0), line) for time, line in chunks[seen:])
    return Fall(start, "".join(line for _, line in chunks[:seen]), rest, min(seen, len(chunks)))


def fall_by_lines(
    start: Snapshot,
    seen: Sequence[str],
    chunks: Sequence[tuple[float, str]],
    reads: Callable[[str], str],
) -> Fall:
    """The same for data that is told by what it says: up to the last line that was seen.

    `reads` gives the lines of text that a chunk says. The first that says anything is given at once
    whatever was seen: a list takes the place of a list.
    """
    told = (
        (line, n) for n, (_, chunk) in enumerate(chunks) for line in reads(chunk).split("\n")[:-1]
    )
    texts = list(islice(told, 2 * MOST_SEEN))
    count = max(agreed(seen, [line for line, _ in texts]), min(len(texts), 1))
    return fall_of_data(start, texts[count - 1][1] + 1 if count else 0, chunks)


def _cut(
    start: Snapshot,
    chunks: tuple[tuple[float, str], ...],
    until: tuple[int, int],
    *,
    own_screen: bool = False,
) -> Fall:
    """The recording cut behind a number of lines, which end at an offset of its output."""
    count, end = until
    text: list[str] = []
    rest: list[tuple[float, str]] = []
    now = 0.0
    for time, piece in chunks:
        if end:
            text.append(piece[:end])
            now = time
        if piece[end:]:
            rest.append((max(time - now, 0.0), piece[end:]))
        end = max(end - len(piece), 0)
    return Fall(start, "".join(text), tuple(rest), count, own_screen)
