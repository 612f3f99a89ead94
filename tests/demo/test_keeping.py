"""Talks carried to another machine, made anonymous and thrown away."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.demo.archive import Packed, packed
from presenter.demo.folders import PICTURE
from presenter.demo.journallock import in_use, lock_file
from presenter.demo.keeping import (
    Taken,
    anonymise_talk,
    delete_talk,
    export_talks,
    import_talks,
)
from presenter.demo.library import path_name, path_of, read_library, read_record
from presenter.demo.store import Journal, read_journal, reopen_journal
from presenter.errors import PresenterError
from presenter.talk import events as e
from tests.demo.journals import WALL, lines, put, started

TALK: list[e.Event] = [started(), e.TimerStarted(), e.Moved(1, "pods", 0), e.SessionEnded("quit")]
PERSONAL: list[e.Event] = [
    started("/srv/canary/talk.md"),
    e.TalkDescribed(
        "Istio 101", ("Canary",), "Canarycon", "Canary", "2031-02-03", "canaries", 60.0
    ),
    e.Told("audience", "80 canaries"),
    e.QuestionNoted("Do you know the canary?", "pods", "mesh"),
    e.AnswerNoted("Do you know the canary?", "It is a canary."),
    e.RecordingForced("the canary ate the cable"),
    e.StepEdited("demo", 0, "cat /srv/canary"),
    e.StepFinished("demo", 0, "recording", 0, 1.0, reason="canary"),
    e.SessionEnded("canary"),
]
OTHER = "20260505T070000.000000Z-1"


def never(error: Exception) -> None:
    raise AssertionError(error)


def everything(root: Path) -> str:
    """Names and contents of all files."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return "".join(f"{path.relative_to(root)}\n{path.read_text()}" for path in files).lower()


def test_talks_move_to_another_machine_as_one_file(tmp_path: Path) -> None:
    one, two = put(tmp_path, TALK), put(tmp_path, [*TALK[:-1]], OTHER)
    names = export_talks([one, two], tmp_path / "talks.jsonl")
    assert names == [path_name(one), path_name(two)]
    other = tmp_path / "other"
    taken, troubles = import_talks(tmp_path / "talks.jsonl", other)
    assert taken == [Taken(name, name) for name in names]
    assert troubles == []
    for name in names:
        assert path_of(name, other).read_bytes() == path_of(name, tmp_path).read_bytes()
    assert path_of(names[0], other).stat().st_mode & 0o777 == 0o600
    assert path_of(names[0], other).parent.stat().st_mode & 0o777 == 0o700
    records = read_library(root=other).records
    assert [record.seconds for record in records] == [1.0, 2.0]
    again, _ = import_talks(tmp_path / "talks.jsonl", other)
    assert again == [Taken(name, name, new=False) for name in names]
    assert read_library(root=other).records == records


def test_a_talk_that_differs_from_the_one_here_is_kept_beside_it(tmp_path: Path) -> None:
    export_talks([put(tmp_path, TALK)], tmp_path / "one")
    path = put(tmp_path, TALK[:2])
    (taken,), _ = import_talks(tmp_path / "one", tmp_path)
    assert taken == Taken(path_name(path), f"{path_name(path)}-2")
    assert path.read_bytes() == lines(*TALK[:2])
    assert path_of(taken.kept_as, tmp_path).read_bytes() == lines(*TALK)
    (again,), _ = import_talks(tmp_path / "one", tmp_path)
    assert again == Taken(path_name(path), f"{path_name(path)}-2", new=False)


def test_what_is_no_talk_or_damaged_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    good = Packed("talk-00000000/a", lines(*TALK))
    none = Packed("talk-00000000/b", lines(e.PressWaits()))
    cut = Packed("talk-00000000/c", lines(*TALK))
    file = tmp_path / "talks"
    file.write_bytes(b"".join(packed([good, none, cut]))[:-40])
    taken, troubles = import_talks(file, tmp_path)
    assert [one.name for one in taken] == ["talk-00000000/a"]
    assert troubles == [
        f"{file}: talk-00000000/c: is cut off; left out",
        f"{file}: talk-00000000/b: no session in this journal; left out",
    ]


