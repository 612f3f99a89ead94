"""The screen of `presenter play`: a recording, and the keys of a player."""

from __future__ import annotations

import time
from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from presenter.demo.controls import press
from presenter.demo.playback import playback_frame
from presenter.demo.player import Player
from presenter.layout.depth import for_depth
from presenter.layout.frame import Size
from presenter.layout.theme import Depth, next_theme, theme
from presenter.ui.bindings import PLAYER_KEYS, bound
from presenter.ui.stage import Stage

FRAME_SECONDS = 1 / 30


class PlayScreen(Screen[None], inherit_bindings=False):
    """Plays one recording; asks nothing, since quitting loses nothing."""

    def __init__(
        self, player: Player, title: str, theme_name: str, depth: Depth, keys: Mapping[str, str]
    ) -> None:
        """`keys`: binding id → keys, where the speaker has changed them."""
        super().__init__()
        self._player = player
        self._title = title
        self._theme = theme_name
        self._depth = depth
        self._bound = bound(keys, PLAYER_KEYS)

    def compose(self) -> ComposeResult:
        yield Stage(id="stage")

    def on_mount(self) -> None:
        self._player.play()
        self.query_one(Stage).focus()
        self.set_interval(FRAME_SECONDS, self._tick)

    def _tick(self) -> None:
        """Feed what is due; prepare the index in the time that is left."""
        before = (self._player.position, self._player.state)
        changed = self._player.tick(time.monotonic())
        if changed or before != (self._player.position, self._player.state):
            self.draw()

    def draw(self) -> None:
        stage = self.query_one(Stage)
        size = Size(stage.size.width, stage.size.height)
        if size.columns and size.rows:
            shown = for_depth(theme(self._theme), self._depth)
            stage.show(playback_frame(self._player, self._title, size, shown))

    def on_stage_resized(self) -> None:
        self.draw()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        binding = self._bound.get(event.key)
        action = binding.action if binding is not None else event.key
        if action == "quit":
            self.app.exit(0)
        elif action == "next_theme":
            self._theme = next_theme(self._theme)
            self.draw()
        elif press(self._player, action):
            self.draw()
