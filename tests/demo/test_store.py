from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presenter.demo.store import (
    Journal,
    create_journal,
    deck_id,
    latest_journal,
    read_journal,
    reopen_journal,
    seconds_since,
    state_dir,
)
from presenter.errors import PresenterError
from presenter.talk import events as e

WALL = "2026-05-04T09:00:00+02:00"
STARTED = e.SessionStarted("/decks/talk.md", "h1", WALL, "1")


def never(error: Exception) -> None:
    raise AssertionError(error)


def write(journal: Journal | None, *events: e.Event) -> Path:
    assert journal is not None
    for number, event in enumerate(events, start=1):
        journal.append(e.Stamped(number, float(number), WALL, event))
    journal.close()
    return journal.path


def made(root: Path, deck: str = "talk.md", *events: e.Event, age: float = 0.0) -> Path:
    path = write(create_journal(Path(deck), never, root), STARTED, *events)
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = made(tmp_path, "talk.md", e.PressWaits())
    assert [one.event for one in read_journal(path).stamped] == [STARTED, e.PressWaits()]


GIVE = """
import itertools, sys
from pathlib import Path
from presenter.demo.store import create_journal
from presenter.talk import events as e
journal = create_journal(Path("talk.md"), sys.exit, Path(sys.argv[1]))
print(journal.path, flush=True)
started = e.SessionStarted("/talk.md", "h", "", "1")
for number in itertools.count(1):
    journal.append(e.Stamped(number, 0.0, "", e.PressWaits() if number > 1 else started))
    print(number, flush=True)
"""


def test_a_process_that_is_killed_loses_nothing_that_it_wrote(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GIVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().strip())
        for number in range(1, 201):
            assert process.stdout.readline() == f"{number}\n"
        assert latest_journal(root=tmp_path) is None
        process.kill()
    assert latest_journal(root=tmp_path) == path
    journal, read = reopen_journal(path, never)
    journal.close()
    assert len(read.stamped) >= 200
    assert read.stopped_at is None


def test_journals_are_private(tmp_path: Path) -> None:
    path = made(tmp_path / "state")
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_every_event_is_on_disk_at_once_in_one_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = create_journal(Path("talk.md"), never, tmp_path)
    assert journal is not None
    sizes: list[int] = []
    write_ = os.write

    def counted(fd: int, data: bytes) -> int:
        sizes.append(len(data))
        return write_(fd, data)

    monkeypatch.setattr(os, "write", counted)
    journal.append(e.Stamped(1, 0.0, WALL, STARTED))
    assert sizes == [journal.path.stat().st_size]
    journal.close()


def test_a_disk_that_fails_costs_the_journal_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = []
    journal = create_journal(Path("talk.md"), failures.append, tmp_path)
    assert journal is not None

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for number in (1, 2, 3):
        journal.append(e.Stamped(number, 0.0, WALL, e.PressWaits()))
    told = f"no journal from here on: No space left on device ({journal.path})"
    assert [str(error) for error in failures] == [told]
    journal.close()


def test_a_line_written_in_part_ends_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = []
    journal = create_journal(Path("talk.md"), failures.append, tmp_path)
    assert journal is not None
    write_ = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write_(fd, data[:5]))
    journal.append(e.Stamped(1, 0.0, WALL, STARTED))
    journal.append(e.Stamped(2, 0.0, WALL, STARTED))
    told = f"no journal from here on: the disk is full ({journal.path})"
    assert [str(error) for error in failures] == [told]
    assert journal.path.stat().st_size == 5


def test_no_place_for_a_journal_is_reported_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failures: list[Exception] = []
    assert create_journal(Path("talk.md"), failures.append, tmp_path / "file") is None
    folder = tmp_path / "file" / "journals" / deck_id(Path("talk.md"))
    assert [str(error) for error in failures] == [f"no journal: File exists ({folder})"]


