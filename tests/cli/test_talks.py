"""`presenter talks`: the list, and what becomes of talks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.demo.folders import STATE_VARIABLE
from presenter.demo.store import Journal
from presenter.talk import events as e
from tests.demo.journals import lines, put, started

TALK: list[e.Event] = [
    started(),
    e.TalkDescribed("Istio 101", ("Ada",), "Codemotion", "Rome", duration=2700.0),
    e.TimerStarted(),
    e.StepFinished("mesh", 0, "live", 0, 1.0),
    e.StepFinished("mesh", 1, "recording", 0, 1.0, reason="silent"),
    e.StepFinished("mesh", 2, "card", 0, 1.0),
    e.QuestionNoted("Is Zoe here?", "intro"),
    e.SessionEnded("quit"),
]
LATER = "2026-05-05T09:00:00+02:00"
OTHER = "20260505T070000.000000Z-1"
REHEARSAL: list[e.Event] = [started(wall=LATER, purpose="rehearsal"), *TALK[1:3]]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path))
    return tmp_path


def talks(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[str]:
    """What is printed, then what is complained of."""
    assert main(["talks", *arguments]) == status
    told = capsys.readouterr()
    return [*told.out.splitlines(), *told.err.splitlines()]


def test_talks_and_rehearsals_are_listed_the_newest_first(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    put(state, REHEARSAL, OTHER)
    assert talks(capsys) == [
        "talk                day         kind              length    live  asked  end        about",
        "talk/20260505T0700  2026-05-05  rehearsal  0:00 of 45:00                 "
        "broke off  Istio 101 · Codemotion · Rome",
        "talk/20260504T0700  2026-05-04  talk       0:05 of 45:00  1 of 3      1  "
        "           Istio 101 · Codemotion · Rome",
    ]
    assert len(talks(capsys, "--talk", "talk/20260504")) == 2


def test_nothing_to_list_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert talks(capsys) == ["no talk has been given yet"]
    assert talks(capsys, "--json") == ["[]"]


def test_a_list_for_programs_has_everything(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(state, TALK)
    assert main(["talks", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told == {
        "name": f"{path.parent.name}/{path.stem}", "short": "talk/20260504T0700",
        "path": str(path), "deck": "/decks/talk.md", "kind": "talk",
        "began": "2026-05-04T09:00:00+02:00", "day": "2026-05-04", "title": "Istio 101",
        "event": "Codemotion", "place": "Rome", "seconds": 5.0, "planned": 2700.0,
        "steps": {"live": 1, "recording": 1, "transcript": 0, "card": 1}, "questions": 1,
        "ended": "", "trouble": "", "source": "",
    }  # fmt: skip


def test_how_a_talk_ended_is_told(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = put(state, lines(*TALK).replace(b"Zoe", b"Zoo"))
    running = Journal(put(state, TALK[:3], OTHER), lambda error: None)
    put(state, [e.SessionStarted("istio.md", "", "", "", source="a letter")], "old")
    first, *rest = talks(capsys)
    assert first.endswith("about")
    for line, end in zip(rest, ("being given now", "damaged", "written down later"), strict=False):
        assert f"  {end}  " in line
    assert rest[3] == (
        f"presenter: {damaged}: line 7: the checksum does not match; what stands before it is used"
    )
    running.close()
    assert "broke off" in "".join(talks(capsys))


def test_nothing_of_a_journal_steers_the_terminal(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202egnp"
    put(state, [
        e.SessionStarted(f"/{evil}.md", evil, evil, evil, evil, evil),
        e.TalkDescribed(evil, (), f"{evil}\n", evil, duration=1e308),
        e.TimerStarted(),
        e.Told("date", evil),
        e.StepFinished(evil, 0, evil, 0, 1e308),
    ])  # fmt: skip
    for arguments in (["talks"], ["talks", "--json"], ["report"]):
        assert main(arguments) in (0, 1)
        told = capsys.readouterr()
        for text in (told.out, told.err):
            assert text.replace("\n", "").isprintable(), arguments


def test_talks_of_a_deck_that_is_gone_are_found_by_its_name(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    assert len(talks(capsys, "elsewhere/talk.md")) == 2
    assert "no such deck" in talks(capsys, "talks.md", status=1)[0]


def test_a_name_that_means_several_is_refused_and_they_are_listed(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    put(state, REHEARSAL, OTHER)
    (told,) = talks(capsys, "--talk", "talk/2026", status=2)
    assert "2 talks begin so: talk/20260505T0700, talk/20260504T0700 (say more" in told
    assert "there is no such talk" in talks(capsys, "--talk", "tour/", status=1)[0]


# --- to another machine ---------------------------------------------------------------------------


def test_talks_go_to_a_file_and_come_back(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(state, TALK)
    put(state, REHEARSAL, OTHER)
    file = str(state / "talks.jsonl")
    before = talks(capsys)
    assert talks(capsys, "--export", file) == [f"{file}: 2 talks"]
    assert "is there already" in talks(capsys, "--export", file, status=1)[0]
    assert talks(capsys, "--export", file, "--force") == [f"{file}: 2 talks"]
    monkeypatch.setenv(STATE_VARIABLE, str(state / "other"))
    assert talks(capsys, "--import", file) == [f"{file}: 2 talks taken"]
    assert talks(capsys) == before
    assert talks(capsys, "--import", file) == [f"{file}: 0 talks taken, 2 were here already"]


def test_a_file_that_is_damaged_costs_a_line_and_status_1(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(state, TALK)
    put(state, REHEARSAL, OTHER)
    file = state / "talks.jsonl"
    talks(capsys, "--export", str(file))
    file.write_bytes(file.read_bytes().replace(b"Zoe", b"Zoo"))
    monkeypatch.setenv(STATE_VARIABLE, str(state / "other"))
    assert talks(capsys, "--import", str(file), status=1) == [
        f"{file}: 1 talk taken",
        f"presenter: {file}: {path.parent.name}/{path.stem}: is damaged; left out",
    ]
    assert "holds no talks" in talks(capsys, "--import", str(path), status=1)[0]


def test_a_talk_that_differs_is_kept_under_a_name_that_is_told(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(state, TALK)
    file = str(state / "talks.jsonl")
    talks(capsys, "--export", file)
    put(state, TALK[:3])
    name = f"{path.parent.name}/{path.stem}"
    assert talks(capsys, "--import", file) == [
        f"{name}: another talk of this name is here; kept as {name}-2",
        f"{file}: 1 talk taken",
    ]


# --- without who, where and when; away ------------------------------------------------------------


def answering(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr("presenter.cli.choosing.answer", lambda _question: said)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)


def test_talks_are_deleted_once_that_is_certain(
    state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = put(state, TALK), put(state, REHEARSAL, OTHER)
    assert "wants to be told what" in talks(capsys, "--delete", status=2)[0]
    (told,) = talks(capsys, "--delete", "--talk", "talk/20260505", status=2)[-1:]
    assert "nobody can be asked here (say yes with --yes)" in told
    with monkeypatch.context() as patched:
        answering(patched, "n")
        assert "nothing was changed" in talks(capsys, "--delete", "--talk", "talk/20260505")
        assert other.is_file()
        answering(patched, "y")
        assert talks(capsys, "--delete", "--talk", "talk/20260505") == [
            "talk/20260505T0700  Istio 101", "1 talk deleted",
        ]  # fmt: skip
    assert (path.is_file(), other.is_file()) == (True, False)
    assert talks(capsys, "/decks/talk.md", "--delete", "--yes") == ["1 talk deleted"]
    assert not path.exists()


@pytest.mark.parametrize("what", ["--delete", "--anonymise"])
def test_a_talk_of_a_deck_elsewhere_is_changed_only_if_it_is_named(
    state: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    deck = state / "talk.md"
    deck.write_text("---\ntitle: Istio 101\n---\n\n# Pods\n")
    theirs, own = put(state, TALK), put(state, [started(str(deck)), *TALK[1:]], OTHER)
    before = theirs.read_bytes()
    assert len(talks(capsys, str(deck))) == 3
    assert talks(capsys, str(deck), what, "--yes") == [
        "1 talk deleted" if what == "--delete" else "1 talk made anonymous",
        "presenter: 1 talk of a deck elsewhere left alone; --talk names them",
    ]
    assert (theirs.read_bytes(), own.exists()) == (before, False)
    assert "no such talk" in talks(capsys, "elsewhere/talk.md", what, "--yes", status=1)[1]
    assert theirs.read_bytes() == before
    talks(capsys, str(deck), what, "--yes", "--talk", "talk/20260504")
    assert not theirs.exists()


def test_talks_are_made_anonymous_where_they_are(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(state, TALK)
    assert talks(capsys, "--anonymise", "--yes") == ["1 talk made anonymous"]
    _, line = talks(capsys)
    assert line.startswith("talk/anonymous-")
    assert "2000-01-01" not in line, "a day that nobody had"
    assert "Codemotion" not in line
    assert main(["report"]) == 0
    text = capsys.readouterr().out
    assert "Ada" not in text
    assert "### question 1\n" in text


def test_copies_are_made_anonymous_and_the_talks_stay(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(state, TALK)
    file = state / "talks.jsonl"
    assert talks(capsys, "--export", str(file), "--anonymise") == [
        f"{file}: 1 talk, without who, where and when"
    ]
    assert path.read_bytes() == lines(*TALK)
    assert not any(word in file.read_text() for word in ("Zoe", "Ada", "Rome", "2026", "/decks"))


def test_a_talk_that_is_being_given_is_left_alone_and_told(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal(put(state, TALK), lambda error: None)
    put(state, REHEARSAL, OTHER)
    first, second = talks(capsys, "/decks/talk.md", "--delete", "--yes", status=1)
    assert first == "1 talk deleted"
    assert "is being given by process" in second
    journal.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--anonymise", "--delete", "talk.md"],
        ["--anonymise", "--json"],
        ["--import", "x", "--talk", "y"],
        ["--import", "x", "talk.md"],
        ["--import", "x", "--anonymise"],
    ],
)
def test_what_cannot_go_together_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (line,) = talks(capsys, *arguments, status=2)
    assert line.startswith("presenter: usage: ")


def test_nothing_to_export_or_to_delete_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no talk to be exported" in talks(capsys, "--export", "x", status=1)[0]
    assert "there is no such talk" in talks(capsys, "tour", "--delete", "--yes", status=1)[0]
