"""What the command line understands; help and completions come from it too."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from presenter import __version__
from presenter.cli.castparser import add_cast
from presenter.cli.numbers import number_of
from presenter.cli.talkparser import add_plan_options, add_practice_options, add_talk_commands

COMMANDS = (
    "present", "rehearse", "play", "outline", "shot", "resume", "attach", "trust", "transcribe",
    "check", "setup", "reset", "record", "verify", "takes", "rehearsals", "questions", "talks",
    "report", "cast", "lab", "completions",
)  # fmt: skip
SHELLS = ("bash", "zsh", "fish")
SLOWEST, FASTEST = 0.25, 16.0
"""Times the pace of a recording."""
DECK_FILES = "deck"
CAST_FILES = "cast"


class _Parser(argparse.ArgumentParser):
    """One that says what is wrong in a line, as every error here does."""

    def error(self, message: str) -> NoReturn:
        from presenter.terminal.text import complain

        complain(f"{self.prog}: {message} (`{self.prog} --help` shows the usage)")
        self.exit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command names the module that runs it."""
    parser = _Parser(
        prog="presenter",
        description="Give talks in a terminal: Markdown slides with demos that fall back to "
        "their recordings. Without a command, the deck is presented; without a deck, "
        "the sample talk Istio 101.",
    )
    parser.add_argument("--version", action="version", version=f"presenter {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_present(commands)
    _add_rehearse(commands)
    _add_play(commands)
    _add_outline(commands)
    _add_shot(commands)
    _add_resume(commands)
    _add_attach(commands)
    _add_trust(commands)
    _add_transcribe(commands)
    _add_check(commands)
    _add_world(commands)
    _add_record(commands)
    _add_verify(commands)
    _add_takes(commands)
    add_talk_commands(commands)
    add_cast(commands)
    _add_lab(commands)
    completions = commands.add_parser("completions", help="print a shell's completion script")
    completions.add_argument("shell", choices=SHELLS)
    completions.set_defaults(module="completions")
    return parser


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """`present` is the command where none is named: `presenter talk.md`, `presenter --slide x`."""
    first = arguments[0] if arguments else ""
    if first in COMMANDS or first in {"-h", "--help", "--version"}:
        return list(arguments)
    return ["present", *arguments]


def _speed(text: str) -> float:
    return number_of(text, SLOWEST, FASTEST)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text}: a number from 0 on")
    return int(text)


def _seconds(text: str) -> float:
    return number_of(text, 0.001, 86_400)


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[_Parser]


def _trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trust",
        action="store_true",
        help="run what is in the deck without asking, now and later (see `presenter trust`)",
    )


def _add_deck(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    deck = parser.add_argument(
        "deck",
        nargs=None if required else "?",
        metavar="DECK",
        help="a Markdown file, or the name of a sample talk (istio-101, istio-101-today, "
        "istio-on-windows, tour)",
    )
    deck.complete = DECK_FILES  # type: ignore[attr-defined]


def _add_stage_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--slide", metavar="ID", help="open at this slide (its id or its number)")
    _trust(parser)
    parser.add_argument("--theme", metavar="NAME", help="dark, light or contrast")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="of recordings, from 0.25 to 16 (default 1)"
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="while authoring: when the deck changes, show the changed slide at once",
    )


def _add_modes(parser: argparse.ArgumentParser) -> None:
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--live",
        action="store_const",
        dest="mode",
        const="live",
        help="demos run even where a condition does not hold or an earlier step did not run",
    )
    modes.add_argument(
        "--recorded",
        action="store_const",
        dest="mode",
        const="recorded",
        help="demos come from recordings only; no process and no network",
    )
    parser.set_defaults(mode="default")


def _add_present(commands: Commands) -> None:
    present = commands.add_parser("present", help="give a talk (the default command)")
    _add_deck(present)
    _add_modes(present)
    _add_stage_options(present)
    add_plan_options(present)
    present.set_defaults(module="present")


