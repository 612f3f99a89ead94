"""Go or no-go: what a look at a deck before the talk has found, and what follows for each demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much an issue weighs."""

    NO_GO = "no-go"
    """Something on stage would not be as the deck wants it."""
    WARNING = "warning"
    NOTE = "note"
    """Nothing to be done: what the speaker should know."""


ORDER = (Level.NO_GO, Level.WARNING, Level.NOTE)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was found, to be shown as one line."""

    level: Level
    where: str
    """`file:line:column`, a path or a part of the machine."""
    what: str
    """What is wrong."""
    todo: str = ""
    """What to do about it."""
    demos: tuple[str, ...] = ()
    """The names of the demos that it concerns."""
    live: bool = True
    """Whether these cannot be live for it; else it is about what is below."""


class Live(Enum):
    """Whether a demo can be live."""

    GO = "go"
    NO_GO = "no-go"
    UNCHECKED = "not checked"
    UNTRUSTED = "not trusted"
    NEVER = "never"
    """The deck does not want it, or has nothing in it that runs here."""


@dataclass(frozen=True, slots=True)
class Below:
    """What is below live."""

    rungs: tuple[str, ...]
    """Of each step: `recording`, `transcript` or `card`."""

    @property
    def words(self) -> str:
        """In a table: the rung of all steps, or how many have which."""
        if len(set(self.rungs)) == 1:
            return "nothing" if self.rungs[0] == "card" else self.rungs[0]
        counts = {rung: self.rungs.count(rung) for rung in ("recording", "transcript", "card")}
        return ", ".join(
            f"{count} {'nothing' if rung == 'card' else rung}" for rung, count in counts.items()
            if count
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A demo as it goes into the table."""

    name: str
    slide: str
    """The slide's id."""
    live: Live
    """As far as it is known without the issues."""
    below: Below


@dataclass(frozen=True, slots=True)
class Row:
    """A demo as it comes out."""

    name: str
    slide: str
    live: Live
    below: Below
    go: bool


def rows(asked: Sequence[Asked], issues: Iterable[Issue]) -> list[Row]:
    """The table: a demo is a go unless one of its issues says otherwise."""
    no_go = [issue for issue in issues if issue.level is Level.NO_GO]
    stopped = {name for issue in no_go for name in issue.demos}
    not_live = {name for issue in no_go if issue.live for name in issue.demos}
    return [
        Row(
            one.name,
            one.slide,
            Live.NO_GO if one.live is Live.GO and one.name in not_live else one.live,
            one.below,
            go=one.name not in stopped,
        )
        for one in asked
    ]


def word(go: bool) -> str:
    return "go" if go else Level.NO_GO.value


def is_go(issues: Iterable[Issue]) -> bool:
    """Whether the talk can be given as it is: warnings and notes do not keep it from that."""
    return all(issue.level is not Level.NO_GO for issue in issues)


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """The gravest first, each once; else as they were found."""
    return sorted(dict.fromkeys(issues), key=lambda issue: ORDER.index(issue.level))
