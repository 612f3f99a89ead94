"""How long each slide of a talk is to take: as the deck says, or spread anew over a length. Pure.

Times are in seconds. A slide's need is what it took before, else what the deck says, else what its
notes, its text and its demos let expect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from presenter.deck.model import Meta
from presenter.deck.text import seconds as seconds_of

SPOKEN_WORDS = 130 / 60
"""Words of notes that are spoken in a second: 130 a minute, the pace of a calm talk."""
READ_WORDS = 200 / 60
"""Words of a slide that an audience reads in a second."""
PRESS_SECONDS = 2.0
WORTHWHILE = 10.0
"""Seconds of a demo that are worth a key of their own to save them."""
LEAST_SECONDS = 5.0
"""For a slide that says nothing."""
ALMOST = 0.5
"""Seconds that no plan is wrong by."""
TIGHTEST = 0.75
"""Of what the slides need, a plan may leave this share: faster, a talk is cut, not hurried."""


@dataclass(frozen=True, slots=True)
class SlideFacts:
    """What the plan needs to know of a slide."""

    id: str
    title: str = ""
    share: float | None = None
    """`<!-- time: … -->`; 0 for the slide that stands there before the timer starts."""
    optional: bool = False
    note_words: int = 0
    text_words: int = 0
    presses: int = 0
    demos: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """For each demo, the seconds for typing and playing each of its steps, as recorded."""

    @property
    def demo_seconds(self) -> float:
        """For all of its demos."""
        return sum(map(sum, self.demos.values()))

    @property
    def estimate(self) -> float:
        """Seconds, where nobody has said or measured anything."""
        spoken = self.note_words / SPOKEN_WORDS + self.text_words / READ_WORDS
        return max(spoken + self.presses * PRESS_SECONDS + self.demo_seconds, LEAST_SECONDS)

    @property
    def least(self) -> float:
        """Seconds below which it cannot be shown at all: its demos play, its presses are made."""
        if self.share == 0:
            return 0.0
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
    cuts: Mapping[str, tuple[float, tuple[str, ...]]] = MappingProxyType({}),
) -> TalkPlan:
    """The plan that the deck makes; with `target`, one that is spread anew over so many seconds.

    `past`: what slides took before, by their ids; without a target only those slides use it that
    the deck gives no time. `dropped` slides get none. `cuts`: those of `cuts_of`.
    """
    past = past or {}
    kept = [slide for slide in slides if slide.id not in dropped]
    if target is not None:
        return _spread_anew(kept, target, past, cuts)
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
    if duration is None:
        return TalkPlan(shares, sum(needs))
    # Shares that the deck names itself are kept, though they be too much: then it says what to cut.
    least = [min(slide.least, need) for slide, need in zip(kept, needs, strict=True)]
    left_out = _Left(kept, needs, least, duration, tightest=1.0)
    saved = () if left_out.fits else left_out.by_a_cut(cuts) or left_out.one_by_one()
    return TalkPlan(shares, duration, fits=not saved, cuts=saved)


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _spread_anew(
    kept: Sequence[SlideFacts],
    target: float,
    past: Mapping[str, float],
    cuts: Mapping[str, tuple[float, tuple[str, ...]]],
) -> TalkPlan:
    needs = [_need(slide, past) for slide in kept]
    least = [min(slide.least, need) for slide, need in zip(kept, needs, strict=True)]
    given = _poured(needs, least, target)
    shares = tuple(
        Share(slide.id, slide.title, seconds, need, slide.optional)
        for slide, seconds, need in zip(kept, given, needs, strict=True)
    )
    left_out = _Left(kept, needs, least, target)
    saved = () if left_out.fits else left_out.by_a_cut(cuts) or left_out.one_by_one()
    return TalkPlan(shares, target, fits=not saved, cuts=saved)


def _need(slide: SlideFacts, past: Mapping[str, float]) -> float:
    if slide.share == 0:
        return 0.0
    return max(_first(past.get(slide.id), slide.share, slide.estimate), LEAST_SECONDS)


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


class _Left:
    """What is left of a talk while something is left out of it."""

    def __init__(
        self,
        kept: Sequence[SlideFacts],
        needs: Sequence[float],
        least: Sequence[float],
        target: float,
        tightest: float = TIGHTEST,
    ) -> None:
        self._tightest = tightest
        self._kept, self._needs, self._least, self._target = kept, needs, least, target
        self._need, self._floor = sum(needs), sum(least)
        self._gone: set[int] = set()
        self._savings: list[Saving] = []

    @property
    def fits(self) -> bool:
        return self._fit(self._need, self._floor, self._target)

    def by_a_cut(
        self, cuts: Mapping[str, tuple[float, tuple[str, ...]]]
    ) -> tuple[Saving, ...] | None:
        """The mildest of the deck's own cuts that makes it fit; None where none does."""
        for name, (_, ids) in cuts.items():
            gone = [n for n, slide in enumerate(self._kept) if slide.id in ids]
            need = sum(self._needs[n] for n in gone)
            floor = sum(self._least[n] for n in gone)
            if self._fit(self._need - need, self._floor - floor, self._target):
                slides = tuple(self._kept[n].id for n in gone)
                return (Saving(f"take the deck's cut `{name}`", slides, need),)
        return None

    def _fit(self, need: float, floor: float, target: float) -> bool:
        room = target + ALMOST
        return floor <= room and need * self._tightest <= room

    def one_by_one(self) -> tuple[Saving, ...]:
        """Optional slides first, the longest first; then demos' final screens; then the others."""
        order = sorted(range(len(self._kept)), key=lambda n: -self._needs[n])
        for n in [n for n in order if self._kept[n].optional]:
            self._leave_out(n, "the optional slide ")
        for n in sorted(order, key=lambda n: -self._kept[n].demo_seconds):
            self._show_at_once(n)
        for n in order:
            self._leave_out(n)
        return tuple(self._savings)

    def _leave_out(self, n: int, what: str = "") -> None:
        if self.fits or n in self._gone or not self._needs[n]:
            return
        slide = self._kept[n]
        self._gone.add(n)
        self._need -= self._needs[n]
        self._floor -= self._least[n]
        words = f"leave out {what}`{slide.title or slide.id}`"
        self._savings.append(Saving(words, (slide.id,), self._needs[n]))

    def _show_at_once(self, n: int) -> None:
        slide = self._kept[n]
        saved = min(slide.demo_seconds, self._needs[n], self._least[n])
        if self.fits or n in self._gone or saved < WORTHWHILE:
            return
        self._need -= saved
        self._floor -= saved
        self._needs = [need - saved * (m == n) for m, need in enumerate(self._needs)]
        self._least = [least - saved * (m == n) for m, least in enumerate(self._least)]
        words = f"show the final screen of {', '.join(slide.demos)} at once"
        self._savings.append(Saving(words, (slide.id,), saved))
