"""HAR files read. Unlike casts they are one document: what is not HAR is refused, with its place.

Only what is looked for is ever built, by its type, so that a small file cannot become a large
object; the rest is passed over. What programs are known to write wrongly (sizes of -1, nulls, dates
without an offset) is mended.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from presenter.errors import RecordingError
from presenter.recording.har import Body, Exchange, Har, Pairs, Request, Response, Timings
from presenter.recording.provenance import provenance_from

MOST_BYTES = 24 * 1024 * 1024
"""Of a file."""
MOST_EXCHANGES = 10_000
MOST_HEADERS = 1000
"""Of one message."""
MOST_OURS = 256 * 1024
"""Bytes of our own field in the log."""
_LONGEST_TIME = 86_400.0
"""Seconds; a part of an exchange that is longer is a mistake."""
_HINT = "HAR 1.2 files come from browsers, proxies and this program"
_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`\Z")
_BYTE = re.compile(r"\(byte (?P<byte>\d{1,12})\)")
_ESCAPES = re.compile(
    rb"(?:\\\\)+|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F])", re.DOTALL
)
_WORDS = {"int": "a number", "float": "a number", "str": "a string", "bool": "true or false",
          "object": "an object", "array": "a list", "null": "null"}  # fmt: skip


class _Pair(msgspec.Struct, gc=False):
    name: str
    value: str


class _Content(msgspec.Struct):
    size: float | None = None
    mimeType: str | None = None  # noqa: N815 — names of the format
    text: str | None = None
    encoding: str | None = None


class _Posted(msgspec.Struct):
    mimeType: str | None = None  # noqa: N815
    text: str | None = None
    params: list[_Param] | None = None


class _Param(msgspec.Struct, gc=False):
    name: str
    value: str | None = None


class _Request(msgspec.Struct):
    method: str
    url: str
    httpVersion: str | None = None  # noqa: N815
    headers: list[_Pair] | None = None
    postData: _Posted | None = None  # noqa: N815


class _Response(msgspec.Struct):
    status: float
    statusText: str | None = None  # noqa: N815
    httpVersion: str | None = None  # noqa: N815
    headers: list[_Pair] | None = None
    content: _Content | None = None
    redirectURL: str | None = None  # noqa: N815


class _Timings(msgspec.Struct, gc=False):
    blocked: float | None = None
    dns: float | None = None
    connect: float | None = None
    ssl: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None


class _EntryOurs(msgspec.Struct):
    label: str = ""
    name: str = ""
    groups: list[_Pair] = []
    error: str = ""
    picture: str = ""


class _Entry(msgspec.Struct):
    startedDateTime: str  # noqa: N815
    request: _Request
    response: _Response
    timings: _Timings | None = None
    serverIPAddress: str | None = None  # noqa: N815
    ours: _EntryOurs | None = msgspec.field(default=None, name="_presenter")


class _Creator(msgspec.Struct, gc=False):
    name: str | None = None
    version: str | None = None


class _Log(msgspec.Struct):
    entries: list[_Entry]
    creator: _Creator | None = None
    ours: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="_presenter")


class _File(msgspec.Struct):
    log: _Log


_DECODER = msgspec.json.Decoder(_File)
_ENTRY_DECODER = msgspec.json.Decoder(_Entry)


_One = TypeVar("_One")


class _Wrong(Exception):  # noqa: N818 — it never leaves this module
    """Something at a place, as `log.entries[0].request`, is not as it must be."""

    def __init__(self, place: str, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(place, reason)


def read_har(path: Path) -> Har:
    """A log, its exchanges in the order of their dates.

    Raises RecordingError, whose message is one line with the place, where it is none.
    """
    data = _read(path)
    try:
        log = _DECODER.decode(data).log
        if len(log.entries) > MOST_EXCHANGES:
            raise _Wrong("log.entries", f"more than {MOST_EXCHANGES} exchanges")  # noqa: TRY301
        found = [_exchange(raw, f"log.entries[{at}]") for at, raw in enumerate(log.entries)]
        found.sort(key=lambda exchange: exchange.started)
        return Har(tuple(found), provenance_from(_ours(log.ours)), _creator(log.creator))
    except _Wrong as wrong:
        raise RecordingError(f"{path}: {wrong.place}: {wrong.reason}", _HINT) from None
    except RecursionError:
        raise RecordingError(f"{path}: nested too deep", _HINT) from None
    except msgspec.ValidationError as error:
        raise RecordingError(f"{path}: {_of_type(str(error))}", _HINT) from None
    except ValueError as error:  # what is not JSON or not UTF-8
        line, reason = _of_text(data, error)
        raise RecordingError(f"{path}:{line}: {reason}", _HINT) from None


def read_exchange(line: str | bytes) -> Exchange | None:
    """One entry of a log as it goes from one process to another; None where it is none."""
    try:
        return _exchange(_ENTRY_DECODER.decode(line), "")
    except (_Wrong, ValueError, RecursionError):
        return None


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise RecordingError(f"{path}: no ordinary file", _HINT)
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise RecordingError(f"{path}: cannot be read: {reason}", _HINT) from error
    if len(data) > MOST_BYTES:
        raise RecordingError(f"{path}: larger than {MOST_BYTES >> 20} MiB", "record less of it")
    return data.removeprefix(b"\xef\xbb\xbf")


# --- what is wrong ------------------------------------------------------------------------------


def _of_type(message: str) -> str:
    """A message of msgspec's as a place and what is wrong there."""
    found = _PLACE.search(message)
    place = found["place"] if found else ""
    reason = message[: found.start()] if found else message
    for name, words in _WORDS.items():
        reason = reason.replace(f"`{name}`", words).replace(f"`{name} | null`", words)
    return f"{place or 'the file'}: {reason[:1].lower()}{reason[1:]}"


