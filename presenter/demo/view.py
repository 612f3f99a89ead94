"""What there is to see of a desk: the audience's frame, and the speaker's panel, for any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from presenter.deck.model import Demo, Failure, Place, Problem, Reveal, Severity, Slide
from presenter.demo.hands import SCRATCH
from presenter.demo.panewindow import PaneWindow
from presenter.layout.depth import for_depth
from presenter.layout.frame import Badge, Frame, PaneView, Size
from presenter.layout.pane import screen_view
from presenter.layout.slide import has_text
from presenter.layout.stage import StageView, compose, data_grid
from presenter.layout.theme import THEMES, Depth, Theme, theme
from presenter.talk.scene import slide_after
from presenter.talk.session import Lane, Position

if TYPE_CHECKING:
    from presenter.demo.desk import Desk
    from presenter.demo.pacer import Pacer
    from presenter.demo.panel import StepFacts

BADGES = {
    "live": Badge("●", "live", "ok"),
    "recording": Badge("▶", "recorded", "accent"),
    "transcript": Badge("≡", "transcript", "muted"),
    "card": Badge("◇", "not run", "muted"),
}
"""The audience's word for each rung: shape and word both differ, colour is a third sign."""


class View:
    """One view of a desk; it has scroll positions and a focus of its own, and decides nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.depth: Depth = "truecolor"
        self.pane_focused = False
        self._text_scroll = 0
        self.pane = PaneWindow(desk)
        self._notes_scroll = 0
        self._notes_hidden = (0, 0)
        """Rows of the notes above and below what is shown."""
        self._notes_place = Position(-1)
        self._slide = -1
        self._frame: Frame | None = None

    def follow(self) -> bool:
        """The talk has moved: scroll positions and focus belong to what was shown before.

        Whether it is on another slide, so that the pane has no keys any more.
        """
        self.pane.scrolled = 0
        slide = self.desk.session.position.slide
        if slide == self._slide:
            return False
        self._slide = slide
        self._text_scroll = 0
        self.pane_focused = False
        return True

    # --- scrolling and the pane ---------------------------------------------------------------

    def scroll(self, what: str, rows: int) -> None:
        """Scroll the slide's `text`, its `notes` or its `pane` by `rows`, positive downwards."""
        if what == "text":
            hidden = self._frame.hidden_rows if self._frame else 0
            self._text_scroll = max(0, self._text_scroll + min(rows, hidden))
        elif what == "notes":
            above, below = self._notes_hidden
            self._notes_scroll += max(-above, min(rows, below))
        else:
            self.pane.scroll(rows)

    def unseen_text(self) -> int:
        """Rows of the text below what is shown that the next slide would pass over; else 0."""
        session, frame = self.desk.session, self._frame
        if session.black or session.frozen is not None or frame is None or frame.body is None:
            return 0  # what is on the screen is not the text at hand: there is nothing to scroll
        at_end = session.position.stop >= len(self.desk.deck.stops(session.position.slide))
        return frame.hidden_rows if at_end else 0

    def cell_at(self, x: int, y: int) -> tuple[int, int] | None:
        """The cell of the pane's terminal, from 0, under a cell of the last frame."""
        box = self._frame.pane if self._frame is not None else None
        return self.pane.cell_at(x, y, box) if box is not None else None

    def in_pane(self, x: int, y: int) -> bool:
        """Whether the cell of the last frame belongs to the pane."""
        pane = self._frame.pane if self._frame else None
        return pane is not None and pane.contains(x, y)

    def focus_pane(self, focused: bool) -> None:
        """Give the keys to the pane, if one is there, or take them back."""
        self.pane_focused = focused and self._frame is not None and self._frame.pane is not None

    # --- frames -------------------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        return for_depth(theme(self.desk.session.theme or next(iter(THEMES))), self.depth)

    def frame(self, size: Size) -> Frame:
        """What the audience sees. While the picture is frozen, it stays what it was.

        In a rehearsal the last row says how the talk stands to its plan, in place of the footer.
        """
        session = self.desk.session
        if session.black:  # over a frozen picture too, which is there again afterwards
            return self._paced(self._composed(session.position, size))
        if session.frozen is None or self._frame is None or self._frame.size != size:
            self._frame = self._composed(session.frozen or session.position, size)
        return self._paced(self._frame)

    def _paced(self, frame: Frame) -> Frame:
        pacer = self.desk.pacer
        if pacer is None or not pacer.wish.bar or (pace := pacer.pace()) is None:
            return frame
        from presenter.layout.pacing import pace_line  # rehearsals alone

        row = pace_line(pace, frame.size.columns, self.theme, "panel")
        return replace(frame, lines=[*frame.lines[:-1], row])

    def _composed(self, position: Position, size: Size) -> Frame:
        try:
            return compose(self._view(position, size))
        except Exception as error:  # noqa: BLE001 — whatever breaks, the next keypress works
            self.desk.reports(error)
            return self._card(position, size, error)

    def _card(self, position: Position, size: Size, error: Exception) -> Frame:
        """In place of a slide that cannot be laid out: its title, and what is wrong."""
        deck, index = self.desk.deck, position.slide
        place = Place(str(deck.path), 1)
        problem = Problem(place, Severity.ERROR, f"this slide cannot be shown: {error}")
        title = deck.title(index)
        slide = Slide(index, deck.slide_id(index), title, place, (Failure(problem, title),))
        return compose(
            StageView(
                slide, size, self.theme, deck.meta, deck.path.parent, index=index, total=len(deck)
            )
        )

    def prepare(self) -> None:
        """Lay the next slide out in idle time, so that the key that shows it need not."""
        after = slide_after(self.desk.session, self.desk.deck)
        if self._frame is not None and after < len(self.desk.deck):
            stop = self.desk.session.left_at.get(after, 0)
            try:
                compose(self._view(Position(after, stop), self._frame.size))
            except Exception as error:  # noqa: BLE001 — that slide will say so when it is shown
                self.desk.reports(error)

    def _view(self, position: Position, size: Size) -> StageView:
        session = self.desk.session
        slide = self.desk.deck.slide(position.slide)
        demo = self.desk.demo(position)
        passed = slide.stops[: position.stop]
        view = StageView(
            slide=slide,
            size=size,
            theme=self.theme,
            reveals=sum(isinstance(stop, Reveal) for stop in passed),
            meta=self.desk.deck.meta,
            index=position.slide,
            total=len(self.desk.deck),
            pane_shown=session.scratch
            or not has_text(slide)
            or (bool(passed) and not isinstance(passed[-1], Reveal)),
            full=session.scratch or (demo is not None and demo.full),
            progress=(position.slide + 1) / max(1, len(self.desk.deck)),
            scroll=self._text_scroll,
            folder=self.desk.deck.path.parent,
            black=session.black,
            message="1 press waits" if session.waiting else "",
            show_badge=self.desk.deck.meta.badge,
        )
        if demo is not None and demo.kind.gives_data and not session.scratch:
            grid = data_grid(view)
            self.desk.screens.fit(demo.name, grid.columns, grid.rows)
        return replace(view, pane=self._pane_at(demo))

    def _pane_at(self, demo: Demo | None) -> PaneView | None:
        if self.desk.session.scratch:
            scratch = self.desk.screens.emulator(SCRATCH)
            return replace(screen_view(scratch, self.pane.scrolled, SCRATCH), focused=True)
        return self._pane(demo) if demo is not None else None

    def _pane(self, demo: Demo) -> PaneView:
        view = screen_view(
            self.desk.screens.emulator(demo.name), self.pane.up(demo.name), demo.name
        )
        badge = self._badge(demo)
        return replace(view, badge=badge, focused=self.pane_focused)

    def _badge(self, demo: Demo) -> Badge | None:
        """What feeds the step at hand, or will feed the first one: known before it plays."""
        lane = self.desk.session.lanes.get(demo.name, Lane())
        step = max(lane.step, 0)
        if step >= len(demo.steps):
            return None
        result = lane.results.get(step)
        shown = lane.rung or (result.rung if result is not None else "")
        return BADGES.get(shown or self.desk.runtime.rung(demo, step))

    # --- the speaker's panel ------------------------------------------------------------------

    def panel(self, size: Size) -> Frame:
        """What only the speaker sees."""
        from presenter.demo import panel  # when it is opened

        session, pacer = self.desk.session, self.desk.pacer
        here = session.position
        if here != self._notes_place:  # the notes of the new press are brought into view
            self._notes_place, self._notes_scroll = here, 0
        slide = self.desk.deck.slide(here.slide)
        after = slide_after(session, self.desk.deck)
        changed = "the deck has changed: R takes it" if self.desk.deck_changed else ""
        report = self.desk.reports.lines[-1] if self.desk.reports.lines else ""
        view = panel.PanelView(
            slide=slide,
            total=len(self.desk.deck),
            stop=here.stop,
            elapsed=self.desk.runtime.elapsed(),
            planned=self.desk.deck.meta.duration,
            wall=datetime.now().astimezone().strftime("%H:%M"),
            upcoming=panel.upcoming(
                slide,
                dict(session.lanes),
                here.stop,
                (self.desk.deck.title(after) or self.desk.deck.slide_id(after))
                if after < len(self.desk.deck)
                else None,
            ),
            waiting=session.waiting,
            frozen=session.frozen is not None,
            step=self._facts(),
            notes=slide.notes,
            live=panel.live_words(self.desk.live) if self.desk.live is not None else (),
            pace=pacer.pace() if pacer is not None else None,
            savings=_savings(pacer) if pacer is not None else (),
            message=" · ".join(filter(None, (report, changed))),
            scroll=self._notes_scroll,
        )
        frame = panel.panel_frame(view, size, self.theme)
        self._notes_hidden = frame.hidden_above, frame.hidden_rows
        return frame

    def _facts(self) -> StepFacts | None:
        from presenter.demo.panel import step_facts

        found = self.desk.step_at_hand()
        if found is None or found[1].step < 0:
            return None
        return step_facts(self.desk.runtime, *found)


def _savings(pacer: Pacer) -> tuple[str, ...]:
    from presenter.talk.clocks import clock

    return tuple(f"{one.words} −{clock(one.seconds)}" for one in pacer.savings())
