"""A picture of data on an emulator's screen, and a screen that is fed nothing but data."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from presenter.layout.datapicture import Picture, picture_of
from presenter.recording.datacast import BEGIN
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Cursor, Emulator, Row, Snapshot

_NO_CURSOR = "\x1b[?25l"


class Drawing:
    """The picture of a step's data, drawn when somebody looks, below what stood there before."""

    def __init__(self, emulator: Emulator, picture: Picture) -> None:
        self.picture = picture
        self.before = emulator.snapshot()
        self._used = min(emulator.cursor.row, emulator.rows - 1)
        """Rows above it."""
        """The screen without it."""
        self._emulator = emulator
        self._size = 0, 0
        """Of what has been drawn."""
        self._drawn = False

    def take(self, lines: str) -> None:
        self.picture.take(lines)
        self._drawn = False

    def draw(self) -> None:
        size = self._emulator.columns, self._emulator.rows
        if self._drawn and size == self._size:
            return
        self._drawn, self._size = True, size
        try:
            text = self.picture.text(size[0], size[1] - self._used)
        except Exception as error:  # noqa: BLE001 — what others sent must not cost the slide
            text = f"({type(error).__name__}: this data cannot be drawn)"
        self._emulator.restore(self.before)
        self._emulator.resize(*size)
        self._emulator.feed(text + _NO_CURSOR)


@dataclass(frozen=True, slots=True)
class _DataSnapshot(Snapshot):
    picture: Picture | None = None
    rest: str = ""


class DataScreen:
    """Satisfies `terminal.Emulator`; what it is fed is that of a `recording.datacast`."""

    def __init__(self, columns: int, rows: int, history: int = 0) -> None:
        self._terminal = new_emulator(columns, rows, history)
        self._drawing: Drawing | None = None
        self._rest = ""
        """Of a line whose end has not come yet."""

    @property
    def _shown(self) -> Emulator:
        if self._drawing is not None:
            self._drawing.draw()
        return self._terminal

    @property
    def from_the_top(self) -> bool:
        """Whether a longer picture is read from its first line on."""
        return self._drawing is not None and self._drawing.picture.from_the_top

    def fit(self, columns: int, rows: int) -> None:
        """Draw for so much room."""
        self._terminal.resize(columns, rows)

    def feed(self, data: str) -> frozenset[int]:
        *lines, self._rest = (self._rest + data).split("\n")
        for line in lines:
            if line.startswith(BEGIN):
                self._drawing = None
                self._terminal.feed(f"{line}\r\n" if line != BEGIN else line)
            else:
                if self._drawing is None:
                    self._drawing = Drawing(self._terminal, picture_of(line))
                self._drawing.take(line)
        return frozenset(range(self._terminal.rows)) if lines else frozenset()

    @property
    def columns(self) -> int:
        return self._terminal.columns

    @property
    def rows(self) -> int:
        return self._terminal.rows

    @property
    def cursor(self) -> Cursor:
        return self._shown.cursor

    @property
    def history_length(self) -> int:
        return self._shown.history_length

    def resize(self, columns: int, rows: int) -> None:
        """The recording's own size has no meaning."""

    def row(self, y: int) -> Row:
        return self._shown.row(y)

    def text(self) -> list[str]:
        return self._shown.text()

    def history_row(self, y: int) -> Row:
        return self._shown.history_row(y)

    def snapshot(self) -> Snapshot:
        drawing = self._drawing
        before = drawing.before if drawing is not None else self._terminal.snapshot()
        return _DataSnapshot(
            before.columns,
            before.rows,
            before.data,
            before.scrolled,
            copy.deepcopy(drawing.picture) if drawing is not None else None,
            self._rest,
        )

    def restore(self, snapshot: Snapshot) -> None:
        size = self.columns, self.rows
        self._terminal.restore(snapshot)
        self._terminal.resize(*size)
        self._drawing, self._rest = None, ""
        if isinstance(snapshot, _DataSnapshot):
            self._rest = snapshot.rest
            if snapshot.picture is not None:
                self._drawing = Drawing(self._terminal, copy.deepcopy(snapshot.picture))
                self._drawing.take("")

    def reset(self) -> None:
        self._terminal.reset()
        self._drawing, self._rest = None, ""
