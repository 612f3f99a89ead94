"""Whether each command can be read by its shell. Shells are started, and run nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

from presenter.deck.demos import SHELLS
from presenter.deck.model import Demo
from presenter.demo.preflight.subject import Subject, step_name
from presenter.demo.shells import dialect_for
from presenter.live.dialects import Dialect
from presenter.live.syntax import syntax_error
from presenter.talk.preflight import Issue, Level

LEAST_SECONDS = 0.05
"""For one command, however late it is."""


def commands_parse(subject: Subject, until: float) -> Iterator[Issue]:
    """Asks the shells until a time of `time.monotonic`; what is left then is said."""
    said: dict[tuple[str, str], str | None] = {}
    without: dict[str, Demo] = {}
    late = 0
    for demo, step in subject.commands():
        dialect = dialect_for(demo, subject.console, subject.environment)
        if dialect is None:
            without.setdefault(demo.name, demo)
            continue
        command = step.run or step.command
        if demo.snippet is not None or not dialect.only_parses:
            continue
        key = (dialect.program, command)
        if key not in said:
            said[key] = _ask(subject, dialect, command, until)
        late += said[key] is None
        if said[key]:
            yield Issue(
                Level.NO_GO,
                str(step.place),
                f"{step_name(demo, step)}: {dialect.name} cannot read it: {said[key]}",
                "correct the command",
                (demo.name,),
            )
    for demo in without.values():
        shell = demo.language if demo.language in SHELLS else subject.console or "powershell"
        what, todo = f"{demo.name}: {shell} is not installed", "install it"
        yield Issue(Level.NO_GO, str(demo.place), what, todo, (demo.name,))
    if late:
        what = f"{late} commands were not read by a shell in time"
        yield Issue(Level.WARNING, str(subject.deck.path), what, "check again")


def _ask(subject: Subject, dialect: Dialect, command: str, until: float) -> str | None:
    left = until - time.monotonic()
    if left < LEAST_SECONDS:
        return None
    return syntax_error(dialect, command, subject.environment, left)
