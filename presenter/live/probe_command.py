"""Probe of a program: whether it is installed, and in which version.

`command: istioctl`, `version: ">=1.20"`. A program is run for its version only, without a terminal,
with nothing to read and within a time limit.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from presenter.live.bounded import run_bounded
from presenter.live.findings import Finding, Limit, fails, holds, unknown
from presenter.live.versions import find_version, satisfies
from presenter.talk.fallback import Fault

_ASKED_OTHERWISE = {
    "go": ("version",),
    "helm": ("version", "--short"),
    "istioctl": ("version", "--remote=false"),
    "kubectl": ("version", "--client"),
}
"""How to ask programs that do not know `--version`, or would ask a cluster."""


def look_command(condition: dict[str, object], limit: Limit) -> Finding:
    """Whether the program is on the PATH, and of the version that is asked for."""
    name, wish = condition["command"], str(condition.get("version") or "")
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        return unknown("`command` is not the name of a program")
    path = shutil.which(name)
    if path is None:
        return fails(f"{name}: not installed", Fault.MISSING_PROGRAM)
    if not wish:
        return holds(f"{name}: installed")
    if satisfies("0", wish) is None:
        return unknown(f"`version: {wish}` is not of the form >=1.20")
    slow = f"{name} does not tell its version in time"
    limit.prepare(slow)  # a busy machine is no reason to do without it
    version = _version_of(path, limit)
    if version is None:
        return unknown(slow)
    if not version:
        return unknown(f"{name} does not tell its version")
    if satisfies(version, wish):
        return holds(f"{name} {version}")
    return fails(f"{name} is {version}, not {wish}")


def _version_of(path: str, limit: Limit) -> str | None:
    """The version that a program tells, nothing where it tells none, None where it does not end.

    The word `version` alone is tried in an empty folder: to some programs it is a file's name.
    """
    known = _ASKED_OTHERWISE.get(Path(path).stem)
    status, output = _run([path, *(known or ("--version",))], None, limit)
    version = find_version(output) if status == 0 else ""
    if not version and not limit.is_over and status is not None:
        with tempfile.TemporaryDirectory() as empty:
            status, output = _run([str(Path(path).absolute()), "version"], empty, limit)
        version = find_version(output) if status == 0 else ""
    return None if status is None else version


def _run(command: list[str], folder: str | None, limit: Limit) -> tuple[int | None, str]:
    """The exit status of a program, None where it did not end in time, and what it printed."""
    try:
        status, output = run_bounded(command, limit.left(), cwd=folder, errors=True)
    except OSError:
        return -1, ""
    return status, output.decode("utf-8", "replace")
