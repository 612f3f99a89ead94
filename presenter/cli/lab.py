"""`presenter lab up|down|status|build`: a real control plane on this machine, without Minikube."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from presenter.errors import PresenterError
from presenter.lab.build import build, missing
from presenter.lab.cluster import MARK, Lab, down, up


def run(options: argparse.Namespace) -> int:
    """Raises LabError for what cannot be done."""
    if options.what == "build":
        _say(str(build(_complain)))
        return 0
    place = _record()
    if options.what == "up":
        return _up(place, options.folder)
    folder = options.folder or _started(place)
    if folder is None:
        raise PresenterError("no lab was started", "`presenter lab up` starts one")
    if options.what == "down":
        down(folder)
        place.unlink(missing_ok=True)
        return 0
    return _status(folder)


def _up(place: Path, folder: Path | None) -> int:
    before = _started(place)
    if before is not None and (before / MARK).is_file() and all(_running(before)):
        raise PresenterError(f"a lab runs in {before}", "`presenter lab down` stops it")
    lab = up(folder.resolve() if folder else None, _complain)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{lab.folder}\n", "utf-8")
    _say(f"export KUBECONFIG={shlex.quote(str(lab.kubeconfig))}")
    return 0


def _running(folder: Path) -> list[bool]:
    return list(Lab(folder).processes.running().values()) or [False]


def _status(folder: Path) -> int:
    """0 where all of it runs."""
    running = Lab(folder).processes.running()
    _say(f"{folder}")
    for name, runs in running.items():
        _say(f"  {'runs ' if runs else 'ended'}  {name}")
    if missing():
        _say(f"  not built: {', '.join(missing())}")
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
