"""`presenter takes DECK [DEMO]`: the recordings of a deck, and the ones before them."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from presenter.cli.printed import print_json
from presenter.deck.deck import Deck, open_deck
from presenter.errors import UsageError
from presenter.samples import find_deck
from presenter.terminal.text import safe_text


def run(options: argparse.Namespace) -> int:
    """1 where a comparison has found a difference."""
    wanted = [one for one in (options.restore, options.compare, options.play) if one is not None]
    if wanted and options.demo is None:
        raise UsageError("--restore, --compare and --play are for one demo", "name it")
    path = find_deck(options.deck)
    if options.play is not None:
        return _play(path, options.demo, options.play)
    from presenter.ui.plain import speak_plainly

    deck = open_deck(path)
    if not options.json:
        speak_plainly()
    if options.restore is not None:
        return _restore(deck, options.demo, options.restore)
    if options.compare is not None:
        return _compare(deck, options.demo, options.compare)
    return _list(deck, options.demo, as_json=options.json)


def _list(deck: Deck, demo: str | None, *, as_json: bool) -> int:
    from presenter.wiring.takes import takes_of

    found = list(takes_of(deck, (demo,) if demo else ()))
    if as_json:
        print_json([asdict(one) | {"path": str(one.path)} for one in found])
        return 0
    for one in found:
        told = f"{one.steps} of {one.of} steps  {one.seconds:6.1f} s  {one.source:<11} {one.date}"
        what = f"cannot be played: {one.trouble}" if one.trouble else told
        note = f"  {one.note}" if one.note else ""
        _say(f"{one.demo} {one.number or 'now'}  {what}{note}")
    return 0


def _restore(deck: Deck, demo: str, number: int) -> int:
    from presenter.wiring.takes import restore

    path = restore(deck, demo, number)
    _say(f"take {number} of {demo} is its recording again: {path} (the one before is take 1)")
    return 0


def _compare(deck: Deck, demo: str, number: int) -> int:
    from presenter.wiring.takes import compare

    different = False
    for step, command, diff in compare(deck, demo, number):
        different = different or bool(diff)
        _say(f"{'✗' if diff else '✓'} {demo} {step + 1}  {' ⏎ '.join(command.splitlines())}")
        for line in diff:
            _say(f"    {line}")
    return int(different)


def _play(path: Path, demo: str, number: int) -> int:
    from presenter.live.supervisor import supervise
    from presenter.wiring.takes import find_take

    _, _, take = find_take(open_deck(path), demo, number)

    def play() -> int:
        from presenter.wiring.playing import play

        return play(take, speed=1.0, idle_limit=None, theme=None)

    return supervise(play)


def _say(line: str) -> None:
    sys.stdout.write(f"{safe_text(line)}\n")
