"""What can be opened over the stage: by name, the screen and what its answer does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import ModalScreen

from presenter.demo.panewindow import lines_with
from presenter.demo.search import SearchIndex
from presenter.demo.wordsearch import WordIndex
from presenter.layout.text import shorten
from presenter.talk import commands
from presenter.ui.bindings import KEYS, shown
from presenter.ui.dialogs import Choose, Help, Hit, Question, quit_question
from presenter.ui.overview import FrameScreen, Overview
from presenter.ui.questions import Book, Questions

if TYPE_CHECKING:
    from presenter.ui.talk import TalkScreen

HIT_COLUMNS = 74
"""Columns of a line to choose: one row each."""
MOST_HITS = 50
MOST_LINES = 200
"""Lines of a pane that are listed at once."""

Opened = tuple[ModalScreen[Any], Callable[[Any], None]]


def _nothing(_answer: object) -> None:
    return


def _go_to(screen: TalkScreen) -> Callable[[int | None], None]:
    def go(slide: int | None) -> None:
        if slide is not None:
            screen.desk.dispatch(commands.GoTo(slide))

    return go


def _quit(screen: TalkScreen) -> Opened:
    def end(sure: bool | None) -> None:
        if sure:
            screen.desk.dispatch(commands.Quit())

    return quit_question(comes_back=not screen.desk.session.purpose), end


def _question(screen: TalkScreen) -> Opened:
    """Only where the speaker has said that this screen is private: the audience would read it."""

    desk = screen.desk

    def mark(question: str) -> None:
        if question not in desk.session.asked:  # once in a talk is enough
            # One that a reload has taken away meanwhile was asked all the same.
            marked = desk.prepared.mark(question)
            desk.dispatch(marked or commands.NoteQuestion(question))

    if screen.private_shown:
        desk.dispatch(commands.TakeQuestion())
        book = Book(
            prepared=lambda: desk.prepared.all,
            asked=lambda: desk.session.asked,
            mark=mark,
            note=lambda text, tag: desk.dispatch(commands.NoteQuestion(text, tag)),
            theme=lambda: desk.view.theme,
        )
        return Questions(book), _nothing
    lines = [
        "They are written down where the audience cannot read them:",
        "in `presenter attach`, or here with the notes open.",
        "",
        "N   open the notes      any other key   go on",
    ]

    def notes(wanted: bool | None) -> None:
        if wanted:
            screen.action_notes()

    return Question("Questions are private", lines, yes=("N",)), notes


def _help(screen: TalkScreen) -> Opened:
    return Help(screen.keys_of), _nothing


def _overview(screen: TalkScreen) -> Opened:
    return Overview(screen.desk, screen.keys), _go_to(screen)


def _test_card(screen: TalkScreen) -> Opened:
    from presenter.layout.testcard import test_card

    desk = screen.desk
    return FrameScreen(lambda size: test_card(size, desk.deck.meta.grid, desk.view.theme)), _nothing


def _search(screen: TalkScreen) -> Opened:
    index = SearchIndex(screen.desk.deck)

    def find(words: str) -> list[Hit]:
        hits = index.find(words, notes_shown=screen.private_shown)
        return [Hit(slide, shorten(f"{slide + 1:>4}  {text}", HIT_COLUMNS)) for slide, text in hits]

    dialog = Choose(find, "search slides, notes and commands")

    async def read() -> None:
        while not index.complete:
            index.advance()
            await asyncio.sleep(0)
        if dialog.is_attached:
            dialog.refresh_hits()

    screen.run_worker(read(), group="search", exclusive=True, exit_on_error=False)
    return dialog, _go_to(screen)


def _pane_search(screen: TalkScreen) -> Opened:
    pane = screen.desk.view.pane
    lines = pane.lines()

    def find(words: str) -> list[Hit]:
        found = lines_with(words, lines)
        # The newest first: what was printed last is what somebody asks about.
        shown_lines = reversed(found[-MOST_LINES:])
        return [Hit(n, shorten(f"{n + 1:>6}  {lines[n]}", HIT_COLUMNS)) for n in shown_lines]

    def go(line: int | None) -> None:
        if line is not None:
            pane.show_line(line)

    return Choose(find, "search what the pane has printed"), go


def _palette(screen: TalkScreen) -> Opened:
    deck = screen.desk.deck
    known = [Hit(key.action, f"{key.label}  ({shown(key.keys)})") for key in KEYS]
    known += [
        Hit(i, f"Slide {i + 1}: {deck.title(i) or deck.slide_id(i)}") for i in range(len(deck))
    ]

    index = WordIndex([hit.text for hit in known])

    def find(words: str) -> list[Hit]:
        if not words:
            return known[:MOST_HITS]
        return [known[n] for n in index.find(words)[:MOST_HITS]]

    def carry_out(answer: int | str | None) -> None:
        if isinstance(answer, str):
            screen.call_later(screen.run_action, answer)
        else:
            _go_to(screen)(answer)

    return Choose(find, "what to do, or where to go"), carry_out


OVERLAYS: dict[str, Callable[[TalkScreen], Opened]] = {
    "quit": _quit,
    "question": _question,
    "help": _help,
    "overview": _overview,
    "test_card": _test_card,
    "search": _search,
    "pane_search": _pane_search,
    "palette": _palette,
}