def test_an_event_that_cannot_be_written_is_told_with_its_reason(tmp_path: Path) -> None:
    failures: list[Exception] = []
    journal = create_journal(Path("talk.md"), failures.append, tmp_path)
    assert journal is not None
    journal.append(e.Stamped(1, float("inf"), WALL, STARTED))
    assert "no journal from here on: Out of range float" in str(failures[0])
    assert journal.path.stat().st_size == 0


def test_a_folder_that_a_journal_needs_is_made_with_those_above_it(tmp_path: Path) -> None:
    path = made(tmp_path / "not" / "there" / "yet")
    assert path.is_relative_to(tmp_path / "not" / "there" / "yet" / "journals")


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    journal = create_journal(Path("talk.md"), never, tmp_path)
    assert journal is not None
    told = f"the talk is being given by process {os.getpid()} (end that one first)"
    with pytest.raises(PresenterError) as refused:
        reopen_journal(journal.path, never)
    assert str(refused.value) == f"{journal.path}: {told}"
    assert latest_journal(root=tmp_path) is None
    write(journal, STARTED)
    again, _ = reopen_journal(journal.path, never)
    again.close()


def test_a_torn_line_is_cut_off_before_the_journal_goes_on(tmp_path: Path) -> None:
    path = made(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"v":1,"seq":2,"at"')
    journal, read = reopen_journal(path, never)
    assert read.torn
    journal.append(e.Stamped(2, 5.0, WALL, e.SessionResumed(WALL, "1")))
    journal.close()
    assert [one.seq for one in read_journal(path).stamped] == [1, 2]
    assert not path.with_suffix(".damaged").exists()


def test_a_damaged_journal_is_kept_beside_the_one_that_goes_on(tmp_path: Path) -> None:
    path = made(tmp_path, "talk.md", e.PressWaits(), e.WaitEnded())
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = lines[0] + lines[1].replace(b"Press", b"Bless") + lines[2]
    path.write_bytes(damaged)
    journal, read = reopen_journal(path, never)
    journal.close()
    assert read.stopped_at == "line 2: the checksum does not match"
    assert path.with_suffix(".damaged").read_bytes() == damaged
    assert path.read_bytes() == lines[0]


def test_a_journal_that_goes_on_tells_of_a_failing_disk_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = []
    journal, _ = reopen_journal(made(tmp_path), failures.append)

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.append(e.Stamped(2, 0.0, WALL, e.PressWaits()))
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", ""), (b"hello\n", " (line 1: the checksum does not match)"), (b"{}", "")],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(PresenterError) as refused:
        reopen_journal(path, never)
    assert str(refused.value) == f"{path}: no session in this journal{reason}"
    assert path.read_bytes() == content


def test_a_journal_that_cannot_be_read_or_mended_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder.jsonl"
    folder.mkdir()
    for opens in (read_journal, lambda path: reopen_journal(path, never)):
        with pytest.raises(PresenterError) as refused:
            opens(folder)
        assert str(refused.value) == f"{folder}: Is a directory"
    path = made(tmp_path)
    with path.open("ab") as file:
        file.write(b"torn")

    def read_only(path: Path, length: int) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "truncate", read_only)
    with pytest.raises(PresenterError) as refused:
        reopen_journal(path, never)
    assert str(refused.value) == f"{path}: Read-only file system"
    monkeypatch.undo()
    journal, _ = reopen_journal(path, never)  # its lock has been let go of
    journal.close()


def test_a_lock_is_private_and_tells_who_holds_it(tmp_path: Path) -> None:
    path = made(tmp_path)
    lock = path.with_suffix(".lock")
    lock.unlink()
    lock.write_bytes(b"\xff" * 40)
    assert latest_journal(root=tmp_path) == path  # what is left of a process that has died
    lock.unlink()
    before = os.umask(0)
    try:
        journal = Journal(path, never)
    finally:
        os.umask(before)
    assert lock.stat().st_mode & 0o777 == 0o600
    assert lock.read_text() == f"{os.getpid()}\n"
    lock.write_bytes(b"\xff\n")
    with pytest.raises(PresenterError, match="by process \N{REPLACEMENT CHARACTER}"):
        Journal(path, never)
    lock.write_bytes(b"")
    with pytest.raises(PresenterError, match=r"by process \?"):
        Journal(path, never)
    journal.close()


