"""The process that asks an API server for a step: it reads a plan, writes lines, and ends.

It is a process of its own so that neither the client's import, nor a credential plugin, nor a
thousand objects are ever where slides are drawn. Its input is held open as long as somebody
listens: at its end the process ends. For the lines see `recording.kube_lines`; the first is
`{"ready":true}`, the last `{"end":{"status":0,"fault":null,"words":""}}`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from presenter.deck.kubernetes import EVERYWHERE, Query
from presenter.live.asked import end_with_the_input
from presenter.live.kube_api import (
    QUIET_SECONDS,
    GoneError,
    LinkError,
    RefusedError,
    Server,
    query,
)
from presenter.live.kube_state import PathError, exported, trimmed
from presenter.live.kube_watch import Objects
from presenter.live.kubeconfig import Kubeconfig
from presenter.recording.har_values import compiled
from presenter.recording.kube_lines import asked_line, asked_of, encoded
from presenter.talk.fallback import Fault

READY = b'{"ready":true}\n'
"""Its first line: all that takes time before a server has been loaded."""
BATCH_SECONDS = 0.1
"""Lines are passed on so often: a picture needs no more."""
TICK_SECONDS = 1.0
MOST_WAITING = 1000
"""Lines that wait to be passed on; beyond, what brings them waits."""
LONGEST_LINE = 6 * 1_048_576
"""Characters of one line: who reads takes no longer ones."""
LONGEST_LOG_LINE = 2000
MOST_EVENTS = 100
_PODS = "/api/v1/namespaces/{}/pods"


class Output:
    """Lines with their times, passed on in batches; ticks between them while something is watched.

    Who does not read keeps the writer waiting.
    """

    def __init__(self, output: int) -> None:
        self.exports: dict[str, str] = {}
        """The variables that are given a value at the end."""
        self._output = output
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._ticks: float | None = None
        """When the next one is due."""
        self._over = threading.Event()
        threading.Thread(target=self._pass_on, daemon=True).start()

    def put(self, told: dict[str, object]) -> None:
        at = {"at": round(time.time(), 3)}
        line = encoded({**at, **told})
        if len(line) > LONGEST_LINE:
            words = f"what the server sends is longer than {LONGEST_LINE >> 20} MB"
            line = encoded({**at, "refused": words})
        with self._lock:
            self._lines.append(line)
            full = len(self._lines) >= MOST_WAITING
        if full:
            self.flush()

    def say(self, line: str) -> None:
        """A line without a time."""
        with self._lock:
            self._lines.append(line)

    def tick(self) -> None:
        """From now on, time is told."""
        self._ticks = time.monotonic() + TICK_SECONDS

    def flush(self) -> None:
        with self._lock:
            data = "".join(f"{line}\n" for line in self._lines).encode("ascii")
            self._lines.clear()
            while data:
                data = data[os.write(self._output, data) :]

    def close(self, told: dict[str, object]) -> None:
        """With a last line. Raises OSError where nobody listens."""
        self._over.set()
        self.say(encoded(told))
        self.flush()

    def _pass_on(self) -> None:
        while not self._over.wait(BATCH_SECONDS):
            now = time.monotonic()
            if self._ticks is not None and now >= self._ticks:
                self._ticks = now + TICK_SECONDS
                self.put({"tick": True})
            with suppress(OSError):  # nobody listens: the end of the input ends the process
                self.flush()


def run(asked: Query, server: Server, output: Output) -> int:
    """Carries a query out; the status. Raises RefusedError, GoneError, LinkError."""
    place = server.place(asked.resource)
    path, namespace = server.path(place, asked.namespace)
    if namespace != asked.namespace:
        output.say(asked_line(asked_of(asked, namespace)))
    match asked.verb:
        case "describe":
            return _describe(asked, server, path, output)
        case "logs":
            return _logs(asked, server, path, output)
    objects = Objects(server, asked, path, output.put)
    objects.list_all()
    if asked.verb == "watch":
        output.flush()  # the first picture waits for nothing
        output.tick()
        objects.watch()
    elif asked.name and not objects.count:
        where = f" in {namespace}" if namespace not in ("", EVERYWHERE) else ""
        raise RefusedError(f"there is no {asked.resource}/{asked.name}{where}")
    output.exports = exported(objects.first, asked.exports)
    return 0


# --- one object -----------------------------------------------------------------------------------


def _one(asked: Query, server: Server, path: str) -> dict[str, Any]:
    """The object that is named, or the first one that is selected."""
    if asked.name:
        return server.get(f"{path}/{asked.name}")
    found = server.get(query(path, labelSelector=asked.selector, limit=1))
    items = found.get("items") or []
    if not items:
        raise RefusedError(f"there are no {asked.resource}")
    first: dict[str, Any] = items[0]
    kind = str(found.get("kind")).removesuffix("List")
    return {"kind": kind, "apiVersion": found.get("apiVersion"), **first}


def _describe(asked: Query, server: Server, path: str, output: Output) -> int:
    found = trimmed(_one(asked, server, path))
    metadata = found.get("metadata") or {}
    events: list[object] = []
    where = f"/api/v1/namespaces/{metadata.get('namespace') or 'default'}/events"
    selector = f"involvedObject.uid={metadata.get('uid')}"
    with suppress(RefusedError):  # who may look at it need not see its events
        told = server.get(query(where, fieldSelector=selector, limit=MOST_EVENTS))
        events = [trimmed(one) for one in told.get("items") or ()]
    output.put({"object": found, "events": events})
    output.exports = exported(found, asked.exports)
    return 0


def _logs(asked: Query, server: Server, path: str, output: Output) -> int:
    """The last lines of a log, and what comes, until the pattern is in one of them."""
    pods = _pod_path(asked, server, path)
    pattern = asked.until.pattern if asked.until is not None else ""
    wanted = compiled(pattern) if pattern else None
    if pattern and wanted is None:
        raise RefusedError(f"`until: {pattern}` is no pattern")
    for line in _log_lines(asked, server, f"{pods}/log"):
        text = line.decode("utf-8", "replace")[:LONGEST_LOG_LINE]
        output.put({"log": text})
        if wanted is not None and wanted.search(text):
            return 0
    return int(wanted is not None)


def _log_lines(asked: Query, server: Server, path: str) -> Iterator[bytes]:
    """A log may be silent for as long as it likes, if the server is there."""
    tail = asked.tail
    while True:
        follow = "true" if asked.follow else ""
        told = query(path, container=asked.container, tailLines=tail, follow=follow)
        try:
            for line in server.lines(told, "*/*", QUIET_SECONDS):
                tail = 0
                yield line
        except LinkError as error:
            if not asked.follow or error.fault is not Fault.SILENT:
                raise
            server.get("/version")
        else:
            return


def _pod_path(asked: Query, server: Server, path: str) -> str:
    """Of the pod itself, or of the first one that another object selects."""
    found = _one(asked, server, path)
    if found.get("kind") == "Pod":
        return f"{path}/{found['metadata']['name']}" if not asked.name else f"{path}/{asked.name}"
    chosen = (found.get("spec") or {}).get("selector") or {}
    labels = chosen.get("matchLabels") or chosen  # the second is a service's
    if not labels or not all(isinstance(value, str) for value in labels.values()):
        raise RefusedError(f"{asked.resource} have no pods of their own")
    selector = ",".join(f"{name}={value}" for name, value in labels.items())
    pods, _ = server.path(_PODS, str(found["metadata"].get("namespace") or ""))
    pod = _one(replace(asked, name="", resource="pods", selector=selector), server, pods)
    return f"{pods}/{pod['metadata']['name']}"


# --- the process ----------------------------------------------------------------------------------


def ending(asked: Query, output: Output) -> dict[str, object]:
    """Carries a query out, whatever happens: how it has ended."""
    status, fault, words = 1, None, ""
    output.say(asked_line(asked_of(asked, asked.namespace)))  # which tells what draws all the rest
    try:
        status = run(asked, Server(Kubeconfig()), output)
    except LinkError as error:
        fault, words = error.fault.value, str(error)
    except (RefusedError, GoneError, PathError) as error:
        words = str(error)
    except Exception as error:  # noqa: BLE001 — a server may send anything
        words = f"what the server sends cannot be read ({type(error).__name__})"
    if words:
        output.put({"refused": words})
    end: dict[str, object] = {"status": status, "fault": fault, "words": words}
    return end | ({"exports": output.exports} if output.exports else {})


def main() -> None:
    """Runs as a process."""
    from kubernetes.client import ApiClient  # noqa: F401 — its modules are loaded ahead

    from presenter.recording.kube_plan import read_plan

    os.write(1, READY)
    asked, kubeconfig = read_plan(sys.stdin.buffer.readline())
    end_with_the_input()
    if kubeconfig:
        os.environ["KUBECONFIG"] = kubeconfig
    output = Output(1)
    with suppress(OSError):
        output.close({"end": ending(asked, output)})
    os._exit(0)  # some of its threads may wait for ever


if __name__ == "__main__":
    main()
