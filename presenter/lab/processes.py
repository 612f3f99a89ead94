"""The lab's processes: started to outlive the command, stopped by their recorded numbers alone."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from presenter.lab.tools import LabError, run

RECORD = "processes.json"
TERM_SECONDS = 10.0
"""A control plane that is asked to end takes its time."""
KILL_SECONDS = 2.0
START_SECONDS = 20.0
PORTS = range(10_000, 32_000)
"""Below those that the kernel gives to whoever connects: a free one stays free until we listen."""
_ORPHAN = """\
import os, sys, time
begetter = os.getpid()
born = os.fork()
if born:
    print(born)
    sys.exit()
os.setsid()
while os.getppid() == begetter:
    time.sleep(0.005)
os.dup2(2, 1)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Starts a program as nobody's child and prints its number."""


class Processes:
    """Those of one lab, in the order in which they were started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs = folder / "log"

    def start(
        self, name: str, argv: Sequence[str], environment: Mapping[str, str], **at: int
    ) -> None:
        """Start one in a session of its own; its output goes to `log/<name>.log`.

        `at` are the ports of 127.0.0.1 where it will listen, by what is there (`http`, `admin`).
        """
        with self._log(name) as log:
            try:
                process = subprocess.Popen(
                    argv,
                    cwd=self._folder,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                raise LabError(f"{name}: {error.strerror or error}") from error
        process.returncode = 0  # it is to outlive us: nobody waits for it, and nobody is warned
        self._record(name, process.pid, at)

    def start_orphan(
        self, name: str, argv: Sequence[str], environment: Mapping[str, str], **at: int
    ) -> None:
        """The same for a program that would end with the process that has started it (Envoy)."""
        with self._log(name) as log:
            starter = [sys.executable, "-c", _ORPHAN, *argv]
            told = run(
                starter, START_SECONDS, folder=self._folder, environment=environment, name=name,
                errors=log,
            )  # fmt: skip
        self._record(name, int(told), at)

    def _log(self, name: str) -> BinaryIO:
        self._logs.mkdir(exist_ok=True)
        return (self._logs / f"{name}.log").open("wb")

    def _record(self, name: str, pid: int, at: Mapping[str, int]) -> None:
        one = {"name": name, "pid": pid, "born": _born(pid), "at": dict(at)}
        self._write([*self._read(), one])

    def running(self) -> dict[str, bool]:
        """Whether each still runs, by name."""
        return {str(one["name"]): _runs(one) for one in self._read()}

    def ports(self) -> dict[str, dict[str, int]]:
        """Where each listens on 127.0.0.1, by its name and by what is there."""
        told = {str(one["name"]): one.get("at") for one in self._read()}
        return {name: at if isinstance(at, dict) else {} for name, at in told.items()}

    def port(self, name: str, what: str = "http") -> int | None:
        """One of them; None where there is none."""
        return self.ports().get(name, {}).get(what)

    def check(self, name: str) -> None:
        """Raises LabError, with the last that it said, where it has ended."""
        if not self.running().get(name, False):
            log = self._logs / f"{name}.log"
            with suppress(OSError):
                said = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or [""]
                raise LabError(f"{name} has ended: {said[0][:300]}", f"see {log}")
            raise LabError(f"{name} has ended", f"see {log}")

    def stop(self) -> None:
        """End all of them, the last one first; those that are none of ours any more are left."""
        started = [one for one in reversed(self._read()) if _runs(one)]
        for number, seconds in ((signal.SIGTERM, TERM_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
            for one in started:
                if _runs(one):
                    with suppress(OSError):
                        os.kill(int(str(one["pid"])), number)
            until = time.monotonic() + seconds
            while any(_runs(one) for one in started) and time.monotonic() < until:
                time.sleep(0.05)
        left = [str(one["name"]) for one in started if _runs(one)]
        if left:
            raise LabError(f"still running: {', '.join(left)}")
        (self._folder / RECORD).unlink(missing_ok=True)

    def _read(self) -> list[dict[str, object]]:
        try:
            found = json.loads((self._folder / RECORD).read_text("utf-8"))
        except (OSError, ValueError):
            return []
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _write(self, records: list[dict[str, object]]) -> None:
        fresh = self._folder / f"{RECORD}.new"
        fresh.write_text(json.dumps(records), "utf-8")
        fresh.replace(self._folder / RECORD)


def _runs(record: Mapping[str, object]) -> bool:
    """Whether the process of a record runs: its number alone may be another's by now."""
    pid = record.get("pid")
    return isinstance(pid, int) and pid > 1 and _born(pid) == record.get("born") != ""


def _born(pid: int) -> str:
    """When a process was started, as the kernel counts; empty where none runs."""
    with suppress(OSError, IndexError):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # one of our own that has ended
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    return ""


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens at the moment."""
    with ExitStack() as held:
        found: list[int] = []
        for port in random.sample(PORTS, len(PORTS)):
            if len(found) == count:
                return found
            one = held.enter_context(socket.socket())
            with suppress(OSError):
                one.bind(("127.0.0.1", port))
                found.append(port)
    raise LabError(f"no {count} ports of {PORTS.start} to {PORTS.stop} are free on 127.0.0.1")
