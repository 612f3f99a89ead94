"""The application: one screen of ours, the terminal around it, and the ways in which it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import events, geometry
from textual.app import App, ScreenStackError
from textual.screen import Screen
from textual.timer import Timer

from presenter.layout.theme import THEMES, Depth, Theme
from presenter.live import lifeline
from presenter.ui.escapes import keep_escapes
from presenter.ui.themes import textual_theme

SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
"""Statuses by the shells' convention: 128 + the signal's number."""

SETTLE_SECONDS = 0.1
"""This long after the last change of size, the terminal is asked for the one that it has."""
DEPTHS: dict[str, Depth] = {"truecolor": "truecolor", "256": "256"}


class PresenterApp(App[int], inherit_bindings=False):
    """Holds a screen; knows colours and signals."""

    CSS_PATH = Path(__file__).with_name("styles") / "presenter.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE: ClassVar[bool] = False

    def __init__(self, first: Callable[[PresenterApp], Screen[None]]) -> None:
        """`first` makes the screen."""
        super().__init__()
        self.title = "presenter"
        self._make_first = first
        self.on_report: Callable[[Exception], None] = lambda _error: None
        """Takes what went wrong behind the scenes."""
        self._settling: Timer | None = None
        for theme in THEMES.values():
            self.register_theme(textual_theme(theme))

    @property
    def depth(self) -> Depth:
        """How many colours the terminal has, as far as its environment tells."""
        return DEPTHS.get(self.console.color_system or "", "16")

    def dress(self, theme: Theme) -> None:
        """Dialogs in the colours of the stage."""
        self.theme = f"presenter-{theme.name}"

    async def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._reported)
        for name, status in SIGNALS.items():
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError):  # Windows' loop has no handlers
                    loop.add_signal_handler(number, self._end, status)
        supervisor = lifeline.watched()
        if supervisor is not None:
            loop.add_reader(supervisor, self._left_alone, supervisor)
        await self.push_screen(self._make_first(self))

    def on_resize(self) -> None:
        """Two signals in one another may be told in the wrong order: the last word is asked for."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_SECONDS, self._settle)

    def _settle(self) -> None:
        self._settling = None
        with contextlib.suppress(OSError, ValueError, AttributeError):  # no terminal any more
            size = geometry.Size(*os.get_terminal_size(sys.__stdout__.fileno()))  # type: ignore[union-attr]
            if size != self.size and not self.is_headless:
                self.post_message(events.Resize(size, size))
        with contextlib.suppress(ScreenStackError):  # it ends
            self.screen.refresh()  # there and back again, a terminal forgets what it showed

    def _reported(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What a task behind the scenes has died of: it must not end the show."""
        error = context.get("exception")
        self.on_report(error if isinstance(error, Exception) else RuntimeError(context["message"]))

    def _end(self, status: int) -> None:
        # A signal ends the talk at once and without a question; the journal has everything.
        self.exit(status)

    def _left_alone(self, supervisor: int) -> None:
        # Whoever killed the process that was started meant the talk.
        asyncio.get_running_loop().remove_reader(supervisor)
        lifeline.is_alone()
        self._end(SIGNALS["SIGTERM"])

    def exit(
        self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End, soon, whatever hangs."""
        lifeline.leave(result)
        super().exit(result, return_code, message)


def run_app(app: PresenterApp) -> int:
    """Run to the end; returns the process's status."""
    keep_escapes()
    for name in ("COLUMNS", "LINES"):
        # Where a shell exports them, Textual would believe them instead of the terminal, for ever.
        os.environ.pop(name, None)
    status = app.run()
    return status if status is not None else (app.return_code or 0)
