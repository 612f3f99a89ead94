"""The desk: a talk with everything it needs.

The user interface, `presenter shot` and the tests all work through it. It knows no Textual.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, DemoKind, Severity, Typing
from presenter.demo.lineedit import Line, drawn, press
from presenter.demo.liveside import LiveSide
from presenter.demo.materials import Materials
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.demo.seat import Mouse
from presenter.demo.view import View
from presenter.errors import DeckError
from presenter.talk import events as e
from presenter.talk.commands import Command, Edit, Next, Reloaded, Replay
from presenter.talk.session import Activity, Lane, Position, Session
from presenter.talk.stops import demo_in_view


class Desk:
    """Deck, runtime, screens and a view of them together."""

    def __init__(
        self,
        deck: Deck,
        runtime: Runtime,
        screens: Screens,
        materials: Materials,
        reports: Reports,
        live: LiveSide | None = None,
    ) -> None:
        self.live = live
        self.editing: Line | None = None
        """The command at hand while the speaker changes it."""
        self.deck = deck
        self.runtime = runtime
        self.screens = screens
        self.materials = materials
        self.reports = reports
        self._lent = False
        """The pane has the keys because its step asked for them."""
        self.deck_changed = False
        self.problem = ""
        """While authoring: what is wrong with the deck as it is on disk now."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when something that a frame shows has changed by itself (output, typing)."""
        self.view = View(self)
        self._stamps = _stamps(deck)
        screens.on_change = lambda _demo: self.on_change()
        runtime.subscribe(self._on_events)

    # --- commands -----------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        return self.runtime.session

    def dispatch(self, command: Command) -> None:
        """Send a command to the talk; never raises."""
        self.runtime.dispatch(command)

    def _on_events(self, session: Session, events: Sequence[e.Stamped]) -> None:
        at_hand = session.lanes.get(session.active, Lane())
        if self.editing is not None and at_hand.activity is not Activity.TYPED:
            self.editing = None
        if self.view.follow() and not session.scratch:
            self.runtime.leave_hands()
        for one in events:
            self._hand_over(one.event)
        self.on_change()

    def _hand_over(self, event: e.Event) -> None:
        """The keys go to a step that wants them, and go on to the shell when one has ended."""
        if isinstance(event, e.StepStarted) and event.rung == "live":
            demo = self.demo(self.session.position)
            if demo is not None and demo.name == event.demo and demo.takes_keys:
                self._lent = True
                self.focus_pane(True)
        elif isinstance(event, e.StepFinished | e.StepFell) and self.view.pane_focused:
            demo = self.demo(self.session.position)
            if demo is None or demo.name != event.demo:
                return
            if self._lent or isinstance(event, e.StepFell) or event.rung != "live":
                self._lent = False
                self.focus_pane(False)
            else:
                self.runtime.take_hands(demo)

    def typing_by_keys(self, *, complete: bool = False) -> bool:
        """Whether the step at hand wants a key for every character.

        `complete`: or has them all and was not run yet: hands on a keyboard do not stop in time.
        """
        at_hand = self.step_at_hand()
        if at_hand is None:
            return False
        demo, lane = at_hand
        wanted = {Activity.TYPING, Activity.TYPED} if complete else {Activity.TYPING}
        return lane.activity in wanted and demo.steps[lane.step].typing is Typing.KEYS

    def step_at_hand(self) -> tuple[Demo, Lane] | None:
        """The demo in view and its lane, once a step of it has begun."""
        demo = self.demo(self.session.position)
        if demo is None or demo.name not in self.session.lanes:
            return None
        return demo, self.session.lanes[demo.name]

    @property
    def runs_live(self) -> bool:
        """Whether a live step is at hand that runs."""
        lane = self.session.lanes.get(self.session.active, Lane())
        return lane.rung == "live" and lane.activity is Activity.PLAYING

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
        what is wrong, `problem` says it): the way of someone who writes.
        """
        stamps = _stamps(self.deck)
        try:
            deck = await asyncio.to_thread(_read, self.deck)
        except DeckError as error:
            self._stamps = stamps
            self.reports(error)
            self.problem = str(error) if jump else ""
            return
        self._stamps = stamps
        errors = [p for p in deck.problems() if p.severity is Severity.ERROR]
        if errors and not jump:
            self.reports.note(f"the old deck stays: {errors[0]}")
            return
        self.problem = str(errors[0]) if errors else ""
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
        if self.live is not None:
            self.live.use(deck)
        self.runtime.replace_script(deck, Reloaded(deck.hash, slide, stop))

    # --- the speaker's hands --------------------------------------------------------------------

    def opened(self) -> None:
        """The talk is on the stage, and its loop runs."""
        if self.live is not None:
            self.live.opened()

    def focus_pane(self, focused: bool) -> None:
        """Give the keys to the pane, if one is there, or take them back."""
        if focused == self.view.pane_focused or self.session.scratch:
            return
        self.view.focus_pane(focused)
        demo = self.demo(self.session.position)
        if self.view.pane_focused and demo is not None:
            self.runtime.take_hands(demo)
        else:
            self.runtime.leave_hands()

    def key(self, key: str, character: str | None, control: str = "") -> None:
        """A key for the focused pane, by Textual's name; `control`: what it is to a player."""
        hands = self.live.hands if self.live is not None else None
        if hands is not None and hands.taken:
            hands.key(key, character)
        else:
            self._player_key(control or key)

    def _player_key(self, control: str) -> None:
        demo = self.demo(self.session.position)
        if demo is None or demo.kind is not DemoKind.CAST:
            return
        if not self.session.active:
            # It has ended, or not begun: a key of the player's brings it back.
            self.dispatch(Replay() if demo.name in self.session.lanes else Next())
        self.runtime.press(control)

    def paste(self, text: str) -> None:
        """Pasted text for the focused pane, or for the command that is edited."""
        if self.editing is not None:
            self._edit(self.editing.typed(text))
        elif self.live is not None and self.live.hands.taken:
            self.live.hands.paste(text)

    def mouse(self, told: Mouse) -> bool:
        """The mouse over a cell of the focused pane; False where nothing there wants it."""
        taken = self.live is not None and self.live.hands.taken
        return taken and self.live is not None and self.live.hands.mouse(told)

    # --- the command at hand --------------------------------------------------------------------

    def start_editing(self) -> None:
        """The command that stands typed can be changed, if it is one that would run live."""
        at_hand = self.step_at_hand()
        if at_hand is None or at_hand[1].activity is not Activity.TYPED:
            return
        demo, lane = at_hand
        if self.runtime.rung(demo, lane.step) == "live" and demo.snippet is None:
            text = lane.text or demo.steps[lane.step].run or demo.steps[lane.step].command
            self._edit(Line(text, len(text)))

    def edit_key(self, key: str, character: str | None) -> None:
        """A key while a command is edited: Enter takes it, Escape leaves it as it was."""
        line = self.editing
        if line is None:
            return
        if key in ("enter", "escape", "ctrl+right_square_bracket"):
            self.editing = None
            if key == "enter":
                self.dispatch(Edit(line.text))
            self.runtime.show_typed()
        else:
            self._edit(press(line, key, character))

    def _edit(self, line: Line) -> None:
        self.editing = line
        self.runtime.show_edited(drawn(line))

    # --- what is shown --------------------------------------------------------------------------

    def demo(self, position: Position) -> Demo | None:
        """The demo whose pane belongs to a position."""
        index = demo_in_view(self.deck, position)
        return None if index is None else self.deck.demos(position.slide)[index]


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
