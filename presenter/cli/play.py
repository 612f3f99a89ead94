"""`presenter play CAST`: play a terminal recording."""

from __future__ import annotations

import argparse
from pathlib import Path

from presenter.live.supervisor import supervise


def run(options: argparse.Namespace) -> int:
    """Open the recording and play it."""
    return supervise(lambda: _play(options))


def _play(options: argparse.Namespace) -> int:
    from presenter.wiring.playing import play

    return play(
        Path(options.cast),
        speed=options.speed,
        idle_limit=options.idle_limit,
        theme=options.theme,
    )
