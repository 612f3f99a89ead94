"""Sleep held off by a program on the PATH, and noticed where it came."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from presenter.live.awake import LONG_SECONDS, Awake, Wakes

FAKE = """#!{python}
import os, sys
with open(sys.argv[0] + ".told", "w") as told:
    told.write(f"{{os.getpid()}} " + " ".join(sys.argv[1:]))
os.execvp(sys.argv[-1], sys.argv[-1:])
"""


def wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `systemd-inhibit` that says how it was called; it stands before all others."""
    monkeypatch.setattr(sys, "platform", "linux")
    fake = tmp_path / "systemd-inhibit"
    fake.write_text(FAKE.format(python=sys.executable))
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "systemd-inhibit.told"


def holder(told: Path) -> int:
    wait(lambda: told.exists() and " " in told.read_text(), "the program that holds")
    return int(told.read_text().split()[0])


def ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_sleep_is_held_off_until_the_release(told: Path) -> None:
    awake = Awake()
    awake.hold()
    pid = holder(told)
    assert "--what=idle:sleep --mode=block" in told.read_text()
    assert awake.held
    awake.release()
    awake.release()
    assert ended(pid)
    assert not awake.held


def test_it_ends_with_a_process_that_is_killed(told: Path) -> None:
    code = "import time; from presenter.live.awake import Awake; a = Awake(); a.hold(); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        pid = holder(told)
        assert not ended(pid)
        process.kill()
        process.wait(10)
    wait(lambda: ended(pid), "the holder's end")


@pytest.mark.parametrize("script", [None, "#!/nowhere\n", "not a program"])
def test_where_it_cannot_be_held_off_nothing_is_wrong(
    script: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    if script is not None:
        (tmp_path / "systemd-inhibit").write_text(script)
        (tmp_path / "systemd-inhibit").chmod(0o755)
    awake = Awake()
    awake.hold()
    assert not awake.held
    awake.release()


def test_a_sleep_is_a_second_that_lasts_too_long() -> None:
    now = [100.0]
    wakes = Wakes(1.0, lambda: now[0])
    for passed, away in ((1.0, 0.0), (4.0, 0.0), (90.0, 90.0), (1.0, 0.0), (-3600.0, 0.0)):
        now[0] += passed
        assert wakes.away() == away
    now[0] += 1.0 + LONG_SECONDS
    assert wakes.away() == 0.0


def test_the_clock_for_sleeps_goes_on() -> None:
    wakes = Wakes()
    assert wakes.away() == 0.0