def _of_text(data: bytes, error: ValueError) -> tuple[int, str]:
    """The line, and why it cannot be read."""
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        return data.count(b"\n", 0, wrong.start) + 1, "not UTF-8"
    half = next((one for one in _ESCAPES.finditer(data) if one["half"]), None)
    if half is not None:
        return data.count(b"\n", 0, half.start()) + 1, "half of a surrogate pair"
    found = _BYTE.search(str(error))
    if found is None:
        return data.count(b"\n") + 1, "not JSON: it ends too early"
    return data.count(b"\n", 0, int(found["byte"])) + 1, "not JSON"


# --- from what JSON gave ------------------------------------------------------------------------


def _exchange(raw: _Entry, place: str) -> Exchange:
    ours = raw.ours or _EntryOurs()
    return Exchange(
        started=_date(raw.startedDateTime, f"{place}.startedDateTime"),
        request=_request(raw.request, f"{place}.request"),
        response=_response(raw.response, f"{place}.response"),
        timings=_timings(raw.timings or _Timings()),
        address=(raw.serverIPAddress or "").strip("[]"),
        label=ours.label,
        name=ours.name,
        groups=_pairs(ours.groups, f"{place}._presenter.groups"),
        error=ours.error,
        picture=ours.picture,
    )


def _date(text: str, place: str) -> datetime:
    """Without an offset it is taken for UTC."""
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(place, "no date as ISO 8601 has it") from None
    return found


def _request(raw: _Request, place: str) -> Request:
    posted = raw.postData or _Posted()
    text = posted.text
    if text is None and posted.params:
        params = [(one.name, one.value or "") for one in _few(posted.params, f"{place}.postData")]
        text = urlencode(params)
    return Request(
        method=raw.method,
        url=raw.url,
        version=raw.httpVersion or "",
        headers=_pairs(raw.headers, f"{place}.headers"),
        mime=posted.mimeType or "",
        text=text,
    )


def _response(raw: _Response, place: str) -> Response:
    if not (raw.status.is_integer() and -1 <= raw.status <= 999):
        raise _Wrong(f"{place}.status", "not a whole number from 0 to 999")
    return Response(
        status=max(int(raw.status), 0),
        reason=raw.statusText or "",
        version=raw.httpVersion or "",
        headers=_pairs(raw.headers, f"{place}.headers"),
        body=_body(raw.content or _Content(), f"{place}.content"),
        redirect=raw.redirectURL or "",
    )


def _body(raw: _Content, place: str) -> Body:
    text = raw.text or ""
    if raw.encoding in (None, ""):
        data = text.encode()
    elif raw.encoding.lower() == "base64":
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise _Wrong(f"{place}.text", "not the base64 that it claims to be") from None
    else:
        raise _Wrong(f"{place}.encoding", "known is only base64")
    told = raw.size or 0.0
    size = int(told) if 0 <= told < 2**53 else 0
    return Body(raw.mimeType or "", data, max(size, len(data)))


def _timings(raw: _Timings) -> Timings:
    return Timings(
        blocked=_seconds(raw.blocked),
        dns=_seconds(raw.dns),
        connect=_seconds(raw.connect),
        ssl=_seconds(raw.ssl),
        send=_seconds(raw.send) or 0.0,
        wait=_seconds(raw.wait) or 0.0,
        receive=_seconds(raw.receive) or 0.0,
    )


def _seconds(milliseconds: float | None) -> float | None:
    if milliseconds is None or not math.isfinite(milliseconds) or milliseconds < 0:
        return None
    return min(milliseconds / 1000, _LONGEST_TIME)


def _pairs(raw: list[_Pair] | None, place: str) -> Pairs:
    return tuple((one.name, one.value) for one in _few(raw or [], place))


def _few(items: list[_One], place: str) -> Iterable[_One]:
    if len(items) > MOST_HEADERS:
        raise _Wrong(place, f"more than {MOST_HEADERS} of them")
    return items


def _ours(raw: msgspec.Raw) -> object:
    """What our own field of the log says, as JSON gives it."""
    data = bytes(raw)
    if len(data) > MOST_OURS:
        raise _Wrong("log._presenter", f"larger than {MOST_OURS >> 10} KiB")
    return msgspec.json.decode(data) if data else None


def _creator(raw: _Creator | None) -> str:
    return f"{raw.name or ''} {raw.version or ''}".strip() if raw else ""
