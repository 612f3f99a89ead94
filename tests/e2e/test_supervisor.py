"""However a talk ends: the terminal is as before, nothing is left running, `resume` comes back."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.console import Console, presenter_command
from tests.e2e.ending import STATUS, Talk, last_session, talk
from tests.e2e.smalltalk import demo, small, start
from tests.e2e.stage import open_talk
from tests.e2e.stubs import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of all orphans")
HINT = b"`presenter resume` comes back to it"


def nothing_is_left(given: Talk) -> None:
    deadline = time.monotonic() + 20
    while left := given.living():
        assert time.monotonic() < deadline, left


@pytest.mark.parametrize("how", ["kill", "SIGTERM", "SIGHUP", "SIGINT", "exception"])
def test_no_child_outlives_the_talk(how: str, tmp_path: Path) -> None:
    with talk(tmp_path, crash=how == "exception") as given:
        given.run_all()
        if how == "exception":
            given.console.press("ctrl+]")  # out of the pane of the editor
        given.end(how)
        assert given.console.wait_end() == STATUS[how]
        assert given.living() == []
        assert given.console.restored()
        said = bytes(given.console.received).rpartition(b"\x1b[?1049l")[2]
        assert HINT in said
        assert (b"crashed on purpose" in said) is (how == "exception")
        assert not list((tmp_path / "temporary").iterdir())
    with talk(tmp_path, "resume") as again:
        again.console.wait_text("3 / 5")


@pytest.mark.parametrize("number", range(10))
def test_a_kill_at_any_moment_leaves_the_terminal_and_the_place(
    number: int, tmp_path: Path
) -> None:
    chance = random.Random(number)
    with talk(tmp_path) as given:
        given.console.wait(lambda: given.slide() is not None, "a slide")
        until = time.monotonic() + chance.uniform(0, 3)
        while time.monotonic() < until:
            given.console.press(chance.choice(("pagedown", "pagedown", "n", "p")))
            given.console.read(chance.uniform(0, 0.3))
        given.end("kill")
        assert given.console.wait_end() == 137
        assert given.living() == []
        assert given.console.restored()
    before = last_session(tmp_path)
    if before is None:
        return  # it was killed before the talk began
    with talk(tmp_path, "resume") as again:
        again.console.wait(lambda: again.slide() == before.position.slide, "the slide")
        again.console.wait(lambda: again.started, "the application")
        again.end("SIGTERM")
        assert again.console.wait_end() == 143
    after = last_session(tmp_path)
    assert after is not None
    assert after.position == before.position


def test_a_closed_terminal_ends_the_talk_and_all_it_runs(tmp_path: Path) -> None:
    with talk(tmp_path) as given:
        given.run_all()
        given.end("closed")
        assert given.console.wait_end() == STATUS["closed"]
        assert given.living() == []


def test_without_its_supervisor_the_interface_ends_in_order(tmp_path: Path) -> None:
    # Behind a shell: when a terminal's first process dies, the system itself hangs up.
    with talk(tmp_path, wrap=("sh", "-c", '"$@"; read answer', "sh")) as given:
        given.run_all()
        (supervisor,) = psutil.Process(given.console.process.pid).children()
        argv = supervisor.cmdline()
        (interface,) = [child for child in supervisor.children() if child.cmdline() == argv]
        shells = [child for child in interface.children() if child.name() in {"bash", "sleep"}]
        assert len(shells) >= 3
        supervisor.kill()
        deadline = time.monotonic() + 20
        while interface.is_running() and interface.status() != psutil.STATUS_ZOMBIE:
            given.console.read(0.05)
            assert time.monotonic() < deadline
        assert given.console.restored()
        assert not [child for child in shells if child.is_running()]
        given.console.press("enter")
        given.console.wait_end()


def test_a_quit_ends_what_runs_and_says_nothing(tmp_path: Path) -> None:
    with talk(tmp_path) as given:
        given.run_all()
        given.console.press("ctrl+]", "ctrl+q")
        given.console.wait_text("End the talk?")
        given.console.press("y")
        assert given.console.wait_end() == 0
        assert given.living() == []
        assert given.console.restored()
        assert HINT not in given.console.received


def test_a_frozen_interface_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        interface = console.interface()
        interface.suspend()
        console.process.send_signal(signal.SIGTERM)
        assert console.wait_end() == 143
        assert not interface.is_running()
        assert console.restored()


def test_a_stop_of_both_processes_ends_nothing(tmp_path: Path) -> None:
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        console.wait(lambda: b"\x1b[?2004h" in console.received, "the application")
        os.killpg(console.process.pid, signal.SIGSTOP)
        started = psutil.Process(console.process.pid)
        while started.status() != psutil.STATUS_STOPPED:
            assert console.process.poll() is None
        os.killpg(console.process.pid, signal.SIGCONT)
        console.press("n")
        console.wait_text("2 / 7")
        assert console.process.poll() is None


def test_what_a_terminal_sends_both_is_not_sent_twice(tmp_path: Path) -> None:
    """Ctrl-C at a plain question: one interrupt, not one and another in its handling."""
    code = (
        "import sys, signal\n"
        "from presenter.live.supervisor import supervise\n"
        "def run():\n"
        "    count = []\n"
        "    signal.signal(signal.SIGINT, lambda *_: count.append(1))\n"
        "    signal.signal(signal.SIGQUIT, lambda *_: print('asked', flush=True))\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    return 40 + len(count)\n"
        "sys.exit(supervise(run))\n"
    )
    with Console([sys.executable, "-c", code], cwd=tmp_path) as console:
        console.wait_text("ready")
        console.press("ctrl+c")
        console.wait_text("^C")
        console.process.send_signal(signal.SIGQUIT)  # which is passed on, after all before it
        console.wait_text("asked")
        console.press("enter")
        assert console.wait_end() == 41


@pytest.mark.parametrize(("end", "status"), [("os._exit(7)", 7), ("os.abort()", 134)])
def test_an_end_without_unwinding_is_cleared_up(end: str, status: int, tmp_path: Path) -> None:
    code = (
        "import os, sys, tty\n"
        "from presenter.live.supervisor import supervise\n"
        "def run():\n"
        "    tty.setraw(0)\n"
        "    print('\\x1b[?1049h\\x1b[?1003hraw', flush=True)\n"
        f"    {end}\n"
        "sys.exit(supervise(run))\n"
    )
    with Console([sys.executable, "-c", code], cwd=tmp_path) as console:
        assert console.wait_end() == status
        assert console.restored()
        assert HINT not in console.received  # there was no talk


def test_where_nothing_can_be_shown_there_is_no_second_process(tmp_path: Path) -> None:
    code = "import os; from presenter.live.supervisor import supervise; print(os.getppid() == "
    code += "supervise(os.getppid))"
    with open_talk(tmp_path, wrap=("sh", "-c", f"{sys.executable} -c '{code}' </dev/null")) as one:
        one.wait_text("True")
        assert one.wait_end() == 0
    assert presenter_command()


def test_a_killed_talk_leaves_no_folder_of_its_probes_and_snippets(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    code = "import time\nprint('from a file', flush=True)\ntime.sleep(1000)"
    snippet = f"# Code\n\n```python +exec +demo:code\n{code}\n```\n"
    front = "needs:\n  here: {command: 'true'}"
    slides = (snippet, demo("after", "$ true", fence="+needs:here"))
    path = f"{environment(tmp_path)['PATH']}:{Path(sys.executable).parent}"
    around = {"TMPDIR": str(temporary), "PATH": path}
    with small(tmp_path, *slides, front=front, env=around) as given:
        start(given, "│from a file")
        given.console.wait(lambda: len(list(temporary.glob("presenter-*"))) >= 3, "three folders")
        given.console.interface().kill()
        assert given.console.wait_end() == STATUS["kill"]
    assert not list(temporary.iterdir())
