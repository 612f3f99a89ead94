"""Starts Kubernetes: etcd, API server, controllers, scheduler, and kwok with a simulated node."""

from __future__ import annotations

import secrets
import shutil
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from presenter.lab.certificates import write_certificates
from presenter.lab.golang import APISERVER, CONTROLLERS, KUBECTL, KWOK, SCHEDULER, STAGES
from presenter.lab.place import Lab, answers
from presenter.lab.processes import free_ports
from presenter.lab.tools import LabError

CONTEXT, VIEWER = "minikube", "minikube-viewer"
"""The administrator's context, and one whose token may do nothing (403)."""
_CONFIG = """\
apiVersion: v1
kind: Config
current-context: {context}
clusters:
- name: minikube
  cluster: {{server: "https://127.0.0.1:{port}", certificate-authority: "{pki}/ca.crt"}}
users:
- name: minikube
  user: {{client-certificate: "{pki}/admin.crt", client-key: "{pki}/admin.key"}}
- name: viewer
  user: {{token: "{token}"}}
contexts:
- name: {context}
  context: {{cluster: minikube, user: minikube, namespace: default}}
- name: {viewer}
  context: {{cluster: minikube, user: viewer, namespace: default}}
"""
_NODE = """\
apiVersion: v1
kind: Node
metadata:
  name: minikube
  annotations: {kwok.x-k8s.io/node: fake, node.alpha.kubernetes.io/ttl: "0"}
  labels: {kubernetes.io/hostname: minikube, kubernetes.io/os: linux, type: kwok}
status:
  allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
  capacity: {cpu: "4", memory: 8Gi, pods: "110"}
"""


def start_kubernetes(lab: Lab, say: Callable[[str], None]) -> None:
    """Returns when the node is ready and pods can be made. Raises LabError."""
    client, peer, api, kwok = free_ports(4)
    pki = lab.pki
    write_certificates(pki)
    _write_access(lab, api)
    lab.offer(KUBECTL.path)
    start, environment = lab.processes.start, lab.environment()
    start("etcd", _etcd(lab.folder, client, peer), environment, http=client)
    server = f"https://127.0.0.1:{api}"
    start("kube-apiserver", _apiserver(pki, client, api), environment, https=api)
    trust = ssl.create_default_context(cafile=str(pki / "ca.crt"))
    trust.load_cert_chain(pki / "admin.crt", pki / "admin.key")
    lab.wait("kube-apiserver", lambda: answers(f"{server}/readyz", trust))
    own = ["--kubeconfig", str(lab.kubeconfig), "--leader-elect=false", "--secure-port=0"]
    start("kube-controller-manager", [
        str(CONTROLLERS.path), *own,
        f"--service-account-private-key-file={pki}/sa.key", f"--root-ca-file={pki}/ca.crt",
    ], environment)  # fmt: skip
    start("kube-scheduler", [str(SCHEDULER.path), *own], environment)
    start("kwok", _kwok(lab, kwok), environment, https=kwok)
    lab.kubectl("apply", "-f", "-", given=_NODE)
    lab.wait("kwok", lambda: " Ready" in lab.kubectl("get", "nodes", "--no-headers"))
    lab.wait("kube-controller-manager", lambda: _has_account(lab))
    say(f"Kubernetes is ready: API server on 127.0.0.1:{api}")


def _etcd(folder: Path, client: int, peer: int) -> list[str]:
    clients, peers = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    return [
        shutil.which("etcd") or "etcd", "--name=lab", "--log-level=warn",
        f"--data-dir={folder}/etcd",
        f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=lab={peers}",
    ]  # fmt: skip


def _apiserver(pki: Path, etcd: int, port: int) -> list[str]:
    # Debian's etcd 3.4 reports no progress: with WatchList kwok would list for tens of seconds.
    return [
        str(APISERVER.path), f"--etcd-servers=http://127.0.0.1:{etcd}",
        "--bind-address=127.0.0.1", f"--secure-port={port}", "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16",
        f"--tls-cert-file={pki}/apiserver.crt", f"--tls-private-key-file={pki}/apiserver.key",
        f"--client-ca-file={pki}/ca.crt", f"--token-auth-file={pki}/tokens.csv",
        f"--kubelet-client-certificate={pki}/admin.crt", f"--kubelet-client-key={pki}/admin.key",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pki}/sa.key",
        f"--service-account-signing-key-file={pki}/sa.key",
        "--feature-gates=WatchList=false", "--authorization-mode=Node,RBAC", "--profiling=false",
    ]  # fmt: skip


def _kwok(lab: Lab, port: int) -> list[str]:
    return [
        str(KWOK.path), "--kubeconfig", str(lab.kubeconfig), "--manage-all-nodes=false",
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake", "--node-ip=127.0.0.1",
        f"--node-port={port}", f"--server-address=127.0.0.1:{port}", "--cidr=172.17.0.0/24",
        f"--tls-cert-file={lab.pki}/apiserver.crt",
        f"--tls-private-key-file={lab.pki}/apiserver.key", f"--config={STAGES.path}",
    ]  # fmt: skip


def _write_access(lab: Lab, port: int) -> None:
    token, pki = secrets.token_hex(16), lab.folder / "pki"
    for path, text in (
        (pki / "tokens.csv", f"{token},viewer,1000\n"),
        (lab.kubeconfig, _CONFIG.format(
            context=CONTEXT, viewer=VIEWER, port=port, pki=pki, token=token)),
    ):  # fmt: skip
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _has_account(lab: Lab) -> bool:
    with suppress(LabError):
        return "default" in lab.kubectl("get", "serviceaccounts", "--no-headers")
    return False
