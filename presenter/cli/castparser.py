"""The command line of `presenter cast`: what is done to a recording, each making a new file."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

ACTIONS = (
    "info", "check", "trim", "cut", "join", "speed", "idle", "mark", "redact", "convert",
)  # fmt: skip
FILES = "cast"
_TIME = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,2}):)?([0-9]{1,7}(?:\.[0-9]{1,9})?)")


def add_cast(commands: Commands) -> None:
    cast = commands.add_parser(
        "cast", help="look into recordings, check them, and make new ones of them"
    )
    actions = cast.add_subparsers(metavar="ACTION", required=True, dest="action")
    info = actions.add_parser("info", help="what is in a recording, and what is damaged")
    _file(info)
    info.add_argument("--json", action="store_true", help="as JSON")
    check = actions.add_parser(
        "check", help="every deviation from the format, as FILE:LINE: message (status 1)"
    )
    _file(check, nargs="+")
    check.add_argument(
        "--secrets", action="store_true", help="look for what looks like a secret, too"
    )
    for parser in (info, check):
        parser.set_defaults(module="castinfo")


def time_of(text: str) -> float:
    """Seconds of `83.4`, `1:23.4` or `1:02:03`."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text}: a time such as 83.4, 1:23.4 or 1:02:03")
    hours, minutes, seconds = found.groups()
    return round(int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds), 6)


def _file(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    file = parser.add_argument(
        "files" if nargs else "file",
        nargs=nargs,
        metavar="FILE",
        help="a .cast file, also .json or .gz",
    )
    file.complete = FILES  # type: ignore[attr-defined]
