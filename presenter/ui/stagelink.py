"""The stage as the speaker's own screens reach it: their keys act as if they were pressed here."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from presenter.talk import commands

if TYPE_CHECKING:
    from presenter.demo.link import Link
    from presenter.ui.drawing import DeskScreen

PAGE_ROWS = 10
"""Rows that `next` scrolls a text that does not fit, before it turns the slide."""

STEPS = (
    commands.Next,
    commands.Previous,
    commands.Replay,
    commands.Skip,
)


class StageLink:
    """Listens while the stage is there."""

    def __init__(
        self, stage: DeskScreen, table: Mapping[str, Callable[[], commands.Command]]
    ) -> None:
        """`table`: what they may send."""
        self._stage = stage
        self._table = table
        self.link: Link | None = None
        """Once it listens."""

    async def listen(self) -> None:
        """What this needs is loaded beside the talk, not before it."""
        link = await asyncio.to_thread(importlib.import_module, "presenter.demo.link")
        self.link = await link.serve(self._stage.desk, self._table, self._act)

    def close(self) -> None:
        if self.link is not None:
            self.link.close()

    def _act(self, command: commands.Command) -> None:
        desk = self._stage.desk
        if isinstance(command, STEPS):  # the script goes on: no pane has the keys
            desk.keyboard.focus(False)
        unseen = desk.view.unseen_text() if isinstance(command, commands.Next) else 0
        if unseen:
            desk.view.scroll("text", min(unseen, PAGE_ROWS))
        else:
            desk.dispatch(command)
        self._stage.draw()
