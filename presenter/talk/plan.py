"""How long each slide of a talk is to take: as the deck says, or spread anew over a length. Pure.

Times are in seconds. A slide's need is what it took before, else what the deck says, else what its
notes, its text and its demos let expect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presenter.deck.model import Meta
from presenter.deck.text import seconds as seconds_of

SPOKEN_WORDS = 130 / 60
"""Words of notes that are spoken in a second: 130 a minute, the pace of a calm talk."""
READ_WORDS = 200 / 60
"""Words of a slide that an audience reads in a second."""
PRESS_SECONDS = 2.0
LEAST_SECONDS = 5.0
"""For a slide that says nothing."""
TIGHTEST = 0.75
"""Of what the slides need, a plan may leave this share: faster, a talk is cut, not hurried."""


@dataclass(frozen=True, slots=True)
class SlideFacts:
    """What the plan needs to know of a slide."""

    id: str
    title: str = ""
    share: float | None = None
    """`<!-- time: … -->`."""
    optional: bool = False
    note_words: int = 0
    text_words: int = 0
    presses: int = 0
    demo_seconds: float = 0.0
    """For typing and playing all of its demos, as they were recorded."""
    demos: tuple[str, ...] = ()

    @property
    def estimate(self) -> float:
        """Seconds, where nobody has said or measured anything."""
        spoken = self.note_words / SPOKEN_WORDS + self.text_words / READ_WORDS
        return max(spoken + self.presses * PRESS_SECONDS + self.demo_seconds, LEAST_SECONDS)

    @property
    def least(self) -> float:
        """Seconds below which it cannot be shown at all: its demos play, its presses are made."""
        return max(self.demo_seconds + self.presses, LEAST_SECONDS)


@dataclass(frozen=True, slots=True)
class Share:
    """One slide of a plan."""

    id: str
    title: str
    seconds: float
    need: float
    """What it would take without any hurry."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Saving:
    """Something that could be left out."""

    words: str
    ids: tuple[str, ...]
    seconds: float
    """Of the plan's time that it saves."""


@dataclass(frozen=True, slots=True)
class TalkPlan:
    """A share for each slide, in the deck's order."""

    shares: tuple[Share, ...]
    total: float
    """Seconds that the talk is to take; more than the shares where the deck leaves room."""
    fits: bool = True
    cuts: tuple[Saving, ...] = ()
    """What to leave out, one after the other, until it fits; empty where it fits."""

    @property
    def spread(self) -> float:
        """Seconds of all shares."""
        return sum(share.seconds for share in self.shares)


def cuts_of(meta: Meta) -> dict[str, tuple[float, tuple[str, ...]]]:
    """The deck's shorter versions: by their length as written, seconds and ids left out.

    The longest first; what is not as it should be is left out (the deck's problems name it).
    """
    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    given = meta.extra.get("cuts")
    for length, ids in given.items() if isinstance(given, Mapping) else ():
        total = seconds_of(str(length))
        if total is not None and isinstance(ids, list):
            found[str(length)] = (total, tuple(str(one) for one in ids))
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def make_plan(
    slides: Sequence[SlideFacts],
    duration: float | None = None,
    *,
    target: float | None = None,
    past: Mapping[str, float] | None = None,
    dropped: frozenset[str] = frozenset(),
) -> TalkPlan:
    """The plan that the deck makes; with `target`, one that is spread anew over so many seconds.

    `past`: what slides took before, by their ids; without a target only those slides use it that
    the deck gives no time. `dropped` slides get none.
    """
    past = past or {}
    kept = [slide for slide in slides if slide.id not in dropped]
    if target is not None:
        return _spread_anew(kept, target, past)
    needs = [_first(slide.share, past.get(slide.id), slide.estimate) for slide in kept]
    free = [n for n, slide in enumerate(kept) if slide.share is None]
    if duration is not None and free:
        left = max(duration - sum(slide.share or 0.0 for slide in kept), 0.0)
        whole = sum(needs[n] for n in free)
        for n in free:
            needs[n] *= left / whole
    shares = tuple(
        Share(slide.id, slide.title, need, need, slide.optional)
        for slide, need in zip(kept, needs, strict=True)
    )
    return TalkPlan(shares, duration if duration is not None else sum(needs))


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _spread_anew(kept: Sequence[SlideFacts], target: float, past: Mapping[str, float]) -> TalkPlan:
    needs = [_need(slide, past) for slide in kept]
    least = [min(slide.least, need) for slide, need in zip(kept, needs, strict=True)]
    given = _poured(needs, least, target)
    shares = tuple(
        Share(slide.id, slide.title, seconds, need, slide.optional)
        for slide, seconds, need in zip(kept, given, needs, strict=True)
    )
    cuts = _to_cut(kept, needs, least, target)
    return TalkPlan(shares, target, fits=not cuts, cuts=cuts)


def _need(slide: SlideFacts, past: Mapping[str, float]) -> float:
    need = _first(past.get(slide.id), slide.share, slide.estimate)
    return max(need, LEAST_SECONDS)


def _poured(needs: Sequence[float], least: Sequence[float], target: float) -> list[float]:
    """`target` spread in proportion to the needs, but no slide below its least.

    Where even the least is too much, everything shrinks alike: the plan does not fit.
    """
    if sum(least) >= target:
        return [one * target / sum(least) for one in least]
    fixed: set[int] = set()
    while True:
        left = target - sum(least[n] for n in fixed)
        whole = sum(need for n, need in enumerate(needs) if n not in fixed)
        scale = left / whole if whole else 0.0
        low = {n for n, need in enumerate(needs) if n not in fixed and need * scale < least[n]}
        if not low:
            return [least[n] if n in fixed else need * scale for n, need in enumerate(needs)]
        fixed |= low


def _to_cut(
    kept: Sequence[SlideFacts], needs: Sequence[float], least: Sequence[float], target: float
) -> tuple[Saving, ...]:
    """Optional slides first, the longest first; then demos' final screens; then other slides."""

    def fits(need: float, floor: float) -> bool:
        return floor <= target and need * TIGHTEST <= target

    need, floor = sum(needs), sum(least)
    cuts: list[Saving] = []
    if fits(need, floor):
        return ()
    order = sorted(range(len(kept)), key=lambda n: -needs[n])
    gone: set[int] = set()
    for n in [n for n in order if kept[n].optional]:
        if fits(need, floor):
            return tuple(cuts)
        gone.add(n)
        need, floor = need - needs[n], floor - least[n]
        cuts.append(
            Saving(f"leave out the optional slide {_name(kept[n])}", (kept[n].id,), needs[n])
        )
    for n in sorted(order, key=lambda n: -kept[n].demo_seconds):
        saved = kept[n].demo_seconds
        if fits(need, floor) or saved < PRESS_SECONDS:
            break
        if n not in gone:
            need, floor = need - min(saved, needs[n]), floor - min(saved, least[n])
            words = f"show the final screen of {', '.join(kept[n].demos)} at once"
            cuts.append(Saving(words, (kept[n].id,), saved))
    for n in [n for n in order if n not in gone]:
        if fits(need, floor):
            break
        need, floor = need - needs[n], floor - least[n]
        cuts.append(Saving(f"leave out {_name(kept[n])}", (kept[n].id,), needs[n]))
    return tuple(cuts)


def _name(slide: SlideFacts) -> str:
    return f"`{slide.title or slide.id}`"
