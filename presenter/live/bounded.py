"""Runs a program that may neither ask anybody nor go on for ever."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping

MOST_OUTPUT = 1_048_576
"""Bytes of what it prints that are kept."""


def run_bounded(
    command: list[str],
    seconds: float,
    *,
    cwd: str | None = None,
    environment: Mapping[str, str] | None = None,
    errors: bool = False,
) -> tuple[int | None, bytes]:
    """The exit status, None where it did not end in time, and what it printed.

    It has nothing to read, and a process group of its own, which is ended when its time is over.
    `errors`: with what it prints to standard error. Raises OSError where it cannot be run. It
    prints into a file: a pipe could be held open by what it has started.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if errors else subprocess.DEVNULL,
            process_group=0,
        )
        with process:
            try:
                status: int | None = process.wait(seconds)
            except subprocess.TimeoutExpired:
                status = None
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
        output.seek(0)
        return status, output.read(MOST_OUTPUT)
