"""What there is to say to the speaker: a desk, and what runs live, as one plain value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from presenter.deck.deck import Deck
from presenter.deck.model import Block, Column, Columns, Image, Note, Paragraph, Reveal, Span
from presenter.demo.panel import step_words, upcoming
from presenter.layout.pane import screen_view
from presenter.layout.slide import Column as Place
from presenter.layout.slide import lay_out
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.text import clean, one_line
from presenter.layout.theme import THEMES
from presenter.talk.session import Activity

if TYPE_CHECKING:
    from presenter.demo.desk import Desk

TEXT_COLUMNS, TEXT_ROWS = 60, 24
"""The size at which a slide's text is laid out for the speaker."""


class LiveFacts(Protocol):
    """What the live part of a talk has to tell."""

    def conditions(self) -> Sequence[tuple[str, str, str]]:
        """Name, `true` or `false` or `unknown`, and words for each."""

    def countdown(self) -> float | None:
        """Seconds until the deadline of the live step; None where none runs."""

    def background(self) -> Sequence[tuple[str, str]]:
        """Demos that run on beside the talk, each with `runs` or how it ended."""

    def mode(self) -> str:
        """`default`, `live` or `recorded`, and whether recordings are forced."""

    def reason(self) -> str:
        """Why the step at hand stands below live, or what the failure is that waits."""

    def asks(self) -> bool:
        """Whether a failure waits for the speaker."""

    def tainted(self) -> str:
        """Why later steps of the session stay recorded; empty where they do not."""


class NoLive:
    """Of a talk that runs nothing."""

    def conditions(self) -> Sequence[tuple[str, str, str]]:
        return ()

    def countdown(self) -> float | None:
        return None

    def background(self) -> Sequence[tuple[str, str]]:
        return ()

    def mode(self) -> str:
        return ""

    def reason(self) -> str:
        return ""

    def asks(self) -> bool:
        return False

    def tainted(self) -> str:
        return ""


class Speaker:
    """Tells of a desk; keeps the texts that it has laid out last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._texts: dict[tuple[str, int, int], tuple[str, ...]] = {}

    def titles(self) -> tuple[str, ...]:
        """Of all slides; nothing is parsed for them."""
        deck = self._desk.deck
        return tuple(one_line(deck.title(n) or deck.slide_id(n)) for n in range(len(deck)))

    def state(self) -> SpeakerState:
        desk, session = self._desk, self._desk.session
        here, deck = session.position, desk.deck
        slide = deck.slide(here.slide)
        after = here.slide + 1
        following = self._title(after) if after < len(deck) else ""
        lane = session.lanes.get(session.active) if session.active else None
        activity = lane.activity if lane is not None else Activity.IDLE
        reveals = sum(isinstance(stop, Reveal) for stop in slide.stops[: here.stop])
        state = SpeakerState(
            sequence=session.sequence,
            deck=one_line(deck.meta.title or deck.path.name),
            theme=desk.view.theme.name,
            slide=here.slide,
            total=len(deck),
            title=self._title(here.slide),
            stop=here.stop,
            stops=len(slide.stops),
            upcoming=one_line(upcoming(slide, dict(session.lanes), here.stop, following or None)),
            elapsed=desk.runtime.elapsed(),
            planned=deck.meta.duration,
            next_title=following,
            lines=self._text(here.slide, reveals),
            pane=self._pane(),
            next_lines=self._text(after, len(deck.stops(after))) if following else (),
            notes=tuple(Note(clean(note.text), note.stop) for note in slide.notes),
            step=self._step(),
            activity="" if activity is Activity.IDLE else activity.value,
            waiting=session.waiting,
            black=session.black,
            frozen=session.frozen is not None,
            message=self._message(),
        )
        try:
            return _with_live(state, getattr(desk, "live", None) or NoLive())
        except Exception as error:  # noqa: BLE001 — the rest can still be said
            desk.reports(error)
            return state

    def _title(self, index: int) -> str:
        deck = self._desk.deck
        return one_line(deck.title(index) or deck.slide_id(index))

    def _step(self) -> str:
        facts = self._desk.view._facts()
        return one_line(step_words(facts)) if facts is not None else ""

    def _message(self) -> str:
        lines = self._desk.reports.lines
        changed = "the deck has changed: R takes it" if self._desk.deck_changed else ""
        return one_line(" · ".join(filter(None, (lines[-1] if lines else "", changed))))

    def _pane(self) -> tuple[str, ...]:
        desk = self._desk
        demo = desk.demo(desk.session.position)
        if demo is None or demo.name not in desk.session.lanes:
            return ()
        rows = screen_view(desk.screens.emulator(demo.name)).rows
        return _trimmed(clean("".join(run.text for run in row)).rstrip() for row in rows)

    def _text(self, index: int, reveals: int) -> tuple[str, ...]:
        """The slide's text in lines of at most `TEXT_COLUMNS`, without its title."""
        deck = self._desk.deck
        key = (deck.hash, index, reveals)
        if key not in self._texts:
            if len(self._texts) > 8:
                self._texts.clear()
            try:
                self._texts[key] = _slide_text(deck, index, reveals)
            except Exception as error:  # noqa: BLE001 — the stage says the same of such a slide
                self._texts[key] = (one_line(f"this slide cannot be shown: {error}"),)
        return self._texts[key]


def _with_live(state: SpeakerState, live: LiveFacts) -> SpeakerState:
    return replace(
        state,
        mode=one_line(live.mode()),
        reason=one_line(live.reason()),
        asks=live.asks(),
        tainted=one_line(live.tainted()),
        conditions=tuple(
            (one_line(name), holds, one_line(words)) for name, holds, words in live.conditions()
        ),
        countdown=live.countdown(),
        background=tuple((one_line(demo), one_line(how)) for demo, how in live.background()),
    )


def _slide_text(deck: Deck, index: int, reveals: int) -> tuple[str, ...]:
    slide = deck.slide(index)
    laid_out = lay_out(
        replace(slide, blocks=tuple(map(_in_words, slide.blocks))),
        width=TEXT_COLUMNS,
        height=TEXT_ROWS,
        theme=next(iter(THEMES.values())),
        reveals=reveals,
        meta=deck.meta,
        folder=deck.path.parent,
        at=Place(0, TEXT_COLUMNS),
    )
    return _trimmed("".join(part.text for part in line).rstrip() for line in laid_out.lines)


def _in_words(block: Block) -> Block:
    """The block with its pictures as words: half blocks say nothing without their colours."""
    match block:
        case Image(alt=alt, source=source):
            return Paragraph((Span(f"[{one_line(alt or source)}]"),), at=block.at)
        case Columns(columns=columns):
            inner = tuple(
                Column(column.weight, tuple(map(_in_words, column.blocks))) for column in columns
            )
            return replace(block, columns=inner)
    return block


def _trimmed(rows: Iterable[str]) -> tuple[str, ...]:
    """Without the blank rows at the end."""
    found = list(rows)
    while found and not found[-1]:
        found.pop()
    return tuple(found)
