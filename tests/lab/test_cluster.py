"""A real control plane: what the program sees of it, and a talk that loses it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from presenter.lab.cluster import up
from presenter.lab.kubernetes import VIEWER
from presenter.lab.place import Lab
from presenter.lab.processes import RECORD
from presenter.lab.tools import LabError
from presenter.live.findings import Finding
from presenter.live.probes import Prober
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.e2e.smalltalk import demo, run, small, start


async def looked(lab: Lab, **spec: str) -> Finding:
    environment = {**os.environ, "KUBECONFIG": str(lab.kubeconfig)}
    prober = Prober(environment, lab.folder)
    try:
        async with asyncio.timeout(40):
            while True:  # on a busy machine, a new process is not ready for its first question
                found = await prober.probe("cluster", {"kubernetes": spec})
                if "not ready in time" not in found.words:
                    return found
    finally:
        prober.close()


def pid_of(lab: Lab, name: str) -> int:
    records = json.loads((lab.folder / RECORD).read_text())
    return next(int(record["pid"]) for record in records if record["name"] == name)


def runs_and_is_alone(lab: Lab) -> None:
    assert set(lab.processes.running().values()) == {True}
    with pytest.raises(LabError, match="is not empty"):
        up(lab.folder, lambda _line: None)
    assert " Ready" in lab.kubectl("get", "nodes")
    with pytest.raises(LabError, match="kubectl get: error"):
        lab.kubectl("get", "nonsense")


async def test_conditions_are_found_as_they_are(lab: Lab, tmp_path: Path) -> None:
    """One test, for each has the lab for itself."""
    await holds_or_not(lab)
    await freezes_and_comes_back(lab)
    await takes_no_odd_token(lab, tmp_path)


async def holds_or_not(lab: Lab) -> None:
    found = await looked(lab, context="minikube")
    assert found.truth is Truth.TRUE, found
    missing_one = await looked(lab, context="elsewhere")
    assert missing_one.truth is not Truth.TRUE


async def freezes_and_comes_back(lab: Lab) -> None:
    server = pid_of(lab, "kube-apiserver")
    os.kill(server, signal.SIGSTOP)
    try:
        found = await looked(lab, context="minikube")
        assert (found.truth, found.fault) == (Truth.FALSE, Fault.SILENT), found
    finally:
        os.kill(server, signal.SIGCONT)
    again = await looked(lab, context="minikube")
    assert again.truth is Truth.TRUE, again


async def takes_no_odd_token(lab: Lab, tmp_path: Path) -> None:
    text = lab.kubeconfig.read_text()
    token = text.split('token: "')[1].split('"')[0]
    other = Lab(tmp_path)
    text = text.replace("current-context: minikube", f"current-context: {VIEWER}")
    other.kubeconfig.write_text(text)
    valid = await looked(other, context=VIEWER)
    assert valid.truth is Truth.TRUE, valid
    other.kubeconfig.write_text(text.replace(token, "0" * 32))
    found = await looked(other, context=VIEWER)
    assert (found.truth, found.fault) == (Truth.FALSE, Fault.REFUSED), found


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
