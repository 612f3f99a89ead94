"""A loop of requests, beside what `hey` and `wrk` do with the same server in the same run.

    python -m tests.bench.http_loop [--requests 10000] [--at-once 1,16]

Printed for each: requests a second, CPU of the process that sends, its memory at most, the ratio to
`hey` and to `wrk` where they are on the PATH; what reading the lines takes where slides are drawn,
and the picture of all of them; then the pictures of the largest bodies. The server is a process of
its own on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from presenter.deck.http import MOST_REPEATS, Group, HttpRequest, Pick
from presenter.layout.exchange import HttpPicture
from presenter.layout.pictures import picture_lines
from presenter.layout.servicegraph import MOST_EDGES, MOST_NODES
from presenter.live.sender import REQUESTS, Sender
from presenter.recording.har_plan import plan_line
from tests.layout.samples import answered, dependencies, matrix, zipkin

LIMIT = 300.0
"""Seconds for one run."""
WRK_SECONDS = 3
DRAWINGS = 20
SERVER = """
import asyncio
BODY = b'{"version": "v1", "stars": [1, 2, 3, 4, 5]}'
ANSWER = (b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\nx-version: v1\\r\\n"
          b"content-length: %d\\r\\n\\r\\n" % len(BODY)) + BODY

class Answering(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""
    def data_received(self, data):
        *asked, self.rest = (self.rest + data).split(b"\\r\\n\\r\\n")
        self.transport.write(ANSWER * len(asked))

async def main():
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(1800)

asyncio.run(main())
"""


@dataclass
class Run:
    """Of our own process; seconds and MB."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    lines: list[str] = field(default_factory=list)


@contextmanager
def server() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.kill()


async def ours(request: HttpRequest) -> Run:
    """One step, as a talk runs it."""
    sender, run, over = Sender(REQUESTS), Run(), asyncio.Event()

    def heard(line: str | None) -> None:
        if line is None or line.startswith('{"end"'):
            over.set()
        elif line:
            run.lines.append(line)

    await sender.start(os.environ, Path.cwd())
    try:
        assert sender._process is not None
        process = psutil.Process(sender._process.pid)
        used = sum(process.cpu_times()[:2])
        began = time.perf_counter()
        sender.send(plan_line(request, "1 0123456789ab"), heard)
        async with asyncio.timeout(LIMIT):
            while not over.is_set():
                with _gone():
                    run.cpu = sum(process.cpu_times()[:2]) - used
                    run.memory = max(run.memory, process.memory_info().rss / 1e6)
                await asyncio.wait([asyncio.ensure_future(over.wait())], timeout=0.05)
        run.seconds = time.perf_counter() - began
    finally:
        sender.close()
    return run


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except psutil.Error:
        return


def hey(url: str, count: int, at_once: int) -> float | None:
    """Requests a second."""
    if shutil.which("hey") is None:
        return None
    command = ["hey", "-n", str(count), "-c", str(at_once), url]
    return _rate(command, r"Requests/sec:\s+([0-9.]+)")


def wrk(url: str, at_once: int) -> float | None:
    if shutil.which("wrk") is None:
        return None
    command = ["wrk", "-t1", f"-c{at_once}", f"-d{WRK_SECONDS}s", url]
    return _rate(command, r"Requests/sec:\s+([0-9.]+)")


def _rate(command: list[str], pattern: str) -> float | None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True)
    found = re.search(pattern, done.stdout)
    return float(found[1]) if found else None


def show_pictures(lines: list[str], columns: int = 100) -> None:
    picture = HttpPicture()
    began = time.process_time()
    for line in lines:
        picture.take(line)
    taken = time.process_time() - began
    times = []
    for _ in range(DRAWINGS):
        began = time.process_time()
        picture.text(columns)
        times.append(1000 * (time.process_time() - began))
    size = sum(map(len, lines)) / 1e6
    print(
        f"  lines: {len(lines)}, {size:.1f} MB, read in {1e6 * taken / len(lines):.0f} µs each; "
        f"drawn in {statistics.median(times):.1f} ms median, {max(times):.1f} longest (at most 50)"
    )


def bodies() -> dict[str, bytes]:
    """As large as is drawn, and what costs most."""
    choose = random.Random(1)
    series = matrix(
        *(f"v{n}" for n in range(8)), points=1250, value=lambda *_: round(choose.random(), 8)
    )
    spans = [
        zipkin(f"{n:x}", f"{choose.randrange(max(n, 1)):x}", f"s{n % 30}", "get", n, 50)
        for n in range(1380)
    ]
    pairs = {
        (f"service-{choose.randrange(MOST_NODES)}", f"service-{choose.randrange(MOST_NODES)}")
        for _ in range(MOST_EDGES)
    }
    calls = dependencies([(a, b, 5, 0) for a, b in sorted(pairs)])
    return {
        name: json.dumps(body, separators=(",", ":")).encode()
        for name, body in (("plot", series), ("trace", spans), ("graph", calls))
    }


def show_drawings() -> None:
    for name, body in bodies().items():
        times = []
        for _ in range(DRAWINGS):
            began = time.process_time()
            picture_lines(name, answered(body), 200, 40)
            times.append(1000 * (time.process_time() - began))
        print(
            f"{name}: {len(body) / 1000:.0f} kB drawn in {statistics.median(times):.1f} ms median, "
            f"{max(times[1:]):.1f} longest (at most 50); {times[0]:.0f} with its library's import"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=MOST_REPEATS)
    parser.add_argument("--at-once", default="1,16")
    options = parser.parse_args()
    count = min(options.requests, MOST_REPEATS)
    with server() as url:
        for at_once in map(int, options.at_once.split(",")):
            groups = (
                Group("version", Pick("header", "x-version")),
                Group("v", Pick("json", "version")),
            )
            request = HttpRequest("GET", url, repeat=count, at_once=at_once, groups=groups)
            rates = {"hey": hey(url, count, at_once), "wrk": wrk(url, at_once)}
            run = asyncio.run(ours(request))
            rate = count / run.seconds
            told = [
                f"{rate:.0f} a second, {1e6 * run.cpu / count:.0f} µs CPU each, {run.memory:.0f} MB"
            ]
            for name, other in rates.items():
                if other:
                    told.append(f"{name} {other:.0f}, ratio {rate / other:.3f}")
            print(f"{count} requests, {at_once} at once: {'; '.join(told)}")
            show_pictures(run.lines)
    show_drawings()


if __name__ == "__main__":
    main()
