"""Starts and stops one lab: a folder with its data, certificates, logs and record of processes."""

from __future__ import annotations

import os
import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presenter.lab.build import STAGES, LabError, build, cache
from presenter.lab.certificates import write_certificates
from presenter.lab.processes import Processes, free_ports

READY_SECONDS = 90.0
CALL_SECONDS = 2.0
KUBECTL_SECONDS = 20.0
MARK = "lab.txt"
"""A file of this name says that a folder is a lab's: no other one is ever removed."""
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


@dataclass(frozen=True, slots=True)
class Lab:
    """One that was started."""

    folder: Path

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    @property
    def processes(self) -> Processes:
        return Processes(self.folder)

    def kubectl(self, *argv: str, given: str = "") -> str:
        """What the lab's own kubectl prints. Raises LabError."""
        try:
            done = subprocess.run(
                [str(cache() / "kubectl"), "--kubeconfig", str(self.kubeconfig), *argv],
                input=given, capture_output=True, text=True, timeout=KUBECTL_SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise LabError(f"kubectl {argv[0]}: {error}") from error
        if done.returncode:
            raise LabError(f"kubectl {argv[0]}: {done.stderr.strip()[-300:]}")
        return done.stdout


def up(folder: Path | None, say: Callable[[str], None]) -> Lab:
    """Build what is missing and start a lab in `folder` (default: a new temporary one).

    Raises LabError; what was started is stopped again then.
    """
    if sys.platform != "linux":
        raise LabError("the lab runs on Linux only")
    etcd = shutil.which("etcd")
    if etcd is None:
        raise LabError("etcd is not installed", "on Debian: apt-get install etcd-server")
    programs = build(say)
    folder = folder or Path(tempfile.mkdtemp(prefix="presenter-lab-"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise LabError(f"{folder} is not empty", "`presenter lab down` removes a lab")
    lab = Lab(folder)
    (folder / MARK).write_text("A lab of presenter's: `presenter lab down` stops and removes it.\n")
    try:
        _start(lab, programs, etcd, say)
    except BaseException:
        with suppress(LabError):
            lab.processes.stop()
        raise
    return lab


def down(folder: Path) -> None:
    """Stop what runs of a lab and remove its folder. Raises LabError."""
    if not (folder / MARK).is_file():
        raise LabError(f"{folder} is no lab's folder")
    Processes(folder).stop()
    shutil.rmtree(folder)


def _start(lab: Lab, programs: Path, etcd: str, say: Callable[[str], None]) -> None:
    client, peer, api, kwok = free_ports(4)
    pki = lab.folder / "pki"
    write_certificates(pki)
    _write_access(lab, api)
    start, environment = lab.processes.start, {**os.environ, "KUBECONFIG": str(lab.kubeconfig)}
    start("etcd", _etcd(etcd, lab.folder, client, peer), environment)
    start("kube-apiserver", _apiserver(programs, pki, client, api), environment)
    _wait(lab, "kube-apiserver", lambda: _answers(pki, api))
    say(f"API server on 127.0.0.1:{api}")
    own = ["--kubeconfig", str(lab.kubeconfig), "--leader-elect=false", "--secure-port=0"]
    start("kube-controller-manager", [
        str(programs / "kube-controller-manager"), *own,
        f"--service-account-private-key-file={pki}/sa.key", f"--root-ca-file={pki}/ca.crt",
    ], environment)  # fmt: skip
    start("kube-scheduler", [str(programs / "kube-scheduler"), *own], environment)
    start("kwok", [
        str(programs / "kwok"), "--kubeconfig", str(lab.kubeconfig), "--manage-all-nodes=false",
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake", "--node-ip=127.0.0.1",
        f"--node-port={kwok}", f"--server-address=127.0.0.1:{kwok}", "--cidr=172.17.0.0/24",
        f"--tls-cert-file={pki}/apiserver.crt", f"--tls-private-key-file={pki}/apiserver.key",
        f"--config={programs / STAGES}",
    ], environment)  # fmt: skip
    lab.kubectl("apply", "-f", "-", given=_NODE)
    _wait(lab, "kwok", lambda: " Ready" in lab.kubectl("get", "nodes", "--no-headers"))
    _wait(lab, "kube-controller-manager", lambda: _has_account(lab))
    say("the cluster is ready")


def _etcd(etcd: str, folder: Path, client: int, peer: int) -> list[str]:
    clients, peers = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    return [
        etcd, "--name=lab", f"--data-dir={folder}/etcd", "--log-level=warn",
        f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=lab={peers}",
    ]  # fmt: skip


def _apiserver(programs: Path, pki: Path, etcd: int, port: int) -> list[str]:
    # Debian's etcd 3.4 reports no progress: with WatchList kwok would list for tens of seconds.
    return [
        str(programs / "kube-apiserver"), f"--etcd-servers=http://127.0.0.1:{etcd}",
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


def _write_access(lab: Lab, port: int) -> None:
    token, pki = secrets.token_hex(16), lab.folder / "pki"
    for path, text in (
        (pki / "tokens.csv", f"{token},viewer,1000\n"),
        (lab.kubeconfig, _CONFIG.format(
            context=CONTEXT, viewer=VIEWER, port=port, pki=pki, token=token)),
    ):  # fmt: skip
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _wait(lab: Lab, process: str, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + READY_SECONDS
    while not ready():
        lab.processes.check(process)
        if time.monotonic() > until:
            log = lab.folder / "log" / f"{process}.log"
            raise LabError(f"{process} is not ready after {READY_SECONDS:.0f} s", f"see {log}")
        time.sleep(0.1)


def _answers(pki: Path, port: int) -> bool:
    context = ssl.create_default_context(cafile=str(pki / "ca.crt"))
    context.load_cert_chain(pki / "admin.crt", pki / "admin.key")
    address = f"https://127.0.0.1:{port}/readyz"
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with suppress(OSError), opener.open(address, timeout=CALL_SECONDS) as answer:
        return bool(answer.status == 200)
    return False


def _has_account(lab: Lab) -> bool:
    with suppress(LabError):
        return "default" in lab.kubectl("get", "serviceaccounts", "--no-headers")
    return False
