"""`presenter setup` and `presenter reset`: the world before the talk, and after it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.errors import PresenterError
from presenter.wiring.world import commands_of, run_all

DECK = """\
---
start:
  ready: {{tcp: "127.0.0.1:{port}"}}
setup:
  - echo setting up >> log
  - {command}
reset: echo resetting >> log
---
# One
"""


def deck_at(folder: Path, port: int, command: str = "echo done") -> Path:
    path = folder / "talk.md"
    path.write_text(DECK.format(port=port, command=command))
    return path


def run(command: str, deck: Path, *more: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "presenter", command, str(deck), *more]
    return subprocess.run(
        argv, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False
    )


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def log(folder: Path) -> list[str]:
    path = folder / "log"
    return path.read_text().splitlines() if path.exists() else []


def test_the_commands_are_shown_and_nothing_runs_without_a_yes(tmp_path: Path) -> None:
    told = run("setup", deck_at(tmp_path, 9))
    assert told.returncode == 1
    assert told.stdout.splitlines() == ["setup: echo setting up >> log", "setup: echo done"]
    assert "is not trusted (say yes with --trust)" in told.stderr
    assert log(tmp_path) == []


def test_a_world_as_it_should_be_is_left_alone(tmp_path: Path, listening: int) -> None:
    done = run("setup", deck_at(tmp_path, listening), "--trust")
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stdout
    assert log(tmp_path) == []


def test_reset_runs_whatever_is_there(tmp_path: Path, listening: int) -> None:
    done = run("reset", deck_at(tmp_path, listening), "--trust")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [
        "$ echo resetting >> log",
        "✓ the world is as the talk begins",
    ]
    assert log(tmp_path) == ["resetting"]


def test_a_command_that_fails_ends_it(tmp_path: Path) -> None:
    done = run("setup", deck_at(tmp_path, 9, "exit 3"), "--trust")
    assert done.returncode == 1
    assert log(tmp_path) == ["setting up"]
    assert "`exit 3` ended with status 3 (what comes after it has not run)" in done.stderr


def test_a_deck_without_any_is_told(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("# One\n")
    done = run("reset", path)
    assert done.returncode == 1
    assert "its front matter has no `reset`, and no `start`" in done.stderr


def test_what_is_no_command_is_told(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("---\nsetup: [ls, {a: b}]\n---\n# One\n")
    with pytest.raises(PresenterError, match="should be a list of commands"):
        commands_of(open_deck(path), "setup")


def test_a_shell_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", str(tmp_path / "bash"))
    deck = open_deck(deck_at(tmp_path, 9))
    with pytest.raises(PresenterError, match="No such file"):
        run_all(deck, ["true"], lambda _line: None)
