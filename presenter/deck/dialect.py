"""Which tool's habits a deck follows, told by cheap signs in a fixed order.

The order keeps false signs harmless: Marp's own key first, words shared by many last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from presenter.deck.comments import PRESENTERM_SIGNS, Command, parse_command
from presenter.deck.scan import Kind, Mark, Rules

OWN = "presenter"

_SLIDEV_KEYS = frozenset(("layout", "transition", "drawings", "mdc", "comark", "routerMode", "src"))


def detect(
    values: Mapping[str, object],
    lines: Sequence[str],
    head: int,
    marks: list[Mark],
    tildes: bool = True,
) -> str:
    """The dialect of a deck: its front matter's values, its lines, where they begin, its marks.

    `tildes`: whether some line starts with `~~~`; false spares looking for one.
    """
    if values.get("marp") is True:
        return "marp"
    if lines and lines[0].startswith("%title:"):
        return "mdp"
    words = {command.name for command in _commands(marks)}
    if not PRESENTERM_SIGNS.isdisjoint(words) or "options" in values or "sub_title" in values:
        return "presenterm"
    signals = {mark.text for mark in marks if mark.kind is Kind.SIGNAL}
    pandoc = head > 0 and lines[head - 1].rstrip() == "..."
    if "patat" in values or "patat" in signals or pandoc:
        return "patat"
    per_slide = any(mark.kind is Kind.BREAK and mark.text for mark in marks)
    if per_slide or "slidev" in signals or not _SLIDEV_KEYS.isdisjoint(values):
        return "slidev"
    if "reveal" in signals or _has_dotted(marks):
        return "reveal"
    if "styles" in values or "stop" in words or _has_terminal(marks):
        return "lookatme"
    if "paging" in values or (tildes and _has_preprocess(lines, marks)):
        return "slides"
    return OWN


def rules_of(dialect: str) -> Rules:
    """What the dialect takes for a slide break."""
    if dialect in ("slidev", "slides"):
        return Rules(underline=False)
    return Rules(short=True) if dialect == "reveal" else Rules()


def has_title_slide(dialect: str) -> bool:
    """Whether the dialect's tool makes a slide from the front matter's title."""
    return dialect in (OWN, "presenterm")


def mdp_head(lines: Sequence[str]) -> tuple[int, dict[str, str]]:
    """mdp's `%title: …` lines at the head: the line after them, and their values."""
    values: dict[str, str] = {}
    for index, line in enumerate(lines):
        match = re.fullmatch(r"%(title|author|date|theme|fg|bg)\s*:\s*(.*?)\s*", line)
        if match is None:
            return index, values
        values[match.group(1)] = match.group(2)
    return len(lines), values


def _commands(marks: Iterable[Mark]) -> Iterable[Command]:
    for mark in marks:
        if mark.kind is Kind.COMMENT and (command := parse_command(mark.text)) is not None:
            yield command


def _has_dotted(marks: Iterable[Mark]) -> bool:
    return any(
        mark.kind is Kind.COMMENT and mark.text.lstrip().startswith((".slide:", ".element:"))
        for mark in marks
    )


def _has_terminal(marks: Iterable[Mark]) -> bool:
    return any(
        mark.kind is Kind.FENCE and re.match(r"terminal(?:\d+|-ex)(?:\s|$)", mark.text)
        for mark in marks
    )


def _has_preprocess(lines: Sequence[str], marks: Iterable[Mark]) -> bool:
    """Whether a backtick fence holds a `~~~` line, as slides writes its preprocessing."""
    return any(
        mark.kind is Kind.FENCE
        and lines[mark.line].lstrip().startswith("```")
        and any(line.startswith("~~~") for line in lines[mark.line + 1 : mark.end])
        for mark in marks
    )
