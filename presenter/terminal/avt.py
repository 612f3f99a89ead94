"""The emulator over avt, the engine of asciinema (`pyavt`).

What avt 0.17 does not do and what is done about it here:

- lines that scroll out are reported once and forgotten: kept in a bounded deque;
- combining marks and invisible characters get a cell each: see `clusters`;
- DEL is printed: not sent;
- underlines other than the plain one are lost: see `underlines`;
- lone surrogates raise: replaced by U+FFFD.

Payloads of OSC, DCS, APC, PM and SOS strings are discarded by avt as they come, whatever their
length, and it answers no query: nothing to bound or to silence here.

Not done, because it cannot be done from outside: hyperlinks, left and right margins, selective
erasing, and erasing with the background alone (avt fills with the whole pen, underline and inverse
too).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from avt._avt import Color, Line, Pen, Vt  # the package's own module does not re-export them

from presenter.terminal.clusters import (
    clean,
    expand,
    is_plain,
    join_marks,
    split_tail,
    unmark_sequences,
)
from presenter.terminal.emulator import CellStyle, Colour, Cursor, Row, Run, Snapshot
from presenter.terminal.text import cell_text
from presenter.terminal.underlines import simplify_underlines

MIN_COLUMNS = 2
"""A wide character on a screen of one column makes the engine panic."""
MAX_COLUMNS = 1000
MAX_ROWS = 500
_SLICE = 65_536
"""Code points given to the engine at once: bounds the lines that it reports at once."""
_RESET = "\x1bc"
"""Full reset (RIS): it empties the scrollback too."""
_SWITCH = re.compile(r"\?(?:(?<=\x1b\[\?)|(?<=\x9b\?))[0-9;]{0,64}4[79][0-9;]{0,64}h")
"""A switch to the other screen, from its `?` on: so it is found many times faster."""
_PLAIN = CellStyle()


def clamp_size(columns: int, rows: int) -> tuple[int, int]:
    """A size that can be emulated: 2 to 1000 columns, 1 to 500 rows."""
    return min(max(columns, MIN_COLUMNS), MAX_COLUMNS), min(max(rows, 1), MAX_ROWS)


class EngineError(RuntimeError):
    """The engine has failed; the screen is empty now, and can be used."""


class AvtEmulator:
    """See `presenter.terminal.emulator.Emulator`."""

    def __init__(self, columns: int, rows: int, history: int = 10_000) -> None:
        self._history: deque[Line] = deque(maxlen=history)
        self._start(*clamp_size(columns, rows))

    def _start(self, columns: int, rows: int) -> None:
        self._vt = Vt(columns, rows, 0)
        self._scrolled = 0
        self._held = ""
        """Prepared output that waits for the marks that may follow it; see `split_tail`."""
        self._cache: dict[int, Row] = {}
        self._history.clear()

    @property
    def columns(self) -> int:
        return self._vt.size[0]

    @property
    def rows(self) -> int:
        return self._vt.size[1]

    @property
    def cursor(self) -> Cursor:
        self._settle()
        cursor = self._vt.cursor
        return Cursor(min(cursor.col, self.columns - 1), cursor.row, cursor.visible)

    def feed(self, data: str) -> frozenset[int]:
        text = self._held + data
        if is_plain(text):
            ready, self._held = split_tail(text)
        else:
            ready, self._held = split_tail(unmark_sequences(self._held + clean(data)))
            ready = join_marks(ready)
        changed = self._send(simplify_underlines(ready))
        if self._held:
            changed |= self._rows_waited_for()
        return frozenset(changed)

    def _rows_waited_for(self) -> set[int]:
        """The rows that the character held back can change."""
        cursor = self._vt.cursor
        if cursor.col + 2 > self.columns:
            return set(range(self.rows))  # it wraps, and may scroll
        return {cursor.row}

    def _send(self, data: str) -> set[int]:
        changed: set[int] = set()
        for part in _parts(data):
            self._feed_slices(part, changed)
            if part.endswith(_RESET):
                self._history.clear()
        for y in changed:
            self._cache.pop(y, None)
        return changed

    def _feed_slices(self, data: str, changed: set[int]) -> None:
        for start in range(0, len(data), _SLICE):
            try:
                rows, scrolled = self._vt.feed_str(data[start : start + _SLICE])
            except BaseException as error:
                self._start_anew(error, *self._vt.size)
                raise
            changed.update(rows)
            self._keep(scrolled)

    def _start_anew(self, error: BaseException, columns: int, rows: int) -> None:
        """After a panic, which is no `Exception` and would end whatever it passes."""
        if type(error).__name__ == "PanicException":
            self._start(columns, rows)
            raise EngineError(f"the terminal's engine failed: {error}") from error

    def _settle(self) -> None:
        """Before anything is read, what was held back goes onto the screen."""
        if self._held:
            held, self._held = self._held, ""
            self._send(join_marks(held))

    def _keep(self, scrolled: list[Line]) -> None:
        self._scrolled += len(scrolled)
        self._history.extend(scrolled)

    def resize(self, columns: int, rows: int) -> None:
        self._settle()
        columns, rows = clamp_size(columns, rows)
        if (columns, rows) != self._vt.size:
            try:
                _, scrolled = self._vt.resize(columns, rows)
            except BaseException as error:
                self._start_anew(error, columns, rows)
                raise
            self._keep(scrolled)
            self._cache.clear()

    def row(self, y: int) -> Row:
        self._settle()
        cached = self._cache.get(y)
        if cached is None:
            if not 0 <= y < self.rows:
                raise IndexError(f"no row {y} on a screen of {self.rows}")
            cached = self._cache[y] = row_of(self._vt[y])
        return cached

    def text(self) -> list[str]:
        return ["".join(run.text for run in self.row(y)).rstrip() for y in range(self.rows)]

    @property
    def history_length(self) -> int:
        self._settle()
        return len(self._history)

    def history_row(self, y: int) -> Row:
        self._settle()
        if not 0 <= y < len(self._history):
            raise IndexError(f"no line {y} in a scrollback of {len(self._history)}")
        return row_of(self._history[y])

    def snapshot(self) -> Snapshot:
        """Its data is output that an empty emulator of its size can be fed."""
        self._settle()
        return Snapshot(self.columns, self.rows, expand(self._vt.dump()), self._scrolled)

    def restore(self, snapshot: Snapshot) -> None:
        """The screen of `snapshot`; lines scrolled out since then leave the scrollback.

        A snapshot of a later state cannot bring the lines between: then the scrollback is empty.
        """
        newer = self._scrolled - snapshot.scrolled
        kept = list(self._history)[: max(len(self._history) - newer, 0)] if newer >= 0 else []
        self._start(snapshot.columns, snapshot.rows)
        self._send(join_marks(unmark_sequences(snapshot.data)))
        self._history.clear()
        self._history.extend(kept)
        self._scrolled = snapshot.scrolled

    def reset(self) -> None:
        self._start(self.columns, self.rows)


def _parts(data: str) -> Iterator[str]:
    """Output cut behind each reset, and before each switch to the other screen.

    avt reports the lines that scrolled out of one screen only while that one is shown.
    """
    cuts = [m.start() - (1 if data[m.start() - 1] == "\x9b" else 2) for m in _SWITCH.finditer(data)]
    at = data.find(_RESET)
    while at >= 0:
        cuts.append(at + len(_RESET))
        at = data.find(_RESET, at + len(_RESET))
    cuts.sort()
    start = 0
    for cut in cuts:
        yield data[start:cut]
        start = cut
    yield data[start:]


def row_of(line: Line) -> Row:
    """An engine's line as runs of safe text."""
    runs: list[Run] = []
    text: list[str] = []
    width = 0
    pen: Pen | None = None
    for cell in line.cells:
        columns = cell.width
        if columns == 0:
            continue  # the second half of a wide character
        if pen is None or cell.pen != pen:
            if pen is not None:
                runs.append(Run("".join(text), width, _style_of(pen)))
            pen, text, width = cell.pen, [], 0
        char = cell.char
        width += columns
        text.append(char if columns == 1 and " " <= char <= "~" else _cell(char, columns))
    if pen is not None:
        runs.append(Run("".join(text), width, _style_of(pen)))
    return tuple(runs)


@lru_cache(maxsize=16_384)
def _cell(char: str, columns: int) -> str:
    return cell_text(expand(char), columns)


def _style_of(pen: Pen) -> CellStyle:
    if pen.is_default():
        return _PLAIN
    return _shared(
        CellStyle(
            foreground=_colour_of(pen.foreground),
            background=_colour_of(pen.background),
            bold=pen.bold,
            faint=pen.faint,
            italic=pen.italic,
            underline=pen.underline,
            strike=pen.strikethrough,
            blink=pen.blink,
            inverse=pen.inverse,
        )
    )


@lru_cache(maxsize=1024)
def _shared(style: CellStyle) -> CellStyle:
    """Equal styles as one object: rows are many, styles few."""
    return style


def _colour_of(colour: Color | None) -> Colour:
    if isinstance(colour, Color.RGB):
        return colour[0], colour[1], colour[2]
    if isinstance(colour, Color.Indexed):
        return colour[0]
    return None
