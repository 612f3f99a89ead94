"""The speed of a live pane's engine, on real and on made traffic.

    python -m tests.bench.engine [--megabytes 40]

What is measured is the way of a byte from the terminal to the cells: decoder, marks, queries,
modes, the step's outcome, hub, screens, emulator, in pieces as a terminal gives them. CPU time,
best of three. Real traffic is that of another emulator's recordings (see `tests/material.py`).
"""

from __future__ import annotations

import argparse
import codecs
import json
import os
import random
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import avt

from presenter.deck.model import Demo, DemoKind, Grid, Place, Step
from presenter.demo.clock import MonotonicClock
from presenter.demo.hub import Hub
from presenter.demo.livesource import LiveSource, Plan
from presenter.demo.screens import Screens
from presenter.demo.seat import Listener, Seat
from presenter.live.marks import MarkReader
from presenter.talk.fallback import Lane, Phase, Policy
from presenter.terminal import new_emulator
from tests.material import ROOT

PIECE = 8192
"""Bytes in one turn of the event loop."""
RUNS = 3
ASKED_FOR = 50.0
"""MB/s of TUI traffic."""
REAL = {
    "vim, scrolling": "vim_large_window_scroll",
    "vim, 24-bit colours": "vim_24bitcolors_bce",
    "htop in tmux": "tmux_htop",
    "git log in tmux": "tmux_git_log",
    "fish": "fish_cc",
    "zsh, completion": "zsh_tab_completion",
}


class Nobody:
    """Runs nothing: what is printed is given by hand."""

    seat = None

    async def prepare(self) -> None: ...

    async def start(self, command: str, prompt: str, listener: Listener) -> None: ...

    def interrupt(self) -> None: ...

    def leave(self, listener: Listener) -> None: ...


class Colours:
    def foreground(self) -> str:
        return "#ffffff"

    def background(self) -> str:
        return "#000000"

    def palette(self, _index: int) -> str:
        return "#808080"


class Engine:
    """All that output passes on its way from a terminal to the cells of a live step."""

    def __init__(self, columns: int, rows: int) -> None:
        place = Place("deck.md", 1)
        demo = Demo("work", DemoKind.SHELL, place, (Step("work", place),))
        hub = Hub(_raise)
        self.screens = Screens(hub, new_emulator, Grid(columns, rows), _raise)
        plan = Plan(Nobody(), str, _nothing_bars, Policy(), lambda: None, _ignore, _raise)
        source = LiveSource(hub, MonotonicClock(), demo, 0, lambda: 0, plan)
        source.begin_output("live")
        source._lane = Lane(Phase.SHOWN)
        self._seat = Seat(_ignore, self.screens.emulator, Colours())
        self._seat.take("work", source)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader = MarkReader(lambda: "0" * 32)
        self._reader.running = True

    def feed(self, data: bytes) -> None:
        for piece in self._reader.feed(self._decoder.decode(data)):
            self._seat.on_event(piece)  # type: ignore[arg-type]


def _raise(error: Exception) -> None:
    raise error


def _ignore(_what: object) -> None: ...


async def _nothing_bars() -> None: ...


def alone(columns: int, rows: int) -> Callable[[bytes], object]:
    """avt without anything of ours: no way through it is faster."""
    screen = avt.Vt(columns, rows, 0)  # type: ignore[attr-defined]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return lambda data: screen.feed_str(decoder.decode(data))


