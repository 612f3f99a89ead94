"""Bodies as Prometheus, Zipkin, Jaeger and ServiceGraph give them, for a small shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from presenter.recording.har import Body, Exchange, Request, Response
from tests.recording.hars import exchange

BEGIN = 1_790_000_000
"""Seconds since 1970: 14:13:20 on a day in September, UTC."""
SHOP = [
    ("ingress", "page v1", 60, 0),
    ("page v1", "details v1", 60, 0),
    ("page v1", "reviews v1", 20, 0),
    ("page v1", "reviews v2", 20, 0),
    ("page v1", "reviews v3", 20, 0),
    ("reviews v2", "ratings v1", 20, 3),
    ("reviews v3", "ratings v1", 20, 0),
]


def answered(body: bytes | str | object, url: str = "http://h/", status: int = 200) -> Exchange:
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else None
    data = json.dumps(body).encode() if data is None else data
    response = Response(status, "OK", "HTTP/1.1", body=Body("", data, len(data)))
    return replace(exchange(Request("GET", url), response))


def prometheus(kind: str, result: object) -> dict[str, Any]:
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def matrix(*names: str, points: int = 60, value: Callable[[int, int], float]) -> dict[str, Any]:
    """A series for each version; `value` is that of a series at a point."""
    return prometheus(
        "matrix",
        [
            {
                "metric": {"__name__": "requests_total", "app": "reviews", "version": name},
                "values": [[BEGIN + 15 * n, str(value(s, n))] for n in range(points)],
            }
            for s, name in enumerate(names)
        ],
    )


def zipkin(number: str, parent: str, service: str, name: str, at: int, took: int) -> dict[str, Any]:
    """A span; `at` and `took` are milliseconds."""
    return {
        "traceId": "5af7183fb1d4cf5f",
        "id": number,
        **({"parentId": parent} if parent else {}),
        "name": name,
        "timestamp": BEGIN * 1_000_000 + at * 1000,
        "duration": took * 1000,
        "localEndpoint": {"serviceName": service},
        "tags": {"http.status_code": "200"},
    }


TRACE = [
    zipkin("4", "3", "reviews", "get ratings", 20, 9) | {"tags": {"error": "503"}},
    zipkin("1", "", "ingress", "get /page", 0, 42) | {"kind": "CLIENT"},
    zipkin("1", "", "page", "get /page", 1, 40) | {"kind": "SERVER", "shared": True},
    zipkin("2", "1", "page", "get details", 3, 6),
    zipkin("3", "1", "page", "get reviews", 11, 28) | {"kind": "CLIENT"},
    zipkin("3", "1", "reviews", "get reviews", 12, 26) | {"kind": "SERVER", "shared": True},
]


def jaeger(number: str, parent: str, process: str, at: int, took: int) -> dict[str, Any]:
    refs = [{"refType": "CHILD_OF", "traceID": "ab12", "spanID": parent}] if parent else []
    return {
        "traceID": "ab12",
        "spanID": number,
        "operationName": f"op {number}",
        "references": refs,
        "startTime": BEGIN * 1_000_000 + at * 1000,
        "duration": took * 1000,
        "tags": [{"key": "http.status_code", "type": "int64", "value": 200}],
        "processID": process,
    }


JAEGER = {
    "data": [
        {
            "traceID": "ab12",
            "spans": [
                jaeger("a", "", "p1", 0, 30),
                jaeger("b", "a", "p2", 5, 10)
                | {"tags": [{"key": "error", "type": "bool", "value": True}]},
            ],
            "processes": {"p1": {"serviceName": "page"}, "p2": {"serviceName": "reviews"}},
        }
    ],
    "total": 0,
    "errors": None,
}


def dependencies(edges: list[tuple[str, str, int, int]]) -> list[dict[str, Any]]:
    return [
        {"parent": a, "child": b, "callCount": calls} | ({"errorCount": bad} if bad else {})
        for a, b, calls, bad in edges
    ]


SERVICE_GRAPH = {
    "nodes": {"page (v1)": {}, "reviews (v1)": {}, "lonely": {}},
    "edges": [
        {"source": "page (v1)", "target": "reviews (v1)", "labels": {"reqs/sec": "0.055556"}}
    ],
}
DOT = """
digraph "shop" {
  rankdir=LR; node [shape=box, label=<<b>x</b>>]; // a remark
  "page" [label="page\\nv1"];
  page -> reviews:n -> { ratings; db } [label="reqs/sec: 0.25"]
  subgraph cluster_0 { label="inner"; lonely }
}
"""
