"""A talk under injected faults, for `modes`: what came of each, and the tally of a mode."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from presenter.talk.session import Position
from tests.console import Console
from tests.e2e.livetalk import LiveTalk

LEAST_ROWS = 4
"""A screen with fewer rows of text counts as blank: a title, a pane's frame and a line in it."""
CONTENT_SECONDS = 10.0
AFTER_SECONDS = 1.5
"""The next key comes at any moment up to so long after the fault: at times while the step falls."""
BELOW = ("recording", "transcript")
LIVE = ("live",)


class UnavailableError(Exception):
    """What a mode needs is not on this machine; the words say what."""


class _GivenUpError(Exception):
    """A talk whose trial went wrong: the rest of its steps is tried in another one."""


@dataclass
class Tally:
    """What came of the faults of one mode."""

    tried: int = 0
    stopped: int = 0
    """Talks that ended, or answered a key never."""
    kept: int = 0
    """Faults after which the talk stood where it had stood."""
    shown: int = 0
    """Faults after which the screen had its content."""
    keys: list[float] = field(default_factory=list)
    """Seconds from each key to its answer on the screen."""
    ways: list[str] = field(default_factory=list)
    """How the steps ended: the rung, and why it is not live."""
    resumed: list[float] = field(default_factory=list)
    """Seconds until a talk, or its second screen, was there again."""
    wrong: list[str] = field(default_factory=list)
    """All that went otherwise than it should, in words."""


@dataclass
class Given:
    """Where the next faults of a mode are injected: a folder for one talk, and the tally."""

    tally: Tally
    chance: random.Random
    folder: Path
    number: int
    """Of the next fault in its mode, from 0: kinds of faults take turns."""
    most: int
    """Faults that are still to be tried."""
    _moved: bool = False
    _blank: bool = False

    @contextlib.contextmanager
    def trial(self, console: Console) -> Iterator[None]:
        """One injected fault; what goes wrong is counted, and ends its talk."""
        self.tally.tried += 1
        stopped = self.tally.stopped
        self._moved = self._blank = False
        try:
            yield
            self.tally.kept += not self._moved
            self.tally.shown += not self._blank
        except AssertionError as error:
            ended = console.process.poll() is not None
            self.tally.stopped += ended and self.tally.stopped == stopped
            self.tally.wrong.append(in_short(error))
            raise _GivenUpError from error

    def key(self, console: Console, key: str, seen: Callable[[], bool], what: str) -> None:
        """Press a key; how long until its answer is on the screen."""
        began = time.monotonic()
        console.press(key)
        try:
            console.wait(seen, what)
        except AssertionError:
            self.tally.stopped += 1
            raise
        self.tally.keys.append(time.monotonic() - began)

    def idle(self, console: Console, most: float) -> None:
        """Let a moment pass, of any length up to `most` seconds."""
        until = time.monotonic() + self.chance.uniform(0, most)
        while (left := until - time.monotonic()) > 0:
            console.read(left)

    # --- keys, and what they must bring ----------------------------------------------------------

    def black(self, talk: LiveTalk, index: int) -> None:
        """Black and back: two keys that disturb nothing that runs; then the slide is there."""
        console = talk.console
        until = time.monotonic() + 0.2
        while console.read(0.02) and time.monotonic() < until:
            pass
        self.key(console, "b", lambda: not console.text().strip(), "a black screen")
        self.key(console, "b", lambda: bool(console.text().strip()), "the picture again")
        self.shows(console, talk.deck.slide(index).title)

    def turn(self, talk: LiveTalk, index: int, text: str = "") -> None:
        """The next slide and back; then the position is as before, and the slide on the screen."""
        before = talk.session().position
        self.turn_unread(talk, index, text)
        self.kept(talk, before, index)

    def turn_unread(self, talk: LiveTalk, index: int, text: str = "") -> None:
        """The same where the journal does not tell: the footer alone says where the talk is."""
        console, total = talk.console, len(talk.deck)
        self.key(console, "n", lambda: on_slide(console, index + 1, total), "the next slide")
        self.key(console, "p", lambda: on_slide(console, index, total), "the slide again")
        self.shows(console, talk.deck.slide(index).title, text)

    def kept(self, talk: LiveTalk, before: Position, index: int, *, exactly: bool = False) -> None:
        """Whether the talk stands where it stood; or, if its step has ended since, after that."""
        now = talk.session().position
        same = now == before if exactly else now.stop >= before.stop
        if before.slide != index or now.slide != index or not same:
            self._moved = True
            self.tally.wrong.append(f"{now} after {before} on slide {index}")

    def shows(self, console: Console, *texts: str) -> None:
        """Whether the screen has these texts, and is no empty one."""

        def lacks() -> list[str]:
            rows = sum(bool(line.strip()) for line in console.lines())
            few = [f"more than {rows} rows"] if rows < LEAST_ROWS else []
            return few + [text for text in texts if text not in console.text()]

        with contextlib.suppress(AssertionError):
            console.wait(lambda: not lacks(), "", CONTENT_SECONDS)
        if missing := lacks():
            self._blank = True
            self.tally.wrong.append(f"the screen is without {missing}")

    def ends(
        self, talk: LiveTalk, rungs: Collection[str], reasons: Collection[str], timeout: float
    ) -> None:
        """The step at hand ends on one of these rungs, for one of these reasons.

        A failure that was seen waits for a press, which replays.
        """
        kind, told = talk.wait_event("StepFinished", "StepAsked", timeout=timeout)
        if kind == "StepAsked":
            talk.run()
            _, told = talk.wait_event("StepFinished", timeout=timeout)
        rung, reason = str(told["rung"]), str(told["reason"])
        self.tally.ways.append(reason or rung)
        if rung not in rungs or (reasons and reason not in reasons):
            self.tally.wrong.append(f"ended on {rung}: {reason or 'no reason'}")


