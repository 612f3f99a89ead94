"""`presenter setup DECK` and `presenter reset DECK`: bring the world to its start, and back."""

from __future__ import annotations

import argparse
import asyncio
import sys

from presenter.deck.deck import open_deck
from presenter.errors import PresenterError
from presenter.samples import find_deck
from presenter.terminal.text import safe_text


def run(options: argparse.Namespace) -> int:
    """1 where the world is not as `start` says afterwards."""
    from presenter.live.supervisor import supervise
    from presenter.ui.plain import speak_plainly

    speak_plainly()
    return supervise(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    from presenter.wiring.trusting import decide_trust
    from presenter.wiring.world import commands_of, look, run_all, settled

    deck, what = open_deck(find_deck(options.deck)), options.what
    commands = commands_of(deck, what)
    if not commands and not deck.meta.extra.get("start"):
        raise PresenterError(f"{deck.path}: its front matter has no `{what}`, and no `start`")
    for command in commands:
        _say(f"{what}: {command}")
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if decide_trust(deck, ask=asks, assume_yes=options.trust) is None:
        raise PresenterError(f"{deck.path}: is not trusted", "say yes with --trust")
    before = asyncio.run(look(deck))
    if what == "setup" and before.findings and not before.wrong:
        _say("the world is as the talk begins: nothing to do")
        return 0
    run_all(deck, commands, _say)
    after = asyncio.run(settled(deck))
    for words in after.wrong:
        _say(f"✗ {words}")
    if after.findings and not after.wrong:
        _say("✓ the world is as the talk begins")
    return int(bool(after.wrong))


def _say(line: str) -> None:
    sys.stdout.write(f"{safe_text(line)}\n")
    sys.stdout.flush()
