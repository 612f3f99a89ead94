"""How the objects of a cluster stand: whether they are ready, and what a watch waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from presenter.deck.kubernetes import Until

_GOOD = ("Ready", "Available", "Complete", "Established", "Programmed", "Accepted", "Reconciled")
"""Conditions of which the first that an object has says whether it is ready."""
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
            raise PathError(f"`{written}` is no JSONPath: {error}") from error

    def values(self, found: Object) -> list[Any]:
        import jsonpath

        try:
            return list(self._compiled.findall(found))
        except (jsonpath.JSONPathError, RecursionError):
            return []

    def text(self, found: Object) -> str:
        """All values, as a cell shows them."""
        values = [_text(value) for value in self.values(found)]
        return ",".join(values) if values else "<none>"


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
    return "[*]" if name == "*" else "['" + name.replace("'", "\\'") + "']"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "<none>" if value is None else str(value)


def exported(found: Object, exports: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of an object that become variables; raises PathError."""
    values = {name: Path(path).values(found) for name, path in exports}
    return {name: _text(told[0])[:LONGEST_EXPORT] for name, told in values.items() if told}


def holds(until: Until, objects: Sequence[Object], path: Path | None) -> bool:
    """Whether what a watch waits for is there; `path` is that of `until`."""
    if until.count == 0:
        return not objects
    if len(objects) < (until.count or 1):
        return False
    if until.ready and not all(map(is_ready, objects)):
        return False
    if path is None:
        return True
    return all(_has(path.values(found), until.value) for found in objects)


def _has(values: Iterable[object], wanted: str) -> bool:
    told = [_text(value) for value in values if value not in (None, "", [], {})]
    return wanted in told if wanted else bool(told)


def is_ready(found: Object) -> bool:
    """Whether an object does what it is for; one that says nothing of it does."""
    metadata, spec, status = (found.get(key) or {} for key in ("metadata", "spec", "status"))
    if metadata.get("deletionTimestamp"):
        return False
    if status.get("observedGeneration", 0) < metadata.get("generation", 0) and "replicas" in spec:
        return False
    match found.get("kind"):
        case "Pod":
            return status.get("phase") == "Succeeded" or _condition(status, "Ready") is True
        case "Deployment" | "ReplicaSet" | "StatefulSet":
            wanted = spec.get("replicas", 1)
            updated = status.get("updatedReplicas", wanted)
            return bool(min(int(status.get("readyReplicas") or 0), updated) >= wanted)
        case "DaemonSet":
            return int(status.get("numberReady") or 0) >= int(
                status.get("desiredNumberScheduled") or 0
            )
        case "PersistentVolumeClaim" | "PersistentVolume" | "Namespace":
            return status.get("phase") in ("Bound", "Available", "Active")
    told = [known for kind in _GOOD if (known := _condition(status, kind)) is not None]
    return told[0] if told else True


def _condition(status: Object, kind: str) -> bool | None:
    for one in status.get("conditions") or ():
        if one.get("type") == kind:
            return bool(one.get("status") == "True")
    return None


# --- what is passed on ----------------------------------------------------------------------------

_NOISE = "kubectl.kubernetes.io/last-applied-configuration"


def trimmed(found: dict[str, Any]) -> dict[str, Any]:
    """An object without what nobody looks at, and without the data of a Secret; it is changed."""
    metadata = found.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("managedFields", None)
        if isinstance(metadata.get("annotations"), dict):
            metadata["annotations"].pop(_NOISE, None)  # it holds the object once more
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
