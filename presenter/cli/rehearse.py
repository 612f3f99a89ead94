"""`presenter rehearse [DECK]`: practise a talk, with faults where that is wanted."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from presenter.cli.pictures import check_kind
from presenter.errors import PresenterError, UsageError
from presenter.live.supervisor import supervise
from presenter.samples import find_deck
from presenter.talk.wish import Wish
from presenter.terminal.text import safe_text
from presenter.wiring.rehearsal import Rehearsal

SEEDS = 10_000
"""So many different drills are offered; any whole number of the speaker's will do."""

LONGEST_SEED = 18
"""Digits."""


def run(options: argparse.Namespace) -> int:
    """Rehearse the deck; the status of its end."""
    deck, seed = _told(options.deck, options.drill)
    rehearsal = Rehearsal(
        live=options.live, keep=options.keep, seed=seed, auto=options.auto, again=options.loop
    )
    if options.loop and not options.auto:
        raise UsageError("--loop is of use with --auto only")
    if options.keep and (not options.live or seed is not None):
        raise UsageError("--keep is of use with --live only, and without --drill")
    if options.trust and not options.live:
        raise UsageError("--trust is of use with --live only", "else nothing of the deck runs")
    if options.plan:
        return _print_plan(deck, _wish(options))
    if options.picture is not None:
        check_kind(options.picture)
    return supervise(lambda: _rehearse(deck, options, rehearsal))


def _draw(deck: Path, options: argparse.Namespace) -> None:
    """The picture of it: where the speaker wants it, else beside its journal."""
    from presenter.cli.rehearsals import draw  # when it is over

    try:
        drawn = draw(deck, options.picture, options.theme)
    except PresenterError:
        if options.picture is not None:
            raise
        return  # the state directory takes nothing, which was said when the rehearsal began
    if drawn is not None and options.picture is None:
        sys.stdout.write(f"a picture of it: {safe_text(str(drawn))}\n")


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(options.target, options.cut, options.marks, bar=True)


def _print_plan(deck: str | None, wish: Wish) -> int:
    from presenter.deck.deck import open_deck
    from presenter.ui.plain import speak_plainly
    from presenter.wiring.pacing import plan_lines

    speak_plainly()
    for line in plan_lines(open_deck(find_deck(deck)), wish):
        sys.stdout.write(f"{safe_text(line)}\n")
    return 0


def _told(deck: str | None, drill: str | None) -> tuple[str | None, int | None]:
    """The deck and the seed; `--drill DECK` names a deck, for a seed is a number."""
    if drill is None:
        return deck, None
    if drill.isascii() and drill.isdecimal():
        if len(drill) > LONGEST_SEED:
            raise UsageError(f"--drill {drill}: a seed has at most {LONGEST_SEED} digits")
        return deck, int(drill)
    if drill and deck is not None:
        raise UsageError(f"--drill {drill}: a seed is a whole number", "as in `--drill 7`")
    return drill or deck, secrets.randbelow(SEEDS)


def _rehearse(deck: str | None, options: argparse.Namespace, rehearsal: Rehearsal) -> int:
    from presenter.wiring.opening import present

    status = present(
        find_deck(deck),
        slide=options.slide,
        theme=options.theme,
        watch=options.watch,
        speed=options.speed,
        mode=rehearsal.mode,
        trust=options.trust,
        rehearsal=rehearsal,
        wish=_wish(options),
    )
    if status == 0:
        _draw(find_deck(deck), options)
    return status
