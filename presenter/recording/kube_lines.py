"""The data of a Kubernetes step, line by line: what is asked, and what the API server sends.

    {"asked":{"verb":"watch","resource":"pods","namespace":"shop",…}}
    {"at":1764187200.012,"list":{…},"first":true,"last":true}
    {"at":1764187203.4,"watch":{"type":"MODIFIED","object":{…}}}
    {"at":1764187204.0,"tick":true}
    {"at":1764187204.2,"object":{…},"events":[…]}
    {"at":1764187204.2,"log":"a line"}
    {"at":1764187204.2,"refused":"there is no resource podz"}

`list`, `watch` and `object` hold what the server has sent (a list in parts), in its Table format
or, where the deck names its own columns, as objects with their `cells` beside. `at` is a time in
seconds since 1970. A tick says that time has passed: by it ages are told, and marks of changes go.
A live source prints these lines, a recorded one too, and a view draws them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from presenter.deck.kubernetes import Query

LONGEST_CELL = 200
"""Characters of a cell that are shown."""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation that is passed on and recorded nowhere: it holds its object once more."""
MOST_CELLS = 40
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked."""

    verb: str = "get"
    resource: str = ""
    name: str = ""
    namespace: str = ""
    """As it is, where the deck names none; `*` for all; empty for what belongs to no namespace."""
    selector: str = ""
    titles: tuple[str, ...] = ()
    """Of the deck's own columns."""
    until: str = ""
    """What it is watched for, in words."""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    number: bool = False
    wide: bool = False
    """Shown by the server's own clients where there is room only."""


@dataclass(frozen=True, slots=True)
class Row:
    """An object in a list."""

    namespace: str
    name: str
    cells: tuple[str, ...]
    created: float | None = None
    """Seconds since 1970."""

    @property
    def key(self) -> tuple[str, str]:
        return self.namespace, self.name


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list; the `first` one begins a new list, behind the `last` it is whole."""

    at: float
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: bool = True
    last: bool = True
    more: int = 0
    """Objects that there are beside."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An event of a watch: `ADDED`, `MODIFIED` or `DELETED`."""

    at: float
    kind: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    at: float


@dataclass(frozen=True, slots=True)
class Detail:
    """One object, with what has happened to it."""

    at: float
    object: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is nothing to show."""

    at: float
    words: str


Line = Asked | Listed | Changed | Tick | Detail | LogLine | Refused


def asked_of(query: Query, namespace: str) -> Asked:
    """`namespace`: that of the objects, whatever the deck says."""
    titles = tuple(title for title, _ in query.columns)
    until = str(query.until) if query.until is not None else ""
    return Asked(query.verb, query.resource, query.name, namespace, query.selector, titles, until)


def asked_line(asked: Asked) -> str:
    return encoded({"asked": asdict(asked)})


def encoded(told: Mapping[str, object]) -> str:
    """An object on one line of ASCII."""
    return json.dumps(told, separators=(",", ":"))


# --- reading --------------------------------------------------------------------------------------


def read_line(line: str, titles: Sequence[str] = ()) -> Line | None:
    """What a line says; None where it says nothing of this. `titles`: of the deck's own columns."""
    try:
        told = json.loads(line)
        return _read(told, titles) if isinstance(told, dict) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def _read(told: dict[str, Any], titles: Sequence[str]) -> Line | None:
    if "asked" in told:
        its = told["asked"]
        names = ("verb", "resource", "name", "namespace", "selector")
        verb, resource, name, namespace, selector = (str(its.get(key) or "") for key in names)
        own, until = tuple(map(str, its.get("titles") or ())), str(its.get("until") or "")
        return Asked(verb, resource, name, namespace, selector, own, until)
    at = float(told["at"])
    if not 0 <= at < 1e11:
        return None
    if "list" in told:
        columns, rows = _rows(told["list"], told.get("cells"), titles)
        ends = bool(told.get("first")), bool(told.get("last"))
        return Listed(at, columns, rows, *ends, int(told.get("more") or 0))
    if "watch" in told:
        cells = told.get("cells")
        wire = told["watch"]
        columns, rows = _rows(wire["object"], None if cells is None else [cells], titles)
        return Changed(at, str(wire["type"]), rows, columns)
    if "object" in told:
        events = [one for one in told.get("events") or () if isinstance(one, dict)]
        return Detail(at, dict(told["object"]), tuple(events[:MOST_EVENTS]))
    if "log" in told:
        return LogLine(at, str(told["log"]))
    if "refused" in told:
        return Refused(at, str(told["refused"]))
    return Tick(at) if "tick" in told else None


def _rows(
    wire: dict[str, Any], cells: list[list[Any]] | None, titles: Sequence[str]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Of a Table, or of an object or a list of objects with their cells."""
    if wire.get("kind") == "Table":
        told = wire.get("columnDefinitions") or ()
        columns = tuple(map(_column, told[:MOST_CELLS]))
        return columns, tuple(
            _row(row.get("object") or {}, row.get("cells") or ()) for row in wire.get("rows") or ()
        )
    objects = wire.get("items", [wire])
    columns = tuple(Column(title) for title in titles)
    named = cells if cells is not None else [[] for _ in objects]
    return columns, tuple(_row(one, its) for one, its in zip(objects, named, strict=False))


def _column(told: dict[str, Any]) -> Column:
    number = told.get("type") in ("integer", "number")
    return Column(str(told.get("name")), number, int(told.get("priority") or 0) > 0)


def _row(found: dict[str, Any], cells: Sequence[object]) -> Row:
    metadata = found.get("metadata") or {}
    return Row(
        str(metadata.get("namespace") or ""),
        str(metadata.get("name") or (cells[0] if cells else "")),
        tuple(_cell(cell) for cell in cells[:MOST_CELLS]),
        seconds_of(metadata.get("creationTimestamp")),
    )


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)[:LONGEST_CELL]


def seconds_of(time: object) -> float | None:
    """Seconds since 1970 of a time as the API server writes it; None where it is none."""
    try:
        return datetime.fromisoformat(str(time).replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


# --- what patterns and falls look at --------------------------------------------------------------


def readable(lines: str) -> str:
    """Lines of data as the text that a pattern of the deck is looked for in."""
    return "".join(map(text_of, lines.splitlines()))


def text_of(line: str) -> str:
    """The same of one line, with its newlines; nothing for what only says that time passes."""
    return "".join(f"{one}\n" for one in _texts(read_line(line)))


def _texts(found: Line | None) -> Iterator[str]:
    match found:
        case Listed(rows=rows):
            yield from ("  ".join(row.cells) for row in rows)
            if not rows and found.first and found.last:
                yield "no resources found"
        case Changed(kind=kind, rows=rows):
            yield from (f"{kind} {'  '.join(row.cells)}" for row in rows)
        case LogLine(text=text) | Refused(words=text):
            yield text
        case Detail(object=told, events=events):
            yield json.dumps(told, sort_keys=True)
            yield from (f"{one.get('reason')} {one.get('message')}" for one in events)
