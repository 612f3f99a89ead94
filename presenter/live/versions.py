"""Versions of programs: found in what they print, and compared with what a deck asks for."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

Version = tuple[int, ...]

_DOTTED = re.compile(r"(?<![\d.])\d{1,9}(?:\.\d{1,9}){1,5}")
_PLAIN = re.compile(r"(?<![\w.])\d{1,9}(?![\w.])")
_WISH = re.compile(r"\s*(>=|<=|==|!=|=|>|<)?\s*v?(\d{1,9}(?:\.\d{1,9}){0,5})\s*")
_COMPARE: dict[str, Callable[[Version, Version], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "!=": operator.ne,
}


def find_version(output: str) -> str:
    """The first version in an output, such as `1.20.3`, or nothing."""
    found = _DOTTED.search(output) or _PLAIN.search(output)
    return found[0] if found else ""


def satisfies(version: str, wish: str) -> bool | None:
    """Whether a version is as wished (`>=1.20`, `>=1.20,<2`, `1.20`); None for no wish at all.

    Without a sign, and with `=` or `==`, the parts that are named must be equal.
    """
    given = _parts(version)
    answers = []
    for each in wish.split(","):
        match = _WISH.fullmatch(each)
        if match is None:
            return None
        sign, wanted = match[1] or "=", _parts(match[2])
        if sign in ("=", "=="):
            answers.append(_padded(given, len(wanted))[: len(wanted)] == wanted)
        else:
            length = max(len(given), len(wanted))
            answers.append(_COMPARE[sign](_padded(given, length), _padded(wanted, length)))
    return all(answers)


def _parts(version: str) -> Version:
    return tuple(int(part) for part in version.split("."))


def _padded(version: Version, length: int) -> Version:
    return version + (0,) * (length - len(version))
