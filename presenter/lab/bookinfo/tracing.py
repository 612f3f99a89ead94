"""The headers of a trace, in B3's two forms and the W3C's, and a service's own part of it."""

from __future__ import annotations

import json
import queue
import secrets
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

AS_THEY_ARE = ("x-request-id", "x-b3-sampled", "x-b3-flags", "tracestate")
REPORT_SECONDS = 2.0
WAITING = 1000
"""So many spans wait at most: where nobody takes them, later ones are lost."""


@dataclass(frozen=True, slots=True)
class Span:
    """A service's part of a trace: ids in hexadecimal digits, `parent` may be empty."""

    trace: str
    id: str
    parent: str


def span_of(headers: Mapping[str, str]) -> Span | None:
    """A new span below the one that a request's headers (names in lower case) tell of, if any."""
    forms = (
        [headers.get("x-b3-traceid", ""), headers.get("x-b3-spanid", "")],
        headers.get("b3", "").split("-")[:2],
        headers.get("traceparent", "").split("-")[1:3],
    )
    for trace, parent in (form for form in forms if len(form) == 2):
        if _is_id(trace, 16) and (not parent or _is_id(parent, 16)):
            return Span(trace, secrets.token_hex(8), parent)
    return None


def _is_id(text: str, shortest: int) -> bool:
    return shortest <= len(text) <= 32 and not set(text) - set("0123456789abcdefABCDEF")


def passed_on(headers: Mapping[str, str], span: Span | None) -> dict[str, str]:
    """The headers of a trace for a call to another service: in each form in which they came."""
    passed = {name: headers[name] for name in AS_THEY_ARE if name in headers}
    if span is None:
        return passed
    if "x-b3-traceid" in headers:
        passed |= {"x-b3-traceid": span.trace, "x-b3-spanid": span.id}
        if span.parent:
            passed["x-b3-parentspanid"] = span.parent
    if "b3" in headers:
        sampled = headers["b3"].split("-")[2:3]
        passed["b3"] = "-".join([span.trace, span.id, *sampled])
    fields = headers.get("traceparent", "").split("-")
    if len(fields) == 4:
        passed["traceparent"] = "-".join([*fields[:2], span.id, fields[3]])
    return passed


class Reporter:
    """Sends spans to Zipkin, off the way of the answers; nowhere if `address` is empty."""

    def __init__(self, address: str, service: str, version: str) -> None:
        self._address = address
        self._service = service
        self._version = version
        self._spans: queue.Queue[dict[str, object]] = queue.Queue(WAITING)
        if address:
            threading.Thread(target=self._send, daemon=True).start()

    def report(self, span: Span | None, name: str, began: float, status: int) -> None:
        """Say that a request was answered; `began` is in seconds since 1970."""
        if span is None or not self._address:
            return
        told: dict[str, object] = {
            "traceId": span.trace,
            "id": span.id,
            "kind": "SERVER",
            "name": name,
            "timestamp": int(began * 1e6),
            "duration": max(1, int((time.time() - began) * 1e6)),
            "localEndpoint": {"serviceName": self._service},
            "tags": {"version": self._version, "http.status_code": str(status)},
        }
        if span.parent:
            told["parentId"] = span.parent
        with suppress(queue.Full):
            self._spans.put_nowait(told)

    def _send(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            spans = [self._spans.get()]
            while not self._spans.empty():
                spans.append(self._spans.get())
            request = urllib.request.Request(  # noqa: S310 - the lab's own address
                f"{self._address}/api/v2/spans",
                json.dumps(spans).encode(),
                {"content-type": "application/json"},
            )
            with suppress(OSError), opener.open(request, timeout=REPORT_SECONDS):
                pass
