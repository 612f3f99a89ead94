"""What a yes to a deck covers: its commands, conditions and executed files, at its path.

Two decks with the same fingerprint run and contact the same. Sentences, notes, transcripts and
times are no part of it; whatever decides what is run, where and on which condition, is. What the
fingerprint does not list must not be run: the list is what the user has seen.

What it cannot see: files that a command reaches without naming them (by a pattern, in a folder, in
a Makefile), files outside of the deck's folder, and what is fetched while it runs.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from presenter.deck.attributes import read_attributes
from presenter.deck.deck import Deck
from presenter.deck.demos import EXEC, SHELLS, read_snippet
from presenter.deck.glance import holds_demo
from presenter.deck.languages import Snippet
from presenter.deck.model import Demo, DemoKind, Place, Step
from presenter.deck.named import FileRefused, named_files
from presenter.deck.scan import Kind, scan

VERSION = "presenter trust 1"
"""Part of every digest: what is covered may grow, and then every deck is asked about anew."""

_EXECUTED = (*EXEC, "validate")
_QUOTE = re.compile(r"(?: {0,3}> ?)+")
_SETTINGS = ("pty", "env", "id")
"""Attributes of executed code that change how it runs."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the deck may run, contact or look at."""

    kind: str
    """`command`, `code`, `request`, `open`, `condition`, `start`, `variable`, `setup`, `reset` or
    `file`."""
    text: str
    details: tuple[tuple[str, str], ...] = ()
    """What else decides how it is run, by name."""
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        details = ", ".join(f"{name} {value}".rstrip() for name, value in self.details)
        return visible(f"{self.kind}: {self.text}" + (f"  ({details})" if details else ""))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a deck may do, in its order, and the digest that stands for it."""

    path: str
    """The deck's absolute path, links followed."""
    items: tuple[Item, ...]
    digest: str
    """SHA-256 in hexadecimal; empty where the deck cannot be trusted."""
    problem: str = ""
    """Why it cannot be trusted."""
    deck: str = field(default="", compare=False)
    """The hash of the deck's own bytes: the same bytes are likely to mean the same."""

    @property
    def runs_nothing(self) -> bool:
        """Whether there is nothing that the deck may run or contact."""
        return not self.problem and all(item.kind == "variable" for item in self.items)

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The files among the items, each with its SHA-256."""
        return tuple((item.text, item.details[0][1]) for item in self.items if item.kind == "file")

    @property
    def lines(self) -> tuple[str, ...]:
        """The items as a user reads them, one line each, nothing in them invisible."""
        return tuple(map(str, self.items))

    def covers_value(self, kind: str, name: str, value: object) -> bool:
        """Whether a `condition` or a `variable` of the front matter is what the yes was to."""
        return bool(self.digest) and Item(kind, f"{name}: {_plain(value)}") in self.items

    def covers(self, demo: Demo, step: Step) -> bool:
        """Whether a step is among the items, as it would be run now."""
        return bool(self.digest) and _step_item(demo, step) in self.items


def visible(text: str) -> str:
    """`text` on one line, with every character that does not print written as its escape.

    A line's end is shown as `⏎`: as `\\n` it would look like the two characters that it is not.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text.replace("\n", " ⏎ ")
    )


def fingerprint(deck: Deck) -> Fingerprint:
    """What a deck may run and contact; reads the slides with fences, and the files named."""
    path = str(deck.path.resolve())
    items = [*_front_matter(deck)]
    for index in range(len(deck)):
        text = deck.raw(index)
        if holds_demo(text):  # others need not be parsed
            slide = deck.slide(index)
            for demo in (*slide.demos, *slide.variants):
                items.extend(_demo_items(demo))
            items.extend(_code_items(text, slide.place))
    try:
        items.extend(_file_items(items, deck.root, deck.path.parent))
    except FileRefused as refused:
        return Fingerprint(path, tuple(items), "", str(refused), deck.hash)
    return Fingerprint(path, tuple(items), _digest(path, items), "", deck.hash)


