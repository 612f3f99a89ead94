"""The desk: a talk with everything it needs.

The user interface, `presenter shot` and the tests all work through it. It knows no Textual.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import Demo, Severity, Typing
from presenter.deck.questions import questions_path
from presenter.demo.keeper import Keeper, Kept
from presenter.demo.keyboard import Keyboard
from presenter.demo.livefacts import LiveFacts
from presenter.demo.liveside import LiveSide
from presenter.demo.materials import Materials
from presenter.demo.pacer import Pacer
from presenter.demo.prepared import PreparedQuestions
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.demo.view import View
from presenter.errors import DeckError
from presenter.live.awake import Awake, Wakes
from presenter.recording.ran import Ran
from presenter.talk import events as e
from presenter.talk.commands import Command, Reloaded
from presenter.talk.fallback import Mode
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
        side: LiveSide | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        self.side = side
        self.live = LiveFacts(side, lambda: self.session, self.step_at_hand) if side else None
        """How the live side stands, for the speaker."""
        self.keyboard = Keyboard(self, runtime.effects, side)
        self.deck = deck
        self.runtime = runtime
        self.screens = screens
        self.materials = materials
        self.reports = reports
        self.deck_changed = False
        self.problem = ""
        """While authoring: what is wrong with the deck as it is on disk now."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when something that a frame shows has changed by itself (output, typing)."""
        self.view = View(self)
        self.pacer: Pacer | None = None
        """What knows the plan; None where nobody asks for one."""
        self.prepared = PreparedQuestions(reports)
        self._keeper = keeper
        self._awake = Awake()
        self._wakes = Wakes()
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
        if session.lanes.get(session.active, Lane()).activity is not Activity.TYPED:
            self.keyboard.editing = None
        if self.view.follow():
            self.keyboard.slide_left()
        for one in events:
            self.keyboard.on_event(one.event)
        self.on_change()

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
        self._awake.release()
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
        await self.prepared.read(self.deck.path)
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
        if self.side is not None:
            self.side.use(deck)
        self.runtime.replace_script(deck, Reloaded(deck.hash, slide, stop))

    def opened(self) -> None:
        """The talk is on the stage, and its loop runs."""
        self.prepared.begin(self.deck.path)
        if self.side is not None:
            self.side.opened()
            if self.side.ready.mode is not Mode.RECORDED:  # which starts no process at all
                self._awake.hold()

    def look_after_sleep(self) -> None:
        """Asked once a second: after a sleep of the machine, all that is needed is looked at."""
        away = self._wakes.away()
        if not away:
            return
        at = datetime.now().astimezone().strftime("%H:%M:%S")
        self.reports.note(f"{at} awake again after {away:.0f} s")
        if self.side is not None and not self.side.ready.nothing:
            self.side.conditions.look(self.side.names())
        self.on_change()

    async def keep_take(self) -> None:
        """Keep what the demo in view ran live as its recording; the speaker is told of it."""
        demo = self.demo(self.session.position)
        if self._keeper is None:
            self.reports.note("no take is kept of a drill: its faults were made on purpose")
        elif demo is None:
            self.reports.note("nothing to keep: no demo is in view")
        else:
            kept = await self._keeper.keep(self.deck, demo)
            self.reports.note(kept.words)
            if kept.path is not None:
                self.materials.use(self.deck)
                self.runtime.look_anew()
        self.on_change()

    async def keep(self, demo: Demo, note: str, tools: Mapping[str, str]) -> Kept:
        """The same for any demo, by a program; `note`: on how it ran, `tools`: with what."""
        if self._keeper is None:
            return Kept("no take is kept of a drill")
        return await self._keeper.keep(self.deck, demo, note, tools)

    def unkept(self) -> list[Demo]:
        """The demos that ran live and well, and of which no take has been kept."""
        return self._keeper.unkept(self.deck) if self._keeper is not None else []

    def ran(self, demo: Demo) -> Mapping[int, Ran]:
        """What its steps have printed that ran live and well."""
        return self._keeper.ran(demo) if self._keeper is not None else {}

    # --- what is shown --------------------------------------------------------------------------

    def demo(self, position: Position) -> Demo | None:
        """The demo whose pane belongs to a position."""
        index = demo_in_view(self.deck, position)
        return None if index is None else self.deck.demos(position.slide)[index]


def _stamps(deck: Deck) -> tuple[tuple[int, int], ...]:
    """Time of change and size of each of the deck's files; empty while one of them is away.

    And of the prepared questions, of which nothing need be there.
    """
    try:
        found = [path.stat() for path in deck.files]
    except OSError:
        return ()
    with suppress(OSError):
        found.append(questions_path(deck.path).stat())
    return tuple((one.st_mtime_ns, one.st_size) for one in found)


def _read(old: Deck) -> Deck:
    """The deck as it is on disk now, all of it read: what is wrong is known before it is shown."""
    deck = open_deck(old.path)
    deck.problems()
    return deck
