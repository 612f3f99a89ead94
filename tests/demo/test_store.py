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
    assert len(failures) == 1
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
    assert "disk is full" in str(failures[0])
    assert journal.path.stat().st_size == 5


def test_no_place_for_a_journal_is_reported_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failures: list[Exception] = []
    assert create_journal(Path("talk.md"), failures.append, tmp_path / "file") is None
    assert len(failures) == 1


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    journal = create_journal(Path("talk.md"), never, tmp_path)
    assert journal is not None
    with pytest.raises(PresenterError, match=f"process {os.getpid()}"):
        reopen_journal(journal.path, never)
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


@pytest.mark.parametrize("content", [b"", b"hello\n", b"{}"])
def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(PresenterError, match="no session"):
        reopen_journal(path, never)
    assert path.read_bytes() == content


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
