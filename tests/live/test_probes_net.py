"""Ports, versions and programs; real sockets, and programs written for the test."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.live.findings import Finding, Limit
from presenter.live.probe_command import look_command
from presenter.live.probe_net import fault_of, look_free, look_tcp
from presenter.live.versions import find_version, satisfies
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.live.probe_stubs import free_port


def limit(seconds: float = 10.0) -> Limit:
    return Limit(time.monotonic() + seconds)


# --- the time of a probe ------------------------------------------------------------------------


def test_silence_is_nobodys_fault_until_somebody_was_asked() -> None:
    now = 10.0
    given_time = Limit(12.0, lambda: now)
    assert not given_time.is_over
    assert [given_time.left(), given_time.left(0.5)] == [2.0, 0.5]
    assert given_time.late().truth is Truth.UNKNOWN
    given_time.prepare("fetching credentials")
    assert given_time.late() == Finding(Truth.UNKNOWN, None, "fetching credentials")
    given_time.contact("minikube")
    late = given_time.late()
    assert (late.truth, late.fault) == (Truth.FALSE, Fault.SILENT)
    assert "minikube" in late.words
    now = 12.0
    assert given_time.is_over
    assert given_time.left() > 0


# --- tcp ----------------------------------------------------------------------------------------


def test_an_open_port_holds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert look_tcp(f"127.0.0.1:{port}", limit()).truth is Truth.TRUE
        assert look_tcp(f"localhost:{port}", limit()).truth is Truth.TRUE


def test_a_port_of_an_address_in_brackets_holds() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("there is no IPv6 here")
    with server:
        assert look_tcp(f"[::1]:{server.getsockname()[1]}", limit()).truth is Truth.TRUE


def test_a_closed_port_is_refused() -> None:
    port = free_port()
    expected = Finding(Truth.FALSE, Fault.REFUSED, f"127.0.0.1:{port}: connection refused")
    assert look_tcp(f"127.0.0.1:{port}", limit()) == expected


def test_a_name_that_is_not_known_has_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    finding = look_tcp("cluster.invalid:443", limit())
    assert (finding.truth, finding.fault) == (Truth.FALSE, Fault.NO_ROUTE)


@pytest.mark.parametrize(
    "target", ["", "host", "host:", ":443", "host:0", "host:65536", "h:x", 443]
)
def test_a_target_of_another_form_is_unknown(target: object) -> None:
    assert look_tcp(target, limit()).truth is Truth.UNKNOWN


def _chained(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(), Fault.REFUSED),
        (ConnectionResetError(), Fault.REFUSED),
        (OSError(errno.ENETUNREACH, ""), Fault.NO_ROUTE),
        (OSError(errno.EHOSTUNREACH, ""), Fault.NO_ROUTE),
        (socket.gaierror(), Fault.NO_ROUTE),
        (TimeoutError(), Fault.SILENT),
        (ssl.SSLCertVerificationError(), Fault.PORTAL),
        (ssl.SSLError(), Fault.REFUSED),
        (RuntimeError("anything"), Fault.REFUSED),
        (_chained(RuntimeError(), TimeoutError()), Fault.SILENT),
        (_chained(TimeoutError(), OSError(errno.ENETUNREACH, "")), Fault.NO_ROUTE),
        (RuntimeError("wrapped", ConnectionRefusedError()), Fault.REFUSED),
        (RuntimeError(_chained(RuntimeError(), socket.gaierror())), Fault.NO_ROUTE),
    ],
)
def test_an_error_stands_for_a_fault(error: Exception, fault: Fault) -> None:
    assert fault_of(error)[0] is fault


def test_an_error_that_causes_itself_ends() -> None:
    error = RuntimeError()
    error.__cause__ = _chained(RuntimeError(), error)
    assert fault_of(error)[0] is Fault.REFUSED


# --- ports that must be free --------------------------------------------------------------------


def test_free_ports_hold() -> None:
    assert look_free([free_port(), free_port()], limit()).truth is Truth.TRUE
    assert look_free(free_port(), limit()).truth is Truth.TRUE


@pytest.mark.parametrize("host", ["127.0.0.1", ""])
def test_a_port_in_use_fails_and_tells_by_whom(host: str) -> None:
    with socket.create_server((host, 0)) as server:
        port = server.getsockname()[1]
        finding = look_free([free_port(), port], limit())
        assert (finding.truth, finding.fault) == (Truth.FALSE, None)
        assert f"port {port} is in use" in finding.words
        if Path("/proc/net/tcp").exists():
            assert f"({os.getpid()})" in finding.words


def test_a_port_where_connections_have_ended_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the side that closes first waits (TIME_WAIT)
        client.close()
    assert look_free([port], limit()).truth is Truth.TRUE


@pytest.mark.parametrize("ports", [[], None, "http", [0], [70000], [80.5], {"a": 1}, [1] * 65])
def test_ports_of_another_form_are_unknown(ports: object) -> None:
    assert look_free(ports, limit()).truth is Truth.UNKNOWN


# --- versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("git version 2.39.5", "2.39.5"),
        ("Client Version: v1.32.4\nKustomize Version: v5.5.0", "1.32.4"),
        ("client version: 1.20.3\ncontrol plane version: 1.19.0", "1.20.3"),
        ("go version go1.22.1 linux/amd64", "1.22.1"),
        ("v20.11.0", "20.11.0"),
        ("GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)", "5.2.15"),
        ("less 590 (GNU regular expressions)", "590"),
        ("curl 8.5.0 (x86_64) libcurl/8.5.0 OpenSSL/3.0.2", "8.5.0"),
        ("no version at all", ""),
        ("", ""),
    ],
)
def test_a_version_is_found_in_what_a_program_prints(output: str, version: str) -> None:
    assert find_version(output) == version


@pytest.mark.parametrize(
    ("version", "wish", "satisfied"),
    [
        *(("1.20.3", ">=1.20", True), ("1.20", ">=1.20.0", True), ("1.9.9", ">=1.20", False)),
        *(("1.20", ">1.20", False), ("1.20.1", ">1.20", True), ("2", "<2", False)),
        *(("1.99", "<2", True), ("2.0.0", "<=2", True), ("2.0.1", "<=2", False)),
        *(("1.20.3", "1.20", True), ("1.20.3", "=1.20", True), ("1.21", "==1.20", False)),
        *(("1.2", "1.20", False), ("1.20", "!=1.20.0", False), ("1.20.1", "!=1.20", True)),
        *(("1.25", ">=1.20, <2", True), ("2.1", ">=1.20,<2", False), ("1.2", "v1.2", True)),
        *(("1.2", "", None), ("1.2", "new", None), ("1.2", ">=", None), ("1.2", ">=1.2,", None)),
    ],
)
def test_a_version_is_as_wished(version: str, wish: str, satisfied: bool | None) -> None:
    assert satisfies(version, wish) is satisfied


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.text(max_size=20))
def test_every_version_equals_itself_and_no_wish_raises(parts: list[int], wish: str) -> None:
    version = ".".join(map(str, parts))
    assert satisfies(version, f">={version},<={version},={version}") is True
    assert satisfies(version, f"!={version}") is False
    satisfies(version, wish)


# --- programs -----------------------------------------------------------------------------------


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


def test_a_program_that_is_installed_holds(tools: Path) -> None:
    program(tools, "tool", "exit 1")
    assert look_command({"command": "tool"}, limit()).truth is Truth.TRUE


def test_a_program_that_is_not_installed_is_missing(tools: Path) -> None:
    expected = Finding(Truth.FALSE, Fault.MISSING_PROGRAM, "no-such-tool: not installed")
    assert look_command({"command": "no-such-tool"}, limit()) == expected
    assert look_command({"command": "no-such-tool", "version": ">=1"}, limit()) == expected


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("tool", '[ "$*" = --version ] && echo "tool 1.20.3"'),
        ("tool", '[ "$*" = --version ] && echo "tool 1.20.3" >&2'),
        ("tool", '[ "$*" = version ] || exit 1; echo "version: 1.20.3"'),
        ("istioctl", '[ "$*" = "version --remote=false" ] && echo 1.20.3'),
        ("kubectl", '[ "$*" = "version --client" ] && echo "Client Version: v1.20.3"'),
        ("helm", '[ "$*" = "version" ] && echo "v1.20.3"'),
    ],
)
def test_a_program_tells_its_version(tools: Path, name: str, script: str) -> None:
    program(tools, name, script)
    assert look_command({"command": name, "version": ">=1.20"}, limit()).truth is Truth.TRUE
    older = look_command({"command": name, "version": ">=1.21"}, limit())
    assert (older.truth, older.fault) == (Truth.FALSE, None)
    assert older.words == f"{name} is 1.20.3, not >=1.21"


def test_a_program_cannot_read_from_a_terminal(tools: Path) -> None:
    program(tools, "tool", '[ -t 0 ] && exit 1; read answer && exit 1; echo "tool 2.1"')
    assert look_command({"command": "tool", "version": "2.1"}, limit()).words == "tool 2.1"


def test_a_program_is_not_given_the_name_of_a_file(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some programs take the word `version` for a file's name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "version").write_text("precious", "utf-8")
    program(tools, "remover", '[ "$1" = --version ] && exit 1; rm "$1"')
    finding = look_command({"command": "remover", "version": ">=1"}, limit())
    assert finding.truth is Truth.UNKNOWN
    assert (tmp_path / "version").exists()


@pytest.mark.parametrize("script", ["exec sleep 60", "sleep 60", "sleep 60 & sleep 60"])
def test_a_program_that_does_not_end_is_ended_and_tells_nothing(tools: Path, script: str) -> None:
    program(tools, "tool", f"echo $$ > {tools}/pid; {script}")
    finding = look_command({"command": "tool", "version": ">=1"}, limit(0.5))
    assert finding == Finding(Truth.UNKNOWN, None, "tool does not tell its version in time")
    assert not Path("/proc", (tools / "pid").read_text("ascii").strip()).exists()


@pytest.mark.parametrize(
    "condition",
    [
        {"command": ""},
        {"command": None},
        {"command": ["tool"]},
        {"command": "sh\0"},
        {"command": "sh", "version": "new"},
    ],
)
def test_a_condition_of_another_form_is_unknown(condition: dict[str, object]) -> None:
    assert look_command(condition, limit()).truth is Truth.UNKNOWN
