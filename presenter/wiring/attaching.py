"""The speaker's own screen: a talk that lets it attach, and the screen that does."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from presenter.demo.desk import Desk
from presenter.errors import PresenterError
from presenter.talk.commands import Command


async def attachable(desk: Desk, act: Callable[[Command], None]) -> None:
    """Let speaker's screens attach to a talk, until cancelled: the end of the loop does that.

    `act` carries out what they send, on the stage. The modules are loaded in a thread: the first
    keys of a talk do not wait for them.
    """
    await asyncio.to_thread(importlib.import_module, "presenter.demo.link")
    from presenter.demo.link import serve
    from presenter.ui.talk import COMMANDS

    link = await serve(desk, COMMANDS, act)
    if link is None:
        return
    try:
        await asyncio.Event().wait()
    finally:
        link.close()


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
