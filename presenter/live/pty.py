"""A process in a pseudo-terminal of its own session."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol


class Terminal(Protocol):
    """A process in a terminal of its own, and the terminal's other end."""

    @property
    def pid(self) -> int: ...

    @property
    def status(self) -> int | None:
        """How the process ended: 0 to 255, for a signal 128 and its number; None while it runs."""

    @property
    def signalled(self) -> bool:
        """Whether a signal ended it."""

    def write(self, data: bytes) -> None:
        """As if typed. Never blocks: what the terminal does not take is written when it can."""

    def resize(self, columns: int, rows: int) -> None: ...

    def foreground(self) -> int | None:
        """The process group that owns the terminal."""

    def takes_lines(self) -> bool:
        """Whether the terminal edits lines itself; a shell's own editor switches that off."""

    def signal(self, number: int) -> None:
        """To the foreground group; never raises."""

    def hold(self) -> None:
        """Read no more, until `go_on`: the kernel then holds the process back."""

    def go_on(self) -> None: ...

    def close(self) -> None:
        """End the process and its session, within about a second. Never raises, nor calls back."""


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    columns: int,
    rows: int,
    on_output: Callable[[str], None],
    on_exit: Callable[[int | None], None],
) -> Terminal:
    """Start `argv` (its program found on the PATH of `env`) in a terminal of this size.

    `on_exit` is called once, after all output, with the status. OSError where it cannot start.
    """
    if shutil.which(argv[0], path=env.get("PATH")) is None:
        raise FileNotFoundError(f"{argv[0]}: command not found")
    if sys.platform == "win32":  # each is imported where it can be
        from presenter.live.winpty import WindowsTerminal

        return WindowsTerminal(argv, env, cwd, (columns, rows), on_output, on_exit)
    from presenter.live.posixpty import PosixTerminal

    return PosixTerminal(argv, env, cwd, (columns, rows), on_output, on_exit)
