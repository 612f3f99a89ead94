"""Probes as the talk asks for them: a real process, which is killed, stopped and kept waiting."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil
import pytest

from presenter.live.findings import Limit, unknown
from presenter.live.prober import look
from presenter.live.probes import PROBE_SECONDS, Prober
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.live.probe_stubs import Page, free_port, kubeconfig, serving, silent

SLACK = 2.0
"""Seconds above the limit that a busy machine may need to notice it."""


@asynccontextmanager
async def probing(folder: Path, **environment: str) -> AsyncIterator[Prober]:
    """A prober in this process's environment, without proxies and the machine's kubeconfig."""
    variables = {**os.environ, "NO_PROXY": "127.0.0.1", "KUBECONFIG": str(folder / "config")}
    prober = Prober({**variables, **environment}, folder)
    try:
        yield prober
    finally:
        prober.close()


def helpers() -> list[psutil.Process]:
    """The processes that probe for this one."""
    found = []
    for child in psutil.Process().children():
        try:
            if "presenter.live.prober" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def read(path: Path) -> str:
    return path.read_text("ascii") if path.exists() else ""


def is_folder(path: str) -> bool:
    return Path(path).is_dir()


async def until(condition: Callable[[], object]) -> None:
    """Waits for a condition, for 20 s at most."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- processes tell no event
            await asyncio.sleep(0.005)


@contextmanager
def listening() -> Iterator[str]:
    with silent() as port:
        yield f"127.0.0.1:{port}"


async def test_a_probe_finds_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            found = await prober.probe("wifi", {"tcp": target})
        assert (found.truth, found.fault, found.words) == (Truth.TRUE, None, f"{target}: open")
        assert 0 < found.seconds < PROBE_SECONDS
        missing = await prober.probe("tools", {"command": "no-such-tool"})
        assert (missing.truth, missing.fault) == (Truth.FALSE, Fault.MISSING_PROGRAM)
        ports = await prober.probe("ports", {"free": [free_port()]})
        assert ports.truth is Truth.TRUE
        with serving({"/": Page(302, location="http://portal.invalid/")}) as server:
            page = await prober.probe("gateway", {"http": server.address, "status": 200})
        assert (page.truth, page.fault) == (Truth.FALSE, Fault.PORTAL)


async def test_a_cluster_is_found_through_its_kubeconfig(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with serving({"/readyz": Page()}) as server:
            kubeconfig(tmp_path / "config", server.address)
            assert (await prober.probe("cluster", {"kubernetes": {}})).words == "minikube: ready"
            for _ in range(5):
                await prober.probe("cluster", {"kubernetes": {"context": "minikube"}})
            assert len(set(server.clients)) == 1


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"kubernets": {}},
        {"tcp": "h:1", "http": "http://h/"},
        {"tcp": "h:1", "status": 200},
        {"http": {"url": "http://h/"}},
        {"tcp": object()},
        {"tcp": "h" * 100_000},
        {"tcp": "\ud800:1"},
    ],
)
async def test_a_condition_that_makes_no_sense_is_unknown(
    condition: dict[str, object], tmp_path: Path
) -> None:
    async with probing(tmp_path) as prober:
        finding = await prober.probe("odd", condition)
    assert finding.truth is not Truth.TRUE
    assert finding.fault in (None, Fault.NO_ROUTE)
    assert finding.words


