"""Runs the tools that the lab is built and kept with, each with a time limit."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from presenter.errors import PresenterError


class LabError(PresenterError):
    """The lab cannot do this here."""


def run(
    argv: Sequence[str],
    seconds: float,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: str = "",
    errors: BinaryIO | None = None,
    name: str = "",
    advice: str = "",
) -> str:
    """What a tool prints. Raises LabError with `name` and the last line that it complained with.

    It can read what is `given` and nothing else; where `errors` is a file, its complaints go there.
    """
    name = name or f"{Path(argv[0]).name} {argv[1]}"
    try:
        done = subprocess.run(
            argv, cwd=folder, env=None if environment is None else dict(environment),
            input=given, stdout=subprocess.PIPE, stderr=errors or subprocess.PIPE,
            text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LabError(f"{name}: {error}", advice) from error
    if done.returncode:
        said = ((done.stderr or "").strip() or done.stdout.strip()).splitlines()
        raise LabError(f"{name}: {said[-1][:300] if said else 'it has said nothing'}", advice)
    return done.stdout
