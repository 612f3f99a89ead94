"""Traces read: lists of spans as Zipkin (v2) and Jaeger give them, as a tree by time.

The spans of a client and a server may share one id (`shared`): the server's stands below then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from presenter.layout.drawn import Undrawable, read_json

MOST_SPANS = 2000
"""Of one trace that are read."""
MOST_TRACES = 500
LATEST = 2**55
"""Microseconds; what is beyond is a mistake."""
_ZIPKIN, _JAEGER = "a trace of Zipkin's", "a trace of Jaeger's"
_WHAT = "a trace of Zipkin's or Jaeger's"


@dataclass(frozen=True, slots=True)
class Span:
    """Times are microseconds."""

    id: str
    parent: str
    service: str
    name: str
    start: int
    duration: int
    kind: str = ""
    failed: bool = False
    shared: bool = False
    """It is the server's side of a span of the same id."""

    @property
    def end(self) -> int:
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Trace:
    id: str
    spans: tuple[Span, ...]
    of: int = 1
    """Traces that there were."""

    @property
    def start(self) -> int:
        return min(span.start for span in self.spans)

    @property
    def duration(self) -> int:
        return max(span.end for span in self.spans) - self.start


class _Endpoint(msgspec.Struct, gc=False):
    serviceName: str | None = None  # noqa: N815 — names of the format


class _Zipkin(msgspec.Struct):
    traceId: str  # noqa: N815
    id: str
    parentId: str | None = None  # noqa: N815
    name: str | None = None
    kind: str | None = None
    timestamp: int | None = None
    duration: int | None = None
    localEndpoint: _Endpoint | None = None  # noqa: N815
    remoteEndpoint: _Endpoint | None = None  # noqa: N815
    tags: dict[str, str] | None = None
    shared: bool | None = None


class _Tag(msgspec.Struct, gc=False):
    key: str
    value: str | bool | float | None = None


class _Reference(msgspec.Struct, gc=False):
    spanID: str  # noqa: N815
    refType: str = ""  # noqa: N815


class _JaegerSpan(msgspec.Struct):
    spanID: str  # noqa: N815
    startTime: int  # noqa: N815
    duration: int
    operationName: str = ""  # noqa: N815
    processID: str = ""  # noqa: N815
    parentSpanID: str = ""  # noqa: N815
    references: list[_Reference] | None = None
    tags: list[_Tag] | None = None


class _Process(msgspec.Struct, gc=False):
    serviceName: str = ""  # noqa: N815


class _JaegerTrace(msgspec.Struct):
    traceID: str  # noqa: N815
    spans: list[_JaegerSpan]
    processes: dict[str, _Process] = {}


class _Error(msgspec.Struct, gc=False):
    msg: str = ""


class _Jaeger(msgspec.Struct):
    data: list[_JaegerTrace] | None = None
    errors: list[_Error] | None = None


def read_trace(data: bytes, wanted: str) -> Trace:
    """The trace with the id `wanted`; without one, that which took longest. Raises Undrawable."""
    head = data.lstrip()[:1]
    if head == b"{":
        found = list(_of_jaeger(read_json(data, _Jaeger, _JAEGER)))
    elif head == b"[":
        found = list(_of_zipkin(read_json(data, list[msgspec.Raw], _ZIPKIN)))
    else:
        raise Undrawable(f"the body is not {_WHAT}")
    found = [trace for trace in found if trace.spans]
    if wanted:
        named = [trace for trace in found if _plain(trace.id) == _plain(wanted)]
        if not named:
            raise Undrawable(f"there is no trace {wanted[:40]} in it")
        return named[0]
    if not found:
        raise Undrawable("there is no span in it")
    longest = max(found, key=lambda trace: trace.duration)
    return Trace(longest.id, longest.spans, len(found))


