"""What the speaker's own screen shows: all that a follower knows, drawn when it changes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer

from presenter.demo.follower import Follower, Standing
from presenter.demo.wire import NOTHING_SEEN
from presenter.layout.depth import for_depth
from presenter.layout.frame import Size
from presenter.layout.speaker import SpeakerView, speaker_frame
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.theme import THEMES, Depth, Theme
from presenter.ui.bindings import bound, shown
from presenter.ui.stage import Stage

SILENT_SECONDS = 3.0
"""A talk says something each second; after this long it is said that it does not."""
DRAW_SECONDS = 0.02
"""States that come closer together make one drawing."""
NOTE_SECONDS = 3.0
HINTS = (
    ("nav.next", "next"),
    ("app.quit", "detach"),
    ("nav.previous", "back"),
    ("view.black", "black"),
    ("app.help", "keys"),
    ("view.overview", "go to"),
    ("question.note", "question"),
)
"""Bindings whose first keys the lower border names, the most important first."""
SAVING = {"drop_optional": "plan.drop", "next_cut": "plan.cut", "skip_demo": "demo.final"}
"""For what saves time, the binding that does it."""
HINTS_IN = {
    "pane": (("pane.leave", "keys back to the talk"),),
    "scratch": (("scratch.toggle", "keys back to the talk"),),
    "line": (),
}
"""The same, where other keys go to a pane or a line."""
UNHEARD = SpeakerState(
    sequence=NOTHING_SEEN, deck="", theme="", slide=0, total=0, title="", stop=0, stops=0,
    upcoming="", elapsed=None, planned=None,
)  # fmt: skip
LEFT = {
    Standing.ENDED: (0, "the talk has ended: any key leaves"),
    Standing.GONE: (1, "the talk is gone: any key leaves"),
}
"""Where nothing more will come: the status to leave with, and what is said."""


class SpeakerScreen(Screen[None], inherit_bindings=False):
    """Draws what a follower knows."""

    def __init__(self, follower: Follower, keys: Mapping[str, str], depth: Depth) -> None:
        """`keys`: binding id → keys, where the speaker has changed them."""
        super().__init__()
        self._follower = follower
        self._depth = depth
        self._bound = bound(keys)
        self._scroll = 0
        self._hidden = (0, 0)
        """Rows of the notes above and below what is shown."""
        self._notes_size = 0
        self._shown = (NOTHING_SEEN, 0.0)
        """`turned` of the state on the screen, and since when it is there."""
        self._place = (-1, -1)
        self._note = ("", 0.0)
        self._drawn = 0.0
        self._pending: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Stage(id="stage")

    def keys_of(self, binding: str) -> list[str]:
        """The keys that are bound to a binding."""
        return [name for name, key in self._bound.items() if key.id == binding]

    @property
    def _state(self) -> SpeakerState:
        return self._follower.state or UNHEARD

    @property
    def _theme(self) -> Theme:
        default = next(iter(THEMES.values()))
        return for_depth(THEMES.get(self._state.theme, default), self._depth)

    def draw_soon(self) -> None:
        """Draw at once, or `DRAW_SECONDS` after the last drawing."""
        wait = self._drawn + DRAW_SECONDS - time.monotonic()
        if wait <= 0:
            self.draw()
        elif self._pending is None:
            self._pending = self.set_timer(wait, self.draw)

    def draw(self) -> None:
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
        state, stage = self._state, self.query_one(Stage)
        if (state.slide, state.stop) != self._place:
            self._place = (state.slide, state.stop)
            self._scroll = 0
        size = Size(stage.size.width, stage.size.height)
        if not (size.columns and size.rows):
            return
        link, linked = link_words(self._follower)
        note, since = self._note
        view = SpeakerView(
            state,
            wall=datetime.now().astimezone().strftime("%H:%M"),
            link=link,
            linked=linked,
            scroll=self._scroll,
            notes_size=self._notes_size,
            note=note if time.monotonic() - since < NOTE_SECONDS else "",
            hints=[
                f"{shown(self.keys_of(name)[0])} {word}"
                for name, word in HINTS_IN.get(state.keys, HINTS)
                if self.keys_of(name)
            ],
            keys={
                action: shown(self.keys_of(name)[0])
                for action, name in SAVING.items()
                if self.keys_of(name)
            },
        )
        frame = speaker_frame(view, size, self._theme)
        self._hidden = frame.hidden_above, frame.hidden_rows
        stage.show(frame)
        self._drawn = time.monotonic()
        if self._shown[0] != state.turned:
            self._shown = (state.turned, time.monotonic())

    def on_stage_resized(self) -> None:
        self.draw()

    def _say(self, words: str) -> None:
        self._note = (words, time.monotonic())
        self.draw()


def link_words(follower: Follower) -> tuple[str, bool]:
    """How the screen stands to the talk, and whether that is as it should be."""
    if follower.standing in LEFT:
        return LEFT[follower.standing][1], False
    if follower.standing is Standing.SEEKING:
        return "no talk: looking for it", False
    silent = time.monotonic() - follower.heard
    if silent > SILENT_SECONDS:
        return f"no word for {silent:.0f} s", False
    return "in step", True
