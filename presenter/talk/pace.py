"""How a talk stands to its plan at one moment. Pure: the moment is given.

The plan's clock stands still while a question is answered; the talk's goes on. So a question makes
the talk end later, but no slide late.
"""

from __future__ import annotations

from dataclasses import dataclass

from presenter.talk.events import PlanMade
from presenter.talk.session import Session

ON_TIME = 30.0
"""Seconds: a talk that is less than this off its plan is on time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    here: float
    """On the slide at hand, earlier visits included."""
    share: float
    """What the plan gives it."""
    moment: float
    """The plan's clock, from the start of the timer on."""
    meant: float
    """Where that clock would stand if all had gone by the plan; `moment - meant` is late."""
    expected: float
    """When the talk will end, on its own timer, if the rest goes by the plan."""
    total: float
    """When it is to end."""
    marks: tuple[float, ...] = ()
    paused: bool = False
    started: bool = True

    @property
    def late(self) -> float:
        """Negative: early."""
        return self.moment - self.meant

    @property
    def on_time(self) -> bool:
        return abs(self.late) < ON_TIME


def pace_of(session: Session, slide_id: str, at: float) -> Pace | None:
    """The pace at the moment `at` of the session, `slide_id` being at hand; None without a plan."""
    plan, clock = session.plan, session.clock
    if plan is None or slide_id not in plan.ids:
        return None
    index = plan.ids.index(slide_id)
    if index >= len(plan.seconds):  # a journal may hold anything
        return None
    share = plan.seconds[index]
    rest = _rest(plan, index, session)
    if session.timer_started is None or clock.started is None:
        left = rest + share
        return Pace(0.0, share, 0.0, 0.0, left, plan.total, plan.marks, started=False)
    now = clock.now(at)
    here = clock.spent.get(slide_id, 0.0) + now - clock.since
    moment = now - clock.started
    left = max(share - here, 0.0) + rest
    return Pace(
        here,
        share,
        moment,
        meant=sum(plan.seconds) - left,
        expected=at - session.timer_started + left,
        total=plan.total,
        marks=plan.marks,
        paused=clock.paused_at is not None,
    )


def _rest(plan: PlanMade, index: int, session: Session) -> float:
    """What the slides after this one are to take; what they have had already is no part of it.

    So a jump back, to answer with a slide, makes nothing late but what it takes.
    """
    spent = session.clock.spent
    return sum(
        max(seconds - spent.get(one, 0.0), 0.0)
        for one, seconds in zip(plan.ids[index + 1 :], plan.seconds[index + 1 :], strict=False)
        if one not in session.dropped
    )


def due(session: Session, slide_id: str) -> float | None:
    """When the slide is to be left, by the plan's clock; None where it has no place in the plan.

    Dropped slides give their time back, but for one that is shown all the same.
    """
    plan = session.plan
    if plan is None or slide_id not in plan.ids:
        return None
    upto = plan.ids.index(slide_id) + 1
    return sum(
        seconds
        for one, seconds in zip(plan.ids[:upto], plan.seconds[:upto], strict=False)
        if one not in session.dropped or one in session.clock.spent or one == slide_id
    )
