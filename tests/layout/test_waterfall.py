"""Traces of Zipkin and Jaeger, as waterfalls."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.layout.drawn import Undrawable
from presenter.layout.spans import Span, Trace, read_trace, tree_of
from presenter.layout.waterfall import MOST_LINES, milliseconds
from tests.layout.pictured import drawn, tried
from tests.layout.samples import JAEGER, TRACE, answered, zipkin


def test_a_trace_is_a_waterfall_by_who_called_whom() -> None:
    assert drawn("trace", answered(TRACE), 70) == [
        "42 ms  6 spans  3 services  1 failed  trace 5af7183fb1d4cf5f",
        "                             0              21 ms      42 ms",
        "ingress  get /page           ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 42 ms",
        "  page  get /page            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  40 ms",
        "    page  get details          ━━━━                          6 ms",
        "    page  get reviews                ━━━━━━━━━━━━━━━━━━━━━   28 ms",
        "      reviews  get reviews           ━━━━━━━━━━━━━━━━━━━     26 ms",
        "        reviews  get ratings               ━━━━━━━           ✗ 9 ms",
    ]


def test_jaegers_traces_are_read_as_well() -> None:
    lines = drawn("trace", answered(JAEGER), 60)
    assert lines[0] == "30 ms  2 spans  2 services  1 failed  trace ab12"
    assert [line.split()[0] for line in lines[2:]] == ["page", "reviews"]
    assert "✗ 10 ms" in lines[3]


def test_of_several_traces_the_longest_is_drawn_or_the_one_that_is_named() -> None:
    short = [zipkin("9", "", "web", "get", 0, 5) | {"traceId": "000abc"}]
    both = answered([short, TRACE, []])
    assert drawn("trace", both)[0].startswith(
        "42 ms  6 spans  3 services  1 failed  the longest of 2 traces  trace 5af7"
    )
    assert drawn("trace ABC", both)[0] == "5 ms  1 span  1 service  trace 000abc"
    with pytest.raises(Undrawable, match="there is no trace 77 in it"):
        drawn("trace 77", both)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "there is no body"),
        ("nothing", "the body is not a trace of Zipkin's or Jaeger's"),
        ([], "there is no span in it"),
        ([[]], "there is no span in it"),
        ([1], "the body is not a trace of Zipkin's: Expected `object`, got `int`"),
        ([{"id": "1"}], "missing required field `traceId`"),
        ({"data": []}, "there is no span in it"),
        ({"data": None, "errors": [{"code": 404, "msg": "trace not found"}]}, "trace not found"),
        ({"data": 5}, "the body is not a trace of Jaeger's"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_trace_says_why(body: object, message: str) -> None:
    assert message in tried("trace", answered(body))


def test_a_span_without_its_parent_stands_at_the_top_and_rings_end() -> None:
    ring = [zipkin("a", "b", "s", "x", 0, 1), zipkin("b", "a", "s", "y", 1, 1)]
    lost = zipkin("c", "gone", "s", "z", 9, 1)
    own = zipkin("d", "d", "s", "w", 8, 1)
    trace = read_trace(json.dumps([*ring, lost, own]).encode(), "")
    assert [(depth, span.id) for depth, span in tree_of(trace)] == [
        (0, "d"), (0, "c"), (0, "a"), (1, "b"),
    ]  # fmt: skip


def test_a_long_trace_is_cut_and_says_so() -> None:
    spans = [
        zipkin(f"{n:x}", f"{n - 1:x}" if n else "", "s", "x", n, 5) for n in range(MOST_LINES + 9)
    ]
    lines = drawn("trace", answered(spans), 60)
    assert lines[-1] == "… 9 more spans"
    assert len(lines) == MOST_LINES + 3


@pytest.mark.parametrize(
    ("microseconds", "words"),
    [(0, "0 µs"), (999, "999 µs"), (1500, "1.5 ms"), (2_340_000, "2.34 s"), (10**13, "10M s")],
)
def test_durations(microseconds: int, words: str) -> None:
    assert milliseconds(microseconds) == words


_IDS = st.sampled_from(["", "1", "2", "3", "4"])
_SPANS = st.builds(
    Span, _IDS, _IDS, _IDS, _IDS, st.integers(0, 99), st.integers(0, 99), shared=st.booleans()
)


@given(st.lists(_SPANS, max_size=8).map(tuple))
def test_each_span_is_drawn_once(spans: tuple[Span, ...]) -> None:
    found = list(tree_of(Trace("t", spans)))
    assert sorted(map(repr, (span for _, span in found))) == sorted(map(repr, spans))
    assert all(depth <= len(spans) for depth, _ in found)


_TIMES = st.integers(-(2**70), 2**70) | st.integers(0, 1000)
_ZIPKIN = st.fixed_dictionaries(
    {"traceId": st.text(max_size=4), "id": _IDS},
    optional={
        "parentId": _IDS, "name": st.text(max_size=30), "timestamp": _TIMES, "duration": _TIMES,
        "kind": st.none() | st.text(max_size=3), "shared": st.booleans(),
        "localEndpoint": st.fixed_dictionaries({"serviceName": st.text(max_size=30)}),
        "tags": st.dictionaries(st.just("error"), st.text(max_size=3)),
    },
)  # fmt: skip
_JAEGER = st.fixed_dictionaries(
    {"spanID": _IDS, "startTime": _TIMES, "duration": _TIMES},
    optional={
        "operationName": st.text(max_size=30), "processID": _IDS,
        "references": st.lists(st.fixed_dictionaries({"spanID": _IDS}), max_size=2),
        "tags": st.lists(
            st.fixed_dictionaries({"key": st.just("error"), "value": st.booleans() | st.text()}),
            max_size=2,
        ),
    },
)  # fmt: skip
_BODIES = (
    st.lists(_ZIPKIN, max_size=6)
    | st.lists(st.lists(_ZIPKIN, max_size=3), max_size=3)
    | st.fixed_dictionaries(
        {
            "data": st.lists(
                st.fixed_dictionaries(
                    {"traceID": st.text(max_size=3), "spans": st.lists(_JAEGER, max_size=5)}
                ),
                max_size=3,
            )
        }
    )
)


@settings(max_examples=150, deadline=None)
@given(_BODIES, st.integers(40, 200))
def test_any_trace_is_drawn_or_refused(body: object, columns: int) -> None:
    tried("trace", answered(body), columns)
