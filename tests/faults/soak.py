"""An hour of talk in minutes: slides, live demos, demos that fail, screens that come and go."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import demo, run, small
from tests.faults.table import Row

DEMOS = 120
"""Of an hour: one every 30 s."""
WARM = 12
MEGABYTES = 10.0
SETTLE_SECONDS = 10.0
LINES = (
    "seq 1 200",
    "echo out",
    "false",
    "printf 'a\\033[31mb\\033[0m\\n'",
    "exit 3",
    "sh -c 'kill -9 $$'",
)


@dataclass(frozen=True)
class Use:
    """What the talk's processes take."""

    megabytes: float
    descriptors: int
    threads: int
    children: int


def rows(full: bool) -> Iterator[Row]:
    count = DEMOS if full else 24
    with tempfile.TemporaryDirectory() as name:
        yield soak(Path(name), count)


def slides(count: int) -> list[str]:
    """Demos in one shell; some fail, and one in six takes a process down with it."""
    return [
        demo(f"d{n}", f"$ {LINES[n % len(LINES)]}", "as it was", own=False) for n in range(count)
    ]


def soak(folder: Path, count: int) -> Row:
    uses: list[Use] = []
    with small(folder, *slides(count)) as talk:
        for number in range(count):
            run(talk)
            talk.console.resize(*((100, 34), (80, 24), (140, 40))[number % 3])
            come_and_go(folder)
            if number + 1 < count:
                talk.press("n")
            if number >= WARM and number % 6 == 0:
                uses.append(settled(talk, uses[:1]))
        talk.console.resize(100, 34)
        talk.leave()
    grown = max(use.megabytes for use in uses) - uses[0].megabytes
    first, last = uses[0], uses[-1]
    same = (first.descriptors, first.threads, first.children) == (
        last.descriptors, last.threads, last.children,
    )  # fmt: skip
    measured = (
        f"+{grown:.1f} MB from {first.megabytes:.0f} MB; descriptors {first.descriptors} → "
        f"{last.descriptors}, threads {first.threads} → {last.threads}, children "
        f"{first.children} → {last.children}"
    )
    must = "memory after warm-up grows by at most 10 MB; the rest constant"
    what = f"{count / 120:.1f} hours of talk compressed"
    return Row(what, count, must, measured, grown <= MEGABYTES and same)


def use(talk: LiveTalk) -> Use:
    """Of the talk and everything that it has started."""
    root = psutil.Process(talk.console.process.pid)
    memory, descriptors, threads, children = 0, 0, 0, 0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            memory += process.memory_info().rss
            descriptors += process.num_fds()
            threads += process.num_threads()
            children += 1
    return Use(memory / 1e6, descriptors, threads, children)


def settled(talk: LiveTalk, before: list[Use]) -> Use:
    """What is taken when as little runs as before, or when that does not come about."""
    deadline = time.monotonic() + (SETTLE_SECONDS if before else 1.0)
    while True:
        talk.console.read(0.1)
        now = use(talk)
        same = before and (now.descriptors, now.threads, now.children) == (
            before[0].descriptors, before[0].threads, before[0].children,
        )  # fmt: skip
        if same or time.monotonic() > deadline:
            return now


def come_and_go(folder: Path) -> None:
    """A speaker's own screen that connects, reads what is said first, and is gone."""
    for pointer in (*folder.rglob("run/*.at"), *folder.rglob("run/*.sock")):
        place = pointer.read_text() if pointer.suffix == ".at" else str(pointer)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
            end.settimeout(2.0)
            end.connect(place)
            assert end.recv(100)
        return
