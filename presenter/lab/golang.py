"""What is built from Go modules: programs of Kubernetes, kwok and Istio, and two files."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from presenter.lab.build import Product
from presenter.lab.tools import LabError, run

BUILD_SECONDS = 3600.0
"""For one program: a slow machine, and all of its sources to fetch."""


def _program(name: str, source: str, package: str, flags: Callable[[Path], str]) -> Product:
    def make(module: Path, fresh: Path) -> None:
        _go(module, "build", "-trimpath", "-ldflags", f"-s -w {flags(module)}", "-o", str(fresh),
            package)  # fmt: skip

    return Product(name, source, make)


def _go(module: Path, *argv: str) -> str:
    """What `go` prints, run in a module at low priority. Raises LabError."""
    go = shutil.which("go")
    if go is None:
        raise LabError("the lab's programs are not built", "install Go (1.26 or later) for that")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false -mod=readonly"}
    name = f"go {argv[0]} in {module.name}"
    nice = ["nice", "-n", "10", go, *argv]
    return run(nice, BUILD_SECONDS, folder=module, environment=environment, name=name).strip()


def _kubernetes_version(module: Path) -> str:
    """The version that the programs tell, for a build from a module knows none of its own."""
    _, version, minor = _required(module, r"k8s\.io/kubernetes (v1\.(\d+)\.\S+)")
    told = {"gitVersion": version, "gitMajor": "1", "gitMinor": minor, "gitTreeState": "clean"}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(f"-X {one}.{name}={value}" for one in packages for name, value in told.items())


def _istio_version(module: Path) -> str:
    """The same for Istio, as its own builds between two releases are named."""
    _, commit = _required(module, r"istio\.io/istio v0\.0\.0-\d+-(\w+)")
    release = (_folder(module, "istio.io/istio") / "VERSION").read_text("utf-8").strip()
    told = {"buildVersion": f"{release}-alpha.{commit}", "buildStatus": "Clean"}
    return " ".join(f"-X istio.io/istio/pkg/version.{key}={value}" for key, value in told.items())


def _required(module: Path, pattern: str) -> list[str]:
    found = re.search(pattern, (module / "go.mod").read_text("utf-8"))
    if found is None:
        raise LabError(f"{module / 'go.mod'}: nothing like {pattern}")
    return [found[0], *found.groups()]


def _folder(module: Path, path: str) -> Path:
    """Where the sources of a module are, of those that one of ours requires."""
    told = json.loads(_go(module, "mod", "download", "-json", path))
    return Path(told["Dir"])


def _write_stages(module: Path, fresh: Path) -> None:
    stages = _folder(module, "sigs.k8s.io/kwok") / "kustomize" / "stage"
    paths = sorted(
        path
        for part in ("node/fast", "node/heartbeat", "pod/general")
        for path in (stages / part).glob("*.yaml")
        if "kustomization" not in path.name
    )
    if not paths:
        raise LabError(f"{stages}: no stages of kwok's")
    fresh.write_text("".join(f"---\n{path.read_text('utf-8')}\n" for path in paths), "utf-8")


def _write_resources(module: Path, fresh: Path) -> None:
    charts = _folder(module, "istio.io/istio") / "manifests" / "charts"
    fresh.write_bytes((charts / "base" / "files" / "crd-all.gen.yaml").read_bytes())


def _nothing(_module: Path) -> str:
    return ""


APISERVER, CONTROLLERS, SCHEDULER, KUBECTL = (
    _program(name, "k8s", f"k8s.io/kubernetes/cmd/{name}", _kubernetes_version)
    for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
)
KWOK = _program("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok", _nothing)
STAGES = Product("kwok-stages.yaml", "kwok", _write_stages)
"""How simulated pods go from Pending to Running: kwok's own stages."""
ISTIOD = _program(
    "pilot-discovery", "istio", "istio.io/istio/pilot/cmd/pilot-discovery", _istio_version
)
ISTIOCTL = _program("istioctl", "istio", "istio.io/istio/istioctl/cmd/istioctl", _istio_version)
RESOURCES = Product("istio-crds.yaml", "istio", _write_resources)
"""The definitions of Istio's kinds, as its own chart installs them."""
