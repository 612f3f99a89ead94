"""Recordings of Kubernetes demos: a JSON object on each line, times and all (`NAME.jsonl`).

    {"format":"presenter-kubernetes","version":1,"presenter":{…}}
    {"step":"1 0123456789ab","status":0,"seconds":12.3}
    {"asked":{…}}
    {"at":1764187200.012,"list":{…}}
    {"at":1764187203.4,"watch":{"type":"MODIFIED","object":{…}}}

The first line holds the provenance, as the header of a cast does. Each step begins with its label,
that of a cast's marker, and its end; then come its lines (`kube_lines`), but for ticks. What the
API server has sent stands in them as it was sent, without the data of Secrets and what is noise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from presenter.errors import RecordingError
from presenter.recording.asciicast import sound
from presenter.recording.known import is_secret_name
from presenter.recording.kube_lines import LAST_APPLIED, encoded
from presenter.recording.provenance import KEY, Provenance, provenance_from, provenance_object
from presenter.recording.redact import DOT, Redactor
from presenter.recording.writer import write_whole

FORMAT = "presenter-kubernetes"
VERSION = 1
MOST_BYTES = 48 * 1024 * 1024
"""Of a file."""
MOST_LINES = 200_000
LONGEST_SECONDS = 86_400.0
_HINT = "record the demo again, or delete the file"
_SECRET_KEYS = ("data", "stringData")
_PLAIN = re.compile(r"(?:Name|Namespace|Ref|Class|Type|Mode|Policy)$")
"""Ends of names that say of a secret what it is called, or of which sort it is."""
_OPTION = re.compile(
    r"--?[a-z0-9-]{0,60}?(?:password|passwd|token|secret|api-?key|access-?key)", re.IGNORECASE
)
"""An option of a program whose value is a secret."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One step as it was recorded."""

    label: str
    """As at the markers of a cast."""
    status: int | None
    seconds: float
    lines: tuple[str, ...]
    """Without their newlines."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A file."""

    steps: tuple[Recorded, ...] = ()
    provenance: Provenance | None = field(default=None)


def read_watched(path: Path) -> Watched:
    """Raises RecordingError, which says in which line it is wrong."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from error
    if len(data) > MOST_BYTES:
        raise RecordingError(f"{path}: larger than {MOST_BYTES >> 20} MB", _HINT)
    return decode(data.decode("utf-8", "replace"), str(path))


def decode(text: str, name: str) -> Watched:
    """Raises RecordingError; `name` is what it calls the file."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise RecordingError(f"{name}: more than {MOST_LINES} lines", _HINT)
    head = _object(lines[0], f"{name}:1")
    if head.get("format") != FORMAT or head.get("version") != VERSION:
        wanted = f'its first line should hold "format": "{FORMAT}", "version": {VERSION}'
        raise RecordingError(f"{name}:1: no recording of a Kubernetes demo: {wanted}", _HINT)
    steps: list[Recorded] = []
    held: list[str] = []
    begun: dict[str, Any] | None = None
    for number, line in enumerate([*lines[1:], '{"step":null}'], start=2):
        if not line.strip():
            continue
        told = _object(line, f"{name}:{number}")
        if "step" not in told:
            if begun is None:
                raise RecordingError(f"{name}:{number}: stands before the first step", _HINT)
            held.append(line)
            continue
        if begun is not None:
            steps.append(_step(begun, held))
            held = []
        begun = told
    return Watched(tuple(steps), provenance_from(head.get(KEY)))


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{place}: no JSON: {error}", _HINT) from error
    if not isinstance(told, dict):
        raise RecordingError(f"{place}: should be an object", _HINT)
    return told


def _step(told: dict[str, Any], lines: list[str]) -> Recorded:
    status, seconds = told.get("status"), told.get("seconds")
    whole = isinstance(status, int) and not isinstance(status, bool) and abs(status) < 1 << 31
    took = 0.0
    if isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_SECONDS:
        took = float(seconds)
    label = sound(str(told.get("step")))
    return Recorded(label, status if whole else None, took, tuple(lines))


# --- writing --------------------------------------------------------------------------------------


def write_watched(path: Path, watched: Watched, secrets: Iterable[str]) -> None:
    """The file without its secrets; `secrets` are values that this machine is known to have.

    Raises OSError as the file system does, and RecordingError where it would be too large to be
    read again. Nothing of the old file has changed then.
    """
    text = "".join(encode(without_secrets(watched, secrets)))
    if len(text.encode()) > MOST_BYTES or text.count("\n") >= MOST_LINES:
        raise RecordingError(f"{path}: too large for a recording", "record less of it")
    write_whole(path, (text,))


def encode(watched: Watched) -> Iterator[str]:
    """The lines of a file, each with its newline."""
    head: dict[str, object] = {"format": FORMAT, "version": VERSION}
    if watched.provenance is not None:
        head[KEY] = provenance_object(watched.provenance)
    yield encoded(head) + "\n"
    for step in watched.steps:
        begin = {"step": step.label, "status": step.status, "seconds": round(step.seconds, 3)}
        yield encoded(begin) + "\n"
        for line in step.lines:
            yield line + "\n"


