"""The programs of the lab, built once from their Go modules, into a cache of the user's.

The modules' versions and checksums are in `modules/`; Go's own checks of them stay on. A first
build takes about 20 minutes of two processors and 8 GB of Go's caches, the next one seconds.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from presenter.errors import PresenterError

CACHE_VARIABLE = "PRESENTER_LAB_CACHE"
MODULES = Path(__file__).with_name("modules")
BUILD_SECONDS = 3600.0
"""For one program: a slow machine, and all of its sources to fetch."""
STAGES = "kwok-stages.yaml"
"""How simulated pods go from Pending to Running: kwok's own stages, of its module."""


@dataclass(frozen=True, slots=True)
class Program:
    """One that is built."""

    name: str
    module: str
    package: str


PROGRAMS = (
    *(
        Program(name, "k8s", f"k8s.io/kubernetes/cmd/{name}")
        for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
    ),
    Program("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
)


class LabError(PresenterError):
    """The lab cannot do this here."""


def cache() -> Path:
    """Where the programs are: a folder for these very versions.

    `PRESENTER_LAB_CACHE` names another place than the user's cache.
    """
    named = os.environ.get(CACHE_VARIABLE)
    root = Path(named) if named else user_cache_path("presenter", appauthor=False) / "lab"
    return root / _versions()


@functools.cache
def _versions() -> str:
    """A short name for the modules as they are."""
    digest = hashlib.sha256()
    for path in sorted(MODULES.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def missing() -> list[str]:
    """The names of what has not been built yet."""
    names = [program.name for program in PROGRAMS]
    return [name for name in (*names, STAGES) if not (cache() / name).is_file()]


def build(say: Callable[[str], None]) -> Path:
    """Build what is missing; the folder of the programs. Raises LabError."""
    folder = cache()
    wanted = set(missing())
    if not wanted:
        return folder
    go = shutil.which("go")
    if go is None:
        raise LabError("the lab's programs are not built", "install Go (1.24 or later) for that")
    folder.mkdir(parents=True, exist_ok=True)
    for program in PROGRAMS:
        if program.name in wanted:
            say(f"building {program.name} (minutes, the first time)")
            _build(go, program, folder)
    if STAGES in wanted:
        _write_stages(go, folder)
    return folder


def _build(go: str, program: Program, folder: Path) -> None:
    module = MODULES / program.module
    fresh = folder / f".{program.name}.{os.getpid()}"
    flags = f"-s -w {_version_flags(module)}" if program.module == "k8s" else "-s -w"
    argv = ["build", "-trimpath", "-ldflags", flags, "-o", str(fresh), program.package]
    try:
        _go(go, module, *argv)
        fresh.replace(folder / program.name)
    finally:
        fresh.unlink(missing_ok=True)


def _version_flags(module: Path) -> str:
    """The version that the programs tell, for a build from a module knows none of its own."""
    found = re.search(r"k8s\.io/kubernetes (v1\.(\d+)\.\S+)", (module / "go.mod").read_text())
    if found is None:
        raise LabError(f"{module / 'go.mod'}: no version of k8s.io/kubernetes")
    told = {"gitVersion": found[1], "gitMajor": "1", "gitMinor": found[2], "gitTreeState": "clean"}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(f"-X {one}.{name}={value}" for one in packages for name, value in told.items())


def _write_stages(go: str, folder: Path) -> None:
    root = Path(_go(go, MODULES / "kwok", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"))
    stages = root / "kustomize" / "stage"
    paths = sorted(
        path
        for part in ("node/fast", "node/heartbeat", "pod/general")
        for path in (stages / part).glob("*.yaml")
        if "kustomization" not in path.name
    )
    if not paths:
        raise LabError(f"{stages}: no stages of kwok's")
    fresh = folder / f".{STAGES}.{os.getpid()}"
    fresh.write_text("".join(f"---\n{path.read_text('utf-8')}\n" for path in paths), "utf-8")
    fresh.replace(folder / STAGES)


def _go(go: str, module: Path, *argv: str) -> str:
    """What `go` prints, run in a module at low priority. Raises LabError."""
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false -mod=readonly"}
    try:
        done = subprocess.run(
            ["nice", "-n", "10", go, *argv],
            cwd=module,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LabError(f"go {argv[0]}: {error}") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it has said nothing"]
        raise LabError(f"go {argv[0]} in {module.name}: {last[0][:300]}")
    return done.stdout.strip()
