"""The runtime: takes commands, lets `decide` decide, keeps the journal, carries out the effects.

command → events → journal → session → effects → subscribers, one command after the other. Nothing
that goes wrong on the way comes out of `dispatch`: it is reported, and the next command is taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from presenter.deck.model import Demo
from presenter.demo.clock import Clock
from presenter.demo.effects import Effects
from presenter.demo.hub import Hub
from presenter.demo.replay import StepMaterial
from presenter.demo.screens import Screens
from presenter.demo.supply import MaterialOf, Supply
from presenter.talk import events as e
from presenter.talk.commands import Command, Reloaded
from presenter.talk.decide import begin, decide, leave
from presenter.talk.evolve import evolve
from presenter.talk.session import Script, Session

if TYPE_CHECKING:
    from presenter.demo.liveside import LiveSide

Listener = Callable[[Session, tuple[e.Stamped, ...]], object]


class JournalLike(Protocol):
    def append(self, stamped: e.Stamped) -> None: ...

    def close(self) -> None: ...


class Runtime:
    """One talk, from its start (or from where a journal left it) to its end."""

    def __init__(
        self,
        script: Script,
        clock: Clock,
        hub: Hub,
        screens: Screens,
        material: MaterialOf,
        journal: JournalLike | None = None,
        session: Session | None = None,
        on_failure: Callable[[Exception], None] = lambda _: None,
        wall: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        pace: Clock | None = None,
        live: LiveSide | None = None,
    ) -> None:
        """`pace`: the clock of typing and playing, where that is not the talk's own.

        `live`: what may run; without it, every step comes from below live.
        """
        self._script = script
        self.clock = clock
        self._journal = journal
        self._session = session or Session()
        self._on_failure = on_failure
        self._wall = wall
        self._origin = clock.now() - self._session.at
        self._queue: deque[tuple[Command, Script | None]] = deque()
        self._busy = False
        self._listeners: list[Listener] = []
        self._supply = Supply(material, on_failure)
        self._live = live
        if live is not None:
            live.connect(self._supply, self.dispatch)
            self._listeners.append(live.on_events)
        self.effects = Effects(
            pace or clock, hub, screens, self._supply, self.dispatch, on_failure, live
        )

    @property
    def session(self) -> Session:
        return self._session

    def start(
        self, deck: str, deck_hash: str, version: str, slide: int = 0, purpose: str = ""
    ) -> None:
        """Begin a new session at `slide`; `deck` is the deck's absolute path.

        `purpose` is that of `SessionStarted`.
        """
        started = e.SessionStarted(deck, deck_hash, self._wall().isoformat(), version, purpose)
        self._record(begin(self._script, started, slide))

    def resume(self, version: str, away: float = 0.0, deck_hash: str = "") -> None:
        """Go on with the session given; `away`: seconds since its last event, by the wall clock.

        A deck with another hash than the session's counts as reloaded: nothing of it is at hand.
        """
        self._origin -= max(away, 0.0)
        self._record([e.SessionResumed(self._wall().isoformat(), version)])
        if deck_hash not in ("", self._session.deck_hash):
            here = self._session.position
            self.dispatch(Reloaded(deck_hash, here.slide, here.stop))
        self._guard(partial(self.effects.resume, self._session))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every command that led to events; returns how to end that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def dispatch(self, command: Command) -> None:
        """Carry out a command; one that comes while another is carried out waits its turn."""
        self._enqueue(command, None)

    def replace_script(self, script: Script, command: Reloaded) -> None:
        """Use another version of the deck from now on, and stand where `command` says."""
        self._enqueue(replace(command, changed=self._changed_demos(script)), script)

    def moment(self) -> float:
        """Seconds since the session's start: what events are stamped with."""
        return self._now()

    def elapsed(self) -> float | None:
        """Seconds on the talk's timer; None before it has started."""
        started = self._session.timer_started
        return None if started is None else max(self._now() - started, 0.0)

    def material(self, demo: Demo, step: int) -> StepMaterial:
        """What a step is fed with, as far as it has not failed; never raises."""
        return self._supply.material(demo, step)

    def rung(self, demo: Demo, step: int) -> str:
        """The rung on which a step would begin now; never raises."""
        if self._live is None:
            return self._supply.material(demo, step).rung
        return self._live.ready.begin(self._session, demo, step).rung

    def look_anew(self) -> None:
        """What feeds the steps may have changed: nothing of it has failed yet."""
        self._supply.forget()

    def close(self) -> None:
        """Stop everything that types, plays or runs, and close the journal."""
        self.effects.stop()
        if self._live is not None:
            self._guard(self._live.close)
        if self._journal is not None:
            self._journal.close()

    def _now(self) -> float:
        return round(self.clock.now() - self._origin, 3)

    def _enqueue(self, command: Command, script: Script | None) -> None:
        self._queue.append((command, script))
        if self._busy:
            return
        self._busy = True
        try:
            while self._queue:
                self._carry_out(*self._queue.popleft())
        finally:
            self._busy = False

    def _carry_out(self, command: Command, script: Script | None) -> None:
        if script is not None:
            self._leave_step()
            self._script = script
        try:
            begin = self._live.ready.begin if self._live is not None else None
            events = decide(self._session, command, self._script, self._supply.feed, begin)
        except Exception as error:  # noqa: BLE001 — whatever breaks, the next keypress works
            self._on_failure(error)
            return
        if events:
            self._record(events)

    def _leave_step(self) -> None:
        """The step at hand belongs to the deck that goes: its end is told by that one."""
        try:
            events = leave(self._session, self._script, self._supply.feed)
        except Exception as error:  # noqa: BLE001 — whatever breaks, the next keypress works
            self._on_failure(error)
        else:
            if events:
                self._record(events)

    def _record(self, events: Sequence[e.Event]) -> None:
        wall, now = self._wall().isoformat(), self._now()
        stamped = tuple(
            e.Stamped(self._session.sequence + number, now, wall, event)
            for number, event in enumerate(events, start=1)
        )
        for one in stamped:
            if self._journal is not None:
                self._journal.append(one)
            self._session = evolve(self._session, one)
        for event in events:
            self._guard(partial(self.effects.carry_out, event, self._session, self._script))
        for listener in tuple(self._listeners):
            self._guard(partial(listener, self._session, stamped))

    def _guard(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 — whatever breaks, the next keypress works
            self._on_failure(error)

    def _changed_demos(self, script: Script) -> tuple[str, ...]:
        """The demos opened so far that the other deck has not, or has with other steps."""
        opened = self.effects.opened
        found: dict[str, Demo] = {}
        for index in range(len(script)):
            if len(found) == len(opened):
                break
            for demo in script.demos(index):
                if demo.name in opened:
                    found[demo.name] = demo
        return tuple(
            name
            for name, demo in opened.items()
            if name not in found or _content(found[name]) != _content(demo)
        )


def _content(demo: Demo) -> list[object]:
    """What of a demo can be seen, wherever it stands in the file."""
    return [(step.prompt, step.command, step.transcript, step.note) for step in demo.steps]
