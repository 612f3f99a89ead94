"""Secrets out of HTTP exchanges, before they are written: in headers, addresses and bodies.

What a header, a cookie or a parameter is called tells that it is secret. Its value goes there, and
wherever else it stands: many a server prints what it was asked. What else looks like a secret, or
is known to be one, goes as it goes from output (`redact`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote_plus

from presenter.recording.har import Body, Exchange, Har, Pairs, Request, Response
from presenter.recording.known import is_secret_name, secret_values
from presenter.recording.provenance import Provenance
from presenter.recording.redact import DOT, Redactor

LONGEST_DOTS = 64
"""In place of one value."""
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_OPEN = frozenset({"www-authenticate", "proxy-authenticate", "authentication-info"})
_PARAMETER = re.compile(
    r"sig|signature|key|code|jwt|sid|session(?:_?id)?|pass|pwd|saml(?:request|response)|assertion"
    r"|x_amz_(?:signature|credential)|x_goog_(?:signature|credential)",
    re.IGNORECASE,
)
_URL = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]{0,30}://)(?P<user>[^/?#\s@]{0,1024}@)?")
_PAIR = re.compile(r"(?P<before>[?&;#]|^)(?P<name>[^=&;?#\s]{1,128})=(?P<value>[^&;#\s]*)")
_MEMBER = re.compile(
    r'"(?P<name>[A-Za-z0-9_.-]{1,64})"(?P<between>\s{0,8}:\s{0,8}")(?P<value>(?:[^"\\]|\\.)*+)',
    re.DOTALL,
)
_FORM = "application/x-www-form-urlencoded"


def without_secrets(har: Har, values: Iterable[str]) -> Har:
    """The log as it may be written; `values` are the secrets that this machine is known to have.

    Doing it twice changes nothing more.
    """
    known = {*values, *(value for one in har.exchanges for value in _of_request(one.request))}
    # What a body calls a token is sent elsewhere with the next request.
    known |= {value for one in har.exchanges for value in _of_body(one.response.body)}
    if har.provenance is not None:
        known |= secret_values(har.provenance.exports)
    redactor = Redactor(known)
    safe = []
    for one in har.exchanges:
        own = set(_of_response(one.response))  # a server gives each response a new one
        safe.append(_exchange(one, Redactor(known | own) if own else redactor))
    return Har(tuple(safe), _provenance(har.provenance, redactor), har.creator)


def is_secret_header(name: str) -> bool:
    """Whether the value of a header of this name must not be shown."""
    name = name.lower()
    return name not in _OPEN and (name in _SECRET or is_secret_name(name.replace("-", "_")))


def dots(value: str) -> str:
    """What stands in place of a value."""
    return DOT * min(len(value), LONGEST_DOTS)


def shown_text(text: str) -> str:
    """A body as an audience may see it: without the secret values of members of JSON."""
    return _MEMBER.sub(_member, text)


def safe_address(text: str) -> str:
    """An address, or a text with addresses in it, without users and secret parameters."""
    text = _URL.sub(_without_user, text)
    return _PAIR.sub(_pair, text)


# --- what the exchange itself tells ---------------------------------------------------------------


def _of_request(request: Request) -> Iterator[str]:
    """The secret values that stand in headers, address and form by their names."""
    yield from _of_headers(request.headers)
    yield from _of_pairs(request.url)
    if request.mime.startswith(_FORM):
        yield from _of_pairs(request.text or "")
    elif request.text is not None:
        yield from _of_members(request.text)


def _of_body(body: Body) -> Iterator[str]:
    if body.data[:1] in (b"{", b"["):
        yield from _of_members(body.data.decode("utf-8", "replace"))


def _of_members(text: str) -> Iterator[str]:
    """The secret values of members of objects in JSON."""
    for match in _MEMBER.finditer(text):
        if is_secret_name(match["name"]) and DOT not in match["value"]:
            yield match["value"]


def _of_response(response: Response) -> Iterator[str]:
    yield from _of_headers(response.headers)
    yield from _of_pairs(response.redirect)


def _of_headers(headers: Pairs) -> Iterator[str]:
    for name, value in headers:
        if is_secret_header(name):
            yield from _parts(name.lower(), value)


def _of_pairs(text: str) -> Iterator[str]:
    for match in _PAIR.finditer(text):
        if _is_secret_parameter(match["name"]):
            yield match["value"]
            yield unquote_plus(match["value"])


def _parts(name: str, value: str) -> Iterator[str]:
    """The words of a header's value that are the secret."""
    if "cookie" in name:
        crumbs = value.split(";")
        for crumb in crumbs[:1] if name.startswith("set") else crumbs:
            yield crumb.partition("=")[2].strip().strip('"')
        return
    scheme, _, rest = value.strip().partition(" ")
    yield rest.strip() or scheme
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
        yield pair.partition(":")[2]


