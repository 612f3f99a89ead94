"""What people say of a talk when it is over: asked for, and kept in its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from presenter.demo.store import Journal, read_journal, reopen_journal
from presenter.errors import PresenterError
from presenter.talk import events as e
from presenter.talk.history import FACTS, TalkRecord, record_of
from presenter.talk.planning import MOST_ANSWER
from presenter.talk.report import LINES

Ask = Callable[[str], str | None]
"""Puts a question; None where there will be no answers any more."""


def ask_about(path: Path, ask: Ask) -> None:
    """Ask for what the journal does not know; an empty answer keeps the blank.

    Each answer is in the journal at once. Raises PresenterError where the talk is being given
    right now, or where the journal cannot be read or written.
    """
    read_journal(path)  # what is no journal is left alone
    failures: list[Exception] = []
    journal, read = reopen_journal(path, failures.append)
    try:
        notes = _Notes(journal, read.sequence, read.stamped[-1].at)
        for event in _told(record_of(read.stamped), ask):
            notes.add(event)
            if failures:
                raise PresenterError(str(failures[0])) from failures[0]
    finally:
        journal.close()


class _Notes:
    """Events that are written after the talk: they have its last moment, and the date of now."""

    def __init__(self, journal: Journal, sequence: int, at: float) -> None:
        self._journal, self._sequence, self._at = journal, sequence, at

    def add(self, event: e.Event) -> None:
        self._sequence += 1
        wall = datetime.now().astimezone().isoformat()
        self._journal.append(e.Stamped(self._sequence, self._at, wall, event))


def _told(record: TalkRecord, ask: Ask) -> Iterator[e.Event]:
    """What is said, as soon as it is."""
    for name, words in FACTS.items():
        if record.fact(name) or not _matters(name, record):
            continue
        value = _lines(words, ask) if name in LINES else ask(f"{words}:")
        if value is None:
            return
        if value.strip():
            yield e.Told(name, value.strip()[:MOST_ANSWER])
    open_ones = (one.text for one in record.questions if not (one.given or one.answer))
    for text in dict.fromkeys(open_ones):
        value = ask(f"“{text}”: what was answered?")
        if value is None:
            return
        if value.strip():
            yield e.AnswerNoted(text, value.strip()[:MOST_ANSWER])


def _matters(name: str, record: TalkRecord) -> bool:
    """Whether it is a blank of this talk's report."""
    if name == "recorded":
        return record.forced is not None
    return name != "length" or not record.timed


def _lines(words: str, ask: Ask) -> str | None:
    """Lines up to an empty one; None where the first of them is the end of all answers."""
    lines: list[str] = []
    while line := ask(f"{words}, and Enter alone:" if not lines else "…"):
        lines.append(line)
    return None if line is None and not lines else "\n".join(lines)
