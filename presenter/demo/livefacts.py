"""How the live side of a talk stands, in the speaker's words: conditions, countdowns, reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from presenter.deck.model import Demo
from presenter.demo.liveside import LiveSide
from presenter.talk.fallback import Mode, sentence
from presenter.talk.session import Activity, Lane, Session
from presenter.talk.taint import Taint


class LiveFacts:
    """Satisfies `speaker.LiveFacts`."""

    def __init__(
        self,
        side: LiveSide,
        session: Callable[[], Session],
        at_hand: Callable[[], tuple[Demo, Lane] | None],
    ) -> None:
        """`at_hand` gives the demo in view, once a step of it has begun."""
        self._side = side
        self._session = session
        self._at_hand = at_hand

    def conditions(self) -> Sequence[tuple[str, str, str]]:
        """Those of the steps on this slide and the next one: name, truth, what was found."""
        if self._side.ready.nothing:
            return ()
        known = self._side.conditions.known(self._side.names())
        return [(one.name, one.truth.value, one.words) for one in known]

    def countdown(self) -> float | None:
        """Seconds until the deadline of the live step; None where none runs."""
        lane = self._session().lanes.get(self._session().active, Lane())
        runs = lane.rung == "live" and lane.activity is Activity.PLAYING
        return self._side.at_hand.countdown() if runs and self._side.at_hand else None

    def background(self) -> Sequence[tuple[str, str]]:
        """What runs beside the steps, and what has ended there."""
        return [
            (
                one.demo,
                f"ended {'?' if one.status is None else one.status}" if one.ended else "runs",
            )
            for one in self._side.shells.beside
        ]

    def mode(self) -> str:
        """How the talk is given, in words."""
        if self._side.ready.mode is Mode.RECORDED:
            return "recorded"
        if self._side.ready.trusted is None:
            return "not trusted: recordings"
        if self._session().forced:
            return "recordings, by your key"
        return (
            "live, come what may" if self._side.ready.mode is Mode.LIVE else "live where it can be"
        )

    def reason(self) -> str:
        """Why the step at hand is not live, or what is wrong with it."""
        found = self._at_hand()
        if found is None:
            return ""
        _, lane = found
        result = lane.results.get(lane.step)
        return sentence(lane.reason or (result.reason if result is not None else ""))

    def asks(self) -> bool:
        """Whether a failure waits for the speaker."""
        lane = self._session().lanes.get(self._session().active, Lane())
        return lane.activity is Activity.ASKED

    def tainted(self) -> str:
        """Why later steps of the session stay recorded; empty where they do not."""
        found = self._at_hand()
        name = found[0].session if found is not None else ""
        taint = self._session().taints.get(name, Taint())
        if not taint or self._side.ready.nothing:
            return ""
        first = taint.unmade[0]
        what = f"{first.demo} {first.step + 1}" if first.step >= 0 else "what ran before the break"
        waits = ", ".join(sorted(taint.awaited))
        return f"{what} did not really happen" + (f"; {waits} would show it" if waits else "")
