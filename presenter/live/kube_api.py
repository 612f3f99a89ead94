"""An API server that is asked by one step: raw JSON, time limits of ours, and clear words.

Short answers are read whole, up to a limit; a watch and a log come line by line.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from presenter.deck.kubernetes import EVERYWHERE
from presenter.deck.text import nearest
from presenter.live.findings import Limit
from presenter.live.kinds import Place, known, served
from presenter.live.kubeconfig import CREDENTIAL_SECONDS, ClusterError, Kubeconfig, shutter
from presenter.live.probe_net import fault_of, is_html, leads_away
from presenter.talk.fallback import Fault

READ_SECONDS = 10.0
"""Without a byte of an answer that is read whole."""
WHOLE_SECONDS = 30.0
"""For all of it: a byte from time to time is no answer."""
QUIET_SECONDS = 90.0
"""Without a byte of a watch, whose server sends a bookmark about once a minute."""
MOST_BODY = 32 * 1_048_576
"""Bytes of an answer; a list comes in parts that are far smaller."""
LONGEST_LINE = 4 * 1_048_576
"""Bytes of one event."""
GIVE_UP_SECONDS = 2.0
"""For how long a server that is not there is tried again."""
MOST_BUSY = 6
"""How often one is that is there, and too busy."""
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
JSON = "application/json"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class RefusedError(Exception):
    """The server, or the kubeconfig, says no: the words are shown."""


class GoneError(Exception):
    """What the server knows begins later (410): it has to be listed anew."""


class LinkError(Exception):
    """The server is not there, or somebody else is in its place."""

    def __init__(self, fault: Fault, words: str) -> None:
        super().__init__(words)
        self.fault = fault


class BrokenError(LinkError):
    """An answer has broken off in the middle: it may be asked for again."""


class Backoff:
    """The pauses between tries, longer each time and never the same for many clients."""

    def __init__(self) -> None:
        self.tries = 0

    def pause(self, told: str = "") -> None:
        """`told`: seconds that the server has asked for."""
        seconds = _FIRST_PAUSE * 2 ** min(self.tries, 10)
        if told.isdecimal():
            seconds = max(seconds, float(told))
        self.tries += 1
        time.sleep(min(seconds, _LONGEST_PAUSE) * random.uniform(0.5, 1.5))  # noqa: S311


class Server:
    """The API server of the current context."""

    def __init__(self, kubeconfig: Kubeconfig) -> None:
        """Raises RefusedError, LinkError."""
        self._kubeconfig = kubeconfig
        limit = Limit(time.monotonic() + CREDENTIAL_SECONDS)
        try:
            self.context = kubeconfig.context(limit)
            self._cluster = kubeconfig.cluster(limit)
        except ClusterError as error:
            if error.silent:
                raise LinkError(Fault.SILENT, str(error)) from error
            raise RefusedError(str(error)) from error

    def get(self, path: str, accept: str = JSON, *, patient: bool = True) -> dict[str, Any]:
        """An answer read whole; `patient`: one that is not ready is asked again.

        Raises RefusedError, GoneError, LinkError.
        """
        response = self._asked(path, accept, READ_SECONDS, patient=patient)
        try:
            with _for_at_most(WHOLE_SECONDS, response):
                body = response.read(MOST_BODY, decode_content=True)
            if len(body) == MOST_BODY:
                raise RefusedError(f"the answer is longer than {MOST_BODY >> 20} MB")
            found = json.loads(body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise LinkError(*fault_of(error)) from error
        except (ValueError, RecursionError) as error:
            raise RefusedError("the answer is no JSON") from error
        finally:
            _done(response)
        if not isinstance(found, dict):
            raise RefusedError("the answer is no object")
        return found

    def lines(self, path: str, accept: str = JSON, begins: float = READ_SECONDS) -> Iterator[bytes]:
        """The lines of an answer as they come, until the server ends it.

        `begins`: seconds in which it has to begin. Raises RefusedError, GoneError, LinkError;
        BrokenError where it breaks off.
        """
        response = self._asked(path, accept, begins)
        kept = _socket_of(response)
        if kept is not None:
            kept.settimeout(QUIET_SECONDS)
        rest = bytearray()
        try:
            for piece in response.stream(65_536, decode_content=True):
                rest += piece
                if b"\n" in piece:
                    *lines, last = bytes(rest).split(b"\n")
                    rest = bytearray(last)
                    yield from lines
                if len(rest) > LONGEST_LINE:
                    raise RefusedError(f"a line is longer than {LONGEST_LINE >> 20} MB")
            if rest:
                yield bytes(rest)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise BrokenError(*fault_of(error)) from error
        finally:
            response.close()

    def _asked(
        self, path: str, accept: str, seconds: float, *, patient: bool = True
    ) -> urllib3.BaseHTTPResponse:
        """A good answer, whose body waits; a server that is away or busy is tried again."""
        backoff, until = Backoff(), time.monotonic() + GIVE_UP_SECONDS
        renewed = False
        while True:
            try:
                response = self._cluster.ask(path, accept, seconds)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if time.monotonic() >= until:
                    raise LinkError(*fault_of(error)) from error
                backoff.pause()
                continue
            if response.status == 401 and not renewed:
                renewed = True
                response.close()
                self._renew()
                continue
            busy = response.status == 429 or 500 <= response.status < 511
            if busy and patient and backoff.tries < MOST_BUSY:
                told = response.headers.get("retry-after", "")
                response.close()
                backoff.pause(told)
                continue
            return self._checked(response)

    def _renew(self) -> None:
        """Credentials fetched anew: the ones we have are not taken."""
        self._kubeconfig.forget(self._cluster)
        limit = Limit(time.monotonic() + CREDENTIAL_SECONDS)
        try:
            self._cluster = self._kubeconfig.cluster(limit)
        except ClusterError as error:
            raise RefusedError(str(error)) from error

    def _checked(self, response: urllib3.BaseHTTPResponse) -> urllib3.BaseHTTPResponse:
        status, kind = response.status, response.headers.get("content-type", "")
        location = response.headers.get("location", "")
        away = 300 <= status < 400 and leads_away(self._cluster.server, location)
        # Pages of a gateway say that what is behind it is not ready.
        if away or (is_html(kind) and status < 500) or status == 511:
            response.close()
            raise LinkError(Fault.PORTAL, "a login page answers in its place")
        if status == 200:
            return response
        words = _words_of(response)
        response.close()
        if status == 410:
            raise GoneError(words)
        if status == 401:
            raise LinkError(Fault.REFUSED, "the credentials are not accepted (status 401)")
        if status == 429 or status >= 500:
            raise LinkError(Fault.REFUSED, f"the server is not ready (status {status})")
        raise RefusedError(words or f"the server answers with status {status}")

    # --- kinds --------------------------------------------------------------------------------

    def place(self, resource: str) -> Place:
        """Where the objects of a resource are. Raises RefusedError and what `get` raises."""
        kind = resource.lower()
        if kind in known():
            return known()[kind]
        name, _, group = kind.partition(".")
        others = set(known())
        for names, place in served(self._lists, group):
            if name in names:
                return place
            others.update(names)
        near = nearest(name, sorted(filter(None, others)))
        raise RefusedError(f"the server has no resource `{resource}`{near}")

    def path(self, place: Place, namespace: str) -> tuple[str, str]:
        """The path of the objects, and the namespace that they are in."""
        if "{}" not in place:
            return place, ""
        if namespace == EVERYWHERE:
            return place.replace("/namespaces/{}", ""), EVERYWHERE
        named = namespace or self.context.namespace
        return place.format(quote(named, "")), named

    def _lists(self, path: str, key: str) -> list[dict[str, Any]]:
        """A group whose own server is not there has nothing; others have."""
        whole = path == "/apis"
        try:
            return self.get(path, patient=whole).get(key) or []
        except (RefusedError, GoneError, LinkError) as error:
            if whole or getattr(error, "fault", Fault.REFUSED) is not Fault.REFUSED:
                raise
            return []


@contextmanager
def _for_at_most(seconds: float, response: urllib3.BaseHTTPResponse) -> Iterator[None]:
    """Ends the reading of a body that takes longer; raises LinkError then."""
    late = threading.Event()
    shut = shutter(_socket_of(response))

    def end() -> None:
        late.set()
        shut()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (urllib3.exceptions.HTTPError, OSError):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():
        raise LinkError(Fault.SILENT, f"its answer has no end within {seconds:.0f} s")


def _socket_of(response: urllib3.BaseHTTPResponse) -> Any:
    """None where it cannot be found: a connection that is not kept has given it away."""
    found = getattr(response.connection, "sock", None)
    if found is None:
        stream = getattr(getattr(response, "_fp", None), "fp", None)
        found = getattr(getattr(stream, "raw", None), "_sock", None)
    return found


def _done(response: urllib3.BaseHTTPResponse) -> None:
    if response.length_remaining:
        response.close()
    response.release_conn()


def _words_of(response: urllib3.BaseHTTPResponse) -> str:
    """The message of a Status object."""
    try:
        told = json.loads(response.read(65_536, decode_content=True))
        return str(told["message"])[:500]
    except (ValueError, KeyError, TypeError, RecursionError, OSError, urllib3.exceptions.HTTPError):
        return ""


def query(path: str, **parameters: object) -> str:
    """A path with its parameters, those without a value left out."""
    told = {name: str(value) for name, value in parameters.items() if value not in ("", None)}
    return f"{path}?{urlencode(told)}" if told else path
