"""HTTP exchanges as they are recorded: HAR 1.2, as browsers and proxies write it too.

This module has the values. Files are read by `har_reader` and written by `har_writer`, which takes
the secrets out (`har_secrets`). Times are seconds here and milliseconds in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from presenter.recording.provenance import Provenance

Pairs = tuple[tuple[str, str], ...]
"""Names and values of headers, in their order; a name may come twice."""

KEY = "_presenter"
"""Our own field, in the log and in each entry; a field of others begins with an underscore."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of the parts of an exchange; None where a part did not happen or is not known."""

    blocked: float | None = None
    dns: float | None = None
    connect: float | None = None
    """With the handshake of TLS, if there was one."""
    ssl: float | None = None
    """The handshake, which is part of `connect`."""
    send: float = 0.0
    wait: float = 0.0
    """For the first byte of the response."""
    receive: float = 0.0

    @property
    def total(self) -> float:
        parts = (self.blocked, self.dns, self.connect, self.send, self.wait, self.receive)
        return sum(part for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Body:
    """What a message carries; `data` is unpacked, but not decoded to text."""

    mime: str = ""
    data: bytes = b""
    size: int = 0
    """Bytes that there were; `data` has fewer where the body was cut."""

    @property
    def is_cut(self) -> bool:
        return self.size > len(self.data)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    version: str = ""
    """As `HTTP/1.1`."""
    headers: Pairs = ()
    mime: str = ""
    """Of the text."""
    text: str | None = None
    """The body; None for a request without."""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    """0 where none came: `Exchange.error` says why."""
    reason: str = ""
    version: str = ""
    headers: Pairs = ()
    body: Body = Body()
    redirect: str = ""
    """Where it leads."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it."""

    started: datetime
    """With its offset."""
    request: Request
    response: Response
    timings: Timings = Timings()
    address: str = ""
    """Of the server, without the port."""
    label: str = ""
    """Of the step that it belongs to, as at the markers of a cast; empty for a file of others."""
    name: str = ""
    """Of the request in the deck."""
    groups: Pairs = ()
    """The values by which exchanges are counted, by the groups' names."""
    error: str = ""
    picture: str = ""
    """What the deck wants drawn of the body, as `HttpRequest.picture`."""


@dataclass(frozen=True, slots=True)
class Har:
    """A log; its exchanges ascend by `started`."""

    exchanges: Sequence[Exchange] = field(default_factory=tuple)
    provenance: Provenance | None = None
    """None for a log made by other programs."""
    creator: str = ""
    """The program's name and version."""
