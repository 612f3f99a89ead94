"""The speaker's own screen: a talk that is given in another terminal, followed and driven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual import events

from presenter.demo.follower import Follower
from presenter.demo.wire import FIND, GOTO, INTERRUPT, KEEP_TAKE, KEY, PASTE, QUESTION_TAKEN
from presenter.demo.wordsearch import WordIndex
from presenter.errors import PresenterError
from presenter.layout.speaker import MOST_NOTES
from presenter.layout.speakerstate import RAW
from presenter.layout.text import shorten
from presenter.layout.theme import Depth
from presenter.ui.dialogs import Choose, Help, Hit, pane_words
from presenter.ui.questions import Book, Questions
from presenter.ui.speakerscreen import LEFT, SpeakerScreen, link_words
from presenter.ui.stage import Stage

HIT_COLUMNS = 74
MOST_HITS = 50
HERE = ("send(", "open(", "cancel", "keep_take", "scroll('text'", "scroll('notes'",
        "notes_size(")  # fmt: skip
"""How the actions begin that can be carried out here."""
THERE = ("pane(", "edit", "drop(", "next_theme", "reload", "scroll('pane'")
"""Those that the stage carries out, where the key is sent to as it is."""


class AttachScreen(SpeakerScreen, inherit_bindings=False):
    """Shows what a follower knows and sends it the speaker's keys."""

    def __init__(self, follower: Follower, keys: Mapping[str, str], depth: Depth) -> None:
        """`keys`: binding id → keys, where the speaker has changed them."""
        super().__init__(follower, keys, depth)
        self._number = ""
        self._pressed = 0.0
        """When the key at hand was pressed, by the clock of events."""
        self.problem: PresenterError | None = None
        """What ended the following, where it was no end of the talk."""

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

    # --- keys ---------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """A number, or a key of the talk's."""
        self._pressed = event.time
        event.stop()
        event.prevent_default()
        if self._follower.standing in LEFT:
            self.app.exit(LEFT[self._follower.standing][0])
            return
        # While nobody takes them, the keys are this screen's: it can be left.
        keys = self._state.keys if link_words(self._follower)[1] else "talk"
        typed = event.is_printable and event.key != "space"  # a blank goes on, with what was seen
        if keys in RAW or (keys == "typing" and typed):
            self._send_key(event)
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
        elif binding.action.startswith(THERE):
            self._send_key(event)
        else:
            self._say(f"on the stage only: {binding.label}")

    def _send_key(self, event: events.Key) -> None:
        """A key for the stage, which carries it out if its keys still go there."""
        self._send_typed(KEY, event.key, event.character or "")

    def _send_typed(self, cmd: str, text: str, character: str = "") -> None:
        mode, at = self._state.keys, self._state.keys_at
        send = self._follower.send
        self._sent(send(cmd, text=text, character=character, mode=mode, at=at))

    def on_paste(self, event: events.Paste) -> None:
        """For the pane, or the command that is edited, on the stage."""
        event.stop()
        if self._state.keys in RAW:
            self._send_typed(PASTE, event.text)

    def action_send(self, name: str) -> None:
        """Send the command of that name; `last` after a number means that slide."""
        number, self._number = self._number, ""
        if name == "last" and number:
            self._go_to(int(number) - 1)
            return
        turned, since = self._shown
        # A press from before this picture was meant for another one.
        self._sent(self._follower.send(name, seen=turned if since <= self._pressed else -1))

    def _go_to(self, slide: int | str | None) -> None:
        if isinstance(slide, int):
            self._sent(self._follower.send(GOTO, slide=slide))

    def _sent(self, taken: bool) -> None:
        if not taken:
            self._say("not sent: the talk does not listen, or it was too much at once")

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
        above, below = self._hidden
        self._scroll += max(-above, min(rows, below))
        self.draw()

    def action_notes_size(self, step: int) -> None:
        """More of this screen for the notes, or less; the stage knows nothing of it."""
        self._notes_size = max(0, min(self._notes_size + step, MOST_NOTES))
        self._say(f"notes: size {self._notes_size + 1} of {MOST_NOTES + 1}")

    def action_open(self, name: str) -> None:
        """What opens over the stage opens here, where it says something here."""
        if name == "quit":
            self.app.exit(0)
        elif name == "help":
            self.app.push_screen(Help(self.keys_of))
        elif name == "pane_search":
            self.app.push_screen(pane_words(), finding(self._follower))
        elif name == "question":
            self._follower.send(QUESTION_TAKEN)
            self.app.push_screen(Questions(self._book()))
        elif name in {"overview", "search", "palette"}:
            find = partial(find_slides, self._follower.slides, self._state.slide)
            self.app.push_screen(Choose(find, "a slide to go to"), self._go_to)
        else:
            self._say("on the stage only")

    def _book(self) -> Book:
        follower = self._follower

        def note(text: str, tag: str) -> None:
            if follower.note_question(text, tag):
                self._say("the question is kept here until the talk has it")

        return Book(
            prepared=lambda: follower.prepared,
            asked=lambda: follower.asked,
            mark=follower.mark_asked,
            note=note,
            theme=lambda: self._theme,
        )

    # --- mouse --------------------------------------------------------------------------------

    def on_stage_wheeled(self, event: Stage.Wheeled) -> None:
        self.action_scroll("notes", event.rows)


def finding(follower: Follower) -> Callable[[str | None], None]:
    """Takes the words that are looked for in the pane, or None."""

    def find(words: str | None) -> None:
        if words:
            follower.send(FIND, text=words)

    return find


def find_slides(titles: Sequence[str], here: int, words: str) -> list[Hit]:
    """The slides that match, the best first; without words, those from `here` on."""
    hits = [Hit(n, shorten(f"{n + 1:>4}  {title}", HIT_COLUMNS)) for n, title in enumerate(titles)]
    if not words:
        return hits[here : here + MOST_HITS]
    found = WordIndex([hit.text for hit in hits]).find(words)
    return [hits[n] for n in found[:MOST_HITS]]
