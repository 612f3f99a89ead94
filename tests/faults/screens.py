"""Terminals as they come: resized without end, on a projector, without colours or Unicode."""

from __future__ import annotations

import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.samples import find_deck
from presenter.wiring.picture import picture
from tests.console import Console
from tests.e2e.stage import last_event, open_talk
from tests.faults.table import Row

NEXT_KEY = 0.2
"""Seconds within which a key is answered, whatever happens."""
TERMINALS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("TERM=linux", {"TERM": "linux", "COLORTERM": ""}),
    ("TERM=dumb", {"TERM": "dumb", "COLORTERM": ""}),
    ("16 colours", {"TERM": "xterm", "COLORTERM": ""}),
    ("no colours", {"NO_COLOR": "1"}),
    ("LANG=C", {"LANG": "C", "LC_ALL": ""}),
    ("LC_ALL=POSIX", {"LC_ALL": "POSIX"}),
    ("Latin-1", {"LANG": "de_DE.ISO-8859-1", "LC_ALL": ""}),
    ("TERM=linux, LANG=C", {"TERM": "linux", "COLORTERM": "", "LANG": "C", "LC_ALL": ""}),
)
NO_UNICODE = ("LANG=C", "LC_ALL=POSIX", "TERM=linux, LANG=C")
FEW_COLOURS = ("TERM=linux", "TERM=dumb", "16 colours", "TERM=linux, LANG=C")


def rows(full: bool) -> Iterator[Row]:
    yield storm(1000 if full else 100)
    yield projectors(20 if full else 2)
    for name, env in TERMINALS if full else TERMINALS[::3]:
        yield terminal(name, env)
    yield small_screen()


def quiet(console: Console, seconds: float = 0.1) -> None:
    """Until nothing has come for so long."""
    deadline = time.monotonic() + 10
    while console.read(seconds) and time.monotonic() < deadline:
        pass


def leave(console: Console) -> list[str]:
    console.press("ctrl+q")
    console.wait_text("End the talk?")
    console.press("y")
    status = console.wait_end()
    return ([f"status {status}"] if status else []) + (
        [] if console.restored() else ["the terminal is not restored"]
    )


def pressed(console: Console, slides: tuple[int, int]) -> float:
    """Seconds from a key to the other slide's number."""
    began = time.monotonic()
    console.press("n" if slides[1] > slides[0] else "p")
    console.wait_text(f"{slides[1]} / 7")
    return time.monotonic() - began


def storm(times: int) -> Row:
    """Sizes as fast as they can be set; a key after every 25 of them, then all is as it was."""
    chance = random.Random(5)
    answered = []
    with tempfile.TemporaryDirectory() as name, open_talk(Path(name)) as console:
        console.wait_text("1 / 7")
        console.press("n")
        console.wait_text("2 / 7")
        quiet(console)
        before = console.text()
        for number in range(times):
            console.resize(chance.randrange(20, 401), chance.randrange(5, 121))
            console.read(0)
            if number % 25 == 24:
                console.resize(chance.randrange(80, 401), chance.randrange(24, 121))
                console.wait_text("2 / 7")
                answered.append(pressed(console, (2, 3)))
                pressed(console, (3, 2))
        console.resize(100, 34)
        bad = []
        with contextlib.suppress(AssertionError):
            console.wait(lambda: console.text() == before, "the first picture")
        bad += [] if console.text() == before else ["another picture than before"]
        bad += leave(console)
    measured = f"{'; '.join(bad) or 'the same picture after it'}; key answered in "
    measured += f"{statistics.median(answered) * 1000:.0f} ms (median), "
    measured += f"{max(answered) * 1000:.0f} ms (most)"
    must = "position and picture kept, next key answered within 200 ms"
    held = not bad and max(answered) <= NEXT_KEY
    return Row("resize storm, 20x5 to 400x120", times, must, measured, held)


def projectors(times: int) -> Row:
    """Another projector while a step is typed and played: nothing of it is lost."""
    bad = []
    for number in range(times):
        chance = random.Random(number)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with open_talk(folder, "talk.md", "--slide", "demo") as console:
                console.wait_text("3 / 7")
                console.press("space")
                console.resize(*chance.choice(((80, 24), (190, 50), (60, 17))))
                console.wait(lambda f=folder: last_event(f) == "StepTyped", "the command")  # type: ignore[misc]
                console.wait_text("$ echo hello")
                quiet(console)
                console.press("space")
                console.resize(*chance.choice(((80, 24), (190, 50), (20, 5))))
                console.wait(lambda f=folder: last_event(f) == "StepFinished", "its end")  # type: ignore[misc]
                console.resize(100, 34)
                console.wait_text("│hello")
                bad += leave(console)
    must = "the step goes on, its output is there"
    measured = "; ".join(bad[:3]) or "the step went on"
    return Row("projector changed while a step runs", times, must, measured, not bad)


def terminal(name: str, env: Mapping[str, str]) -> Row:
    """A slide, a demo, a dialog: readable, and nothing that the terminal cannot have."""
    bad = []
    with tempfile.TemporaryDirectory() as folder, open_talk(Path(folder), env=env) as console:
        console.wait_text("1 / 7")
        pressed(console, (1, 2))
        console.press("space", "space")
        console.wait_text("second line")
        console.press("n", "s")
        for text in ("Two steps follow.", "shell", "transcript", "$ echo hello", "3 / 7"):
            console.wait_text(text)
        console.press("?")
        console.wait_text("Previous slide")
        console.press("escape")
        quiet(console)
        bad += leave(console)
        data = bytes(console.received)
    if name in NO_UNICODE and not data.isascii():
        bad.append("characters that it cannot have")
    if name in FEW_COLOURS and b"38;2;" in data:
        bad.append("colours that it cannot have")
    return Row(f"a terminal with {name}", 1, "readable", "; ".join(bad) or "readable", not bad)


def small_screen() -> Row:
    """Every slide of the talk that comes with the program, at 80×24 and after its last press."""
    deck = open_deck(find_deck("istio-101"))
    blank = []
    for index in range(len(deck)):
        frame, _ = picture(deck, index, None, Size(80, 24), "light")
        lines = [line for line in paint_text(frame).splitlines() if line.strip()]
        if len(lines) < 3 or "Make the window" in "".join(lines):
            blank.append(index + 1)
    measured = f"slides that do not show: {blank}" if blank else "every slide shows"
    return Row("every slide at 80x24", len(deck), "readable", measured, not blank)
