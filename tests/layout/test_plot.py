"""Answers of Prometheus, as lines and bars."""

from __future__ import annotations

import json
import math
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.layout.drawn import bar, number
from presenter.layout.pictures import MOST_DATA
from presenter.layout.plot import MOST_BARS, MOST_LINES, time_axis, value_axis
from presenter.layout.prometheus import Series, names_of
from presenter.recording.har import Exchange
from tests.layout.pictured import drawn, tried
from tests.layout.samples import BEGIN, answered, matrix, prometheus


def vector(*values: tuple[dict[str, str], str]) -> Exchange:
    return answered(prometheus("vector", [{"metric": m, "value": [BEGIN, v]} for m, v in values]))


def test_a_range_is_drawn_over_time() -> None:
    one = answered(matrix("v1", "v2", value=lambda s, n: (s + 1) * n))
    lines = drawn("plot Requests", one, 60, 14)
    assert lines[0] == "Requests"
    assert len(lines) == 15
    assert lines[1].startswith("150┤")
    assert [line[:4] for line in lines if "┤" in line] == ["150┤", "100┤", " 50┤", "  0┤"]
    assert lines[-2].split() == ["14:15", "14:20", "14:25"]
    assert lines[-1] == "━━ v1 59   ━━ v2 118"
    assert lines[11][4] == "⣀"  # both begin at 0
    assert len(lines[3]) > len(lines[10]) > 10  # and go up


def test_without_a_title_the_query_is_one() -> None:
    one = answered(
        matrix("v1", value=lambda _, n: n),
        "http://h/api/v1/query_range?query=rate%28x%5B1m%5D%29&token=abcd",
    )
    assert drawn("plot", one)[0] == "rate(x[1m])"


def test_an_instant_is_drawn_as_bars() -> None:
    one = vector(
        ({"app": "a", "version": "v1"}, "12"),
        ({"app": "a", "version": "v2"}, "-3"),
        ({"app": "a", "version": "v3"}, "NaN"),
        ({"app": "a", "version": "v4"}, "+Inf"),
        ({"app": "a"}, "0"),
    )
    assert drawn("plot", one, 40) == [
        f"v1         {'█' * 23} 12",
        f"v2         {'█' * 5}▊ -3",
        "v3          NaN",
        "v4          +Inf",
        "no version  0",
    ]


def test_a_single_value_is_a_number_with_its_name() -> None:
    one = vector(({"__name__": "up", "job": "a"}, "1"))
    assert drawn("plot Up", one) == ["Up", 'up{job="a"}  1']
    assert drawn("plot", answered(prometheus("scalar", [BEGIN, "1234567.8"]))) == ["1.2346M"]
    assert drawn("plot", answered(prometheus("string", [BEGIN, "a\x1b[2Jb"]))) == ["a[2Jb"]


def test_of_many_series_some_are_drawn_and_the_others_counted() -> None:
    names = [f"v{n}" for n in range(MOST_LINES + 3)]
    assert drawn("plot", answered(matrix(*names, value=lambda s, n: s)))[-1].endswith(
        "… 3 more series"
    )
    many = vector(*(({"n": str(n)}, "1") for n in range(MOST_BARS + 2)))
    assert drawn("plot", many)[-1] == "… 2 more series"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "there is no body"),
        ("<html>", "the body is not what Prometheus answers to a query: it is not JSON"),
        ([], "the body is not what Prometheus answers to a query: Expected `object`, got `array`"),
        ({"status": "success"}, "Expected `object`, got `null`"),
        (
            {"status": "error", "errorType": "bad_data", "error": "1:7: parse error"},
            "Prometheus says bad_data: 1:7: parse error",
        ),
        (prometheus("vector", []), "Prometheus knows no series for this query"),
        (prometheus("matrix", [{"metric": {}, "histograms": []}]), "no series"),
        (prometheus("streams", []), "Prometheus gives a streams"),
        (matrix("v1", value=lambda _, n: math.nan), "no numbers"),
        (prometheus("scalar", [1]), "Expected `array` of length 2"),
        (b'{"data":' + b"[" * 100_000, "not JSON"),
        (b" " * (MOST_DATA + 1), "longer than the 256 kB"),
    ],
)
def test_what_cannot_be_drawn_says_why(body: object, message: str) -> None:
    assert message in tried("plot", answered(body))


