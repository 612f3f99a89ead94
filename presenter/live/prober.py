"""The process that probes: it reads questions as lines of JSON and writes an answer to each.

It is a process of its own so that a name server that is silent, a plugin that asks for a password,
a slow import or a thread that hangs is never where the slides are drawn. It has no terminal. Each
question is looked into by a thread; one that is not done in time is answered without it.

    {"id": 1, "until": 1234.5, "name": "wifi", "condition": {"tcp": "github.com:443"}}
    {"id": 1, "truth": "true", "fault": null, "words": "github.com:443: open"}

    {"id": 2, "until": 1234.5, "name": "", "current": {"named": "", "folder": "/srv/talk"}}
    {"id": 2, "truth": "true", …, "facts": ["minikube", "https://192.168.49.2:8443"]}

    {"watch": {"cluster": {"kubernetes": {}}}, "seconds": 1.3}
    {"beat": "cluster", "at": 1234.5, "kind": "good"}
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presenter.deck.shapes import PROBES
from presenter.live.findings import MOST_WORDS, Finding, Limit, unknown
from presenter.live.probe_names import Resolver
from presenter.live.probe_watch import Watcher
from presenter.live.processes import session_groups, signal_groups
from presenter.talk.condition import Truth

MOST_THREADS = 64
_OPTIONS = {
    "kubernetes": frozenset[str](),
    "http": frozenset(("status", "contains", "json")),
    "tcp": frozenset[str](),
    "command": frozenset(("version",)),
    "free": frozenset[str](),
}
"""The keys that may stand beside the kind of a condition."""


def look(name: str, condition: object, limit: Limit) -> Finding:
    """Looks into a condition; what a kind needs is imported when it is first asked for."""
    kinds = [kind for kind in PROBES if isinstance(condition, dict) and kind in condition]
    if not isinstance(condition, dict) or len(kinds) != 1:
        return unknown(f"{name}: a condition needs one of {', '.join(PROBES)}")
    kind = kinds[0]
    for key in condition:
        if key != kind and key not in _OPTIONS[kind]:
            return unknown(f"{name}: `{kind}` has no `{key}`")
    match kind:
        case "kubernetes":
            from presenter.live.probe_kubernetes import look_kubernetes

            return look_kubernetes(condition[kind], limit)
        case "http":
            from presenter.live.probe_http import look_http

            return look_http(condition, limit)
        case "command":
            from presenter.live.probe_command import look_command

            return look_command(condition, limit)
    from presenter.live.probe_net import look_free, look_tcp

    return look_tcp(condition[kind], limit) if kind == "tcp" else look_free(condition[kind], limit)


def look_current(asked: object) -> Finding:
    """The current context and its server, as the files say now; nobody is contacted."""
    from presenter.live.probe_pin import current_cluster

    named, folder = (
        (asked.get("named"), asked.get("folder")) if isinstance(asked, dict) else ("", "")
    )
    try:
        found = current_cluster(str(named or ""), Path(str(folder)) if folder else None)
    except (OSError, ValueError) as error:
        return unknown(f"the kubeconfig cannot be read ({type(error).__name__})")
    return Finding(Truth.TRUE, facts=found)


@dataclass(frozen=True, slots=True)
class _Question:
    number: int
    name: str
    condition: object
    limit: Limit
    current: object = None
    """For a question after the current context."""


class Answerer:
    """Answers each question once: by its thread, or without it when the time is over."""

    def __init__(self, answers: int) -> None:
        """`answers` is where to write; one writes at a time."""
        self._answers = answers
        self._lock = threading.Lock()
        self._open: dict[int, _Question] = {}
        self._threads = 0
        self._watcher = Watcher(self._write)

    def ask(self, line: bytes) -> None:
        """Begins to look into the question in a line."""
        try:
            asked: Any = json.loads(line)
            if "watch" in asked:
                self._watcher.use(asked["watch"], float(asked["seconds"]))
                return
            number, limit = int(asked["id"]), Limit(float(asked["until"]))
            current = asked.get("current")
            condition = asked["condition"] if current is None else None
            question = _Question(number, str(asked["name"]), condition, limit, current)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        with self._lock:
            self._open[number] = question
            busy = self._threads >= MOST_THREADS
            self._threads += not busy
        if busy:
            self._answer(question, unknown("too many probes wait for an answer"))
        else:
            threading.Thread(target=self._look, args=(question,), daemon=True).start()

    def expire(self) -> float | None:
        """Answers what is late; returns the seconds until there is something to do again."""
        tick = self._watcher.tick()
        with self._lock:
            waiting = list(self._open.values())
        for question in waiting:
            if question.limit.is_over:
                self._answer(question, question.limit.late())
                question.limit.abort()
        left = [question.limit.left() for question in waiting if not question.limit.is_over]
        return min(left if tick is None else [*left, tick], default=None)

    def _look(self, question: _Question) -> None:
        try:
            finding = (
                look(question.name, question.condition, question.limit)
                if question.current is None
                else look_current(question.current)
            )
        except Exception as error:  # noqa: BLE001 -- whatever it is, the question gets an answer
            finding = unknown(f"{question.name}: the probe failed ({type(error).__name__})")
        self._answer(question, finding)
        with self._lock:
            self._threads -= 1

    def _answer(self, question: _Question, finding: Finding) -> None:
        with self._lock:
            if self._open.pop(question.number, None) is None:
                return
        answer: dict[str, object] = {
            "id": question.number,
            "truth": finding.truth.value,
            "fault": finding.fault.value if finding.fault else None,
            "words": finding.words[:MOST_WORDS],
        }
        if finding.facts:
            answer["facts"] = [fact[:MOST_WORDS] for fact in finding.facts]
        self._write(answer)

    def _write(self, answer: dict[str, object]) -> None:
        line = json.dumps(answer).encode("ascii") + b"\n"
        with self._lock, contextlib.suppress(OSError):  # nobody listens: the end of input follows
            os.write(self._answers, line)


def serve(questions: int, answers: int) -> None:
    """Answers until the questions end."""
    answerer = Answerer(answers)
    rest = b""
    while True:
        ready, _, _ = select.select([questions], [], [], answerer.expire())
        if not ready:
            continue
        data = os.read(questions, 65_536)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            answerer.ask(line)


def main(folder: str) -> None:
    """Runs as a process; `folder` takes the temporary files, credentials among them."""
    tempfile.tempdir = folder
    questions, answers = os.dup(0), os.dup(1)  # what it starts must not get these
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    socket.getaddrinfo = Resolver()
    logging.disable(logging.CRITICAL)  # clients log what stands in the speaker's files
    if sys.platform != "win32":
        # When all is swept away, a hangup comes with the end of the questions, or before it.
        signal.signal(signal.SIGHUP, lambda _number, _frame: None)
    try:
        serve(questions, answers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        signal_groups(set(session_groups(os.getpid()).values()), signal.SIGKILL)
        os._exit(0)  # some of its threads may wait for ever


if __name__ == "__main__":
    main(sys.argv[1])
