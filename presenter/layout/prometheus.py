"""What a Prometheus query API answers, read: series of values with their labels.

Instant queries give a scalar, a string or a vector, range queries a matrix. Numbers are strings
there, as `"NaN"` and `"+Inf"` are no JSON.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec

from presenter.layout.drawn import Undrawable, read_json

MOST_SERIES = 500
"""That are read; the others are only counted."""
LATEST = 2.5e11
"""Seconds since 1970 of the last time that has a date."""
_WHAT = "what Prometheus answers to a query"

Labels = tuple[tuple[str, str], ...]
Point = tuple[float, float]
"""Seconds since 1970, and a value, which may be no number."""


@dataclass(frozen=True, slots=True)
class Series:
    labels: Labels
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    series: tuple[Series, ...] = ()
    is_range: bool = False
    text: str = ""
    """Of a query for a string."""
    more: int = 0
    """Series that were left out."""


class _Sample(msgspec.Struct, gc=False):
    metric: dict[str, str] = {}
    value: tuple[float, str] | None = None
    values: list[tuple[float, str]] | None = None


class _Data(msgspec.Struct):
    resultType: str  # noqa: N815 — names of the format
    result: msgspec.Raw


class _Whole(msgspec.Struct):
    status: str
    data: msgspec.Raw = msgspec.Raw()
    errorType: str = ""  # noqa: N815
    error: str = ""


def read_answer(data: bytes) -> Answer:
    """Raises Undrawable, with what Prometheus says is wrong where it says so."""
    whole = read_json(data, _Whole, _WHAT)
    if whole.status != "success":
        words = ": ".join(filter(None, (whole.errorType, whole.error))) or whole.status
        raise Undrawable(f"Prometheus says {words[:300]}")
    told = read_json(bytes(whole.data) or b"null", _Data, _WHAT)
    result = bytes(told.result)
    match told.resultType:
        case "scalar":
            at, value = read_json(result, tuple[float, str], _WHAT)
            return Answer((Series((), ((at, _number(value)),)),))
        case "string":
            return Answer(text=read_json(result, tuple[float, str], _WHAT)[1])
        case "vector" | "matrix":
            found = read_json(result, list[_Sample], _WHAT)
            series = tuple(map(_series, found[:MOST_SERIES]))
            kept = tuple(one for one in series if one.points)
            more = max(len(found) - MOST_SERIES, 0)
            return Answer(kept, told.resultType == "matrix", more=more)
    raise Undrawable(f"Prometheus gives a {told.resultType[:40]}, which cannot be drawn")


def names_of(series: tuple[Series, ...]) -> list[str]:
    """What tells each from the others: the labels in which they differ; of a single one, all."""
    if len(series) == 1:
        return [_whole_name(dict(series[0].labels))]
    every = [dict(one.labels) for one in series]
    keys = dict.fromkeys(key for labels in every for key in labels)
    differing = [key for key in keys if len({labels.get(key) for labels in every}) > 1]
    if len(differing) == 1:
        return [labels.get(differing[0], "") or f"no {differing[0]}" for labels in every]
    return [
        " ".join(f"{key}={labels[key]}" for key in differing if key in labels) or "{}"
        for labels in every
    ]


def _whole_name(labels: dict[str, str]) -> str:
    name = labels.pop("__name__", "")
    told = ", ".join(f'{key}="{value}"' for key, value in labels.items())
    return name + (f"{{{told}}}" if told else "")


def _series(sample: _Sample) -> Series:
    found = sample.values if sample.values is not None else [sample.value] if sample.value else []
    points = tuple((at, _number(value)) for at, value in found if 0 <= at <= LATEST)
    return Series(tuple(sample.metric.items()), points)


def _number(text: str) -> float:
    try:
        return float(text[:40])
    except ValueError:
        return math.nan
