"""`presenter verify DECK [DEMO…]`: do the demos still show what was recorded of them?"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.cli.printed import print_json
from presenter.deck.deck import open_deck
from presenter.errors import PresenterError
from presenter.samples import find_deck
from presenter.terminal.text import safe_text

if TYPE_CHECKING:
    from presenter.wiring.verifying import Verdict

_MARKS = {"same": "✓", "accepted": "✓"}


def run(options: argparse.Namespace) -> int:
    """1 where a recording is not of its command, or a live run does not show the same."""
    from presenter.live.supervisor import supervise
    from presenter.ui.plain import speak_plainly

    if not options.json:
        speak_plainly()
    deck = find_deck(options.deck)
    return supervise(lambda: _verify(deck, options))


def _verify(path: Path, options: argparse.Namespace) -> int:
    from presenter.wiring.trusting import decide_trust
    from presenter.wiring.verifying import verify

    deck = open_deck(path)
    asks = not options.json and sys.stdin.isatty() and sys.stdout.isatty()
    trusted = decide_trust(deck, ask=asks, assume_yes=options.trust)
    if trusted is None:
        raise PresenterError(f"{deck.path}: is not trusted", "say yes with --trust")
    tell = (lambda _verdict: None) if options.json else _say
    found = asyncio.run(verify(deck, options.demos, trusted, tell, accept=options.accept))
    if options.json:
        print_json([asdict(verdict) for verdict in found])
    if options.junit is not None:
        _write_junit(options.junit, str(deck.path), found)
    return int(not all(verdict.good for verdict in found))


def _say(verdict: Verdict) -> None:
    mark = _MARKS.get(verdict.result, "✗")
    command = " ⏎ ".join(verdict.command.splitlines())
    why = f": {verdict.why}" if verdict.why else ""
    line = f"{mark} {verdict.demo} {verdict.step + 1}  {verdict.result}{why}  {command}"
    lines = [line, *(f"    {one}" for one in verdict.diff)]
    sys.stdout.write("\n".join(map(safe_text, lines)) + "\n")
    sys.stdout.flush()


def _write_junit(path: str, deck: str, found: Iterable[Verdict]) -> None:
    """As machines that build read it: a test case for each step."""
    from xml.etree import ElementTree as Xml

    verdicts = list(found)
    failures = sum(not one.good for one in verdicts)
    suite = Xml.Element(
        "testsuite", name=deck, tests=str(len(verdicts)), failures=str(failures), errors="0"
    )
    for one in verdicts:
        name = f"{one.step + 1} {_plain(one.command)}"
        case = Xml.SubElement(
            suite, "testcase", classname=one.demo, name=name, time=f"{one.seconds:.3f}"
        )
        if not one.good:
            failure = Xml.SubElement(case, "failure", message=_plain(one.why or one.result))
            failure.text = "\n".join(map(_plain, (one.place, *one.diff)))
    Xml.indent(suite)
    text = Xml.tostring(suite, encoding="unicode", xml_declaration=True)
    Path(path).write_text(f"{text}\n", "utf-8")


def _plain(text: str) -> str:
    """What may stand in XML."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
