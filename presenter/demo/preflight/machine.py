"""Of this machine: programs, terminal and disk. Nothing is started."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from presenter.deck.model import Demo, Step
from presenter.deck.programs import defined, programs
from presenter.demo.preflight.slides import SMALL
from presenter.demo.preflight.subject import Subject, step_name
from presenter.layout.stage import LEAST
from presenter.talk.preflight import Issue, Level

LEAST_FREE = 500 * 1024 * 1024
"""Bytes on the disk of the journals."""
_WRITTEN = 4096
_OF_OTHER_GRAMMAR = ("fish", "powershell")
_BRINGS_PROGRAMS = re.compile(
    r"\bPATH=|\b(?:install|curl|wget|eval|source|activate|use)\b|(?:^|[;&|]\s*)\.\s", re.MULTILINE
)
"""What may put a program on PATH that is not there before the talk."""
_NAMELESS = frozenset(("", "dumb", "unknown"))


# --- programs ---------------------------------------------------------------------------------


@dataclass
class _Missing:
    where: str
    later: bool
    """A step before may bring it."""
    step: str
    demos: dict[str, None] = field(default_factory=dict)


def programs_there(subject: Subject, unread: Collection[str] = ()) -> Iterator[Issue]:
    """Whether the programs that commands begin with, and conditions name, are on PATH.

    `unread`: the places of commands that no shell can read, which name none.
    """
    conditions = dict(_of_conditions(subject.deck.meta.needs))
    for condition, name in conditions.items():
        if not _is_there(name, subject):
            yield Issue(
                Level.NO_GO,
                subject.place_of("needs", condition),
                f"{condition}: {name} is not installed",
                f"install {name}, or put it on PATH",
                subject.needed.get(condition, ()),
            )
    for name, missing in _missing(subject, unread).items():
        if name in conditions.values():
            continue
        what = f"{missing.step}: {name} is not installed"
        todo = f"install {name}, or put it on PATH"
        if missing.later:
            what, todo = f"{what} yet", "see that an earlier step brings it"
        level = Level.WARNING if missing.later else Level.NO_GO
        yield Issue(level, missing.where, what, todo, tuple(missing.demos))


def _missing(subject: Subject, unread: Collection[str]) -> dict[str, _Missing]:
    found: dict[str, _Missing] = {}
    known: frozenset[str] = frozenset()
    later = False
    for demo, step in subject.commands():
        text = _text(demo, step) if str(step.place) not in unread else ""
        known |= defined(text)
        for name in () if demo.language in _OF_OTHER_GRAMMAR else programs(text):
            if name not in known and not _is_there(name, subject):
                new = _Missing(str(step.place), later, step_name(demo, step))
                found.setdefault(name, new).demos[demo.name] = None
        later = later or _BRINGS_PROGRAMS.search(text) is not None
    return found


def _text(demo: Demo, step: Step) -> str:
    """What a shell is given to run."""
    if demo.snippet is not None:
        return "\n".join(demo.snippet.commands)
    return step.run or step.command


def _of_conditions(needs: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, condition in needs.items():
        if isinstance(condition, Mapping):
            program = condition.get("command")
            if isinstance(program, str) and program.strip() and "\0" not in program:
                yield name, program


def _is_there(name: str, subject: Subject) -> bool:
    return shutil.which(name, path=subject.environment.get("PATH")) is not None


# --- the terminal -----------------------------------------------------------------------------


def terminal_will_do(subject: Subject) -> Iterator[Issue]:
    """Whether this terminal is large enough, and has colours and all characters."""
    terminal, grid = subject.terminal, subject.deck.meta.grid
    size = terminal.size
    if size is not None:
        said = f"it has {size.columns}x{size.rows}"
        if size.columns < LEAST.columns or size.rows < LEAST.rows:
            what = f"{said}: no slide is shown below {LEAST.columns}x{LEAST.rows}"
            yield _terminal(Level.NO_GO, what, "make the window larger, or zoom out")
        elif subject.demos and (size.columns < grid.columns or size.rows < grid.rows + 4):
            what = f"{said}: demos of {grid.columns}x{grid.rows} are cut at the edges"
            yield _terminal(Level.WARNING, what, "zoom out until the test card fits (T in a talk)")
        elif size.columns < SMALL.columns or size.rows < SMALL.rows:
            what = f"{said}: less than {SMALL.columns}x{SMALL.rows}"
            yield _terminal(Level.WARNING, what, "make the window larger, or zoom out")
    if terminal.kind in _NAMELESS:
        what = f"TERM is {terminal.kind or 'not set'}: nothing is known of it"
        yield _terminal(Level.WARNING, what, "set TERM to what it is, such as xterm-256color")
    elif terminal.depth == "16":
        what = f"it promises 16 colours (TERM={terminal.kind})"
        yield _terminal(Level.WARNING, what, "set COLORTERM=truecolor if it has more")
    if terminal.encoding != "utf-8":
        what = f"the locale is of {terminal.encoding}: other characters have stand-ins"
        yield _terminal(Level.WARNING, what, "set LANG to one of UTF-8, such as C.UTF-8")


def _terminal(level: Level, what: str, todo: str) -> Issue:
    return Issue(level, "terminal", what, todo)


# --- the disk ---------------------------------------------------------------------------------


def disk_has_room(subject: Subject) -> Iterator[Issue]:
    """Whether the journal, without which no talk can be resumed, can be written."""
    folder = subject.state
    todo = "name another folder in PRESENTER_STATE_DIR"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_something(folder)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        what = f"the journal cannot be written: {error.strerror or error}"
        yield Issue(Level.NO_GO, str(folder), what, todo)
        return
    if free < LEAST_FREE:
        what = f"{free >> 20} MB are free on this disk"
        yield Issue(Level.WARNING, str(folder), what, f"free some, or {todo}")


def _write_something(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"\0" * _WRITTEN)
        file.flush()
        os.fsync(file.fileno())
