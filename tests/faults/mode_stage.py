"""Modes of the terminal, the projector and the laptop: 24 and 26 to 28 of the table."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Collection, Iterator

import psutil

from presenter.layout.depth import xterm_color
from presenter.layout.theme import XTERM_16, contrast, hex_color
from presenter.terminal.emulator import CellStyle, Colour
from tests.console import Console
from tests.e2e.smalltalk import demo, small
from tests.faults.mode_net import END, REACHED, ended_by, waiting
from tests.faults.mode_steps import BATCH, program
from tests.faults.mode_talk import LIVE, Given, steps
from tests.faults.screens import FEW_COLOURS, NO_UNICODE, TERMINALS
from tests.faults.servers import server
from tests.live.test_awake import FAKE, ended

READABLE = 7.0
SIZES = ((80, 24), (132, 43), (190, 50), (80, 20), (64, 24), (100, 30), (92, 28))
DEPTHS: tuple[dict[str, str], ...] = (
    {},
    {"COLORTERM": "", "TERM": "xterm-256color"},
    {"COLORTERM": "", "TERM": "xterm"},
)
THEMES = ("dark", "light", "contrast")
SLEEPS = (2.0, 3.5, 1.5, 7.0)
"""Seconds; only the longest is a sleep that the talk itself notices."""
SEEN, TEXT = "on1e", "tw0o"
"""Words of a step's output that its command does not have: a frame beside them may be missing."""


def bare(number: int) -> str:
    """A slide whose step prints SEEN, waits for the test, and prints TEXT."""
    command = f"$ echo on$((1))e; until [ -e $T/go{number} ]; do sleep 0.02; done; echo tw$((0))o"
    return demo(f"d{number}", command, SEEN, TEXT)


def projector(given: Given) -> None:
    """24: the window changes while a step runs, at times several times in a moment."""
    slides = [bare(number) for number in range(min(given.most, BATCH))]
    with small(given.folder, *slides, END, recorded=True) as talk:

        def inject(number: int) -> None:
            for _ in range(given.chance.choice((0, 0, 8))):
                talk.console.resize(given.chance.randrange(20, 200), given.chance.randrange(5, 60))
                talk.console.read(0)
            talk.console.resize(*SIZES[(given.number + number) % len(SIZES)])

        steps(
            given, talk, inject, rungs=LIVE, seen=SEEN, text=TEXT, press_on=False,
            then=ended_by(given),
        )  # fmt: skip
        talk.leave()


# --- colours --------------------------------------------------------------------------------------


def themes(given: Given) -> None:
    """26: a weak projector: at each depth of colour the speaker takes the next theme."""
    env = DEPTHS[given.number % len(DEPTHS)]
    theme = THEMES[given.number // len(DEPTHS) % len(THEMES)]
    arguments = ("--trust", "--speed", "16", "--theme", theme)
    slides = (waiting(0), END)
    with small(given.folder, *slides, recorded=True, env=env, arguments=arguments) as talk:
        console = talk.console

        def inject(_number: int) -> None:
            page = page_of(console)
            given.key(console, "t", lambda: page_of(console) != page, "another theme")

        def look(number: int) -> None:
            while console.read(0.1):
                pass
            least, text = min(contrasts(console), default=(0.0, ""))
            given.tally.ways.append(f"{THEMES[(THEMES.index(theme) + 1) % 3]} {least:.1f}:1")
            if least < READABLE:
                given.tally.wrong.append(f"contrast of {text!r}: {least:.2f}")
            ended_by(given)(number)

        steps(given, talk, inject, rungs=LIVE, press_on=False, then=look)
        talk.leave()


def page_of(console: Console) -> Colour:
    """The background in the screen's first cell, or its foreground where that is inverted."""
    style = console.cells()[0][0].style
    return style.foreground if style.inverse else style.background


def contrasts(console: Console) -> Iterator[tuple[float, str]]:
    """The contrast of every run of letters or digits on the screen."""
    for row in console.cells():
        for run in row:
            if any(char.isalnum() for char in run.text):
                yield _contrast(run.style), run.text.strip()


def _contrast(style: CellStyle) -> float:
    return contrast(_hex(style.foreground, "#e5e5e5"), _hex(style.background, "#000000"))


def _hex(colour: Colour, default: str) -> str:
    """A colour of a terminal that has xterm's own palette."""
    if colour is None:
        return default
    if isinstance(colour, tuple):
        return hex_color(colour)
    return XTERM_16[colour] if colour < 16 else xterm_color(colour)


def terminals(given: Given) -> None:
    """27: terminals without colours or Unicode, and locales without it."""
    kinds = (*TERMINALS, ("TERM=vt100", {"TERM": "vt100", "COLORTERM": ""}))
    name, env = kinds[given.number % len(kinds)]
    with small(given.folder, bare(0), END, recorded=True, env=env) as talk:
        steps(
            given, talk, lambda _: None, rungs=LIVE, seen=SEEN, text=TEXT, press_on=False,
            then=ended_by(given),
        )  # fmt: skip
        talk.leave()
        data = bytes(talk.console.received)
    if name in NO_UNICODE and not data.isascii():
        given.tally.wrong.append(f"{name}: characters that it cannot have")
    if name in FEW_COLOURS and b"38;2;" in data:
        given.tally.wrong.append(f"{name}: colours that it cannot have")


# --- sleep ----------------------------------------------------------------------------------------


def sleeps(given: Given) -> None:
    """28: every process of the talk stands still and goes on; sleep is held off meanwhile."""
    told = program(given, "systemd-inhibit", FAKE.format(python=sys.executable))
    told = told.with_name("systemd-inhibit.told")
    count = min(given.most, len(SLEEPS))
    with server() as it:
        front = f"needs: {{p: {{http: {it.address}/, json: true}}}}"
        slides = [waiting(number, fence="+needs:p") for number in range(count)]
        with small(given.folder, *slides, END, front=front, recorded=True) as talk:
            talk.console.wait(lambda: told.exists() and " " in told.read_text(), "the inhibitor")
            holder = int(told.read_text().split()[0])

            def inject(number: int) -> None:
                if ended(holder):
                    given.tally.wrong.append("sleep was not held off")
                with asleep(talk.console):
                    time.sleep(SLEEPS[(given.number + number) % len(SLEEPS)])

            steps(
                given, talk, inject, rungs=LIVE, press_on=False, then=ended_by(given),
                conditions=lambda _: REACHED,
            )  # fmt: skip
            talk.leave()
    if not ended(holder):
        given.tally.wrong.append("sleep is held off for ever")


@contextlib.contextmanager
def asleep(console: Console) -> Iterator[None]:
    """All that the talk consists of stands still."""
    first = psutil.Process(console.process.pid)
    processes = [first, *first.children(recursive=True)]
    signalled(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        signalled(processes, signal.SIGCONT)


def signalled(processes: Collection[psutil.Process], number: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
