"""The plan of the talk that is given: read behind the scenes, put in force, and looked at.

Reading every slide and opening every recording takes its time; so it is done in a thread, and the
talk begins without a plan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from presenter.deck.deck import Deck
from presenter.deck.model import Meta
from presenter.talk import commands as c
from presenter.talk.events import PlanMade, TalkDescribed
from presenter.talk.pace import Pace, pace_of
from presenter.talk.plan import SlideFacts, TalkPlan, cuts_of, make_plan
from presenter.talk.wish import Wish

if TYPE_CHECKING:
    from presenter.demo.desk import Desk

OPTIONAL = "optional"
"""The name under which the optional slides are dropped."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a key would save now."""

    action: str
    """`drop_optional`, `next_cut` or `skip_demo`."""
    words: str
    seconds: float


class Pacer:
    """Knows the plan of a desk's talk."""

    def __init__(
        self,
        desk: Desk,
        read: Callable[[Deck], Sequence[SlideFacts]],
        past: Callable[[Deck], Mapping[str, float]],
        wish: Wish,
    ) -> None:
        """`read` and `past` give the facts of a deck and what its slides took; both in a thread."""
        self.wish = wish
        self.facts: dict[str, SlideFacts] = {}
        self._desk = desk
        self._read = read
        self._past = past
        self._for = ""
        """Hash of the deck that the facts are of."""
        self._of_a_cut = bool(wish.cut)
        self._seen: Mapping[str, float] = {}
        """What slides took before."""

    def begin(self) -> None:
        """The cut that is wished for, from the first press on: what is left out is known."""
        _, gone = cuts_of(self._desk.deck.meta).get(self.wish.cut, (0.0, ()))
        if gone:
            self._desk.dispatch(c.Drop(self.wish.cut, gone))

    async def prepare(self) -> None:
        """Read the deck as it is now and put its plan in force; never raises."""
        deck = self._desk.deck
        first, self._for = not self._for, deck.hash
        try:
            facts = await asyncio.to_thread(self._read, deck)
            anew = self.wish.target or self.wish.cut
            past = await asyncio.to_thread(self._past, deck) if anew else {}
        except Exception as error:  # noqa: BLE001 — the talk goes on without a plan
            self._desk.reports(error)
            return
        if deck is self._desk.deck:
            self._use(facts, past, first=first)

    def _use(self, facts: Sequence[SlideFacts], past: Mapping[str, float], *, first: bool) -> None:
        """Put the plan in force that these facts make."""
        desk, deck, wish = self._desk, self._desk.deck, self.wish
        self.facts, self._seen = {slide.id: slide for slide in facts}, past
        plan, old = plan_of(facts, deck.meta, wish, past), desk.session.plan
        if old is not None and first and set(old.ids) <= set(self.facts):
            self._resume(old)
            return
        shares = {share.id: round(share.seconds, 3) for share in plan.shares}
        # What a cut leaves out stands there without any time: it can still be jumped to.
        desk.dispatch(
            c.Tell(
                PlanMade(
                    tuple(slide.id for slide in facts),
                    tuple(slide.title for slide in facts),
                    tuple(shares.get(slide.id, 0.0) for slide in facts),
                    round(plan.total, 3),
                    wish.marks,
                )
            )
        )

    def _resume(self, old: PlanMade) -> None:
        """A talk that is resumed goes by the plan that it had, and so does its next version."""
        meta = self._desk.deck.meta
        cut = self._dropped()[0]
        length, _ = cuts_of(meta).get(cut, (None, ()))
        told = old.total not in (meta.duration, length)
        self.wish = replace(self.wish, target=old.total if told else None, marks=old.marks)
        self.wish = replace(self.wish, cut=cut if length == old.total else "")
        self._of_a_cut = bool(self.wish.cut)

    @property
    def outdated(self) -> bool:
        """Whether another version of the deck is in use than the one that was read."""
        return self._for != self._desk.deck.hash

    def pace(self) -> Pace | None:
        """How the talk stands now; None where there is no plan (yet)."""
        session = self._desk.session
        slide_id = self._desk.deck.slide_id(session.position.slide)
        return pace_of(session, slide_id, self._desk.runtime.moment())

    # --- running out of time ------------------------------------------------------------------

    def drop_optional(self) -> None:
        """Drop the optional slides that are left, or take that back; a cut stays in force."""
        cut, optional = self._dropped()
        if optional or self._news(cut, True):
            self._drop(cut, not optional)
        else:
            self._nothing_left()

    def next_cut(self) -> None:
        """The next shorter version of the deck; after the shortest, the whole talk."""
        if not cuts_of(self._desk.deck.meta):
            self._desk.reports.note("the deck has no shorter versions (`cuts` in its front matter)")
            return
        shorter = self._shorter()
        dropped = self._drop(shorter, self._dropped()[1])
        if dropped and self._of_a_cut and self.facts:
            # The plan was that of a cut, without any time for what comes back.
            self.wish = replace(self.wish, cut=shorter)
            self._use(tuple(self.facts.values()), self._seen, first=False)

    def _drop(self, cut: str, optional: bool) -> bool:
        """Whether that has changed anything; else the speaker is told."""
        desk = self._desk
        before = desk.session.sequence
        desk.dispatch(c.Drop(_name(cut, optional), self._ids(cut, optional)))
        changed = desk.session.sequence != before
        if not changed:
            self._nothing_left()
        return changed

    def _nothing_left(self) -> None:
        ready = "no such slide is left" if self.facts else "the deck is still being read"
        self._desk.reports.note(f"nothing is dropped: {ready}")

    def _dropped(self) -> tuple[str, bool]:
        """The deck's cut that is in force, or nothing; and whether optional slides are dropped."""
        parts = self._desk.session.dropped_as.split("+")
        return next((one for one in parts if one != OPTIONAL), ""), OPTIONAL in parts

    def _ids(self, cut: str, optional: bool) -> tuple[str, ...]:
        _, ids = cuts_of(self._desk.deck.meta).get(cut, (0.0, ()))
        extra = (slide.id for slide in self.facts.values() if slide.optional and optional)
        return tuple(dict.fromkeys((*ids, *extra)))

    def _shorter(self) -> str:
        """The next cut after the one in force that leaves out more of what comes, or nothing."""
        names, (now, optional) = list(cuts_of(self._desk.deck.meta)), self._dropped()
        after = names.index(now) + 1 if now in names else 0
        return next((name for name in names[after:] if self._news(name, optional)), "")

    def savings(self) -> tuple[Saved, ...]:
        """What the keys for it would save now; those that save nothing are left out."""
        session = self._desk.session
        if session.plan is None or not self.facts:
            return ()
        found = []
        cut, optional = self._dropped()
        if not optional and (ids := self._news(cut, True)):
            words = f"drop {len(ids)} optional slide{'s' * (len(ids) > 1)}"
            found.append(Saved("drop_optional", words, self._worth(ids)))
        shorter = self._shorter()
        if shorter:
            ids = self._news(shorter, optional)
            found.append(Saved("next_cut", f"cut to {shorter}", self._worth(ids)))
        demo = self._demo_left()
        if demo >= 1:
            found.append(Saved("skip_demo", "the demo's final screen", demo))
        return tuple(one for one in found if one.seconds >= 1)

    def _news(self, cut: str, optional: bool) -> list[str]:
        """The slides that are still to come and that would be dropped as well."""
        deck, session = self._desk.deck, self._desk.session
        here = session.position.slide
        known = ((one, deck.index_of(one)) for one in self._ids(cut, optional))
        return [
            one for one, at in known if at is not None and at > here and one not in session.dropped
        ]

    def _worth(self, ids: Sequence[str]) -> float:
        plan = self._desk.session.plan
        shares = dict(zip(plan.ids, plan.seconds, strict=False)) if plan is not None else {}
        return sum(shares.get(one, 0.0) for one in ids)

    def _demo_left(self) -> float:
        """Seconds that the steps of the demo in view take that have not been shown."""
        desk, session = self._desk, self._desk.session
        demo = desk.demo(session.position)
        if demo is None:
            return 0.0
        slide = self.facts.get(desk.deck.slide_id(session.position.slide))
        steps = slide.demos.get(demo.name, ()) if slide is not None else ()
        lane = session.lanes.get(demo.name)
        shown = lane.results if lane is not None else {}
        return sum(seconds for step, seconds in enumerate(steps) if step not in shown)


def _name(cut: str, optional: bool) -> str:
    """That of `events.SlidesDropped`."""
    return "+".join(filter(None, (cut, OPTIONAL if optional else "")))


def plan_of(
    facts: Sequence[SlideFacts], meta: Meta, wish: Wish, past: Mapping[str, float]
) -> TalkPlan:
    """The plan that a deck of these facts makes for what the speaker wants."""
    cuts = cuts_of(meta)
    length, gone = cuts.get(wish.cut, (None, ()))
    return make_plan(
        facts,
        meta.duration,
        target=wish.target or length,
        past=past,
        dropped=frozenset(gone),
        cuts=cuts,
    )


def describe(deck: Deck) -> TalkDescribed:
    """What a deck says of the talk that is given with it."""
    meta = deck.meta
    audience, links = meta.extra.get("audience"), meta.extra.get("links")
    return TalkDescribed(
        title=meta.title,
        authors=meta.authors,
        event=meta.event,
        location=meta.location,
        date=meta.date,
        audience=audience if isinstance(audience, str) else "",
        links=tuple(map(str, links if isinstance(links, list) else [links] if links else [])),
        duration=meta.duration or 0.0,
    )
