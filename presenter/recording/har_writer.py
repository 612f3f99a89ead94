"""Exchanges written as HAR 1.2, whole or not at all, and never with their secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from presenter import __version__
from presenter.errors import RecordingError
from presenter.recording.asciicast import sound
from presenter.recording.har import KEY, Body, Exchange, Har, Pairs, Request, Response, Timings
from presenter.recording.har_reader import MOST_BYTES, MOST_EXCHANGES, MOST_HEADERS
from presenter.recording.har_secrets import without_secrets
from presenter.recording.provenance import TRANSCRIBED, Provenance, provenance_object
from presenter.recording.writer import write_whole

_MOST_PARAMETERS = 500
Object = dict[str, object]


def write_har(path: Path, har: Har, secrets: Iterable[str]) -> None:
    """The log without its secrets; `secrets` are values that this machine is known to have.

    Raises OSError as the file system does, and RecordingError where it would be too large to be
    read again. Nothing of the old file has changed then.
    """
    text = encode_har(without_secrets(har, secrets))
    if len(text.encode()) > MOST_BYTES or len(har.exchanges) > MOST_EXCHANGES:
        raise RecordingError(f"{path}: too large for a recording", "record less of it")
    write_whole(path, (text,))


def encode_har(har: Har) -> str:
    """A log as it stands in a file, indented; equal logs give equal text."""
    told = har.provenance
    log: Object = {
        "version": "1.2",
        "creator": {"name": "presenter", "version": __version__},
        "entries": [_entry(one) for one in har.exchanges],
        "comment": _comment(told) if told is not None else "",
    }
    if told is not None:
        log[KEY] = provenance_object(told)
    return sound(json.dumps({"log": log}, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def exchange_line(exchange: Exchange) -> str:
    """An exchange on one line of ASCII, as it goes from one process to another."""
    return json.dumps(_entry(exchange), separators=(",", ":"))


def _comment(told: Provenance) -> str:
    """What a reader who does not know our field is told."""
    how = "written down" if told.source == TRANSCRIBED else "captured"
    words = [f"{how} by presenter"]
    words += [f"on {told.date}"] if told.date else []
    words += [f"for the demo {told.demo}"] if told.demo else []
    words += [f"of the deck {told.deck}"] if told.deck else []
    return "; ".join([" ".join(words), *filter(None, (told.origin, told.note))])


def _entry(exchange: Exchange) -> Object:
    entry: Object = {
        "startedDateTime": _date(exchange.started),
        "time": _milliseconds(exchange.timings.total),
        "request": _request(exchange.request),
        "response": _response(exchange.response),
        "cache": {},
        "timings": _timings(exchange.timings),
    }
    if exchange.address:
        entry["serverIPAddress"] = exchange.address
    ours: Object = {"label": exchange.label, "name": exchange.name}
    ours |= {"groups": _pairs(exchange.groups), "error": exchange.error}
    ours["picture"] = exchange.picture
    if any(ours.values()):
        entry[KEY] = {key: value for key, value in ours.items() if value}
    return entry


def _date(started: datetime) -> str:
    return started.isoformat(timespec="milliseconds")


def _request(request: Request) -> Object:
    written: Object = {
        "method": request.method,
        "url": request.url,
        "httpVersion": request.version,
        "cookies": [],  # they stand in the headers, without their values
        "headers": _pairs(request.headers[:MOST_HEADERS]),
        "queryString": _pairs(_query(request.url)),
        "headersSize": -1,
        "bodySize": len(request.text.encode("utf-8", "replace")) if request.text else 0,
    }
    if request.text is not None:
        written["postData"] = {"mimeType": request.mime, "text": request.text}
    return written


def _response(response: Response) -> Object:
    return {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.version,
        "cookies": [],
        "headers": _pairs(response.headers[:MOST_HEADERS]),
        "content": _content(response.body),
        "redirectURL": response.redirect,
        "headersSize": -1,
        "bodySize": -1,
    }


def _content(body: Body) -> Object:
    content: Object = {"size": body.size, "mimeType": body.mime}
    try:
        content["text"] = body.data.decode()
    except UnicodeDecodeError:
        content["text"] = base64.b64encode(body.data).decode()
        content["encoding"] = "base64"
    if body.is_cut:
        content["comment"] = f"the first {len(body.data)} of {body.size} bytes"
    return content


def _timings(timings: Timings) -> Object:
    """-1 stands for what did not happen."""
    optional = {
        "blocked": timings.blocked,
        "dns": timings.dns,
        "connect": timings.connect,
        "ssl": timings.ssl,
    }
    written: Object = {
        name: -1 if seconds is None else _milliseconds(seconds)
        for name, seconds in optional.items()
    }
    for name, seconds in (
        ("send", timings.send), ("wait", timings.wait), ("receive", timings.receive),
    ):  # fmt: skip
        written[name] = _milliseconds(seconds)
    return written


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _pairs(pairs: Pairs | Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _query(url: str) -> list[tuple[str, str]]:
    try:
        query = urlsplit(url).query
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return []
