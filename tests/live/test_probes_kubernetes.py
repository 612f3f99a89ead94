"""Clusters: a kubeconfig written for the test, and a server that speaks as an API server does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from presenter.live import kubeconfig as kubeconfig_module
from presenter.live import probe_kubernetes
from presenter.live.findings import Finding, Limit
from presenter.live.kubeconfig import Kubeconfig
from presenter.live.probe_kubernetes import look_kubernetes
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from tests.live.probe_stubs import Page, Stub, api, free_port, kubeconfig, serving, silent
from tests.live.sending import self_signed

FIRST, SECOND = "one", "two"
"""Bearer tokens."""
NAMESPACES = "/api/v1/namespaces"
ISTIO = "/apis/networking.istio.io/v1"
PAGES = {
    "/readyz": Page(),
    f"{NAMESPACES}/istio-system": api({"metadata": {"name": "istio-system"}}),
    f"{NAMESPACES}/istio-system/pods/pilot": api({"metadata": {"name": "pilot"}}),
    "/apis/apps/v1/namespaces/shop/deployments/web": api({"metadata": {"name": "web"}}),
    "/api/v1/nodes/minikube": api({"metadata": {"name": "minikube"}}),
    "/apis": api(
        {
            "groups": [
                {"name": "apps", "preferredVersion": {"groupVersion": "apps/v1"}},
                {
                    "name": "networking.istio.io",
                    "preferredVersion": {"groupVersion": "networking.istio.io/v1"},
                },
            ]
        }
    ),
    "/apis/apps/v1": api({"resources": []}),
    ISTIO: api(
        {
            "resources": [
                {
                    "name": "virtualservices",
                    "singularName": "virtualservice",
                    "kind": "VirtualService",
                    "namespaced": True,
                    "shortNames": ["vs"],
                },
                {"name": "things", "kind": "Thing", "namespaced": False},
            ]
        }
    ),
    f"{ISTIO}/namespaces/shop/virtualservices/bookinfo": api({"metadata": {"name": "bookinfo"}}),
    f"{ISTIO}/things/one": api({"metadata": {"name": "one"}}),
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kubeconfig that nobody has read, and none of the machine's own."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(probe_kubernetes, "_KUBECONFIG", Kubeconfig())


@pytest.fixture
def server() -> Iterator[Stub]:
    with serving(PAGES) as stub:
        yield stub


@pytest.fixture
def config(server: Stub, tmp_path: Path) -> Path:
    return kubeconfig(tmp_path / "config", server.address, token=FIRST)


def probe(seconds: float = 10.0, **spec: object) -> Finding:
    return look_kubernetes(spec, Limit(time.monotonic() + seconds))


# --- what is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "truth"),
    [
        ({}, Truth.TRUE),
        ({"context": "minikube"}, Truth.TRUE),
        ({"context": "other"}, Truth.FALSE),
        ({"namespace": "istio-system"}, Truth.TRUE),
        ({"namespace": "nowhere"}, Truth.FALSE),
        ({"namespace": "istio-system", "exists": ["pod/pilot"]}, Truth.TRUE),
        ({"namespace": "istio-system", "exists": ["pod/pilot", "pod/mixer"]}, Truth.FALSE),
        ({"exists": "deployment/web"}, Truth.TRUE),
        ({"exists": ["deploy/web", "Deployment/web", "no/minikube"]}, Truth.TRUE),
        ({"absent": ["deployment/web"]}, Truth.FALSE),
        ({"absent": ["deployment/productpage-v1"]}, Truth.TRUE),
        ({"namespace": "nowhere", "absent": ["deployment/web"]}, Truth.TRUE),
        ({"namespace": "nowhere", "exists": ["pod/a"], "absent": ["pod/b"]}, Truth.FALSE),
        ({"exists": ["virtualservice/bookinfo", "vs/bookinfo"]}, Truth.TRUE),
        ({"exists": ["virtualservices.networking.istio.io/bookinfo"]}, Truth.TRUE),
        ({"exists": ["thing/one"]}, Truth.TRUE),
        ({"exists": ["thing/two"]}, Truth.FALSE),
        ({"exists": ["gizmo/one"]}, Truth.UNKNOWN),
        ({"exists": ["virtualservice.apps/bookinfo"]}, Truth.UNKNOWN),
        ({"exists": ["web"]}, Truth.UNKNOWN),
        ({"exists": [f"pod/{number}" for number in range(40)]}, Truth.UNKNOWN),
        ({"namspace": "a"}, Truth.UNKNOWN),
    ],
)
@pytest.mark.usefixtures("config")
def test_a_cluster_is_as_it_should_be(spec: dict[str, object], truth: Truth) -> None:
    finding = probe(10.0, **spec)
    assert finding.truth is truth, finding.words
    assert finding.fault is None


@pytest.mark.parametrize("spec", ["minikube", ["minikube"], 1])
def test_a_condition_of_another_form_is_unknown(spec: object) -> None:
    assert look_kubernetes(spec, Limit(time.monotonic() + 10)).truth is Truth.UNKNOWN


@pytest.mark.usefixtures("config")
def test_nothing_in_braces_stands_for_the_current_cluster() -> None:
    assert look_kubernetes(None, Limit(time.monotonic() + 10)).words == "minikube: ready"


@pytest.mark.usefixtures("config")
def test_another_context_or_server_is_never_asked(server: Stub) -> None:
    assert probe(context="other").words == "current context is minikube, not other"
    assert probe(server="https://prod:6443").truth is Truth.FALSE
    assert server.requests == []
    assert probe(server=f"{server.address}/").truth is Truth.TRUE


def test_a_context_that_changes_is_noticed(server: Stub, config: Path) -> None:
    assert probe(context="minikube").truth is Truth.TRUE
    kubeconfig(config, server.address, token=SECOND, current="other")
    count = len(server.requests)
    assert probe(context="minikube").words == "current context is other, not minikube"
    assert len(server.requests) == count
    assert probe(context="other").truth is Truth.TRUE
    assert server.requests[-1] == ("/readyz", f"Bearer {SECOND}")


@pytest.mark.usefixtures("config")
def test_probes_share_a_connection_and_carry_the_token(server: Stub) -> None:
    for _ in range(5):
        assert probe(namespace="istio-system", exists=["pod/pilot"]).truth is Truth.TRUE
    assert len(set(server.clients)) == 1
    assert {token for _, token in server.requests} == {f"Bearer {FIRST}"}


# --- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "truth", "fault"),
    [
        ({"/readyz": Page(500, "not yet")}, Truth.FALSE, None),
        ({"/readyz": Page(401)}, Truth.FALSE, Fault.REFUSED),
        ({"/readyz": Page(403), "/version": Page(403)}, Truth.TRUE, None),
        ({"/readyz": Page(404), "/version": api({"major": "1"})}, Truth.TRUE, None),
        ({"/readyz": Page(403), "/version": Page(503)}, Truth.FALSE, None),
        ({"/readyz": Page(200, "<html>Welcome", "text/html")}, Truth.FALSE, Fault.PORTAL),
        ({"/readyz": Page(200, " <!doctype html>")}, Truth.FALSE, Fault.PORTAL),
        ({"/readyz": Page(302, location="http://portal.invalid/")}, Truth.FALSE, Fault.PORTAL),
        ({"/readyz": Page(511)}, Truth.FALSE, Fault.PORTAL),
        ({f"{NAMESPACES}/istio-system/pods/pilot": api({}, 403)}, Truth.UNKNOWN, None),
        ({f"{NAMESPACES}/istio-system/pods/pilot": Page(200, "[")}, Truth.FALSE, None),
        ({f"{NAMESPACES}/istio-system/pods/pilot": Page(200, "[]")}, Truth.FALSE, None),
        ({f"{NAMESPACES}/istio-system": api({}, 403)}, Truth.TRUE, None),
    ],
)
@pytest.mark.usefixtures("config")
def test_a_server_that_is_not_ready_or_not_there(
    server: Stub, pages: dict[str, Page], truth: Truth, fault: Fault | None
) -> None:
    server.pages |= pages
    finding = probe(namespace="istio-system", exists=["pod/pilot"])
    assert (finding.truth, finding.fault) == (truth, fault), finding.words


def test_a_dead_server_is_refused(tmp_path: Path) -> None:
    port = free_port()
    kubeconfig(tmp_path / "config", f"http://127.0.0.1:{port}")
    expected = f"minikube: connection refused (127.0.0.1:{port})"
    assert probe() == Finding(Truth.FALSE, Fault.REFUSED, expected)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_silent_server_is_silent(tmp_path: Path, scheme: str) -> None:
    with silent() as port:
        kubeconfig(tmp_path / "config", f"{scheme}://127.0.0.1:{port}")
        assert probe(0.3).fault is Fault.SILENT


@pytest.mark.usefixtures("config")
def test_a_server_that_drips_is_cut_off_by_another_thread(server: Stub) -> None:
    assert probe().truth is Truth.TRUE
    server.pages["/readyz"] = Page(drips=True)
    limit = Limit(time.monotonic() + 60)
    found: list[Finding] = []
    thread = threading.Thread(target=lambda: found.append(look_kubernetes({}, limit)), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < deadline:
        limit.abort()
        thread.join(0.05)
    assert [finding.truth for finding in found] == [Truth.FALSE]


@pytest.mark.parametrize("text", [None, "", "{", "a: [", "{}", "kind: Config", "- 1"])
def test_a_kubeconfig_that_is_none_fails(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "config").write_text(text, "utf-8")
    finding = probe()
    assert (finding.truth, finding.fault) == (Truth.FALSE, None)
    assert finding.words.startswith("the cluster: ")


# --- TLS and credentials ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_a_server_is_known_by_its_certificate(certificate: Path, tmp_path: Path) -> None:
    with serving(PAGES, certificate) as server:
        address = f"https://127.0.0.1:{server.port}"
        kubeconfig(tmp_path / "config", address, authority=certificate.with_name("cert.pem"))
        assert probe(exists=["deployment/web"]).truth is Truth.TRUE
        kubeconfig(tmp_path / "config", address)
        finding = probe()
        assert (finding.truth, finding.fault) == (Truth.FALSE, Fault.PORTAL)


def plugin(folder: Path, script: str) -> dict[str, object]:
    path = folder / "fetch-token"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return {"apiVersion": "client.authentication.k8s.io/v1", "command": str(path)}


PRINT = (
    """echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","""
    """"status":{"token":"fetched"}}'"""
)


