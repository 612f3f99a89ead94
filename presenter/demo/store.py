"""The journals on disk: `<state>/presenter/journals/<deck>/<session>.jsonl`, a line an event.

One `write` a line into a file opened for appending: what a crash leaves is at most one torn line.
Nothing is synced: a process that dies loses nothing, a machine that loses its power may lose the
last seconds. A disk that fails costs the journal, never the talk.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from presenter.demo.folders import STATE_VARIABLE as STATE_VARIABLE
from presenter.demo.folders import deck_id as deck_id
from presenter.demo.folders import journals_dir as journals_dir
from presenter.demo.folders import state_dir as state_dir
from presenter.demo.journallock import in_use, take_lock
from presenter.errors import PresenterError
from presenter.talk.events import SessionEnded, SessionResumed, SessionStarted, Stamped
from presenter.talk.journal import JournalRead, decode_lines, encode

SAME_DAY = 12 * 3600.0
"""Seconds by which a talk that broke off may be older than the newest one and still be meant."""


class Journal:
    """Appends events to one file and holds its lock; only one process writes a journal."""

    def __init__(self, path: Path, on_failure: Callable[[Exception], None]) -> None:
        """Raises PresenterError where another process writes it, OSError where it cannot be."""
        self.path = path
        self._on_failure = on_failure
        self._lock: int | None = take_lock(path)
        self._file: int | None = None
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._file = os.open(path, flags, 0o600)
        except OSError:
            self.close()
            raise

    def append(self, stamped: Stamped) -> None:
        """Write the event; never raises. A failure is reported once and ends the journal."""
        if self._file is None:
            return
        try:
            line = encode(stamped).encode("ascii")
            if os.write(self._file, line) != len(line):
                raise OSError(errno.ENOSPC, "the disk is full")  # noqa: TRY301 — reported below
        except (OSError, ValueError) as error:
            self.close()
            self._on_failure(_unwritten("no journal from here on", error, self.path))

    def close(self) -> None:
        """Let go of the file and of its lock; calling it twice is harmless."""
        for handle in (self._file, self._lock):
            if handle is not None:
                os.close(handle)
        self._file = self._lock = None


def create_journal(
    deck: Path, on_failure: Callable[[Exception], None], root: Path | None = None
) -> Journal | None:
    """A new journal for a talk with `deck`; None, and a report, where the disk gives no place."""
    now = datetime.now(UTC)
    session = f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06}Z-{os.getpid()}"
    folder = journals_dir(root) / deck_id(deck)
    try:
        for place in (folder.parent.parent, folder.parent, folder):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Journal(folder / f"{session}.jsonl", on_failure)
    except OSError as error:
        on_failure(_unwritten("no journal", error, folder))
    except PresenterError as error:
        on_failure(error)
    return None


def _unwritten(what: str, error: Exception, path: Path) -> PresenterError:
    """The reason stands before the path, which may be cut off where there is little room."""
    reason = error.strerror if isinstance(error, OSError) else None
    return PresenterError(f"{what}: {reason or error}", str(path))


def read_journal(path: Path) -> JournalRead:
    """The events of a journal; raises PresenterError where it cannot be read or holds none."""
    try:
        read = decode_lines(path.read_bytes())
    except OSError as error:
        raise PresenterError(f"{path}: {error.strerror or error}") from error
    if not read.stamped or not isinstance(read.stamped[0].event, SessionStarted):
        reason = f" ({read.stopped_at})" if read.stopped_at else ""
        raise PresenterError(f"{path}: no session in this journal{reason}")
    return read


def reopen_journal(
    path: Path, on_failure: Callable[[Exception], None]
) -> tuple[Journal, JournalRead]:
    """A journal to go on with, and what it holds.

    What follows the last good line is cut off, so that the next event can be read; where that is
    more than a torn line, the file is first copied to `<name>.damaged`. Raises PresenterError where
    it cannot be read, or where another process writes it.
    """
    try:
        journal = Journal(path, on_failure)
    except OSError as error:
        raise PresenterError(f"{path}: {error.strerror or error}") from error
    try:
        read = read_journal(path)
        if read.torn or read.stopped_at:
            if read.stopped_at:
                import shutil  # 4 ms that a start need not pay

                shutil.copy2(path, path.with_suffix(".damaged"))
            os.truncate(path, read.good_bytes)
    except OSError as error:
        journal.close()
        raise PresenterError(f"{path}: {error.strerror or error}") from error
    except PresenterError:
        journal.close()
        raise
    return journal, read


def latest_journal(deck: Path | None = None, root: Path | None = None) -> Path | None:
    """The journal that `resume` means, of `deck` or of any; None where there is none.

    The newest one that broke off, unless it is much older than the newest of all; a talk that is
    being given right now is not meant.
    """
    folder = journals_dir(root)
    pattern = f"{deck_id(deck) if deck else '*'}/*.jsonl"
    newest: Path | None = None
    for path in sorted(folder.glob(pattern), key=_changed, reverse=True):
        broke_off = None if in_use(path) else _broke_off(path)
        if newest and _changed(newest) - _changed(path) > SAME_DAY:
            break
        if broke_off:
            return path
        if broke_off is not None:
            newest = newest or path
    return newest


def seconds_since(wall: str, now: datetime) -> float:
    """Seconds from an event's date to `now`; 0 where it has none or lies in the future."""
    try:
        return max((now - datetime.fromisoformat(wall)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _broke_off(path: Path) -> bool | None:
    """Whether the journal's talk has no orderly end; None where there is no talk in it.

    A rehearsal is no talk: it must not be resumed on stage.
    """
    try:
        events = [one.event for one in read_journal(path).stamped]
    except PresenterError:
        return None
    if isinstance(events[0], SessionStarted) and events[0].purpose:
        return None
    ends = [event for event in events if isinstance(event, SessionEnded | SessionResumed)]
    return not ends or isinstance(ends[-1], SessionResumed)
