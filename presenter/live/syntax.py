"""Whether a shell can read a command: it parses a file and runs nothing of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from presenter.live.bounded import run_bounded
from presenter.live.dialects import Dialect

_FILE = "presenter-command"
_FROM_THE_FILE = re.compile(rf"^.*{_FILE}:?\s*")
_STARTS = frozenset(("BASH_ENV", "ENV"))
"""Variables that name a file which a shell reads first."""


def syntax_error(
    dialect: Dialect, command: str, environment: Mapping[str, str], seconds: float
) -> str | None:
    """What the shell has against a command, in a line; empty where it has nothing.

    None where that cannot be told: the shell cannot only parse, or was not done in time.
    """
    if not dialect.only_parses:
        return None
    plain = {name: value for name, value in environment.items() if name not in _STARTS}
    with tempfile.TemporaryDirectory(prefix="presenter-syntax-") as folder:
        (Path(folder) / _FILE).write_text(f"{command}\n", "utf-8", "replace")
        try:
            status, output = run_bounded(
                [dialect.program, *dialect.only_parses, _FILE],
                seconds,
                cwd=folder,
                environment=plain,
                errors=True,
            )
        except OSError:
            return None
    if status is None:
        return None
    lines = output.decode("utf-8", "replace").strip().splitlines()
    said = _FROM_THE_FILE.sub("", lines[0]) if lines else ""
    return (said or f"status {status}") if status else ""