@given(st.binary(max_size=60))
def test_a_file_that_holds_no_talks_writes_nothing(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "talks"
        file.write_bytes(data)
        with pytest.raises(PresenterError, match=f"{file}: holds no talks"):
            import_talks(file, Path(folder))
        assert [path.name for path in Path(folder).iterdir()] == ["talks"]


def test_a_file_that_is_not_there_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(PresenterError, match="cannot be read: No such file"):
        import_talks(tmp_path / "none")
    path = put(tmp_path, TALK)
    with pytest.raises(PresenterError, match="cannot be written: No such file"):
        export_talks([path], tmp_path / "none" / "talks")
    with pytest.raises(PresenterError, match="cannot be written: is a folder"):
        export_talks([path], tmp_path)


def test_a_talk_is_deleted_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    path, other = put(tmp_path, TALK), put(tmp_path, TALK, OTHER)
    path.with_suffix(".damaged").write_text("before")
    lock_file(path).write_text("7")
    (path.parent / PICTURE).write_text("with times of both")
    delete_talk(path)
    assert list(path.parent.iterdir()) == [other]
    delete_talk(other)
    assert not path.parent.exists()


@pytest.mark.parametrize("action", [delete_talk, anonymise_talk])
def test_a_talk_that_is_being_given_is_left_alone(tmp_path: Path, action: object) -> None:
    path = put(tmp_path, TALK)
    journal = Journal(path, never)
    before = path.read_bytes()
    assert callable(action)
    with pytest.raises(PresenterError, match="is being given by process"):
        action(path)
    assert (path.read_bytes(), in_use(path)) == (before, True)
    journal.close()
    action(path)
    assert not in_use(path)


def test_a_pipe_is_no_file_of_talks(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(PresenterError, match="is no file"):
        import_talks(pipe, tmp_path)


def test_an_imported_talk_is_as_old_as_it_is(tmp_path: Path) -> None:
    path = put(tmp_path / "one", TALK)
    export_talks([path], tmp_path / "talks.jsonl")
    (taken,), _ = import_talks(tmp_path / "talks.jsonl", tmp_path / "other")
    last = datetime.fromisoformat(read_journal(path).stamped[-1].wall).timestamp()
    new = path_of(taken.kept_as, tmp_path / "other")
    assert new.stat().st_mtime == pytest.approx(last, abs=1)


def test_nothing_personal_is_left_of_an_anonymous_talk(tmp_path: Path) -> None:
    path = put(tmp_path, PERSONAL)
    path.with_suffix(".damaged").write_text("canary")
    new = anonymise_talk(path)
    left = everything(tmp_path)
    for word in ("canar", "2026-", "2031", "09:00", path.stem.lower(), path.parent.name):
        assert word not in left, word
    assert new.stat().st_mtime < 1e9
    record = read_record(new)
    assert (record.described.title, record.deck) == ("Istio 101", "talk.md")
    assert [(one.text, one.tags) for one in record.questions] == [("question 1", ())]
    assert record.forced == ""
    assert record.anonymous
    assert record.fact("date") == "", "a date that nobody had is none"
    assert anonymise_talk(new) == new
    assert len(list(tmp_path.rglob("*.jsonl"))) == 1


def test_the_talks_themselves_stay_where_the_copies_are_made_anonymous(tmp_path: Path) -> None:
    path = put(tmp_path, PERSONAL)
    before = path.read_bytes()
    (name,) = export_talks([path], tmp_path / "out", anonymous=True)
    assert path.read_bytes() == before
    assert name.startswith("talk-")
    assert "canar" not in (tmp_path / "out").read_text().lower()
    (taken,), troubles = import_talks(tmp_path / "out", tmp_path / "other")
    assert troubles == []
    assert read_record(path_of(taken.name, tmp_path / "other")).told == {}


def test_what_of_a_journal_is_damaged_does_not_come_along(tmp_path: Path) -> None:
    path = put(tmp_path, lines(*PERSONAL).replace(b"80 canaries", b"90 canaries"))
    new = anonymise_talk(path)
    assert read_record(new).trouble == ""
    assert "canar" not in new.read_text().lower()


def test_an_anonymous_talk_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, PERSONAL)

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("presenter.demo.keeping.replace_own", full)
    with pytest.raises(PresenterError, match="No space left"):
        anonymise_talk(path)
    assert path.read_bytes() == lines(*PERSONAL)


def test_an_imported_talk_can_be_gone_on_with(tmp_path: Path) -> None:
    export_talks([put(tmp_path, TALK)], tmp_path / "out")
    (taken,), _ = import_talks(tmp_path / "out", tmp_path / "other")
    journal, read = reopen_journal(path_of(taken.kept_as, tmp_path / "other"), never)
    journal.append(e.Stamped(len(read.stamped) + 1, 9.0, WALL, e.Told("place", "Rome")))
    journal.close()
    assert read_record(journal.path).told == {"place": "Rome"}
