"""Processes of ours, and what the system tells about those of a terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeVar, cast

_PROC = Path("/proc")

_Begun = TypeVar("_Begun")

Started = tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]
"""A process, its input and its output; neither end blocks."""


def start_module(module: str, *argv: str, environment: Mapping[str, str], cwd: Path) -> Started:
    """Run a module of ours as a process.

    In a session of its own, without a terminal, deaf to modules in `cwd`. Raises OSError.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd=cwd,
        env=dict(environment),
        start_new_session=True,
    )
    given, said = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    for end in (given, said):
        os.set_blocking(end.fileno(), False)
    return process, given, said


async def begin(start: Callable[[], _Begun], end: Callable[[_Begun], None]) -> _Begun:
    """What `start` gives, which is called in a thread.

    Where nobody waits for it any more, it is ended, once, by whoever comes last: when the loop
    closes, the thread may be the only one left.
    """
    lock = threading.Lock()
    begun: list[_Begun] = []
    unwanted = False

    def run() -> _Begun:
        thing = start()
        with lock:
            begun.append(thing)
            late = unwanted
        if late:
            end(thing)
        return thing

    try:
        return await asyncio.to_thread(run)
    except BaseException:  # of a task that is thrown away with its loop, too
        with lock:
            unwanted = True
            early = list(begun)
        for thing in early:
            end(thing)
        raise


def reap(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Take the status of one that has been killed.

    On a machine that is busy, it ends later than in `seconds`: then a thread waits for it.
    """
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        threading.Thread(target=process.wait, daemon=True).start()


def session_groups(session: int) -> dict[int, int]:
    """Each living process of the session, with its process group. Zombies do not count."""
    if (_PROC / "self" / "stat").exists():
        return _groups_of_proc(session)
    return _groups_of_ps(session)


def _groups_of_proc(session: int) -> dict[int, int]:
    found = {}
    for name in os.listdir(_PROC):  # noqa: PTH208 - hundreds of entries, on the loop
        if not name.isdecimal():
            continue
        with suppress(OSError, ValueError):
            stat = (_PROC / name / "stat").read_bytes()
            state, _, group, its_session = stat[stat.rindex(b")") + 2 :].split(maxsplit=4)[:4]
            if int(its_session) == session and state not in (b"Z", b"X"):
                found[int(name)] = int(group)
    return found


def _groups_of_ps(session: int) -> dict[int, int]:
    try:
        command = ["ps", "-A", "-o", "pid=", "-o", "stat="]
        lines = subprocess.run(command, capture_output=True, text=True, timeout=0.3).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    found = {}
    for fields in map(str.split, lines.splitlines()):
        with suppress(OSError, ValueError, IndexError):
            if os.getsid(int(fields[0])) == session and not fields[1].startswith("Z"):
                found[int(fields[0])] = os.getpgid(int(fields[0]))
    return found


def signal_groups(groups: set[int], number: int) -> None:
    """To each process group that can be reached; init's and our own are never among them."""
    for group in groups - {0, 1, os.getpgrp()}:
        with suppress(OSError):
            os.killpg(group, number)


def runs_program_of(pid: int, other: int) -> bool | None:
    """Whether both run the same program (a fork that has not called exec yet); None: not known."""
    try:
        return (_PROC / str(pid) / "exe").readlink() == (_PROC / str(other) / "exe").readlink()
    except OSError:
        return None


def would_die_of_interrupt(pid: int) -> bool | None:
    """Whether an interrupt ends the process: it neither catches nor ignores it; None: not known."""
    bit = 1 << (signal.SIGINT - 1)
    try:
        lines = (_PROC / str(pid) / "status").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    facts = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    if facts.get("State", "Z")[0] in "ZXTt":
        return None
    try:
        return not any(int(facts[name], 16) & bit for name in ("SigBlk", "SigIgn", "SigCgt"))
    except (KeyError, ValueError):
        return None