def on_slide(console: Console, index: int, total: int) -> bool:
    """Whether the footer counts this slide, from 0."""
    return console.text().rstrip().endswith(f" {index + 1} / {total}")


def steps(
    given: Given,
    talk: LiveTalk,
    inject: Callable[[int], None],
    *,
    conditions: Callable[[int], dict[str, str]] = lambda _: {},
    rungs: Collection[str] = BELOW,
    reasons: Collection[str] = (),
    seen: str = "│first",
    text: str = "│second",
    press_on: bool = True,
    early: float = 0.0,
    then: Callable[[int], None] = lambda _: None,
    first: int = 0,
    timeout: float = 20.0,
) -> None:
    """The steps of a talk, a slide each from slide `first` on, with a fault for each.

    The fault comes at any moment after `seen`, or, with a probability of `early`, while the command
    stands typed. Then black and back; `then` is done, the step ends on one of the rungs and shows
    `text`; the next slide and back. With `press_on`, in every third the speaker does not wait for
    the end of the step, and goes to the next slide and back at once.
    """
    console = talk.console
    for index in range(first, len(talk.deck) - 1):
        with given.trial(console):
            talk.type_step()
            if wanted := conditions(index):
                talk.wait_conditions(wanted)
            before_run = given.chance.random() < early
            if before_run:
                inject(index)
                given.idle(console, 1.0)
            talk.run()
            console.wait_text(seen)
            given.idle(console, 0.6)
            before = talk.session().position
            if not before_run:
                inject(index)
            given.idle(console, AFTER_SECONDS)
            if press_on and (given.number + index) % 3 == 2:
                then(index)
                given.turn(talk, index)
            else:
                given.black(talk, index)
                then(index)
                given.ends(talk, rungs, reasons, timeout)
                given.shows(console, text)
                given.turn(talk, index, text)
            given.kept(talk, before, index)
        talk.press("n")


def in_short(error: BaseException) -> str:
    """The first words of an error, the screen that may stand in it among them."""
    return " ".join(str(error).split())[:600]


def namespaces(*flags: str) -> tuple[str, ...]:
    """What runs a command in namespaces of its own, by flags of `unshare`."""
    program = tool("unshare")
    tried = subprocess.run([program, *flags, "true"], capture_output=True, timeout=10, check=False)
    if tried.returncode:
        raise UnavailableError(f"no namespaces here ({' '.join(flags)})")
    return (program, *flags)


def tool(name: str) -> str:
    """The path of a program of this machine: a talk's own PATH has few."""
    found = shutil.which(name)
    if found is None:
        raise UnavailableError(f"no {name} here")
    return found


def give(number: int, inject: Callable[[Given], None], times: int, folder: Path) -> Tally:
    """Inject `times` faults of one mode; each call of `inject` gives a talk with one or more."""
    tally = Tally()
    while tally.tried < times:
        tried = tally.tried
        place = folder / f"m{number}-{tried}"
        place.mkdir()
        chance = random.Random(f"{number}-{tried}")
        try:
            inject(Given(tally, chance, place, tried, times - tried))
        except _GivenUpError:
            pass
        except (AssertionError, OSError, RuntimeError) as error:
            tally.tried = max(tally.tried, tried + 1)
            tally.wrong.append(f"{type(error).__name__}: {in_short(error)}")
    return tally
