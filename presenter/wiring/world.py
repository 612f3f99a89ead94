"""The world of a talk brought to its start, before it and afterwards: `setup`, `reset`, `start`.

These are commands of the front matter, run here and now in the terminal of who asks for it, one
after the other; the conditions of `start` say whether the world is as it should be.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.errors import PresenterError
from presenter.live.environment import shell_environment
from presenter.live.findings import Finding
from presenter.live.probes import Prober
from presenter.talk.condition import Truth, expand, is_known
from presenter.wiring.live import working_folder

COMMAND_SECONDS = 900.0
"""For one command: images are pulled, and pods become ready."""
SHELLS = ("bash", "zsh", "sh", "dash")
"""The speaker's own shell where it is one of these; else sh."""
WAIT_SECONDS = 60.0
"""For the conditions to hold when all commands have run."""
LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How the world stands at a moment."""

    findings: Mapping[str, Finding]
    """Of each condition of `start`, by its name."""

    @property
    def wrong(self) -> list[str]:
        """What does not hold, or is not known, in words."""
        return [
            one.words or name for name, one in self.findings.items() if one.truth is not Truth.TRUE
        ]


def commands_of(deck: Deck, what: str) -> list[str]:
    """The commands of `setup` or `reset`; raises PresenterError where one is no text."""
    told = deck.meta.extra.get(what)
    given = told if isinstance(told, list) else [] if told is None else [told]
    commands = [one for one in given if isinstance(one, str)]
    if len(commands) < len(given):
        raise PresenterError(f"{deck.path}: `{what}` should be a list of commands")
    return commands


async def look(deck: Deck) -> Standing:
    """Whether the world is as `start` says; a condition with an open variable is left out."""
    start, told = deck.meta.extra.get("start"), deck.meta.extra.get("vars")
    variables = {str(n): str(v) for n, v in told.items()} if isinstance(told, Mapping) else {}
    conditions = {
        str(name): expanded
        for name, condition in (start.items() if isinstance(start, Mapping) else ())
        if is_known(condition, variables)
        and isinstance(expanded := expand(condition, variables), Mapping)
    }
    prober = Prober(shell_environment(os.environ), working_folder(deck))
    try:
        found = await asyncio.gather(*(prober.probe(n, one) for n, one in conditions.items()))
    finally:
        prober.close()
    return Standing(dict(zip(conditions, found, strict=True)))


async def settled(deck: Deck, seconds: float = WAIT_SECONDS) -> Standing:
    """The same, as soon as all holds, or when the time is over."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        standing = await look(deck)
        if not standing.wrong or loop.time() >= until:
            return standing
        await asyncio.sleep(LOOK_SECONDS)


def run_all(deck: Deck, commands: list[str], say: Callable[[str], None]) -> None:
    """Runs the commands, each shown first. Raises PresenterError with the first that fails."""
    own = Path(os.environ.get("SHELL", "")).name
    shell = os.environ["SHELL"] if own in SHELLS else "sh"
    folder = working_folder(deck)
    for command in commands:
        say(f"$ {command}")
        try:
            done = subprocess.run(
                [shell, "-c", command], cwd=folder, timeout=COMMAND_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            minutes = COMMAND_SECONDS / 60
            raise PresenterError(f"`{command}` has not ended in {minutes:.0f} minutes") from error
        except OSError as error:
            raise PresenterError(f"{shell}: {error.strerror or error}") from error
        if done.returncode:
            raise PresenterError(
                f"{deck.path}: `{command}` ended with status {done.returncode}",
                "what comes after it has not run",
            )
