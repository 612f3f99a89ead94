"""What `presenter questions` is made of: talks, files of prepared questions, and both as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from presenter.deck.questions import Prepared, read_questions
from presenter.demo.belonging import Belonging
from presenter.demo.folders import is_there
from presenter.demo.library import Library, read_each, read_library
from presenter.errors import UsageError
from presenter.layout.tally import summary
from presenter.samples import sample_root
from presenter.talk.history import TalkRecord
from presenter.talk.tally import GIVEN, OPEN, PREPARED, Row, Tally
from presenter.terminal.columns import aligned

ANSWERS = {OPEN: "no answer yet", PREPARED: "prepared", GIVEN: "given"}
_INDENT = 5 + 2 + 13 + 2
"""Columns before a question: how often, and what of its answer."""
LEAST_COLUMNS = 20
"""For a question, however narrow the terminal is."""


def talks_in(deck: Path | None, folder: Path | None) -> Library:
    """The talks of `deck` (or all) that are kept in `folder` (or where talks are kept)."""
    if folder is None:
        return read_library(deck)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", "--journals names one with *.jsonl in it")
    records: list[TalkRecord] = []
    troubles: list[str] = []
    belonging = Belonging(deck) if deck is not None else None
    for _, record in read_each(sorted(folder.rglob("*.jsonl")), troubles):
        if belonging is None or belonging.has(record):
            records.append(record)
    return Library(tuple(records), tuple(troubles))


def prepared_for(
    deck: Path | None, records: Iterable[TalkRecord], report: Callable[[str], object]
) -> Iterator[Prepared]:
    """The prepared questions of `deck`, or of the decks of all talks; `report` takes problems."""
    decks = [deck] if deck is not None else dict.fromkeys(_decks_of(records))
    for path in decks:
        read = read_questions(path)
        for problem in read.problems:
            report(f"presenter: {problem}")
        yield from read.prepared


def _decks_of(records: Iterable[TalkRecord]) -> Iterator[Path]:
    """The talks' decks; of one that was given on another machine, the sample that is like it."""
    samples = sample_root() / "slides"
    belonging = cache(lambda name: Belonging(samples / name))
    for record in records:
        theirs = Path(record.deck)
        if is_there(theirs):
            yield theirs
        elif theirs.name and belonging(theirs.name).has(record):
            yield samples / theirs.name


def as_json(tally: Tally) -> dict[str, object]:
    return {
        "talks": tally.talks,
        "venues": list(tally.venues),
        "questions": [
            {
                "question": row.question,
                "tags": list(row.tags),
                "count": row.count,
                "where": dict(_where(row, tally)),
                "answered": row.answered or None,
                "as_of": row.as_of,
                "given": row.given,
            }
            for row in tally.rows
        ],
    }


def table(tally: Tally, columns: int) -> Iterator[str]:
    """For a terminal of so many columns."""
    yield summary(tally)
    if not tally.rows:
        return
    yield ""
    room = max(columns - _INDENT, LEAST_COLUMNS)
    lines = [("times", "answer", "question")]
    for row in tally.rows:
        tags = "".join(f"  #{tag}" for tag in row.tags)
        where = [f"{venue} ({count}×)" if count > 1 else venue
                 for venue, count in _where(row, tally)]  # fmt: skip
        told = textwrap.wrap(f"{row.question}{tags}", room) or [""]
        told += textwrap.wrap(f"at {', '.join(where)}" if where else "not asked yet", room)
        lines.append((str(row.count), ANSWERS[row.answered], told[0]))
        lines += [("", "", line) for line in told[1:]]
    yield from aligned(lines, right=(0,))


def _where(row: Row, tally: Tally) -> Sequence[tuple[str, int]]:
    pairs = zip(tally.venues, row.counts, strict=True)
    return [(venue, count) for venue, count in pairs if count]
