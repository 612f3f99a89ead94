"""A picture of what an API server sends, as text for a pane's terminal.

Objects stand in a table, by name. What has come, changed or gone is marked for a moment; ages go
on as time is told. A log and one object have pictures of their own (`kubedetail`). What others
wrote is made harmless here: nothing in it steers the terminal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from presenter.layout.drawn import colored, faint
from presenter.layout.kubetable import KubeTable, Shown, is_age
from presenter.layout.traffic import harmless
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

MARK_SECONDS = 3.0
"""For so long a change is marked."""
MOST_LOG = 2000


class KubePicture:
    """Takes a step's lines of data (`recording.kube_lines`)."""

    def __init__(self) -> None:
        self._asked = Asked()
        self._columns: tuple[Column, ...] = ()
        self._shown: dict[tuple[str, str], Shown] = {}
        self._fresh: set[tuple[str, str]] | None = None
        """The keys of a list that is being read."""
        self._listed = False
        self._more = 0
        self._now = 0.0
        self._log: deque[str] = deque(maxlen=MOST_LOG)
        self._detail: Detail | None = None
        self._refused = ""

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
            yield from map(harmless, self._log)
        elif self._listed:
            rows = [self._shown[key] for key in sorted(self._shown)]
            table = KubeTable(self._asked, self._columns, rows, self._more, self._now)
            yield from table.lines(columns)
        elif not self._refused:
            yield faint("waiting for the API server …")
        if self._refused:
            yield f"{colored('✗', '1;31')} {harmless(self._refused)}"

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
            for key, shown in self._shown.items():
                if key not in self._fresh and shown.mark != "-":
                    shown.mark, shown.since = "-", found.at
            self._fresh = None
            self._listed = True
            self._more = found.more

    def _change(self, found: Changed) -> None:
        self._columns = found.columns or self._columns
        for row in found.rows:
            if found.kind != "DELETED":
                self._put(row, found.at, known=True)
            elif row.key in self._shown:
                shown = self._shown[row.key]
                shown.mark, shown.since = "-", found.at

    def _put(self, row: Row, at: float, *, known: bool) -> None:
        """`known`: the list was whole before, so that a row that was not in it is new."""
        shown = self._shown.get(row.key)
        if shown is None or shown.mark == "-":
            self._shown[row.key] = Shown(row, "+" if known else "", at)
            return
        changed = tuple(
            n
            for n, (old, new) in enumerate(zip(shown.row.cells, row.cells, strict=False))
            if old != new and not is_age(self._columns, n)
        )
        shown.row = row
        if changed:
            shown.changed = changed
            shown.mark, shown.since = shown.mark or "~", at

    def _fade(self) -> None:
        """Marks go, and with them what has gone."""
        late = [key for key, shown in self._shown.items() if self._is_over(shown)]
        for key in late:
            shown = self._shown[key]
            if shown.mark == "-":
                del self._shown[key]
            else:
                shown.mark, shown.changed = "", ()

    def _is_over(self, shown: Shown) -> bool:
        return bool(shown.mark) and self._now - shown.since >= MARK_SECONDS
