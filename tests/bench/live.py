"""How live panes do: under floods, keystroke by keystroke, and when a step fails at once.

    python -m tests.bench.live [--seconds 60] [--keys 200] [--only flood,echo,fall,engine]

Beside a bare PTY, and tmux where it is on the PATH, in the same run. Printed for each flood: the
time from a key of the talk to what it changes (median, p95, longest), the memory that the process
grew by once the scrollback was full, and the time from Ctrl-C to the end of the child. Besides, the
time from a key typed into a pane to its echo, from a hard error to the first replayed frame, and
the speed of the engine (see `tests.bench.engine`).
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from presenter.recording.asciicast import Event, Header
from presenter.recording.provenance import marker_label
from presenter.recording.writer import write_cast
from tests.bench import engine
from tests.bench.panes import START_SECONDS, Bare, Pane, Presenter, Tmux, gone, start
from tests.bench.stage import p95

MOST_SECONDS = 600.0
MOST_KEYS = 2000
INTERRUPTS = 5
"""Each flood is started and interrupted so often."""
FALLS = 10
TEXT_MEGABYTES = 100
REPLAYED = "what was recorded instead"


@dataclass
class Flood:
    """What is found under one flood; seconds and MB."""

    keys: list[float] = field(default_factory=list)
    interrupts: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """At equal intervals."""
    cpu: float = 0.0
    """Share of a processor that the terminal took."""

    def growth(self) -> float:
        """From when the scrollback is long full, a fifth of the time, to the highest later."""
        later = self.memory[len(self.memory) // 5 :]
        return max(later) - later[0] if later else float("nan")


@contextmanager
def panes(command: str) -> Iterator[list[Callable[[], Pane]]]:
    """How to open each of the three terminals."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        makers: list[Callable[[], Pane]] = [lambda: Bare(command)]
        if Tmux.there():
            makers.append(lambda: Tmux(command, folder))
        makers.append(lambda: Presenter(command, folder))
        yield makers


# --- floods -----------------------------------------------------------------------------------


def under_flood(pane: Pane, seconds: float) -> Flood:
    found = Flood()
    process = pane.run()
    owner, choose = pane.owner(), random.Random(1)
    used = sum(owner.cpu_times()[:2])
    began = time.perf_counter()
    sample = began
    while time.perf_counter() < began + seconds and not gone(process):
        pane.idle(choose.uniform(0.1, 0.3))
        if pane.quick_key:
            found.keys.append(pane.quick())
        if time.perf_counter() > sample:
            found.memory.append(owner.memory_info().rss / 1e6)
            sample += max(seconds / 60, 0.2)
    found.cpu = (sum(owner.cpu_times()[:2]) - used) / (time.perf_counter() - began)
    found.interrupts.append(pane.interrupt(process))
    for _ in range(INTERRUPTS - 1):
        process = pane.run()
        pane.idle(choose.uniform(0.5, 1.0))
        found.interrupts.append(pane.interrupt(process))
    return found


def show_flood(name: str, pane: str, found: Flood) -> None:
    if found.keys:
        milliseconds = [1000 * each for each in found.keys]
        print(
            f"{name:<14} {pane:<10} key {statistics.median(milliseconds):6.1f} ms median, "
            f"{p95(milliseconds):6.1f} p95 (at most 100), {max(milliseconds):6.1f} longest of "
            f"{len(milliseconds)}; {found.memory[-1]:6.1f} MB, {found.growth():+5.1f} "
            f"(at most +30); {found.cpu:4.2f} CPU"
        )
    ends = [1000 * each for each in found.interrupts]
    print(
        f"{name:<14} {pane:<10} Ctrl-C {statistics.median(ends):6.1f} ms median, "
        f"{max(ends):6.1f} longest of {len(ends)} (at most 200)",
        flush=True,
    )


