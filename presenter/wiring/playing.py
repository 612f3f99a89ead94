"""A recording in a window of its own."""

from __future__ import annotations

from pathlib import Path

from presenter.demo.player import open_player
from presenter.ui.app import PresenterApp, run_app
from presenter.ui.curtain import need_terminal
from presenter.ui.play import PlayScreen
from presenter.wiring.choices import choose_theme, read_settings


def play(path: Path, *, speed: float, idle_limit: float | None, theme: str | None) -> int:
    """Play the recording at `path`; returns the process's status."""
    settings = read_settings()
    chosen = choose_theme(theme, settings)
    player = open_player(path, idle_limit=idle_limit, speed=speed)
    need_terminal()
    keys = settings.keys
    return run_app(PresenterApp(lambda app: PlayScreen(player, path.name, chosen, app.depth, keys)))
