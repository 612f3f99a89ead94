"""`presenter cast`, installed: its files, its words, its statuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.command import run
from tests.material import ROOT

HELLO = ROOT / "recordings" / "tour" / "hello.cast"
REQUESTS = ROOT / "recordings" / "istio-101-today" / "graph.har"
QUERIES = ROOT / "recordings" / "istio-101-today" / "pods.jsonl"
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
    ],
)
def test_an_error_is_one_line(arguments: str, status: int, said: str, folder: Path) -> None:
    done = run("cast", *arguments.split(), cwd=folder)
    assert done.returncode == status
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
