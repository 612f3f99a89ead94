"""The other side goes, in every way that can be made here: what the step that runs shows, and when.

The times to a frame are those of a talk in a real terminal, from the moment of the fault to the
first replayed text. The times to DOWN, and the interruptions, are those of the heartbeats alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from presenter.demo.heartbeats import Heartbeats
from presenter.live.probes import Prober
from presenter.talk.health import Endpoint, Standing, Thresholds
from tests.e2e.smalltalk import demo, small
from tests.faults.servers import Link, ServerProcess, link, server
from tests.faults.table import Row, failed, skipped
from tests.live.probe_stubs import kubeconfig

Fault = Callable[[ServerProcess, Link | None], None]

HARD: dict[str, Fault] = {
    "killed": lambda it, _: it.signal(signal.SIGKILL),
    "portal": lambda it, _: it.say("portal"),
    "led away": lambda it, _: it.say("away"),
}
SILENT: dict[str, Fault] = {
    "frozen": lambda it, _: it.signal(signal.SIGSTOP),
    "hangs": lambda it, _: it.say("hangs"),
    "drips": lambda it, _: it.say("drips"),
}
CUT = "link cut"
BATCH = 10
"""Steps of one talk, each with a server of its own."""
WIDTH = 10
"""Endpoints that are watched over one link: each interruption is one of every of them."""
PATIENCE = 20.0
IP_SECONDS = 0.01
"""What the command that ends an interruption takes, at least."""
FLAP_SECONDS = 2.0
STEP_SECONDS = 20.0


def rows(full: bool) -> Iterator[Row]:
    """The table's rows; few of each unless `full`."""
    chance = random.Random(5)
    count = 99 if full else 6
    with tempfile.TemporaryDirectory(prefix="presenter-link-") as name:
        folder = Path(name)
        yield _frames(
            "hard error → first replayed frame", HARD, count, (0.150, 0.400), folder, chance
        )
        silent = dict(SILENT)
        with link() as cable:
            if cable is not None:
                silent[CUT] = lambda _, its: its.cut() if its is not None else None
        yield _frames(
            "silent loss → first replayed frame", silent, count + 1, (1.3, 1.5), folder, chance
        )
        yield _downs("hard error → down (refused, 401, portal)", count, folder, chance)
        yield from _interruptions(full, folder, chance)


# --- in a talk ------------------------------------------------------------------------------------


def _frames(
    what: str,
    faults: Mapping[str, Fault],
    count: int,
    limits: tuple[float, float],
    folder: Path,
    chance: random.Random,
) -> Row:
    """Times from a fault to the first text of the recording."""
    kinds = [list(faults)[number % len(faults)] for number in range(count)]
    times: list[float] = []
    must = f"median {limits[0] * 1000:.0f} ms, p99 {limits[1] * 1000:.0f} ms"
    try:
        for start in range(0, count, BATCH):
            batch = kinds[start : start + BATCH]
            place = folder / f"{len(times)}-{what[:4]}"
            place.mkdir()
            times += _talk(batch, faults, place, chance)
    except (AssertionError, OSError, RuntimeError) as error:
        return failed(what, error)
    return _timed(what, times, must, limits)


def _talk(
    kinds: Sequence[str], faults: Mapping[str, Fault], folder: Path, chance: random.Random
) -> list[float]:
    """One talk with a step and a server for each fault."""
    with contextlib.ExitStack() as stack:
        cables = [
            stack.enter_context(link(number)) if kind == CUT else None
            for number, kind in enumerate(kinds)
        ]
        servers = [
            stack.enter_context(server(cable.host, cable.wrap) if cable else server())
            for cable in cables
        ]
        needs = [f"p{n}: {{http: {it.address}/, json: true}}" for n, it in enumerate(servers)]
        slides = [
            demo(f"d{n}", f"$ echo first; {_waits(n)}", "first", "second", fence=f"+needs:p{n}")
            for n in range(len(kinds))
        ]
        front = f"needs: {{{', '.join(needs)}}}"
        talk = stack.enter_context(small(folder, *slides, front=front))
        for number in range(len(kinds)):
            stack.callback((folder / f"go{number}").touch)
        times = []
        for number, kind in enumerate(kinds):
            talk.type_step()
            talk.wait_conditions({f"p{number}": "true"})
            talk.run()
            talk.console.wait_text("│first")
            quiet = time.monotonic() + 0.5 + chance.random()
            while time.monotonic() < quiet:
                talk.console.read(0.01)
            began = time.monotonic()
            faults[kind](servers[number], cables[number])
            talk.console.wait_text("│second", PATIENCE)
            times.append(time.monotonic() - began)
            talk.wait_event("StepFinished")
            (folder / f"go{number}").touch()
            if number + 1 < len(kinds):
                talk.press()
        talk.leave()
    return times


def _waits(number: int) -> str:
    return f"until [ -e $T/go{number} ]; do sleep 0.02; done"


# --- the heartbeats alone -------------------------------------------------------------------------


