"""The lab's processes: started to outlive the command, stopped by their recorded numbers alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from presenter.lab.build import LabError

RECORD = "processes.json"
TERM_SECONDS = 10.0
"""A control plane that is asked to end takes its time."""
KILL_SECONDS = 2.0


class Processes:
    """Those of one lab, in the order in which they were started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs = folder / "log"

    def start(self, name: str, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one in a session of its own; its output goes to `log/<name>.log`."""
        self._logs.mkdir(exist_ok=True)
        with (self._logs / f"{name}.log").open("wb") as log:
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
        born = _born(process.pid)
        self._write([*self._read(), {"name": name, "pid": process.pid, "born": born}])

    def running(self) -> dict[str, bool]:
        """Whether each still runs, by name."""
        return {str(one["name"]): _runs(one) for one in self._read()}

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
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
