"""Names of hosts, resolved so that a name server that is silent holds nothing up.

Each name is asked for by a thread of its own, for which nobody waits longer than a while. What was
found once is used again where the name server does not answer any more.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

FRESH_SECONDS = 30.0
"""For which an answer is not asked for again."""
NAME_SECONDS = 2.0
"""For a name that was never found."""
KNOWN_SECONDS = 0.2
"""For one that was."""
MOST_THREADS = 16
MOST_NAMES = 256

_Question = tuple[Any, ...]


class _Asking:
    """One question on its way."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: Exception | None = None


class Resolver:
    """Stands in for `socket.getaddrinfo`; may be called by many threads."""

    def __init__(
        self,
        ask: Callable[..., Any] = socket.getaddrinfo,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[_Question, tuple[float, Any]] = {}
        self._asking: dict[_Question, _Asking] = {}

    def __call__(
        self,
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,  # noqa: A002 -- the name that callers use
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """As `getaddrinfo`; raises TimeoutError for a name server that is silent."""
        question = (host, port, family, type, proto, flags)
        if _is_address(host):
            return self._ask(*question)
        with self._lock:
            known = self._known.get(question)
            if known is not None and self._clock() - known[0] < FRESH_SECONDS:
                return known[1]
            asking = self._asking.get(question)
            if asking is not None and known is not None:
                return known[1]  # it has been waited for already
            asking = asking or self._begin(question)
        if asking is not None:
            asking.done.wait(KNOWN_SECONDS if known is not None else NAME_SECONDS)
        with self._lock:
            known = self._known.get(question, known)
        if known is not None:
            return known[1]
        if asking is not None and asking.error is not None:
            raise asking.error
        raise TimeoutError("the name server is silent")

    def _begin(self, question: _Question) -> _Asking | None:
        """Ask in a thread; None where too many wait already."""
        if len(self._asking) >= MOST_THREADS:
            return None
        asking = self._asking[question] = _Asking()
        threading.Thread(target=self._run, args=(question, asking), daemon=True).start()
        return asking

    def _run(self, question: _Question, asking: _Asking) -> None:
        found = None
        try:
            found = self._ask(*question)
        except Exception as error:  # noqa: BLE001 -- raised where it was asked for
            asking.error = error
        with self._lock:
            if found:
                while len(self._known) >= MOST_NAMES:
                    self._known.pop(next(iter(self._known)))
                self._known[question] = (self._clock(), found)
            self._asking.pop(question, None)
        asking.done.set()


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return not host
    return True


def is_near(host: str, port: int) -> bool:
    """Whether a host is this machine, or on a private network; no, where its name is not known."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        address = ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])
    except (OSError, ValueError, UnicodeError, IndexError):
        return False
    return address.is_private or address.is_loopback or address.is_link_local
