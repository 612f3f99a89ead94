"""Probe of a web address: `http: URL`, with `status` (200), `contains` and `json`.

A client is kept for each server, so that a probe that comes again uses its connection.
"""

from __future__ import annotations

import json
import threading
from urllib.parse import urlsplit

import httpx

from presenter.live.findings import Finding, Limit, fails, holds, unknown
from presenter.live.probe_net import fault_of, is_html, leads_away
from presenter.talk.fallback import Fault

MOST_BODY = 262_144
"""Bytes of an answer that are looked at."""
MOST_CLIENTS = 32
_CONNECT = 2.0
"""Seconds."""
_LOGIN_NEEDED = 511

_clients: dict[str, httpx.Client] = {}
_lock = threading.Lock()


def look_http(condition: dict[str, object], limit: Limit, user: str = "") -> Finding:
    """Whether the address answers as it should; redirects are not followed.

    Each `user` has connections of its own.
    """
    url, status = str(condition["http"]), str(condition.get("status", 200))
    subject = _subject_of(url)
    if not subject or not status.isdecimal():
        return unknown(f"`http: {url}` needs an address that begins with http:// or https://")
    limit.contact(subject)
    try:
        try:
            answer, body = _get(url, limit, user)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            answer, body = _get(url, limit, user)  # the connection kept was closed from afar
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        fault, words = fault_of(error)
        return fails(f"{subject}: {words}", fault)
    return _judge(condition, subject, answer, body)


def _subject_of(url: str) -> str:
    """The host and port of an address, nothing where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts.netloc.rpartition("@")[2]


def _get(url: str, limit: Limit, user: str) -> tuple[httpx.Response, bytes]:
    client = _client_of(url, user)
    timeout = httpx.Timeout(limit.left(), connect=limit.left(_CONNECT))
    body = b""
    with client.stream("GET", url, timeout=timeout) as answer:
        stream = answer.extensions.get("network_stream")
        limit.kept = stream.get_extra_info("socket") if stream is not None else None
        for piece in answer.iter_bytes():
            body += piece
            if len(body) >= MOST_BODY or limit.is_over:
                break
    return answer, body


def _client_of(url: str, user: str) -> httpx.Client:
    """The client of a server; the oldest one goes where there are too many."""
    origin = "{0.scheme}://{0.netloc} {1}".format(urlsplit(url), user)
    with _lock:
        if origin not in _clients:
            while len(_clients) >= MOST_CLIENTS:
                _clients.pop(next(iter(_clients))).close()
            _clients[origin] = httpx.Client(follow_redirects=False)
        return _clients[origin]


def _judge(
    condition: dict[str, object], subject: str, answer: httpx.Response, body: bytes
) -> Finding:
    wanted = int(str(condition.get("status", 200)))
    contains, wants_json = condition.get("contains"), condition.get("json") is True
    if answer.status_code != wanted:
        words = f"{subject}: status {answer.status_code}, not {wanted}"
        return fails(words, Fault.PORTAL if _is_portal(answer, wants_json) else None)
    if wants_json and not _is_json(body):
        html = is_html(answer.headers.get("content-type", ""), body)
        return fails(f"{subject}: the answer is not JSON", Fault.PORTAL if html else None)
    if contains is not None and str(contains) not in body.decode("utf-8", "replace"):
        return fails(f"{subject}: the answer does not contain “{contains}”")
    return holds(f"{subject}: status {wanted}")


def _is_portal(answer: httpx.Response, wants_json: bool) -> bool:
    """Whether an answer other than expected looks like the network's login page."""
    if answer.status_code == _LOGIN_NEEDED:
        return True
    if wants_json and is_html(answer.headers.get("content-type", "")):
        return True
    return answer.is_redirect and leads_away(str(answer.url), answer.headers["location"])


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
