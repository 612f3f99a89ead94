"""The shapes of front matter that later versions act on: checked now, kept as data."""

from __future__ import annotations

from presenter.deck.text import clean, nearest, seconds

PROBES = ("kubernetes", "http", "tcp", "command", "free")
"""What a condition looks at; the other keys of a condition belong to one of these."""


def problem_of(key: str, value: object) -> str:
    """What is wrong with the shape of `key`'s value, or nothing."""
    if key in ("needs", "start"):
        return _conditions(key, value)
    if key == "vars":
        return _variables(value)
    if key in ("setup", "reset"):
        return _names(key, value)
    if key in ("audience", "links"):
        return _texts(key, value)
    if key == "cuts":
        return _cuts(value)
    return ""


def _conditions(key: str, value: object) -> str:
    if not isinstance(value, dict):
        return f"`{key}` should name conditions, such as `{key}: {{wifi: {{tcp: host:443}}}}`"
    for name, condition in value.items():
        word = clean(str(name))
        if not isinstance(condition, dict):
            return f"`{key}.{word}` should be a mapping with one of {', '.join(PROBES)}"
        if not any(probe in condition for probe in PROBES):
            first = str(next(iter(condition), ""))
            return f"`{key}.{word}` needs one of {', '.join(PROBES)}{nearest(first, PROBES)}"
    return ""


def _variables(value: object) -> str:
    if not isinstance(value, dict):
        return "`vars` should be a mapping of names to values"
    for name, each in value.items():
        if isinstance(each, dict | list):
            return f"`vars.{clean(str(name))}` should be a single value"
    return ""


def _names(key: str, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    if all(isinstance(each, str) for each in values):
        return ""
    return f"`{key}` should be a command or a list of commands"


def _texts(key: str, value: object) -> str:
    values = value if isinstance(value, list) and key == "links" else [value]
    if all(isinstance(each, str) for each in values):
        return ""
    return f"`{key}` should be text" + (", or a list of links" if key == "links" else "")


def _cuts(value: object) -> str:
    if not isinstance(value, dict):
        return "`cuts` should be a mapping such as `{20m: [id, …]}`"
    for length, ids in value.items():
        if seconds(str(length)) is None:
            return f"`cuts`: `{clean(str(length))}` is not a time such as `20m`"
        if not isinstance(ids, list) or not all(isinstance(each, str | int) for each in ids):
            return f"`cuts.{clean(str(length))}` should be a list of slide ids"
    return ""