@pytest.mark.parametrize(
    "script",
    [
        PRINT,
        f"cat; {PRINT}",
        f"[ -t 0 ] && exit 1; {PRINT}",
        f'case "$KUBERNETES_EXEC_INFO" in *\'"interactive": false\'*) {PRINT};; esac',
    ],
)
def test_a_plugin_fetches_credentials_without_a_terminal(
    server: Stub, tmp_path: Path, script: str
) -> None:
    kubeconfig(tmp_path / "config", server.address, exec=plugin(tmp_path, script))
    assert probe().truth is Truth.TRUE
    assert server.requests == [("/readyz", "Bearer fetched")]


@pytest.mark.parametrize(
    ("script", "fault", "words"),
    [
        ("exit 3", None, "fetch-token ended with status 3"),
        ("echo nothing", None, "fetch-token printed no credentials"),
        ("sleep 60", Fault.SILENT, "fetch-token fetches no credentials in time"),
    ],
)
def test_a_plugin_that_fails_is_told_and_nothing_is_sent(
    server: Stub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    fault: Fault | None,
    words: str,
) -> None:
    monkeypatch.setattr(kubeconfig_module, "CREDENTIAL_SECONDS", 0.5 if fault else 30.0)
    kubeconfig(tmp_path / "config", server.address, exec=plugin(tmp_path, script))
    assert probe() == Finding(Truth.FALSE, fault, f"minikube: {words}")
    assert server.requests == []