def _add_rehearse(commands: Commands) -> None:
    rehearse = commands.add_parser(
        "rehearse", help="practise a talk from its recordings, live, or with faults (--drill)"
    )
    _add_deck(rehearse)
    rehearse.add_argument(
        "--live",
        action="store_true",
        help="demos run for real (default: recordings only; no process and no network)",
    )
    rehearse.add_argument(
        "--keep",
        action="store_true",
        help="with --live: keep takes of what ran well",
    )
    rehearse.add_argument(
        "--drill",
        nargs="?",
        const="",
        metavar="SEED",
        help="make faults on purpose: cluster gone, wifi gone, slow, frozen, wrong exit status, "
        "hang, terminal resized; the same seed gives the same ones. Without --live, recordings "
        "stand in for what would run",
    )
    _add_stage_options(rehearse)
    add_plan_options(rehearse)
    add_practice_options(rehearse)
    rehearse.set_defaults(module="rehearse")


def _add_resume(commands: Commands) -> None:
    resume = commands.add_parser(
        "resume", help="come back to the slide, step and timer of the talk that was interrupted"
    )
    _add_deck(resume)
    _add_modes(resume)
    resume.add_argument("--theme", metavar="NAME", help="dark, light or contrast")
    resume.set_defaults(module="resume")


def _add_trust(commands: Commands) -> None:
    trust = commands.add_parser(
        "trust", help="show what a deck may run or contact, and say yes to it"
    )
    _add_deck(trust)
    what = trust.add_mutually_exclusive_group()
    what.add_argument("--yes", action="store_true", help="say yes without being asked")
    what.add_argument("--list", action="store_true", help="print the decks that are trusted")
    revoke = what.add_argument("--revoke", metavar="DECK", help="trust a deck no more")
    revoke.complete = DECK_FILES  # type: ignore[attr-defined]
    trust.set_defaults(module="trust")


def _add_attach(commands: Commands) -> None:
    attach = commands.add_parser(
        "attach", help="the speaker's own screen, in a second terminal, for the talk that runs"
    )
    _add_deck(attach)
    attach.set_defaults(module="attach")


def _add_play(commands: Commands) -> None:
    play = commands.add_parser("play", help="play a terminal recording (asciicast v1, v2 or v3)")
    cast = play.add_argument("cast", metavar="CAST", help="a .cast file, also .json or .gz")
    cast.complete = CAST_FILES  # type: ignore[attr-defined]
    play.add_argument("--speed", type=_speed, default=1.0, help="from 0.25 to 16 (default 1)")
    play.add_argument(
        "--idle-limit",
        type=_seconds,
        metavar="SECONDS",
        help="no pause lasts longer than this (default: what the recording says)",
    )
    play.add_argument("--theme", metavar="NAME", help="dark, light or contrast")
    play.set_defaults(module="play")


def _add_outline(commands: Commands) -> None:
    outline = commands.add_parser(
        "outline", help="print a deck's slides, notes, demos and problems"
    )
    _add_deck(outline, required=True)
    outline.add_argument("--json", action="store_true", help="as JSON, with every place")
    outline.set_defaults(module="outline")


def _add_shot(commands: Commands) -> None:
    shot = commands.add_parser("shot", help="write a picture of a slide: .svg, .png or .txt")
    _add_deck(shot, required=True)
    shot.add_argument("--slide", metavar="ID", help="the slide's id or number (default: the first)")
    shot.add_argument(
        "--step",
        type=_count,
        metavar="N",
        help="after N presses on the slide (default: after all of them)",
    )
    shot.add_argument("--size", default="80x24", metavar="COLSxROWS", help="default 80x24")
    shot.add_argument("--theme", metavar="NAME", help="dark, light or contrast")
    shot.add_argument("-o", "--output", required=True, metavar="FILE", help="FILE.svg|.png|.txt")
    shot.set_defaults(module="shot")


