"""How the objects of a cluster stand: whether they are ready, and what a watch waits for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from presenter.deck.kubernetes import Until
from presenter.recording.kube_lines import LAST_APPLIED, LONGEST_CELL

_GOOD = ("Ready", "Available", "Complete", "Established", "Programmed", "Accepted", "Reconciled")
"""Conditions of which the first that an object has says whether it is ready."""
_WORKLOADS = frozenset({"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"})
"""Kinds whose status is an older one's until it says which generation it is of."""
_TELLING = frozenset({"Job", "Node", "CustomResourceDefinition", "APIService"})
"""Kinds that have a condition as soon as they are ready."""
Object = Mapping[str, Any]


LONGEST_EXPORT = 4096
"""Characters of a value that becomes a variable."""


class PathError(Exception):
    """A JSONPath that cannot be used; the words say why."""


class Path:
    """A JSONPath as kubectl takes it: `.status.phase`, `{.spec.containers[*].image}`."""

    def __init__(self, written: str) -> None:
        """Raises PathError."""
        import jsonpath

        try:
            self._compiled = jsonpath.compile(_standard(written))
        except jsonpath.JSONPathError as error:
            why = str(error).partition("\n")[0]
            raise PathError(f"`{written}` is no JSONPath: {why}") from error

    def values(self, found: Object) -> list[Any]:
        import jsonpath

        try:
            return list(self._compiled.findall(found))
        except (jsonpath.JSONPathError, RecursionError, TypeError, ValueError):
            return []

    def text(self, found: Object) -> str:
        """All values, as a cell shows them."""
        values = [_text(value) for value in self.values(found)]
        return ",".join(values)[:LONGEST_CELL] if values else "<none>"


def trouble_of(written: str) -> str:
    """Why a JSONPath cannot be used; nothing where it can."""
    try:
        Path(written)
    except PathError as error:
        return str(error)
    return ""


def _standard(written: str) -> str:
    """With its root, and keys with dots in them in brackets."""
    path = written.strip().removeprefix("{").removesuffix("}").strip()
    parts: list[str] = []
    name = ""
    at = 0
    while at < len(path):
        if path.startswith("\\.", at):
            name += "."
            at += 2
        elif path[at] in ".[" and name:
            parts.append(_member(name))
            name = ""
        elif path[at] == "[":
            end = _closing(path, at)
            parts.append(path[at:end])
            at = end
        elif path.startswith("..", at):
            parts.append("..")
            at += 2
        elif path[at] == ".":
            at += 1
        else:
            name += path[at]
            at += 1
    return "$" + "".join([*parts, _member(name) if name else ""])


def _closing(path: str, at: int) -> int:
    depth = 0
    for end in range(at, len(path)):
        depth += {"[": 1, "]": -1}.get(path[end], 0)
        if not depth:
            return end + 1
    return len(path)


def _member(name: str) -> str:
    if name == "*":
        return "[*]"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return "<none>" if value is None else str(value)


def exported(found: Object, exports: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of an object that become variables; raises PathError."""
    values = {name: Path(path).values(found) for name, path in exports}
    return {name: _text(told[0])[:LONGEST_EXPORT] for name, told in values.items() if told}


def suits(until: Until, found: Object, path: Path | None) -> bool:
    """Whether an object is as a watch waits for; `path` is that of `until`."""
    if until.ready and not is_ready(found):
        return False
    return path is None or _has(path.values(found), until.value)


def holds(until: Until, count: int, suiting: int) -> bool:
    """Whether what a watch waits for is there: `count` objects, of which so many suit it."""
    if until.count == 0:
        return not count
    return count >= (until.count or 1) and suiting == count


def _has(values: Iterable[object], wanted: str) -> bool:
    told = [_text(value) for value in values if value not in (None, "", [], {})]
    return wanted in told if wanted else bool(told)


def is_ready(found: Object) -> bool:
    """Whether an object does what it is for; one that says nothing of it does."""
    metadata, spec, status = (_mapping(found.get(key)) for key in ("metadata", "spec", "status"))
    kind = str(found.get("kind"))
    if metadata.get("deletionTimestamp"):
        return False
    tells = kind in _WORKLOADS or "observedGeneration" in status
    if tells and _number(status, "observedGeneration") < _number(metadata, "generation"):
        return False
    match kind:
        case "Pod":
            return status.get("phase") == "Succeeded" or _condition(status, "Ready") is True
        case "Deployment" | "ReplicaSet" | "StatefulSet":
            wanted = _number(spec, "replicas", 1)
            updated = _number(status, "updatedReplicas", 0 if kind == "Deployment" else wanted)
            old = kind == "Deployment" and _number(status, "replicas") > updated
            return not old and min(_number(status, "readyReplicas"), updated) >= wanted
        case "DaemonSet":
            wanted = _number(status, "desiredNumberScheduled")
            updated = _number(status, "updatedNumberScheduled", wanted)
            return min(_number(status, "numberReady"), updated) >= wanted
        case "PersistentVolumeClaim" | "PersistentVolume" | "Namespace":
            return status.get("phase") in ("Bound", "Available", "Active")
    told = [known for one in _GOOD if (known := _condition(status, one)) is not None]
    return told[0] if told else kind not in _TELLING


def _mapping(value: object) -> Object:
    return value if isinstance(value, Mapping) else {}


def _number(told: Object, key: str, otherwise: int = 0) -> int:
    value = told.get(key)
    return value if isinstance(value, int) else otherwise


def _condition(status: Object, kind: str) -> bool | None:
    conditions = status.get("conditions")
    for one in conditions if isinstance(conditions, list) else ():
        if isinstance(one, Mapping) and one.get("type") == kind:
            return bool(one.get("status") == "True")
    return None


# --- what is passed on ----------------------------------------------------------------------------


def trimmed(found: dict[str, Any]) -> dict[str, Any]:
    """An object without what nobody looks at, and without the data of a Secret; it is changed."""
    metadata = found.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("managedFields", None)
        if isinstance(metadata.get("annotations"), dict):
            metadata["annotations"].pop(LAST_APPLIED, None)
    if found.get("kind") == "Secret":
        for key in ("data", "stringData"):
            if isinstance(found.get(key), dict):
                found[key] = {name: _measure(value) for name, value in found[key].items()}
    return found


def _measure(value: object) -> str:
    """What is said of a secret: its length, as kubectl describes it."""
    text = str(value)
    return f"{len(text) * 3 // 4 - text[-2:].count('=')} bytes"


def only_metadata(found: dict[str, Any]) -> dict[str, Any]:
    """What a row of the Table format tells of its object."""
    kept = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {**kept, "metadata": trimmed(found).get("metadata") or {}}
