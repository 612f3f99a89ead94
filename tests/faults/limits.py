"""Many inputs in a process of their own that is held to 2 s and 200 MB for each.

    python -m tests.faults.limits MODULE FUNCTION FIRST COUNT PROGRESS

The function takes the input's `Chance` and an empty folder, and may raise nothing but
PresenterError. A module with `SECONDS` has that limit instead.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from presenter.errors import PresenterError
from tests.material import ROOT

SECONDS = 2.0
"""Of the processor, for one input."""
MEGABYTES = 200
"""More than a process has that did nothing yet."""
PATIENCE = 3600.0
"""A bound on all inputs of a kind together."""
MOST_DEATHS = 5

WALL_SECONDS = 20.0
"""Longer than this no input may take, though it waits for something."""


class Chance(random.Random):
    """The chances of one input; the same for the same number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


Trial = Callable[[Chance, Path], None]


@dataclass
class Outcome:
    """What became of the inputs of one kind."""

    tried: int = 0
    refused: int = 0
    """With an error of ours."""
    worst: float = 0.0
    """Seconds of the processor."""
    megabytes: float = 0.0
    """By which the process has grown at most, after the first inputs."""
    failures: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.tried += other.tried
        self.refused += other.refused
        self.worst = max(self.worst, other.worst)
        self.megabytes = max(self.megabytes, other.megabytes)
        self.failures += other.failures

    @property
    def held(self) -> bool:
        return not self.failures and self.worst <= SECONDS and self.megabytes <= MEGABYTES

    def __str__(self) -> str:
        words = f"{len(self.failures)} failures, {self.refused} refused, "
        words += f"worst {self.worst * 1000:.0f} ms, +{self.megabytes:.0f} MB"
        return "; ".join([words, *self.failures[:3]])


def try_all(trial: Trial, count: int, first: int = 0) -> Outcome:
    """Try inputs `first` … in a child; an input that ends the child is a failure, and the last."""
    outcome, at, end = Outcome(), first, first + count
    with tempfile.TemporaryDirectory() as folder:
        progress = Path(folder) / "at"
        while at < end:
            progress.write_text(str(at))
            argv = [trial.__module__, trial.__name__, str(at), str(end - at), str(progress)]
            done = subprocess.run(
                [sys.executable, "-m", "tests.faults.limits", *argv],
                cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            if done.returncode == 0:
                outcome.add(Outcome(**json.loads(done.stdout)))
                break
            number = int(progress.read_text())
            reason = done.stderr.strip().splitlines()[-1:] or [""]
            died = f"input {number} ended the process: {done.returncode} {reason[0]}"
            outcome.add(Outcome(tried=number + 1 - at, failures=[died]))
            at = number + 1
            if len(outcome.failures) >= MOST_DEATHS:
                break
    return outcome


def main(module: str, function: str, first: int, count: int, progress: Path) -> int:
    home = importlib.import_module(module)
    trial: Trial = getattr(home, function)
    seconds = getattr(home, "SECONDS", SECONDS)
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, progress.open("r+b", buffering=0) as at:
        for number in range(-20, 0):  # what is loaded once does not count
            _one(trial, number, Path(folder), Outcome())
        before = _most_memory()
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limit = size + 2 * MEGABYTES * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        for number in range(first, first + count):
            os.pwrite(at.fileno(), f"{number:<20}".encode(), 0)
            signal.setitimer(signal.ITIMER_PROF, seconds)  # they end the process
            signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
            _one(trial, number, Path(folder), outcome)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        outcome.megabytes = _most_memory() - before
    sys.stdout.write(json.dumps(vars(outcome)))
    return 0


def _one(trial: Trial, number: int, folder: Path, outcome: Outcome) -> None:
    place = folder / "input"
    place.mkdir()
    began = time.process_time()
    try:
        trial(Chance(number), place)
    except PresenterError:
        outcome.refused += 1
    except Exception as error:  # noqa: BLE001 — this is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        outcome.failures.append(f"input {number}: {type(error).__name__}: {error} at {where}"[:300])
    outcome.tried += 1
    outcome.worst = max(outcome.worst, time.process_time() - began)
    shutil.rmtree(place)


def _most_memory() -> float:
    """Megabytes that the process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    module, function, first, count, at = sys.argv[1:]
    sys.exit(main(module, function, int(first), int(count), Path(at)))
