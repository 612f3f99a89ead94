"""Injected faults over the ways in which a talk day goes wrong, each by a real mechanism.

Every fault meets a live talk of its own kind at a seeded, varying moment: then the next keys are
pressed, and the time to their answer on the screen is taken; the position is that of the journal
and of the footer; the screen has its content. The numbers are those of the table of failures in
the research that the project began with.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults import mode_ends, mode_net, mode_stage, mode_steps
from tests.faults.mode_talk import Given, Tally, UnavailableError, give
from tests.faults.screens import NEXT_KEY
from tests.faults.table import Row, skipped

MUST = "none stops the talk, next key within 200 ms, position kept, content on screen"


@dataclass(frozen=True)
class Mode:
    """One way to fail."""

    number: int
    what: str
    how: str
    """The mechanism."""
    inject: Callable[[Given], None]

    @property
    def title(self) -> str:
        return f"{self.number} {self.what} ({self.how})"


MODES = (
    Mode(1, "no network", "network namespace", mode_net.no_network),
    Mode(2, "network drops silently", "veth link of a namespace", mode_net.drops),
    Mode(3, "network blips up to 800 ms", "veth link of a namespace", mode_net.blips),
    Mode(4, "captive portal", "server; hosts file in a mount namespace", mode_net.portal),
    Mode(5, "silent name server", "mount namespace, dead veth link", mode_net.no_names),
    Mode(8, "proxy of another network", "dead, silent, wrong socket", mode_net.proxies),
    Mode(9, "API server killed", "process, SIGKILL", mode_net.refused),
    Mode(10, "API server never answers", "socket; SIGSTOP", mode_net.never_answers),
    Mode(11, "API server drips", "socket", mode_net.drips),
    Mode(12, "token expired", "server answers 401", mode_net.expired),
    Mode(13, "credential plugin asks for ever", "process", mode_net.plugin),
    Mode(14, "another cluster is current", "files, a second server", mode_net.other_cluster),
    Mode(15, "image cannot be pulled", "API server", mode_steps.image_pull),
    Mode(16, "dirty from the rehearsal", "files", mode_steps.dirty),
    Mode(17, "port in use", "process, socket", mode_steps.port_in_use),
    Mode(18, "port-forward dies", "process, SIGKILL", mode_steps.forward_dies),
    Mode(19, "command hangs", "process, deaf to signals", mode_steps.hangs),
    Mode(20, "command waits for words", "process", mode_steps.waits_for_words),
    Mode(21, "command missing or another", "files on PATH", mode_steps.missing),
    Mode(22, "flood", "process", mode_steps.flood),
    Mode(23, "garbage", "process", mode_steps.garbage),
    Mode(24, "projector changed", "size of the PTY, SIGWINCH", mode_stage.projector),
    Mode(26, "weak projector, next theme", "PTY, depths of colour", mode_stage.themes),
    Mode(27, "poor terminal", "PTY, TERM and LANG", mode_stage.terminals),
    Mode(28, "laptop sleeps", "SIGSTOP of all processes, SIGCONT", mode_stage.sleeps),
    Mode(30, "disk full", "full tmpfs, RLIMIT_FSIZE", mode_ends.full_disk),
    Mode(31, "presenter killed, resumed", "SIGKILL", mode_ends.killed),
    Mode(32, "terminal closed, resumed", "SIGTERM, SIGHUP, PTY closed", mode_ends.hung_up),
    Mode(33, "clock jumps", "preloaded clock, time namespace", mode_ends.clock_jumps),
    Mode(34, "borrowed laptop", "network and mount namespace", mode_ends.borrowed),
    Mode(36, "second screen killed", "SIGKILL", mode_ends.second_view),
)
TIMES = 200


def rows(full: bool) -> Iterator[Row]:
    """A row for each mode, and one for all."""
    tallies = []
    with tempfile.TemporaryDirectory(prefix="presenter-modes-") as folder:
        for mode, times in zip(MODES, shares(TIMES if full else len(MODES)), strict=True):
            try:
                tally = give(mode.number, mode.inject, times, Path(folder))
            except UnavailableError as error:
                yield skipped(mode.title, MUST, str(error))
                continue
            tallies.append(tally)
            yield row(mode.title, tally)
    yield row(f"all {len(tallies)} modes", total(tallies))


def once(number: int, folder: Path) -> Row:
    """One fault of the mode of that number; its keys may take as long as a busy machine needs."""
    mode = next(mode for mode in MODES if mode.number == number)
    return row(mode.title, give(number, mode.inject, 1, folder), limit=math.inf)


def shares(times: int) -> list[int]:
    """How many faults each mode has of so many, as evenly as can be."""
    each, more = divmod(times, len(MODES))
    return [each + (number < more) for number in range(len(MODES))]


def total(tallies: list[Tally]) -> Tally:
    """All of them as one; the ways of the steps are left out."""
    return Tally(
        sum(each.tried for each in tallies),
        sum(each.stopped for each in tallies),
        sum(each.kept for each in tallies),
        sum(each.shown for each in tallies),
        [seconds for each in tallies for seconds in each.keys],
        wrong=[words for each in tallies for words in each.wrong],
    )


def row(title: str, tally: Tally, limit: float = NEXT_KEY) -> Row:
    """What was measured; `limit`: seconds in which each key must have been answered."""
    n = tally.tried
    said = [
        f"{tally.stopped} stop the talk",
        _keys(tally.keys),
        f"position kept {tally.kept}/{n}",
        f"content on screen {tally.shown}/{n}",
    ]
    if tally.ways:
        said.append(", ".join(f"{tally.ways.count(way)} {way}" for way in sorted({*tally.ways})))
    if tally.resumed:
        said.append(f"there again in {max(tally.resumed):.1f} s at most")
    said += tally.wrong[:3]
    late = [seconds for seconds in tally.keys if seconds > limit]
    held = tally.kept == tally.shown == n and bool(tally.keys)
    ok = held and not (tally.stopped or tally.wrong or late)
    return Row(title, n, MUST, "; ".join(said), ok)


def _keys(seconds: list[float]) -> str:
    if not seconds:
        return "no key tried"
    middle, most = statistics.median(seconds) * 1000, max(seconds) * 1000
    late = sum(each > NEXT_KEY for each in seconds)
    more = f", {late} of {len(seconds)} above 200 ms" if late else ""
    return f"next key {middle:.0f} ms median, {most:.0f} ms at most{more}"