def _add_transcribe(commands: Commands) -> None:
    transcribe = commands.add_parser(
        "transcribe",
        help="make recordings from the transcripts in a deck, marked as transcribed",
    )
    _add_deck(transcribe, required=True)
    transcribe.add_argument(
        "--origin", required=True, help="where the transcripts come from, kept in the recordings"
    )
    transcribe.add_argument(
        "-o", "--output", metavar="FOLDER", help="default: the deck's own folder of recordings"
    )
    transcribe.set_defaults(module="transcribe")


def _add_check(commands: Commands) -> None:
    check = commands.add_parser(
        "check", help="go or no-go: whether a talk can be given here and now (status 1: no-go)"
    )
    _add_deck(check, required=True)
    check.add_argument("--json", action="store_true", help="as JSON")
    check.add_argument(
        "--static", action="store_true", help="run nothing and contact nobody; needs no trust"
    )
    _trust(check)
    check.add_argument(
        "--watch",
        type=_seconds,
        metavar="SECONDS",
        help="measure how long answers stay away for as long as this (default 3)",
    )
    check.set_defaults(module="check")


def _add_world(commands: Commands) -> None:
    words = {
        "setup": "bring the world to the talk's start: run the commands of the deck's `setup`",
        "reset": "bring the world back: run the commands of the deck's `reset`",
    }
    for what, told in words.items():
        world = commands.add_parser(what, help=told)
        _add_deck(world, required=True)
        _trust(world)
        world.set_defaults(module="world", what=what)


def _add_record(commands: Commands) -> None:
    record = commands.add_parser(
        "record", help="run the demos of a deck live, unattended, and keep their recordings"
    )
    _add_deck(record, required=True)
    record.add_argument(
        "demos", nargs="*", metavar="DEMO", help="their names (default: all that can run)"
    )
    record.add_argument(
        "--note",
        default="recorded unattended",
        metavar="WORDS",
        help="on the environment, kept in the recordings",
    )
    _trust(record)
    record.set_defaults(module="record")


def _add_verify(commands: Commands) -> None:
    verify = commands.add_parser(
        "verify",
        help="run the demos of a deck live, unattended, and compare them with their recordings "
        "(status 1: not the same)",
    )
    _add_deck(verify, required=True)
    verify.add_argument(
        "demos", nargs="*", metavar="DEMO", help="their names (default: all that can run)"
    )
    verify.add_argument(
        "--accept", action="store_true", help="record anew what is not the same and ran well"
    )
    verify.add_argument("--json", action="store_true", help="as JSON")
    verify.add_argument(
        "--junit", metavar="FILE", help="write JUnit XML, a test case for each step"
    )
    _trust(verify)
    verify.set_defaults(module="verify")


def _add_takes(commands: Commands) -> None:
    takes = commands.add_parser(
        "takes", help="list the recordings of a deck and the ones before them; bring one back"
    )
    _add_deck(takes, required=True)
    takes.add_argument("demo", nargs="?", metavar="DEMO", help="its name (default: all)")
    what = takes.add_mutually_exclusive_group()
    what.add_argument(
        "--restore", type=_count, metavar="N", help="make take N the demo's recording again"
    )
    what.add_argument(
        "--compare", type=_count, metavar="N", help="what differs from take N (status 1)"
    )
    what.add_argument("--play", type=_count, metavar="N", help="play take N")
    what.add_argument("--json", action="store_true", help="list them as JSON")
    takes.set_defaults(module="takes")


def _add_lab(commands: Commands) -> None:
    lab = commands.add_parser(
        "lab", help="real Kubernetes and Istio on this machine, with simulated nodes (Linux)"
    )
    lab.add_argument(
        "what",
        choices=("up", "down", "status", "env", "build"),
        help="start one (building what is missing), stop and remove it, what runs, the variables "
        "of the environment for it, build alone",
    )
    lab.add_argument(
        "--only",
        choices=("kubernetes", "istio"),
        help="of `up` and `build`: without the parts that come after this one",
    )
    lab.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="of the lab (default: a temporary one)"
    )
    lab.set_defaults(module="lab")
