"""The list of talks: a row each, the newest first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from presenter.cli.printed import print_json
from presenter.demo.journallock import in_use
from presenter.demo.library import path_of
from presenter.talk.clocks import clock
from presenter.talk.history import TalkRecord
from presenter.talk.summary import (
    counted,
    day_of,
    ending,
    kind_of,
    planned,
    short_names,
)
from presenter.terminal.columns import aligned, columns_of
from presenter.terminal.text import safe_text

HEADS = ("talk", "day", "kind", "length", "live", "asked", "end", "about")
_RIGHT = frozenset(("length", "live", "asked"))


def list_talks(records: Sequence[TalkRecord], *, as_json: bool) -> None:
    """Print them: for people a table, for programs all that is known."""
    short = short_names([record.name for record in records])
    if as_json:
        print_json([_told(record, short[record.name]) for record in records])
        return
    if not records:
        sys.stdout.write("no talk has been given yet\n")
        return
    rows = [_row(record, short[record.name]) for record in records]
    for line in _table(rows):
        sys.stdout.write(f"{line}\n")


def _ended(record: TalkRecord) -> str:
    """How it ended, as far as that is not told by the rest."""
    told = ending(record)
    return "being given now" if told == "broke off" and in_use(path_of(record.name)) else told


def _row(record: TalkRecord, short: str) -> tuple[str, ...]:
    counts = counted(record)
    shown = sum(counts.values())
    whole = planned(record)
    length = clock(record.seconds if record.timed else None)
    facts = (record.fact(name) for name in ("title", "event", "place"))
    cells = (
        short,
        day_of(record),
        kind_of(record),
        f"{length} of {clock(whole)}" if whole else length,
        f"{counts['live']} of {shown}" if shown else "",
        str(len(record.questions) or ""),
        _ended(record),
        " · ".join(fact for fact in facts if fact) or record.deck.rpartition("/")[2],
    )
    return tuple(map(safe_text, cells))


def _told(record: TalkRecord, short: str) -> dict[str, object]:
    return {
        "name": record.name,
        "short": short,
        "path": str(path_of(record.name)),
        "deck": record.deck,
        "kind": kind_of(record),
        "began": record.wall,
        "day": day_of(record),
        "title": record.fact("title"),
        "event": record.fact("event"),
        "place": record.fact("place"),
        "seconds": record.seconds if record.timed else None,
        "planned": planned(record),
        "steps": counted(record),
        "questions": len(record.questions),
        "ended": _ended(record),
        "trouble": record.trouble,
        "source": record.source,
    }


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns, below their names; those without anything in them are left out."""
    shown = [n for n in range(len(HEADS)) if any(row[n] for row in rows)]
    right = [at for at, n in enumerate(shown) if HEADS[n] in _RIGHT]
    lines = aligned([[row[n] for n in shown] for row in (HEADS, *rows)], right)
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    return [_cut(line, most) if most else line for line in lines]


def _cut(line: str, most: int) -> str:
    if columns_of(line) <= most:
        return line
    from rich.cells import set_cell_size

    return set_cell_size(line, most - 1) + "…"
