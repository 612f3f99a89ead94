"""The stage as the speaker's own screens reach it: their keys act as if they were pressed here."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events

from presenter.demo.keyboard import keys_place
from presenter.layout.speakerstate import RAW
from presenter.layout.text import one_line
from presenter.talk import commands
from presenter.ui.bindings import Key

if TYPE_CHECKING:
    from presenter.demo.link import Link
    from presenter.demo.wire import Press
    from presenter.ui.drawing import DeskScreen

PAGE_ROWS = 10
"""Rows that `next` scrolls a text that does not fit, before it turns the slide."""

FREE = ("pane(", "edit", "drop(", "next_theme", "reload", "scroll('pane'")
"""How the actions begin that a key of another screen may ask for while the talk has the keys."""
TURNING = ("pane(", "edit")
"""Those after which keys may go elsewhere."""
ANYTIME = (
    commands.Interrupt, commands.NoteQuestion, commands.MarkAsked, commands.TakeQuestion,
)  # fmt: skip
"""What no key can mean that was pressed for a pane or a line."""


class StageLink:
    """Listens while the stage is there."""

    def __init__(
        self,
        stage: DeskScreen,
        table: Mapping[str, Callable[[], commands.Command]],
        bound: Mapping[str, Key],
        press: Callable[[events.Key], Awaitable[None]],
    ) -> None:
        """`table`: what they may send; `bound`: the stage's keys; `press` takes one."""
        self._stage = stage
        self._table = table
        self._bound = bound
        self._press = press
        self.link: Link | None = None
        """Once it listens."""
        self._turning = 0
        """Keys that wait to be carried out, after which others may go elsewhere."""

    async def listen(self) -> None:
        """What this needs is loaded beside the talk, not before it."""
        link = await asyncio.to_thread(importlib.import_module, "presenter.demo.link")
        self.link = await link.serve(self._stage.desk, self._table, self._act, self._typed)

    def close(self) -> None:
        if self.link is not None:
            self.link.close()

    def _typed(self, press: Press) -> None:
        desk = self._stage.desk
        if press.cmd == "find":
            if not desk.view.pane.find(press.text):
                desk.reports.note(f"not found in the pane: {one_line(press.text)}")
            self._stage.draw()
        else:
            turns = press.mode in RAW or self._stands_for(press.text, TURNING)
            self._turning += turns
            self._stage.call_later(self._key, press, turns)

    async def _key(self, press: Press, turns: bool) -> None:
        """As if it were pressed here, if the keys still go where they went when it was made."""
        self._turning -= turns
        desk = self._stage.desk
        here = desk.keyboard.goes_to, keys_place(desk.keyboard)
        if (press.mode, press.at) != here and (press.mode != "talk" or here[0] != "talk"):
            return
        if press.cmd == "paste":
            desk.keyboard.paste(press.text)
        elif press.mode != "talk" or self._stands_for(press.text, FREE):
            await self._press(events.Key(press.text, press.character or None))
        self._stage.draw()
        if self.link is not None:
            self.link.changed()

    def _stands_for(self, key: str, actions: tuple[str, ...]) -> bool:
        """Whether a key's action begins like one of these."""
        binding = self._bound.get(key)
        return binding is not None and binding.action.startswith(actions)

    @property
    def screens(self) -> int:
        """How many speaker's screens are attached."""
        return self.link.screens if self.link is not None else 0

    def _act(self, command: commands.Command) -> None:
        if self._turning and not isinstance(command, ANYTIME):
            # Pressed before it could be seen what those keys do: it may type and move, not run.
            if isinstance(command, commands.Next | commands.Replay):
                command = replace(command, queued=True)
            self._stage.call_later(self.carry_out, command)
        else:
            self.carry_out(command)

    def carry_out(self, command: commands.Command) -> None:
        """Nothing, where the keys go to a pane or a line by now: it was meant for the talk."""
        desk = self._stage.desk
        if desk.keyboard.goes_to in RAW and not isinstance(command, ANYTIME):
            return
        unseen = desk.view.unseen_text() if isinstance(command, commands.Next) else 0
        if unseen:
            desk.view.scroll("text", min(unseen, PAGE_ROWS))
        else:
            desk.dispatch(command)
        self._stage.draw()
