"""One lab: a folder with its data, certificates, logs and record of processes."""

from __future__ import annotations

import json
import os
import shlex
import ssl
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presenter.lab.processes import Processes
from presenter.lab.tools import LabError, run

READY_SECONDS = 90.0
CALL_SECONDS = 2.0
KUBECTL_SECONDS = 20.0
MARK = "lab.txt"
"""A file of this name says that a folder is a lab's: no other one is ever removed."""
PARTS = "parts.json"


@dataclass(frozen=True, slots=True)
class Lab:
    """One that was started."""

    folder: Path

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    @property
    def pki(self) -> Path:
        return self.folder / "pki"

    @property
    def bin(self) -> Path:
        """With `kubectl` and, where Istio is part of it, `istioctl`."""
        return self.folder / "bin"

    @property
    def processes(self) -> Processes:
        return Processes(self.folder)

    @property
    def lacking(self) -> dict[str, str]:
        """The parts that were wanted and do not run, each with the reason."""
        try:
            found = json.loads((self.folder / PARTS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(reason) for name, reason in found.items() if reason}

    def tell(self, reasons: Mapping[str, str]) -> None:
        """Write down the parts, each with the reason why it does not run (empty where it does)."""
        (self.folder / PARTS).write_text(json.dumps(dict(reasons)), "utf-8")

    def offer(self, program: Path) -> None:
        """Put a program where the lab's PATH finds it."""
        self.bin.mkdir(exist_ok=True)
        (self.bin / program.name).symlink_to(program)

    def exports(self) -> dict[str, str]:
        """The variables of the environment for who uses the lab, without PATH.

        `GATEWAY_URL` is host:port, as Istio's own pages have it, the others are URLs.
        """
        at = self.processes.port
        found = {
            "GATEWAY_URL": (at("envoy"), ""),
            "PROMETHEUS_URL": (at("prometheus"), "http://"),
            "ZIPKIN_URL": (at("zipkin"), "http://"),
            "ISTIOCTL_XDS_ADDRESS": (at("istiod", "xds"), ""),
        }
        told = {key: f"{kind}127.0.0.1:{port}" for key, (port, kind) in found.items() if port}
        if "ISTIOCTL_XDS_ADDRESS" in told:
            told["ISTIOCTL_PLAINTEXT"] = "true"
        return {"KUBECONFIG": str(self.kubeconfig)} | told

    def export_lines(self) -> str:
        """The same for a shell, with PATH: `eval "$(presenter lab env)"`."""
        lines = [f"export {key}={shlex.quote(value)}" for key, value in self.exports().items()]
        return "\n".join([*lines, f'export PATH={shlex.quote(str(self.bin))}:"$PATH"'])

    def environment(self) -> dict[str, str]:
        """The whole environment of a process that uses the lab."""
        path = f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, **self.exports(), "PATH": path}

    def kubectl(self, *argv: str, given: str = "") -> str:
        """What the lab's own kubectl prints. Raises LabError."""
        program = [str(self.bin / "kubectl"), "--kubeconfig", str(self.kubeconfig)]
        return run([*program, *argv], KUBECTL_SECONDS, given=given, name=f"kubectl {argv[0]}")

    def wait(self, process: str, ready: Callable[[], bool]) -> None:
        """Return when a process is ready. Raises LabError where it ends or takes too long."""
        until = time.monotonic() + READY_SECONDS
        while not ready():
            self.processes.check(process)
            if time.monotonic() > until:
                log = self.folder / "log" / f"{process}.log"
                raise LabError(f"{process} is not ready after {READY_SECONDS:.0f} s", f"see {log}")
            time.sleep(0.05)


def answers(address: str, context: ssl.SSLContext | None = None) -> bool:
    """Whether an address of the lab answers with a status of 200."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with suppress(OSError), opener.open(address, timeout=CALL_SECONDS) as answer:
        return bool(answer.status == 200)
    return False
