"""The speaker's own screen: a talk that is given in another terminal, followed and driven."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.fuzzy import Matcher
from textual.screen import Screen
from textual.timer import Timer

from presenter.demo.follower import Follower, Standing
from presenter.demo.wire import GOTO, INTERRUPT, KEEP_TAKE, NOTHING_SEEN
from presenter.errors import PresenterError
from presenter.layout.depth import for_depth
from presenter.layout.frame import Size
from presenter.layout.speaker import SpeakerView, speaker_frame
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.text import shorten
from presenter.layout.theme import THEMES, Depth, Theme
from presenter.ui.bindings import bound, shown
from presenter.ui.dialogs import Choose, Help, Hit, question_line
from presenter.ui.stage import Stage

SILENT_SECONDS = 3.0
"""A talk says something each second; after this long it is said that it does not."""
DRAW_SECONDS = 0.02
"""States that come closer together make one drawing."""
NOTE_SECONDS = 3.0
HIT_COLUMNS = 74
MOST_HITS = 50
HERE = ("send(", "open(", "cancel", "keep_take", "scroll('text'", "scroll('notes'")
"""How the actions begin that can be carried out here."""
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
UNHEARD = SpeakerState(
    sequence=NOTHING_SEEN, deck="", theme="", slide=0, total=0, title="", stop=0, stops=0,
    upcoming="", elapsed=None, planned=None,
)  # fmt: skip
LEFT = {
    Standing.ENDED: (0, "the talk has ended: any key leaves"),
    Standing.GONE: (1, "the talk is gone: any key leaves"),
}
"""Where nothing more will come: the status to leave with, and what is said."""


class AttachScreen(Screen[None], inherit_bindings=False):
    """Shows what a follower knows and sends it the speaker's keys."""

    def __init__(self, follower: Follower, keys: Mapping[str, str], depth: Depth) -> None:
        """`keys`: binding id → keys, where the speaker has changed them."""
        super().__init__()
        self._follower = follower
        self._depth = depth
        self._bound = bound(keys)
        self._number = ""
        self._scroll = 0
        self._hidden = 0
        self._pressed = 0.0
        """When the key at hand was pressed, by the clock of events."""
        self._shown = (NOTHING_SEEN, 0.0)
        """Sequence of the state on the screen, and since when it is there."""
        self._place = (-1, -1)
        self._note = ("", 0.0)
        self._drawn = 0.0
        self._pending: Timer | None = None
        self.problem: PresenterError | None = None
        """What ended the following, where it was no end of the talk."""

    def compose(self) -> ComposeResult:
        yield Stage(id="stage")

    def on_mount(self) -> None:
        self.app.dress(self._theme)  # type: ignore[attr-defined]
        self.query_one(Stage).focus()
        self._follower.on_change = self.draw_soon
        self.set_interval(1.0, self.draw)
        self.run_worker(self._follow(), group="follow", exclusive=True, exit_on_error=False)

    async def _follow(self) -> None:
        try:
            await self._follower.follow()
        except PresenterError as error:
            self.problem = error
            self.app.exit(error.status)

    # --- drawing ------------------------------------------------------------------------------

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
            note=note if time.monotonic() - since < NOTE_SECONDS else "",
            hints=[
                f"{shown(self.keys_of(name)[0])} {word}"
                for name, word in HINTS
                if self.keys_of(name)
            ],
        )
        frame = speaker_frame(view, size, self._theme)
        self._hidden = frame.hidden_rows
        stage.show(frame)
        self._drawn = time.monotonic()
        if self._shown[0] != state.sequence:
            self._shown = (state.sequence, time.monotonic())

    def on_stage_resized(self) -> None:
        self.draw()

    def _say(self, words: str) -> None:
        self._note = (words, time.monotonic())
        self.draw()

    # --- keys ---------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """A number, or a key of the talk's."""
        self._pressed = event.time
        event.stop()
        event.prevent_default()
        if self._follower.standing in LEFT:
            self.app.exit(LEFT[self._follower.standing][0])
            return
        binding = self._bound.get(event.key)
        if event.character is not None and event.character.isdecimal():
            self._number = (self._number + event.character)[-5:]
            return
        if binding is None or binding.id != "nav.last":
            self._number = ""
        if binding is None:
            return
        if binding.action.startswith(HERE):
            await self.run_action(binding.action)
        else:
            self._say(f"on the stage only: {binding.label}")

    def keys_of(self, binding: str) -> list[str]:
        """The keys that are bound to a binding."""
        return [name for name, key in self._bound.items() if key.id == binding]

    def action_send(self, name: str) -> None:
        """Send the command of that name; `last` after a number means that slide."""
        number, self._number = self._number, ""
        if name == "last" and number:
            self._go_to(int(number) - 1)
            return
        sequence, since = self._shown
        # A press from before this picture was meant for another one.
        self._sent(self._follower.send(name, seen=sequence if since <= self._pressed else -1))

    def _go_to(self, slide: int | str | None) -> None:
        if isinstance(slide, int):
            self._sent(self._follower.send(GOTO, slide=slide))

    def _sent(self, taken: bool) -> None:
        if not taken:
            self._say("not sent: the talk does not listen")

    def action_cancel(self) -> None:
        """One Ctrl-C for the live step that runs; without one, this screen is left."""
        if self._state.runs:
            self.action_send(INTERRUPT)
        else:
            self.app.exit(0)

    def action_keep_take(self) -> None:
        """The demo in view on the stage keeps what it ran."""
        self.action_send(KEEP_TAKE)

    def action_scroll(self, _what: str, rows: int) -> None:
        """Scroll the notes, the one thing here that is longer than its place."""
        self._scroll = max(0, self._scroll + min(rows, self._hidden))
        self.draw()

    def action_open(self, name: str) -> None:
        """What opens over the stage opens here, where it says something here."""
        if name == "quit":
            self.app.exit(0)
        elif name == "help":
            self.app.push_screen(Help(self.keys_of))
        elif name == "question":
            self.app.push_screen(question_line(), noting(self._follower, self._say))
        elif name in {"overview", "search", "palette"}:
            find = partial(find_slides, self._follower.slides, self._state.slide)
            self.app.push_screen(Choose(find, "a slide to go to"), self._go_to)
        else:
            self._say("on the stage only")

    # --- mouse --------------------------------------------------------------------------------

    def on_stage_wheeled(self, event: Stage.Wheeled) -> None:
        self.action_scroll("notes", event.rows)


def noting(follower: Follower, say: Callable[[str], None]) -> Callable[[str | None], None]:
    """Takes a question as it was written, or None."""

    def note(text: str | None) -> None:
        if text and follower.note_question(text):
            say("the question is kept here until the talk has it")

    return note


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


def find_slides(titles: Sequence[str], here: int, words: str) -> list[Hit]:
    """The slides that match, the best first; without words, those from `here` on."""
    hits = [Hit(n, shorten(f"{n + 1:>4}  {title}", HIT_COLUMNS)) for n, title in enumerate(titles)]
    if not words:
        return hits[here : here + MOST_HITS]
    matcher = Matcher(words)
    scored = [(matcher.match(hit.text), hit) for hit in hits]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [hit for _, hit in best[:MOST_HITS]]
