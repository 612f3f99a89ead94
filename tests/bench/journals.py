"""How long a thousand journals take to be listed, compared and reported on.

    python -m tests.bench.journals [NUMBER]

Gives *Istio 101* once by a simulated clock, makes NUMBER journals of it (1,000; of 45 minutes, each
at a pace of its own), and runs the commands as a user does. Prints seconds, and how that compares
with a program that only parses the lines, and with one that does not even that. Status 1: the best
of three runs of a command takes more than a second, and more than `RATIO` times the parser's.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.demo.clock import SimulatedClock
from presenter.demo.folders import STATE_VARIABLE, deck_id
from presenter.demo.hub import Hub
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.talk import events as e
from presenter.talk.commands import (
    MarkAsked,
    Next,
    NoteQuestion,
    Quit,
    TakeQuestion,
    Tell,
)
from presenter.talk.journal import encode
from presenter.talk.session import Activity
from presenter.terminal import new_emulator
from presenter.wiring.desk import deck_materials
from tests.console import presenter_command
from tests.material import ROOT

DECK = ROOT / "slides" / "istio-101.md"
BEGIN = datetime.fromisoformat("2018-03-01T09:00:00+01:00")
LENGTH = 45 * 60.0
BETWEEN = 8.0
"""Seconds between two presses."""
RUNS = 3
AGAIN = 4
"""So often both are measured anew where a command took too long."""
MOST = 1.0
"""Seconds that a command may take, from its start to its end."""
RATIO = 1.6
"""Or so many times what JSON takes: a machine that is slow or busy is so for both."""
COMMANDS = (
    ("talks",),
    ("talks", "istio-101", "--json"),
    ("rehearsals", "istio-101"),
    ("rehearsals", "istio-101", "--json"),
    ("questions",),
    ("questions", "istio-101"),
    ("report",),
    ("report", "istio-101", "--html"),
)


class Kept:
    """A journal in memory."""

    def __init__(self) -> None:
        self.stamped: list[e.Stamped] = []

    def append(self, stamped: e.Stamped) -> None:
        self.stamped.append(stamped)

    def close(self) -> None:
        """Nothing is open."""


async def give(deck: Deck) -> list[e.Stamped]:
    """The events of a whole talk: every slide and every demo, and some questions."""
    clock, kept, reports = SimulatedClock(), Kept(), Reports()
    hub = Hub(reports)
    screens = Screens(hub, new_emulator, deck.meta.grid, reports)
    runtime = Runtime(
        deck, clock, hub, screens, deck_materials(deck), kept, None, reports,
        wall=lambda: BEGIN + timedelta(seconds=clock.now()),
    )  # fmt: skip
    runtime.start(str(deck.path.resolve()), deck.hash, "0", 0)
    runtime.dispatch(Tell(e.TalkDescribed(title=deck.meta.title, duration=LENGTH)))
    ids = tuple(deck.slide_id(n) for n in range(len(deck)))
    runtime.dispatch(Tell(e.PlanMade(ids, ids, (LENGTH / len(ids),) * len(ids), LENGTH)))
    presses = 0
    while not _over(runtime, deck):
        runtime.dispatch(Next())
        presses += 1
        await clock.advance(BETWEEN)
        if presses % 40 == 0:
            runtime.dispatch(NoteQuestion(f"What comes after press {presses}?"))
            await clock.advance(30.0)
            runtime.dispatch(TakeQuestion(on=False))
    runtime.dispatch(MarkAsked("Do I need Istio to use Envoy?", answer="No."))
    await clock.advance(20.0)
    runtime.dispatch(Quit())
    runtime.close()
    return kept.stamped


def _over(runtime: Runtime, deck: Deck) -> bool:
    here = runtime.session.position
    last = here.slide == len(deck) - 1 and here.stop >= len(deck.stops(here.slide))
    active = runtime.session.lanes.get(runtime.session.active)
    return last and (active is None or active.activity is Activity.IDLE)


def make(root: Path, number: int) -> Path:
    """So many journals in a state directory; their folder."""
    deck = open_deck(DECK)
    stamped = asyncio.run(give(deck))
    stretch = LENGTH / stamped[-1].at
    folder = root / "journals" / deck_id(DECK)
    folder.mkdir(parents=True)
    for talk in range(number):
        pace = stretch * random.Random(talk).uniform(0.8, 1.2)
        begin = BEGIN + timedelta(days=talk)
        lines = (encode(_at(one, one.at * pace, begin)) for one in stamped)
        (folder / f"{begin:%Y%m%dT%H%M%S}.000000Z-1.jsonl").write_text("".join(lines))
    return folder


def _at(one: e.Stamped, seconds: float, begin: datetime) -> e.Stamped:
    """The event in a talk that began then, so many seconds after that."""
    wall = (begin + timedelta(seconds=seconds)).isoformat()
    event = one.event
    if isinstance(event, e.SessionStarted):
        event = replace(event, wall=wall)
    return e.Stamped(one.seq, round(seconds, 3), wall, event)


def took(command: Sequence[str], env: dict[str, str]) -> float:
    """Seconds of a process, the least of several runs, from its start to its end."""
    times = []
    env = {**os.environ, **env}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has been compiled
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, env=env, check=True, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return min(times)


PARSED = """
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).iterdir():
    for line in path.read_bytes().splitlines():
        json.loads(line)
"""


def main(number: int) -> int:
    slow = []
    with tempfile.TemporaryDirectory() as name:
        folder = make(Path(name), number)
        files = list(folder.iterdir())
        lines = sum(path.read_bytes().count(b"\n") for path in files)
        size = sum(path.stat().st_size for path in files)
        print(f"{number} journals, {lines} lines, {size / 1e6:.1f} MB")
        env = {STATE_VARIABLE: name, "PRESENTER_CONFIG": os.devnull}
        env["PYTHONPYCACHEPREFIX"] = str(Path(name) / "bytecode")
        parse = [sys.executable, "-c", PARSED, str(folder)]
        parsed = took(parse, env)
        read = took(["sh", "-c", 'cat "$0"/*', str(folder)], env)
        print(f"{'cat':<39} {read:6.2f} s\n{'json':<39} {parsed:6.2f} s")
        for arguments in COMMANDS:
            command = [presenter_command(), *arguments]
            seconds = took(command, env)
            for _ in range(AGAIN):
                if seconds <= max(MOST, RATIO * parsed):
                    break
                # A machine that has other things to do has them for both.
                parsed, seconds = took(parse, env), took(command, env)
            enough = max(MOST, RATIO * parsed)
            told = "" if seconds <= enough else f"  more than {enough:.2f} s"
            ratio = seconds / parsed
            print(f"presenter {' '.join(arguments):<29} {seconds:6.2f} s  json × {ratio:.2f}{told}")
            slow += [arguments] if told else []
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
