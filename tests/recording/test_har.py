"""HAR files written and read again, those of others, and hostile ones."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.errors import RecordingError
from presenter.recording import har_reader
from presenter.recording.har import Body, Exchange, Har, Request, Response, Timings
from presenter.recording.har_reader import read_har
from presenter.recording.har_writer import encode_har, write_har
from presenter.recording.provenance import CAPTURED, Provenance
from tests.recording.har_schema import SCHEMA
from tests.recording.hars import entry, exchange, log, put

_SCHEMA = jsonschema.Draft202012Validator(SCHEMA)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_PAIRS = st.lists(st.tuples(_TEXT, _TEXT), max_size=3).map(tuple)
_SECONDS = st.integers(0, 100_000).map(lambda ms: ms / 1000)
_MAYBE = st.none() | _SECONDS
_BODIES = st.builds(
    lambda mime, data, more: Body(mime, data, len(data) + more),
    _TEXT,
    st.binary(max_size=20) | _TEXT.map(str.encode),
    st.integers(0, 5),
)
_EXCHANGES = st.builds(
    Exchange,
    started=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
        lambda when: when.replace(
            microsecond=when.microsecond // 1000 * 1000, tzinfo=timezone(timedelta(hours=2))
        )
    ),
    request=st.builds(Request, _TEXT, _TEXT, _TEXT, _PAIRS, _TEXT, _TEXT),
    response=st.builds(Response, st.integers(0, 999), _TEXT, _TEXT, _PAIRS, _BODIES, _TEXT),
    timings=st.builds(Timings, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _SECONDS, _SECONDS, _SECONDS),
    address=_TEXT.map(lambda text: text.strip("[]")),
    label=_TEXT,
    name=_TEXT,
    groups=_PAIRS,
    error=_TEXT,
    picture=_TEXT,
)
_LOGS = st.builds(
    Har,
    st.lists(_EXCHANGES, max_size=4).map(
        lambda found: tuple(sorted(found, key=lambda one: one.started))
    ),
    st.none() | st.builds(Provenance, date=st.just("2026-11-02"), deck=_TEXT, note=_TEXT),
)


@settings(max_examples=150, deadline=None)
@given(_LOGS)
def test_what_is_encoded_is_valid_and_read_again(
    tmp_path_factory: pytest.TempPathFactory, har: Har
) -> None:
    path = tmp_path_factory.mktemp("round") / "trip.har"
    path.write_text(encode_har(har), "utf-8")
    _SCHEMA.validate(json.loads(path.read_text("utf-8")))
    read = read_har(path)
    assert read.exchanges == har.exchanges
    assert read.provenance == har.provenance
    assert read.creator.startswith("presenter ")


def test_the_schema_refuses_what_is_not_har() -> None:
    whole = json.loads(encode_har(log()))
    _SCHEMA.validate(whole)
    whole["log"]["entries"][0]["request"]["extra"] = 1
    assert not _SCHEMA.is_valid(whole)
    del whole["log"]["entries"]
    assert not _SCHEMA.is_valid(whole)


def test_a_written_log_says_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    told = Provenance(CAPTURED, "2026-11-02T09:30:00+00:00", "talk", "page", note="ran live")
    write_har(path, Har((exchange(),), told), ())
    text = path.read_text("utf-8")
    _SCHEMA.validate(json.loads(text))
    comment = json.loads(text)["log"]["comment"]
    assert comment == (
        "captured by presenter on 2026-11-02T09:30:00+00:00 for the demo page of the deck talk; "
        "ran live"
    )
    assert read_har(path).provenance == told
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_text_stays_text_and_bytes_become_base64() -> None:
    bodies = (Body("text/html", "<p>é</p>".encode(), 9), Body("image/png", b"\x89PNG\xff", 100))
    har = log(*(exchange(response=Response(200, body=body)) for body in bodies))
    first, second = (
        one["response"]["content"] for one in json.loads(encode_har(har))["log"]["entries"]
    )
    assert first == {"size": 9, "mimeType": "text/html", "text": "<p>é</p>"}
    assert second == {
        "size": 100,
        "mimeType": "image/png",
        "text": "iVBOR/8=",
        "encoding": "base64",
        "comment": "the first 5 of 100 bytes",
    }


def test_a_log_too_large_to_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.har"
    path.write_text("old")
    monkeypatch.setattr("presenter.recording.har_writer.MOST_BYTES", 100)
    with pytest.raises(RecordingError, match="too large"):
        write_har(path, log(), ())
    assert path.read_text() == "old"


# --- files of others ----------------------------------------------------------------------------


def test_what_browsers_write_is_read(tmp_path: Path) -> None:
    response = {
        "status": 200.0, "statusText": None, "httpVersion": "h2", "redirectURL": None,
        "headers": [{"name": "x", "value": "1", "comment": "?"}],
        "content": {"size": -1, "mimeType": "text/html", "text": "hi", "compression": -1},
        "_transferSize": 12, "_error": None,
    }  # fmt: skip
    posted = {"mimeType": "a/b", "params": [{"name": "a b", "value": "ü"}, {"name": "c"}]}
    request = {"method": "POST", "url": "https://x/", "postData": posted, "headers": None}
    timings = {"blocked": -1, "dns": None, "send": -0.5, "wait": 12.5, "receive": 1e300}
    late = entry(
        request=request, response=response, timings=timings, serverIPAddress="[::1]", _initiator={}
    )
    early = entry(startedDateTime="2026-11-02T09:29:59")
    path = put(tmp_path, late, early, pages=[], browser=None)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    har = read_har(path)
    assert [one.started.second for one in har.exchanges] == [59, 0]
    assert har.exchanges[0].started.tzinfo is UTC
    found = har.exchanges[1]
    assert found.request == Request("POST", "https://x/", mime="a/b", text="a+b=%C3%BC&c=")
    assert found.response == Response(
        200, version="h2", headers=(("x", "1"),), body=Body("text/html", b"hi", 2)
    )
    assert found.timings == Timings(send=0, wait=0.0125, receive=86_400)
    assert found.address == "::1"
    assert har.provenance is None


# --- hostile files ------------------------------------------------------------------------------


def _refusal(path: Path) -> str:
    with pytest.raises(RecordingError) as caught:
        read_har(path)
    words = caught.value.message
    assert "\n" not in words
    assert len(words) < 300
    return words.removeprefix(str(path))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ":1: not JSON: it ends too early"),
        (b"[]", ": the file: expected an object, got a list"),
        (b'{"log": 1}', ": log: expected an object, got a number"),
        (b'{"log": {"entries": [}', ":1: not JSON"),
        (b'{"log":\n{"entries": [1]}}', ": log.entries[0]: expected an object, got a number"),
        (b'{"log":\n{"entries": NaN}}', ":2: not JSON"),
        (b'{"log":\n{"x": "\xff"', ":2: not UTF-8"),
        (b'{"log": {"creator": {"name": "\\\\\\ud83d\\ude00"}, "entries": []', ":1: not JSON"),
        (b'{"log": {"creator":\n{"name": "\\\\\\ud83d"}}}', ":2: half of a surrogate pair"),
        (b'{"log": {"creator":\n{"name": "\\ude00"}}}', ":2: half of a surrogate pair"),
        (b'{"log": ' + b'{"x": ' * 200_000, ": nested too deep"),
        (b'{"log": {"_presenter": ' + b"[" * 200_000, ": nested too deep"),
        (b'{"log": {"entries": [], "x": ' + b"[" * 100_000 + b"]" * 100_000, ": nested too deep"),
    ],
)  # fmt: skip
def test_what_is_no_har_is_refused_with_its_place(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "x.har"
    path.write_bytes(data)
    assert _refusal(path).startswith(words)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"startedDateTime": "yesterday"}, "startedDateTime: no date"),
        ({"startedDateTime": "9999-12-31T23:59:59-12:00"}, "startedDateTime: no date"),
        ({"startedDateTime": 7}, "startedDateTime: expected a string, got a number"),
        ({"request": {"method": "GET"}}, "request: object missing required field `url`"),
        ({"response": {"status": "200"}}, "response.status: expected a number, got a string"),
        ({"response": {"status": 1e300}}, "response.status: not a whole number from 0 to 999"),
        ({"response": {"status": 200.5}}, "response.status: not a whole number from 0 to 999"),
        ({"timings": {"wait": "1"}}, "timings.wait: expected a number, got a string"),
        (
            {"response": {"status": 200, "content": {"text": "%%", "encoding": "base64"}}},
            "response.content.text: not the base64 that it claims to be",
        ),
        (
            {"response": {"status": 200, "content": {"text": "é", "encoding": "base64"}}},
            "response.content.text: not the base64 that it claims to be",
        ),
        (
            {"response": {"status": 200, "content": {"text": "x", "encoding": "gzip"}}},
            "response.content.encoding: known is only base64",
        ),
        (
            {"response": {"status": 200, "headers": [{"name": "a", "value": "b"}] * 1001}},
            "response.headers: more than 1000 of them",
        ),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(
    tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    path = put(tmp_path, entry(), entry(**changed))
    assert _refusal(path).removeprefix(": log.entries[1].").startswith(words)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_reader, "MOST_EXCHANGES", 2)
    assert _refusal(put(tmp_path, *[entry()] * 3)) == ": log.entries: more than 2 exchanges"
    ours = {"note": "x" * har_reader.MOST_OURS}
    assert _refusal(put(tmp_path, _presenter=ours)) == ": log._presenter: larger than 256 KiB"
    monkeypatch.setattr(har_reader, "MOST_BYTES", 2**20)
    path = tmp_path / "sparse.har"
    with path.open("wb") as stream:
        stream.truncate(2**40)
    assert _refusal(path) == ": larger than 1 MiB"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "no ordinary file" in _refusal(Path("/dev/zero"))
    assert "cannot be read" in _refusal(tmp_path)
    assert "cannot be read: No such file" in _refusal(tmp_path / "none.har")
    os.mkfifo(tmp_path / "pipe.har")
    assert "no ordinary file" in _refusal(tmp_path / "pipe.har")