def test_the_labels_that_differ_tell_series_apart() -> None:
    def named(*labels: dict[str, str]) -> list[str]:
        return names_of(tuple(Series(tuple(one.items()), ()) for one in labels))

    assert named({"__name__": "up"}) == ["up"]
    assert named({"a": "1", "b": "x"}, {"a": "1", "b": "y"}) == ["x", "y"]
    assert named({"a": "1", "b": "x"}, {"a": "2", "b": "y"}) == ["a=1 b=x", "a=2 b=y"]
    assert named({"a": "1"}, {}) == ["1", "no a"]
    assert named({}, {}) == ["{}", "{}"]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0, "0"), (1, "1"), (999.6, "1k"), (1250, "1.25k"), (-1234567, "-1.23M"), (0.05, "50m"),
        (2e-6, "2µ"), (1e300, "1e+300"), (3e-200, "3e-200"), (math.inf, "+Inf"), (math.nan, "NaN"),
    ],
)  # fmt: skip
def test_numbers_in_words(value: float, word: str) -> None:
    assert number(value) == word


def test_bars_have_eighths() -> None:
    assert [bar(share, 2) for share in (0, 1 / 16, 0.5, 0.75, 1)] == ["▏", "▏", "█", "█▌", "██"]


_VALUES = st.floats(-1e300, 1e300)


@given(st.lists(_VALUES, min_size=1, max_size=5), st.integers(2, 12))
def test_an_axis_holds_all_values_between_its_ends(values: list[float], intervals: int) -> None:
    low, high, marks = value_axis(values, intervals)
    assert low <= min(values) + (high - low) * 1e-9
    assert max(values) <= high + (high - low) * 1e-9
    assert low < high
    assert 2 <= len(marks) <= intervals * 2 + 4
    assert marks[0][0] == low


@given(st.integers(0, 10**11), st.floats(1e-3, 1e11), st.integers(1, 12))
def test_times_stand_between_the_ends(first: float, span: float, most: int) -> None:
    marks = time_axis(first, first + span, most, UTC)
    assert len(marks) <= most + 1
    assert all(first <= at <= first + span for at, _ in marks)


def test_times_are_those_of_who_asked() -> None:
    assert time_axis(BEGIN, BEGIN + 600, 3, timezone(timedelta(hours=5, minutes=30))) == [
        (BEGIN + 100, "19:45"),
        (BEGIN + 400, "19:50"),
    ]
    days = time_axis(BEGIN, BEGIN + 40 * 86_400, 2, UTC)
    assert [word for _, word in days] == ["2026-10-04"]


_NUMBERS = st.sampled_from(["NaN", "+Inf", "-Inf", "x", "1e999", "0", "-1e-320"]) | st.floats().map(
    str
)
_SAMPLES = st.fixed_dictionaries(
    {"metric": st.dictionaries(st.text(max_size=5), st.text(max_size=8), max_size=3)},
    optional={
        "value": st.tuples(st.floats(-1e12, 1e300), _NUMBERS),
        "values": st.lists(st.tuples(st.floats(0, 1e12), _NUMBERS), max_size=20),
    },
)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["matrix", "vector", "scalar", "string", "x"]),
    st.lists(_SAMPLES, max_size=4) | st.tuples(st.floats(0, 1e9), st.text(max_size=9)),
    st.integers(30, 200),
    st.integers(0, 60),
)
def test_any_answer_is_drawn_or_refused(kind: str, result: object, columns: int, rows: int) -> None:
    body = json.dumps(prometheus(kind, result), allow_nan=False).encode()
    tried("plot", answered(body), columns, rows)
