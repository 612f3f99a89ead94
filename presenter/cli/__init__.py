"""The command line: parse, run the chosen command, end with its status.

Nothing heavy is imported before a command is chosen: `presenter outline` must not pay for Textual.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from presenter.errors import PresenterError, UsageError

INTERRUPTED = 130
"""128 + SIGINT, by the shells' convention."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (default: the process's arguments) asks for.

    Returns the status: 0, 1 (a problem with what was asked), 2 (wrong usage), or 128 + the signal.
    """
    from presenter.cli.parser import build_parser, with_default_command

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: `presenter outline x >&-`
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 — to the end
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may hold what no encoding has: `\udcff`, and in JSON this is right.
            stream.reconfigure(errors="backslashreplace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = build_parser().parse_args(with_default_command(arguments))
    command = importlib.import_module(f"presenter.cli.{options.module}")
    try:
        status: int = command.run(options)
        sys.stdout.flush()
    except PresenterError as error:
        kind = "usage: " if isinstance(error, UsageError) else ""
        _complain(f"presenter: {kind}{error}")
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()  # `presenter outline | head`: the reader has seen enough
        return 0
    except OSError as error:
        # What can be foreseen has an error of its own: this is standard output on a full disk.
        where = error.filename or "standard output"
        _complain(f"presenter: {where}: {error.strerror}")
        _forget_output()
        return 1
    return status


def _complain(line: str) -> None:
    from presenter.terminal.text import complain  # only when something is wrong

    complain(line)


def _forget_output() -> None:
    """Else the interpreter would fail again when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
