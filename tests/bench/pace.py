"""Two real minutes of a talk that plays by itself: how far its times are off the plan.

`python -m tests.bench.pace [--seconds 120]`: the installed command in a PTY, six slides with a
demo each. What the journal says is compared with the plan, and with this process's own clock, which
looks at the journal as it grows. Status 1: something is off by more than 200 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.demo.store import read_journal
from presenter.recording.transcribe import transcribe_deck
from presenter.talk import events as e
from presenter.talk.history import record_of
from tests.console import Console, presenter_command
from tests.e2e.stubs import environment

SLIDES = 6
MOST = 0.2
"""Seconds that a time may be off."""


def write(folder: Path, seconds: float) -> Path:
    """A deck of that length, with recordings."""
    slides = [
        f"# Slide {n}\n\n```console +demo:d{n}\n$ echo {n}\n{n}\n```\n\nwords\n"
        for n in range(SLIDES)
    ]
    path = folder / "pace.md"
    head = f"---\ntitle: Pace\nduration: {seconds:.0f}s\n---\n\n"
    path.write_text(head + "\n---\n\n".join(slides))
    transcribe_deck(open_deck(path), folder / "recordings" / "pace", "a bench")
    return path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        deck = write(folder, options.seconds)
        seen = _play(folder, deck, options.seconds)
        (journal,) = (folder / "state").rglob("journals/*/*.jsonl")
        stamped = read_journal(journal).stamped
    return _compare(stamped, seen)


def _play(folder: Path, deck: Path, seconds: float) -> dict[str, float]:
    """When this process saw each slide come, by its own clock."""
    argv = [presenter_command(), "rehearse", str(deck), "--auto"]
    seen: dict[str, float] = {}
    with Console(argv, columns=100, rows=30, env=environment(folder), cwd=folder) as console:
        end = time.monotonic() + seconds + 60
        while len(seen) < SLIDES and time.monotonic() < end:
            console.read(0.01)
            text = console.text()
            for n in range(SLIDES):
                if f"Slide {n}" in text:
                    seen.setdefault(f"slide-{n}", time.monotonic())
        console.wait_end(seconds)
    return seen


def _compare(stamped: tuple[e.Stamped, ...], seen: dict[str, float]) -> int:
    record = record_of(stamped)
    plan = record.plan
    assert plan is not None
    worst = 0.0
    sys.stdout.write("slide        plan s   journal s  off ms  seen here, off ms\n")
    start = seen[plan.ids[1]]
    meant = 0.0
    for slide_id, share in zip(plan.ids[1:], plan.seconds[1:], strict=True):
        off = record.slides[slide_id] - share
        here = seen[slide_id] - start - meant
        worst = max(worst, abs(off), abs(here))
        meant += share
        sys.stdout.write(
            f"{slide_id:<10} {share:8.3f} {record.slides[slide_id]:11.3f}"
            f" {off * 1000:7.1f} {here * 1000:10.1f}\n"
        )
    assert record.seconds is not None
    whole = record.seconds - sum(plan.seconds)
    worst = max(worst, abs(whole))
    sys.stdout.write(f"the whole  {sum(plan.seconds):8.3f} {record.seconds:11.3f}"
                     f" {whole * 1000:7.1f}\nworst: {worst * 1000:.1f} ms\n")  # fmt: skip
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
