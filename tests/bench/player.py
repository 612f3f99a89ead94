"""The figures of playing a large recording.

    python -m tests.bench.player [--megabytes 100] [--minutes 0.1]

A recording is made in a temporary folder and deleted. Printed are the time to the first frame, to
the index and to the keyframes, the longest call among them, seeks, and how much anonymous memory
it all took; beside them `json.loads` over the same lines. With `--minutes`, a recording with a
marker each second is really played, and the error at each marker printed.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from presenter.demo.clock import MonotonicClock
from presenter.demo.player import Player, State, open_player
from presenter.recording.asciicast import Event, Header
from presenter.recording.writer import write_cast

MOST_MEGABYTES = 1000
SEEKS = 200
_WORDS = (
    *("pod/istio-pilot-657cb5ddf7", "Running", "\x1b[32mok\x1b[0m", "\x1b[1;31merror\x1b[0m"),
    *("GET /productpage 200", "12ms", "\x1b[2K", "é漢", "\x1b[7m 97% \x1b[0m", "deployment"),
)


def make(path: Path, size: int) -> int:
    """A recording of `size` bytes as a busy terminal would make it; returns its events."""
    choose = random.Random(1)
    written, count, now = 0, 0, 0.0
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"version": 2, "width": 120, "height": 40}\n')
        while written < size:
            now += choose.random() * 0.02
            data = " ".join(choose.choices(_WORDS, k=choose.randint(1, 5)))
            line = (
                f'[{now:.6f}, "o", {json.dumps(data + ("" if count % 3 else chr(13) + chr(10)))}]\n'
            )
            written += stream.write(line)
            count += 1
    return count


def anonymous_memory() -> float:
    """MB of this process that no file backs."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def draw(player: Player) -> None:
    for y in range(player.emulator.rows):
        player.emulator.row(y)


def timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def work_off(player: Player, done: Callable[[], bool]) -> tuple[float, float]:
    """Seconds until done, and the longest call."""
    longest = total = 0.0
    while not done():
        took = timed(lambda: player.work(0.012))
        total, longest = total + took, max(longest, took)
    return total, longest


def measure_large(path: Path) -> None:
    before = anonymous_memory()
    opened: list[Player] = []

    def first_frame() -> None:
        player = open_player(path)
        opened.append(player)
        player.play()
        player.tick(time.monotonic() + 0.05)
        draw(player)

    print(f"first frame    {timed(first_frame) * 1000:8.1f} ms   (at most 300)")
    player = opened[0]
    player.pause()
    total, longest = work_off(player, lambda: player.track.complete)
    print(f"index          {total:8.2f} s    (at most 2; longest call {longest * 1000:.1f} ms)")
    total, longest = work_off(player, lambda: not player.work(0.0))
    print(f"keyframes      {total:8.2f} s    (longest call {longest * 1000:.1f} ms)")
    choose = random.Random(2)
    seeks = []
    for _ in range(SEEKS):
        target = choose.uniform(0, player.duration)

        def seek(target: float = target) -> None:
            player.seek(target)
            while player.next_due() is not None:
                player.tick(time.monotonic())
            draw(player)

        seeks.append(timed(seek) * 1000)
    seeks.sort()
    middle = seeks[len(seeks) // 2]
    print(f"seek           {middle:8.1f} ms   median, {seeks[-1]:.1f} ms longest (at most 50)")
    print(f"step back      {timed(player.step_back) * 1000:8.1f} ms   (at most 30)")
    grown = anonymous_memory() - before
    print(f"memory         {grown:8.1f} MB   more, anonymous (at most 60)")


def measure_peer(path: Path) -> None:
    def decode() -> None:
        with path.open("rb") as stream:
            for line in stream:
                json.loads(line)

    print(f"json.loads     {timed(decode):8.2f} s    for the same lines, keeping none")


def marked(minutes: float) -> Iterator[Event]:
    choose = random.Random(4)
    for second in range(1, int(minutes * 60) + 1):
        yield Event(second - choose.random() / 2, "o", f"second {second}\r\n")
        yield Event(float(second), "m", str(second))


def measure_drift(folder: Path, minutes: float) -> None:
    path = folder / "drift.cast"
    write_cast(path, Header(), marked(minutes))
    clock = MonotonicClock()
    player = open_player(path, clock=clock)
    errors: list[float] = []
    started = clock.now()
    player.play()
    while player.state is State.PLAYING:
        player.tick(clock.now())
        draw(player)
        while len(errors) < len(player.markers) and passed(player, len(errors)):
            errors.append(clock.now() - started - player.markers[len(errors)].time)
        due = player.next_due()
        if due is not None:
            time.sleep(max(due - clock.now(), 0.0))
    worst, last = max(errors, key=abs), errors[-1]
    print(
        f"drift          {last * 1000:8.2f} ms   at the last of {len(errors)} markers in "
        f"{minutes:g} min, {worst * 1000:.2f} ms at the worst (at most 16.7)"
    )


def passed(player: Player, marker: int) -> bool:
    return player._head.taken > player.markers[marker].index


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument(
        "--minutes", type=float, default=0.1, help="of real playing; 10 for the full test"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.cast"
        count = make(path, min(options.megabytes, MOST_MEGABYTES) * 1_000_000)
        print(f"recording      {path.stat().st_size / 1e6:8.1f} MB   {count} events")
        measure_large(path)
        measure_peer(path)
        path.unlink()
        if options.minutes > 0:
            measure_drift(Path(name), options.minutes)


if __name__ == "__main__":
    main()
