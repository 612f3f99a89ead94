"""What the plan of a talk is made of: the deck's own files, and the talks given before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from statistics import median

from presenter.deck.deck import Deck, open_deck
from presenter.demo.desk import Desk
from presenter.demo.library import read_library
from presenter.demo.pacer import Pacer, plan_of
from presenter.demo.planfacts import read_facts
from presenter.errors import PresenterError, UsageError
from presenter.talk.clocks import clock
from presenter.talk.history import TalkRecord
from presenter.talk.plan import TIGHTEST, SlideFacts, TalkPlan, cuts_of
from presenter.talk.wish import Wish
from presenter.wiring.desk import deck_materials

GIVEN = ("", "rehearsal")
"""What tells how long a speaker takes: faults of a drill do not, nor does a talk by itself."""
LEAST_SEEN = 3.0
"""Seconds: less is no telling, but leafing."""
PAST_TALKS = 5
"""So many of the last talks and rehearsals say how long a slide takes."""


def make_pacer(desk: Desk, wish: Wish) -> Pacer:
    """The pacer of a desk; what it reads, it reads from a deck opened anew, in a thread."""
    return Pacer(desk, facts_of, past_of, wish)


def facts_of(deck: Deck) -> Sequence[SlideFacts]:
    """The facts of the deck as it is on disk now. Raises DeckError."""
    again = open_deck(deck.path, deck.os_name)
    return read_facts(again, deck_materials(again))


def need_cut(deck: Deck, name: str) -> Mapping[str, tuple[float, tuple[str, ...]]]:
    """The deck's cuts; raises UsageError where `name` is given and none of them."""
    cuts = cuts_of(deck.meta)
    if name and name not in cuts:
        has = f"it has {', '.join(cuts)}" if cuts else "its front matter has no `cuts`"
        raise UsageError(f"{deck.path}: there is no cut `{name}`", has)
    return cuts


def plan_lines(deck: Deck, wish: Wish) -> list[str]:
    """The plan in words: a line a slide, the whole, and what to cut. Raises UsageError."""
    cuts = need_cut(deck, wish.cut)
    past = past_of(deck) if wish.target or wish.cut else {}
    plan = plan_of(facts_of(deck), deck.meta, wish, past)
    width = max(len(clock(share.seconds)) for share in plan.shares)
    lines = [
        f"{clock(share.seconds):>{width}}  {share.title or share.id}"
        + ("  (optional)" if share.optional else "")
        for share in plan.shares
    ]
    room = plan.total - plan.spread
    left = f", {clock(room)} of it free" if room >= 1 else ""
    lines.append(f"{clock(plan.total)} in all{left}")
    if wish.cut:
        count = len(cuts[wish.cut][1])
        lines.append(f"left out by the cut {wish.cut}: {count} slide{'s' * (count != 1)}")
    return lines + cut_lines(plan)


def cut_lines(plan: TalkPlan) -> list[str]:
    """What to leave out, in order, with what it saves; nothing where the plan fits."""
    if plan.fits:
        return []
    need = sum(share.need for share in plan.shares)
    lines = [f"{clock(plan.total)} cannot fit what needs {clock(need)}. To make it fit:"]
    saved = 0.0
    for cut in plan.cuts:
        saved += cut.seconds
        lines.append(f"  {cut.words}: saves {clock(cut.seconds)} ({clock(need - saved)} left)")
    left = need - saved
    if plan.total + 1 < left <= plan.total / TIGHTEST + 1:
        lines.append(f"  {clock(left)} can be told in {clock(plan.total)}: up to a quarter faster")
    return lines


def _left_early(record: TalkRecord) -> str:
    """The slide on which a talk was quit before its last one: its time tells nothing."""
    last = record.positions[-1][1] if record.positions else ""
    ids = record.plan.ids if record.plan is not None else ()
    kept = [one for one in ids if one not in record.dropped]
    return last if kept and last != kept[-1] else ""


def past_of(deck: Deck) -> Mapping[str, float]:
    """For each slide, the median of the seconds that it took lately, by its id."""
    try:
        library = read_library(deck.path)
    except PresenterError:
        return {}
    given = (one for one in library.records if one.timed and one.purpose in GIVEN and one.ended)
    times: dict[str, list[float]] = {}
    for record in islice(given, PAST_TALKS):
        left_early = _left_early(record)
        for slide_id, seconds in record.slides.items():
            if seconds >= LEAST_SEEN and slide_id != left_early:
                times.setdefault(slide_id, []).append(seconds)
    return {slide_id: median(seconds) for slide_id, seconds in times.items()}
