"""The list of a deck's rehearsals, drills and talks, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from presenter.layout.comparewords import begun, run_name
from presenter.layout.text import crop, one_line
from presenter.talk.clocks import clock, lateness
from presenter.talk.compare import Run
from presenter.terminal.columns import aligned

HEADS = ("", "begun", "kind", "total", "plan", "off", "over", "back", "fell", "asked", "")
RIGHT = frozenset((0, 3, 4, 6, 7, 8, 9))
"""Columns of the list whose cells are numbers."""


def listing(runs: Iterable[Run]) -> Iterator[str]:
    """A line for each talk, rehearsal and drill, the newest first, below the columns' names."""
    rows = [HEADS, *map(_cells, runs)]
    yield from aligned(rows, RIGHT)


def _cells(run: Run) -> tuple[str, ...]:
    record = run.record
    counts = len(run.over), len(run.backs), len(run.falls), len(record.questions)
    told = [str(count) if count else "–" for count in counts]
    head = run_name(run), begun(run), crop(one_line(run.kind), 12)
    if not record.timed:
        told[0] = "–"
        why = f"no times: {one_line(record.source)}" if record.source else "no times"
        return (*head, "–", "–", "", *told, why)
    planned = clock(run.planned)
    off = "" if run.late is None else lateness(run.late)
    return (*head, clock(run.spoken), planned, off, *told, _end_words(run))


def _end_words(run: Run) -> str:
    words = ["broke off"] if run.broke_off else []
    if run.missing and run.shares is not None:
        count = len(run.shares.seconds)
        words.append(f"{count - len(run.missing)} of {count} slides")
    return ", ".join(words)
