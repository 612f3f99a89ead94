"""The speaker's own screen, attached to a talk that is being given in another terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from presenter.errors import PresenterError


def attach(deck: Path | None) -> int:
    """Follow the newest talk (of `deck`, if one is named); returns the process's status."""
    if sys.platform == "win32":
        raise PresenterError("attach is not available on Windows", "there are no sockets for it")
    from presenter.demo.follower import Follower
    from presenter.demo.sockets import find_talk
    from presenter.ui.app import PresenterApp, run_app
    from presenter.ui.attach import AttachScreen
    from presenter.ui.curtain import need_terminal
    from presenter.wiring.choices import read_settings

    talk = find_talk(deck)
    need_terminal()
    settings = read_settings()
    follower = Follower(talk)
    screens: list[AttachScreen] = []

    def first(app: PresenterApp) -> AttachScreen:
        screens.append(AttachScreen(follower, settings.keys, app.depth))
        return screens[0]

    status = run_app(PresenterApp(first))
    if screens and screens[0].problem is not None:
        raise screens[0].problem
    return status
