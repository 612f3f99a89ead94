"""Rehearsals of Istio 101 that nobody has held, for pictures and for looking at what compares them.

`python -m tests.talk.rehearsed FOLDER` writes their journals into that state directory.
"""

from __future__ import annotations

import sys
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.samples import find_deck
from tests.talk.talks import Talk

UNSAID = 60.0
"""Seconds for a slide to which the deck gives none."""
HELD = (
    ("2026-04-27T19:02:00+02:00", "rehearsal", (0.9, 1.5, 1.6, 1.2, 0.8, 1.7, 1.3, 1.0, 1.9), 17),
    ("2026-05-01T10:15:00+02:00", "rehearsal", (1.0, 1.2, 0.9, 1.1, 1.3, 1.0, 1.4, 0.9), 37),
    ("2026-05-03T21:40:00+02:00", "drill", (1.1, 0.9, 1.0, 1.2, 0.95, 1.0, 1.05), 37),
    ("2026-05-04T14:10:00+02:00", "rehearsal", (0.9, 1.0, 1.6, 1.0, 0.7, 1.1, 1.0, 0.95, 1.3), 37),
)
"""When, what, how much of their shares slides took by turns, and after how many it ended."""


def write(folder: Path) -> Path:
    """The journals; returns the deck."""
    deck = open_deck(find_deck("istio-101"))
    ids = [deck.slide_id(n) for n in range(len(deck))]
    titles = tuple(deck.title(n) for n in range(len(deck)))
    shares = {one: (deck.slide(n).share or UNSAID) * (n > 0) for n, one in enumerate(ids)}
    for number, (wall, purpose, pace, count) in enumerate(HELD):
        talk = Talk(*ids, deck=str(deck.path.resolve()), wall=wall, purpose=purpose)
        talk.plan(shares, deck.meta.duration or 0.0, (600.0, 1200.0, 1800.0), titles)
        for n, one in enumerate(ids[:count]):
            if n:
                talk.go(one)
            if n == 1:
                talk.start()
            demos = deck.demos(n)
            steps = [(demo.name, step) for demo in demos for step in range(len(demo.steps))]
            whole = shares[one] * pace[n % len(pace)]
            for at, (name, step) in enumerate(steps):
                fell = purpose == "drill" and (n, at) in {(15, 1), (19, 0), (22, 2)}
                hurt = number == 3 and n == 20
                rung = "live" if purpose == "drill" or number == 3 else "recording"
                lasting = whole / (len(steps) + 2)
                talk.step(
                    name, step, rung, lasting,
                    fell="recording" if fell or hurt else "",
                    reason="silent" if fell else "deadline" if hurt else "",
                )  # fmt: skip
                whole -= lasting
            if number == 3 and n == 6:
                talk.question("Does a proxy cost latency?", 75)
            talk.wait(whole)
            if number == 3 and n == 15:
                talk.go(ids[11]).wait(14).go(one).wait(20)
        if count == len(ids):
            talk.end()
        talk.write(deck.path, f"20260504T{number:06}.000000Z-{number + 1}", folder)
    return deck.path


if __name__ == "__main__":
    write(Path(sys.argv[1]))
