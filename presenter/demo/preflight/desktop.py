"""Of this machine in its room: power, and notifications that might come over the slides."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from presenter.live.bounded import run_bounded
from presenter.talk.preflight import Issue, Level

SUPPLIES = Path("/sys/class/power_supply")
ENOUGH = 60
"""Per cent of a battery that will do for a talk."""
SECONDS = 1.5
_BANNERS = ["gsettings", "get", "org.gnome.desktop.notifications", "show-banners"]


def power(supplies: Path = SUPPLIES) -> Iterator[Issue]:
    """Whether the machine runs on its battery; a machine without one has nothing to tell."""
    if sys.platform != "linux":
        yield Issue(
            Level.NOTE, "power", "unknown: this system is not asked", "see that it is plugged in"
        )
        return
    for supply in sorted(supplies.glob("*")) if supplies.is_dir() else ():
        if _read(supply / "type") != "Battery" or _read(supply / "scope") == "Device":
            continue
        told, capacity = _read(supply / "status"), _read(supply / "capacity")
        if told == "Discharging" and capacity.isdecimal():
            level = Level.NOTE if int(capacity) >= ENOUGH else Level.WARNING
            yield Issue(level, "power", f"on battery, {capacity} % are left", "plug it in")


def sleep(path: str | None = None) -> Iterator[Issue]:
    """Whether a talk can keep the machine awake; `path`: that of the environment, where none."""
    program = "caffeinate" if sys.platform == "darwin" else "systemd-inhibit"
    if sys.platform != "win32" and shutil.which(program, path=path) is None:
        what = f"a talk cannot hold sleep off: {program} is not installed"
        yield Issue(Level.NOTE, "sleep", what, "see that the machine does not fall asleep")


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeError):
        return ""


def notifications() -> Iterator[Issue]:
    """Whether a desktop would show them; only GNOME tells."""
    program = shutil.which(_BANNERS[0])
    output = b""
    if program is not None:
        try:
            status, output = run_bounded([program, *_BANNERS[1:]], SECONDS)
            output = output if status == 0 else b""
        except OSError:
            output = b""
    if output.strip() == b"true":
        todo = "gsettings set org.gnome.desktop.notifications show-banners false"
        yield Issue(Level.WARNING, "desktop", "notifications are shown over the slides", todo)
    elif output.strip() != b"false":
        what = "notifications: unknown, no desktop tells"
        yield Issue(Level.NOTE, "desktop", what, "switch them off")