def test_a_plugin_that_is_slow_does_not_fail_a_probe(server: Stub, tmp_path: Path) -> None:
    waits = f"touch {tmp_path}/runs; while ! [ -e {tmp_path}/go ]; do sleep 0.02; done"
    kubeconfig(tmp_path / "config", server.address, exec=plugin(tmp_path, f"{waits}; {PRINT}"))
    found: list[Finding] = []
    thread = threading.Thread(target=lambda: found.append(probe(30.0)), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not (tmp_path / "runs").exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    pending = Finding(Truth.UNKNOWN, None, "minikube: credentials are still being fetched")
    assert [probe(0.1), probe(0.1)] == [pending, pending]
    (tmp_path / "go").touch()
    thread.join(20)
    assert [finding.truth for finding in found] == [Truth.TRUE]
    assert probe().truth is Truth.TRUE


def test_a_plugin_that_was_silent_is_not_run_for_every_probe(
    server: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubeconfig_module, "CREDENTIAL_SECONDS", 0.2)
    script = f"echo x >> {tmp_path}/runs; sleep 60"
    kubeconfig(tmp_path / "config", server.address, exec=plugin(tmp_path, script))
    assert [probe().fault for _ in range(5)] == [Fault.SILENT] * 5
    assert (tmp_path / "runs").read_text("ascii") == "x\n"
    monkeypatch.setattr(kubeconfig_module, "RETRY_SECONDS", 0.0)
    assert probe().fault is Fault.SILENT
    assert (tmp_path / "runs").read_text("ascii") == "x\nx\n"


def test_credentials_that_are_not_taken_are_fetched_anew(server: Stub, tmp_path: Path) -> None:
    script = f"echo x >> {tmp_path}/runs; {PRINT}"
    kubeconfig(tmp_path / "config", server.address, exec=plugin(tmp_path, script))
    assert probe().truth is Truth.TRUE
    assert probe().truth is Truth.TRUE
    server.pages["/readyz"] = Page(401)
    assert "401" in probe().words
    server.pages["/readyz"] = Page()
    assert probe().truth is Truth.TRUE
    assert (tmp_path / "runs").read_text("ascii") == "x\nx\n"
