"""Session and deck at the moment of a command, with what the rules of `decide` ask of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from presenter.deck.model import Demo, Stop
from presenter.talk import events as e
from presenter.talk.fallback import Begin, Reason
from presenter.talk.ladder import Feed, FeedOf
from presenter.talk.session import Activity, Lane, Script, Session

Events = list[e.Event]

BeginOf = Callable[[Session, Demo, int], Begin]
"""How a step would begin now: live, or on which rung below, and why."""


def slide_after(session: Session, script: Script) -> int:
    """The next slide that is not dropped; the number of slides where there is none."""
    after = range(session.position.slide + 1, len(script))
    kept = (n for n in after if script.slide_id(n) not in session.dropped)
    return next(kept, len(script))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a rule looks at."""

    session: Session
    script: Script
    feed_of: FeedOf
    begin_of: BeginOf | None

    @property
    def slide(self) -> int:
        return self.session.position.slide

    def kept_after(self) -> int:
        """The next slide that is not dropped; the number of slides where there is none."""
        return slide_after(self.session, self.script)

    def kept_before(self) -> int:
        """The slide before that is not dropped; -1 where there is none."""
        dropped = self.session.dropped
        before = range(self.slide - 1, -1, -1)
        return next((n for n in before if self.script.slide_id(n) not in dropped), -1)

    @property
    def stops(self) -> tuple[Stop, ...]:
        return self.script.stops(self.slide)

    @property
    def lane(self) -> Lane:
        """The lane of the step at hand; an idle one where there is none."""
        return self.lane_of(self.session.active) if self.session.active else Lane()

    def lane_of(self, name: str) -> Lane:
        return self.session.lanes.get(name, Lane())

    def demo_named(self, name: str) -> Demo | None:
        if self.slide >= len(self.script):  # another deck is in use by now
            return None
        return next((demo for demo in self.script.demos(self.slide) if demo.name == name), None)

    @property
    def runs_live(self) -> bool:
        """Whether a live step is at hand that has not ended for the talk."""
        return self.lane.rung == "live" and self.lane.activity in (
            Activity.PLAYING,
            Activity.ASKED,
        )

    def feed(self, name: str, step: int) -> Feed:
        """What there is below live."""
        demo = self.demo_named(name)
        if demo is None or step >= len(demo.steps):
            return Feed("card")
        return self.feed_of(demo, step)

    def begin(self, name: str, step: int) -> tuple[str, str]:
        """The rung that a step would begin on, and why it is not live."""
        demo = self.demo_named(name)
        if demo is None or step >= len(demo.steps) or self.begin_of is None:
            return self.feed(name, step).rung, ""
        begin = self.begin_of(self.session, demo, step)
        return begin.rung, _word(begin.reason)


def wait_ended(scene: Scene) -> Events:
    return [e.WaitEnded()] if scene.session.waiting else []


def moved_within(scene: Scene, stop: int) -> e.Moved:
    return e.Moved(scene.slide, scene.script.slide_id(scene.slide), stop)


def _word(reason: Reason | None) -> str:
    return "" if reason is None else reason.value