def tree_of(trace: Trace) -> Iterator[tuple[int, Span]]:
    """The spans as they called each other, each with its depth; those beside each other by time.

    A span whose parent is not there stands at the top.
    """
    spans = trace.spans
    servers = {span.id: n for n, span in enumerate(spans) if span.shared}
    own = {span.id: n for n, span in enumerate(spans) if not span.shared}
    below: dict[int, list[int]] = defaultdict(list)
    tops = []
    for n, span in enumerate(spans):
        parent = own.get(span.id) if span.shared else None
        if parent is None:
            parent = servers.get(span.parent, own.get(span.parent))
        if parent is None or parent == n:
            tops.append(n)
        else:
            below[parent].append(n)
    seen: set[int] = set()
    for n in [*_by_time(spans, tops), *_by_time(spans, range(len(spans)))]:
        for depth, inner in _from(n, spans, below, seen):  # of a ring, some span is the first
            yield depth, spans[inner]


def _from(
    top: int, spans: Sequence[Span], below: dict[int, list[int]], seen: set[int]
) -> Iterator[tuple[int, int]]:
    waiting = [(0, top)]
    while waiting:
        depth, n = waiting.pop()
        if n not in seen:
            seen.add(n)
            yield depth, n
            inner = _by_time(spans, below.get(n, ()))
            waiting += [(depth + 1, one) for one in reversed(inner)]


def _by_time(spans: Sequence[Span], numbers: Iterable[int]) -> list[int]:
    return sorted(numbers, key=lambda n: spans[n].start)


def _of_zipkin(found: Sequence[msgspec.Raw]) -> Iterator[Trace]:
    """From a list of spans, or a list of such lists."""
    if found and bytes(found[0]).lstrip()[:1] == b"[":
        for each in found[:MOST_TRACES]:
            yield from _of_zipkin(read_json(bytes(each), list[msgspec.Raw], _ZIPKIN)[:MOST_SPANS])
        return
    spans = [read_json(bytes(each), _Zipkin, _ZIPKIN) for each in found[:MOST_SPANS]]
    yield Trace(spans[0].traceId if spans else "", tuple(map(_zipkin, spans)))


def _zipkin(raw: _Zipkin) -> Span:
    tags = raw.tags or {}
    local, remote = raw.localEndpoint or _Endpoint(), raw.remoteEndpoint or _Endpoint()
    name = raw.name or (f"to {remote.serviceName}" if remote.serviceName else "")
    return Span(
        id=raw.id,
        parent=raw.parentId or "",
        service=local.serviceName or "",
        name=name,
        start=_time(raw.timestamp or 0),
        duration=_time(raw.duration or 0),
        kind=(raw.kind or "").lower(),
        failed=tags.get("error", "false").lower() not in ("false", ""),
        shared=bool(raw.shared),
    )


def _of_jaeger(whole: _Jaeger) -> Iterator[Trace]:
    if whole.errors:
        raise Undrawable(f"Jaeger says {whole.errors[0].msg[:200]}")
    for trace in (whole.data or [])[:MOST_TRACES]:
        names = {key: process.serviceName for key, process in trace.processes.items()}
        spans = (_jaeger(raw, names) for raw in trace.spans[:MOST_SPANS])
        yield Trace(trace.traceID, tuple(spans))


def _jaeger(raw: _JaegerSpan, names: dict[str, str]) -> Span:
    tags = {tag.key: tag.value for tag in raw.tags or []}
    parents = [one.spanID for one in raw.references or [] if one.refType != "FOLLOWS_FROM"]
    error = tags.get("error", tags.get("otel.status_code") == "ERROR")
    return Span(
        id=raw.spanID,
        parent=parents[0] if parents else raw.parentSpanID,
        service=names.get(raw.processID, ""),
        name=raw.operationName,
        start=_time(raw.startTime),
        duration=_time(raw.duration),
        kind=str(tags.get("span.kind", "")),
        failed=error not in (False, None, "", "false"),
    )


def _time(microseconds: int) -> int:
    return min(max(microseconds, 0), LATEST)


def _plain(trace: str) -> str:
    """Ids are also written without the zeros before them."""
    return trace.lower().lstrip("0")
