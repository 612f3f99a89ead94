"""`presenter questions`: of journals that are kept here, and of those in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.demo.store import STATE_VARIABLE, deck_id
from tests.cli.test_output import STEERING
from tests.talk.asked import ROADMAP, events, four_talks, noted, write

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "journals", four_talks())
    return tmp_path / "journals"


def questions(capsys: Capture, *options: str) -> dict[str, dict[str, object]]:
    assert main(["questions", *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    return {one["question"]: one for one in found["questions"]}


def test_the_table_says_which_where_how_often_and_what_is_open(
    folder: Path, capsys: Capture
) -> None:
    assert main(["questions", "istio-101", "--journals", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("7 questions came up in 4 talks · 3 of them have no answer yet")
    at = next(n for n, line in enumerate(lines) if ROADMAP in line)
    assert lines[at] == f"    3  no answer yet  {ROADMAP}  #roadmap"
    assert lines[at + 1].strip() == "at TDC Florianópolis, QCon Beijing, GDG Beijing"
    assert any("prepared       Do WebSockets work with Envoy?" in line for line in lines)


def test_talks_of_another_machine_have_the_answers_of_the_sample_of_that_name(
    folder: Path, capsys: Capture
) -> None:
    found = questions(capsys, "--journals", str(folder))
    assert found["Do WebSockets work with Envoy?"]["answered"] == "prepared"
    assert found["Is lunch served?"]["answered"] is None
    assert found[ROADMAP]["where"] == {
        "TDC Florianópolis": 1, "QCon Beijing": 1, "GDG Beijing": 1,
    }  # fmt: skip


def test_open_ones_alone(folder: Path, capsys: Capture) -> None:
    found = questions(capsys, "istio-101", "--open", "--journals", str(folder))
    assert ROADMAP in found
    assert not [one for one in found.values() if one["answered"]]


def test_without_a_folder_the_talks_that_were_given_here(tmp_path: Path, capsys: Capture) -> None:
    deck, other = tmp_path / "talk.md", tmp_path / "other.md"
    deck.write_text("# A\n")
    other.write_text("# B\n")
    (tmp_path / "talk.questions.md").write_text("## Why?\nSo.\n\n## How?\n")
    for path, text in ((deck, "why"), (other, "elsewhere?")):
        kept = tmp_path / "state" / "journals" / deck_id(path)
        write(kept.parent / "x", [events([noted(text)], "2020-01-01", deck=str(path))])
        (kept.parent / "x" / "venue-0").rename(kept)
        (kept.parent / "x").rmdir()
    assert set(questions(capsys, str(deck))) == {"Why?", "How?"}
    found = questions(capsys)
    assert set(found) == {"Why?", "How?", "elsewhere?"}
    assert found["Why?"]["count"] == 1
    assert found["Why?"]["answered"] == "prepared"


def test_where_there_are_none_it_says_so(capsys: Capture) -> None:
    assert main(["questions"]) == 0
    assert capsys.readouterr().out == "no question came up in 0 talks\n"


def test_a_journal_that_cannot_be_read_costs_a_line(folder: Path, capsys: Capture) -> None:
    (folder / "odd.jsonl").write_text("odd\n")
    assert len(questions(capsys, "--journals", str(folder))) > 5
    main(["questions", "--journals", str(folder)])
    (line,) = capsys.readouterr().err.splitlines()
    assert "odd.jsonl: no session in this journal" in line


@pytest.mark.parametrize("ending", ["svg", "png", "txt"])
def test_a_picture(folder: Path, tmp_path: Path, ending: str, capsys: Capture) -> None:
    output = tmp_path / f"asked.{ending}"
    arguments = ["questions", "istio-101", "--journals", str(folder), "--picture", str(output)]
    assert main(arguments) == 0
    assert output.stat().st_size > 500
    if ending == "txt":
        assert "Questions · Istio 101" in output.read_text()
    assert main([*arguments, "--theme", "ligth"]) != 0
    assert "light" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--journals", "nowhere"], "nowhere: no such folder"),
        (["nothing"], "nothing: no such deck"),
        (["--picture", "a.gif"], "a.gif: unknown kind of picture"),
    ],
)
def test_errors_are_a_line(options: list[str], words: str, capsys: Capture) -> None:
    assert main(["questions", *options]) in {1, 2}
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("options", [[], ["--json"], ["--picture", "p.txt"]])
def test_no_question_steers_the_terminal(
    tmp_path: Path, options: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "a\x1b]0;x\x07b\x9b\u202e"
    write(tmp_path / "j", [events([noted(text, text)], "2018-01-01", event=text)])
    assert main(["questions", "--journals", "j", *options]) == 0
    said = capsys.readouterr()
    assert not STEERING.search(said.out + said.err)
    if "--picture" in options:
        assert not STEERING.search((tmp_path / "p.txt").read_text())
