"""`presenter lab up|down|status|env|build`: Kubernetes and Istio here, without Minikube."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from presenter.errors import PresenterError
from presenter.lab.cluster import down, up
from presenter.lab.parts import lacks, prepare, wanted
from presenter.lab.place import MARK, Lab


def run(options: argparse.Namespace) -> int:
    """Raises LabError for what cannot be done."""
    if options.what == "build":
        return _build(options.only)
    place = _record()
    if options.what == "up":
        return _up(place, options.folder, options.only)
    folder = options.folder or _started(place)
    if folder is None:
        raise PresenterError("no lab was started", "`presenter lab up` starts one")
    if options.what == "down":
        down(folder)
        if folder == _started(place):
            place.unlink()
        return 0
    if options.what == "env":
        _say(Lab(folder).export_lines())
        return 0
    return _status(Lab(folder))


def _build(only: str | None) -> int:
    """0 where all parts can be had then."""
    reasons = {part.name: prepare(part, _complain) for part in wanted(only)}
    for name, reason in reasons.items():
        _say(f"{name}: {reason or 'ready to start'}")
    return 1 if any(reasons.values()) else 0


def _up(place: Path, folder: Path | None, only: str | None) -> int:
    before = _started(place)
    if folder is None and before is not None and (before / MARK).is_file() and _runs(before):
        raise PresenterError(f"a lab runs in {before}", "`presenter lab down` stops it")
    lab = up(folder.resolve() if folder else None, _complain, only=only)
    if folder is None or before is None or not (before / MARK).is_file():
        # One in a folder that was named beside another is not the one that is meant without a name.
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{lab.folder}\n", "utf-8")
    _say(lab.export_lines())
    return 0


def _runs(folder: Path) -> bool:
    return any(Lab(folder).processes.running().values())


def _status(lab: Lab) -> int:
    """0 where all of it runs."""
    running, ports = lab.processes.running(), lab.processes.ports()
    _say(f"{lab.folder}")
    for name, runs in running.items():
        where = ", ".join(f"{what} 127.0.0.1:{port}" for what, port in ports[name].items())
        _say(f"  {'runs ' if runs else 'ended'}  {name:<24} {where}".rstrip())
    for name, reason in lab.lacking.items():
        _say(f"  without {name}: {reason}")
    for part in wanted(None):
        if part.name not in lab.lacking and (reason := lacks(part)):
            _say(f"  {part.name} cannot be started: {reason}")
    return 0 if running and all(running.values()) else 1


def _record() -> Path:
    """Where it is written which lab was started last."""
    from presenter.demo.folders import state_dir

    return state_dir() / "lab"


def _started(place: Path) -> Path | None:
    try:
        return Path(place.read_text("utf-8").strip())
    except OSError:
        return None


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: str) -> None:
    sys.stderr.write(f"presenter: {line}\n")
    sys.stderr.flush()
