"""Captures the recordings of the tour anew, by giving it live and keeping what ran.

    python -m tests.content.capture

The program itself records: this only presses its keys, in a home of its own in which the two steps
that fail on stage do not fail.
"""

from __future__ import annotations

import json
import tempfile
import time
from functools import partial
from pathlib import Path

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, Typing
from presenter.samples import find_deck
from tests.console import Console, presenter_command

NEVER = ("unknown",)
"""Nobody knows what it prints."""


class Stage:
    """The tour on a stage, and its journal."""

    def __init__(self, console: Console, state: Path) -> None:
        self.console = console
        self._state = state

    def events(self) -> list[tuple[str, dict[str, object]]]:
        text = "".join(path.read_text() for path in self._state.rglob("journals/*/*.jsonl"))
        lines = text[: text.rfind("\n") + 1].splitlines()
        return [(line["k"], line["f"]) for line in map(json.loads, lines)]

    def wait(self, kind: str, demo: Demo, step: int) -> dict[str, object]:
        def found() -> dict[str, object] | None:
            for name, fields in reversed(self.events()):
                if (name, fields.get("demo"), fields.get("step")) == (kind, demo.name, step):
                    return fields
            return None

        self.console.wait(lambda: found() is not None, f"{kind} of {demo.name} {step}", 30)
        return found() or {}

    def rest(self, seconds: float) -> None:
        """As a person does: the recording has this pace."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.console.read(0.05)


def run_step(stage: Stage, demo: Demo, step: int, home: Path) -> None:
    """One step, live to its end."""
    console = stage.console
    console.press("space")
    if demo.steps[step].typing is Typing.KEYS:
        for _ in demo.steps[step].command:
            console.press("x")
    stage.wait("StepTyped", demo, step)
    console.press("space")
    stage.wait("StepStarted", demo, step)
    if demo.name == "hangs":
        stage.rest(1.5)
        (home / "presenter-tour" / "go").touch()
    if demo.name == "less":
        console.press("tab")
        for key in (" ", " ", "/", "1", "4", "2", "\r"):
            stage.rest(0.6)
            console.press(key)
        stage.rest(1.0)
        console.press("q")
    ended = stage.wait("StepFinished", demo, step)
    if ended["rung"] != "live" or ended["reason"]:
        raise SystemExit(f"{demo.name} {step + 1} did not run: {ended}")
    if demo.name == "less":
        console.press("ctrl+]")


def is_new(path: Path, before: bytes) -> bool:
    """Whether the recording is there, and another one than before."""
    return path.exists() and path.read_bytes() != before


def capture(deck: Deck, stage: Stage, home: Path) -> None:
    """Every demo of the deck, one after the other."""
    folder = deck.root / "recordings" / deck.path.stem
    for index in range(len(deck)):
        for demo in deck.demos(index):
            if demo.name in NEVER:
                continue
            path = folder / f"{demo.name}.cast"
            before = path.read_bytes() if path.exists() else b""
            stage.console.press(*f"{index + 1}G")
            stage.console.wait_text(f"{index + 1} / {len(deck)}")
            for step in range(len(demo.steps)):
                run_step(stage, demo, step, home)
            stage.console.press("W")
            stage.console.wait(partial(is_new, path, before), path.name)
            path.with_name(f"{path.name}.1").unlink(missing_ok=True)  # git keeps the old one
            print(path)  # noqa: T201 — what it is for


def main() -> None:
    deck = open_deck(find_deck("tour"))
    with tempfile.TemporaryDirectory() as folder:
        home, state = Path(folder) / "home", Path(folder) / "state"
        (home / "presenter-tour").mkdir(parents=True)
        things = "bread\nbutter\na longer cable for the projector\n"
        (home / "presenter-tour" / "shopping-list").write_text(things)
        env = {
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "PRESENTER_STATE_DIR": str(state),
            "PRESENTER_CONFIG": str(home / "none.toml"),
        }
        argv = [presenter_command(), "tour", "--trust"]
        with Console(argv, columns=100, rows=34, env=env) as console:
            console.wait_text(f"1 / {len(deck)}")
            capture(deck, Stage(console, state), home)
            console.press("ctrl+q")
            console.wait_text("End the talk?")
            console.press("y")
            console.wait_end()


if __name__ == "__main__":
    main()
