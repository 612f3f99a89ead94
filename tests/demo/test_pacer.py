"""The plan of a talk that is given: put in force, kept, and what would save time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.demo.desk import Desk
from presenter.demo.folders import STATE_VARIABLE
from presenter.demo.pacer import Pacer, describe, plan_of
from presenter.demo.reports import Reports
from presenter.demo.speaker import Speaker
from presenter.errors import DeckError
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.talk import commands as c
from presenter.talk.plan import SlideFacts
from presenter.talk.wish import AS_IT_IS, Wish
from presenter.wiring.desk import make_desk
from presenter.wiring.pacing import facts_of, make_pacer, past_of
from tests.talk.talks import Talk

DECK = """---
title: Fruit
duration: 10m
audience: gardeners
links: [https://example.org/fruit]
cuts:
  5m: [pears, plums]
  3m: [apples, pears, plums]
---

# Apples

<!-- time: 1m -->

```console +demo:count
$ echo one of the two commands that it takes a while to type
one
$ echo two of the two commands that it takes a while to type
two
```

---

# Pears

<!-- time: 2m -->
<!-- optional -->

---

# Plums

<!-- time: 3m -->

---

# Grapes

<!-- time: 1m -->
<!-- optional -->
"""


def at(folder: Path, wish: Wish = AS_IT_IS, text: str = DECK) -> Desk:
    path = folder / "fruit.md"
    path.write_text(text)
    deck = open_deck(path)
    desk = make_desk(deck, Reports())
    desk.runtime.start(str(path), deck.hash, "1")
    desk.pacer = make_pacer(desk, wish)
    return desk


async def planned(folder: Path, wish: Wish = AS_IT_IS, text: str = DECK) -> tuple[Desk, Pacer]:
    desk = at(folder, wish, text)
    assert desk.pacer is not None
    desk.pacer.begin()
    await desk.pacer.prepare()
    return desk, desk.pacer


def shares(desk: Desk) -> Mapping[str, float]:
    plan = desk.session.plan
    assert plan is not None
    return dict(zip(plan.ids, plan.seconds, strict=True))


async def test_the_decks_plan_is_put_in_force(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    assert shares(desk) == {"title": 0, "apples": 60, "pears": 120, "plums": 180, "grapes": 60}
    assert desk.session.plan is not None
    assert desk.session.plan.total == 600
    assert not pacer.outdated
    assert not desk.reports.lines


async def test_a_cut_leaves_its_slides_out_and_spreads_the_rest(tmp_path: Path) -> None:
    desk, _ = await planned(tmp_path, Wish(cut="5m", marks=(60.0,)))
    spread = {"title": 0, "apples": 150, "pears": 0, "plums": 0, "grapes": 150}
    assert shares(desk) == pytest.approx(spread)
    assert desk.session.dropped == {"pears", "plums"}
    assert desk.session.plan is not None
    assert desk.session.plan.marks == (60,)


async def test_what_is_dropped_and_what_is_saved(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    desk.dispatch(c.NextSlide())
    saved = {one.action: (one.words, one.seconds) for one in pacer.savings()}
    assert saved["drop_optional"] == ("drop 2 optional slides", 180)
    assert saved["next_cut"] == ("cut to 5m", 300)
    assert saved["skip_demo"][1] > 1
    pacer.drop_optional()
    assert desk.session.dropped == {"pears", "grapes"}
    assert [one.action for one in pacer.savings()] == ["next_cut", "skip_demo"]
    pacer.drop_optional()
    assert desk.session.dropped == frozenset()


async def test_cuts_come_one_after_the_other_and_go_again(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    seen = []
    for _ in range(4):
        pacer.next_cut()
        seen.append((desk.session.dropped_as, set(desk.session.dropped)))
    assert seen == [
        ("5m", {"pears", "plums"}),
        ("3m", {"apples", "pears", "plums"}),
        ("", set()),
        ("5m", {"pears", "plums"}),
    ]


async def test_optional_slides_are_dropped_beside_a_cut(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    pacer.next_cut()
    pacer.drop_optional()
    assert desk.session.dropped == {"pears", "plums", "grapes"}
    assert "what the cut to 5m leaves out and the optional" in _told(desk)
    pacer.drop_optional()
    assert desk.session.dropped_as == "5m"
    assert desk.session.dropped == {"pears", "plums"}


def _told(desk: Desk) -> str:
    from presenter.layout.speaker import SpeakerView, speaker_frame

    view = SpeakerView(Speaker(desk).state(), wall="", link="")
    return paint_text(speaker_frame(view, Size(120, 40), desk.view.theme))


async def test_a_cut_beside_dropped_slides_saves_what_is_left_of_it(
    tmp_path: Path,
) -> None:
    desk, pacer = await planned(tmp_path)
    desk.dispatch(c.NextSlide())
    pacer.drop_optional()
    before = pacer.pace()
    saved = {one.action: one.seconds for one in pacer.savings()}
    assert saved["next_cut"] == 180  # the pears are dropped already
    pacer.next_cut()
    after = pacer.pace()
    assert before is not None
    assert after is not None
    assert before.expected - after.expected == pytest.approx(180, abs=1)
    assert desk.session.dropped == {"pears", "plums", "grapes"}
    pacer.next_cut()  # of the one to 3m nothing is left but what is dropped already
    assert desk.session.dropped_as == "optional"
    assert desk.session.dropped == {"pears", "grapes"}


LATE = DECK.replace("  5m: [pears, plums]", "  5m: [pears]").replace(
    "[apples, pears, plums]", "[pears, plums]"
)


async def test_late_in_the_talk_the_next_cut_is_one_that_still_leaves_something_out(
    tmp_path: Path,
) -> None:
    desk, pacer = await planned(tmp_path, text=LATE)
    desk.dispatch(c.GoTo("pears"))
    assert [one.words for one in pacer.savings()] == ["drop 1 optional slide", "cut to 3m"]
    pacer.next_cut()
    assert (desk.session.dropped_as, desk.session.dropped) == ("3m", frozenset({"plums"}))
    desk.dispatch(c.GoTo("grapes"))
    pacer.drop_optional()
    assert desk.session.dropped_as == "3m", "grapes are at hand, and no other is optional"


async def test_a_cut_stays_in_force_when_the_optional_slides_come_back(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path, text=LATE)
    pacer.next_cut()
    desk.dispatch(c.GoTo("pears"))
    pacer.drop_optional()
    assert desk.session.dropped_as == "5m+optional"
    pacer.drop_optional()
    assert desk.session.dropped_as == "5m"
    assert "cut to 3m" in [one.words for one in pacer.savings()]


async def test_what_comes_back_of_a_planned_cut_is_planned_again(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path, Wish(cut="5m"))
    pacer.next_cut()
    assert desk.session.plan is not None
    assert (desk.session.dropped_as, desk.session.plan.total) == ("3m", 180)
    pacer.next_cut()
    assert (desk.session.dropped_as, desk.session.plan.total) == ("", 600)
    assert shares(desk) == {"title": 0, "apples": 60, "pears": 120, "plums": 180, "grapes": 60}
    pacer.next_cut()
    assert (desk.session.dropped_as, desk.session.plan.total) == ("5m", 300)


async def test_what_was_taken_back_stays_so_when_the_deck_changes(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path, Wish(cut="5m"))
    pacer.next_cut()
    pacer.next_cut()
    assert desk.session.dropped == frozenset()
    desk.deck.path.write_text(DECK.replace("time: 3m", "time: 4m"))
    await desk.reload(jump=False)
    await pacer.prepare()
    assert desk.session.dropped == frozenset()


async def test_the_demos_final_screen_saves_what_is_left_of_it(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    desk.dispatch(c.NextSlide())
    whole = pacer.savings()[-1].seconds
    desk.dispatch(c.Skip())
    assert pacer.savings()[-1].seconds == pytest.approx(whole / 2, rel=0.2)
    desk.dispatch(c.SkipDemo())
    assert [one for one in pacer.savings() if one.action == "skip_demo"] == []
    assert "two" in paint_text(desk.view.frame(Size(100, 30)))
    assert desk.session.position.stop == len(desk.deck.stops(1))


async def test_nothing_to_drop_is_said_to_the_speaker(tmp_path: Path) -> None:
    desk = at(tmp_path, text="# A\n\n---\n\n# B\n")
    pacer = desk.pacer
    assert pacer is not None
    pacer.drop_optional()
    assert desk.reports.lines[-1] == "nothing is dropped: the deck is still being read"
    await pacer.prepare()
    pacer.drop_optional()
    assert desk.reports.lines[-1] == "nothing is dropped: no such slide is left"
    pacer.next_cut()
    assert "no shorter versions" in desk.reports.lines[-1]
    assert pacer.savings() == ()


async def test_a_deck_that_cannot_be_read_costs_the_plan_alone(tmp_path: Path) -> None:
    desk = at(tmp_path)

    def fail(_deck: Deck) -> Sequence[SlideFacts]:
        raise DeckError("it is gone")

    pacer = desk.pacer = Pacer(desk, fail, lambda _deck: {}, AS_IT_IS)
    await pacer.prepare()
    assert desk.reports.lines == ["it is gone"]
    assert desk.session.plan is None
    assert pacer.pace() is None
    assert not pacer.outdated, "it is not tried again and again"


async def test_another_version_of_the_deck_is_planned_anew(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path)
    desk.deck.path.write_text(DECK.replace("time: 3m", "time: 4m"))
    await desk.reload(jump=False)
    assert pacer.outdated
    await pacer.prepare()
    assert shares(desk)["plums"] == 240


async def test_a_resumed_talk_keeps_the_plan_that_it_had(tmp_path: Path) -> None:
    desk, _ = await planned(tmp_path, Wish(target=300.0))
    before = desk.session.plan
    again = desk.pacer = make_pacer(desk, AS_IT_IS)
    await again.prepare()
    assert desk.session.plan == before
    assert again.savings()
    assert again.wish.target == 300
    desk.deck.path.write_text(DECK.replace("time: 3m", "time: 4m"))
    await desk.reload(jump=False)
    await again.prepare()
    assert desk.session.plan is not None
    assert desk.session.plan.total == 300


async def test_the_pace_stands_on_the_stage_of_a_rehearsal_alone(tmp_path: Path) -> None:
    for wish, shown in ((AS_IT_IS, False), (Wish(bar=True), True)):
        desk, _ = await planned(tmp_path, wish)
        desk.dispatch(c.NextSlide())
        for command in (c.Settled(), c.Black(), c.Black(), c.Freeze()):
            desk.dispatch(command)
            last = paint_text(desk.view.frame(Size(80, 24))).splitlines()[-1]
            assert ("of 1:00 here" in last) is shown


async def test_what_the_deck_says_of_the_talk(tmp_path: Path) -> None:
    said = describe(at(tmp_path).deck)
    assert (said.title, said.audience, said.duration) == ("Fruit", "gardeners", 600)
    assert said.links == ("https://example.org/fruit",)


def test_the_facts_of_a_deck(tmp_path: Path) -> None:
    title, apples, *_, grapes = facts_of(at(tmp_path).deck)
    assert (title.share, apples.share, apples.presses) == (0, 60, 2)
    assert list(apples.demos) == ["count"]
    assert apples.text_words == 1
    assert grapes.optional


def test_past_times_are_those_of_speakers_lately(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    deck = at(tmp_path).deck
    for day, (purpose, seconds) in enumerate(
        [
            ("", 900.0),
            *[("rehearsal", 10.0 * n) for n in range(1, 6)],
            ("auto", 1.0),
            ("drill", 2.0),
        ]
    ):
        wall = f"2026-05-{day + 1:02}T09:00:00+00:00"
        told = Talk("title", "apples", deck=str(deck.path.resolve()), wall=wall, purpose=purpose)
        told.start().tell(title=0.0, apples=seconds).end().write(deck.path, f"t{day}")
    assert past_of(deck)["apples"] == 30


def test_where_a_talk_was_left_early_tells_nothing_of_that_slide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    deck = at(tmp_path).deck
    shares = {"title": 0.0, "apples": 60.0, "pears": 60.0, "plums": 60.0}
    for day, told in enumerate(({"apples": 40.0, "pears": 5.0}, {"apples": 50.0, "pears": 70.0})):
        talk = Talk(*shares, deck=str(deck.path.resolve()), wall=f"2026-05-0{day + 1}T09:00:00Z")
        talk.plan(shares).start().tell(title=0.0, **told)
        (talk.tell(plums=80.0) if day else talk).end().write(deck.path, f"t{day}")
    assert past_of(deck) == {"apples": 45, "pears": 70, "plums": 80}


def test_what_slides_took_counts_for_a_target(tmp_path: Path) -> None:
    deck = at(tmp_path).deck
    plan = plan_of(facts_of(deck), deck.meta, Wish(target=300.0), {"apples": 10.0, "pears": 90.0})
    shares = {share.id: share.seconds for share in plan.shares}
    assert shares["pears"] == pytest.approx(9 * shares["apples"], rel=0.01)


async def test_a_cut_holds_from_the_first_press_on(tmp_path: Path) -> None:
    """Whatever the reading of the deck takes: the slides that are left out are known."""
    desk = at(tmp_path, Wish(cut="5m"))
    assert desk.pacer is not None
    desk.pacer.begin()
    assert desk.session.dropped == {"pears", "plums"}
    desk.dispatch(c.GoTo("apples"))
    assert Speaker(desk).state().next_title == "Grapes"
    desk.dispatch(c.NextSlide())
    assert desk.deck.slide_id(desk.session.position.slide) == "grapes"
    assert Speaker(desk).state().next_title == ""


async def test_a_dropped_slide_that_is_jumped_to_has_a_pace(tmp_path: Path) -> None:
    desk, pacer = await planned(tmp_path, Wish(cut="5m"))
    desk.dispatch(c.NextSlide())
    desk.dispatch(c.GoTo("pears"))
    pace = pacer.pace()
    assert pace is not None
    assert (pace.share, pace.total) == (0, 300)


async def test_a_broken_file_of_questions_is_told_to_the_speaker(tmp_path: Path) -> None:
    desk = at(tmp_path)
    (tmp_path / "fruit.questions.md").write_bytes(b"## bad \xff\n")
    await desk.prepared.read(desk.deck.path)
    assert "fruit.questions.md" in desk.reports.lines[-1]
