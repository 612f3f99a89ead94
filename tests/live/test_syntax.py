"""Whether shells can read commands: real shells, which run nothing of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from presenter.live.dialects import Bash, Dialect, PowerShell
from presenter.live.syntax import syntax_error
from tests.live.rig import dialect_or_skip

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")

SECONDS = 20.0


@pytest.fixture(params=["bash", "sh", "zsh", "fish"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return dialect_or_skip(request.param)


def test_a_sound_command_is_read_and_not_run(dialect: Dialect, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    command = f'touch {canary}; echo "$(touch {canary})" && cat </dev/null | cat\necho ü'
    if dialect.name != "fish":
        command += f"\ncat <<E\n$(touch {canary})\nE\nx=$(touch {canary}) y=`touch {canary}`"
    assert syntax_error(dialect, command, os.environ, SECONDS) == ""
    assert not canary.exists()


@pytest.mark.parametrize("command", ["echo )", "if true", "cat 'open"])
def test_a_broken_command_is_said_in_a_line(dialect: Dialect, command: str) -> None:
    said = syntax_error(dialect, command, os.environ, SECONDS)
    assert said
    assert "\n" not in said
    assert "presenter-" not in said


def test_files_that_a_shell_reads_first_are_not_read(dialect: Dialect, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    start = tmp_path / ".zshrc"
    start.write_text(f"echo 'started'; touch {canary}\n)\n")
    start.with_name(".zshenv").write_text(start.read_text())
    environment = os.environ | {
        "HOME": str(tmp_path),
        "BASH_ENV": str(start),
        "ENV": str(start),
        "ZDOTDIR": str(tmp_path),
    }
    assert syntax_error(dialect, "ls", environment, SECONDS) == ""
    assert not canary.exists()


def test_a_shell_that_does_not_end_is_not_waited_for(tmp_path: Path) -> None:
    program = tmp_path / "bash"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o755)
    assert syntax_error(Bash("bash", str(program)), "ls", os.environ, 0.2) is None


def test_what_cannot_be_asked_is_not_told(tmp_path: Path) -> None:
    assert syntax_error(Bash("bash", str(tmp_path / "none")), "ls", os.environ, SECONDS) is None
    assert syntax_error(PowerShell("powershell", "/bin/true"), "ls", os.environ, SECONDS) is None