async def test_words_are_one_line_that_steers_no_terminal(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with serving({"/": Page()}) as server:
            odd = {"http": server.address, "contains": "\x1b]0;x\x07a\r\nb\u202e" + "c" * 9000}
            finding = await prober.probe("page", odd)
    assert "a b" in finding.words
    assert finding.words.isprintable()
    assert len(finding.words) <= 300


async def test_many_probes_at_once_are_all_answered_by_one_process(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            odd = f"127.0.0.1:{free_port()}"
            conditions = [{"tcp": target if number % 2 else odd} for number in range(20)]
            findings = await asyncio.gather(*(prober.probe("p", each) for each in conditions))
            assert len(helpers()) == 1
    assert [finding.truth for finding in findings] == [Truth.FALSE, Truth.TRUE] * 10


async def test_nothing_starts_before_the_first_probe_or_after_the_talk(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        assert helpers() == []
        prober.close()
        finding = await prober.probe("wifi", {"tcp": "127.0.0.1:1"})
        assert finding.truth is Truth.UNKNOWN
        assert helpers() == []


async def test_a_silent_server_is_silent_within_the_limit(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            finding = await prober.probe("gateway", {"http": f"http://{target}/"})
            assert (finding.truth, finding.fault) == (Truth.FALSE, Fault.SILENT)
            assert finding.seconds < PROBE_SECONDS + SLACK
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE


async def test_a_plugin_that_asks_for_a_password_holds_nothing_up(tmp_path: Path) -> None:
    script = tmp_path / "plugin"
    script.write_text(
        f"#!/bin/sh\necho $$ > {tmp_path}/pid; cat; cat < /dev/tty; sleep 600; echo {{}}\n", "utf-8"
    )
    script.chmod(0o755)
    async with probing(tmp_path) as prober:
        with serving({"/readyz": Page()}) as server:
            credentials = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(script)}
            kubeconfig(tmp_path / "config", server.address, exec=credentials)
            finding = await prober.probe("cluster", {"kubernetes": {}})
            assert (finding.truth, finding.fault) == (Truth.UNKNOWN, None)
            assert finding.words == "minikube: credentials are still being fetched"
            assert finding.seconds < PROBE_SECONDS + SLACK
            assert server.requests == []
            assert (await prober.probe("ports", {"free": [free_port()]})).truth is Truth.TRUE
    plugin = int(read(tmp_path / "pid"))
    await until(lambda: not psutil.pid_exists(plugin))


async def test_a_process_that_is_killed_is_made_anew(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE
            (helper,) = helpers()
            waiting = asyncio.create_task(prober.probe("page", {"http": f"http://{target}/"}))
            await until(lambda: prober._helper is not None and prober._helper._waiting)
            helper.kill()
            assert (await waiting).truth is not Truth.TRUE
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE
            assert [each.pid for each in helpers()] != [helper.pid]


async def test_a_process_that_hangs_is_ended_and_made_anew(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE
            (helper,) = helpers()
            helper.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            findings = await asyncio.gather(
                *(prober.probe("wifi", {"tcp": target}) for _ in range(3))
            )
            assert time.monotonic() - began < PROBE_SECONDS + SLACK
            assert {finding.truth for finding in findings} == {Truth.UNKNOWN}
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE
            await until(lambda: not psutil.pid_exists(helper.pid))


async def test_a_probe_that_is_given_up_leaves_the_process_to_others(tmp_path: Path) -> None:
    async with probing(tmp_path) as prober:
        with listening() as target:
            early = asyncio.create_task(prober.probe("wifi", {"tcp": target}))
            await asyncio.sleep(0)
            early.cancel()
            await asyncio.wait([early])
            late = asyncio.create_task(prober.probe("page", {"http": f"http://{target}/"}))
            await until(lambda: prober._helper is not None and prober._helper._waiting)
            (helper,) = helpers()
            late.cancel()
            await asyncio.wait([late])
            assert (await prober.probe("wifi", {"tcp": target})).truth is Truth.TRUE
            assert [each.pid for each in helpers()] == [helper.pid]


async def test_a_process_that_cannot_start_is_not_started_for_every_probe(tmp_path: Path) -> None:
    async with probing(tmp_path, PYTHONHOME=str(tmp_path)) as prober:
        for _ in range(10):
            finding = await prober.probe("wifi", {"tcp": "127.0.0.1:1"})
            assert finding.truth is Truth.UNKNOWN
        assert prober._failures <= 3


async def test_a_folder_that_is_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    prober = Prober(os.environ, tmp_path / "gone")
    finding = await prober.probe("wifi", {"tcp": "127.0.0.1:1"})
    prober.close()
    assert finding.truth is Truth.UNKNOWN


async def test_modules_of_the_decks_folder_are_not_imported(tmp_path: Path) -> None:
    for name in ("json", "select", "presenter", "httpx"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", "utf-8")
    async with probing(tmp_path) as prober:
        with serving({"/": Page()}) as server:
            assert (await prober.probe("page", {"http": server.address})).truth is Truth.TRUE
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("killed", [False, True])
async def test_nothing_is_left_after_the_talk(tmp_path: Path, killed: bool) -> None:
    tool = tmp_path / "tool"
    tool.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/pid; wait\n", "utf-8")
    tool.chmod(0o755)
    async with probing(tmp_path) as prober:
        condition = {"command": str(tool), "version": ">=1"}
        waiting = asyncio.create_task(prober.probe("tool", condition))
        await until(lambda: read(tmp_path / "pid").endswith("\n"))
        (helper,) = helpers()
        folder = helper.cmdline()[-1]
        assert is_folder(folder)
        if killed:
            helper.kill()
        prober.close()
        prober.close()
        assert (await waiting).truth is Truth.UNKNOWN
    sleeper = int(read(tmp_path / "pid"))
    await until(lambda: not psutil.pid_exists(sleeper) and not helpers())
    assert not is_folder(folder)


def test_the_process_ends_with_the_one_that_asks(tmp_path: Path) -> None:
    code = (
        "import asyncio, os\nfrom pathlib import Path\nfrom presenter.live.probes import Prober\n"
        "prober = Prober(os.environ, Path('.'))\n"
        "asyncio.run(prober.probe('wifi', {'tcp': '127.0.0.1:1'}))\n"
        "print(prober._helper._process.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_side_that_draws_loads_no_clients() -> None:
    code = (
        "import sys, presenter.live.probes, presenter.live.prober\n"
        "print([n for n in ('kubernetes', 'httpx', 'urllib3') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_process_answers_lines_and_ignores_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    asked = [
        "nothing",
        "[]",
        '{"id": 1}',
        json.dumps(
            {"id": 2, "until": time.monotonic() + 30, "name": "p", "condition": {"tcp": "x"}}
        ),
    ]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "presenter.live.prober", str(tmp_path / "own")],
        input="\n".join([*asked, json.dumps({"id": 3, "until": 0, "name": "p", "condition": 1})]),
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] in ([2], [])  # it may end before it has answered
    assert not (tmp_path / "own").exists()


def test_a_name_that_nobody_answers_for_is_named() -> None:
    finding = look("wifi", {}, Limit(0.0))
    assert finding == unknown("wifi: a condition needs one of kubernetes, http, tcp, command, free")
