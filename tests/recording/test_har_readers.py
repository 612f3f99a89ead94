"""Our HAR files, as a reader of somebody else's finds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from presenter.recording.har import Body, Exchange, Har, Request, Response, Timings
from presenter.recording.har_writer import write_har
from presenter.recording.provenance import CAPTURED, Provenance, marker_label
from tests.recording.hars import exchange


def _exchanges() -> tuple[Exchange, ...]:
    page = Request(
        "POST",
        "http://127.0.0.1:8080/orders?limit=3",
        "HTTP/2",
        (("Accept", "application/json"), ("Content-Type", "application/json")),
        "application/json",
        '{"product": 1}',
    )
    answered = Response(
        201, "Created", "HTTP/2", (("x-version", "v2"),), Body("application/json", b'{"a": 1}', 8)
    )
    first = replace(
        exchange(page, answered),
        timings=Timings(blocked=0.001, connect=0.02, ssl=0.01, send=0.002, wait=0.25, receive=0.04),
        label=marker_label(0, "POST http://127.0.0.1:8080/orders?limit=3"),
        groups=(("version", "v2"),),
        picture="plot Orders",
    )
    second = exchange(None, Response(503, "Busy", "HTTP/1.1", (), Body("image/png", b"\xff\0", 2)))
    third = replace(exchange(None, Response(0)), error="connection refused")
    return (
        first,
        replace(second, started=first.started + timedelta(seconds=1)),
        replace(third, started=first.started + timedelta(seconds=2)),
    )


@pytest.fixture
def found(tmp_path: Path) -> Any:
    path = tmp_path / "page.har"
    write_har(path, Har(_exchanges(), Provenance(CAPTURED, "2026-11-02", "talk", "page")), ())
    return import_module("haralyzer").HarParser.from_file(str(path))


def test_another_reader_finds_what_was_sent_and_what_came(found: Any) -> None:
    assert found.version == "1.2"
    assert found.creator["name"] == "presenter"
    assert len(found.har_data["entries"]) == 3
    first, second, third = found.pages[0].entries
    assert (first.request.method, first.request.httpVersion) == ("POST", "HTTP/2")
    assert first.request.headers[0] == {"name": "Accept", "value": "application/json"}
    assert first.request.queryString == [{"name": "limit", "value": "3"}]
    assert first.request.text == '{"product": 1}'
    assert (first.response.status, first.response.statusText) == (201, "Created")
    assert (first.response.mimeType, first.response.text) == ("application/json", '{"a": 1}')
    assert first.startTime == _exchanges()[0].started
    assert first.time == 313
    assert first.timings["wait"] == 250
    assert (second.response.status, second.response.textEncoding) == (503, "base64")
    assert third.response.status == 0


def test_another_reader_matches_headers_and_statuses(found: Any) -> None:
    first, second, _ = found.pages[0].entries
    assert found.match_headers(first, "response", "x-version", "v2")
    assert found.match_status_code(second, "5.*")
    assert found.match_request_type(first, "POST")
