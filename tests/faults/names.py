"""A name server that never answers: what needs a name is down in time, and nothing waits for it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from presenter.live.probes import Prober
from presenter.talk.health import Endpoint, Evidence, Standing, Thresholds, observe
from tests.faults.servers import link
from tests.faults.table import Row, failed, skipped
from tests.material import ROOT

LIMITS = {"down": 2.0, "probe": 3.5, "close": 0.8}
"""Seconds that each may take."""
PATIENCE = 60.0
_MOUNT = 'mount --bind "$1" /etc/resolv.conf && exec "$2" -m tests.faults.names'


def rows(full: bool) -> Iterator[Row]:
    """The table's row."""
    what, must = "name server that is silent", "down in 2 s, a probe in 3.5 s, the end in 0.8 s"
    found: list[dict[str, float]] = []
    with link(9) as cable, tempfile.TemporaryDirectory() as folder:
        if cable is None:
            yield skipped(what, must, "no network namespaces here")
            return
        cable.lose()
        names = Path(folder) / "resolv.conf"
        names.write_text(f"nameserver {cable.host}\n", "ascii")
        command = ["unshare", "-m", "sh", "-c", _MOUNT, "sh", str(names), sys.executable]
        try:
            for _ in range(10 if full else 1):
                done = subprocess.run(
                    command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True
                )
                found.append(json.loads(done.stdout))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            yield failed(what, error)
            return
    worst = {name: max(one[name] for one in found) for name in LIMITS}
    measured = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in worst.items())
    yield Row(what, len(found), must, measured, all(worst[n] <= LIMITS[n] for n in LIMITS))


async def measure() -> dict[str, float]:
    """Seconds until the heartbeats are down, until a probe has ended, until all has."""
    prober = Prober(os.environ, Path.cwd())
    endpoint = Endpoint()
    down = asyncio.Event()

    def hear(_key: str, evidence: Evidence | None) -> None:
        nonlocal endpoint
        if evidence is not None:
            endpoint = observe(endpoint, evidence, Thresholds())
        if endpoint.standing is Standing.DOWN:
            down.set()

    prober.on_beat = hear
    await prober.probe("here", {"tcp": "127.0.0.1:9"})
    began = time.monotonic()
    prober.watch({"it": {"tcp": "cluster.example:80"}}, 1.3)
    async with asyncio.timeout(PATIENCE):
        await down.wait()
    downed = time.monotonic()
    await prober.probe("it", {"http": "http://other.example/"})
    probed = time.monotonic()
    prober.close()
    return {
        "down": downed - began,
        "probe": probed - downed,
        "close": time.monotonic() - probed,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(measure())))
