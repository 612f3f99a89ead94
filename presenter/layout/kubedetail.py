"""One object of a cluster as a person reads it: how it stands, what has happened, what it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from presenter.layout.code import highlighted
from presenter.layout.drawn import colored, faint
from presenter.layout.exchange import token_text
from presenter.layout.kubetable import age, word_color
from presenter.layout.text import pad, shorten, width
from presenter.recording.kube_lines import Detail, seconds_of
from presenter.terminal.text import safe_text

MOST_SOURCE = 20_000
"""Characters of an object's parts that are shown as YAML: more would hold up the slides."""
LONGEST = 1000
"""Characters of one thing that an object says."""
MOST_PAIRS = 12
"""Labels, and annotations, that are shown."""
_KNOWN = frozenset({"kind", "apiVersion", "metadata", "status"})
_TROUBLE = ("Pressure", "Unavailable", "Failed", "Failure", "Error", "Degraded", "Stalled",
            "Suspended", "Unschedulable", "DisruptionTarget")  # fmt: skip
"""Ends of conditions that are well when they are false."""
Object = Mapping[str, Any]


def detail_lines(detail: Detail, columns: int) -> Iterator[str]:
    """In lines with colours."""
    found = detail.object
    metadata = _mapping(found.get("metadata"))
    yield from _head(found, metadata, detail.at)
    status = _mapping(found.get("status"))
    yield from _conditions(status.get("conditions"), columns)
    yield from _containers(_mapping(found.get("spec")), status)
    yield ""
    yield faint("── events ──")
    events = sorted(detail.events, key=_when)
    for event in events:
        yield _event(event, detail.at, columns)
    if not events:
        yield faint("(none)")
    yield from _source({key: value for key, value in found.items() if key not in _KNOWN})


def _head(found: Object, metadata: Object, now: float) -> Iterator[str]:
    namespace = metadata.get("namespace")
    name = f"{namespace}/{metadata.get('name')}" if namespace else metadata.get("name")
    created = seconds_of(metadata.get("creationTimestamp"))
    facts = [colored(f"{_text(found.get('kind'))} {_text(name)}", "1")]
    facts += [f"{age(now - created)} old"] if created is not None else []
    phase = _text(_mapping(found.get("status")).get("phase"))
    facts += [colored(phase, word_color(phase) or "0")] if phase else []
    facts += [colored("being deleted", "33")] if metadata.get("deletionTimestamp") else []
    yield "  ".join(facts)
    for key in ("labels", "annotations"):
        pairs = list(_mapping(metadata.get(key)).items())[:MOST_PAIRS]
        if pairs:
            told = "  ".join(f"{_text(name)}={_text(value)[:100]}" for name, value in pairs)
            yield f"{colored(key, '36')}  {told}"


def _conditions(told: object, columns: int) -> Iterator[str]:
    conditions = [one for one in _list(told) if isinstance(one, Mapping)]
    if not conditions:
        return
    yield ""
    yield faint("── conditions ──")
    kinds = [_text(one.get("type")) for one in conditions]
    names = min(max(map(width, kinds)), columns // 2)
    for kind, one in zip(kinds, conditions, strict=True):
        told = one.get("status")
        good = told == ("False" if kind.endswith(_TROUBLE) else "True")
        mark = colored("✓", "32") if good else colored("✗", "31")
        mark = mark if told in ("True", "False") else colored("?", "33")
        words = _text(one.get("message") or one.get("reason"))
        yield f"{mark} {pad(kind, names)}  {faint(shorten(words, max(columns - names - 4, 0)))}"


def _containers(spec: Object, status: Object) -> Iterator[str]:
    """Of a pod: each container's image, and how it stands."""
    containers = [one for one in _list(spec.get("containers")) if isinstance(one, Mapping)]
    if not containers:
        return
    states = {
        str(one.get("name")): one
        for one in _list(status.get("containerStatuses"))
        if isinstance(one, Mapping)
    }
    yield ""
    yield faint("── containers ──")
    for one in containers:
        its = _mapping(states.get(str(one.get("name"))))
        state = _mapping(its.get("state"))
        word = next(iter(state), "waiting")
        reason = _text(_mapping(state.get(word)).get("reason")) or word.capitalize()
        color = "32" if its.get("ready") else word_color(reason) or "33"
        restarts = _text(its.get("restartCount") or 0)
        yield (
            f"{colored(_text(one.get('name')), '1')}  {_text(one.get('image'))}  "
            f"{colored(reason, color)}  {restarts} restarts"
        )


def _event(event: Object, now: float, columns: int) -> str:
    at = _when(event)
    ago = age(now - at) if at else ""
    reason = shorten(_text(event.get("reason")), max(columns // 2 - 8, 8))
    series = _mapping(event.get("series"))
    count = _text(event.get("count") or series.get("count") or "")
    times = f" (×{count})" if count not in ("", "1") else ""
    color = "33" if event.get("type") == "Warning" else "32"
    named = max(width(reason), min(18, columns // 2 - 8))
    words = shorten(_text(event.get("message")) + times, max(columns - named - 10, 0))
    return f"{ago:>6}  {colored(pad(reason, named), color)}  {words}"


def _when(event: Object) -> float:
    series = _mapping(event.get("series"))
    for told in (series.get("lastObservedTime"), event.get("lastTimestamp"),
                 event.get("eventTime"), event.get("firstTimestamp")):  # fmt: skip
        at = seconds_of(told) if told else None
        if at is not None:
            return at
    return 0.0


def _source(rest: dict[str, Any]) -> Iterator[str]:
    """What it is made of, as YAML."""
    if not rest:
        return
    yield ""
    yield faint(f"── {', '.join(map(_text, rest))} ──")
    size = len(json.dumps(rest))
    if size > MOST_SOURCE:
        yield faint(f"({size:,} characters)")
        return
    import yaml

    text = yaml.safe_dump(rest, sort_keys=False, allow_unicode=True, width=1000)
    for tokens in highlighted(text, "yaml"):
        yield "".join(map(token_text, tokens))


def _mapping(value: object) -> Object:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


def _text(value: object) -> str:
    return "" if value is None else safe_text(str(value), LONGEST)
