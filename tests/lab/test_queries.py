"""Queries against a real API server: pods that become ready, other kinds, what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presenter.lab.cluster import down, up
from presenter.lab.kubernetes import VIEWER
from presenter.lab.parts import KUBERNETES, lacks
from presenter.lab.place import Lab
from presenter.lab.tools import LabError
from presenter.layout.kubernetes import KubePicture
from presenter.live import kube_watch
from presenter.recording.kube_lines import Changed, Detail, Listed
from tests.demo.test_queries import Talk
from tests.lab.test_cluster import pid_of
from tests.layout.test_kubernetes import shown
from tests.live.test_kube_process import Heard, heard, heard_of_process

KIND = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: shops, singular: shop, kind: Shop, shortNames: [sh]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - {name: Street, type: string, jsonPath: .spec.street}
    - {name: Tills, type: integer, jsonPath: .spec.tills}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {street: {type: string}, tills: {type: integer}}
"""
SHOP = """\
apiVersion: example.org/v1
kind: Shop
metadata: {name: corner}
spec: {street: Main Street, tills: 3}
"""
HIDDEN = """\
apiVersion: v1
kind: Secret
metadata: {name: hidden}
stringData: {password: hunter2hunter2}
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Lab]:
    """A lab of its own: its API server is killed at the end."""
    reason = lacks(KUBERNETES)
    if reason:
        pytest.skip(reason)
    started = up(tmp_path / "lab", lambda _line: None, only="kubernetes", build=False)
    yield started
    down(started.folder)


def context(lab: Lab, folder: Path, name: str) -> Path:
    text = lab.kubeconfig.read_text()
    path = folder / name
    path.write_text(text.replace("current-context: minikube", f"current-context: {name}"))
    return path


async def test_what_a_real_server_says_until_it_is_gone(own: Lab, tmp_path: Path) -> None:
    """One test, so that it runs on one lab."""
    await pods_become_ready(own)
    await what_is_forgotten_is_listed_anew(own)
    await any_kind_with_its_own_columns(own)
    await own_columns_and_one_object(own)
    await a_secret_stays_one(own)
    await refusals(own, tmp_path)
    await the_process_itself(own)
    for act in (another_context_is_not_asked, it_goes_in_the_middle_of_a_watch):
        (tmp_path / act.__name__).mkdir()
        with pytest.MonkeyPatch.context() as patch:
            await act(own, tmp_path / act.__name__, patch)


async def pods_become_ready(lab: Lab) -> None:
    lab.kubectl("create", "deployment", "web", "--image=nginx", "--replicas=3")
    found = await heard("watch: pods\nselector: app=web\nuntil: 3 ready", lab.kubeconfig)
    assert found.end["status"] == 0
    kinds = {one.kind for one in found.of(Changed)}
    assert kinds <= {"ADDED", "MODIFIED"}
    picture = drawn(found)
    assert picture.splitlines()[0].startswith("3 pods  in default  Running 3")
    assert picture.count("1/1") == 3
    at_once = await heard("watch: deploy/web\nuntil: ready", lab.kubeconfig)
    assert at_once.end["status"] == 0
    field = await heard("watch: pods\nuntil: .status.phase=Running", lab.kubeconfig)
    assert field.end["status"] == 0


def drawn(found: Heard) -> str:
    picture = KubePicture()
    picture.take("\n".join(found.texts))
    return "\n".join(shown(picture, 120))


async def what_is_forgotten_is_listed_anew(lab: Lab) -> None:
    """The server is asked for what it knows no more, and says 410."""
    with pytest.MonkeyPatch.context() as patch:
        listed = kube_watch.Objects._list

        def long_ago(objects: kube_watch.Objects) -> None:
            listed(objects)
            patch.setattr(kube_watch.Objects, "_list", listed)
            event = lab.kubectl("get", "events", "-o", "name").split()[0]
            lab.kubectl("label", event, "seen=yes")
            forget(lab, int(objects._version))
            objects._version = "1"

        patch.setattr(kube_watch.Objects, "_list", long_ago)
        found = await heard("watch: events\nselector: seen=yes\nuntil: 1", lab.kubeconfig)
    assert found.end["status"] == 0
    assert [len(one.rows) for one in found.of(Listed)] == [0, 1]
    assert not found.of(Changed)
    lab.kubectl("scale", "deployment", "web", "--replicas=0")
    gone = await heard("watch: pods\nselector: app=web\nuntil: gone", lab.kubeconfig)
    assert gone.end["status"] == 0
    assert drawn(gone).splitlines()[0].startswith("0 pods")


def forget(lab: Lab, version: int) -> None:
    """Let etcd forget what was before a version, as it does every few minutes."""
    command = Path(f"/proc/{pid_of(lab, 'etcd')}/cmdline").read_text()
    url = command.split("--listen-client-urls=")[1].split("\0")[0]
    body = json.dumps({"revision": str(version), "physical": True}).encode()
    request = urllib.request.Request(f"{url}/v3/kv/compaction", body, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 — on loopback
        assert answer.status == 200


async def any_kind_with_its_own_columns(lab: Lab) -> None:
    unknown = await heard("get: shops", lab.kubeconfig)
    assert unknown.words.startswith("the server has no resource `shops`")
    lab.kubectl("apply", "-f", "-", given=KIND)
    made = await heard("watch: crd/shops.example.org\nuntil: ready", lab.kubeconfig)
    assert made.end["status"] == 0
    eventually(lambda: lab.kubectl("apply", "-f", "-", given=SHOP))
    for name in ("shops", "Shop", "sh", "shops.example.org"):
        found = await heard(f"get: {name}", lab.kubeconfig)
        lines = drawn(found).splitlines()
        assert lines[2].split() == ["NAME", "STREET", "TILLS", "AGE"]
        assert lines[3].split()[:4] == ["corner", "Main", "Street", "3"]
    quotas = await heard("get: resourcequotas", lab.kubeconfig)
    assert quotas.end["status"] == 0


def eventually(act: Callable[[], object], seconds: float = 20.0) -> None:
    """A kind that has just been made is served a moment later."""
    until = time.monotonic() + seconds
    while True:
        try:
            act()
        except LabError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


async def own_columns_and_one_object(lab: Lab) -> None:
    text = (
        "get: deployments\n"
        'columns: {NAME: .metadata.name, IMAGE: ".spec.template.spec.containers[*].image"}'
    )
    found = await heard(text, lab.kubeconfig)
    assert found.of(Listed)[0].rows[0].cells == ("web", "nginx")
    described = await heard("describe: deployment/web", lab.kubeconfig)
    (detail,) = described.of(Detail)
    assert any(one["reason"] == "ScalingReplicaSet" for one in detail.events)
    assert "✓ Available" in drawn(described)
    lab.kubectl("scale", "deployment", "web", "--replicas=1")
    await heard("watch: pods\nselector: app=web\nuntil: 1 ready", lab.kubeconfig)
    # No container runs here, so there is no log; what the server says of it is shown.
    logs = await heard("logs: deployment/web", lab.kubeconfig)
    assert logs.words.startswith("no logs found for container")


async def a_secret_stays_one(lab: Lab) -> None:
    lab.kubectl("apply", "-f", "-", given=HIDDEN)
    for text in (
        "get: secrets",
        "get: secrets\ncolumns: {P: .data.password}",
        "describe: secret/hidden",
        "watch: secrets\ncolumns: {P: .data.password}\nuntil: 1",
    ):
        found = await heard(text, lab.kubeconfig)
        told = "\n".join(found.texts)
        assert found.end["status"] == 0
        assert "hunter2" not in told
        assert "aHVudGVyMmh1bnRlcjI" not in told


async def refusals(lab: Lab, folder: Path) -> None:
    viewer = context(lab, folder, VIEWER)
    forbidden = await heard("get: pods", viewer)
    assert "forbidden" in forbidden.words
    token = viewer.read_text().split('token: "')[1].split('"')[0]
    viewer.write_text(viewer.read_text().replace(token, "0" * 32))
    refused = await heard("get: pods", viewer)
    assert (refused.end["fault"], refused.words) == (
        "refused",
        "the credentials are not accepted (status 401)",
    )


async def another_context_is_not_asked(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    path.write_text(lab.kubeconfig.read_text())
    monkeypatch.setenv("KUBECONFIG", str(path))
    talk = Talk(tmp_path, "get: nodes\n---\nget: nodes")
    talk.desk.opened()
    await talk.step()
    assert talk.way == ("live", "")
    path.write_text(
        path.read_text().replace("current-context: minikube", f"current-context: {VIEWER}")
    )
    await talk.step()
    assert talk.way == ("card", "condition")
    talk.close()


async def the_process_itself(lab: Lab) -> None:
    found = await heard_of_process("get: namespaces", lab.kubeconfig)
    assert "kube-system" in drawn(found)


async def it_goes_in_the_middle_of_a_watch(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen and killed: what was there stays there, and the recording goes on."""
    monkeypatch.setenv("KUBECONFIG", str(lab.kubeconfig))
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    talk = Talk(tmp_path, "watch: nodes\nuntil: ready")
    await talk.step()
    assert talk.way == ("live", "")
    assert "kept 1 of 1" in await talk.keep()
    talk.close()
    server = pid_of(lab, "kube-apiserver")
    for number, back in ((signal.SIGSTOP, signal.SIGCONT), (signal.SIGKILL, None)):
        again = Talk(tmp_path, "watch: nodes")
        again.desk.opened()
        await again.begin()
        await again.shows("minikube", "● live")
        began = time.monotonic()
        os.kill(server, number)
        try:
            await again.until(lambda again=again: bool(again.lane.results))  # type: ignore[misc]
        finally:
            if back is not None:
                os.kill(server, back)
        took = time.monotonic() - began
        assert again.way[0] == "recording"
        assert again.way[1] in ("silent", "refused")
        assert "minikube" in again.shown()
        assert took < 15, took  # 1.2 s of silence, on a machine that has time
        again.close()
