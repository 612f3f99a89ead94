"""`presenter cast`, installed: its files, its words, its statuses."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from presenter.recording.reader import open_cast
from tests.e2e.command import run
from tests.material import ROOT

HELLO = ROOT / "recordings" / "tour" / "hello.cast"
REQUESTS = ROOT / "recordings" / "istio-101-today" / "graph.har"
QUERIES = ROOT / "recordings" / "istio-101-today" / "pods.jsonl"
HOME = "/" + "home"
BROKEN = """{"version": 3, "term": {"cols": 80, "rows": 24}}
[0.1, "o", "one"]
lol
[0.1, "o", "https://ann:hunter22@example.org/"]
[0.1, "o", "th"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(HELLO, tmp_path / "hello.cast")
    (tmp_path / "broken.cast").write_text(BROKEN)
    return tmp_path


def test_info_tells_steps_times_and_what_is_damaged(folder: Path) -> None:
    done = run("cast", "info", "hello.cast", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert 'step      1  0:01.773  0.0 s  status 0  echo "Hello, room"' in done.stdout
    assert "duration  0:04.102\n" in done.stdout
    done = run("cast", "info", "broken.cast", "--json", cwd=folder)
    found = json.loads(done.stdout)
    assert found["events"] == {"output": 2}
    assert found["damaged"] == [
        {"line": 3, "reason": "not JSON"}, {"line": None, "reason": "the last line is torn off"},
    ]  # fmt: skip


@pytest.mark.parametrize("path", [REQUESTS, QUERIES], ids=["requests", "queries"])
def test_info_and_check_know_recordings_of_data(path: Path) -> None:
    done = run("cast", "info", str(path))
    assert done.returncode == 0
    assert "step      1  0:00.000" in done.stdout
    assert "recorded  captured, 2026-" in done.stdout
    done = run("cast", "check", "--secrets", str(path))
    assert (done.returncode, done.stdout) == (
        0, f"{path}: well formed, and nothing looks like a secret\n"
    )  # fmt: skip


def test_check_tells_lines_and_ends_with_1(folder: Path) -> None:
    done = run("cast", "check", "hello.cast", "broken.cast", "--secrets", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "hello.cast: well formed, and nothing looks like a secret",
        "broken.cast:3: not JSON: Expecting value (column 1)",
        "broken.cast:5: not JSON: Unterminated string starting at (column 12): "
        "the last line is torn off",
        "broken.cast:4: looks like a secret (`presenter cast redact` takes it out)",
    ]
    (folder / "cut.har").write_text('{"log":')
    done = run("cast", "check", "cut.har", cwd=folder)
    assert done.returncode == 1
    assert "cut.har" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ("info nosuch.cast", 1, "nosuch.cast: cannot be read: No such file or directory"),
        ("check nosuch.cast", 1, "nosuch.cast: cannot be read: No such file or directory"),
        ("", 2, "required: ACTION"),
        ("frobnicate", 2, "invalid choice: 'frobnicate'"),
        ("trim hello.cast -o a.cast", 2, "cast trim (say --from TIME, --to TIME or both)"),
        ("trim hello.cast --from x -o a.cast", 2, "x: a time such as 83.4, 1:23.4 or 1:02:03"),
        ("trim hello.cast --from 2 --to 1 -o a.cast", 2, "the second must be later than the first"),
        (
            "trim hello.cast --from 1:00 -o a.cast",
            1,
            "1:00.000 is beyond its end, 0:04.102",
        ),
        ("trim hello.cast --from 1", 2, "required: -o"),
        ("cut hello.cast --from 9 --to 10 -o a.cast", 1, "0:09.000 is beyond its end"),
        ("mark hello.cast -o a.cast", 2, "cast mark (say --at TIME LABEL, --remove or both)"),
        ("mark hello.cast --at soon x -o a.cast", 2, "--at soon: a time such as"),
        ("mark hello.cast --at 9 x -o a.cast", 1, "0:09.000 is beyond its end"),
        ("speed hello.cast 0 -o a.cast", 2, "0: a number from 0.01 to 100"),
        ("idle hello.cast never -o a.cast", 2, "never: a number from 0.001 to 86400"),
        ("speed hello.cast 2 -o no/a.cast", 1, "no/a.cast: cannot be written: No such file"),
        ("speed hello.cast 2 -o . --force", 1, ".: is there, and is no ordinary file"),
        ("convert hello.cast -o a.mp4", 2, "a.mp4: unknown kind of file (use .cast, .json, .txt"),
        ("convert hello.cast -o a.txt --theme dark", 2, "--theme is of no use for a.txt"),
        ("convert hello.cast -o a.gif --version 2", 2, "--version is of no use for a.gif"),
        ("convert hello.cast -o a.svg --at 9", 1, "--at 0:09.000 is beyond its end, 0:04.102"),
        ("convert hello.cast -o a.svg --size big", 2, "--size big (COLUMNSxROWS"),
        ("convert hello.cast -o a.svg --theme drak", 1, "no theme named 'drak'"),
        ("join hello.cast nosuch.cast -o a.cast", 1, "nosuch.cast: cannot be read"),
    ],
)
def test_an_error_is_one_line(arguments: str, status: int, said: str, folder: Path) -> None:
    done = run("cast", *arguments.split(), cwd=folder)
    assert done.returncode == status
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["broken.cast", "hello.cast"]


