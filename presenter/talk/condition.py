"""Conditions: what a step needs of the world, in three values.

A condition that cannot be looked at yet (it names a variable that no step has exported, or its
probe has not answered) is unknown, and an unknown condition never counts as failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from presenter.deck.model import Demo, Step

CURRENT_CLUSTER = "cluster of the current context"
"""The name of the condition that cluster tools have where the deck names none."""
CLUSTER_TOOLS = frozenset(("kubectl", "helm", "istioctl"))

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,99})\s*\}\}")
_PROGRAM = re.compile(
    r"(?:^|[\n;&|({`!])\s*"
    r"(?:(?:do|then|else|if|while|until|sudo|time|exec|env|command|[A-Za-z_]\w*=[^\s;&|]*)\s+)*"
    r"([\w./-]+)"
)


class Truth(Enum):
    """Whether a condition holds."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


def all_of(truths: Iterable[Truth]) -> Truth:
    """False where one is false, else unknown where one is unknown; true of nothing at all."""
    found = set(truths)
    if Truth.FALSE in found:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.TRUE


def truth_of(names: Iterable[str], known: Mapping[str, Truth]) -> Truth:
    """Whether all of the conditions named hold; one that nobody has looked at is unknown."""
    return all_of(known.get(name, Truth.UNKNOWN) for name in names)


def needs_of(demo: Demo, step: Step) -> tuple[str, ...]:
    """The names of the conditions of a step, each once.

    A step for which the deck names none needs the current cluster where it runs `kubectl`, `helm`
    or `istioctl`, or asks an API server.
    """
    named = tuple(dict.fromkeys((*demo.needs, *step.needs)))
    if step.query is not None and not named:
        return (CURRENT_CLUSTER,)
    if named or CLUSTER_TOOLS.isdisjoint(programs_of(step.run or step.command)):
        return named
    return (CURRENT_CLUSTER,)


def programs_of(command: str) -> tuple[str, ...]:
    """The programs that stand where a shell looks for one, without their folders, each once.

    A rule of thumb for conditions and hints, not a parser: quoting is not looked at.
    """
    found = (match[1].rpartition("/")[2] for match in _PROGRAM.finditer(command))
    return tuple(dict.fromkeys(name for name in found if name))


def variables_of(value: object) -> frozenset[str]:
    """The names of all `{{NAME}}` in a condition as the front matter holds it (plain YAML)."""
    if isinstance(value, str):
        return frozenset(_VARIABLE.findall(value))
    if isinstance(value, Mapping):
        return frozenset().union(*map(variables_of, (*value.keys(), *value.values())))
    if isinstance(value, list | tuple):
        return frozenset().union(*map(variables_of, value))
    return frozenset()


def expand(value: object, variables: Mapping[str, str]) -> object:
    """A copy of a condition with its variables in; one that has no value stays as written."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), value)
    if isinstance(value, Mapping):
        return {expand(key, variables): expand(each, variables) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [expand(each, variables) for each in value]
    return value


def is_known(value: object, variables: Mapping[str, str]) -> bool:
    """Whether every variable of a condition has a value, so that it can be looked at."""
    return variables_of(value) <= variables.keys()
