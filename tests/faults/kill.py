"""The end of the interface at random moments, in every way, with children that want to outlive it.

For a kill: the terminal is as before, no child is left after a second, `resume` is back within
2 s at the exact place. Each trial is a talk of its own in a real terminal.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.ending import STATUS, Talk, last_session, talk
from tests.e2e.test_attach import asked_and_killed
from tests.faults.table import Row

CHILD_SECONDS = 1.0
RESUME_SECONDS = 2.0
KEYS = ("pagedown", "pagedown", "pagedown", "n", "p", "left")


@dataclass
class Outcome:
    """What became of the trials of one way to end."""

    tried: int = 0
    restored: int = 0
    statuses: int = 0
    """Those with the conventional status."""
    left: int = 0
    """Processes after CHILD_SECONDS."""
    processes: list[int] = field(default_factory=list)
    """How many a talk had when it ended."""
    ended: list[float] = field(default_factory=list)
    """Seconds from the fault to the end of all."""
    resumed: list[float] = field(default_factory=list)
    exact: int = 0


def rows(full: bool) -> Iterator[Row]:
    """The table's rows: kill -9, and the other ways to end."""
    outcome = Outcome()
    for number in range(200 if full else 10):
        with tempfile.TemporaryDirectory() as folder:
            _kill(random.Random(number), Path(folder), outcome)
    n = outcome.tried
    yield Row(
        "kill -9 of the interface at random moments", n,
        "terminal restored, no child after 1 s, resume within 2 s at the exact position",
        f"{_ends(outcome)}; resume {statistics.median(outcome.resumed):.2f} s median, "
        f"{max(outcome.resumed):.2f} s max; position exact {outcome.exact}/{len(outcome.resumed)}",
        ok=outcome.restored == outcome.statuses == n
        and not outcome.left
        and outcome.exact == len(outcome.resumed)
        and max(outcome.resumed) <= RESUME_SECONDS,
    )  # fmt: skip
    yield _questions(50 if full else 3)
    for how in ("SIGTERM", "SIGHUP", "SIGINT", "exception"):
        outcome = Outcome()
        for number in range(20 if full else 2):
            with tempfile.TemporaryDirectory() as folder:
                given = talk(Path(folder), crash=how == "exception")
                with given as one:
                    one.run_all()
                    one.console.press("ctrl+]")  # out of the pane of the editor
                    _pass(one, random.Random(number).uniform(0, 0.5))
                    _end(one, how, outcome)
        n = outcome.tried
        yield Row(
            how, n, "terminal restored, conventional status, no child left",
            _ends(outcome), ok=outcome.restored == outcome.statuses == n and not outcome.left,
        )  # fmt: skip


def _questions(count: int) -> Row:
    """Written down on the speaker's screen; the talk is killed at any moment after that."""
    kept = 0
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            after = random.Random(number).uniform(0, 0.2)
            asked = asked_and_killed(Path(folder), f"question {number}", after=after)
            kept += asked.kept == [f"question {number}"]
    return Row(
        "kill -9 just after a question was written down", count, "no question lost",
        f"kept, once each: {kept}/{count}", ok=kept == count,
    )  # fmt: skip


def _ends(outcome: Outcome) -> str:
    n = outcome.tried
    return (
        f"restored {outcome.restored}/{n}; status {outcome.statuses}/{n}; children left "
        f"{outcome.left} of {sum(outcome.processes)}, all gone after "
        f"{statistics.median(outcome.ended):.2f} s median, {max(outcome.ended):.2f} s max"
    )


def _kill(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    with talk(folder) as given:
        given.console.wait(lambda: given.slide() is not None, "a slide")
        until = time.monotonic() + chance.uniform(0, 4)
        while time.monotonic() < until:
            given.console.press(chance.choice(KEYS))
            _pass(given, chance.uniform(0, 0.3))
        _end(given, "kill", outcome)
        shown = _last_shown(given)
    before = last_session(folder)
    if before is None:
        return  # killed before the talk began: there is nothing to come back to
    with talk(folder, "resume") as again:
        again.console.wait(lambda: again.slide() == before.position.slide, "the slide")
        again.console.wait(lambda: again.started, "the application")
        outcome.resumed.append(time.monotonic() - again.console.started)
        again.end("SIGTERM")
        again.console.wait_end()
    after = last_session(folder)
    # A key's event is written before it is drawn: what was shown may be one key behind.
    seen = shown is None or abs(shown - before.position.slide) <= 1
    outcome.exact += after is not None and after.position == before.position and seen


def _last_shown(given: Talk) -> int | None:
    found = re.findall(rb"(\d) / 5", bytes(given.console.received))
    return int(found[-1]) - 1 if found else None


def _pass(given: Talk, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        given.console.read(left)


def _end(given: Talk, how: str, outcome: Outcome) -> None:
    outcome.tried += 1
    outcome.processes.append(len(given.living()))
    began = time.monotonic()
    given.end(how)
    status = given.console.wait_end()
    outcome.ended.append(time.monotonic() - began)
    _pass(given, began + CHILD_SECONDS - time.monotonic())
    outcome.left += len(given.living())
    outcome.statuses += status == STATUS[how]
    outcome.restored += given.console.restored()
