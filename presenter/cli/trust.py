"""`presenter trust DECK`: show what a deck may run or contact, ask, and remember a yes to it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.deck.trust import fingerprint, visible
from presenter.demo.truststore import TrustStore
from presenter.errors import PresenterError, UsageError
from presenter.samples import find_deck
from presenter.terminal.text import complain


def run(options: argparse.Namespace) -> int:
    """Ask about a deck, list the trusted ones, or forget one; 1 where a deck is not trusted."""
    if options.deck and (options.list or options.revoke is not None):
        raise UsageError("--list and --revoke go without another DECK")
    if options.list:
        return _list()
    if options.revoke is not None:
        return _revoke(options.revoke)
    if not options.deck:
        raise UsageError("DECK is missing", "`presenter trust --list` prints the trusted ones")
    return _trust(options.deck, yes=options.yes)


def _trust(name: str, *, yes: bool) -> int:
    from presenter.ui.curtain import need_terminal
    from presenter.wiring.trusting import ask_about, remember, show

    told = fingerprint(open_deck(find_deck(name)))
    store = TrustStore()
    if told.runs_nothing:
        _say(f"{visible(told.path)} runs and contacts nothing.")
        return 0
    if not told.digest:
        show(told, store)
        raise PresenterError(f"{told.path}: cannot be trusted: {told.problem}")
    if store.is_trusted(told):
        show(told, store)
        found = store.find(told.path)
        _say(f"Trusted since {visible(found.when)}." if found is not None else "Trusted.")
        return 0
    if not yes:
        try:
            need_terminal()
        except PresenterError as error:
            show(told, store)
            raise PresenterError(error.message, "`--yes` says yes without a question") from error
        if not ask_about(told, store):
            _say("Not trusted: its demos show their recordings.")
            return 1
    remember(told, store)
    _say(f"Trusted: {visible(told.path)}")
    return 0


def _list() -> int:
    store = TrustStore()
    for entry in store.entries():
        gone = "" if Path(entry.path).is_file() else "  (not there any more)"
        _say(f"{visible(entry.when)}  {visible(entry.path)}{gone}")
    if store.problem:
        complain(f"presenter: {store.problem}")
    return int(bool(store.problem))


def _revoke(name: str) -> int:
    store = TrustStore()
    here = Path(name).resolve()
    path = here if store.find(str(here)) else find_deck(name).resolve()
    if not store.revoke(str(path)):
        raise PresenterError(
            f"{path}: is not trusted", "`presenter trust --list` prints the trusted ones"
        )
    _say(f"Not trusted any more: {visible(str(path))}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
