"""The desk: a talk with everything it needs, and the pictures of it for any size.

The user interface, `presenter shot` and the tests all work through it. It knows no Textual.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, Reveal, Severity, Typing
from presenter.demo.materials import Materials
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.errors import DeckError
from presenter.layout.depth import for_depth
from presenter.layout.frame import Badge, Frame, PaneView, Size
from presenter.layout.pane import screen_view
from presenter.layout.slide import has_text
from presenter.layout.stage import StageView, compose
from presenter.layout.theme import THEMES, Depth, Theme, theme
from presenter.talk.commands import Command, Reloaded
from presenter.talk.session import Activity, Lane, Position, Session
from presenter.talk.stops import demo_in_view

if TYPE_CHECKING:
    from presenter.demo.panel import StepFacts

BADGES = {
    "recording": Badge("▶", "recorded", "accent"),
    "transcript": Badge("≡", "transcript", "muted"),
    "card": Badge("◇", "card", "muted"),
}
"""The audience's word for each rung: shape and word both differ, colour is a third sign."""


class Desk:
    """Deck, runtime and screens together; dispatches commands, makes frames."""

    def __init__(
        self, deck: Deck, runtime: Runtime, screens: Screens, materials: Materials, reports: Reports
    ) -> None:
        self.deck = deck
        self.runtime = runtime
        self.screens = screens
        self.materials = materials
        self.reports = reports
        self.depth: Depth = "truecolor"
        self.deck_changed = False
        self.pane_focused = False
        self.on_change: Callable[[], None] = lambda: None
        """Called when something that a frame shows has changed by itself (output, typing)."""
        self._text_scroll = 0
        self._pane_scroll = 0
        self._slide_shown = -1
        self._stamps = _stamps(deck)
        self._frame: Frame | None = None
        screens.on_change = lambda _demo: self.on_change()
        runtime.subscribe(self._on_events)

    # --- commands -----------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        return self.runtime.session

    def dispatch(self, command: Command) -> None:
        """Send a command to the talk; never raises."""
        self.runtime.dispatch(command)

    def _on_events(self, session: Session, _events: object) -> None:
        self._pane_scroll = 0
        if session.position.slide != self._slide_shown:
            self._slide_shown = session.position.slide
            self._text_scroll = 0
            self.pane_focused = False
        self.on_change()

    @property
    def typing_by_keys(self) -> bool:
        """Whether the step at hand wants a key for every character."""
        step = self._step_at_hand()
        return (
            step is not None
            and step[1].activity is Activity.TYPING
            and (step[0].steps[step[1].step].typing is Typing.KEYS)
        )

    def _step_at_hand(self) -> tuple[Demo, Lane] | None:
        demo = self.demo(self.session.position)
        if demo is None or demo.name not in self.session.lanes:
            return None
        return demo, self.session.lanes[demo.name]

    @property
    def typing(self) -> bool:
        """Whether a command is being typed."""
        active = self.session.active
        return bool(active) and self.session.lanes[active].activity is Activity.TYPING

    def close(self) -> None:
        """Stop everything that plays, and close the journal."""
        self.runtime.close()

    # --- the deck's files -----------------------------------------------------------------------

    def changed_on_disk(self) -> bool:
        """Whether a file of the deck has changed since it was read: a `stat` for each."""
        stamps = _stamps(self.deck)
        self.deck_changed = stamps != self._stamps and bool(stamps)
        return self.deck_changed

    async def reload(self, *, jump: bool) -> None:
        """Read the deck anew, in a thread; a deck with errors does not replace one without.

        `jump`: show the first slide that has changed, and take decks with errors too (they show
        what is wrong): the way of someone who writes.
        """
        stamps = _stamps(self.deck)
        try:
            deck = await asyncio.to_thread(_read, self.deck)
        except DeckError as error:
            self.reports(error)
            return
        self._stamps = stamps
        errors = [p for p in deck.problems() if p.severity is Severity.ERROR]
        if errors and not jump:
            self.reports.note(f"the old deck stays: {errors[0]}")
            return
        changed = deck.first_changed(self.deck) if jump else None
        self._take(deck, changed)

    def _take(self, deck: Deck, changed: int | None) -> None:
        here = self.session.position
        slide = deck.index_of(self.deck.slide_id(here.slide))
        if changed is not None:
            slide, stop = min(changed, len(deck) - 1), 0
        else:
            slide = min(here.slide, len(deck) - 1) if slide is None else slide
            stop = here.stop
        stop = min(stop, len(deck.stops(slide)))
        self.deck = deck
        self.deck_changed = False
        self.materials.use(deck)
        self.runtime.replace_script(deck, Reloaded(deck.hash, slide, stop))

    # --- scrolling and the pane ---------------------------------------------------------------

    def scroll(self, what: str, rows: int) -> None:
        """Scroll the slide's `text` or its `pane` by `rows`, positive downwards."""
        if what == "text":
            hidden = self._frame.hidden_rows if self._frame else 0
            self._text_scroll = max(0, self._text_scroll + min(rows, hidden))
        else:
            demo = self.demo(self.session.position)
            kept = self.screens.emulator(demo.name).history_length if demo else 0
            self._pane_scroll = max(0, min(self._pane_scroll - rows, kept))

    def in_pane(self, x: int, y: int) -> bool:
        """Whether the cell of the last frame belongs to the pane."""
        pane = self._frame.pane if self._frame else None
        return pane is not None and pane.contains(x, y)

    def focus_pane(self, focused: bool) -> None:
        """Give the keys to the pane, if one is there, or take them back."""
        self.pane_focused = focused and self._frame is not None and self._frame.pane is not None

    def press(self, key: str) -> None:
        """A key for the focused pane, by Textual's name of it."""
        self.runtime.press(key)

    # --- frames -------------------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        return for_depth(theme(self.session.theme or next(iter(THEMES))), self.depth)

    def demo(self, position: Position) -> Demo | None:
        """The demo whose pane belongs to a position."""
        index = demo_in_view(self.deck, position)
        return None if index is None else self.deck.demos(position.slide)[index]

    def frame(self, size: Size) -> Frame:
        """What the audience sees. While the picture is frozen, it stays what it was."""
        session = self.session
        if session.frozen is None or self._frame is None or self._frame.size != size:
            self._frame = compose(self._view(session.frozen or session.position, size))
        return self._frame

    def prepare(self) -> None:
        """Lay the next slide out in idle time, so that the key that shows it need not."""
        after = self.session.position.slide + 1
        if self._frame is not None and after < len(self.deck):
            stop = self.session.left_at.get(after, 0)
            compose(self._view(Position(after, stop), self._frame.size))

    def _view(self, position: Position, size: Size) -> StageView:
        session = self.session
        slide = self.deck.slide(position.slide)
        demo = self.demo(position)
        passed = slide.stops[: position.stop]
        return StageView(
            slide=slide,
            size=size,
            theme=self.theme,
            reveals=sum(isinstance(stop, Reveal) for stop in passed),
            meta=self.deck.meta,
            index=position.slide,
            total=len(self.deck),
            pane=self._pane(demo) if demo is not None else None,
            pane_shown=not has_text(slide)
            or (bool(passed) and not isinstance(passed[-1], Reveal)),
            full=demo is not None and demo.full,
            progress=(position.slide + 1) / max(1, len(self.deck)),
            scroll=self._text_scroll,
            folder=self.deck.path.parent,
            black=session.black,
            message="1 press waits" if session.waiting else "",
            show_badge=self.deck.meta.badge,
        )

    def _pane(self, demo: Demo) -> PaneView:
        view = screen_view(self.screens.emulator(demo.name), self._pane_scroll, demo.name)
        badge = self._badge(self.session.lanes.get(demo.name))
        return replace(view, badge=badge, focused=self.pane_focused)

    def _badge(self, lane: Lane | None) -> Badge | None:
        if lane is None or lane.step < 0:
            return None
        result = lane.results.get(lane.step)
        return BADGES.get(lane.rung or (result.rung if result else ""))

    # --- the speaker's panel ------------------------------------------------------------------

    def panel(self, size: Size) -> Frame:
        """What only the speaker sees."""
        from presenter.demo.panel import PanelView, panel_frame, upcoming  # when it is opened

        session = self.session
        here = session.position
        slide = self.deck.slide(here.slide)
        after = here.slide + 1
        changed = "the deck has changed: R takes it" if self.deck_changed else ""
        report = self.reports.lines[-1] if self.reports.lines else ""
        view = PanelView(
            slide=slide,
            total=len(self.deck),
            stop=here.stop,
            elapsed=self.runtime.elapsed(),
            planned=self.deck.meta.duration,
            wall=datetime.now().astimezone().strftime("%H:%M"),
            upcoming=upcoming(
                slide,
                dict(session.lanes),
                here.stop,
                (self.deck.title(after) or self.deck.slide_id(after))
                if after < len(self.deck)
                else None,
            ),
            waiting=session.waiting,
            frozen=session.frozen is not None,
            step=self._facts(),
            notes=slide.notes,
            message=" · ".join(filter(None, (report, changed))),
        )
        return panel_frame(view, size, self.theme)

    def _facts(self) -> StepFacts | None:
        from presenter.demo.panel import StepFacts

        found = self._step_at_hand()
        if found is None or found[1].step < 0:
            return None
        demo, lane = found
        material = self.materials(demo, lane.step)
        return StepFacts(
            rung=lane.rung or material.rung,
            source=material.source,
            date=material.date,
            stale=material.stale,
            result=lane.results.get(lane.step),
        )


def _stamps(deck: Deck) -> tuple[tuple[int, int], ...]:
    """Time of change and size of each of the deck's files; empty while one of them is away."""
    try:
        return tuple((s.st_mtime_ns, s.st_size) for s in (path.stat() for path in deck.files))
    except OSError:
        return ()


def _read(old: Deck) -> Deck:
    """The deck as it is on disk now, all of it read: what is wrong is known before it is shown."""
    deck = open_deck(old.path)
    deck.problems()
    return deck
