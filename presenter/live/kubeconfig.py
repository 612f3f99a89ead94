"""The cluster of the speaker's kubeconfig, and a client of it that asks for raw JSON.

The client is made anew when a file of the kubeconfig has changed. Plugins that fetch credentials
get no terminal and nothing to read, and a time limit.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import urllib3

from presenter.live.bounded import run_bounded
from presenter.live.findings import Limit

client: Any = import_module("kubernetes.client")  # typed in some of its versions only
kube_config: Any = import_module("kubernetes.config.kube_config")

CREDENTIAL_SECONDS = 10.0
"""For a plugin that fetches credentials: it may go on when its probe is over."""
RETRY_SECONDS = 15.0
"""Until one that was silent for so long is tried again."""
CONNECT_SECONDS = 1.5
MOST_BODY = 1_048_576
"""Bytes of an answer that are read."""

_Stamp = tuple[tuple[str, int, int], ...]


class ClusterError(Exception):
    """Why there is no client; the words are for the speaker."""

    def __init__(self, words: str, *, silent: bool = False, pending: bool = False) -> None:
        """`pending`: there may be one soon."""
        super().__init__(words)
        self.silent = silent
        self.pending = pending


@dataclass(frozen=True, slots=True)
class Context:
    """The current context."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    location: str
    body: bytes

    @property
    def data(self) -> dict[str, Any] | None:
        """The object that it holds, None where it holds something else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


class Cluster:
    """The current context's API server."""

    def __init__(self, settings: Any) -> None:
        self.server = str(settings.host).rstrip("/")
        self.resources: dict[str, tuple[str, ...]] = {}
        """Where the kinds are that had to be looked up."""
        self._settings = settings
        self._twin: Cluster | None = None
        self._client = client.ApiClient(configuration=settings)

    @property
    def both(self) -> tuple[Cluster, ...]:
        """It, and the one that is made for heartbeats."""
        return (self, self._twin) if self._twin is not None else (self,)

    def for_beats(self) -> Cluster:
        """The same one with a connection of its own, which no other probe keeps busy."""
        if self._twin is None:
            self._twin = Cluster(self._settings)
        return self._twin

    def get(self, path: str, limit: Limit) -> Answer:
        """Asks the server; raises what urllib3 raises."""
        try:
            return self._get(path, limit)
        except urllib3.exceptions.ProtocolError:
            return self._get(path, limit)  # the connection kept was closed from afar

    def ask(self, path: str, accept: str, seconds: float, connect: float = CONNECT_SECONDS) -> Any:
        """urllib3's response, its body not read yet; raises what urllib3 raises.

        `seconds`: without a byte.
        """
        headers = {"accept": accept}
        for each in self._settings.auth_settings().values():
            if each["in"] == "header" and each["value"]:
                headers[str(each["key"])] = str(each["value"])
        return self._client.rest_client.pool_manager.request(
            "GET",
            self.server + path,
            headers=headers,
            timeout=urllib3.Timeout(connect=connect, read=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _get(self, path: str, limit: Limit) -> Answer:
        connect = limit.left(CONNECT_SECONDS)
        response = self.ask(path, "application/json", limit.left(), connect)
        limit.kept = getattr(response.connection, "sock", None)
        limit.abort = shutter(limit.kept)
        try:
            body = response.read(MOST_BODY, decode_content=True)
        finally:
            limit.abort = lambda: None
            if response.length_remaining:
                response.close()  # more than anybody wants
            response.release_conn()
        kind, location = (response.headers.get(each, "") for each in ("content-type", "location"))
        return Answer(response.status, kind, location, body)


def shutter(connection: socket.socket | None) -> Callable[[], None]:
    """What ends a read from a connection that drips, from another thread."""

    def shut() -> None:
        if connection is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    return shut


class _Plugin(kube_config.ExecProvider):  # type: ignore[misc]
    """A credential plugin that can neither ask the speaker nor wait for ever."""

    trouble = threading.local()
    """Why it failed: the loader only logs what is raised."""

    def run(self, previous_response: object = None) -> Any:
        """The credential's status; raises `ClusterError`."""
        name = Path(self.args[0]).name
        info: dict[str, Any] = {"interactive": False}
        if self.cluster:
            info["cluster"] = self.cluster.value
        self.env["KUBERNETES_EXEC_INFO"] = json.dumps(
            {"apiVersion": self.api_version, "kind": "ExecCredential", "spec": info}
        )
        try:
            status, output = run_bounded(
                self.args, CREDENTIAL_SECONDS, cwd=self.cwd, environment=self.env
            )
            if status is None:
                raise self._failed(f"{name} fetches no credentials in time", silent=True)
            if status:
                raise self._failed(f"{name} ended with status {status}")
            return json.loads(output)["status"]
        except OSError:
            raise self._failed(f"{name}, which fetches credentials, cannot be run") from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._failed(f"{name} printed no credentials") from None

    def _failed(self, words: str, *, silent: bool = False) -> ClusterError:
        trouble = ClusterError(words, silent=silent)
        self.trouble.found = trouble
        return trouble


class Kubeconfig:
    """The speaker's kubeconfig; its methods may be called by many threads."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._connecting = threading.Lock()
        self._stamp: _Stamp = ()
        self._context: Context | None = None
        self._connected: tuple[_Stamp, Cluster] | None = None
        self._silence: tuple[_Stamp, float, ClusterError] | None = None
        """When a plugin was silent, and what was said of it."""
        kube_config.ExecProvider = _Plugin

    def context(self, limit: Limit) -> Context:
        """The current context, as the files say now; raises `ClusterError`."""
        pending = ClusterError("the kubeconfig is still being read", pending=True)
        with _held(self._reading, limit, pending):
            stamp = _stamp_of(_files())
            if self._context is None or stamp != self._stamp:
                self._context = _read_context()
                self._stamp = stamp
            return self._context

    def cluster(self, limit: Limit) -> Cluster:
        """The cluster of the current context, with credentials; raises `ClusterError`."""
        said = self._silence[2] if self._silence else None
        pending = said or ClusterError("credentials are still being fetched", pending=True)
        with _held(self._connecting, limit, pending):
            stamp = self._stamp
            if self._connected is not None and self._connected[0] == stamp:
                return self._connected[1]
            if self._silence is not None and self._silence[0] == stamp:
                if time.monotonic() - self._silence[1] < RETRY_SECONDS:
                    raise self._silence[2]
            else:
                self._silence = None
            try:
                cluster = _connect()
            except ClusterError as error:
                self._silence = (stamp, time.monotonic(), error) if error.silent else None
                raise
            self._connected, self._silence = (stamp, cluster), None
            return cluster

    def forget(self, cluster: Cluster) -> None:
        """Fetch credentials anew for the next probe: these ones are not taken any more."""
        if self._connected is not None and cluster in self._connected[1].both:
            self._connected = None


@contextlib.contextmanager
def _held(lock: threading.Lock, limit: Limit, otherwise: ClusterError) -> Iterator[None]:
    if not lock.acquire(timeout=limit.left()):
        raise otherwise
    try:
        yield
    finally:
        lock.release()


def _files() -> list[Path]:
    named = os.environ.get("KUBECONFIG") or str(Path("~") / ".kube" / "config")
    return [Path(each).expanduser() for each in named.split(os.pathsep) if each]


def _stamp_of(files: list[Path]) -> _Stamp:
    found = []
    for file in files:
        with contextlib.suppress(OSError):
            status = file.stat()
            found.append((str(file), status.st_mtime_ns, status.st_size))
    if not found:
        raise ClusterError("there is no kubeconfig")
    return tuple(found)


def _paths() -> str:
    """The files that are there; the loader would fail on others."""
    return os.pathsep.join(str(file) for file in _files() if file.is_file())


def _read_context() -> Context:
    try:
        _, active = kube_config.list_kube_config_contexts(config_file=_paths())
        return Context(str(active["name"]), str(active["context"].get("namespace") or "default"))
    except Exception as error:  # noqa: BLE001 -- YAML of anybody's, read by a library
        raise ClusterError(f"the kubeconfig cannot be used: {_first_line(error)}") from None


def _connect() -> Cluster:
    settings = client.Configuration()
    settings.retries = False
    settings.keep_alive = True
    _Plugin.trouble.found = None
    try:
        kube_config.load_kube_config(
            config_file=_paths(), client_configuration=settings, persist_config=False
        )
        cluster = Cluster(settings)
    except Exception as error:  # noqa: BLE001 -- as above
        raise ClusterError(f"the kubeconfig cannot be used: {_first_line(error)}") from None
    if _Plugin.trouble.found is not None:
        raise _Plugin.trouble.found
    return cluster


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
