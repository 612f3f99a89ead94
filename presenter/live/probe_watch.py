"""Heartbeats: each endpoint is asked again and again over a connection that is kept.

One question is in flight at a time, until an answer is late: what was lost on a connection is sent
anew after 0.2, 0.4, 0.9 and 1.7 s only, so that new connections are then tried beside it. What
comes is told as it comes: an answer, an error and whether a second dial confirms it, and, while
nothing comes, that somebody is listening. What is silence, and what is down, is judged elsewhere
(`presenter.talk.health`).
"""

from __future__ import annotations

import errno
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from presenter.live.findings import MOST_WORDS, Finding, Limit, fails, holds, unknown
from presenter.live.probe_names import is_near
from presenter.live.probe_net import endpoint_of, fault_of
from presenter.talk.condition import Truth
from presenter.talk.fallback import Fault
from presenter.talk.health import REDIAL_SECONDS

NEAR_SECONDS = 0.25
"""Between two heartbeats of an endpoint on this machine or a private network."""
FAR_SECONDS = 2.0
TICK_SECONDS = 0.05
"""How often it is told that somebody listens, while nothing comes."""
PULSE_SECONDS = 0.25
"""How often it is told that the process lives."""
PREPARE_SECONDS = 15.0
"""For what comes before the first contact: credentials, and what has to be loaded."""
MOST_WATCHES = 16
_MOST_THREADS = 4
"""Of one endpoint: those given up may hang for long."""
_LATE_SECONDS = (0.55, 0.7, 0.85)
"""After which it is asked again beside what is in flight."""
_SHORTEST_IDLE = 0.02
_DIAL_SECONDS = 0.1
"""Between two dials of a port that is silent: a SYN that is lost is not sent anew for 1 s."""
_MOST_DIALS = 32

Condition = Mapping[str, object]


