"""The data of an HTTP step, line by line: what is asked, and each exchange when it has ended.

    {"sent":{"method":"GET","url":"http://h/","repeat":100,"groups":["version"],…}}
    {"startedDateTime":…}

The second is an entry of a HAR log. A live source prints these lines, a recorded one too, and a
view draws them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from presenter.deck.http import HttpRequest
from presenter.recording.har import Exchange
from presenter.recording.har_reader import read_exchange
from presenter.recording.har_writer import exchange_line

MOST_SEARCHED = 65_536
"""Bytes of a body in which a pattern of the deck is looked for."""
_SENT = '{"sent":'


@dataclass(frozen=True, slots=True)
class Sent:
    """What is asked, and how often."""

    method: str = "GET"
    url: str = ""
    repeat: int = 1
    groups: tuple[str, ...] = ()
    """The names by which exchanges are counted."""
    until: str = ""
    """What it is repeated for, in words."""
    picture: str = ""
    """What is drawn of the body, as `HttpRequest.picture`."""


def sent_of(request: HttpRequest, url: str) -> Sent:
    """What the deck's request asks; `url` is the address with its variables in."""
    names = tuple(group.name for group in request.groups)
    until = until_of(request)
    return Sent(request.method, url, request.repeat, names, until, request.picture)


def until_of(request: HttpRequest) -> str:
    until = request.until
    return f"{until.pick} {until.value}".rstrip() if until is not None else ""


def sent_line(sent: Sent) -> str:
    return json.dumps({"sent": asdict(sent)}, separators=(",", ":"))


def read_line(line: str) -> Sent | Exchange | None:
    """What a line says; None where it says nothing of this."""
    if not line.startswith(_SENT):
        return read_exchange(line) if line.startswith("{") else None
    try:
        told = json.loads(line)["sent"]
        groups = tuple(map(str, told["groups"]))
        asked = str(told["method"]), str(told["url"]), int(told["repeat"])
        return Sent(*asked, groups, str(told["until"]), str(told.get("picture", "")))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def readable(lines: str) -> str:
    """Lines of data as the text that a pattern of the deck is looked for in."""
    return "".join(_text_of(found) for line in lines.splitlines() if (found := read_line(line)))


def _text_of(found: Sent | Exchange) -> str:
    if isinstance(found, Sent):
        return ""
    response = found.response
    lines = [f"{response.version} {response.status} {response.reason}".strip()]
    lines += [f"{name}: {value}" for name, value in response.headers]
    body = response.body.data[:MOST_SEARCHED].decode("utf-8", "replace")
    return "\n".join([*lines, "", body, ""])


def status_of(exchanges: Iterable[Exchange]) -> int:
    """What stands for an exit status: 0 where all is well.

    Of a single exchange, the status of a response from 400 on, and 1 without a response. Of many, 1
    where none has brought a response.
    """
    statuses = [one.response.status for one in exchanges]
    if len(statuses) == 1:
        return statuses[0] if statuses[0] >= 400 else int(not statuses[0])
    return int(not any(statuses))


def timed(sent: Sent, exchanges: Iterable[Exchange]) -> Iterator[tuple[float, str]]:
    """The lines of a step, each with its newline, at seconds since it began."""
    yield 0.0, sent_line(sent) + "\n"
    found = list(exchanges)
    origin: datetime | None = min((one.started for one in found), default=None)
    ended = [
        ((one.started - origin).total_seconds() + one.timings.total, number)
        for number, one in enumerate(found)
        if origin is not None
    ]
    for at, number in sorted(ended):
        yield round(at, 3), exchange_line(found[number]) + "\n"
