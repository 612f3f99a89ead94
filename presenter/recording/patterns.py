"""What secrets look like: credentials that are known by their form or by the key before them.

Each pattern is tried only where a fixed part of it stands, and no attempt is longer than what it
looks at: the time grows with the text, whatever the text is.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from presenter.recording.manifests import find_manifest_values
from presenter.recording.plain import Span

_MOST_KEY = 20_000
"""Characters of a private key in PEM form."""


@dataclass(frozen=True, slots=True)
class _Rule:
    hints: tuple[str, ...]
    """The pattern begins with one of them."""
    pattern: re.Pattern[str]
    """Its group `secret` is what must not be shown."""


def _rule(pattern: str, *hints: str) -> _Rule:
    return _Rule(hints, re.compile(pattern))


_START = r"(?<![A-Za-z0-9])"
_TOKEN = r"[A-Za-z0-9._~+/=-]"  # noqa: S105 — the characters of one
_TELLS = rf"(?={_TOKEN}*(?:[0-9=]|[a-z][A-Z]))"
"""Words of a language have no digits, and no capitals within."""

_RULES = (
    # JSON Web Tokens
    _rule(
        r"(?<![A-Za-z0-9_-])(?P<secret>eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+"
        r"(?:\.[A-Za-z0-9_-]*+)?)",
        "eyJ",
    ),
    # cloud keys
    _rule(rf"{_START}(?P<secret>(?:AKIA|ASIA)[A-Z0-9]{{16}})(?![A-Za-z0-9])", "AKIA", "ASIA"),
    _rule(rf"{_START}(?P<secret>AIza[A-Za-z0-9_-]{{35}})(?![A-Za-z0-9_-])", "AIza"),
    # tokens of forges and chats
    _rule(rf"{_START}(?P<secret>gh[pousr]_[A-Za-z0-9]{{20,}}+)", *(f"gh{one}_" for one in "pousr")),
    _rule(rf"{_START}(?P<secret>github_pat_[A-Za-z0-9_]{{20,}}+)", "github_pat_"),
    _rule(rf"{_START}(?P<secret>glpat-[A-Za-z0-9_.-]{{16,}}+)", "glpat-"),
    _rule(rf"{_START}(?P<secret>xox[abprs]-[A-Za-z0-9-]{{10,}}+)", "xox"),
    # headers
    _rule(
        rf"(?i:authorization)[\"']?[ \t]{{0,8}}[:=][ \t]{{0,8}}[\"']?"
        rf"(?:[A-Za-z]{{3,12}}[ \t]{{1,8}}(?P<secret>{_TOKEN}{{8,}}+)"
        rf"|{_TELLS}(?P<bare>{_TOKEN}{{8,}}+))",
        "authorization",
        "Authorization",
        "AUTHORIZATION",
    ),
    _rule(
        rf"(?:[Bb]earer|BEARER)[ \t]{{1,8}}{_TELLS}(?P<secret>{_TOKEN}{{8,}}+)",
        "Bearer",
        "bearer",
        "BEARER",
    ),
    # keys and options with their values
    _rule(
        r"(?:client-key-data|secret_access_key|SECRET_ACCESS_KEY|SecretAccessKey|SessionToken"
        r"|session_token|SESSION_TOKEN)[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?"
        rf"(?!REDACTED|DATA\+OMITTED)(?P<secret>{_TOKEN}{{8,}}+)",
        "client-key-data",
        "secret_access_key",
        "SECRET_ACCESS_KEY",
        "SecretAccessKey",
        "SessionToken",
        "session_token",
        "SESSION_TOKEN",
    ),
    _rule(
        rf"--(?:token|password)(?:=|[ \t]{{1,8}}){_TELLS}(?P<secret>{_TOKEN}{{8,}}+)",
        "--token",
        "--password",
    ),
    # the password of a user in a URL
    _rule(
        r"://[^\s/?#@:\"'<>]{0,256}:(?P<secret>[^\s/@\"'<>]{1,512})@",
        "://",
    ),
)
_BASIC = re.compile(r"(?:[Bb]asic|BASIC)[ \t]{1,8}([A-Za-z0-9+/_-]{8,}+={0,2})")
_PEM_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----")
_PEM_LINE = re.compile(r"[\r\n]+[ \t]*[A-Za-z0-9+/=]{16,}+[ \t]*(?=[\r\n]|\Z)")


def find_patterns(text: str) -> Iterator[Span]:
    """Where secrets stand in a text without escape sequences; spans may overlap."""
    for rule in _RULES:
        for hint in rule.hints:
            yield from _find(text, hint, rule.pattern)
    yield from _find_basic(text)
    yield from _find_keys(text)
    yield from find_manifest_values(text)


def _find(text: str, hint: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    at = text.find(hint)
    while at >= 0:
        match = pattern.match(text, at)
        if match is None:
            at = text.find(hint, at + 1)
            continue
        group = "secret" if match["secret"] is not None else "bare"
        yield match.span(group)
        at = text.find(hint, match.end())


def _find_basic(text: str) -> Iterator[Span]:
    """Basic authentication: what decodes to a user's name and password."""
    for hint in ("Basic", "basic", "BASIC"):
        at = text.find(hint)
        while at >= 0:
            match = _BASIC.match(text, at)
            if match is not None and _is_pair(match[1]):
                yield match.span(1)
            at = text.find(hint, at + 1)


def _is_pair(encoded: str) -> bool:
    plain = encoded.rstrip("=").translate(str.maketrans("-_", "+/"))
    if len(plain) % 4 == 1:
        return False
    return b":" in base64.b64decode(plain + "=" * (-len(plain) % 4))


def _find_keys(text: str) -> Iterator[Span]:
    """Private keys in PEM form, up to their end or, without one, as far as they look like one."""
    at = text.find("-----BEGIN ")
    while at >= 0:
        begin = _PEM_BEGIN.match(text, at)
        at = text.find("-----BEGIN ", at + 1)
        if begin is None:
            continue
        start = begin.end()
        end = text.find("-----END ", start, start + _MOST_KEY)
        if end < 0 or 0 <= at < end:
            end = start
            while line := _PEM_LINE.match(text, end):
                end = line.end()
        if end > start:
            yield start, end
        at = text.find("-----BEGIN ", end)
