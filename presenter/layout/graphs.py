"""Graphs of services read: Zipkin's and Jaeger's dependencies, and ServiceGraph's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from presenter.layout.drawn import Undrawable, number, read_json
from presenter.layout.text import shorten
from presenter.layout.traffic import harmless

MOST_READ = 5000
"""Edges; a body with more is refused."""
LONGEST_NAME, LONGEST_LABEL = 60, 14
WHAT = "a graph: Zipkin's dependencies, ServiceGraph's JSON or dot"
_RATE = re.compile(r"reqs/sec:? {0,4}([0-9]{1,12}(?:\.[0-9]{1,12})?)")
_CLUSTER = ".svc.cluster.local"


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    label: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by what they are called; no two edges lead from the same to the same."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


class _Call(msgspec.Struct, gc=False):
    parent: str
    child: str
    callCount: int | None = None  # noqa: N815 — names of the format
    errorCount: int | None = None  # noqa: N815


class _Calls(msgspec.Struct):
    data: list[_Call] | None = None


class _Link(msgspec.Struct):
    source: str | int
    target: str | int
    labels: dict[str, str | float] | None = None


class _Node(msgspec.Struct, gc=False):
    name: str = ""
    id: str | int = ""


class _ServiceGraph(msgspec.Struct):
    nodes: list[_Node | str] | dict[str, msgspec.Raw] | None = None
    edges: list[_Link] | None = None
    links: list[_Link] | None = None


def read_calls(data: bytes) -> Graph:
    """From JSON; raises Undrawable."""
    if data.lstrip()[:1] == b"[":
        return _of_calls(read_json(data, list[_Call], WHAT))
    calls = read_json(data, _Calls, WHAT).data
    if calls is not None:
        return _of_calls(calls)
    return _of_service_graph(read_json(data, _ServiceGraph, WHAT))


def graph_of(names: Mapping[str, str], edges: Iterable[Edge]) -> Graph:
    """`names`: what the nodes are called, by what they are known by. Raises Undrawable."""
    found: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        known = Edge(
            _name(names.get(edge.source, edge.source)),
            _name(names.get(edge.target, edge.target)),
            _short(edge.label),
            edge.failed,
        )
        found.setdefault((known.source, known.target), known)
        if len(found) > MOST_READ:
            raise Undrawable(f"the graph has more than {MOST_READ} edges")
    every = [*map(_name, names.values()), *(name for pair in found for name in pair)]
    if not every:
        raise Undrawable("the graph is empty: has there been any traffic?")
    return Graph(tuple(dict.fromkeys(every)), tuple(found.values()))


def _name(text: str) -> str:
    return harmless(text).replace(_CLUSTER, "").strip()[:LONGEST_NAME] or "(no name)"


def _of_calls(calls: list[_Call]) -> Graph:
    return graph_of({}, (_edge(call) for call in calls))


def _edge(call: _Call) -> Edge:
    count = number(call.callCount, 4) if call.callCount is not None else ""
    bad = call.errorCount or 0
    return Edge(call.parent, call.child, f"{count} ✗{number(bad)}" if bad else count, bad > 0)


def _of_service_graph(whole: _ServiceGraph) -> Graph:
    links = whole.edges if whole.edges is not None else whole.links
    if whole.nodes is None and links is None:
        raise Undrawable(f"the body is not {WHAT}")
    names: dict[str, str] = {}
    for n, node in enumerate(whole.nodes or ()):
        name = node if isinstance(node, str) else node.name or str(node.id)
        known = node.id if isinstance(node, _Node) and node.id != "" else n
        names[name if isinstance(node, str) else str(known)] = name
    found = (
        Edge(str(one.source), str(one.target), _label(one.labels or {})) for one in links or ()
    )
    return graph_of(names, found)


def _label(labels: Mapping[str, str | float]) -> str:
    return " ".join(f"{name}: {value}" for name, value in list(labels.items())[:4])


def _short(label: str) -> str:
    """As it fits on a line; `reqs/sec: 0.0555556` is what ServiceGraph tells of an edge."""
    rate = _RATE.match(label)
    if rate is not None:
        return f"{float(rate[1]):.3g}/s"
    return shorten(harmless(label).strip(), LONGEST_LABEL)
