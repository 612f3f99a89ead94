"""The question whether a deck may run what is in it: asked on a plain terminal, before the talk.

What `presumed` does not need is imported where it is: it comes before the first frame.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from presenter.deck.glance import may_run
from presenter.errors import PresenterError

if TYPE_CHECKING:
    from presenter.deck.deck import Deck
    from presenter.deck.trust import Fingerprint
    from presenter.demo.truststore import TrustStore

QUESTION_ROWS = 3
"""Rows of a screen that the question takes, the last one for the answer."""


def presumed(deck: Deck) -> bool:
    """Whether there is likely nothing to ask, told in 2 ms: `decide_trust` has the last word."""
    if not may_run(deck):
        return True
    from presenter.demo.truststore import TrustStore

    return TrustStore().presumes(deck)


def decide_trust(deck: Deck, *, ask: bool, assume_yes: bool) -> Fingerprint | None:
    """What of the deck may be run; None where the user has not said yes to it.

    `ask` puts the question where it is open, on a terminal; `assume_yes` is a yes without one.
    """
    from presenter.deck.trust import fingerprint
    from presenter.demo.truststore import TrustStore
    from presenter.terminal.text import complain

    told = fingerprint(deck)
    if told.runs_nothing:
        return told
    store = TrustStore()
    if store.is_trusted(told):
        return told
    if not told.digest:
        complain(f"presenter: {told.path}: cannot be trusted: {told.problem}")
        return None
    if not assume_yes and not (ask and ask_about(told, store)):
        return None
    try:
        remember(told, store)
    except PresenterError as error:  # the yes holds for this talk
        complain(f"presenter: {error}")
    return told


def remember(told: Fingerprint, store: TrustStore) -> None:
    """Keep the yes; raises PresenterError where that cannot be done."""
    from datetime import datetime

    from presenter.terminal.text import complain

    if store.problem:  # read, and not believed: a new file takes its place
        complain(f"presenter: {store.problem}")
    store.trust(told, datetime.now().astimezone().isoformat(timespec="seconds"))


def untrusted_hint(deck: Deck) -> str:
    """What to say after a talk whose demos were not run for want of a yes."""
    from presenter.terminal.text import safe_text

    name = safe_text(str(deck.path))
    return f"{name} is not trusted: nothing of it was run (`presenter trust` shows and asks)"


def show(told: Fingerprint, store: TrustStore) -> None:
    """Print all that the deck may do."""
    from shutil import get_terminal_size

    from presenter.wiring.trustlist import listing

    columns = get_terminal_size().columns
    _write("\n".join(listing(told, store.find(told.path), columns)) + "\n\n")


def ask_about(told: Fingerprint, store: TrustStore) -> bool:
    """Show all that the deck may do, page by page, and ask; only `y` and `yes` mean yes."""
    from shutil import get_terminal_size

    from presenter.wiring.trustlist import listing, pages

    columns, rows = get_terminal_size()
    lines = listing(told, store.find(told.path), columns)
    shown = pages(lines, rows - QUESTION_ROWS)
    for number, page in enumerate(shown, 1):
        _write("\n".join(page) + "\n\n")
        if number < len(shown):
            answer = _answer(f"Page {number} of {len(shown)}. Enter: more · n: do not trust it: ")
            if answer is None or answer in ("n", "no", "q"):
                return False
    return _answer("May it run all of this, now and later? y: yes · Enter: no: ") in ("y", "yes")


def _answer(question: str) -> str | None:
    """What the user types, in lower case; None at the end of the input.

    Keys that were pressed before the question was there answer nothing.
    """
    _forget_keys()
    _write(question)
    try:
        _wait_for_line()
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return ""
    except KeyboardInterrupt:
        _write("\n")
        raise
    if not line.endswith("\n"):
        _write("\n")
    return line.strip().lower() if line else None


def _wait_for_line() -> None:
    """Wait in pieces: a Ctrl-C between the question and a blocking read would not wake the read."""
    with suppress(OSError, ValueError):  # Windows waits for sockets alone
        from select import select

        while not select([sys.stdin], [], [], 0.2)[0]:
            pass


def _forget_keys() -> None:
    with suppress(ImportError, OSError, ValueError):
        import termios

        with suppress(termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
