"""The plan: what the deck says, or spread anew, and what to cut where it cannot fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.model import Meta
from presenter.talk.plan import LEAST_SECONDS, SlideFacts, cuts_of, make_plan

TITLE = SlideFacts("title", "Talk", share=0.0)


def slide(name: str, share: float | None = None, **told: object) -> SlideFacts:
    return SlideFacts(name, name.title(), share, **told)  # type: ignore[arg-type]


def seconds(*slides: SlideFacts, **wish: object) -> list[float]:
    plan = make_plan(slides, **wish)  # type: ignore[arg-type]
    return [round(share.seconds, 3) for share in plan.shares]


def test_what_the_deck_says_holds_and_leaves_what_is_left() -> None:
    plan = make_plan([TITLE, slide("a", 60), slide("b", 30)], 120)
    assert [share.seconds for share in plan.shares] == [0, 60, 30]
    assert (plan.total, plan.spread, plan.fits) == (120, 90, True)


def test_slides_without_a_time_share_the_rest_by_what_they_need() -> None:
    found = seconds(slide("a", 60), slide("b", note_words=130), slide("c", note_words=260),
                    duration=240)  # fmt: skip
    assert found == [60, 60, 120]


def test_without_any_time_the_plan_is_what_is_to_be_expected() -> None:
    plan = make_plan([slide("a", note_words=130, presses=2), slide("b")])
    assert [share.seconds for share in plan.shares] == [64, LEAST_SECONDS]
    assert plan.total == plan.spread


def test_past_times_count_where_the_deck_says_nothing() -> None:
    assert seconds(slide("a", 60), slide("b"), past={"a": 90.0, "b": 40.0}) == [60, 40]


def test_a_target_spreads_the_plan_by_past_times_first() -> None:
    found = seconds(slide("a", 60), slide("b", 60), target=120, past={"a": 30.0, "b": 90.0})
    assert found == [30, 90]


def test_a_demo_keeps_the_time_that_it_plays() -> None:
    demo = slide("demo", 40, demos={"pods": (20.0, 10.0)}, presses=2)
    assert demo.demo_seconds == 30
    found = seconds(slide("a", 60), demo, target=76)
    assert found == [44, 32]


def test_what_cannot_fit_says_what_to_cut_optional_slides_first() -> None:
    slides = [
        TITLE, slide("a", 100), slide("b", 50, optional=True), slide("c", 80, optional=True),
        slide("d", 60, demos={"pods": (30.0,)}),
    ]  # fmt: skip
    plan = make_plan(slides, target=150)
    assert not plan.fits
    assert [(cut.words, cut.seconds) for cut in plan.cuts] == [
        ("leave out the optional slide `C`", 80),
        ("leave out the optional slide `B`", 50),
    ][: len(plan.cuts)]
    assert [cut.ids for cut in plan.cuts] == [("c",), ("b",)][: len(plan.cuts)]
    harder = make_plan(slides, target=90)
    assert [cut.words for cut in harder.cuts][2:] == [
        "show the final screen of pods at once",
        "leave out `A`",
    ][: len(harder.cuts) - 2]
    assert len(harder.cuts) > 2


def test_the_decks_own_cut_goes_before_single_slides() -> None:
    slides = [slide("a", 100), slide("b", 100), slide("c", 100)]
    cuts = {"3m": (180.0, ("a",)), "2m": (120.0, ("a", "b"))}
    assert [cut.words for cut in make_plan(slides, target=160, cuts=cuts).cuts] == [
        "take the deck's cut `3m`"
    ]
    assert [cut.words for cut in make_plan(slides, target=80, cuts=cuts).cuts] == [
        "take the deck's cut `2m`"
    ]
    assert "leave out" in make_plan(slides, target=20, cuts=cuts).cuts[0].words


def test_dropped_slides_have_no_part_in_it() -> None:
    plan = make_plan([slide("a", 60), slide("b", 60)], dropped=frozenset({"a"}))
    assert [share.id for share in plan.shares] == ["b"]


@pytest.mark.parametrize(
    ("given_cuts", "found"),
    [
        ({"20m": ["a"], "30m": ["b", 7]}, {"30m": (1800, ("b", "7")), "20m": (1200, ("a",))}),
        ({"soon": ["a"], "20m": "a"}, {}),
        ("20m", {}),
        (None, {}),
    ],
)
def test_cuts_are_read_the_longest_first(given_cuts: object, found: object) -> None:
    cuts = cuts_of(Meta(extra={"cuts": given_cuts}))
    assert cuts == found
    assert list(cuts) == sorted(cuts, key=lambda name: -cuts[name][0])


facts = st.builds(
    SlideFacts,
    id=st.uuids().map(str),
    title=st.text(max_size=4),
    share=st.none() | st.floats(0, 600),
    optional=st.booleans(),
    note_words=st.integers(0, 500),
    text_words=st.integers(0, 200),
    presses=st.integers(0, 9),
    demos=st.dictionaries(st.text(max_size=3), st.lists(st.floats(0, 60)).map(tuple), max_size=2),
)


@given(
    slides=st.lists(facts, min_size=1, max_size=12),
    target=st.floats(1, 7200),
    past=st.dictionaries(st.text(max_size=3), st.floats(0, 600)),
)
def test_a_target_is_always_met_and_nothing_is_negative(
    slides: list[SlideFacts], target: float, past: dict[str, float]
) -> None:
    plan = make_plan(slides, 2700, target=target, past=past)
    assert all(share.seconds >= 0 for share in plan.shares)
    if any(share.need for share in plan.shares):
        assert plan.spread == pytest.approx(target, rel=1e-6)
    assert plan.fits == (not plan.cuts)
    assert sum(cut.seconds for cut in plan.cuts) <= sum(s.need for s in plan.shares) + 1e-6


def test_shares_beyond_the_decks_own_time_do_not_fit() -> None:
    plan = make_plan([TITLE, slide("a", 240), slide("b", 300, optional=True)], 180)
    assert [share.seconds for share in plan.shares] == [0, 240, 300]
    assert not plan.fits
    assert plan.cuts[0].words == "leave out the optional slide `B`"
    assert make_plan([slide("a", 60), slide("b", 120)], 180).fits
