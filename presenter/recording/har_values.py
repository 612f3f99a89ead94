"""Values of an exchange: what the deck's `@group` and `@until` look at."""

from __future__ import annotations

import importlib
import json
import re
import warnings
from functools import lru_cache
from typing import Protocol

from presenter.deck.http import Pick, Until
from presenter.recording.har import Exchange, Response
from presenter.recording.har_secrets import dots, is_secret_header
from presenter.recording.known import is_secret_name

LONGEST = 60
"""Characters of a value."""
MOST_SEARCHED = 262_144
"""Bytes of a body that a pattern is looked for in."""
_STEP = re.compile(r"[\w-]+")


def value_of(pick: Pick, exchange: Exchange, longest: int = LONGEST) -> str:
    """The value of an exchange, or nothing."""
    response = exchange.response
    match pick.kind:
        case "status":
            return str(response.status) if response.status else ""
        case "header":
            return header(response, pick.expression)[:longest]
        case "json":
            return _in_json(pick.expression, response.body.data)[:longest]
        case "regex":
            return _found(pick.expression, response.body.data)[:longest]
    return ""


def counted(pick: Pick, exchange: Exchange) -> str:
    """The value by which an exchange is counted; dots for one that nobody is to read."""
    value = value_of(pick, exchange)
    name = _STEP.findall(pick.expression)[-1:] if pick.kind == "json" else []
    secret = is_secret_header(pick.expression) if pick.kind == "header" else False
    return dots(value) if secret or any(map(is_secret_name, name)) else value


def holds(until: Until, exchange: Exchange) -> bool:
    """Whether what a request is repeated for has come."""
    value = value_of(until.pick, exchange)
    return value == until.value if until.value else bool(value)


def header(response: Response, name: str) -> str:
    """The first value of a header, or nothing."""
    wanted = name.lower()
    return next((value for told, value in response.headers if told.lower() == wanted), "")


def _in_json(path: str, data: bytes) -> str:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    for step in _STEP.findall(path.removeprefix("$")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return ""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


class _Compiled(Protocol):
    def search(self, text: str, /) -> re.Match[str] | None: ...


def _found(pattern: str, data: bytes) -> str:
    """The first group of the first match, or all of it."""
    engine = compiled(pattern)
    text = data[:MOST_SEARCHED].decode("utf-8", "replace")
    match = engine.search(text) if engine is not None else None
    if match is None:
        return ""
    return (match[1] if match.re.groups else match[0]) or ""


@lru_cache(maxsize=64)
def compiled(pattern: str) -> _Compiled | None:
    """By RE2 where it is installed; else by Python, which may take its time: not where slides are
    drawn, but in the process that sends, which is ended at the step's deadline."""
    try:
        engine = importlib.import_module("re2")
    except ImportError:
        engine = re
    told = {}
    if engine is not re:
        options = engine.Options()
        options.log_errors = False  # which would go to the terminal
        told = {"options": options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: _Compiled = engine.compile(pattern, **told)
        except (engine.error, UnicodeError, RecursionError, OverflowError):
            return None
    return found
