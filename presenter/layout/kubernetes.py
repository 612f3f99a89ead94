"""A picture of what an API server sends, as text for a pane's terminal.

Objects stand in a table, by name. What has come, changed or gone is marked for a moment; ages go
on as time is told. A log and one object have pictures of their own (`kubedetail`). What others
wrote is made harmless here: nothing in it steers the terminal.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterator

from presenter.layout.drawn import colored, faint
from presenter.layout.kubetable import KubeTable, Shown, is_age, safe_row
from presenter.recording.kube_lines import (
    Asked,
    Changed,
    Column,
    Detail,
    Listed,
    LogLine,
    Refused,
    Row,
    Tick,
    read_line,
)
from presenter.terminal.text import safe_text

MARK_SECONDS = 3.0
"""For so long a change is marked."""
MOST_LOG = 2000
_Key = tuple[str, str]


class KubePicture:
    """Takes a step's lines of data (`recording.kube_lines`)."""

    def __init__(self) -> None:
        self._asked = Asked()
        self._columns: tuple[Column, ...] = ()
        self._shown: dict[_Key, Shown] = {}
        self._marked: dict[_Key, None] = {}
        """The keys of what is marked, the oldest mark first."""
        self._fresh: set[_Key] | None = None
        """The keys of a list that is being read."""
        self._listed = False
        self._more = 0
        self._now = 0.0
        self._log: deque[str] = deque(maxlen=MOST_LOG)
        self._detail: Detail | None = None
        self._refused = ""

    def __deepcopy__(self, _memo: object) -> KubePicture:
        """Rows do not change, and what does is little."""
        other = copy.copy(self)
        other._shown = {key: copy.copy(shown) for key, shown in self._shown.items()}
        other._marked = dict(self._marked)
        other._fresh = set(self._fresh) if self._fresh is not None else None
        other._log = self._log.copy()
        return other

    @property
    def from_the_top(self) -> bool:
        """Whether a longer picture is read from its first line on; of a log, the end matters."""
        return not self._log

    def take(self, lines: str) -> None:
        for line in lines.splitlines():
            found = read_line(line, self._asked.titles)
            match found:
                case Asked():
                    self._asked = found
                    continue
                case None:
                    continue
                case Listed():
                    self._list(found)
                case Changed():
                    self._change(found)
                case LogLine():
                    self._log.append(found.text)
                case Detail():
                    self._detail = found
                case Refused():
                    self._refused = found.words
                case Tick():
                    pass
            self._now = max(self._now, found.at)
            self._fade()

    def text(self, columns: int, _rows: int = 0) -> str:
        """Lines with colours, for a terminal whose cursor stands at a line's begin."""
        return "\r\n".join(self._lines(columns))

    def _lines(self, columns: int) -> Iterator[str]:
        if self._detail is not None:
            from presenter.layout.kubedetail import detail_lines  # few decks need it

            yield from detail_lines(self._detail, columns)
        elif self._log:
            yield from map(safe_text, self._log)
        elif self._listed:
            rows = [self._shown[key] for key in sorted(self._shown)]
            table = KubeTable(self._asked, self._columns, rows, self._more, self._now)
            yield from table.lines(columns)
        elif not self._refused:
            waits = "a line of the log" if self._asked.verb == "logs" else "the API server"
            yield faint(f"waiting for {waits} …")
        if self._refused:
            yield f"{colored('✗', '1;31')} {safe_text(self._refused)}"

    # --- what has come ------------------------------------------------------------------------

    def _list(self, found: Listed) -> None:
        """One that is not the first is told by what is different in it."""
        if found.first or self._fresh is None:
            self._fresh = set()
        self._columns = found.columns or self._columns
        for row in found.rows:
            self._fresh.add(row.key)
            self._put(row, found.at, known=self._listed)
        if found.last:
            for key in self._shown.keys() - self._fresh:
                self._leave(key, found.at)
            self._fresh = None
            self._listed = True
            self._more = found.more

    def _change(self, found: Changed) -> None:
        self._columns = found.columns or self._columns
        for row in found.rows:
            if found.kind != "DELETED":
                self._put(row, found.at, known=True)
            elif row.key in self._shown:
                self._leave(row.key, found.at)

    def _leave(self, key: _Key, at: float) -> None:
        shown = self._shown[key]
        if shown.mark != "-":
            self._mark(shown, "-", at)

    def _mark(self, shown: Shown, mark: str, at: float) -> None:
        shown.mark, shown.since = mark, at
        if mark:
            self._marked.pop(shown.row.key, None)
            self._marked[shown.row.key] = None

    def _put(self, row: Row, at: float, *, known: bool) -> None:
        """`known`: the list was whole before, so that a row that was not in it is new."""
        row = safe_row(row)
        shown = self._shown.get(row.key)
        if shown is None or shown.mark == "-":
            shown = self._shown[row.key] = Shown(row)
            self._mark(shown, "+" if known else "", at)
            return
        changed = tuple(
            n
            for n, (old, new) in enumerate(zip(shown.row.cells, row.cells, strict=False))
            if old != new and not is_age(self._columns, n)
        )
        shown.row = row
        if changed:
            shown.changed = changed
            self._mark(shown, shown.mark or "~", at)

    def _fade(self) -> None:
        """Marks go, and with them what has gone."""
        while self._marked:
            key = next(iter(self._marked))
            shown = self._shown[key]
            if self._now - shown.since < MARK_SECONDS:
                return
            del self._marked[key]
            if shown.mark == "-":
                del self._shown[key]
            else:
                shown.mark, shown.changed = "", ()
