"""An API server that is asked by one step: raw JSON, time limits of ours, and clear words.

Short answers are read whole, up to a limit; a watch and a log come line by line.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from presenter.deck.kubernetes import EVERYWHERE
from presenter.deck.text import nearest
from presenter.live.findings import Limit
from presenter.live.kinds import Place, known, looked_up, served
from presenter.live.kubeconfig import CREDENTIAL_SECONDS, ClusterError, Kubeconfig
from presenter.live.probe_net import fault_of, is_html, leads_away
from presenter.talk.fallback import Fault

READ_SECONDS = 10.0
"""For an answer that is read whole."""
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


class Backoff:
    """The pauses between tries, longer each time and never the same for many clients."""

    def __init__(self) -> None:
        self.tries = 0

    def pause(self, told: str = "") -> None:
        """`told`: seconds that the server has asked for."""
        seconds = min(_FIRST_PAUSE * 2**self.tries, _LONGEST_PAUSE) * random.uniform(0.5, 1.5)  # noqa: S311
        if told.isdecimal():
            seconds = min(float(told), _LONGEST_PAUSE)
        self.tries += 1
        time.sleep(seconds)


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

    def get(self, path: str, accept: str = JSON) -> dict[str, Any]:
        """An answer read whole. Raises RefusedError, GoneError, LinkError."""
        response = self._asked(path, accept, READ_SECONDS)
        try:
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

    def lines(self, path: str, accept: str = JSON) -> Iterator[bytes]:
        """The lines of an answer as they come, until the server ends it.

        Raises RefusedError, GoneError, LinkError.
        """
        response = self._asked(path, accept, QUIET_SECONDS)
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
            raise LinkError(*fault_of(error)) from error
        finally:
            response.close()

    def _asked(self, path: str, accept: str, seconds: float) -> urllib3.BaseHTTPResponse:
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
            busy = response.status == 429 or response.status >= 500
            if busy and backoff.tries < MOST_BUSY:
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
        if away or is_html(kind) or status == 511:
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
        if status >= 500 or status == 429:
            raise LinkError(Fault.REFUSED, f"the server is not ready (status {status})")
        raise RefusedError(words or f"the server answers with status {status}")

    # --- kinds --------------------------------------------------------------------------------

    def place(self, resource: str) -> Place:
        """Where the objects of a resource are. Raises RefusedError and what `get` raises."""
        kind = resource.lower()
        if kind in known():
            return known()[kind]
        found = looked_up(kind, self._lists)
        if not found:
            names = {name for names, _ in served(self._lists) for name in names if name}
            near = nearest(kind.partition(".")[0], sorted(names | known().keys()))
            raise RefusedError(f"the server has no resource `{resource}`{near}")
        return found[0]

    def path(self, place: Place, namespace: str) -> tuple[str, str]:
        """The path of the objects, and the namespace that they are in."""
        if "{}" not in place:
            return place, ""
        if namespace == EVERYWHERE:
            return place.replace("/namespaces/{}", ""), EVERYWHERE
        named = namespace or self.context.namespace
        return place.format(quote(named, "")), named

    def _lists(self, path: str, key: str) -> list[dict[str, Any]]:
        return self.get(path).get(key) or []


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
