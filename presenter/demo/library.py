"""All talks and rehearsals that there are journals of, as records."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presenter.demo.belonging import Belonging
from presenter.demo.folders import deck_id, journals_dir, word_of
from presenter.demo.uncollected import uncollected
from presenter.errors import PresenterError
from presenter.talk.events import SessionStarted
from presenter.talk.history import TalkRecord, record_of_moments
from presenter.talk.skim import skim_lines

MOST_BYTES = 64 << 20
"""Of a journal; one of 45 minutes has 40 to 200 KB."""
_HEX = "[0-9a-f]"
_TIMED = re.compile(r"\d{8}T\d{6}")
"""How a session is called that was kept here."""


@dataclass(frozen=True, slots=True)
class Library:
    """What was found."""

    records: tuple[TalkRecord, ...]
    """The newest first."""
    troubles: tuple[str, ...] = ()
    """A line for each journal that could not be read, or not to its end, or was left out."""


@uncollected()
def read_library(deck: Path | None = None, root: Path | None = None) -> Library:
    """The talks of `deck`, or all; a journal that cannot be read costs a line, no more.

    Journals from another machine belong to the deck of the same file name, where their own deck is
    not on this one and nothing that is known of both says otherwise (`Belonging`). `root` is the
    state directory (default: the user's).
    """
    records: list[TalkRecord] = []
    troubles: list[str] = []
    belonging = Belonging(deck) if deck is not None else None
    for path, record in read_each(journal_paths(deck, root), troubles):
        if deck is None or belonging is None or belonging.has(record):
            records.append(record)
        elif path.parent.name == deck_id(deck):
            troubles.append(f"{path}: is of another deck ({record.deck}); left out")
    records.sort(key=lambda record: (_began(record), record.name), reverse=True)
    return Library(tuple(records), tuple(troubles))


def read_each(paths: Iterable[Path], troubles: list[str]) -> Iterator[tuple[Path, TalkRecord]]:
    """The journals that can be read, with their records; of what cannot, a line in `troubles`."""
    for path in paths:
        try:
            record = read_record(path)
        except PresenterError as error:
            troubles.append(str(error))
            continue
        if record.trouble:
            troubles.append(f"{path}: {record.trouble}")
        yield path, record


def newest_talk(deck: Path | None = None, root: Path | None = None) -> Path | None:
    """The journal of the newest talk that was no rehearsal; None where there is none.

    Sessions are called by their time, so that the newest one is read first, and mostly alone.
    """
    paths = journal_paths(deck, root)
    timed = sorted((path for path in paths if _TIMED.match(path.stem)), key=_session, reverse=True)
    found = [next(_talks(timed, deck), None)]
    found += _talks((path for path in paths if not _TIMED.match(path.stem)), deck)
    talks = [one for one in found if one is not None]
    return max(talks, key=lambda one: (_began(one[1]), one[1].name))[0] if talks else None


def _talks(paths: Iterable[Path], deck: Path | None) -> Iterator[tuple[Path, TalkRecord]]:
    """Those that hold a talk of the deck which was no rehearsal."""
    belonging = Belonging(deck) if deck is not None else None
    for path in paths:
        with suppress(PresenterError):
            record = read_record(path)
            if not record.purpose and (belonging is None or belonging.has(record)):
                yield path, record


def _session(path: Path) -> str:
    return path.stem


def _began(record: TalkRecord) -> float:
    """Seconds, to put talks in order that were given in different parts of the world."""
    try:
        moment = datetime.fromisoformat(record.wall)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def journal_paths(deck: Path | None = None, root: Path | None = None) -> list[Path]:
    """The journals that may be of `deck`, or all.

    Folders are called by the deck's own file, by whatever link it was opened.
    """
    pattern = "*/*.jsonl" if deck is None else f"{word_of(deck.resolve())}-{_HEX * 8}/*.jsonl"
    return sorted(journals_dir(root).glob(pattern))


def read_record(path: Path) -> TalkRecord:
    """One journal's record; raises PresenterError where there is no talk in it."""
    read = skim_lines(journal_bytes(path))
    if not read.moments or not isinstance(read.moments[0][1], SessionStarted):
        reason = f" ({read.stopped_at})" if read.stopped_at else ""
        raise PresenterError(f"{path}: no session in this journal{reason}")
    trouble = f"{read.stopped_at}; what stands before it is used" if read.stopped_at else ""
    return record_of_moments(read.moments, path_name(path), trouble)


def journal_bytes(path: Path) -> bytes:
    """What is in a journal's file; raises PresenterError where that is no journal at all."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise PresenterError(f"{path}: is not a file; left out")
        if told.st_size > MOST_BYTES:
            raise PresenterError(f"{path}: is larger than {MOST_BYTES >> 20} MiB; left out")
        return path.read_bytes()
    except OSError as error:
        raise PresenterError(f"{path}: {error.strerror or error}; left out") from error


def path_name(path: Path) -> str:
    """How a journal is named: its folder and its file, without the ending."""
    return f"{path.parent.name}/{path.stem}"


def path_of(name: str, root: Path | None = None) -> Path:
    """Where the journal of this name is."""
    return journals_dir(root) / f"{name}.jsonl"