class BeatLimit(Limit):
    """The time of one heartbeat, which runs from when somebody is asked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(time.monotonic() + PREPARE_SECONDS)
        self._seconds = seconds
        self.asked: float | None = None
        """When."""

    def contact(self, subject: str) -> None:
        super().contact(subject)
        if self.asked is None:
            self.asked = time.monotonic()
            self.until = self.asked + self._seconds


def beat(condition: Condition, limit: Limit) -> Finding:
    """Asks the endpoint of a condition once."""
    if "kubernetes" in condition:
        from presenter.live.probe_kubernetes import beat_kubernetes

        return beat_kubernetes(condition["kubernetes"], limit)
    if "http" in condition:
        from presenter.live.probe_http import look_http

        return look_http(dict(condition), limit, "beat")
    return beat_tcp(condition.get("tcp"), limit)


def beat_tcp(target: object, limit: Limit) -> Finding:
    """Dials a port, again and again until one of the connections is open."""
    found = endpoint_of(target)
    if found is None:
        return unknown(f"`tcp: {target}` is not of the form host:port")
    limit.contact(str(target))
    rounds = Dials()
    try:
        addresses = socket.getaddrinfo(*found, type=socket.SOCK_STREAM)[:4]
        while not limit.is_over:
            if rounds.dial(addresses) or rounds.wait(limit.left(_DIAL_SECONDS)):
                return holds(f"{target}: open")
            if rounds.error is not None:
                raise rounds.error
    except (OSError, UnicodeError) as reason:
        error = reason if isinstance(reason, OSError) else socket.gaierror()
        fault, words = fault_of(error)
        return fails(f"{target}: {words}", fault)
    finally:
        rounds.close()
    return fails(f"{target}: no answer", Fault.SILENT)


class Dials:
    """Connections that are being made, all to the same port."""

    def __init__(self) -> None:
        self.error: OSError | None = None
        """Why none can be made, when all that were begun have failed."""
        self._pending: list[socket.socket] = []

    def dial(self, addresses: list[Any]) -> bool:
        """Begin one connection to each address; whether one is open at once."""
        error = None
        for family, kind, protocol, _, address in addresses:
            if len(self._pending) >= _MOST_DIALS:
                break
            client = socket.socket(family, kind, protocol)
            client.setblocking(False)
            number = client.connect_ex(address)
            if number in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
                self._pending.append(client)
            else:
                client.close()
                error = OSError(number, "")
            if number == 0:
                return True
        if error is not None and not self._pending:
            self.error = error
        return False

    def wait(self, seconds: float) -> bool:
        """Whether one is open within `seconds`; returns as soon as all have failed, too."""
        until = time.monotonic() + seconds
        while self._pending and (left := until - time.monotonic()) > 0:
            for client in select.select([], self._pending, [], left)[1]:
                number = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not number:
                    return True
                self._pending.remove(client)
                client.close()
                self.error = None if self._pending else OSError(number, "")
        return False

    def close(self) -> None:
        for client in self._pending:
            client.close()


class Watch:
    """The heartbeats of one endpoint, in a thread of their own."""

    def __init__(
        self,
        condition: Condition,
        seconds: float,
        tell: Callable[..., None],
        ask: Callable[[Condition, Limit], Finding] = beat,
    ) -> None:
        """`seconds` for an answer to be complete; `tell` is given what to say of it."""
        self._condition = condition
        self._seconds = seconds
        self._tell = tell
        self._ask = ask
        self._over = threading.Event()
        self._limit: BeatLimit | None = None
        self._threads: list[threading.Thread] = []
        """The last one asks; those before it may still have an answer."""
        self._lock = threading.Lock()
        self._first: float | None = None
        """When what is late was asked first."""
        self._asked_again = 0
        self._begin()

    def stop(self) -> None:
        self._over.set()

    def tick(self) -> None:
        """Tells that nothing has come yet; gives up what takes longer than it may."""
        limit = self._limit
        if limit is None or limit.asked is None:
            return
        now = time.monotonic()
        if now - limit.asked >= TICK_SECONDS:
            self._tell(kind="waiting")
        if limit.is_over:
            limit.abort()
        first = self._first = self._first or limit.asked
        late = len([each for each in _LATE_SECONDS if now - first >= each])
        if now - limit.until > REDIAL_SECONDS or late > self._asked_again:
            self._asked_again = late
            self._begin()

    def _begin(self) -> None:
        """A thread that hangs is left to itself, and another one goes on."""
        with self._lock:
            self._threads = [each for each in self._threads if each.is_alive()]
            if len(self._threads) < _MOST_THREADS:
                thread = threading.Thread(target=self._run, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _goes_on(self, found: Finding) -> bool:
        """Whether this thread is the one that asks: the last one, or the first with an answer."""
        me = threading.current_thread()
        with self._lock:
            if self._threads[-1] is not me:
                if found.truth is not Truth.TRUE:
                    return False
                self._threads = [each for each in self._threads if each is not me] + [me]
                self._limit = None
            if found.fault is not Fault.SILENT:
                self._first, self._asked_again = None, 0
            return True

    def _is_replaced(self) -> bool:
        """Whether another thread has taken over since this one had its answer."""
        with self._lock:
            return self._threads[-1] is not threading.current_thread()

    def _run(self) -> None:
        interval = None
        while not self._over.is_set():
            began = time.monotonic()
            found, limit = self._once(self._seconds)
            if not self._goes_on(found):
                return
            if found.fault not in (None, Fault.SILENT):
                self._tell(kind="broken", fault=found.fault, words=found.words)
                again, limit = self._once(REDIAL_SECONDS)
                if not self._goes_on(again):
                    return
                if again.truth is not Truth.TRUE:
                    self._tell(kind="broken", fault=found.fault, words=found.words, confirmed=True)
                else:
                    found = again
            if found.truth is Truth.TRUE:
                self._tell(kind="good")
            elif found.fault is None:
                self._tell(kind="odd", words=found.words)
            if interval is None or found.truth is not Truth.TRUE:
                interval = interval_of(self._condition)
            self._idle(interval - (time.monotonic() - began), limit.kept)
            if self._is_replaced():
                return

    def _once(self, seconds: float) -> tuple[Finding, Limit]:
        limit = self._limit = BeatLimit(seconds)
        try:
            found = self._ask(self._condition, limit)
        except Exception as error:  # noqa: BLE001 -- the next heartbeat may be better
            found = unknown(f"the heartbeat failed ({type(error).__name__})")
        if self._limit is limit:
            self._limit = None
        return found, limit

    def _idle(self, seconds: float, kept: socket.socket | None) -> None:
        """Waits; no longer than the connection that is kept is open at the other end."""
        until = time.monotonic() + seconds
        self._over.wait(_SHORTEST_IDLE)
        left = max(until - time.monotonic(), 0.0)
        try:
            if kept is not None and kept.fileno() >= 0:
                select.select([kept], [], [], left)
                return
        except (OSError, ValueError):
            return
        self._over.wait(left)


class Watcher:
    """All watches of the process."""

    def __init__(self, tell: Callable[[dict[str, object]], None]) -> None:
        """`tell` takes a line to be written, at any time and from any thread."""
        self._write = tell
        self._watches: dict[str, tuple[object, Watch]] = {}
        self._pulse = 0.0

    def use(self, asked: Mapping[str, Condition], seconds: float) -> None:
        """These are watched from now on, and no others; what was watched before goes on."""
        wanted = dict(list(asked.items())[:MOST_WATCHES])
        for key in list(self._watches):
            if key not in wanted or self._watches[key][0] != (wanted[key], seconds):
                self._watches.pop(key)[1].stop()
        for key, condition in wanted.items():
            if key not in self._watches:
                watch = Watch(condition, seconds, self._teller(key))
                self._watches[key] = (condition, seconds), watch

    def tick(self) -> float | None:
        """To be called often; returns the seconds until the next time."""
        if not self._watches:
            return None
        for _, watch in self._watches.values():
            watch.tick()
        if time.monotonic() - self._pulse >= PULSE_SECONDS:
            self._pulse = time.monotonic()
            self._write({"beat": "", "at": self._pulse})
        return TICK_SECONDS

    def _teller(self, key: str) -> Callable[..., None]:
        def tell(
            *, kind: str, fault: Fault | None = None, words: str = "", confirmed: bool = False
        ) -> None:
            line: dict[str, object] = {"beat": key, "at": time.monotonic(), "kind": kind}
            if fault is not None:
                line |= {"fault": fault.value, "confirmed": confirmed}
            self._write(line | ({"words": words[:MOST_WORDS]} if words else {}))

        return tell


def interval_of(condition: Condition) -> float:
    """Seconds between two heartbeats."""
    found = endpoint_of(condition["tcp"]) if "tcp" in condition else _host_of(condition)
    return NEAR_SECONDS if found is not None and is_near(*found) else FAR_SECONDS


def _host_of(condition: Condition) -> tuple[str, int] | None:
    from presenter.live.probe_pin import current_cluster

    try:
        parts = urlsplit(str(condition["http"]) if "http" in condition else current_cluster()[1])
        host, port = parts.hostname, parts.port or 443
    except (OSError, ValueError):
        return None
    return (host, port) if host else None
