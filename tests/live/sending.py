"""The process that sends requests, run for a test, and servers that answer it as they like."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import psutil
import pytest

from presenter.deck.http import HttpRequest
from presenter.live.sender import REQUESTS, Sender
from presenter.recording.har import Exchange
from presenter.recording.har_lines import Sent, read_line
from presenter.recording.har_plan import plan_line

PATIENCE = 30.0
"""Seconds for what takes less than one on an idle machine."""


class Memory:
    """Bytes that a process takes: when it was ready, and at most since then."""

    def __init__(self) -> None:
        self.before = self.most = 0

    @property
    def growth(self) -> int:
        return self.most - self.before

    async def watch(self, process: int) -> None:
        """Until it is cancelled, or the process has ended."""
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(process)
            self.before = self.most = found.memory_info().rss
            while True:
                self.most = max(self.most, found.memory_info().rss)
                await asyncio.sleep(0.005)


async def sent(
    request: HttpRequest,
    label: str = "",
    environment: Mapping[str, str] | None = None,
    memory: Memory | None = None,
) -> tuple[list[Sent | Exchange], object]:
    """What the process has written: the data, and its end."""
    sender = Sender(REQUESTS)
    watching: asyncio.Task[None] | None = None
    lines: list[str] = []
    over = asyncio.Event()

    def heard(line: str | None) -> None:
        if line is None:
            over.set()
        else:
            lines.append(line)

    try:
        await sender.start({**os.environ, **(environment or {})}, Path.cwd())
        if memory is not None and sender._process is not None:
            watching = asyncio.create_task(memory.watch(sender._process.pid))
            await asyncio.sleep(0)
        sender.send(plan_line(request, label), heard)
        async with asyncio.timeout(PATIENCE):
            await over.wait()
    finally:
        if watching is not None:
            watching.cancel()
        sender.close()
    found = [one for line in lines[:-1] if (one := read_line(line))]
    assert len(found) == len(lines) - 1, lines
    return found, json.loads(lines[-1])["end"]


def ended(status: int, fault: str | None = None, words: str = "") -> object:
    return {"status": status, "fault": fault, "words": words}


@contextlib.contextmanager
def answering(
    answer: Callable[[socket.socket], None], said: list[bytes] | None = None
) -> Iterator[str]:
    """A server that says what it is told to, byte by byte; the address.

    `said` takes what it was told first.
    """

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                (said if said is not None else []).append(self.request.recv(65_536))
                answer(cast("socket.socket", self.request))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Clients that go away are part of the test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def self_signed(folder: Path, names: str = "IP:127.0.0.1") -> Path:
    """A file with a certificate for these names and its key; `cert.pem` beside it has no key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "2", "-subj", "/CN=stub", "-addext", f"subjectAltName={names}"),
        *("-addext", "keyUsage=critical,keyCertSign,digitalSignature"),  # Python 3.13 wants it
        *("-keyout", "key.pem", "-out", "cert.pem"),
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    both = (folder / "key.pem").read_text("ascii") + (folder / "cert.pem").read_text("ascii")
    (folder / "both.pem").write_text(both, "ascii")
    return folder / "both.pem"
