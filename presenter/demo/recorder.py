"""Keeps what runs live, as it comes, so that it can become the demo's recording.

It listens to the hub for what is printed, and to the talk for how it ends: only a step that ran
live from its beginning to its end, as the deck has it, and as it should, is kept. A later run that
does not end well leaves the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from presenter.demo.hub import Data, LaneEvent, Output, Resized, Rewound, StepBegan, StepEnded
from presenter.demo.showing import TIDY
from presenter.recording.asciicast import OUTPUT, RESIZE, Event
from presenter.recording.known import secret_values
from presenter.recording.ran import DATA, Ran
from presenter.talk import events as e
from presenter.talk.session import Lane, Session
from presenter.talk.taint import Outcome

MOST_TEXT = 5_000_000
"""Characters kept of a step."""
MOST_EVENTS = 100_000
MOST_KEPT = 40_000_000
"""Characters kept of all steps together; beyond, the oldest go."""


class _Taping:
    """A step that runs."""

    def __init__(self, step: int, now: float) -> None:
        self.step = step
        self.events: list[Event] = []
        self.full = False
        self._began = now
        self._room = MOST_TEXT

    def add(self, code: str, data: str, now: float) -> None:
        if self.full:
            return
        if len(data) > self._room or len(self.events) >= MOST_EVENTS:
            self.full = True
            data = data[: self._room]
        self._room -= len(data)
        if data:
            self.events.append(Event(round(max(now - self._began, 0.0), 3), code, data))

    def ended(self, event: StepEnded) -> Ran:
        """What was printed; what the showing added at the end, for the next prompt, is no part."""
        events = self.events
        for place in (-2, -1):
            if len(events) >= -place and events[place].data == TIDY:
                del events[place:]
                break
        last = events[-1].time if events else 0.0
        return Ran(tuple(events), event.status, max(event.seconds, last), cut=self.full)


class Recorder:
    """One for a talk. Nothing of it goes to the disk by itself."""

    def __init__(
        self,
        now: Callable[[], float],
        variables: Callable[[], Iterable[Mapping[str, str]]] = tuple,
    ) -> None:
        """`now`: seconds by a clock that only goes forward; `variables`: of all shells, as now."""
        self._now = now
        self._variables = variables
        self._taping: dict[str, _Taping] = {}
        self._ended: dict[str, tuple[int, Ran]] = {}
        self._spoiled: set[str] = set()
        """Demos whose step at hand is not what the deck has: changed, or interrupted."""
        self._ran: dict[tuple[str, int], Ran] = {}
        self._secrets: set[str] = set()

    def ran(self, demo: str) -> dict[int, Ran]:
        """The steps of a demo that ran live and well, each as it did last."""
        return {step: ran for (name, step), ran in self._ran.items() if name == demo}

    def secrets(self) -> frozenset[str]:
        """The secret values that the shells' variables have, and had when steps began and ended."""
        for variables in self._variables():
            self._secrets |= secret_values(variables)
        return frozenset(self._secrets)

    # --- the hub ------------------------------------------------------------------------------

    def on_output(self, lane: str, event: LaneEvent) -> None:
        """A subscriber of the hub."""
        taping = self._taping.get(lane)
        match event:
            case StepBegan(rung="live"):
                self.secrets()
                self._taping[lane] = _Taping(event.step, self._now())
            case StepBegan() | Rewound():
                self._taping.pop(lane, None)
            case Output(aside=False) if taping is not None:
                taping.add(OUTPUT, event.text, self._now())
            case Data() if taping is not None:
                taping.add(DATA, event.lines, self._now())
            case Resized() if taping is not None:
                taping.add(RESIZE, f"{event.columns}x{event.rows}", self._now())
            case StepEnded() if taping is not None and taping.step == event.step:
                self.secrets()
                del self._taping[lane]
                self._ended[lane] = event.step, taping.ended(event)

    # --- the talk -----------------------------------------------------------------------------

    def on_events(self, session: Session, stamped: Sequence[e.Stamped]) -> None:
        """A listener of the runtime."""
        for one in stamped:
            match one.event:
                case e.StepStarted(demo=demo):
                    self._ended.pop(demo, None)
                    self._spoiled.discard(demo)
                    if session.lanes.get(demo, Lane()).text:
                        self._spoiled.add(demo)
                case e.StepInterrupted(demo=demo):
                    self._spoiled.add(demo)
                case e.StepFinished():
                    self._finished(one.event)
                case e.DeckReloaded(changed=changed):
                    self._forget(changed)

    def _finished(self, event: e.StepFinished) -> None:
        step, ran = self._ended.pop(event.demo, (-1, None))
        ran_live = event.outcome == Outcome.RAN.value
        asked = event.rung == "live" and not event.outcome  # it has changed nothing
        well = (ran_live or asked) and not event.cut and not event.reason
        if ran is None or step != event.step or not well or event.demo in self._spoiled:
            return
        self._ran.pop((event.demo, step), None)
        self._ran[event.demo, step] = ran
        while len(self._ran) > 1 and sum(map(_characters, self._ran.values())) > MOST_KEPT:
            del self._ran[next(iter(self._ran))]

    def _forget(self, demos: Sequence[str]) -> None:
        """Demos whose steps are not what they were."""
        for key in [key for key in self._ran if key[0] in demos]:
            del self._ran[key]


def _characters(ran: Ran) -> int:
    return sum(len(event.data) for event in ran.events)
