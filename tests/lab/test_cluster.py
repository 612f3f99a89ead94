"""A real control plane: what the program sees of it, and a talk that loses it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from presenter.lab.cluster import up
from presenter.lab.kubernetes import VIEWER
from presenter.lab.place import Lab
from presenter.lab.processes import RECORD
from presenter.lab.tools import LabError
from presenter.live.probes import Prober
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.e2e.smalltalk import demo, run, small, start


async def finds(lab: Lab, truth: Truth, fault: Fault | None = None, **spec: str) -> None:
    """Ask until it is found so: on a busy machine, one answer may be late."""
    prober = Prober({**os.environ, "KUBECONFIG": str(lab.kubeconfig)}, lab.folder)
    until = time.monotonic() + 40
    try:
        while True:
            found = await prober.probe("cluster", {"kubernetes": spec})
            if (found.truth, found.fault) == (truth, fault) and "not ready" not in found.words:
                return
            assert time.monotonic() < until, found
    finally:
        prober.close()


def pid_of(lab: Lab, name: str) -> int:
    records = json.loads((lab.folder / RECORD).read_text())
    return next(int(record["pid"]) for record in records if record["name"] == name)


def runs_and_is_alone(lab: Lab) -> None:
    assert set(lab.processes.running().values()) == {True}
    with pytest.raises(LabError, match="is not empty"):
        up(lab.folder, lambda _line: None, build=False)
    assert " Ready" in lab.kubectl("get", "nodes")
    with pytest.raises(LabError, match="kubectl get: error"):
        lab.kubectl("get", "nonsense")


async def test_conditions_are_found_as_they_are(lab: Lab, tmp_path: Path) -> None:
    """One test, for each has the lab for itself."""
    await holds_or_not(lab)
    await freezes_and_comes_back(lab)
    await takes_no_odd_token(lab, tmp_path)


async def holds_or_not(lab: Lab) -> None:
    await finds(lab, Truth.TRUE, context="minikube")
    await finds(lab, Truth.FALSE, context="elsewhere")


async def freezes_and_comes_back(lab: Lab) -> None:
    server = pid_of(lab, "kube-apiserver")
    os.kill(server, signal.SIGSTOP)
    try:
        await finds(lab, Truth.FALSE, Fault.SILENT, context="minikube")
    finally:
        os.kill(server, signal.SIGCONT)
    await finds(lab, Truth.TRUE, context="minikube")


async def takes_no_odd_token(lab: Lab, tmp_path: Path) -> None:
    text = lab.kubeconfig.read_text()
    token = text.split('token: "')[1].split('"')[0]
    other = Lab(tmp_path)
    text = text.replace("current-context: minikube", f"current-context: {VIEWER}")
    other.kubeconfig.write_text(text)
    await finds(other, Truth.TRUE, context=VIEWER)
    other.kubeconfig.write_text(text.replace(token, "0" * 32))
    await finds(other, Truth.FALSE, Fault.REFUSED, context=VIEWER)


def test_a_talk_goes_on_when_the_server_freezes_in_the_middle_of_a_watch(
    lab: Lab, tmp_path: Path
) -> None:
    runs_and_is_alone(lab)
    needs = "needs:\n  cluster: {kubernetes: {context: minikube}}"
    lines = ("NAME       STATUS   ...", "minikube   Ready    ...")
    nodes = demo("nodes", "$ kubectl get nodes", *lines, fence="+needs:cluster")
    lines = (lines[0], "from the transcript")
    watch = demo("watch", "$ kubectl get nodes --watch", *lines, fence="+needs:cluster")
    env = {key: lab.environment()[key] for key in ("KUBECONFIG", "PATH")}
    with small(tmp_path, nodes, watch, front=needs, env=env) as talk:
        assert run(talk)["rung"] == "live"
        talk.press("right")
        start(talk, "│minikube")
        server = pid_of(lab, "kube-apiserver")
        os.kill(server, signal.SIGSTOP)
        try:
            _, fell = talk.wait_event("StepFell")
            talk.console.wait_text("from the transcript")
        finally:
            os.kill(server, signal.SIGCONT)
        assert (fell["rung"], fell["reason"]) == ("transcript", "silent")