# --- taken out ------------------------------------------------------------------------------------


def _provenance(told: Provenance | None, redactor: Redactor) -> Provenance | None:
    if told is None:
        return None
    return replace(
        told,
        commands=tuple(redactor.text(safe_address(command)) for command in told.commands),
        exports={
            name: dots(value) if is_secret_name(name) else redactor.text(value)
            for name, value in told.exports.items()
        },
        note=redactor.text(told.note),
    )


def _exchange(exchange: Exchange, redactor: Redactor) -> Exchange:
    return replace(
        exchange,
        request=_request(exchange.request, redactor),
        response=_response(exchange.response, redactor),
        groups=_headers(exchange.groups, redactor),
        error=redactor.text(safe_address(exchange.error)),
        picture=redactor.text(exchange.picture),
    )


def _request(request: Request, redactor: Redactor) -> Request:
    text = request.text
    if text is not None:
        text = _text(_PAIR.sub(_pair, text) if request.mime.startswith(_FORM) else text, redactor)
    return replace(
        request,
        url=redactor.text(safe_address(request.url)),
        headers=_headers(request.headers, redactor),
        text=text,
    )


def _response(response: Response, redactor: Redactor) -> Response:
    return replace(
        response,
        headers=_headers(response.headers, redactor),
        body=_body(response.body, redactor),
        redirect=redactor.text(safe_address(response.redirect)),
    )


def _headers(headers: Pairs, redactor: Redactor) -> Pairs:
    return tuple(
        (name, dots(value) if is_secret_header(name) else redactor.text(_header(value)))
        for name, value in headers
    )


def _header(value: str) -> str:
    return safe_address(value) if "://" in value or value.startswith("/") else value


def _body(body: Body, redactor: Redactor) -> Body:
    """One of bytes that are no text is left out as a whole where there is a secret in it."""
    try:
        text = body.data.decode()
    except UnicodeDecodeError:
        text = body.data.decode("latin-1")
        return body if _text(text, redactor) == text else replace(body, data=b"")
    safe = _text(text, redactor)
    if safe == text:
        return body
    data = safe.encode("utf-8", "replace")
    return replace(body, data=data, size=max(body.size - len(body.data), 0) + len(data))


def _text(text: str, redactor: Redactor) -> str:
    return redactor.text(_MEMBER.sub(_member, text))


def _without_user(match: re.Match[str]) -> str:
    user = match["user"]
    return match["before"] + (dots(user[:-1]) + "@" if user else "")


def _pair(match: re.Match[str]) -> str:
    if not _is_secret_parameter(match["name"]):
        return match[0]
    return f"{match['before']}{match['name']}={dots(match['value'])}"


def _member(match: re.Match[str]) -> str:
    """A member of an object in JSON."""
    if not is_secret_name(match["name"]):
        return match[0]
    return f'"{match["name"]}"{match["between"]}{dots(match["value"])}'


def _is_secret_parameter(name: str) -> bool:
    name = name.replace("-", "_")
    return is_secret_name(name) or bool(_PARAMETER.fullmatch(name))
