"""What an interface tells, and the end of everything that it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from os import terminal_size
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.live import lifeline
from presenter.live.restore import RESET
from presenter.live.sweep import descendants
from presenter.live.told import Told, read_all, understand

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], Told()),
        (["talk", "end"], Told(talk=True, ended=True)),
        (["=143"], Told(status=143)),
        (["~75x25<100x34"], Told(sizes=(terminal_size((75, 25)), terminal_size((100, 34))))),
        (["~75x25<100x34", "~"], Told()),
        (["~75x25", "~999999x1<1x1", "~1x1<1x1x1", "~٣x1<1x1"], Told()),
        (["=0", "=1"], Told(status=1)),
        (["+7", "+8", "-7"], Told(sessions={8})),
        (["-7", "+7"], Told(sessions={7})),
        (["/tmp/presenter-a é"], Told(folders={Path("/tmp/presenter-a é")})),
        (["/", "/tmp", "/tmp/other", "presenter-a", "/tmp/presenter-a/b"], Told()),
        (["+1", "+0", "+", "=", "-", "", "+x", "=-9", "tal", "+²"], Told()),
    ],
)
def test_what_is_told_adds_up(lines: list[str], told: Told) -> None:
    assert understand(lines) == told


@given(st.binary(max_size=200))
def test_no_line_is_misunderstood_for_an_error(data: bytes) -> None:
    told = understand(data.decode("ascii", "replace").splitlines())
    assert all(session > 1 for session in told.sessions)


@posix
def test_a_line_goes_through_a_pipe_and_never_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifeline, "_ends", None)
    lifeline.tell("talk")  # to nobody
    reading, writing = os.pipe()
    lifeline.hold(reading, writing)
    assert lifeline.watched() == reading
    for _ in range(20_000):  # more than a pipe holds
        lifeline.tell("talk")
    told = read_all(reading)
    assert told == Told(talk=True)
    os.close(writing)
    os.close(reading)
    assert read_all(reading) == Told()
    lifeline.tell("end")


def test_the_reset_switches_nothing_on_but_the_cursor_and_the_wrapping_of_lines() -> None:
    on = [part for part in RESET.split("\x1b") if part.endswith("h")]
    assert on == ["[?7h", "[?25h"]


@posix
def test_descendants_are_those_of_the_system() -> None:
    code = "import subprocess, sys; subprocess.run(['sleep', '1000'])"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        try:
            known = psutil.Process(process.pid)
            while not known.children():
                assert process.poll() is None
            below = {child.pid for child in known.children(recursive=True)}
            assert descendants(process.pid) == below
            assert below | {process.pid} <= descendants(os.getpid())
        finally:
            for child in known.children(recursive=True):
                child.kill()
            process.kill()


CHILDREN = """
nohup sleep 1000 >/dev/null 2>&1 &
setsid sleep 1000 </dev/null >/dev/null 2>&1 &
(trap '' HUP INT TERM; sleep 1000; sleep 1000) &
(setsid sh -c "trap '' HUP TERM; sleep 1000; sleep 1000" &)
(sleep 1000 & kill -STOP $!)
"""
SWEEP = """
import os, subprocess, sys, time
from presenter.live import sweep
sweep.adopt_orphans()
subprocess.run(["sh", "-c", sys.argv[1]], check=True)
deadline = time.monotonic() + 20
while len(left := sweep.descendants(os.getpid())) < 7 and time.monotonic() < deadline:
    time.sleep(0.01)
print(*left, flush=True)
sweep.sweep()
print(sweep.reap(), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans a new parent of ours")
def test_nothing_survives_a_sweep(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", SWEEP, CHILDREN]
    done = subprocess.run(
        argv, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=True
    )
    pids, end = done.stdout.splitlines()
    assert len(pids.split()) == 7
    assert end == "None"
    assert not [pid for pid in pids.split() if psutil.pid_exists(int(pid))]


@posix
def test_a_prober_that_is_swept_away_takes_its_credentials_along(tmp_path: Path) -> None:
    folder = tmp_path / "probes"
    folder.mkdir()
    (folder / "token").write_text("secret")
    argv = [sys.executable, "-m", "presenter.live.prober", str(folder)]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "until": 0, "name": "x", "condition": {}}\n')
        process.stdin.flush()
        process.stdout.readline()  # it is at work
        process.send_signal(signal.SIGHUP)
        process.stdin.close()
        assert process.wait(20) == 0
    assert not folder.exists()


@posix
def test_a_talk_that_broke_off_as_it_was_asked_to_end_has_the_status_of_the_signal() -> None:
    from presenter.live import clearing

    told = Told()
    assert clearing._status(1, signal.SIGHUP, told) == 129
    assert clearing._status(1, 0, told) == 1
    assert clearing._status(0, signal.SIGHUP, told) == 0
