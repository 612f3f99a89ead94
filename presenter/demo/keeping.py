"""Journals that are kept, carried to another machine, made anonymous or thrown away."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from presenter.demo.archive import MOST_OF_ALL, Packed, packed, unpacked
from presenter.demo.folders import PICTURE, word_of
from presenter.demo.journallock import lock_file, take_lock
from presenter.demo.library import journal_bytes, path_name, path_of
from presenter.demo.ownfile import replace_own
from presenter.errors import PresenterError
from presenter.talk.anonymise import BEGIN, anonymised
from presenter.talk.events import SessionStarted
from presenter.talk.journal import decode_lines, encode


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a talk of a file."""

    name: str
    kept_as: str
    """Its name here; another one where a talk of its name was there already and differs."""
    new: bool = True
    """Whether it was not there before."""


# --- to another machine -------------------------------------------------------------------------


def export_talks(paths: Iterable[Path], output: Path, *, anonymous: bool = False) -> list[str]:
    """Write the talks to one file; the names under which they are in it.

    Raises PresenterError where a journal cannot be read, or the file cannot be written.
    """
    talks = [Packed(path_name(path), journal_bytes(path)) for path in paths]
    if anonymous:
        talks = [_anonymous(talk) for talk in talks]
    write_file(output, b"".join(packed(talks)))
    return [talk.name for talk in talks]


def write_file(path: Path, data: bytes) -> None:
    """The whole file or the one that was there before; raises PresenterError."""
    try:
        if path.is_dir():
            raise PresenterError(f"{path}: cannot be written: is a folder", "name a file")
        replace_own(path, data)
    except OSError as error:
        raise PresenterError(
            f"{path}: cannot be written: {error.strerror or error}",
            "its folder must be there already",
        ) from error


def import_talks(file: Path, root: Path | None = None) -> tuple[list[Taken], list[str]]:
    """Take the talks of a file; what has become of each, and a line for each that is not whole.

    All of the file is looked at before anything is written. Raises PresenterError.
    """
    try:
        if not S_ISREG(file.stat().st_mode):  # a pipe might never end
            raise PresenterError(f"{file}: is no file", "name one that `--export` has written")
        with file.open("rb") as opened:
            data = opened.read(MOST_OF_ALL + 1)
        if len(data) > MOST_OF_ALL:
            raise PresenterError(f"{file}: is larger than {MOST_OF_ALL >> 20} MiB")
    except OSError as error:
        raise PresenterError(f"{file}: cannot be read: {error.strerror or error}") from error
    try:
        talks, troubles = unpacked(data)
    except PresenterError as error:
        raise PresenterError(f"{file}: {error.message}", error.hint) from error
    good = []
    for talk in talks:
        if _holds_a_talk(talk.data):
            good.append(talk)
        else:
            troubles.append(f"{talk.name}: no session in this journal; left out")
    return [_take(talk, root) for talk in good], [f"{file}: {line}" for line in troubles]


def _holds_a_talk(data: bytes) -> bool:
    stamped = decode_lines(data[: data.find(b"\n") + 1]).stamped
    return bool(stamped) and isinstance(stamped[0].event, SessionStarted)


def _take(talk: Packed, root: Path | None) -> Taken:
    name, number = talk.name, 1
    while (path := path_of(name, root)).exists():
        if _same(path, talk.data):
            return Taken(talk.name, name, new=False)
        number += 1
        name = f"{talk.name}-{number}"
    try:
        for folder in (path.parent.parent.parent, path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PresenterError(f"{path.parent}: {error.strerror or error}") from error
    write_file(path, talk.data)
    _date(path)
    return Taken(talk.name, name)


def _date(path: Path) -> None:
    """As old as the talk: `presenter resume` means the newest."""
    with suppress(PresenterError, ValueError, OSError, OverflowError):
        last = decode_lines(journal_bytes(path)).stamped[-1]
        moment = datetime.fromisoformat(last.wall).timestamp()
        os.utime(path, (moment, moment))


def _same(path: Path, data: bytes) -> bool:
    with suppress(PresenterError):
        there = journal_bytes(path)
        return there[: there.rfind(b"\n") + 1] == data
    return False


# --- without who, where and when ----------------------------------------------------------------


def anonymise_talk(path: Path) -> Path:
    """Put the talk without what is personal in its place; where that is.

    Raises PresenterError where it is being given right now, cannot be read or cannot be written.
    """
    with _held(path):
        talk = _anonymous(Packed(path_name(path), journal_bytes(path)))
        new = path.parent.parent / f"{talk.name}.jsonl"
        try:
            new.parent.mkdir(mode=0o700, exist_ok=True)
            write_file(new, talk.data)
            os.utime(new, (BEGIN.timestamp(), BEGIN.timestamp()))
            if new != path:
                _remove(path)
            path.with_suffix(".damaged").unlink(missing_ok=True)
        except OSError as error:
            raise PresenterError(f"{path}: {error.strerror or error}") from error
    return new


def _anonymous(talk: Packed) -> Packed:
    read = decode_lines(talk.data)
    if not read.stamped or not isinstance(read.stamped[0].event, SessionStarted):
        raise PresenterError(f"{talk.name}: no session in this journal")
    stamped = anonymised(read.stamped)
    begin = stamped[0].event
    deck = Path(begin.deck) if isinstance(begin, SessionStarted) else Path()
    data = "".join(map(encode, stamped)).encode()
    # Of the folder's own mark the deck's path can be guessed, of the file's name the time.
    mark = zlib.crc32(deck.name.encode("utf-8", "surrogateescape"))
    name = f"{word_of(deck)}-{mark:08x}/anonymous-{sha256(data).hexdigest()[:12]}"
    return Packed(name, data)


# --- away ---------------------------------------------------------------------------------------


def delete_talk(path: Path) -> None:
    """Remove the journal and what belongs to it.

    Raises PresenterError where the talk is being given right now, or where that cannot be done.
    """
    with _held(path):
        try:
            _remove(path)
            path.with_suffix(".damaged").unlink(missing_ok=True)
        except OSError as error:
            raise PresenterError(f"{path}: {error.strerror or error}") from error


def _remove(path: Path) -> None:
    path.unlink()
    lock_file(path).unlink(missing_ok=True)
    (path.parent / PICTURE).unlink(missing_ok=True)  # the talk may be in it
    with suppress(OSError):  # others are in it
        path.parent.rmdir()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """With the journal's lock, so that no talk goes on in it meanwhile."""
    try:
        handle = take_lock(path)
    except OSError as error:
        raise PresenterError(f"{path}: {error.strerror or error}") from error
    try:
        yield
    finally:
        os.close(handle)
