"""The command line of what comes before and after a talk: past talks, questions, reports."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]
    Parser = argparse.ArgumentParser


def add_plan_options(parser: Parser) -> None:
    """For a talk and a rehearsal of it."""
    parser.add_argument(
        "--target",
        type=_duration,
        metavar="TIME",
        help="spread the plan anew over this time, such as 30m, by notes, demos and past times",
    )
    parser.add_argument(
        "--cut", default="", metavar="TIME", help="a shorter version of the deck's (`cuts`: 20m)"
    )


def add_practice_options(parser: Parser) -> None:
    """For a rehearsal alone."""
    parser.add_argument(
        "--marks",
        type=_durations,
        default=(),
        metavar="TIMES",
        help="minutes to look at, such as 10m,20m: where you are then, and where the plan is",
    )
    parser.add_argument(
        "--plan", action="store_true", help="print the plan, and what to cut where it cannot fit"
    )
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="at the end, a picture of it beside the plan and others: FILE.svg|.png|.txt",
    )
    parser.add_argument(
        "--auto",
        action="store_true",
        help="the talk presses its key by itself, at the plan's pace, and ends at its end",
    )
    parser.add_argument(
        "--loop", action="store_true", help="with --auto: from the start again, until you quit"
    )


def _duration(text: str) -> float:
    from presenter.deck.text import seconds

    found = seconds(text)
    if found is None or not 1 <= found <= 86_400:
        raise argparse.ArgumentTypeError(f"{text}: a time such as 45m or 1h30m")
    return found


def _durations(text: str) -> tuple[float, ...]:
    return tuple(sorted(_duration(one) for one in text.split(",")))


def add_talk_commands(commands: Commands) -> None:
    """What looks at the talks and rehearsals that there are."""
    for add in (add_rehearsals, add_questions, add_talks, add_report):
        add(commands)


def add_rehearsals(commands: Commands) -> None:
    parser = commands.add_parser(
        "rehearsals", help="compare all rehearsals and talks of a deck: times by slide and demo"
    )
    _deck(parser, required=True)
    parser.add_argument(
        "--last", type=int, default=5, metavar="N", help="as columns, the last N (default 5)"
    )
    parser.add_argument(
        "--run",
        type=int,
        metavar="N",
        help="compare number N of the list, with those before it (default: the newest)",
    )
    _picture(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(module="rehearsals")


def add_questions(commands: Commands) -> None:
    parser = commands.add_parser(
        "questions",
        help="the questions of all talks: which come up where and how often, which have no answer",
    )
    _deck(parser)
    _journals(parser)
    parser.add_argument("--open", action="store_true", help="those without an answer only")
    _picture(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(module="questions")


def add_report(commands: Commands) -> None:
    parser = commands.add_parser(
        "report", help="a trip report from a talk's journal, in Markdown or HTML"
    )
    _deck(parser)
    parser.add_argument(
        "--talk", metavar="TALK", help="which, as `presenter talks` names it (default: the newest)"
    )
    parser.add_argument("--journal", type=Path, metavar="FILE", help="of a talk kept elsewhere")
    parser.add_argument(
        "--ask", action="store_true", help="ask for what the journal does not know, and keep it"
    )
    parser.add_argument("--html", action="store_true", help="as a page of HTML")
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help="yours, in place of the program's"
    )
    parser.add_argument(
        "--print-template", action="store_true", help="print the program's, to be edited"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: print it")
    _force(parser)
    parser.set_defaults(module="report")


def add_talks(commands: Commands) -> None:
    parser = commands.add_parser(
        "talks", help="list talks and rehearsals; export, import, anonymise and delete them"
    )
    _deck(parser)
    parser.add_argument(
        "--talk",
        action="append",
        default=[],
        metavar="TALK",
        help="only this one, by its name in the list or its beginning; may be given again",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="list them as JSON")
    what.add_argument(
        "--export", type=Path, metavar="FILE", help="write them to one file, for another machine"
    )
    what.add_argument(
        "--import", type=Path, dest="take", metavar="FILE", help="take the talks of such a file"
    )
    what.add_argument("--delete", action="store_true", help="delete them; asks first")
    parser.add_argument(
        "--anonymise",
        action="store_true",
        help="take out who, where, when and what people said: of the talks themselves, or with "
        "--export of the copies alone",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before deleting")
    _force(parser)
    parser.set_defaults(module="talks")


def _force(parser: Parser) -> None:
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def _deck(parser: Parser, *, required: bool = False) -> None:
    deck = parser.add_argument(
        "deck",
        nargs=None if required else "?",
        metavar="DECK",
        help="a Markdown file, or the name of a sample talk (default: all decks)",
    )
    deck.complete = "deck"  # type: ignore[attr-defined]


def _journals(parser: Parser) -> None:
    parser.add_argument(
        "--journals", type=Path, metavar="FOLDER", help="journals kept elsewhere, in place of yours"
    )


def _picture(parser: Parser) -> None:
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="write a picture: FILE.svg|.png|.txt"
    )
    parser.add_argument("--theme", metavar="NAME", help="of the picture: dark, light or contrast")