def diff(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The lines that went (`- …`) and came (`+ …`) between two fingerprints' lines."""
    changes: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            changes += (f"- {line}" for line in old[old_start:old_end])
            changes += (f"+ {line}" for line in new[new_start:new_end])
    return tuple(changes)


def files_now(trusted: Fingerprint, deck: Deck) -> Mapping[str, str]:
    """The digests of the files that what was trusted names, as they are now, by their names.

    A file that cannot be hashed has what is wrong with it for a digest.
    """
    others = [item for item in trusted.items if item.kind != "file"]
    try:
        found = _file_items(others, deck.root, deck.path.parent)
        return {item.text: item.details[0][1] for item in found}
    except FileRefused as refused:
        return {str(refused): ""}


def changed_files(
    trusted: Fingerprint, deck: Deck, before: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The files that are not what they were: to be asked right before a step runs.

    `before`: as they were when a step of the talk, or the speaker, had changed them last; without
    it, as they were when the yes was said.
    """
    before, after = dict(trusted.files) if before is None else before, files_now(trusted, deck)
    names = sorted(before.keys() | after.keys())
    return tuple(name for name in names if before.get(name) != after.get(name))


def _digest(path: str, items: Sequence[Item]) -> str:
    told = [VERSION, path, [[item.kind, item.text, item.details] for item in items]]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


# --- front matter -----------------------------------------------------------------------------


def _front_matter(deck: Deck) -> Iterator[Item]:
    extra = deck.meta.extra
    for kind, values in (
        ("variable", extra.get("vars")),
        ("condition", deck.meta.needs),
        ("start", extra.get("start")),
    ):
        if isinstance(values, Mapping):
            for name in sorted(values, key=str):
                yield Item(kind, f"{name}: {_plain(values[name])}")
        elif values is not None:
            yield Item(kind, _plain(values))
    if "shell" in deck.meta.options:
        yield Item("variable", f"options.shell: {_plain(deck.meta.options['shell'])}")
    for kind in ("setup", "reset"):
        given = extra.get(kind)
        for value in given if isinstance(given, list) else [] if given is None else [given]:
            yield Item(kind, value if isinstance(value, str) else _plain(value))


def _plain(value: object) -> str:
    """A YAML value in one way of writing it, whatever the order of its keys."""
    return json.dumps(_sorted(value), ensure_ascii=False, default=repr)


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _sorted(value[key]) for key in sorted(value, key=str)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


# --- slides -----------------------------------------------------------------------------------


def _demo_items(demo: Demo) -> Iterator[Item]:
    if demo.kind is not DemoKind.CAST:
        yield from (_step_item(demo, step) for step in demo.steps if step.live != "never")
    if demo.open_url:
        yield Item("open", demo.open_url, (), demo.place)


def _step_item(demo: Demo, step: Step) -> Item:
    if step.request is not None:
        return _asked_item(demo, step, step.request.text, step.request.manner)
    if step.query is not None:
        return _asked_item(demo, step, step.query.text)
    if demo.snippet is not None:
        return _snippet_item(demo, demo.snippet, step)
    run = step.run or step.command
    details: list[tuple[str, str]] = [("in", demo.language)]
    if step.prompt.startswith("PS") and demo.language == "console":
        details = [("in", "powershell")]
    if run != step.command:
        details.append(("shown as", step.command))
    details += _demo_details(demo, (*demo.needs, *step.needs))
    return Item("command", run, tuple(details), step.place)


def _asked_item(demo: Demo, step: Step, text: str, manner: Iterable[tuple[str, str]] = ()) -> Item:
    """All that is asked, and how often; where it goes may be said by a variable: that is listed."""
    kind = ("kind", demo.kind.value)
    details = (kind, *manner, *_demo_details(demo, (*demo.needs, *step.needs)))
    return Item("request", text, details, step.place)


def _snippet_item(demo: Demo, snippet: Snippet, step: Step) -> Item:
    (_, text), *others = snippet.files
    details = [("in", demo.language), ("by", " && ".join(snippet.commands))]
    details += [("file", f"{name}: {more}") for name, more in others]
    details += _demo_details(demo, (*demo.needs, *step.needs))
    return Item("code", text.removesuffix("\n"), tuple(details), step.place)


def _demo_details(demo: Demo, needs: Sequence[str]) -> list[tuple[str, str]]:
    told = (
        ("session", demo.session),
        ("background", "yes" if demo.background else ""),
        ("export", ",".join(demo.exports)),
        ("on", demo.os),
        ("needs", ",".join(dict.fromkeys(needs))),
        ("hidden", "yes" if demo.hidden else ""),
        ("takes keys", "yes" if demo.takes_keys else ""),
    )
    return [(name, value) for name, value in told if value]


def _code_items(text: str, place: Place) -> Iterator[Item]:
    """Executed blocks that are no demos (yet): their text as it stands in the deck."""
    lines = text.split("\n")
    yield from _executed_fences(lines, place)
    if any(line.lstrip().startswith(">") for line in lines):
        yield from _executed_fences([_QUOTE.sub("", line, count=1) for line in lines], place)


def _executed_fences(lines: Sequence[str], place: Place) -> Iterator[Item]:
    for mark in scan(lines):
        if mark.kind is not Kind.FENCE or "+" not in mark.text:
            continue
        attributes = read_attributes(mark.text)
        language = attributes.language.lower()
        keys = [key for key in _EXECUTED if attributes.has(key)]
        body = lines[mark.line + 1 : mark.end - 1 if mark.closed else mark.end]
        if read_snippet(attributes, body) is not None:
            continue  # a demo, and listed as one
        if keys and language not in SHELLS and language != "console":
            settings = [key for key in _SETTINGS if attributes.has(key)]
            details = [("in", language), *((key, attributes.get(key)) for key in keys + settings)]
            yield Item("code", "\n".join(body), tuple(details), place)


# --- files ------------------------------------------------------------------------------------

_NAMING_FILES = ("command", "code", "setup", "reset", "condition", "start")


def _file_items(items: Sequence[Item], root: Path, folder: Path) -> Iterator[Item]:
    """The files in the deck's folder that commands and executed code name, with their digests."""
    texts = [item.text for item in items if item.kind in _NAMING_FILES]
    for name, digest in named_files(texts, root, folder):
        yield Item("file", name, (("sha256", digest),))
