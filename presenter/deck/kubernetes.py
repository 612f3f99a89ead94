"""`kubernetes` blocks: what is asked of an API server, a step for each YAML document.

watch: pods
namespace: bookinfo
selector: app=reviews
columns: {NAME: .metadata.name, IMAGE: ".spec.containers[0].image"}
until: ready
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from presenter.deck.text import clean, nearest
from presenter.deck.yaml_text import YamlRefused, read_mapping

VERBS = ("watch", "get", "describe", "logs")
KEYS = (
    *VERBS,
    "namespace",
    "selector",
    "columns",
    "until",
    "export",
    "container",
    "tail",
    "follow",
)
_ONLY = {
    "columns": ("watch", "get"),
    "until": ("watch", "logs"),
    "export": ("watch", "get", "describe"),
    "container": ("logs",),
    "tail": ("logs",),
    "follow": ("logs",),
}
"""The verbs for which a key has a meaning, where it has none for the others."""
MOST_COLUMNS = 12
MOST_TAIL = 2000
TAIL = 20
"""Lines of a log that are shown from before, where the deck does not say."""
LONGEST = 500
"""Characters of a value."""
EVERYWHERE = "*"
"""The namespace that stands for all of them."""
_USE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,99})\s*\}\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_HELD = re.compile("\ue000([A-Za-z0-9_]+)\ue001")
"""A variable while YAML is read, for which `{{NAME}}` is something else."""
_RESOURCE = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9.-]+)?", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")
_WORD = re.compile(r"[A-Za-z0-9._*-]*")
_SELECTOR = re.compile(r"[A-Za-z0-9._/,=!() -]*")
_COUNTED = re.compile(r"(?P<count>\d{1,5})(?: +(?P<ready>ready))?")
_FIELD = re.compile(r"\{?(?P<path>\.[^={}]+)\}?(?:=(?P<value>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Until:
    """What ends a watch, or, of a log, a pattern in one of its lines."""

    ready: bool = False
    """All objects are ready."""
    count: int | None = None
    """So many are there, or more; 0: none is left."""
    path: str = ""
    """A JSONPath that has the value in every object."""
    value: str = ""
    """Empty: any value."""
    pattern: str = ""

    def __str__(self) -> str:
        if self.pattern:
            return f"/{self.pattern}/"
        if self.path:
            return f"{self.path}={self.value}" if self.value else self.path
        if self.count == 0:
            return "gone"
        return f"{'' if self.count is None else self.count} {'ready' if self.ready else ''}".strip()


@dataclass(frozen=True, slots=True)
class Query:
    """What one step asks; a value may hold `{{NAME}}`."""

    verb: str
    """`watch`, `get`, `describe` or `logs`."""
    resource: str
    """As written: `pods`, `deploy`, `virtualservices.networking.istio.io`."""
    name: str = ""
    """Of one object; empty for all of them."""
    namespace: str = ""
    """Empty for the context's own, `*` for all."""
    selector: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Titles and JSONPaths; none for the server's own columns."""
    until: Until | None = None
    exports: tuple[tuple[str, str], ...] = ()
    """Variables, and the JSONPaths of their values in the first object."""
    container: str = ""
    tail: int = TAIL
    follow: bool = True

    @property
    def endless(self) -> bool:
        """Whether it goes on until somebody ends it."""
        follows = self.verb == "watch" or (self.verb == "logs" and self.follow)
        return follows and self.until is None

    @property
    def line(self) -> str:
        """The query as it is shown and recorded: in kubectl's words, though it is not run."""
        words = [self.verb, f"{self.resource}/{self.name}" if self.name else self.resource]
        if self.namespace:
            words += ["-A"] if self.namespace == EVERYWHERE else ["-n", self.namespace]
        words += ["-l", self.selector] if self.selector else []
        words += ["-c", self.container] if self.container else []
        words += ["-f"] if self.verb == "logs" and self.follow else []
        return " ".join(words)

    @property
    def text(self) -> str:
        """All that it says, for the list of what a deck may contact."""
        told = [self.line]
        told += [f"column {title}: {path}" for title, path in self.columns]
        told += [f"export {name}: {path}" for name, path in self.exports]
        told += [f"tail {self.tail}"] if self.verb == "logs" else []
        told += [f"until {self.until}"] if self.until is not None else []
        return "\n".join(told)


@dataclass(frozen=True, slots=True)
class Found:
    query: Query
    line: int
    """Of its first line in the block, from 0."""
    settings: tuple[tuple[int, str], ...]
    """`#: ` lines: number and text."""


def unfit(query: Query) -> str:
    """What is wrong with a query whose variables have their values; nothing where it is sound."""
    for text, pattern, what in (
        (query.resource, _RESOURCE, "resource"),
        (query.name or "x", _NAME, "name"),
        (query.namespace, _WORD, "namespace"),
        (query.selector, _SELECTOR, "selector"),
        (query.container, _WORD, "container"),
    ):
        if pattern.fullmatch(text) is None:
            return f"`{clean(text)[:60]}` is no {what}"
    return ""