def floods(folder: Path) -> dict[str, str]:
    """Names and commands; each runs on for more than any `--seconds`."""
    line = " ".join(f"word-{number:03}" for number in range(12))
    text, names = folder / "text", folder / "names"
    text.write_text(f"{line}\n" * (1_000_000 // (len(line) + 1)))
    names.write_text(f"{text}\n" * 10_000)
    return {
        "yes": "yes",
        "urandom": "cat /dev/urandom",
        "text": f"xargs cat <{names}",
    }


def measure_floods(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name:
        for flood, command in floods(Path(name)).items():
            with panes(command) as makers:
                for make in makers:
                    with make() as pane:
                        seconds = (
                            min(options.seconds, 2.0)
                            if pane.name == Bare.name
                            else (options.seconds)
                        )
                        show_flood(flood, pane.name, under_flood(pane, seconds))


# --- a key and its echo -----------------------------------------------------------------------


def echoes(pane: Pane, keys: int) -> list[float]:
    """Milliseconds from each key to its echo; the keys come as from a hand, at uneven times."""
    process = pane.run()
    pane.focus()
    pane.idle(0.5)
    found: list[float] = []
    choose, line = random.Random(2), ""
    for number in range(keys):
        pane.idle(choose.uniform(0.05, 0.15))
        key = "abcdefghij"[number % 10]
        line += key
        found.append(1000 * pane.seconds_to(key.encode(), partial(pane.shows, line)))
        if len(line) == 60:
            os.write(pane.console._master, b"\r")
            pane.idle(0.2)
            line = ""
    pane.interrupt(process)
    return found


def measure_echo(options: argparse.Namespace) -> None:
    medians: dict[str, float] = {}
    with panes("cat") as makers:
        for make in makers:
            with make() as pane:
                found = echoes(pane, options.keys)
            medians[pane.name] = statistics.median(found)
            above = medians[pane.name] - medians[Bare.name]
            print(
                f"echo           {pane.name:<10} {medians[pane.name]:6.2f} ms median, "
                f"{p95(found):6.2f} p95 of {len(found)}; {above:+6.2f} above a bare PTY"
                + (" (at most 10)" if pane.name == Presenter.name else ""),
                flush=True,
            )


# --- a hard error -----------------------------------------------------------------------------


def failing_deck(folder: Path, falls: int) -> Path:
    """Slides whose step notes the time and fails at once; each has a recording, and a shell."""
    talk, takes = folder / "talk", folder / "talk" / "recordings" / "deck"
    takes.mkdir(parents=True)
    slides = []
    for number in range(falls):
        command = f"date +%s.%N >{folder}/at-{number}; (exit 3)"
        slides.append(
            f"# Failing {number} of {falls}\n\n"
            f"```console +demo:fail-{number} +session:s{number}\n$ {command}\n{REPLAYED}\n```\n"
        )
        events = [
            Event(0.0, "o", "\x1b]133;A\x07$ \x1b]133;B\x07" + command + "\r\n\x1b]133;C\x07"),
            Event(0.0, "m", marker_label(1, command)),
            Event(0.0, "o", f"{REPLAYED}\r\n"),
            Event(0.5, "o", "\x1b]133;D;0\x07"),
        ]
        write_cast(takes / f"fail-{number}.cast", Header(columns=80, rows=20), events)
    deck = talk / "deck.md"
    deck.write_text("\n<!-- end_slide -->\n\n".join(slides))
    return deck


class Failing(Presenter):
    """Presents a deck whose steps fail."""

    def __init__(self, folder: Path, falls: int) -> None:
        self._folder = folder
        self._falls = falls
        self.console = start(failing_deck(folder, falls), folder)

    def fall(self, number: int) -> tuple[float, float]:
        """Seconds from the error, and from the key that ran the step, to the first frame."""
        self._until(f"Failing {number} of")
        os.write(self.console._master, b" ")
        self._until(f"at-{number}; (exit 3)")  # not what the slide before shows
        self.idle(1.0)
        pressed = time.time()
        took = self.seconds_to(b" ", partial(self.shows, REPLAYED))
        error = float((self._folder / f"at-{number}").read_text())
        self.idle(1.0)
        os.write(self.console._master, b"n")
        return pressed + took - error, took

    def _until(self, text: str) -> None:
        deadline = time.perf_counter() + START_SECONDS
        while not self.shows(text):
            self.read(0.05)
            assert time.perf_counter() < deadline, f"no {text!r} in:\n{self.console.text()}"


def measure_falls(_options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name, Failing(Path(name), FALLS) as talk:
        assert isinstance(talk, Failing)
        found = [talk.fall(number) for number in range(FALLS)]
    errors, keys = ([1000 * each[side] for each in found] for side in (0, 1))
    print(
        f"hard error     presenter  {statistics.median(errors):6.1f} ms median to the first "
        f"replayed frame (at most 150), {max(errors):6.1f} longest of {len(errors)}; "
        f"{statistics.median(keys):.1f} from the key that ran it",
        flush=True,
    )


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "engine": lambda _options: engine.main(),
    "echo": measure_echo,
    "fall": measure_falls,
    "flood": measure_floods,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of each flood")
    parser.add_argument("--keys", type=int, default=200, help="typed to measure their echo")
    parser.add_argument("--only", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    options = parser.parse_args()
    options.seconds = min(options.seconds, MOST_SECONDS)
    options.keys = min(options.keys, MOST_KEYS)
    for name in options.only.split(","):
        PARTS[name](options)


if __name__ == "__main__":
    main()