def speed(traffic: bytes, make: Callable[[], Callable[[bytes], object]]) -> float:
    """MB a second of CPU time, the best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        feed = make()
        began = time.process_time()
        for at in range(0, len(traffic), PIECE):
            feed(traffic[at : at + PIECE])
        best = min(best, time.process_time() - began)
    return len(traffic) / 1e6 / best


# --- traffic ----------------------------------------------------------------------------------


def recorded() -> dict[str, tuple[bytes, tuple[int, int]]]:
    """Real traffic and the size of its terminal; nothing where the material is absent."""
    root = Path(os.environ.get("PRESENTER_MATERIAL") or ROOT.parent / "shared")
    path = root / "conformance" / "alacritty-ref.tar.gz"
    if not path.exists():
        print(f"engine: no {path.name}, so none of the real traffic (set PRESENTER_MATERIAL)")
        return {}
    with tarfile.open(path) as archive:
        files = {
            tuple(member.name.split("/")[-2:]): archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive
            if member.isfile()
        }
    found = {}
    for name, folder in REAL.items():
        told = json.loads(files[folder, "size.json"])
        size = told["columns"], told["screen_lines"]
        found[name] = files[folder, "alacritty.recording"], size
    return found


def editor(choose: random.Random, columns: int = 100, rows: int = 30) -> str:
    """A screen of an editor with coloured words and line numbers, drawn anew."""
    words = ("def", "return", "self.rows", "=", "0x1f", '"text"', "# remark", "(index)", "lambda")
    lines = ["\x1b[?25l\x1b[H"]
    for row in range(rows - 2):
        text = "".join(
            f"\x1b[38;5;{choose.randrange(16, 255)}m{word} " for word in choose.choices(words, k=6)
        )
        lines.append(f"\x1b[{row + 1};1H\x1b[33m{choose.randrange(999):4} {text}\x1b[m\x1b[K")
    lines.append(
        f"\x1b[{rows};{columns - 20}H{choose.randrange(999)},1\x1b[{rows // 2};5H\x1b[?25h"
    )
    return "".join(lines)


def pager(choose: random.Random, _columns: int = 100, rows: int = 30) -> str:
    """A pager that goes on by a page, its prompt in reverse."""
    lines = (
        f"{choose.randrange(10**9):x} \x1b[1mheading\x1b[m of line {choose.randrange(10**6)}: "
        f"\x1b[4munderlined\x1b[24m text that goes on\r\n"
        for _ in range(rows - 1)
    )
    return "\r\x1b[K" + "".join(lines) + "\x1b[7m:\x1b[27m\x1b[K"


def monitor(choose: random.Random, columns: int = 100, rows: int = 30) -> str:
    """A process monitor: bars, numbers in place, a list of processes."""
    lines = ["\x1b[H"]
    for row in range(1, rows):
        bar = "|" * choose.randrange(30)
        lines.append(
            f"\x1b[{row}d\x1b[{row};1H\x1b[1m\x1b[36m{row:5}\x1b[39m\x1b[22m "
            f"[\x1b[32m{bar:<30}\x1b[39m"
            f"{choose.random() * 100:5.1f}%]\x1b[90m{choose.randrange(10**6):8}K\x1b[m\x1b[K"
        )
    return "".join(lines)


MADE: dict[str, Callable[[random.Random], str]] = {
    "an editor, made": editor,
    "a pager, made": pager,
    "a monitor, made": monitor,
}


def main(megabytes: int = 40) -> None:
    corpora = recorded()
    for name, make in MADE.items():
        choose = random.Random(3)
        corpora[name] = "".join(make(choose) for _ in range(200)).encode(), (100, 30)
    seconds = 0.0
    for name, (once, size) in corpora.items():
        traffic = once * max(1, megabytes * 1_000_000 // len(once))
        found = speed(traffic, lambda size=size: Engine(*size).feed)  # type: ignore[misc]
        bare = speed(traffic, lambda size=size: alone(*size))  # type: ignore[misc]
        seconds += 1 / found
        print(
            f"engine         {name:<20} {found:6.1f} MB/s; avt alone {bare:6.1f}, "
            f"{bare / found:.1f} times as fast",
            flush=True,
        )
    print(f"engine         all, equal shares    {len(corpora) / seconds:6.1f} MB/s "
          f"(at least {ASKED_FOR:g})", flush=True)  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=40, help="of each kind of traffic")
    main(min(parser.parse_args().megabytes, 1000))
