"""Whether the credentials of the current cluster are valid until the talk's end."""

from __future__ import annotations

import base64
import binascii
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from presenter.demo.preflight.subject import Subject
from presenter.live.bounded import run_bounded
from presenter.talk.condition import CURRENT_CLUSTER
from presenter.talk.preflight import Issue, Level

TALK = timedelta(hours=1)
"""Where the deck does not say how long it takes."""
OPENSSL_SECONDS = 2.0
MOST_BYTES = 1_000_000
_ENDS = "notAfter="
Object = Mapping[str, object]


def credentials_last(subject: Subject, now: datetime | None = None) -> Iterator[Issue]:
    """A line for each that ends before the talk; nothing is asked of a cluster."""
    demos = _needing(subject)
    if not demos:
        return
    named = subject.environment.get("KUBECONFIG") or str(Path("~") / ".kube" / "config")
    now = now or datetime.now(UTC)
    end = now + (timedelta(seconds=subject.deck.meta.duration or 0) or TALK)
    for what, until in _expiries(
        [Path(one).expanduser() for one in named.split(os.pathsep) if one]
    ):
        if until >= end:
            continue
        when = f"{until.astimezone():%Y-%m-%d %H:%M}"
        words = f"{what} ended {when}" if until <= now else f"{what} ends {when}, within the talk"
        yield Issue(Level.NO_GO, "kubeconfig", words, "fetch new credentials", demos)


def _needing(subject: Subject) -> tuple[str, ...]:
    """The demos that need a cluster."""
    needs = {
        name
        for name, told in subject.deck.meta.needs.items()
        if isinstance(told, Mapping) and "kubernetes" in told
    }
    found = (demos for name, demos in subject.needed.items() if name in {*needs, CURRENT_CLUSTER})
    return tuple(dict.fromkeys(demo for demos in found for demo in demos))


def _expiries(files: list[Path]) -> Iterator[tuple[str, datetime]]:
    user = _current_user(files)
    if user is None:
        return
    told, folder = user
    certificate = _data(told, "client-certificate", folder)
    until = _certificate_end(certificate) if certificate else None
    if until is not None:
        yield "the client's certificate", until
    token = told.get("token")
    path = told.get("tokenFile")
    if not token and isinstance(path, str):
        token = _bytes(folder / path).decode("utf-8", "replace").strip()
    until = token_end(str(token)) if token else None
    if until is not None:
        yield "the token", until


def _current_user(files: list[Path]) -> tuple[Object, Path] | None:
    """The user of the current context, and the folder that its paths are relative to."""
    import yaml  # only where a cluster is needed

    current, contexts, users = "", dict[str, str](), dict[str, tuple[Object, Path]]()
    for file in files:
        try:
            told = yaml.safe_load(_bytes(file))
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        if not isinstance(told, dict):
            continue
        current = current or str(told.get("current-context") or "")
        for name, its in _named(told.get("contexts"), "context"):
            contexts.setdefault(name, str(its.get("user")))
        for name, its in _named(told.get("users"), "user"):
            users.setdefault(name, (its, file.parent))
    return users.get(contexts.get(current, ""))


def _named(told: object, key: str) -> Iterator[tuple[str, Object]]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and isinstance(one.get(key), dict):
            yield str(one.get("name")), one[key]


def _data(told: Object, key: str, folder: Path) -> bytes:
    """What stands in the kubeconfig, or in the file that it names."""
    inline, path = told.get(f"{key}-data"), told.get(key)
    if isinstance(inline, str):
        try:
            return base64.b64decode(inline)
        except (binascii.Error, ValueError):
            return b""
    return _bytes(folder / path) if isinstance(path, str) else b""


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except OSError:
        return b""


def _certificate_end(pem: bytes) -> datetime | None:
    """By openssl; None where it is not there, or cannot read it."""
    program = shutil.which("openssl")
    if program is None:
        return None
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        argv = [program, "x509", "-noout", "-enddate", "-in", file.name]
        try:
            _, output = run_bounded(argv, OPENSSL_SECONDS)
        except OSError:
            return None
    line = output.decode("ascii", "replace").strip()
    try:
        end = datetime.strptime(line.removeprefix(_ENDS), "%b %d %H:%M:%S %Y GMT")
    except ValueError:
        return None
    return end.replace(tzinfo=UTC)


def token_end(token: str) -> datetime | None:
    """When a JSON web token ends; None for any other, and for one that says nothing of it."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(float(told["exp"]), UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return None
