"""Exchanges for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presenter.recording.har import Body, Exchange, Har, Request, Response, Timings

WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def exchange(request: Request | None = None, response: Response | None = None) -> Exchange:
    return Exchange(
        WHEN,
        request or Request("GET", "http://127.0.0.1:8080/productpage"),
        response or Response(200, "OK", "HTTP/1.1", body=Body("text/plain", b"hello", 5)),
        Timings(wait=0.25),
    )


def log(*exchanges: Exchange) -> Har:
    return Har(exchanges or (exchange(),))


def entry(**changed: Any) -> dict[str, Any]:
    """The least that an entry has, as JSON."""
    whole: dict[str, Any] = {
        "startedDateTime": "2026-11-02T09:30:00.000Z",
        "request": {"method": "GET", "url": "http://127.0.0.1/"},
        "response": {"status": 200},
    }
    return whole | changed


def put(folder: Path, *entries: object, **log: Any) -> Path:
    path = folder / "x.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)} | log}))
    return path
