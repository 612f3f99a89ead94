"""How the pane of a cluster does: 1,000 pods that are watched, and 50 events a second.

    python -m tests.bench.kubernetes_pane [--seconds 30] [--pods 1000] [--rate 50]

An API server on loopback, in a process of its own, has the pods and sends the events. The talk runs
in a real PTY; beside it, in the same run, the same pods shown once (`get`, nothing comes any more),
and `kubectl get pods --watch` where it is on the PATH. Printed for each: the share of a processor
that the interface and the process that asks take, the memory of each, how often a second the screen
is drawn anew, and the time from a key of the talk to what it changes (median, p95, longest).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.bench.panes import COLUMNS, ROWS, TITLE, Bare, Presenter, start
from tests.bench.stage import p95
from tests.console import Console
from tests.live.kube_stubs import Api, Reply, event, row, serving_api, table, whole
from tests.live.probe_stubs import kubeconfig

BURST_SECONDS = 0.004
"""What comes so close together is one drawing."""
PAUSE_SECONDS = 0.4
"""Between two keys."""
NAMES = ("web", "cart", "reviews", "ratings", "details")
STATES = ("Running", "Running", "Running", "Pending", "ContainerCreating", "CrashLoopBackOff")


# --- the server -----------------------------------------------------------------------------------


class Cluster:
    """Pods, and events of them at a rate."""

    def __init__(self, pods: int, rate: float) -> None:
        self._rate = rate
        self._version = pods
        self._choose = random.Random(1)
        self._rows = {name: self._row(name) for name in map(self._name, range(pods))}

    def _name(self, number: int) -> str:
        return f"{NAMES[number % 5]}-64c966cf88-{number:05}"

    def _row(self, name: str) -> dict[str, Any]:
        """With as much about it as a server tells."""
        self._version += 1
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name[:-6], "uid": "0" * 36}
        managed = {"manager": "kubelet", "operation": "Update", "fieldsV1": {"f:x": {}} | {
            f"f:{number}": {"f:status": {}} for number in range(40)
        }}  # fmt: skip
        return row(
            name,
            self._version,
            self._choose.choice(STATES),
            labels={"app": name.split("-")[0], "pod-template-hash": "64c966cf88"},
            ownerReferences=[owner],
            managedFields=[managed],
            uid="1" * 36,
        )

    def list(self, reply: Reply, query: dict[str, str]) -> None:
        rows = list(self._rows.values())
        at, limit = int(query.get("continue", "0")), int(query.get("limit", "0")) or len(rows)
        go_on = str(at + limit) if at + limit < len(rows) else ""
        reply.send(table(*rows[at : at + limit], version=self._version, go_on=go_on))

    def watch(self, reply: Reply) -> None:
        reply.begin()
        began, sent = time.monotonic(), 0
        names = list(self._rows)
        while not reply.over.wait(0.005):
            due = int((time.monotonic() - began) * self._rate)
            while sent < due:
                name = self._choose.choice(names)
                self._rows[name] = self._row(name)
                reply.events(event("MODIFIED", self._rows[name]))
                sent += 1


def serve(pods: int, rate: float) -> None:
    """Until its input ends; says its address first."""
    cluster = Cluster(pods, rate)
    with serving_api() as api:

        def pods_of(reply: Reply) -> None:
            request = api.requests[-1]
            cluster.watch(reply) if request.watches else cluster.list(reply, request.query)

        api.pages |= {
            "/readyz": whole("ok", kind="text/plain"),
            "/api/v1/namespaces/shop/pods": pods_of,
        }
        _discovery(api)
        sys.stdout.write(f"{api.address}\n")
        sys.stdout.flush()
        sys.stdin.read()


def _discovery(api: Api) -> None:
    """As much as kubectl asks for."""
    pods = {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod",
            "verbs": ["get", "list", "watch"], "shortNames": ["po"]}  # fmt: skip
    api.pages |= {
        "/api": whole({"kind": "APIVersions", "versions": ["v1"]}),
        "/apis": whole({"kind": "APIGroupList", "apiVersion": "v1", "groups": []}),
        "/api/v1": whole({"kind": "APIResourceList", "groupVersion": "v1", "resources": [pods]}),
    }


@contextmanager
def server(pods: int, rate: float) -> Iterator[str]:
    argv = [sys.executable, "-m", "tests.bench.kubernetes_pane", "--serve"]
    argv += ["--pods", str(pods), "--rate", str(rate)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


# --- what is measured -----------------------------------------------------------------------------


@dataclass
class Found:
    """Shares of a processor, MB, and seconds."""

    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    keys: list[float] = field(default_factory=list)
    drawn: float = 0.0
    """How often a second."""
    first: float = 0.0
    """Until the whole table was there."""

    def __str__(self) -> str:
        told = [f"drawn {self.drawn:.1f} times a second"]
        told += [f"{name} {share:.1%} CPU" for name, share in self.cpu.items()]
        told += [f"{name} {size:.0f} MB" for name, size in self.memory.items()]
        if self.keys:
            times = [1000 * one for one in self.keys]
            told.append(
                f"key {statistics.median(times):.1f} ms median, {p95(times):.1f} p95, "
                f"{max(times):.1f} longest of {len(times)}"
            )
        told += [f"first table after {self.first:.2f} s"] if self.first else []
        return ", ".join(told)


class Talk(Presenter):
    """A talk whose step is a query."""

    def __init__(self, block: str, folder: Path) -> None:
        super(Presenter, self).__init__("-")
        folder.mkdir()
        deck = folder / "deck.md"
        deck.write_text(f"# {TITLE}\n\n```kubernetes +demo:pods\n{block}\n```\n")
        self.console = start(deck, folder)
        self.wait(TITLE)

    def wait(self, text: str, seconds: float = 30.0) -> float:
        began = time.perf_counter()
        while not self.shows(text):
            self.read(0.02)
            if time.perf_counter() > began + seconds:
                raise AssertionError(f"never saw {text!r} in:\n{self.console.text()}")
        return time.perf_counter() - began

    def begin(self, text: str) -> float:
        """Run the step; seconds until the table is whole."""
        os.write(self.console._master, b" ")
        self.wait("pods -n shop")
        self.idle(1.0)
        os.write(self.console._master, b" ")
        return self.wait(text)

    def processes(self) -> dict[str, psutil.Process]:
        found = {"interface": self.owner()}
        for child in psutil.Process(self.console.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if "presenter.live.kube_process" in child.cmdline():
                    found["asking"] = child
        return found


def measured(pane: Talk, seconds: float) -> Found:
    found = Found()
    processes = pane.processes()
    before = {name: _used(one) for name, one in processes.items()}
    began = time.perf_counter()
    drawings = 0
    while (now := time.perf_counter()) < began + seconds:
        found.keys += [pane.quick(), pane.quick()]  # black, and back at once
        last = time.perf_counter()  # the rest of what they led to is no drawing of its own
        while (left := now + PAUSE_SECONDS - time.perf_counter()) > 0:
            came = pane.read(min(left, 0.05))
            if came is not None:
                drawings += came - last > BURST_SECONDS
                last = came
    took = time.perf_counter() - began
    found.drawn = drawings / took
    for name, process in processes.items():
        with suppress(psutil.Error):
            found.cpu[name] = (_used(process) - before[name]) / took
            found.memory[name] = process.memory_info().rss / 1e6
    return found


def _used(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def shown(block: str, folder: Path, options: argparse.Namespace) -> Found:
    talk = Talk(block, folder)
    with talk:
        first = talk.begin(f"{options.pods:,} pods")
        talk.idle(2.0)
        found = measured(talk, options.seconds)
    found.first = first
    return found


def by_kubectl(options: argparse.Namespace) -> Found:
    """It prints a line for each event, and draws nothing anew."""
    found = Found()
    command = f"{shutil.which('kubectl')} get pods --watch"
    pane = Bare(command)
    pane.console = Console(command.split(), columns=COLUMNS, rows=ROWS)
    with pane:
        pane.idle(3.0)
        process = psutil.Process(pane.console.process.pid)
        before, began = _used(process), time.perf_counter()
        pane.idle(options.seconds)
        found.cpu["kubectl"] = (_used(process) - before) / (time.perf_counter() - began)
        found.memory["kubectl"] = process.memory_info().rss / 1e6
        process.terminate()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pods", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.pods, options.rate)
        return
    with tempfile.TemporaryDirectory() as name, server(options.pods, options.rate) as address:
        folder = Path(name)
        os.environ["KUBECONFIG"] = str(kubeconfig(folder / "config", address))
        watched = shown("watch: pods\nnamespace: shop", folder / "watch", options)
        print(f"watch: {watched}")
        still = shown("get: pods\nnamespace: shop", folder / "get", options)
        print(f"get: {still}")
        if shutil.which("kubectl"):
            print(f"kubectl --watch: {by_kubectl(options)}")
        told = {"watch": watched, "get": still}
        print(json.dumps({key: one.cpu for key, one in told.items()}))


if __name__ == "__main__":
    main()
