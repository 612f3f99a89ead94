"""A talk in a line: what sort it was, how long it took, how it was shown and how it ended. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from presenter.talk.history import TalkRecord

RUNGS = ("live", "recording", "transcript", "card")
SHORTEST_START = 13
"""Characters of a session's name that are shown: to the minute."""
_MARK = re.compile(r"-[0-9a-f]{8}$")
"""At the end of a folder's name, for decks of the same name in different places."""


def kind_of(record: TalkRecord) -> str:
    """`talk`, `rehearsal` or `drill`."""
    return record.purpose or "talk"


def day_of(record: TalkRecord) -> str:
    """The day, as it was told or as the clock said; empty where nobody knows."""
    return record.fact("date") or record.wall[:10]


def planned(record: TalkRecord) -> float | None:
    """Seconds that the talk was to take; None where nobody said."""
    if record.plan is not None:
        return record.plan.total
    return record.described.duration or None


def counted(record: TalkRecord) -> Mapping[str, int]:
    """How many steps were shown from each rung."""
    rungs = Counter(step.rung for steps in record.demos.values() for step in steps)
    return {rung: rungs[rung] for rung in RUNGS}


def ending(record: TalkRecord) -> str:
    """How it ended, where that is worth a word."""
    if record.trouble:
        return "damaged"
    if record.source:
        return "written down later"
    return "" if record.ended else "broke off"


# --- names --------------------------------------------------------------------------------------


def plain_name(name: str) -> str:
    """`<deck>/<session>`: a journal's name without the mark of its folder."""
    folder, _, session = name.partition("/")
    return f"{_MARK.sub('', folder)}/{session}"


def short_names(names: Sequence[str]) -> dict[str, str]:
    """For each journal's name the shortest beginning that means no other of them."""
    plain = {name: plain_name(name) for name in names}
    twice = {one for one, count in Counter(plain.values()).items() if count > 1}
    shown = {name: name if one in twice else one for name, one in plain.items()}
    order = sorted(shown.values())
    alike = dict.fromkeys(order, 0)
    for before, after in pairwise(order):
        length = _common(before, after)
        alike[before] = max(alike[before], length)
        alike[after] = max(alike[after], length)
    return {
        name: one[: max(one.index("/") + 1 + SHORTEST_START, alike[one] + 1)]
        for name, one in shown.items()
    }


def _common(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def meant(wanted: str, names: Sequence[str]) -> list[str]:
    """The names that somebody can mean: the very one, else all that begin so."""
    exact = [name for name in names if wanted in (name, plain_name(name))]
    if len(exact) == 1:
        return exact
    return [n for n in names if n.startswith(wanted) or plain_name(n).startswith(wanted)]
