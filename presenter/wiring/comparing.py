"""Rehearsals and talks of a deck compared: what is printed, for people and for programs."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from presenter.demo.library import path_name, read_library, read_record
from presenter.errors import PresenterError
from presenter.layout.comparetable import story_lines, table_lines, wrapped
from presenter.layout.comparewords import run_words
from presenter.samples import sample_root
from presenter.talk.compare import Comparison, Run, compare, runs_of
from presenter.terminal.text import safe_text

COLUMNS = 80


def summary(deck: Path, journal: Path, root: Path | None = None) -> str:
    """What a rehearsal says when it is over, in lines no wider than the terminal; each has its end.

    `journal` is the rehearsal's own. What cannot be read of others costs nothing here: the show is
    over, and `presenter rehearsals` names it.
    """
    columns = shutil.get_terminal_size((COLUMNS, 24)).columns
    try:
        records = read_library(deck, root).records
        name = path_name(journal)
        if all(one.name != name for one in records):  # of a deck that has moved meanwhile
            records = (read_record(journal), *records)
        comparison = compare(runs_of(records), slides_of(deck), this=name)
    except PresenterError as error:
        return f"{safe_text(f'no comparison: {error}')}\n"
    if comparison is None:
        return "no comparison: the timer did not start, for the first slide was never left\n"
    lines = [*compared(comparison, columns), "", "all of them:"]
    lines += wrapped(command_for(deck), columns)
    return "".join(f"{safe_text(line)}\n" for line in lines)


def command_for(deck: Path) -> str:
    """What shows more of it; a sample talk goes by its name."""
    sample = deck.resolve().parent == (sample_root() / "slides").resolve()
    return f"presenter rehearsals {deck.stem if sample else shlex.quote(str(deck))}"


def compared(comparison: Comparison, columns: int) -> Iterator[str]:
    """The table, and what there is to say of the run at hand."""
    yield from wrapped(run_words(comparison.this), columns)
    yield ""
    yield from table_lines(comparison, columns)
    yield ""
    yield from story_lines(comparison, columns)


def slides_of(deck: Path) -> list[tuple[str, str]]:
    """Ids and titles of the deck's slides; none where it cannot be read."""
    from presenter.deck.deck import open_deck

    try:
        opened = open_deck(deck)
    except PresenterError:
        return []
    return [(opened.slide_id(n), opened.title(n)) for n in range(len(opened))]


# --- for programs -------------------------------------------------------------------------------


def as_json(runs: Iterable[Run], comparison: Comparison | None) -> dict[str, Any]:
    """The list, and the comparison; times in seconds, what nobody knows as null."""
    return {
        "runs": [_run_json(run) for run in runs],
        "comparison": _comparison_json(comparison) if comparison else None,
    }


def _run_json(run: Run) -> dict[str, Any]:
    record = run.record
    timed = record.timed
    return {
        "number": run.number,
        "name": record.name,
        "begun": record.wall,
        "kind": run.kind,
        "seconds": record.seconds if timed else None,
        "answering": record.answering if timed else None,
        "spoken": run.spoken if timed else None,
        "planned": run.planned if timed else None,
        "late": run.late if timed else None,
        "complete": run.complete,
        "broke_off": run.broke_off,
        "slides": dict(run.slides),
        "over": dict(run.over),
        "missing": list(run.missing),
        "dropped": list(record.dropped),
        "back": [{"at": one.at, "from": one.origin, "to": one.to} for one in run.backs],
        "fell": [
            {"demo": one.demo, "step": one.step + 1, "from": one.origin, "to": one.rung,
             "reason": one.reason}
            for one in run.falls
        ],
        "questions": [{"text": one.text, "slide": one.slide_id} for one in record.questions],
        "trouble": record.trouble,
    }  # fmt: skip


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    best = comparison.best
    return {
        "runs": [run.number for run in comparison.runs],
        "best": None if best is None else comparison.runs[best].number,
        "best_off": None if best is None else comparison.best_off,
        "planned": comparison.shares.total if comparison.shares else None,
        "slides": [
            {
                "id": row.id,
                "title": row.title,
                "number": row.number or None,
                "gone": row.gone,
                "planned": row.share,
                "seconds": list(row.times),
                "verdict": row.verdict().value,
                "demos": [
                    {
                        "name": demo.name,
                        "seconds": [run.seconds if run else None for run in demo.runs],
                        "rungs": [run.rung if run else None for run in demo.runs],
                    }
                    for demo in row.demos
                ],
            }
            for row in comparison.rows
        ],
        "marks": [
            {"at": one.moment, "planned": one.planned, "seen": one.seen or None, "late": one.late}
            for one in comparison.marks
        ],
    }
