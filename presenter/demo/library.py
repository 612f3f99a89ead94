"""All talks and rehearsals that there are journals of, as records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from presenter.demo.store import journals_dir, read_journal, word_of
from presenter.errors import PresenterError
from presenter.talk.history import TalkRecord, record_of
from presenter.talk.journal import JournalRead


@dataclass(frozen=True, slots=True)
class Library:
    """What was found."""

    records: tuple[TalkRecord, ...]
    """The newest first."""
    troubles: tuple[str, ...] = ()
    """A line for each journal that could not be read, or not to its end, or was left out."""


def read_library(deck: Path | None = None, root: Path | None = None) -> Library:
    """The talks of `deck`, or all; a journal that cannot be read costs a line, no more.

    Journals from another machine belong to the deck of the same file name, where their own deck is
    not on this one. `root` is the state directory (default: the user's).
    """
    folder = journals_dir(root)
    pattern = f"{word_of(deck)}-*/*.jsonl" if deck is not None else "*/*.jsonl"
    records: list[TalkRecord] = []
    troubles: list[str] = []
    for path in sorted(folder.glob(pattern)):
        try:
            read = read_journal(path)
        except PresenterError as error:
            troubles.append(str(error))
            continue
        record = record_of(read.stamped, path_name(path), trouble_of(read))
        if record.trouble:
            troubles.append(f"{path}: {record.trouble}")
        if deck is None or is_of(record, deck):
            records.append(record)
    records.sort(key=lambda record: (record.wall, record.name), reverse=True)
    return Library(tuple(records), tuple(troubles))


def read_record(path: Path) -> TalkRecord:
    """One journal's record; raises PresenterError where there is no talk in it."""
    read = read_journal(path)
    return replace(record_of(read.stamped), name=path_name(path), trouble=trouble_of(read))


def path_name(path: Path) -> str:
    """How a journal is named: its folder and its file, without the ending."""
    return f"{path.parent.name}/{path.stem}"


def trouble_of(read: JournalRead) -> str:
    """What of a journal could not be read, in words; a torn last line is what a crash leaves."""
    if read.stopped_at:
        return f"{read.stopped_at}; what stands before it is used"
    return ""


def is_of(record: TalkRecord, deck: Path) -> bool:
    """Whether a talk was given with this deck."""
    theirs = Path(record.deck)
    if theirs == deck.resolve():
        return True
    return theirs.name == deck.name and not theirs.is_file()
