"""What `presenter cast` knows of secrets: those of this machine, and where some are left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from presenter.recording.cleaning import clean_header, suspicious
from presenter.recording.datacast import is_data
from presenter.recording.known import kubeconfig_values, secret_values
from presenter.recording.reader import Cast, open_cast
from presenter.recording.redact import Finder, Redactor
from presenter.recording.stream import stream

_MESSAGE = "looks like a secret (`presenter cast redact` takes it out)"
_IN_DATA = "looks like a secret (record the demo again, or take it out by hand)"


def machine_redactor(finders: Iterable[Finder] = ()) -> Redactor:
    """Knows the secrets of this machine."""
    known = secret_values(os.environ) | kubeconfig_values(os.environ, Path.home())
    return Redactor(known, finders)


def secret_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Where a recording still has what looks like a secret: lines, and what is said of them."""
    redactor = machine_redactor()
    if is_data(path):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if redactor.text(line) != line:
                yield number, _IN_DATA
        return
    cast = open_cast(path)
    if clean_header(cast.header, redactor) != cast.header:
        yield 1, _MESSAGE
    found = set(suspicious(stream(cast), redactor, cast.header.columns))
    yield from ((number, _MESSAGE) for number in _lines(cast, found))


def _lines(cast: Cast, numbers: set[int]) -> Iterator[int]:
    """The lines of events; read anew, for that is needed only where something is found."""
    if numbers:
        for number, _ in enumerate(cast.events()):
            if number in numbers:
                yield cast.line
