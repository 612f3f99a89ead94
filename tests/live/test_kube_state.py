"""How objects stand: ready or not, what a watch waits for, JSONPaths, and what is not passed on."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presenter.deck.kubernetes import Until
from presenter.live.kube_state import (
    Path,
    PathError,
    holds,
    is_ready,
    only_metadata,
    suits,
    trimmed,
)


def condition(kind: str, status: str = "True") -> dict[str, object]:
    return {"conditions": [{"type": "Other", "status": "True"}, {"type": kind, "status": status}]}


DONE = {"observedGeneration": 2}


@pytest.mark.parametrize(
    ("kind", "spec", "status", "ready"),
    [
        ("Pod", {}, condition("Ready"), True),
        ("Pod", {}, condition("Ready", "False"), False),
        ("Pod", {}, {"phase": "Running"}, False),
        ("Pod", {}, {"phase": "Succeeded"}, True),
        ("Pod", {}, {"phase": "Failed"}, False),
        ("Pod", {}, {}, False),
        (
            "Deployment",
            {"replicas": 2},
            {**DONE, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2},
            True,
        ),
        (
            "Deployment",
            {"replicas": 2},
            {**DONE, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 1},
            False,
        ),
        (  # the old ones are ready still
            "Deployment",
            {"replicas": 2},
            {**DONE, "replicas": 3, "updatedReplicas": 2, "readyReplicas": 2},
            False,
        ),
        ("Deployment", {"replicas": 2}, {"observedGeneration": 1, "readyReplicas": 2}, False),
        ("Deployment", {"replicas": 0}, DONE, True),
        ("Deployment", {}, {**DONE, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}, True),
        ("Deployment", {"replicas": 1}, {}, False),
        ("ReplicaSet", {"replicas": 1}, {**DONE, "replicas": 1, "readyReplicas": 1}, True),
        ("ReplicaSet", {"replicas": 1}, DONE, False),
        (
            "StatefulSet",
            {"replicas": 2},
            {**DONE, "replicas": 2, "updatedReplicas": 1, "readyReplicas": 2},
            False,
        ),
        (
            "StatefulSet",
            {"replicas": 2},
            {**DONE, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2},
            True,
        ),
        ("DaemonSet", {}, {}, False),
        ("DaemonSet", {}, {**DONE, "desiredNumberScheduled": 0}, True),
        ("DaemonSet", {}, {**DONE, "desiredNumberScheduled": 2, "numberReady": 1}, False),
        ("DaemonSet", {}, {**DONE, "desiredNumberScheduled": 2, "numberReady": 2}, True),
        (
            "DaemonSet",
            {},
            {
                **DONE,
                "desiredNumberScheduled": 2,
                "numberReady": 2,
                "updatedNumberScheduled": 1,
            },
            False,
        ),
        ("PersistentVolumeClaim", {}, {"phase": "Pending"}, False),
        ("PersistentVolumeClaim", {}, {"phase": "Bound"}, True),
        ("PersistentVolume", {}, {"phase": "Available"}, True),
        ("Namespace", {}, {"phase": "Active"}, True),
        ("Namespace", {}, {"phase": "Terminating"}, False),
        ("Job", {}, {}, False),
        ("Job", {}, {"active": 1}, False),
        ("Job", {}, condition("Complete"), True),
        ("Job", {}, condition("Failed"), False),
        ("Node", {}, condition("Ready", "Unknown"), False),
        ("Node", {}, condition("Ready"), True),
        ("CustomResourceDefinition", {}, {}, False),
        ("CustomResourceDefinition", {}, condition("Established"), True),
        ("ConfigMap", {}, {}, True),
        ("Service", {}, {"loadBalancer": {}}, True),
        ("Gateway", {}, condition("Programmed", "False"), False),
        ("Gateway", {}, {**condition("Programmed"), **DONE}, True),
        ("Gateway", {}, {**condition("Programmed"), "observedGeneration": 1}, False),
        ("Pod", [], "odd", False),
        ("Gateway", 7, {"conditions": 7}, True),
        ("Gateway", None, {"conditions": [7, {"type": "Ready", "status": 1}]}, False),
        ("Deployment", {"replicas": "x"}, {"observedGeneration": "y"}, False),
    ],
)
def test_ready(kind: str, spec: object, status: object, *, ready: bool) -> None:
    found = {"kind": kind, "metadata": {"generation": 2}, "spec": spec, "status": status}
    assert is_ready(found) is ready
    assert not is_ready({**found, "metadata": {"deletionTimestamp": "2026-11-26T20:00:00Z"}})


few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["conditions", "type", "status", "replicas", "phase", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@few
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["Pod", "Deployment", "DaemonSet", "Job", "X"]) | _JSON,
            "metadata": _JSON,
            "spec": _JSON,
            "status": _JSON,
        },
    )
)
def test_whatever_a_server_sends_is_ready_or_not(found: dict[str, Any]) -> None:
    assert is_ready(found) in (True, False)
    if isinstance(found.get("kind", ""), str):
        assert trimmed(copy.deepcopy(found)).keys() == found.keys()


def pod(**labels: str) -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "web", "it's": "q"}},
        "spec": {"containers": [{"image": "a:1", "n": 1}, {"image": "b", "n": None}]},
        "status": {
            "phase": "Running",
            "ok": True,
            "conditions": [{"type": "Ready", "status": "True"}, {"type": "X", "status": "False"}],
        },
    }


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (".metadata.name", "a"),
        ("{.metadata.name}", "a"),
        (" { .metadata.name } ", "a"),
        (".spec.containers[*].image", "a:1,b"),
        (".spec.containers[0].image", "a:1"),
        (".spec.containers[-1:].image", "b"),
        (".spec.containers[0,1].image", "a:1,b"),
        (".spec.containers[:1].image", "a:1"),
        ("..image", "a:1,b"),
        (".metadata.labels.app\\.kubernetes\\.io/name", "web"),
        (".metadata.labels['app.kubernetes.io/name']", "web"),
        ('.metadata.labels["app.kubernetes.io/name"]', "web"),
        (".metadata.labels.it's", "q"),
        (".metadata.labels.*", "web,q"),
        ('.status.conditions[?(@.type=="Ready")].status', "True"),
        (".status.conditions[?(@.type=='X')].status", "False"),
        (".spec.containers[?(@.image)].image", "a:1,b"),
        (".status.ok", "true"),
        (".spec.containers[1].n", "<none>"),
        (".spec.containers[0].n", "1"),
        (".status.none", "<none>"),
        (".status.phase.deeper", "<none>"),
        ('.status.conditions[?(@.type=="X")]', '{"type": "X", "status": "False"}'),
    ],
)
def test_paths_as_kubectl_takes_them(written: str, text: str) -> None:
    assert Path(written).text(pod()) == text


@pytest.mark.parametrize("written", [".a[", ".[", ".a[?(@.b]", ".a[?(", ".a['b]"])
def test_a_path_that_is_none_says_so_on_one_line(written: str) -> None:
    with pytest.raises(PathError, match="is no JSONPath") as raised:
        Path(written)
    assert "\n" not in str(raised.value)


@few
@given(st.text(".[]{}*?@()'\"\\=!<>&|,:01ab$ \n-", max_size=14), _JSON)
def test_no_path_breaks_anything(written: str, found: object) -> None:
    try:
        path = Path(f".{written}")
    except PathError:
        return
    assert len(path.text({"a": found, "b": [found]})) <= 200


@pytest.mark.parametrize(
    ("until", "path", "one", "suiting"),
    [
        (Until(ready=True), "", condition("Ready"), True),
        (Until(ready=True), "", condition("Ready", "False"), False),
        (Until(count=3), "", {}, True),
        (Until(path=".status.phase", value="Running"), ".status.phase", {"phase": "Running"}, True),
        (Until(path=".status.phase", value="Running"), ".status.phase", {"phase": "Failed"}, False),
        (Until(path=".status.phase", value="Running"), ".status.phase", {}, False),
        (Until(path=".status.ip"), ".status.ip", {"ip": "1.2.3.4"}, True),
        (Until(path=".status.ip"), ".status.ip", {"ip": ""}, False),
        (Until(path=".status.ip"), ".status.ip", {}, False),
        (Until(path=".status.n", value="3"), ".status.n", {"n": 3}, True),
        (Until(path=".status.ok", value="true"), ".status.ok", {"ok": True}, True),
        (Until(path=".status.l[*]", value="b"), ".status.l[*]", {"l": ["a", "b"]}, True),
    ],
)
def test_what_suits(until: Until, path: str, one: dict[str, Any], *, suiting: bool) -> None:
    found = {"kind": "Pod", "status": one}
    assert suits(until, found, Path(path) if path else None) is suiting


@pytest.mark.parametrize(
    ("until", "count", "suiting", "there"),
    [
        (Until(ready=True), 0, 0, False),
        (Until(ready=True), 2, 1, False),
        (Until(ready=True), 2, 2, True),
        (Until(ready=True, count=3), 2, 2, False),
        (Until(ready=True, count=3), 4, 4, True),
        (Until(ready=True, count=3), 4, 3, False),
        (Until(count=3), 2, 2, False),
        (Until(count=3), 3, 3, True),
        (Until(count=0), 1, 1, False),
        (Until(count=0), 0, 0, True),
        (Until(path=".a"), 0, 0, False),
        (Until(path=".a"), 1, 1, True),
    ],
)
def test_what_a_watch_waits_for(until: Until, count: int, suiting: int, *, there: bool) -> None:
    assert holds(until, count, suiting) is there


def test_what_is_not_passed_on() -> None:
    secret = {
        "kind": "Secret",
        "metadata": {
            "name": "s",
            "managedFields": [1],
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": "aHVudGVyMg==",
                "kept": "x",
            },
        },
        "data": {"p": "aHVudGVyMg==", "empty": ""},
        "stringData": None,
    }
    found = trimmed(copy.deepcopy(secret))
    assert found["data"] == {"p": "7 bytes", "empty": "0 bytes"}
    assert found["metadata"] == {"name": "s", "annotations": {"kept": "x"}}
    kept = only_metadata(copy.deepcopy(secret))
    assert kept.keys() == {"kind", "apiVersion", "metadata"}
    assert only_metadata({})["metadata"] == {}
    config = {"kind": "ConfigMap", "data": {"p": "plain"}, "metadata": 7}
    assert trimmed(copy.deepcopy(config)) == config