def without_secrets(watched: Watched, values: Iterable[str]) -> Watched:
    """The file as it may be written. Doing it twice changes nothing more."""
    read = [[json.loads(line) for line in step.lines] for step in watched.steps]
    found = {value for lines in read for line in lines for value in _secrets_in(line)}
    clean = _Cleaner({*values, *found})
    steps = tuple(
        Recorded(step.label, step.status, step.seconds, tuple(clean.lines(lines)))
        for step, lines in zip(watched.steps, read, strict=True)
    )
    told = watched.provenance
    if told is not None:
        told = provenance_from(clean.value(provenance_object(told)))
    return Watched(steps, told)


class _Cleaner:
    """Takes secrets out of what was read as JSON."""

    def __init__(self, values: Iterable[str]) -> None:
        # Objects come again and again, and most of what they say is the same each time.
        self._text = cache(Redactor(values).text)

    def lines(self, told: Iterable[dict[str, Any]]) -> Iterator[str]:
        """The lines of a step; a cell has the name of its column."""
        titles: list[str] = []
        for line in told:
            asked, listed = line.get("asked"), line.get("list")
            if isinstance(asked, dict):
                titles = [str(one) for one in asked.get("titles") or ()]
            if isinstance(listed, dict) and listed.get("columnDefinitions"):
                titles = [str(one.get("name")) for one in listed["columnDefinitions"]]
            yield encoded(self.value(_without_cells(line, titles)))

    def value(self, value: Any, name: str = "") -> Any:
        """`name`: that of the member that it is."""
        if isinstance(value, str):
            return _dots(value) if _names_a_secret(name) else self._argument(value)
        if isinstance(value, list):
            before = ["", *value[:-1]]
            return [
                self.value(one, "TOKEN" if _is_option(option) else name)
                for option, one in zip(before, value, strict=False)
            ]
        return self._object(value) if isinstance(value, dict) else value

    def _object(self, told: dict[str, Any]) -> dict[str, Any]:
        kind = told.get("kind")
        if kind == "Secret":  # the process that asks tells lengths only: again, for others
            told = _without_data(told)
        elif kind == "SecretList" and isinstance(told.get("items"), list):
            items = [_without_data(one) if isinstance(one, dict) else one for one in told["items"]]
            told = {**told, "items": items}
        members = {
            self._text(name): self.value(its, name)
            for name, its in told.items()
            if name != LAST_APPLIED
        }
        if "value" in told and _names_a_secret(str(told.get("name", ""))):  # of a variable
            members["value"] = self.value(told["value"], "TOKEN")
        return members

    def _argument(self, text: str) -> str:
        option, equals, value = text.partition("=")
        if equals and _is_option(option):
            return f"{self._text(option)}={_dots(value)}"
        return self._text(text)


def _secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """The values that are secret by the name of their member, or of the variable that they set."""
    if isinstance(value, str):
        if _names_a_secret(name) and DOT not in value:
            yield value
    elif isinstance(value, list):
        for one in value:
            yield from _secrets_in(one, name)
    elif isinstance(value, dict):
        for key, its in value.items():
            yield from _secrets_in(its, key)
        if _names_a_secret(str(value.get("name", ""))):
            yield from _secrets_in(value.get("value"), "TOKEN")


def _without_cells(line: Any, titles: Sequence[str]) -> Any:
    """With dots in the cells of columns whose titles tell that they hold secrets."""
    secret = {number for number, title in enumerate(titles) if _names_a_secret(title)}
    return _dotted_cells(line, secret) if secret else line


def _dotted_cells(value: Any, secret: set[int]) -> Any:
    if isinstance(value, list):
        return [_dotted_cells(one, secret) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _dotted_row(its, secret) if key == "cells" else _dotted_cells(its, secret)
        for key, its in value.items()
    }


def _dotted_row(cells: Any, secret: set[int]) -> Any:
    if isinstance(cells, list) and cells and isinstance(cells[0], list):
        return [_dotted_row(row, secret) for row in cells]
    if not isinstance(cells, list):
        return cells
    return [_dots(str(cell)) if n in secret else cell for n, cell in enumerate(cells)]


def _without_data(secret: dict[str, Any]) -> dict[str, Any]:
    return {
        key: (dict.fromkeys(its, DOT) if isinstance(its, dict) else DOT)
        if key in _SECRET_KEYS and its is not None
        else its
        for key, its in secret.items()
    }


def _dots(text: str) -> str:
    return DOT * min(len(text), 64)


def _names_a_secret(name: str) -> bool:
    """Whether a member's value is one, and not another object's name, such as `secretName`."""
    return is_secret_name(name) and not _PLAIN.search(name)


def _is_option(text: object) -> bool:
    return isinstance(text, str) and _OPTION.fullmatch(text) is not None