# --- new recordings -------------------------------------------------------------------------------


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def made(folder: Path, *arguments: str) -> Path:
    """The file that a command made, which must be well formed."""
    output = folder / "made.cast"
    done = run("cast", *arguments, "-o", "made.cast", "--force", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run("cast", "check", "made.cast", cwd=folder).returncode == 0
    return output


def info(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("cast", "info", "--json", str(path)).stdout)
    return found


def test_each_command_makes_a_recording_that_is_as_asked(folder: Path) -> None:
    whole = info(folder / "hello.cast")
    found = info(made(folder, "trim", "hello.cast", "--from", "0:01", "--to", "3.5"))
    assert (found["seconds"], len(found["steps"])) == (2.5, 1)
    assert found["presenter"]["note"].endswith("; trimmed: 0:01.000 to 0:03.500")
    found = info(made(folder, "cut", "hello.cast", "--from", "1", "--to", "3.5"))
    assert found["seconds"] == round(whole["seconds"] - 2.5, 3)
    assert [step["number"] for step in found["steps"]] == [2]
    found = info(made(folder, "join", "hello.cast", "hello.cast"))
    assert found["seconds"] == 2 * whole["seconds"]
    assert len(found["steps"]) == 4
    assert info(made(folder, "speed", "hello.cast", "2"))["seconds"] == whole["seconds"] / 2
    assert info(made(folder, "idle", "hello.cast", "0.05"))["seconds"] < whole["seconds"] - 1
    found = info(made(folder, "mark", "hello.cast", "--at", "1.5", "a b", "--at", "0:02", "c"))
    assert found["markers"] == [{"at": 1.5, "label": "a b"}, {"at": 2.0, "label": "c"}]
    assert len(found["steps"]) == 2
    (folder / "marked.cast").write_bytes((folder / "made.cast").read_bytes())
    found = info(made(folder, "mark", "marked.cast", "--remove"))
    assert (found["markers"], len(found["steps"])) == ([], 2)


def test_equal_input_gives_equal_bytes_compressed_too(folder: Path) -> None:
    for name in ("a.cast.gz", "b.cast.gz"):
        assert run("cast", "speed", "hello.cast", "3", "-o", name, cwd=folder).returncode == 0
    packed = (folder / "a.cast.gz").read_bytes()
    assert packed == (folder / "b.cast.gz").read_bytes()
    assert gzip.decompress(packed) == made(folder, "speed", "hello.cast", "3").read_bytes()


def test_redact_takes_out_secrets_and_what_is_asked(folder: Path) -> None:
    text = BROKEN.split("\n")
    text[2] = '[0.1, "i", "typed"]'
    text[4] = '[0.1, "o", "\\r\\nann@box7:~$ ls ' + HOME + '/ann\\r\\n10.1.2.3 ann\\r\\n"]\n'
    (folder / "talk.cast").write_text("\n".join(text))
    done = run("cast", "redact", "talk.cast", "-o", "a.cast", "--also", "one", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "presenter: talk.cast: 1 events of input left out\n"
    assert lines(folder / "a.cast")[1:] == [
        '[0.100, "o", "•••"]',
        '[0.200, "o", "https://ann:••••••••@example.org/"]',
        '[0.100, "o", "\\r\\nann@box7:~$ ls ' + HOME + '/ann\\r\\n10.1.2.3 ann\\r\\n"]',
    ]
    assert run("cast", "check", "--secrets", "a.cast", cwd=folder).returncode == 0
    run("cast", "redact", "talk.cast", "-o", "b.cast", "--personal", cwd=folder)
    assert lines(folder / "b.cast")[3] == (
        '[0.100, "o", "\\r\\n•••@••••:~$ ls •••••••••\\r\\n•••••••• •••\\r\\n"]'
    )


def test_what_is_damaged_is_left_out_and_told(folder: Path) -> None:
    done = run("cast", "trim", "broken.cast", "--to", "9", "-o", "a.cast", cwd=folder)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "presenter: broken.cast:3: left out: not JSON (`presenter cast check` tells all)",
        "presenter: broken.cast: its last line is torn off, and left out",
    ]
    assert run("cast", "check", "a.cast", cwd=folder).returncode == 0


def test_nothing_is_replaced_without_a_word(folder: Path) -> None:
    before = (folder / "hello.cast").read_bytes()
    for output in ("hello.cast", "./hello.cast", "broken.cast"):
        done = run("cast", "speed", "hello.cast", "2", "-o", output, cwd=folder)
        assert done.returncode == 1
        assert "(name another file, or say --force)" in done.stderr
    assert (folder / "hello.cast").read_bytes() == before
    done = run("cast", "speed", "hello.cast", "2", "-o", "hello.cast", "--force", cwd=folder)
    assert done.returncode == 0
    assert (folder / "hello.cast").read_bytes() != before
    assert sorted(path.name for path in folder.iterdir()) == ["broken.cast", "hello.cast"]


# --- other formats --------------------------------------------------------------------------------


def test_every_version_is_written_and_read(folder: Path) -> None:
    whole = info(folder / "hello.cast")
    for name, version, options in (
        ("a.cast", 3, []), ("b.cast", 2, ["--version", "2"]), ("c.json", 1, []),
        ("d.cast.gz", 3, []),
    ):  # fmt: skip
        done = run("cast", "convert", "hello.cast", "-o", name, *options, cwd=folder)
        assert done.returncode == 0
        assert ("left out: 2 of markers" in done.stderr) is (version == 1)
        found = info(folder / name)
        assert (found["version"], found["seconds"]) == (version, whole["seconds"])
        assert found["events"]["output"] == whole["events"]["output"]
        assert len(found["steps"]) == 2
        assert run("cast", "check", name, cwd=folder).returncode == 0


def test_text_and_pictures_show_what_was_there(folder: Path) -> None:
    for name in ("a.txt", "a.svg", "b.svg", "a.gif", "b.gif"):
        options = ["--at", "1.8", "--size", "40x6", "--theme", "light"] if name == "b.svg" else []
        done = run("cast", "convert", "hello.cast", "-o", name, *options, cwd=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert lines(folder / "a.txt") == [
        '$ echo "Hello, room"', "Hello, room", "$ printf '%s\\n' one two three", "one", "two",
        "three",
    ]  # fmt: skip
    whole, part = ((folder / name).read_text("utf-8") for name in ("a.svg", "b.svg"))
    assert ">three " in whole
    assert ">Hello, room " in part
    assert ">three " not in part
    assert 'width="360" height="126"' in part
    assert (folder / "a.gif").read_bytes() == (folder / "b.gif").read_bytes()
    with Image.open(folder / "a.gif") as picture:
        assert getattr(picture, "n_frames", 1) > 20


@pytest.mark.parametrize("path", [REQUESTS, QUERIES], ids=["requests", "queries"])
def test_recordings_of_data_become_text_and_pictures(path: Path, tmp_path: Path) -> None:
    for name in ("a.txt", "a.svg", "a.gif"):
        done = run("cast", "convert", str(path), "-o", name, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert info(path)["steps"][0]["command"][:10] in lines(tmp_path / "a.txt")[0]
    done = run("cast", "convert", str(path), "-o", "a.cast", cwd=tmp_path)
    assert done.returncode == 2
    assert "holds data, not the output of a terminal" in done.stderr


def test_nothing_that_looks_like_a_secret_is_exported_unasked(folder: Path) -> None:
    for name in ("a.txt", "a.svg", "a.gif"):
        done = run("cast", "convert", "broken.cast", "-o", name, cwd=folder)
        assert done.returncode == 1
        assert "broken.cast:4: looks like a secret" in done.stderr
        assert "--unchecked writes it as it is" in done.stderr
        assert not (folder / name).exists()
    done = run("cast", "convert", "broken.cast", "-o", "a.txt", "--unchecked", cwd=folder)
    assert done.returncode == 0
    assert "hunter22" in (folder / "a.txt").read_text("utf-8")


def test_asciinema_opens_what_is_written(folder: Path) -> None:
    """Its own command, where it is installed: version 3.x reads all versions, 2.x up to v2."""
    program = shutil.which("asciinema")
    if program is None:
        pytest.skip("asciinema is not installed")
    environment = os.environ | {"HOME": str(folder), "TERM": "dumb"}

    def asciinema(*arguments: str) -> str:
        done = subprocess.run(
            [program, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    newest = asciinema("--version").split()[-1] >= "3"
    output = "".join(event.data for event in open_cast(HELLO).events() if event.code == "o")
    for version in (1, 2, 3) if newest else (1, 2):
        run(
            "cast", "convert", "hello.cast", "--version", str(version), "-o", "made.cast",
            "--force", cwd=folder,
        )  # fmt: skip
        if newest:
            asciinema("convert", "-f", "raw", "--overwrite", "made.cast", "made.raw")
            assert (folder / "made.raw").read_bytes().decode().endswith(f"t{output}")
        else:
            assert asciinema("cat", "made.cast") == output