class QueryWrong(Exception):  # noqa: N818 - becomes a problem of the deck
    """The block cannot be used; `line` counts from 0 within it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


Warn = Callable[[str, int], None]
"""Takes a message and the line that it is about."""


def read_queries(lines: list[str], warn: Warn) -> list[Found]:
    """The queries of a block; raises QueryWrong."""
    return [
        found
        for start, end in _documents(lines)
        if (found := _read(lines[start:end], start, warn)) is not None
    ]


def _documents(lines: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for number, line in enumerate([*lines, "---"]):
        if line.rstrip() == "---":
            yield start, number
            start = number + 1


def _read(lines: list[str], start: int, warn: Warn) -> Found | None:
    settings = tuple(
        (start + number, line.strip()[2:].strip())
        for number, line in enumerate(lines)
        if line.strip().startswith("#:")
    )
    text = _USE.sub("\ue000\\1\ue001", "\n".join(lines))
    try:
        mapping = read_mapping(text)
    except YamlRefused as error:
        raise QueryWrong(start + error.line, error.message) from error
    if not mapping.values:
        return None
    reader = _Reader(mapping.values, {key: at[0] + start for key, at in mapping.places.items()})
    query = reader.query(warn)
    return Found(query, min(mapping.places.values())[0] + start, settings)


class _Reader:
    """Of one document."""

    def __init__(self, values: dict[str, object], places: dict[str, int]) -> None:
        self._values = values
        self._places = places

    def query(self, warn: Warn) -> Query:
        for key in self._values:
            if key not in KEYS:
                warn(f"kubernetes: unknown key `{clean(key)}`{nearest(key, KEYS)}", self._at(key))
        verbs = [verb for verb in VERBS if verb in self._values]
        if len(verbs) != 1:
            at = self._at(verbs[1]) if verbs else min(self._places.values())
            raise QueryWrong(at, "needs exactly one of `watch`, `get`, `describe` and `logs`")
        verb = verbs[0]
        for key, its in _ONLY.items():
            if key in self._values and verb not in its:
                warn(f"kubernetes: `{key}` has no meaning for `{verb}`", self._at(key))
        resource, name = self._object(verb)
        query = Query(
            verb,
            resource,
            name,
            namespace=self._matching("namespace", _WORD, "a namespace"),
            selector=self._matching("selector", _SELECTOR, "a label selector such as app=reviews"),
            columns=self._paths("columns") if verb in _ONLY["columns"] else (),
            exports=self._exports() if verb in _ONLY["export"] else (),
            until=self._until(verb) if verb in _ONLY["until"] else None,
            container=self._matching("container", _WORD, "a container's name"),
            tail=self._tail(),
            follow=self._values.get("follow") is not False,
        )
        if name and query.selector:
            raise QueryWrong(self._at("selector"), "a name and a `selector` exclude each other")
        return query

    def _at(self, key: str) -> int:
        return self._places.get(key, 0)

    def _wrong(self, key: str, wanted: str) -> QueryWrong:
        shown = clean(_released(str(self._values.get(key))))[:60]
        return QueryWrong(self._at(key), f"`{key}: {shown}` is not {wanted}")

    def _text(self, key: str) -> str:
        value = self._values.get(key, "")
        if value is None or isinstance(value, dict | list) or len(str(value)) > LONGEST:
            raise self._wrong(key, "a short text")
        return str(value).strip()

    def _matching(self, key: str, pattern: re.Pattern[str], wanted: str) -> str:
        """Without its variables, whose values are looked at when they are known."""
        text = self._text(key)
        if pattern.fullmatch(_HELD.sub("", text)) is None:
            raise self._wrong(key, wanted)
        return _released(text)

    def _object(self, verb: str) -> tuple[str, str]:
        """`pods`, `pod/NAME`, and of a log also the pod's name alone."""
        told = self._text(verb)
        resource, slash, name = told.partition("/")
        if verb == "logs" and not slash and resource.lower() not in ("po", "pod", "pods"):
            resource, name = "pods", told
        bare = _HELD.sub("x", name)
        wanted = "a resource such as `pods` or `deployment/web`"
        if _RESOURCE.fullmatch(_HELD.sub("x", resource)) is None:
            raise self._wrong(verb, wanted)
        if (slash or name) and _NAME.fullmatch(bare) is None:
            raise self._wrong(verb, wanted)
        return _released(resource), _released(name)

    def _paths(self, key: str) -> tuple[tuple[str, str], ...]:
        told = self._values.get(key, {})
        if not isinstance(told, dict) or len(told) > MOST_COLUMNS:
            raise self._wrong(key, "up to 12 titles with a JSONPath each, {NAME: .path}")
        columns = {clean(str(title)): str(path).strip() for title, path in told.items()}
        for path in columns.values():
            if not path.lstrip("{").startswith(".") or len(path) > LONGEST:
                raise self._wrong(key, "titles with JSONPaths, which begin with a dot")
        return tuple((title, _released(path)) for title, path in columns.items())

    def _exports(self) -> tuple[tuple[str, str], ...]:
        exports = self._paths("export")
        if not all(_VARIABLE.fullmatch(name) for name, _ in exports):
            raise self._wrong("export", "names of variables with a JSONPath each, {NAME: .path}")
        return exports

    def _until(self, verb: str) -> Until | None:
        if "until" not in self._values:
            return None
        told = _released(self._text("until"))
        if verb == "logs":
            return Until(pattern=told)
        if told == "ready":
            return Until(ready=True)
        if told == "gone":
            return Until(count=0)
        counted, field = _COUNTED.fullmatch(told), _FIELD.fullmatch(told)
        if counted is not None:
            return Until(ready=counted["ready"] is not None, count=int(counted["count"]))
        if field is not None:
            return Until(path=field["path"].strip(), value=(field["value"] or "").strip())
        raise self._wrong("until", "`ready`, `3 ready`, `3`, `gone`, or `.status.phase=Running`")

    def _tail(self) -> int:
        tail = self._values.get("tail", TAIL)
        if not isinstance(tail, int) or isinstance(tail, bool) or not 0 <= tail <= MOST_TAIL:
            raise self._wrong("tail", f"a number of lines up to {MOST_TAIL}")
        return tail


def _released(text: str) -> str:
    return _HELD.sub(r"{{\1}}", text)
