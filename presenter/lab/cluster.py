"""Starts and stops one lab."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from presenter.lab.kubernetes import start_kubernetes
from presenter.lab.mesh import start_mesh
from presenter.lab.parts import KUBERNETES, MESH, METRICS, TRACES, Part, lacks, prepare, wanted
from presenter.lab.place import MARK, Lab
from presenter.lab.processes import Processes
from presenter.lab.tools import LabError
from presenter.lab.watching import send_traces, start_prometheus, start_zipkin


def up(
    folder: Path | None,
    say: Callable[[str], None],
    *,
    only: str | None = None,
    build: bool = True,
) -> Lab:
    """Start a lab in `folder` (default: a new temporary one); builds what is missing before.

    `only` names the last part that is wanted. A part that cannot be had is said, and is `lacking`
    then; without Kubernetes there is no lab. Raises LabError; what was started is stopped again.
    """
    if sys.platform != "linux":
        raise LabError("the lab runs on Linux only")
    reasons = {part.name: prepare(part, say) if build else lacks(part) for part in wanted(only)}
    if reasons[KUBERNETES.name]:
        raise LabError(reasons[KUBERNETES.name])
    folder = folder or Path(tempfile.mkdtemp(prefix="presenter-lab-"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise LabError(f"{folder} is not empty", "`presenter lab down` removes a lab")
    lab = Lab(folder)
    (folder / MARK).write_text("A lab of presenter's: `presenter lab down` stops and removes it.\n")
    try:
        _start(lab, reasons, say)
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


def _start(lab: Lab, reasons: dict[str, str], say: Callable[[str], None]) -> None:
    """Start the parts that can be had; `reasons` gets those why others cannot."""

    def attempt(part: Part, start: Callable[[], None]) -> None:
        if part.name not in reasons:
            return
        if not reasons[part.name] and part is not MESH and reasons[MESH.name]:
            reasons[part.name] = "it watches Istio, which does not run"
        if not reasons[part.name]:
            try:
                start()
            except LabError as error:
                reasons[part.name] = str(error)
        if reasons[part.name]:
            say(f"without {part.name}: {reasons[part.name]}")
        lab.tell(reasons)

    traces = not reasons.get(TRACES.name, "no") and not reasons[MESH.name]
    zipkin = start_zipkin(lab) if traces else ""
    start_kubernetes(lab, say)
    attempt(MESH, lambda: start_mesh(lab, say, zipkin))
    attempt(METRICS, lambda: start_prometheus(lab, say))
    attempt(TRACES, lambda: send_traces(lab, say))
    lab.tell(reasons)
