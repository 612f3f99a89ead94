"""What the checks look at: a deck, and what this machine has for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, Slide, Step
from presenter.demo.materials import Materials
from presenter.demo.readiness import can_run
from presenter.layout.frame import Size
from presenter.layout.theme import Theme
from presenter.talk.condition import needs_of


@dataclass(frozen=True)
class Terminal:
    """The terminal that the check runs in; it need not be the stage's."""

    size: Size | None
    """None where there is none."""
    kind: str
    """TERM."""
    depth: str
    encoding: str
    """As Python names it, such as `utf-8`."""


@dataclass(frozen=True)
class Subject:
    """All of it."""

    deck: Deck
    slides: tuple[Slide, ...]
    materials: Materials
    theme: Theme
    terminal: Terminal
    environment: Mapping[str, str]
    """That of the talk's shells."""
    state: Path
    """The folder of journals."""

    def live_steps(self) -> Iterator[tuple[Demo, Step]]:
        """The steps that may be live here, in the talk's order."""
        for _, demo in self.demos:
            for number, step in enumerate(demo.steps):
                if step.live != "never" and can_run(demo, number, self.deck.os_name):
                    yield demo, step

    def commands(self) -> Iterator[tuple[Demo, Step]]:
        """Those of them that a shell runs."""
        return (one for one in self.live_steps() if not one[1].gives_data)

    @cached_property
    def demos(self) -> tuple[tuple[str, Demo], ...]:
        """What the talk shows on this machine, each with the id of its slide."""
        return tuple((slide.id, demo) for slide in self.slides for demo in slide.demos)

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names that have a value before the talk, or get one in it."""
        told = self.deck.meta.extra.get("vars")
        exported = (name for _, demo in self.demos for name in demo.exports)
        return frozenset((*map(str, told if isinstance(told, dict) else ()), *exported))

    @property
    def console(self) -> str:
        """The shell of console blocks that the deck names, or nothing."""
        return str(self.deck.meta.options.get("shell", ""))

    @cached_property
    def needed(self) -> Mapping[str, tuple[str, ...]]:
        """Conditions → the demos that need them from outside: no step before provides them."""
        found: dict[str, dict[str, None]] = {}
        provided: set[str] = set()
        for demo, step in self.live_steps():
            for name in needs_of(demo, step):
                names = found.setdefault(name, {})
                if name not in provided:
                    names[demo.name] = None
            provided |= {*step.provides}
        return {name: tuple(demos) for name, demos in found.items()}

    @cached_property
    def provided(self) -> frozenset[str]:
        """The conditions that a step of the talk provides."""
        return frozenset(name for _, step in self.live_steps() for name in step.provides)

    def place_of(self, key: str, name: str = "") -> str:
        """`file:line` of a key of the front matter, or of what is named below it."""
        try:
            lines = self.deck.path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return str(self.deck.path)
        at = next((n for n, line in enumerate(lines) if re.match(rf"{key}\s*:", line)), None)
        if at is None:
            return str(self.deck.path)
        wanted = re.compile(rf"(?:^\s+|[{{,]\s*)['\"]?{re.escape(name)}['\"]?\s*:")
        for number in range(at, len(lines) if name else at):
            if number > at and re.match(r"[^\s#]", lines[number]):
                break
            if wanted.search(lines[number]):
                return f"{self.deck.path}:{number + 1}"
        return f"{self.deck.path}:{at + 1}"


def step_name(demo: Demo, step: Step) -> str:
    """A step as a speaker knows it; where there is one step only, its demo."""
    if len(demo.steps) == 1:
        return demo.name
    number = next(n for n, one in enumerate(demo.steps, 1) if one is step)
    return f"{demo.name}, step {number}"
