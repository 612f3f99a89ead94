"""The parts of the lab that need none of its programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from presenter.cli.parser import build_parser
from presenter.errors import PresenterError
from presenter.lab import build, cluster
from presenter.lab.build import LabError
from presenter.lab.certificates import write_certificates
from presenter.lab.processes import RECORD, Processes, free_ports

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the lab runs on Linux only")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True);"
    "time.sleep(600)",
]


def wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_processes_outlive_their_starter_and_are_stopped_by_number(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start("one", SLEEP, os.environ)
    processes.start("two", SLEEP, os.environ)
    again = Processes(tmp_path)
    assert again.running() == {"one": True, "two": True}
    again.check("one")
    again.stop()
    assert again.running() == {}


def test_one_that_is_deaf_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presenter.lab.processes.TERM_SECONDS", 0.1)
    processes = Processes(tmp_path)
    processes.start("deaf", DEAF, os.environ)
    wait(lambda: (tmp_path / "log" / "deaf.log").read_text())
    processes.stop()
    assert processes.running() == {}


def test_a_number_that_is_anothers_by_now_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEP)
    try:
        record = [{"name": "etcd", "pid": stranger.pid, "born": "1"}, {"name": "x", "pid": 1}]
        (tmp_path / RECORD).write_text(json.dumps(record))
        processes = Processes(tmp_path)
        assert processes.running() == {"etcd": False, "x": False}
        processes.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_has_ended_says_its_last_word(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start("broken", [sys.executable, "-c", "print('no such flag')"], os.environ)
    wait(lambda: not processes.running()["broken"])
    with pytest.raises(LabError, match="broken has ended: no such flag"):
        processes.check("broken")
    with pytest.raises(LabError, match="No such file"):
        processes.start("none", ["/nonexistent/program"], os.environ)


@pytest.mark.parametrize("text", ["", "nonsense", "{}", '[1, {"name": 2}]'])
def test_a_record_that_is_none_stops_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text(text)
    processes = Processes(tmp_path)
    assert not any(processes.running().values())
    processes.stop()


def test_certificates_are_signed_and_private(tmp_path: Path) -> None:
    write_certificates(tmp_path / "pki")
    for name in ("apiserver", "admin"):
        argv = ["openssl", "verify", "-x509_strict", "-CAfile", "ca.crt", f"{name}.crt"]
        subprocess.run(argv, cwd=tmp_path / "pki", check=True, capture_output=True)
        assert (tmp_path / "pki" / f"{name}.key").stat().st_mode & 0o077 == 0


def test_ports_are_free_and_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_no_folder_but_a_labs_is_removed(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(LabError, match="is no lab's folder"):
        cluster.down(tmp_path)
    assert (tmp_path / "precious").exists()


def test_without_etcd_or_go_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(build.CACHE_VARIABLE, str(tmp_path))
    with pytest.raises(LabError, match="etcd is not installed"):
        cluster.up(None, lambda _line: None)
    with pytest.raises(LabError, match="are not built"):
        build.build(lambda _line: None)


def test_a_build_that_fails_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    go = programs / "go"
    go.write_text("#!/bin/sh\necho first >&2\necho no space left >&2\nexit 1\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv(build.CACHE_VARIABLE, str(tmp_path / "cache"))
    with pytest.raises(LabError, match="go build in k8s: no space left"):
        build.build(lambda _line: None)
    assert not list(build.cache().iterdir())
    assert len(build.missing()) == 6


def test_the_command_is_known() -> None:
    options = build_parser().parse_args(["lab", "up", "--folder", "here"])
    assert (options.what, options.folder) == ("up", Path("here"))


def test_nothing_to_stop_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from presenter.cli import lab

    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path))
    with pytest.raises(PresenterError, match="no lab was started"):
        lab.run(build_parser().parse_args(["lab", "down"]))
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
