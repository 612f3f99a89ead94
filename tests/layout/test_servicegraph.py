"""Graphs of services, in boxes and as tables."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.layout.boxes import MOST_NAME_ROWS, Placed, place, wrapped
from presenter.layout.dot import read_dot
from presenter.layout.drawn import Undrawable
from presenter.layout.graphs import Edge, Graph, read_calls
from presenter.layout.pictures import picture_lines
from presenter.layout.servicegraph import MOST_EDGES, MOST_NODES
from presenter.layout.text import width
from tests.layout.pictured import drawn, tried
from tests.layout.samples import DOT, SERVICE_GRAPH, SHOP, answered, dependencies

EMPTY = "the graph is empty: has there been any traffic?"


def graph(*pairs: str) -> Graph:
    """Of edges as `ab`."""
    nodes = dict.fromkeys("".join(pairs))
    return Graph(tuple(nodes), tuple(Edge(one[0], one[1]) for one in pairs))


def test_a_graph_in_boxes() -> None:
    assert drawn("graph Who calls whom", answered(dependencies(SHOP)), 80) == [
        "Who calls whom",
        "                                    ╭────────────╮",
        "                             ┌───20▶│ reviews v3 │─┐         ╭────────────╮",
        "                             │      ╰────────────╯ └──────20▶│ ratings v1 │",
        "                             │                     ┌───20 ✗3▶│            │",
        "                             │      ╭────────────╮ │         ╰────────────╯",
        "                             ├───20▶│ reviews v2 │─┘",
        "╭─────────╮      ╭─────────╮ │      ╰────────────╯",
        "│ ingress │───60▶│ page v1 │─┤",
        "╰─────────╯      ╰─────────╯ │      ╭────────────╮",
        "                             ├───20▶│ reviews v1 │",
        "                             │      ╰────────────╯",
        "                             │",
        "                             │      ╭────────────╮",
        "                             └───60▶│ details v1 │",
        "                                    ╰────────────╯",
    ]


def test_lines_are_not_as_faint_as_the_boxes() -> None:
    lines = picture_lines("graph", answered(dependencies(SHOP)), 80, 20)
    row = next(line for line in lines if "ingress" in line)
    assert "\x1b[0;2m│\x1b[0;36m───60▶\x1b[0;2m│" in row.replace("\x1b[0m ", "")
    assert any("\x1b[0;31m┌───20 ✗3▶" in line for line in lines)


def test_where_labels_do_not_fit_a_table_stands_below() -> None:
    lines = drawn("graph", answered(dependencies(SHOP)), 60)
    assert "╭" in lines[0]
    assert lines[-2:] == [
        "reviews v2 ──▶ ratings v1  20 ✗3",
        "reviews v3 ──▶ ratings v1  20",
    ]


def test_where_boxes_do_not_fit_the_edges_are_a_table() -> None:
    long = dependencies([(f"service-{n}", f"service-{n + 1}", n, 0) for n in range(12)])
    lines = drawn("graph", answered(long), 60)
    assert lines[:2] == ["13 nodes, 12 edges", "service-0  ──▶ service-1   0"]
    many = dependencies([("a", f"b{n}", 1, 0) for n in range(MOST_NODES)])
    assert drawn("graph", answered(many), 200)[0] == f"{MOST_NODES + 1} nodes, {MOST_NODES} edges"


def test_without_the_library_the_edges_are_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_sugiyama", None)
    assert drawn("graph", answered(dependencies(SHOP[:1]))) == [
        "2 nodes, 1 edges",
        "ingress ──▶ page v1  60",
    ]


def test_edges_that_lead_back_and_to_themselves() -> None:
    edges = [("a", "b", 1, 0), ("b", "a", 2, 0), ("b", "b", 3, 0)]
    assert drawn("graph", answered(dependencies(edges))) == [
        "╭───╮     ╭─────╮",
        "│ a │───1▶│  b  │",
        "│   │◀──2─│ ↻ 3 │",
        "╰───╯     ╰─────╯",
    ]


def test_service_graphs_json() -> None:
    lines = drawn("graph", answered(SERVICE_GRAPH))
    assert lines[1] == "│ page (v1) │───0.0556/s▶│ reviews (v1) │"
    assert "│  lonely   │" in "\n".join(lines)
    links = {"nodes": [{"name": "a"}, {"name": "b"}], "links": [{"source": 0, "target": 1}]}
    assert read_calls(json.dumps(links).encode()) == graph("ab")
    named = {"nodes": ["a", "b"], "edges": [{"source": "a", "target": "b"}]}
    assert read_calls(json.dumps(named).encode()) == graph("ab")
    jaeger = {"data": dependencies([("a", "b", 5, 0)])}
    assert read_calls(json.dumps(jaeger).encode()).edges == (Edge("a", "b", "5"),)


def test_dot() -> None:
    found = read_dot(DOT)
    assert found.nodes == ("page v1", "reviews", "ratings", "db", "lonely")
    assert found.edges == (
        Edge("page v1", "reviews", "0.25/s"),
        Edge("reviews", "ratings", "0.25/s"),
        Edge("reviews", "db", "0.25/s"),
    )
    assert drawn("graph", answered(DOT))
    assert read_dot("strict graph { a -- b -- c; a; 1.5 -- -.2 }").edges == (
        Edge("a", "b"), Edge("b", "c"), Edge("1.5", "-.2"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "there is no body"),
        ("<html>", "the body is not a graph: Zipkin's dependencies"),
        ([], "the graph is empty"),
        ({}, "the body is not a graph"),
        ({"nodes": 5}, "the body is not a graph"),
        ([{"parent": 1}], "the body is not a graph"),
        (b'{"nodes":' + b"[" * 100_000, "it is not JSON"),
        ("digraph {", "it ends too early"),
        ("digraph", "it ends too early"),
        ("digraph { a -> ", "it ends too early"),
        ("digraph { -> a }", "`->` stands where a node must be"),
        ('digraph { "a', "line 1 cannot be read"),
        ("digraph {\n a [label=<x] }", "a `<` is not closed"),
        ("digraph {" + "{" * 30 + "}" * 31, "more than 20 deep"),
        ("digraph {" + "a " * 20_000 + "}", "longer than 32 kB"),
        ("digraph {{" + "a1 a2 " * 1 + " ".join(f"n{n}" for n in range(99)) + "} -> {"
         + " ".join(f"m{n}" for n in range(99)) + "}}", "more than 5000 edges"),
    ],
)  # fmt: skip
def test_what_is_no_graph_says_why(body: object, message: str) -> None:
    assert message in tried("graph", answered(body))


@pytest.mark.parametrize(
    ("name", "limit", "lines"),
    [
        ("page v1", 40, ["page v1"]),
        ("page v1", 5, ["page", "v1"]),
        ("reviews.default", 9, ["reviews.", "default"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a b c d e f g h", 3, ["a b", "c d", "e…"]),
    ],
)
def test_names_are_broken_behind_signs(name: str, limit: int, lines: list[str]) -> None:
    assert wrapped(name, limit) == lines


@given(st.text(max_size=60), st.integers(4, 40))
def test_a_broken_name_fits(name: str, limit: int) -> None:
    lines = wrapped(name.replace("\n", ""), limit)
    assert len(lines) <= MOST_NAME_ROWS
    assert all(width(line) <= limit for line in lines)


_NODES = "abcdefghijkl"
_GRAPHS = st.lists(st.text(_NODES, min_size=2, max_size=2), min_size=1, max_size=24).map(
    lambda pairs: graph(*dict.fromkeys(pairs))
)


def _overlap(placed: Placed) -> bool:
    """Whether two boxes of a layer share a row."""
    rows = [
        (item.layer, y) for item in placed.items for y in range(item.top, item.top + item.height)
    ]
    return len(rows) != len(set(rows))


@settings(max_examples=200, deadline=None)
@given(_GRAPHS, st.integers(5, 60))
def test_every_box_has_its_place_and_every_edge_its_line(found: Graph, rows: int) -> None:
    placed = place(found, 1000, rows)
    assert placed is not None
    assert sorted(item.node for item in placed.items if item.node) == sorted(found.nodes)
    assert not _overlap(placed)
    ends = {hop.edge for gap in placed.gaps for hop in gap.hops if hop.target.node}
    assert ends == {edge for edge in found.edges if edge.source != edge.target}
    for gap in placed.gaps:
        for hop in gap.hops:
            assert hop.target.layer == hop.source.layer + 1
            assert hop.back is False or not hop.source.node or hop.source.node == hop.edge.target
            assert 0 <= hop.start < placed.rows
            assert 0 <= hop.end < placed.rows


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "parent": st.sampled_from("abcd") | st.text(max_size=20),
                "child": st.text(max_size=9),
            },
            optional={"callCount": st.integers(-(2**40), 2**40), "errorCount": st.integers(0, 9)},
        ),
        max_size=MOST_EDGES,
    ),
    st.integers(40, 200),
    st.integers(5, 50),
)
def test_any_dependencies_are_drawn_or_refused(body: object, columns: int, rows: int) -> None:
    assert tried("graph", answered(body), columns, rows) in ("", EMPTY)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["a", "b", "->", "--", "{", "}", "[", "]", "=", ";", ":", ",", '"c', '"', "<", ">",
             "subgraph", "label", "node", "//", "/*", "*/", "\n", "1.5", "\\"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_dot_is_read_or_refused(words: list[str]) -> None:
    try:
        found = read_dot("digraph { a -> b; " + " ".join(words) + "}")
    except Undrawable:
        return
    assert Edge("a", "b") in found.edges
