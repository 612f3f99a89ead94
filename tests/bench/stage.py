"""How fast the stage is, beside `presenterm` in the same run where that is on the PATH.

    python -m tests.bench.stage [--presses 49] [--starts 5] [--idle 10]

Prints, for decks of 50 and of 1,000 slides at 120×40: CPU seconds to the first frame, milliseconds
from a key to the last byte of the next slide (median, p95), resident memory, CPU in idle seconds;
and ratios. Bytes are stamped when they arrive and read through an emulator afterwards, so that the
emulator's speed is in no figure.
"""

from __future__ import annotations

import argparse
import os
import select
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.console import KEYS, Console, presenter_command

QUIET = 0.15
"""Seconds without a byte after which a burst is over."""


@dataclass
class Figures:
    start_cpu: list[float] = field(default_factory=list)
    ready_cpu: list[float] = field(default_factory=list)
    start_wall: list[float] = field(default_factory=list)
    last_byte: list[float] = field(default_factory=list)
    press_cpu: float = 0.0
    rss: float = 0.0
    idle_cpu: float = 0.0


def deck(slides: int) -> str:
    """A deck of slides with a heading, five bullets, fifteen lines of YAML and a table."""
    parts = []
    for number in range(1, slides + 1):
        yaml = "\n".join(f"  key-{line}: value of line {line} on {number}" for line in range(14))
        parts.append(
            f"# Slide {number} of {slides}\n\n"
            + "\n".join(f"- Bullet {point} with *some* `code`" for point in range(5))
            + f"\n\n```yaml\nkind: Demo\n{yaml}\n```\n\n| a | b |\n|---|---|\n| {number} | x |\n"
        )
    return "\n<!-- end_slide -->\n\n".join(parts)


def tree(console: Console) -> list[psutil.Process]:
    process = psutil.Process(console.process.pid)
    return [process, *process.children(recursive=True)]


def cpu(console: Console) -> float:
    times = [process.cpu_times() for process in tree(console)]
    return sum(one.user + one.system for one in times)


QUERIES: tuple[tuple[bytes, bytes], ...] = (
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[14t", b"\x1b[4;720;1080t"),
    (b"\x1b[16t", b"\x1b[6;18;9t"),
    (b"\x1b[18t", b"\x1b[8;40;120t"),
    (b"\x1b]11;?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (b"\x1b]10;?", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
)
"""What a terminal is asked, and what it answers, so that no tool waits for a time-out."""


def opening(console: Console, marker: str, limit: float = 30.0) -> tuple[float, float]:
    """Take output until `marker` is on the screen and all is quiet.

    Returns when the last byte came, and the CPU seconds used when the marker first showed.
    """
    deadline = time.perf_counter() + limit
    last, shown = time.perf_counter(), 0.0
    while time.perf_counter() < deadline:
        chunk = receive(console)
        if not chunk:
            if shown:
                return last, shown
            continue
        last = time.perf_counter()
        used = cpu(console)
        console.take(chunk)
        if not shown and marker in console.text():
            shown = used
    raise AssertionError(f"never saw {marker!r} in:\n{console.text()}")


def burst(console: Console, marker: str) -> float:
    """When the last byte of what a key led to came; it is read through the emulator afterwards."""
    chunks = []
    last = time.perf_counter()
    while chunk := receive(console):
        last = time.perf_counter()
        chunks.append(chunk)
    for chunk in chunks:
        console.take(chunk)
    assert marker in console.text(), f"{marker!r} is not in:\n{console.text()}"
    return last


def receive(console: Console) -> bytes:
    """What comes next, its questions answered; nothing after `QUIET` seconds of silence."""
    readable, _, _ = select.select([console._master], [], [], QUIET)
    if not readable:
        return b""
    chunk = os.read(console._master, 1 << 18)
    for query, answer in QUERIES:
        if query in chunk:
            os.write(console._master, answer)
    return chunk


def measure(argv: list[str], slides: int, options: argparse.Namespace) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.md"
        path.write_text(deck(slides))
        env = {"PRESENTER_STATE_DIR": folder, "PRESENTER_CONFIG": f"{folder}/none.toml"}
        for start in range(options.starts):
            began = time.perf_counter()
            with Console([*argv, str(path)], env=env) as console:
                last, used = opening(console, f"Slide 1 of {slides}")
                figures.start_cpu.append(used)
                figures.ready_cpu.append(cpu(console))
                figures.start_wall.append(last - began)
                if start == options.starts - 1:
                    _press(console, slides, options, figures)
    return figures


def _press(console: Console, slides: int, options: argparse.Namespace, figures: Figures) -> None:
    before = cpu(console)
    for number in range(2, 2 + options.presses):
        pressed = time.perf_counter()
        os.write(console._master, KEYS["right"].encode())
        last = burst(console, f"Slide {number} of {slides}")
        figures.last_byte.append((last - pressed) * 1000)
    figures.press_cpu = (cpu(console) - before) * 1000 / options.presses
    figures.rss = sum(process.memory_info().rss for process in tree(console)) / 1e6
    before = cpu(console)
    deadline = time.perf_counter() + options.idle
    while time.perf_counter() < deadline:
        console.read(0.5)
    figures.idle_cpu = cpu(console) - before


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, int(len(values) * 0.95) - 1)]


def show(name: str, slides: int, figures: Figures) -> None:
    print(
        f"{name:<11} {slides:>5} slides: first frame {min(figures.start_cpu):.2f} s CPU, "
        f"all quiet {min(figures.ready_cpu):.2f} s CPU, "
        f"{statistics.median(figures.start_wall) * 1000:.0f} ms; "
        f"next slide {statistics.median(figures.last_byte):.2f} ms median, "
        f"{p95(figures.last_byte):.2f} p95, {figures.press_cpu:.2f} CPU; "
        f"{figures.rss:.1f} MB; idle {figures.idle_cpu:.3f} s CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=49)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--idle", type=float, default=10.0)
    options = parser.parse_args()
    tools = {"presenter": [presenter_command(), "present"]}
    peer = shutil.which("presenterm")
    if peer:
        tools["presenterm"] = [peer]
    found: dict[tuple[str, int], Figures] = {}
    for slides in (50, 1000):
        for name, argv in tools.items():
            found[name, slides] = measure(argv, slides, options)
            show(name, slides, found[name, slides])
    small, large = found["presenter", 50], found["presenter", 1000]
    print(f"1,000 slides open in {min(large.start_cpu) / min(small.start_cpu):.2f} times the CPU,"
          f" {min(large.start_wall) / min(small.start_wall):.2f} times the time of 50")  # fmt: skip
    if peer:
        for slides in (50, 1000):
            ours, theirs = found["presenter", slides], found["presenterm", slides]
            ratio = statistics.median(ours.last_byte) / statistics.median(theirs.last_byte)
            print(f"{slides} slides: next slide takes {ratio:.1f} times presenterm's time")


if __name__ == "__main__":
    main()
