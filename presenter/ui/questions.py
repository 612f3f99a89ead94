"""The audience's questions: search the prepared ones, mark one as asked, write a new one down.

Only for the speaker's eyes: who opens it has made sure that the audience does not see this screen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from presenter.deck.model import Note
from presenter.deck.questions import Prepared
from presenter.demo.questionsearch import QuestionIndex, split_tag
from presenter.layout.frame import Frame, Line, Size
from presenter.layout.inline import wrap_segments
from presenter.layout.lines import fit
from presenter.layout.notes import NoteLines, notes_lines, window
from presenter.layout.text import clean, one_line, shorten
from presenter.layout.theme import Theme
from presenter.talk.planning import MOST_QUESTION
from presenter.ui.dialogs import OneLine
from presenter.ui.modal import Modal
from presenter.ui.stage import Stage

MOST_SHOWN = 50
SCROLL = {"pageup": -5, "pagedown": 5, "ctrl+up": -1, "ctrl+down": 1}
"""Keys, and the rows by which they scroll the answer."""
HINT = (
    "Type to find a prepared question, or move with ↓ and ↑.",
    "",
    "Enter marks the one chosen as asked; its answer stands here.",
    "The last line writes down what you have typed; a #word at its end is its tag.",
    "Escape goes back to the talk.",
)


@dataclass(frozen=True, slots=True)
class Book:
    """What the dialog needs of the talk, here or at the other end of a socket."""

    prepared: Callable[[], Sequence[Prepared]]
    asked: Callable[[], Collection[str]]
    """Those of them that were asked."""
    mark: Callable[[str], None]
    """Takes one of them, by its heading."""
    note: Callable[[str, str], None]
    """Takes a new question and its tag."""
    theme: Callable[[], Theme]


class Questions(Modal[None]):
    """Search, answer, mark, write down."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Close")]

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book
        self._prepared: Sequence[Prepared] = ()
        self._index = QuestionIndex(())
        self._hits: list[Prepared] = []
        self._scroll = self._hidden = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide questions"):
            yield Static(Content("A question"), classes="title")
            yield OneLine(placeholder="what is asked", max_length=MOST_QUESTION)
            yield OptionList()
            answer = Stage(id="answer")
            answer.can_focus = False
            yield answer

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._find()

    @property
    def _chosen(self) -> Prepared | None:
        """The prepared question that is highlighted; None: none is, or the last line."""
        at = self.query_one(OptionList).highlighted
        return self._hits[at] if at is not None and at < len(self._hits) else None

    # --- the list -----------------------------------------------------------------------------

    def on_input_changed(self) -> None:
        self._find()

    def _find(self) -> None:
        typed = one_line(self.query_one(Input).value)
        prepared = self._book.prepared()
        if prepared is not self._prepared:
            self._prepared, self._index = prepared, QuestionIndex(prepared)
        self._hits = [prepared[n] for n in self._index.find(typed)[:MOST_SHOWN]]
        # Without words none is: an Enter too many must not put into the journal what nobody asked.
        # Who types a tag behind a question is writing it down.
        new = all(split_tag(typed))
        self._list((len(self._hits) if new else 0) if typed.strip() else None, typed)

    def _list(self, highlighted: int | None, typed: str) -> None:
        options = self.query_one(OptionList)
        asked = self._book.asked()
        room = max(options.size.width - 2, 20)
        text, tag = split_tag(typed)
        lines = [
            f"{'✓' if one.question in asked else ' '} {one_line(one.question)}"
            for one in self._hits
        ]
        lines.append(f"  write down: {text}{f'   #{tag}' if tag else ''}")
        options.clear_options()
        options.add_options(Option(Content(shorten(line, room))) for line in lines)
        options.highlighted = highlighted
        self._scroll = 0
        self._show()

    def on_option_list_option_highlighted(self) -> None:
        self._scroll = 0
        self._show()

    # --- keys ---------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        if event.key == "down":
            options.action_cursor_down()
        elif event.key == "up":
            options.action_cursor_up()
        elif event.key in SCROLL:
            self._scroll_by(SCROLL[event.key])
        else:
            return
        event.stop()
        event.prevent_default()

    def on_stage_wheeled(self, event: Stage.Wheeled) -> None:
        self._scroll_by(event.rows)

    def on_input_submitted(self) -> None:
        self._take()

    def on_option_list_option_selected(self) -> None:
        self._take()

    def _take(self) -> None:
        """Mark what is highlighted, and stay; or write down what is typed, and go."""
        options = self.query_one(OptionList)
        chosen = self._chosen
        typed = one_line(self.query_one(Input).value)
        if chosen is not None:
            self._book.mark(chosen.question)
            self._list(options.highlighted, typed)
        elif options.highlighted is not None:
            text, tag = split_tag(typed)
            if text and not self._answered:
                self._book.note(text, tag)
                self.dismiss(None)

    # --- the answer ---------------------------------------------------------------------------

    def on_stage_resized(self) -> None:
        """The lines are as long as there is room for them, which is known by now."""
        typed = one_line(self.query_one(Input).value)
        self._list(self.query_one(OptionList).highlighted, typed)

    def _scroll_by(self, rows: int) -> None:
        self._scroll = max(0, self._scroll + min(rows, self._hidden))
        self._show()

    def _show(self) -> None:
        stage = self.query_one("#answer", Stage)
        size = Size(stage.size.width, stage.size.height)
        if not (size.columns and size.rows):
            return
        theme, chosen = self._book.theme(), self._chosen
        if chosen is not None:
            lines = answer_lines(chosen, chosen.question in self._book.asked(), size.columns, theme)
        else:
            style = theme.style("muted", "panel")
            rows = (wrap_segments([Segment(line, style)], size.columns) or [[]] for line in HINT)
            lines = [line for row in rows for line in row]
        fill = theme.style("text", "panel")
        seen = window(NoteLines(tuple(lines)), self._scroll, size.rows, theme)
        self._hidden = seen.below
        shown = [*seen.lines, *([] for _ in range(size.rows - len(seen.lines)))]
        stage.show(Frame(size, [fit(line, size.columns, fill) for line in shown]))


def answer_lines(one: Prepared, asked: bool, columns: int, theme: Theme) -> list[Line]:
    """A prepared question with what is known of it, and its answer, in lines of `columns`."""
    strong, quiet = theme.style("title", "panel", bold=True), theme.style("muted", "panel")
    lines = wrap_segments([Segment(clean(one.question), strong)], columns)
    facts: Line = []
    if asked:
        facts.append(Segment("✓ asked   ", theme.style("ok", "panel", bold=True)))
    if one.as_of:
        facts.append(Segment(f"as of {one_line(one.as_of)}   ", theme.style("text", "panel")))
    facts.append(Segment(" ".join(f"#{one_line(tag)}" for tag in one.tags), quiet))
    lines += wrap_segments(facts, columns)
    lines.append([])
    if one.answer:
        return [*lines, *notes_lines((Note(one.answer),), 0, columns, theme).lines]
    return [*lines, [Segment("no answer is prepared yet", theme.style("warn", "panel", bold=True))]]
