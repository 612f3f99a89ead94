"""What there is to say to the speaker: a desk, and what runs live, as one plain value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck
from presenter.deck.model import Block, Column, Columns, Image, Note, Paragraph, Reveal, Span
from presenter.demo.keyboard import keys_place
from presenter.demo.panel import step_facts, step_words, upcoming
from presenter.layout.pane import screen_view
from presenter.layout.slide import Column as Place
from presenter.layout.slide import lay_out
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.text import clean, one_line
from presenter.layout.theme import THEMES
from presenter.talk.scene import slide_after
from presenter.talk.session import Activity

if TYPE_CHECKING:
    from presenter.demo.desk import Desk
    from presenter.demo.livefacts import LiveFacts

TEXT_COLUMNS, TEXT_ROWS = 60, 24
"""The size at which a slide's text is laid out for the speaker."""
LAST_QUESTIONS = 4
"""So many are named: several screens may have written one down since the last state."""
MOST_ASKED = 200
"""So many prepared ones that were asked are named, those of last."""
WHOLE = 1_000_000
"""More reveals than any slide has."""


class Speaker:
    """Tells of a desk; keeps the texts that it has laid out last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.complete = True
        self._texts: dict[tuple[str, int, int], tuple[str, ...]] = {}

    def titles(self) -> tuple[str, ...]:
        """Of all slides; nothing is parsed for them."""
        deck = self._desk.deck
        return tuple(one_line(deck.title(n) or deck.slide_id(n)) for n in range(len(deck)))

    def state(self, *, look_ahead: bool = True) -> SpeakerState:
        """How things stand.

        The next slide's text is in it where that is known, or `look_ahead` says that there is time
        to read a slide that nobody has seen yet; `complete` says whether it is.
        """
        desk = self._desk
        state = self._with_step(self._with_texts(self._talk(), look_ahead))
        try:
            return state if desk.live is None else _with_live(state, desk, desk.live)
        except Exception as error:  # noqa: BLE001 — the rest can still be said
            desk.reports(error)
            return state

    def _talk(self) -> SpeakerState:
        """Where the talk stands, without any text that must be laid out."""
        desk, session, deck = self._desk, self._desk.session, self._desk.deck
        here = session.position
        slide = deck.slide(here.slide)
        after = slide_after(session, deck)
        following = self._title(after) if after < len(deck) else ""
        return SpeakerState(
            sequence=session.sequence,
            turned=session.turned,
            deck=one_line(deck.meta.title or deck.path.name),
            theme=desk.view.theme.name,
            slide=here.slide,
            total=len(deck),
            title=self._title(here.slide),
            stop=here.stop,
            stops=len(slide.stops),
            upcoming=one_line(upcoming(slide, dict(session.lanes), here.stop, following or None)),
            elapsed=desk.runtime.elapsed(),
            planned=session.plan.total if session.plan is not None else deck.meta.duration,
            pace=desk.pacer.pace() if desk.pacer is not None else None,
            dropped=session.dropped_as,
            savings=_savings(desk),
            next_title=following,
            notes=tuple(Note(clean(note.text), note.stop) for note in slide.notes),
            waiting=session.waiting,
            black=session.black,
            frozen=session.frozen is not None,
            scratch=session.scratch,
            keys=desk.keyboard.goes_to,
            keys_at=keys_place(desk.keyboard),
            questions=len(session.questions),
            last_questions=session.questions[-LAST_QUESTIONS:],
            last_tags=session.question_tags[-LAST_QUESTIONS:],
            asked=session.asked[-MOST_ASKED:],
            message=self._message(),
        )

    def _with_texts(self, state: SpeakerState, look_ahead: bool) -> SpeakerState:
        deck, after = self._desk.deck, slide_after(self._desk.session, self._desk.deck)
        known = (deck.hash, after, WHOLE) in self._texts
        self.complete = not state.next_title or look_ahead or known
        passed = deck.stops(state.slide)[: state.stop]
        reveals = sum(isinstance(stop, Reveal) for stop in passed)
        ahead = self._text(after, WHOLE) if state.next_title and self.complete else ()
        return replace(
            state, lines=self._text(state.slide, reveals), pane=self._pane(), next_lines=ahead
        )

    def _with_step(self, state: SpeakerState) -> SpeakerState:
        """`state` with the step at hand, or the one shown last: what it does, and on which rung."""
        at_hand = self._desk.step_at_hand()
        if at_hand is None:
            return state
        demo, lane = at_hand
        asks = lane.activity is Activity.ASKED
        began = lane.step >= 0
        words = step_words(step_facts(self._desk.runtime, demo, lane)) if began else ""
        return replace(
            state,
            step=one_line(words),
            activity="" if lane.activity is Activity.IDLE else lane.activity.value,
            asks=asks,
            upcoming="replay the step from its recording" if asks else state.upcoming,
        )

    def _title(self, index: int) -> str:
        deck = self._desk.deck
        return one_line(deck.title(index) or deck.slide_id(index))

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


def _savings(desk: Desk) -> tuple[tuple[str, str, float], ...]:
    pacer = desk.pacer
    if pacer is None:
        return ()
    return tuple((one.action, one_line(one.words), one.seconds) for one in pacer.savings())


def _with_live(state: SpeakerState, desk: Desk, live: LiveFacts) -> SpeakerState:
    """`state` with what the live side of the talk has to tell."""
    return replace(
        state,
        mode=one_line(live.mode()),
        runs=desk.runs_live,
        reason=one_line(live.reason()),
        tainted=one_line(live.tainted()),
        conditions=tuple(
            (one_line(name), truth, one_line(words)) for name, truth, words in live.conditions()
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
