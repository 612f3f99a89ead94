"""Runs the parts one after the other and prints their rows; status 1 where one missed."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import platform
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.faults.table import HEAD, Row, failed

PARTS = (
    *("link", "hang", "names", "kill", "journal", "hostile", "bombs", "trust", "screens"),
    *("modes", "soak"),
)
"""Modules of this package, where they exist; each bounds its own time."""


def parts() -> list[str]:
    """Those that exist."""
    return [name for name in PARTS if importlib.util.find_spec(f"tests.faults.{name}")]


def rows_of(name: str, full: bool) -> Iterator[Row]:
    """The rows of a part; one that breaks is a row that missed."""
    try:
        yield from importlib.import_module(f"tests.faults.{name}").rows(full)
    except Exception as error:  # noqa: BLE001 — the other parts are still tried
        yield failed(name, error)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help="as many as the table asks for")
    parser.add_argument("--only", nargs="+", choices=parts(), default=parts(), metavar="NAME")
    options = parser.parse_args()
    now = datetime.now(UTC)
    say(f"{now:%Y-%m-%d}, {platform.platform()}, Python {platform.python_version()}\n\n{HEAD}")
    missed = False
    for name in options.only:
        began = time.monotonic()
        for row in rows_of(name, options.full):
            missed = missed or not row.ok
            say(str(row))
        sys.stderr.write(f"({name}: {time.monotonic() - began:.0f} s)\n")
    return int(missed)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