class Watched:
    """Heartbeats of some endpoints, and each time that one of them went down."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "KUBECONFIG": str(folder / "config"), "NO_PROXY": "*"}
        self.prober = Prober(environment, folder)
        self.downs: list[str] = []
        self.suspected: set[str] = set()
        self.beats = Heartbeats(self.prober, Thresholds(), self._changed)

    def _changed(self, names: object) -> None:
        for name in names if isinstance(names, list) else ():
            standing = self.at(name).standing
            if standing is Standing.DOWN:
                self.downs.append(name)
            elif standing is Standing.SUSPECT:
                self.suspected.add(name)

    def at(self, name: str) -> Endpoint:
        return self.beats.of(name) or Endpoint()

    async def until(self, standing: Standing, *names: str) -> None:
        """Until all of these stand so."""
        async with asyncio.timeout(PATIENCE):
            while not all(self.at(name).standing is standing for name in names):  # noqa: ASYNC110
                await asyncio.sleep(0.002)


def _downs(what: str, count: int, folder: Path, chance: random.Random) -> Row:
    """Times from an error of a cluster to DOWN."""
    kinds = ("killed", "denied", "portal")
    must = "median 150 ms, p99 300 ms"

    async def once(kind: str) -> float:
        watched = Watched(folder)
        try:
            with server() as it:
                kubeconfig(folder / "config", it.address)
                watched.beats.watch({"cluster": {"kubernetes": {}}})
                await watched.until(Standing.UP, "cluster")
                await asyncio.sleep(0.3 + chance.random())
                began = time.monotonic()
                it.signal(signal.SIGKILL) if kind == "killed" else it.say(kind)
                await watched.until(Standing.DOWN, "cluster")
                return time.monotonic() - began
        finally:
            watched.prober.close()

    try:
        times = [asyncio.run(once(kinds[number % 3])) for number in range(count)]
    except (OSError, RuntimeError, TimeoutError) as error:
        return failed(what, error)
    return _timed(what, times, must, (0.150, 0.300))


def _interruptions(full: bool, folder: Path, chance: random.Random) -> Iterator[Row]:
    """Links that come back."""
    with link() as cable:
        for gap in (0.2, 0.4, 0.8):
            what, must = f"interruption of {gap * 1000:.0f} ms", "no switch"
            if cable is None:
                yield skipped(what, must, "no network namespaces here")
                continue
            tries = 20 if full else 1
            downs, suspected = asyncio.run(_blips(cable, gap, tries, folder, chance))
            measured = f"{downs} switches, {suspected} endpoints suspected once or more"
            yield Row(what, tries * WIDTH, must, measured, downs == 0)
        what, must = "link up 2 s, down 2 s", "at most one switch a step"
        if cable is None:
            yield skipped(what, must, "no network namespaces here")
            return
        minutes = 5.0 if full else 0.5
        most, steps = asyncio.run(_flaps(cable, minutes * 60, folder))
        measured = f"{steps} steps of {STEP_SECONDS:.0f} s in {minutes} minutes, {most} a step"
        yield Row(what, steps * WIDTH, must, measured, most <= 1)


async def _blips(
    cable: Link, gap: float, tries: int, folder: Path, chance: random.Random
) -> tuple[int, int]:
    watched = Watched(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(watched.prober.close)
        names = _watch(watched, cable, stack)
        await watched.until(Standing.UP, *names)
        for _ in range(tries):
            await asyncio.sleep(2 + chance.random())
            await asyncio.to_thread(cable.lose)
            await asyncio.sleep(max(gap - IP_SECONDS, 0.0))
            await asyncio.to_thread(cable.find)
        await asyncio.sleep(2)
        return len(watched.downs), len(watched.suspected)


async def _flaps(cable: Link, seconds: float, folder: Path) -> tuple[int, int]:
    """The most switches of an endpoint within a step, and how many steps there were."""
    watched = Watched(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(watched.prober.close)
        names = _watch(watched, cable, stack)
        await watched.until(Standing.UP, *names)
        most = steps = 0
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            steps += 1
            watched.beats.hold(True)
            watched.downs.clear()
            over = time.monotonic() + STEP_SECONDS
            while time.monotonic() < over:
                await asyncio.to_thread(cable.cut)
                await asyncio.sleep(FLAP_SECONDS)
                await asyncio.to_thread(cable.heal)
                await asyncio.sleep(FLAP_SECONDS)
            most = max([most, *(watched.downs.count(name) for name in names)])
            watched.beats.hold(False)
        return most, steps


def _watch(watched: Watched, cable: Link, stack: contextlib.ExitStack) -> list[str]:
    servers = [stack.enter_context(server(cable.host, cable.wrap)) for _ in range(WIDTH)]
    conditions = {f"p{n}": {"http": f"{it.address}/"} for n, it in enumerate(servers)}
    watched.beats.watch(conditions)
    return list(conditions)


def _timed(what: str, times: list[float], must: str, limits: tuple[float, float]) -> Row:
    median = statistics.median(times)
    late = sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]
    measured = f"median {median * 1000:.0f} ms, p99 {late * 1000:.0f} ms"
    return Row(what, len(times), must, measured, median <= limits[0] and late <= limits[1])
