"""The small screens over the stage: questions to the speaker, help, search.

Each answers by `dismiss`; none changes the talk. A clicker's key in a question means "go on".
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from presenter.layout.text import one_line
from presenter.ui.bindings import KEYS, Key, shown
from presenter.ui.modal import Modal


class Question(Modal[bool]):
    """A question that `y` (or one of `yes`) affirms and every other key denies."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, title: str, lines: Sequence[str], yes: Sequence[str] = ("y",)) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._yes = frozenset(yes)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="title")
            for line in self._lines:
                yield Static(Content(line))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(event.key in self._yes)


class OneLine(Input):
    """An input that loses nothing of what is pasted: its lines become one."""

    def _on_paste(self, event: events.Paste) -> None:
        event.text = one_line(event.text)  # what inserts it comes next, and takes one line only


class AskLine(Modal["str | None"]):
    """A line to be written; answers with it, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Close")]

    def __init__(self, title: str, prompt: str, most: int) -> None:
        """`most`: characters of the line."""
        super().__init__()
        self._title = title
        self._prompt = prompt
        self._most = most

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content(self._title), classes="title")
            yield OneLine(placeholder=self._prompt, max_length=self._most)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


def pane_words() -> AskLine:
    """For words that are looked for in the pane."""
    return AskLine("Search the pane", "the newest line first; again: the next older one", 200)


def quit_question(*, comes_back: bool) -> Question:
    """`comes_back`: it is a talk, and no rehearsal, which is never resumed."""
    end = "end it; `presenter resume` comes back here" if comes_back else "end it"
    return Question(
        "End the talk?" if comes_back else "End the rehearsal?",
        ["", f"y or Ctrl-Q   {end}", "any other key   go on"],
        yes=("y", "Y", "ctrl+q"),
    )


def private_question() -> Question:
    return Question(
        "Notes are private",
        [
            "They would be read by everyone if this screen is on the projector.",
            "",
            "y   this screen is mine alone: show them",
            "any other key   keep them away",
        ],
        yes=("y", "Y"),
    )


class Help(Modal[None]):
    """All keys, as they are bound now."""

    def __init__(self, keys_of: Callable[[str], Sequence[str]]) -> None:
        """`keys_of(id)` gives the keys that are bound to the binding `id` now."""
        super().__init__()
        self._keys_of = keys_of

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog wide"):
            yield Static(Content("Keys"), classes="title")
            for group, keys in itertools.groupby(KEYS, key=lambda key: key.group):
                yield Static(Content(group), classes="group")
                lines = [line for key in keys for line in self._lines(key)]
                yield Static(Content("\n".join([*lines, ""])))
            yield Static(Content("Escape, F5 and q do nothing: a clicker cannot end the talk."))

    def _lines(self, key: Key) -> list[str]:
        """What a key does, and beside it (below it in a narrow window) the keys that do it."""
        label = 41 if self.app.size.width >= 80 else 4
        keys = textwrap.wrap(shown(",".join(self._keys_of(key.id))), 27) or ["none"]
        rest = [" " * label + line for line in keys]
        if label <= len(key.label):
            return [f"  {key.label}", *rest]
        return [f"  {key.label}".ljust(label) + keys[0], *rest[1:]]

    def on_key(self, event: events.Key) -> None:
        if event.key not in {"up", "down", "pageup", "pagedown", "home", "end"}:
            event.stop()
            self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of a list to choose from, and what choosing it answers."""

    value: int | str
    text: str


class Choose(Modal["int | str | None"]):
    """Type, choose, go: answers with the value of the chosen line."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Close")]

    def __init__(self, find: Callable[[str], Sequence[Hit]], prompt: str) -> None:
        super().__init__()
        self._find = find
        self._prompt = prompt
        self._hits: Sequence[Hit] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Input(placeholder=self._prompt)
            yield OptionList()

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.refresh_hits()

    def on_input_changed(self) -> None:
        self.refresh_hits()

    def refresh_hits(self) -> None:
        """Ask again for what is typed; more may be known by now."""
        hits = self._find(self.query_one(Input).value)
        if hits == self._hits:
            return
        self._hits = hits
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(hit.text)) for hit in hits)
        if hits:
            options.highlighted = 0

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        if event.key == "down":
            options.action_cursor_down()
        elif event.key == "up":
            options.action_cursor_up()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_input_submitted(self) -> None:
        chosen = self.query_one(OptionList).highlighted
        self.dismiss(self._hits[chosen].value if self._hits and chosen is not None else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._hits[event.option_index].value)