def test_a_journal_without_its_lock_is_nobodys(tmp_path: Path) -> None:
    path = made(tmp_path)
    path.with_suffix(".lock").unlink()
    assert latest_journal(root=tmp_path) == path


def test_a_file_system_without_locks_has_journals_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    path = made(tmp_path)
    assert latest_journal(root=tmp_path) == path


def test_a_journal_that_is_not_there_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(PresenterError, match="No such file"):
        reopen_journal(tmp_path / "none" / "x.jsonl", never)


# --- which one to resume ----------------------------------------------------------------------

ENDED = e.SessionEnded("quit")


def test_nothing_to_resume(tmp_path: Path) -> None:
    assert latest_journal(root=tmp_path) is None


def test_the_newest_that_broke_off_is_meant(tmp_path: Path) -> None:
    made(tmp_path, "a.md", age=300)
    broke_off = made(tmp_path, "a.md", age=200)
    made(tmp_path, "b.md", ENDED, age=100)
    assert latest_journal(root=tmp_path) == broke_off


def test_a_journal_without_a_talk_in_it_is_not_meant(tmp_path: Path) -> None:
    ended = made(tmp_path, "a.md", ENDED, age=300)
    empty = create_journal(Path("a.md"), never, tmp_path)
    assert empty is not None
    empty.close()
    os.utime(empty.path, (1e9, 1e9))
    assert latest_journal(root=tmp_path) == ended


def test_of_talks_that_ended_the_newest_is_meant(tmp_path: Path) -> None:
    made(tmp_path, "a.md", ENDED, age=300)
    newest = made(tmp_path, "b.md", ENDED, age=200)
    made(tmp_path, "c.md", ENDED, age=400)
    assert latest_journal(root=tmp_path) == newest


def test_a_resumed_talk_that_broke_off_again_is_meant(tmp_path: Path) -> None:
    path = made(tmp_path, "a.md", ENDED, e.SessionResumed(WALL, "1"), age=200)
    made(tmp_path, "b.md", ENDED, age=100)
    assert latest_journal(root=tmp_path) == path


def test_a_talk_that_broke_off_long_ago_is_not_meant(tmp_path: Path) -> None:
    made(tmp_path, "a.md", age=13 * 3600)
    ended = made(tmp_path, "b.md", ENDED)
    assert latest_journal(root=tmp_path) == ended


def test_a_deck_has_its_own_journals(tmp_path: Path) -> None:
    of_a = made(tmp_path, "a.md", age=500)
    made(tmp_path, "b.md")
    assert latest_journal(Path("a.md"), tmp_path) == of_a
    assert latest_journal(Path("c.md"), tmp_path) is None


def test_decks_of_the_same_name_have_different_folders() -> None:
    assert deck_id(Path("/a/My Talk.md")) != deck_id(Path("/b/My Talk.md"))
    assert deck_id(Path("/a/My Talk.md")).startswith("my-talk-")
    assert deck_id(Path("/a/…")).startswith("deck-")


def test_the_state_directory_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path))
    assert state_dir() == tmp_path
    monkeypatch.delenv("PRESENTER_STATE_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_dir().name == "presenter"


@pytest.mark.parametrize(
    ("wall", "seconds"),
    [(WALL, 60.0), ("2027-01-01T00:00:00+00:00", 0.0), ("", 0.0), ("2026-05-04T09:00:00", 0.0)],
)
def test_the_time_away_is_never_negative(wall: str, seconds: float) -> None:
    assert seconds_since(wall, datetime(2026, 5, 4, 7, 1, tzinfo=UTC)) == seconds
