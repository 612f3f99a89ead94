"""The command line: statuses, errors of one line each that say what to do, completions."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.samples import sample_names, sample_root
from tests.console import presenter_command
from tests.e2e.command import run


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, the current one, with good and bad files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PRESENTER_CONFIG", os.devnull)
    (tmp_path / "good.md").write_text("# Good\n\ntext\n\n<!-- pause -->\n\nmore\n")
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "front.md").write_text("---\ntitle: [\n---\n# A\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.cast").write_text("")
    (tmp_path / "garbage.cast").write_text("garbage\n")
    (tmp_path / "garbage.cast.gz").write_bytes(gzip.compress(b"garbage\n"))
    (tmp_path / "torn.cast.gz").write_bytes(gzip.compress(b"garbage\n" * 99)[:-30])
    (tmp_path / "good.cast").write_text('{"version": 2, "width": 80, "height": 24}\n')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ("nosuch.md", 1, "nosuch.md: no such deck (a Markdown file, or one of: istio-101,"),
        ("istio-10", 1, "did you mean 'istio-101'?"),
        ("outline nosuch", 1, "no such deck"),
        ("folder", 1, "folder: is a folder (name the deck's Markdown file)"),
        ("binary.md", 1, "not UTF-8"),
        ("outline binary.md", 1, "not UTF-8"),
        ("outline front.md", 1, "front.md:3:1: error: front matter:"),
        ("good.md --slide nowhere", 1, "no slide 'nowhere'"),
        ("istio-101 --slide grafna", 1, "no slide 'grafna'; did you mean 'grafana"),
        ("good.md --theme drak", 1, "no theme named 'drak' (did you mean dark?)"),
        ("good.md --speed 99", 2, "argument --speed: 99: a number from 0.25 to 16"),
        ("good.md --nonsense", 2, "unrecognized arguments: --nonsense"),
        ("outline", 2, "required: DECK"),
        ("shot good.md", 2, "required: -o"),
        ("shot good.md -o a.gif", 2, "a.gif: unknown kind of picture (use .svg, .png or .txt)"),
        ("shot good.md -o no/a.txt", 1, "cannot be written: No such file or directory"),
        ("shot good.md -o a.txt --size 9x9", 2, "--size 9x9 (COLUMNSxROWS, from 20x6"),
        ("shot good.md -o a.txt --size big", 2, "--size big (COLUMNSxROWS"),
        ("shot good.md -o a.txt --slide 7", 1, "no slide '7'"),
        ("shot good.md -o a.txt --step -1", 2, "argument --step: -1: a number from 0 on"),
        ("shot good.md -o a.txt --step 9", 1, "--step 9: slide 'good' takes no more than 1"),
        ("shot good.md -o a.txt --step x", 2, "argument --step"),
        ("play nosuch.cast", 1, "nosuch.cast: cannot be read: No such file or directory"),
        ("play folder", 1, "folder: cannot be read"),
        ("play empty.cast", 1, "empty.cast: the file is empty"),
        ("play garbage.cast", 1, "garbage.cast:1: no asciicast header"),
        ("play garbage.cast.gz", 1, "garbage.cast.gz:1: no asciicast header"),
        ("play torn.cast.gz", 1, "torn.cast.gz"),
        ("play good.cast --speed 0.1", 2, "argument --speed"),
        ("play", 2, "required: CAST"),
        ("resume nosuch.md", 1, "no such deck"),
        ("resume good.md", 1, "there is no talk of good.md to resume (`presenter` begins one)"),
        ("resume", 1, "there is no talk to resume"),
        ("completions tcsh", 2, "invalid choice: 'tcsh'"),
        ("transcribe good.md --origin x", 1, "no demo has a transcript"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_is_wrong_is_said_in_a_line(
    arguments: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        ended = main(arguments.split())
    except SystemExit as exit_:  # the parser's way
        ended = int(str(exit_.code))
    output = capsys.readouterr()
    assert ended == status
    assert said in output.err
    assert output.err.count("\n") == 1, output.err


@pytest.mark.parametrize("arguments", ["good.md", "play good.cast", "empty.md"])
@pytest.mark.usefixtures("files")
def test_without_a_terminal_there_is_no_talk(
    arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert main(arguments.split()) == 1
    said = capsys.readouterr().err
    assert said.startswith("presenter: standard input is not a terminal (run it in a terminal")
    assert said.count("\n") == 1


def test_the_installed_command_says_the_same(files: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        missing = pool.submit(run, "nosuch.md", cwd=files)
        usage = pool.submit(run, "play", cwd=files)
        no_terminal = pool.submit(run, "good.md", cwd=files)
        version = pool.submit(run, "--version")
    assert missing.result().returncode == 1
    assert missing.result().stderr.startswith("presenter: nosuch.md: no such deck")
    assert usage.result().returncode == 2
    assert no_terminal.result().returncode == 1
    assert no_terminal.result().stderr.count("\n") == 1
    assert version.result().stdout.startswith("presenter ")


def test_a_deck_without_slides_opens_with_a_warning(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outline", "empty.md"]) == 0
    assert "empty.md:1:1: warning: the deck has no slides" in capsys.readouterr().err
    assert main(["shot", "empty.md", "-o", "empty.txt"]) == 0
    assert len((files / "empty.txt").read_text().splitlines()) == 24


def test_the_outline_is_json_with_all_that_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outline", "istio-101", "--json"]) == 0
    outline = json.loads(capsys.readouterr().out)
    for slide in outline["slides"]:
        assert {"id", "title", "notes", "demos", "place"} <= slide.keys()
        assert slide["notes"], slide["id"]
    demos = [demo for slide in outline["slides"] for demo in slide["demos"]]
    assert len(demos) > 10
    assert any(demo["recording"] and Path(demo["recording"]).is_file() for demo in demos)
    steps = [step for demo in demos for step in demo["steps"]]
    assert {"command", "transcript"} <= steps[0].keys()
    assert any("needs" in demo for demo in demos)


def test_the_outline_has_each_problem_with_its_place(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "odd.md").write_text("# A\n\n<!-- puase -->\n")
    assert main(["outline", "odd.md", "--json"]) == 0
    output = capsys.readouterr()
    (problem,) = json.loads(output.out)["problems"]
    assert "pause" in problem["message"]
    assert output.err.startswith("odd.md:3:1: warning: ")


def test_the_outline_tells_of_the_prepared_questions(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "odd.md").write_text("# A\n")
    (files / "odd.questions.md").write_text("## Why?\n<!-- tag: x -->\n\n## How?\nSo.\n")
    assert main(["outline", "odd.md", "--json"]) == 0
    output = capsys.readouterr()
    found = json.loads(output.out)
    assert [one["question"] for one in found["questions"]] == ["Why?", "How?"]
    assert [one["line"] for one in found["problems"]] == [2]
    assert output.err.startswith("odd.questions.md:2:1: warning: unknown comment `tag`")
    assert main(["outline", "odd.md"]) == 0
    assert "2 prepared questions, 1 without an answer\n" in capsys.readouterr().out
    main(["check", "--static", "odd.md"])
    assert "odd.questions.md:2:1" in capsys.readouterr().out


def test_a_file_of_questions_is_no_sample_talk(capsys: pytest.CaptureFixture[str]) -> None:
    assert (sample_root() / "slides" / "istio-101.questions.md").is_file()
    assert not [name for name in sample_names() if "questions" in name]
    assert main(["outline", "istio-101.questions"]) == 1
    assert "no such deck" in capsys.readouterr().err


def test_pictures_of_every_kind_are_written(files: Path) -> None:
    for name in ("a.txt", "a.svg", "a.png"):
        assert main(["shot", "tour", "--slide", "2", "--size", "60x20", "-o", name]) == 0
    lines = (files / "a.txt").read_text().splitlines()
    assert len(lines) == 20
    assert ET.fromstring((files / "a.svg").read_text()).tag.endswith("svg")  # noqa: S314 — ours
    assert (files / "a.png").read_bytes().startswith(b"\x89PNG")


def test_pictures_before_and_after_the_presses_differ(files: Path) -> None:
    assert main(["shot", "good.md", "--step", "0", "-o", "before.txt"]) == 0
    assert main(["shot", "good.md", "-o", "after.txt"]) == 0
    assert "more" not in (files / "before.txt").read_text()
    assert "more" in (files / "after.txt").read_text()


@pytest.mark.parametrize("reader", ["head -c 1 >/dev/null", "true"])
def test_a_reader_that_has_seen_enough_is_no_error(reader: str) -> None:
    script = f"'{presenter_command()}' outline istio-101 --json | {reader}; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert (ended.stdout, ended.stderr) == ("0\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [presenter_command(), "outline", "tour"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == "presenter: standard output: No space left on device\n"


# --- completions ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completions")
    for shell in ("bash", "zsh", "fish"):
        (folder / shell).write_text(run("completions", shell).stdout)
    return folder


def complete(script: Path, cwd: Path, *words: str) -> list[str]:
    """What bash offers for the last of `words`."""
    quoted = " ".join(f"'{word}'" for word in words)
    code = f"""
        source '{script}'
        COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}
        COMP_LINE="${{COMP_WORDS[*]}}" COMP_POINT=${{#COMP_LINE}}
        _shtab_presenter presenter '{words[-1]}' '{words[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not ended.stderr
    return sorted(word.strip() for word in ended.stdout.split())


def test_bash_completes_commands_options_and_files(scripts: Path, files: Path) -> None:
    def offered(*words: str) -> list[str]:
        return complete(scripts / "bash", files, "presenter", *words)

    assert offered("sh") == ["shot"]
    assert set(offered("")) >= {"present", "play", "outline", "shot", "resume", "completions"}
    assert set(offered("shot", "--s")) == {"--slide", "--step", "--size"}
    assert "good.md" in offered("outline", "goo")
    assert "good.cast" in offered("play", "good")
    assert offered("completions", "f") == ["fish"]
    assert offered("chec") == ["check"]
    assert set(offered("check", "--")) >= {"--json", "--static", "--trust", "--watch"}
    assert "good.md" in offered("check", "goo")
    assert "--recorded" in offered("present", "--r")


@pytest.mark.parametrize(
    ("shell", "option"), [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")]
)
def test_completion_scripts_parse(scripts: Path, shell: str, option: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")
    subprocess.run([shell, option, str(scripts / shell)], check=True, timeout=60)
    assert "presenter" in (scripts / shell).read_text()
