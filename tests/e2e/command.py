"""The installed command without a terminal: its status, and what it says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.console import presenter_command


def run(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `presenter` to its end; nothing is on standard input."""
    return subprocess.run(
        [presenter_command(), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
        env=os.environ | {"PRESENTER_CONFIG": os.devnull, "COLUMNS": "80"} | dict(env or {}),
    )
