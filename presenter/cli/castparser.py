"""The command line of `presenter cast`: what is done to a recording, each making a new file."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from presenter.cli.numbers import number_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]
    Parser = argparse.ArgumentParser

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
    adding = (
        _add_trim, _add_cut, _add_join, _add_speed, _add_idle, _add_mark, _add_redact, _add_convert
    )  # fmt: skip
    for add in adding:
        parser = add(actions)
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the new file")
        parser.add_argument("--force", action="store_true", help="replace a file that is there")
        parser.set_defaults(module="castconvert" if add is _add_convert else "cast")


def _add_trim(actions: Commands) -> Parser:
    trim: Parser = actions.add_parser(
        "trim", help="keep a part; its first screen is the one that was there"
    )
    _file(trim)
    _times(trim)
    return trim


def _add_cut(actions: Commands) -> Parser:
    cut: Parser = actions.add_parser("cut", help="take a part out; what follows looks as it did")
    _file(cut)
    _times(cut)
    return cut


def _add_join(actions: Commands) -> Parser:
    join: Parser = actions.add_parser("join", help="put recordings one behind another")
    _file(join, nargs="+")
    return join


def _add_speed(actions: Commands) -> Parser:
    speed: Parser = actions.add_parser("speed", help="make it, or a part of it, faster or slower")
    _file(speed)
    speed.add_argument("factor", type=_factor, metavar="FACTOR", help="2 is twice as fast")
    _times(speed)
    return speed


def _add_idle(actions: Commands) -> Parser:
    idle: Parser = actions.add_parser("idle", help="let no pause be longer than so many seconds")
    _file(idle)
    idle.add_argument("seconds", type=_pause, metavar="SECONDS")
    return idle


def _add_mark(actions: Commands) -> Parser:
    mark: Parser = actions.add_parser("mark", help="set markers, or take them away")
    _file(mark)
    mark.add_argument(
        "--at", nargs=2, action="append", default=[], metavar=("TIME", "LABEL"), help="set one"
    )
    mark.add_argument(
        "--remove", action="store_true", help="take those away that are there, but for steps'"
    )
    return mark


def _add_redact(actions: Commands) -> Parser:
    redact: Parser = actions.add_parser(
        "redact", help="put dots in place of secrets; what was typed is left out"
    )
    _file(redact)
    redact.add_argument(
        "--personal",
        action="store_true",
        help="names of users and hosts, home folders and addresses, too",
    )
    redact.add_argument(
        "--also", action="append", default=[], metavar="WORD", help="this, wherever it stands"
    )
    return redact


def _add_convert(actions: Commands) -> Parser:
    convert: Parser = actions.add_parser(
        "convert", help="write it as asciicast v1, v2 or v3, as text, SVG or GIF"
    )
    _file(convert)
    convert.add_argument(
        "--version",
        type=int,
        choices=(1, 2, 3),
        help="of a .cast or .json (default: 3, of a .json 1)",
    )
    convert.add_argument(
        "--at",
        type=time_of,
        metavar="TIME",
        help="of an .svg: when (default: the end)",
    )
    convert.add_argument(
        "--size", metavar="COLSxROWS", help="of a picture (default: the recording's own)"
    )
    convert.add_argument("--theme", metavar="NAME", help="of a picture: dark, light or contrast")
    convert.add_argument(
        "--unchecked",
        action="store_true",
        help="text and pictures even of what looks like a secret",
    )
    return convert


def _times(parser: argparse.ArgumentParser) -> None:
    for name, where in (("from", "start"), ("to", "end")):
        parser.add_argument(
            f"--{name}",
            dest=where,
            type=time_of,
            metavar="TIME",
            help=f"83.4, 1:23.4 or 1:02:03, as a player shows it (default: the {where})",
        )


def _factor(text: str) -> float:
    return number_of(text, 0.01, 100.0)


def _pause(text: str) -> float:
    return number_of(text, 0.001, 86_400.0)


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
