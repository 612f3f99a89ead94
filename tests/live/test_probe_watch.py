"""Heartbeats, as the talk has them told: real servers on loopback, a real process that asks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from presenter.live import probe_watch
from presenter.live.findings import Finding, Limit, fails, holds
from presenter.live.probe_names import Resolver
from presenter.live.probe_pin import current_cluster
from presenter.live.probe_watch import BeatLimit, Watch, Watcher, beat_tcp, interval_of
from presenter.live.probes import Prober
from presenter.talk.fallback import Fault
from presenter.talk.health import (
    Broken,
    Endpoint,
    Evidence,
    Good,
    Standing,
    Thresholds,
    Waiting,
    observe,
)
from tests.live.probe_stubs import Page, free_port, kubeconfig, serving, silent
from tests.live.test_probes import helpers, probing, until

SECONDS = 1.3


class Heard:
    """What a prober has told of its watches, folded."""

    def __init__(self, prober: Prober) -> None:
        self.told: list[tuple[str, Evidence | None]] = []
        self.endpoints: dict[str, Endpoint] = {}
        self.prober = prober
        prober.on_beat = self._on_beat

    def _on_beat(self, key: str, evidence: Evidence | None) -> None:
        self.told.append((key, evidence))
        if evidence is not None:
            before = self.endpoints.get(key, Endpoint())
            self.endpoints[key] = observe(before, evidence, Thresholds())

    def stands(self, key: str, standing: Standing) -> Callable[[], bool]:
        return lambda: self.endpoints.get(key, Endpoint()).standing is standing

    def count(self, kind: type[Evidence]) -> int:
        return sum(isinstance(evidence, kind) for _, evidence in self.told)


@asynccontextmanager
async def watching(folder: Path, **conditions: Mapping[str, object]) -> AsyncIterator[Heard]:
    async with probing(folder) as prober:
        heard = Heard(prober)
        prober.watch(conditions, SECONDS)
        yield heard


async def test_endpoints_that_answer_are_up_over_connections_that_are_kept(tmp_path: Path) -> None:
    with serving({"/readyz": Page(), "/": Page(), "/shop": Page(), "/version": Page()}) as server:
        kubeconfig(tmp_path / "config", server.address)
        conditions: dict[str, Mapping[str, object]] = {
            "cluster": {"kubernetes": {}},
            "page": {"http": server.address},
            "port": {"tcp": f"127.0.0.1:{server.port}"},
        }
        async with watching(tmp_path, **conditions) as heard:
            await until(lambda: all(heard.stands(key, Standing.UP)() for key in conditions))
            # An answer that a busy machine gives late has another connection tried beside it.
            await until(lambda: len(server.clients) >= 12 and len(set(server.clients[-12:])) == 2)
        assert {path for path, _ in server.requests} == {"/readyz", "/"}
        assert heard.count(Broken) == 0


async def test_another_watch_takes_the_place_of_the_first(tmp_path: Path) -> None:
    with serving({"/": Page()}) as server, serving({"/": Page()}) as other:
        async with watching(tmp_path, one={"http": server.address}) as heard:
            await until(heard.stands("one", Standing.UP))
            heard.prober.watch({"two": {"http": other.address}}, SECONDS)
            await until(heard.stands("two", Standing.UP))
            asked = len(server.requests)
            await until(lambda: len(other.requests) >= 5)
            assert len(server.requests) <= asked + 1
            heard.prober.watch({}, SECONDS)
            await heard.prober.probe("page", {"http": other.address})


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (Page(200, "<html>Welcome", "text/html"), Fault.PORTAL),
        (Page(302, location="http://portal.invalid/"), Fault.PORTAL),
        (Page(401), Fault.REFUSED),
    ],
)
async def test_what_answers_in_its_place_is_a_fault_at_once(
    page: Page, fault: Fault, tmp_path: Path
) -> None:
    with serving({"/readyz": Page()}) as server:
        kubeconfig(tmp_path / "config", server.address)
        async with watching(tmp_path, cluster={"kubernetes": {}}) as heard:
            await until(heard.stands("cluster", Standing.UP))
            server.pages["/readyz"] = page
            await until(heard.stands("cluster", Standing.DOWN))
    assert heard.endpoints["cluster"].fault is fault
    assert heard.count(Broken) >= 2
    assert heard.count(Waiting) <= 2


@pytest.mark.parametrize("kind", ["http", "tcp", "kubernetes"])
async def test_a_port_that_refuses_is_down(kind: str, tmp_path: Path) -> None:
    port = free_port()
    kubeconfig(tmp_path / "config", f"http://127.0.0.1:{port}")
    target = {
        "http": f"http://127.0.0.1:{port}/",
        "tcp": f"127.0.0.1:{port}",
        "kubernetes": {"context": "minikube"},
    }
    async with watching(tmp_path, it={kind: target[kind]}) as heard:
        await until(heard.stands("it", Standing.DOWN))
    assert heard.endpoints["it"].fault is Fault.REFUSED


@pytest.mark.parametrize("page", [Page(hangs=True), Page(drips=True)])
async def test_a_server_that_hangs_or_drips_is_down(page: Page, tmp_path: Path) -> None:
    with serving({"/": Page()}) as server:
        async with watching(tmp_path, page={"http": server.address}) as heard:
            await until(heard.stands("page", Standing.UP))
            server.pages["/"] = page
            await until(heard.stands("page", Standing.DOWN))
            server.pages["/"] = Page()
            answers = heard.count(Good)
            await until(lambda: heard.count(Good) > answers + 1)
    assert heard.endpoints["page"].fault is Fault.SILENT
    assert heard.endpoints["page"].standing is Standing.DOWN


async def test_a_condition_that_does_not_hold_is_no_fault_of_the_link(tmp_path: Path) -> None:
    with serving({"/": Page(), "/readyz": Page()}) as server:
        kubeconfig(tmp_path / "config", server.address)
        conditions: dict[str, Mapping[str, object]] = {
            "page": {"http": server.address, "contains": "welcome"},
            "cluster": {"kubernetes": {"context": "production"}},
        }
        async with watching(tmp_path, **conditions) as heard:
            await until(lambda: {("page", None), ("cluster", None)} <= set(heard.told))
        assert all(heard.stands(key, Standing.UNKNOWN)() for key in conditions)
        assert {path for path, _ in server.requests} == {"/"}


async def test_a_process_that_is_killed_goes_on_watching(tmp_path: Path) -> None:
    with serving({"/": Page()}) as server:
        async with watching(tmp_path, page={"http": server.address}) as heard:
            await until(heard.stands("page", Standing.UP))
            (helper,) = helpers()
            helper.kill()
            answers = heard.count(Good)
            await until(lambda: heard.count(Good) > answers + 3)
            assert heard.endpoints["page"].standing is Standing.UP


async def test_a_process_that_stands_still_tells_of_no_fault(tmp_path: Path) -> None:
    with serving({"/": Page()}) as server:
        async with watching(tmp_path, page={"http": server.address}) as heard:
            await until(heard.stands("page", Standing.UP))
            (helper,) = helpers()
            helper.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            await until(lambda: time.monotonic() - heard.prober.heard > 1.6)
            helper.send_signal(signal.SIGCONT)
            await until(lambda: heard.prober.heard > stopped + 1.6)
            answers = heard.count(Good)
            await until(lambda: heard.count(Good) > answers + 2)
            assert heard.endpoints["page"].standing is Standing.UP
            assert heard.count(Broken) == 0


# --- the parts ------------------------------------------------------------------------------------


@contextmanager
def watch_of(ask: Callable[[Mapping[str, object], Limit], Finding]) -> Iterator[Any]:
    lines: list[dict[str, object]] = []
    watch = Watch({"tcp": "127.0.0.1:1"}, 0.2, lambda **line: lines.append(line), ask)
    try:
        yield watch, lines
    finally:
        watch.stop()


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_one_question_is_in_flight_at_a_time() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def ask(_condition: Mapping[str, object], _limit: Limit) -> Finding:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with lock:
            running -= 1
        return holds("")

    with watch_of(ask) as (watch, lines):
        wait(lambda: (watch.tick(), len(lines) > 3)[1])
    assert most == 1


def test_a_question_that_hangs_is_given_up_and_another_one_asked() -> None:
    hangs = threading.Event()
    asked: list[int] = []

    def ask(_condition: Mapping[str, object], limit: Limit) -> Finding:
        limit.contact("it")
        asked.append(1)
        if len(asked) == 1:
            hangs.wait(30)
        return holds("")

    with watch_of(ask) as (watch, lines):
        wait(lambda: (watch.tick(), {"kind": "good"} in lines)[1])
        assert lines[0] == {"kind": "waiting"}
        hangs.set()
        count = len(asked)
        wait(lambda: len(asked) > count + 2)


def test_one_goes_on_alone_when_answers_that_were_late_have_come() -> None:
    late = threading.Event()
    askers: list[int] = []

    def ask(_condition: Mapping[str, object], limit: Limit) -> Finding:
        limit.contact("it")
        askers.append(threading.get_ident())
        if len(askers) <= 2:
            late.wait(30)
        return holds("")

    with watch_of(ask) as (watch, _):
        wait(lambda: (watch.tick(), len(askers) >= 2)[1])
        late.set()
        wait(lambda: len(askers) >= 10)
        assert len(set(askers[-4:])) == 1


def test_questions_that_all_hang_do_not_pile_up() -> None:
    over = threading.Event()
    asked: list[int] = []

    def ask(_condition: Mapping[str, object], limit: Limit) -> Finding:
        asked.append(1)
        limit.contact("it")
        over.wait(30)
        return holds("")

    with watch_of(ask) as (watch, lines):
        wait(lambda: (watch.tick(), len(asked) >= 4)[1])
        for _ in range(200):
            watch.tick()
        assert len(asked) == 4
        over.set()
        wait(lambda: (watch.tick(), {"kind": "good"} in lines)[1])


def test_an_error_that_the_second_dial_does_not_confirm_is_none() -> None:
    answers = [fails("broke", Fault.REFUSED), holds("")]
    with watch_of(lambda *_: answers.pop(0) if answers else holds("")) as (_, lines):
        wait(lambda: len(lines) >= 3)
    assert lines[0] == {"kind": "broken", "fault": Fault.REFUSED, "words": "broke"}
    assert lines[1] == {"kind": "good"}


def test_the_time_of_a_heartbeat_runs_from_when_somebody_is_asked() -> None:
    limit = BeatLimit(0.2)
    assert not limit.is_over
    limit.prepare("slow")
    assert limit.left(5.0) == 5.0
    assert limit.left() > 10
    limit.contact("it")
    assert limit.left() <= 0.2


def test_a_port_is_dialled_again_until_it_opens() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = []
        for _ in range(8):  # a queue that is full loses what comes
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        try:
            found = beat_tcp(f"127.0.0.1:{port}", BeatLimit(0.4))
            assert found.fault in (None, Fault.SILENT)
        finally:
            for filler in fillers:
                filler.close()


@pytest.mark.parametrize("target", ["nonsense", "h:0", None, "", "h:99999"])
def test_a_target_that_is_none_is_unknown(target: object) -> None:
    assert beat_tcp(target, BeatLimit(1)).fault is None


@pytest.mark.parametrize(
    ("condition", "seconds"),
    [
        ({"tcp": "127.0.0.1:80"}, 0.25),
        ({"tcp": "10.1.2.3:80"}, 0.25),
        ({"tcp": "[::1]:80"}, 0.25),
        ({"tcp": "192.168.49.2:8443"}, 0.25),
        ({"http": "http://127.0.0.1:9/x"}, 0.25),
        ({"tcp": "8.8.8.8:53"}, 2.0),
        ({"http": "https://[2001:4860::1]/"}, 2.0),
        ({"tcp": "odd"}, 2.0),
        ({"http": "http://[/"}, 2.0),
    ],
)
def test_what_is_near_is_asked_more_often(condition: dict[str, object], seconds: float) -> None:
    assert interval_of(condition) == seconds


def test_at_most_so_many_are_watched_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def ask(condition: Mapping[str, object], _limit: Limit) -> Finding:
        asked.append(condition["tcp"])
        return holds("")

    monkeypatch.setattr(probe_watch.Watch.__init__, "__defaults__", (ask,))
    lines: list[dict[str, object]] = []
    watcher = Watcher(lines.append)
    assert watcher.tick() is None
    many = {str(n): {"tcp": f"8.8.8.8:{n + 1}"} for n in range(40)}
    watcher.use(many, 1.0)
    watcher.use(many, 1.0)
    wait(lambda: len(lines) >= probe_watch.MOST_WATCHES)
    assert watcher.tick() == probe_watch.TICK_SECONDS
    watcher.use({}, 1.0)
    assert len(asked) == probe_watch.MOST_WATCHES
    assert json.loads(json.dumps(lines[0]))["kind"] == "good"


# --- names ----------------------------------------------------------------------------------------


class Names:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.silent = threading.Event()
        self.over = threading.Event()
        self.now = 0.0

    def ask(self, host: str, *_: object) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if self.silent.is_set():
            self.over.wait(60)
        if host.endswith(".invalid"):
            raise socket.gaierror(-2, "not known")
        return [(2, 1, 6, "", ("10.0.0.1", 80))]


def test_a_name_is_remembered_when_the_name_server_falls_silent() -> None:
    names = Names()
    resolver = Resolver(names.ask, lambda: names.now)
    first = resolver("cluster.example", 80)
    assert resolver("cluster.example", 80) == first
    assert names.asked == ["cluster.example"]
    names.silent.set()
    names.now = 1000.0
    began = time.monotonic()
    assert resolver("cluster.example", 80) == first
    with pytest.raises(TimeoutError):
        resolver("other.example", 80)
    for _ in range(1000):
        resolver("cluster.example", 80)
    assert time.monotonic() - began < 20
    assert len(names.asked) == 3
    names.over.set()


def test_a_name_that_is_not_known_says_so() -> None:
    resolver = Resolver(Names().ask)
    with pytest.raises(socket.gaierror):
        resolver("a.invalid", 80)


def test_an_address_is_not_asked_for() -> None:
    assert Resolver()("127.0.0.1", 80)[0][4] == ("127.0.0.1", 80)


# --- the current cluster --------------------------------------------------------------------------


def test_the_current_cluster_is_read_anew(tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", "http://127.0.0.1:1/")
    assert current_cluster(str(config)) == ("minikube", "http://127.0.0.1:1")
    kubeconfig(config, "http://127.0.0.1:2", current="other")
    assert current_cluster("config", tmp_path) == ("other", "http://127.0.0.1:2")
    assert current_cluster("none:config", tmp_path) == ("other", "http://127.0.0.1:2")
    assert current_cluster("none", tmp_path) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "current-context: 3",
        "{current-context: a, contexts: 3, clusters: [3]}",
        "{current-context: a, contexts: [{name: a, context: 3}]}",
        "{current-context: a, contexts: [{name: a, context: {cluster: [1]}}]}",
    ],
)
def test_a_kubeconfig_of_another_shape_names_no_server(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text, "utf-8")
    assert current_cluster("config", tmp_path)[1] == ""


@pytest.mark.parametrize("text", ["{", "a: !!python/object/apply:os.getcwd []", "[" * 5000])
def test_a_kubeconfig_that_cannot_be_read_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text, "utf-8")
    with pytest.raises(ValueError):
        current_cluster("config", tmp_path)


async def test_the_current_cluster_is_told_without_asking_anybody(tmp_path: Path) -> None:
    with serving({"/readyz": Page()}) as server:
        kubeconfig(tmp_path / "config", server.address)
        async with probing(tmp_path) as prober:
            found = await prober.current("", None, 20)
            assert found.facts == ("minikube", server.address)
            async with asyncio.timeout(20):
                while not (await prober.current("", None, 0.1)).facts:
                    pass
            (tmp_path / "config").write_text("{", "utf-8")
            assert (await prober.current("", None, 20)).facts == ()
            none = await prober.current("elsewhere", tmp_path, 20)
            assert none.facts == ("", "")
        assert server.requests == []
        with contextlib.suppress(asyncio.CancelledError):
            assert (await prober.current("", None, 0.05)).facts == ()


async def test_a_port_that_is_taken_and_silent_is_open(tmp_path: Path) -> None:
    with silent() as port:
        async with watching(tmp_path, it={"tcp": f"127.0.0.1:{port}"}) as heard:
            await until(heard.stands("it", Standing.UP))
