"""A talk that plays by itself, at the pace of its plan: Istio 101, from its recordings."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.model import DemoStop
from presenter.demo.autoplay import LEAST_SECONDS, TITLE_SECONDS, Autoplay
from presenter.demo.clock import SimulatedClock
from presenter.demo.desk import Desk
from presenter.demo.pacer import describe
from presenter.demo.reports import Reports
from presenter.demo.store import Journal, create_journal, read_journal
from presenter.samples import find_deck
from presenter.talk import commands as c
from presenter.talk import events as e
from presenter.talk.history import TalkRecord, record_of
from presenter.talk.wish import AS_IT_IS, Wish
from presenter.wiring.desk import make_desk
from presenter.wiring.pacing import make_pacer

EXACT = 0.050
"""Seconds by which a time may be off."""


class Show:
    """A desk with a clock that only moves when told to, and a talk that plays by itself."""

    def __init__(self, deck: Deck, folder: Path, wish: Wish = AS_IT_IS, *, again: bool = False):
        self.clock = SimulatedClock()
        self.reports = Reports()
        journal = create_journal(deck.path, self.reports, folder)
        assert isinstance(journal, Journal)
        self.path = journal.path
        self.desk: Desk = make_desk(deck, self.reports, journal=journal, clock=self.clock)
        self.desk.pacer = make_pacer(self.desk, wish)
        self.desk.runtime.start(str(deck.path), deck.hash, "1", purpose="rehearsal")
        self.desk.dispatch(c.Tell(describe(deck)))
        self.desk.pacer.begin()
        self.auto = Autoplay(self.desk, self.clock, again=again)

    async def begin(self) -> asyncio.Task[None]:
        ready = asyncio.Event()  # the deck is read in a thread
        self.desk.runtime.subscribe(lambda _session, _events: ready.set())
        playing = asyncio.create_task(self.auto.run())
        await asyncio.wait_for(ready.wait(), 10)
        return playing

    async def wait(self, seconds: float) -> None:
        """By the second, so that whoever wakes up can begin to wait again."""
        for _ in range(int(seconds)):
            await self.clock.advance(1.0)

    async def play(self, most: float) -> TalkRecord:
        playing = await self.begin()
        while not playing.done() and self.clock.now() < most:
            await self.clock.advance(5.0)
        self.desk.close()
        assert playing.done(), f"still at {self.desk.session.position}"
        await playing
        return self.record()

    def record(self) -> TalkRecord:
        return record_of(read_journal(self.path).stamped)


@pytest.fixture
def istio() -> Deck:
    return open_deck(find_deck("istio-101"))


def everything_shown(deck: Deck, record: TalkRecord) -> None:
    """Every slide, and every step of every demo."""
    missing = [
        deck.slide_id(n) for n in range(1, len(deck)) if deck.slide_id(n) not in record.slides
    ]
    assert missing == []
    for index in range(len(deck)):
        for stop in deck.stops(index):
            if isinstance(stop, DemoStop):
                demo = deck.demos(index)[stop.demo]
                assert stop.step in [one.step for one in record.demos[demo.name]]


async def test_the_whole_of_istio_101_plays_by_itself_at_the_plans_pace(
    istio: Deck, tmp_path: Path
) -> None:
    show = Show(istio, tmp_path)
    record = await show.play(3000.0)
    everything_shown(istio, record)
    assert record.ended == "played to its end"
    assert not show.reports.lines
    plan = record.plan
    assert plan is not None
    assert record.seconds == pytest.approx(sum(plan.seconds), abs=EXACT)
    for slide_id, share in zip(plan.ids[1:], plan.seconds[1:], strict=True):
        assert record.slides[slide_id] == pytest.approx(share, abs=EXACT), slide_id
    came, meant = {one: at for at, one in record.positions}, 0.0
    for slide_id, share in zip(plan.ids[1:], plan.seconds[1:], strict=True):
        assert came[slide_id] == pytest.approx(meant, abs=EXACT), "nothing drifts"
        meant += share
    rungs = {step.rung for steps in record.demos.values() for step in steps}
    assert "live" not in rungs
    assert record.backs == ()


async def test_ten_minutes_of_it_are_exact(istio: Deck, tmp_path: Path) -> None:
    """Of the talk spread over ten minutes, where many a demo takes longer than its slide has."""
    show = Show(istio, tmp_path, Wish(target=600.0))
    record = await show.play(700.0)
    everything_shown(istio, record)
    assert record.seconds == pytest.approx(600, abs=EXACT)


async def test_a_cut_leaves_its_slides_out(istio: Deck, tmp_path: Path) -> None:
    record = await Show(istio, tmp_path, Wish(cut="20m")).play(1300.0)
    assert record.seconds == pytest.approx(1200, abs=EXACT)
    assert record.dropped_as == "20m"
    assert record.dropped
    assert not set(record.dropped) & set(record.slides)


async def test_a_question_holds_it_and_the_speaker_goes_on(istio: Deck, tmp_path: Path) -> None:
    show = Show(istio, tmp_path)
    playing = await show.begin()
    await show.wait(30.0)
    show.desk.dispatch(c.TakeQuestion())
    here = show.desk.session.position
    await show.wait(600.0)
    assert show.desk.session.position == here
    show.desk.dispatch(c.NextSlide())
    at = show.desk.session.position.slide
    await show.wait(600.0)
    assert show.desk.session.position.slide > at
    playing.cancel()
    show.desk.close()


async def test_a_black_screen_holds_it(istio: Deck, tmp_path: Path) -> None:
    show = Show(istio, tmp_path)
    playing = await show.begin()
    await show.wait(30.0)
    show.desk.dispatch(c.Black())
    await show.wait(300.0)
    assert show.desk.session.black
    playing.cancel()
    show.desk.close()


async def test_it_begins_again_and_plays_everything_anew(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text(
        "---\ntitle: T\nduration: 1m\n---\n\n# A\n\n```console\n$ true\n```\n\n---\n\n# B\n\nb\n"
    )
    show = Show(open_deck(path), tmp_path, again=True)
    playing = await show.begin()
    await show.wait(200.0)
    playing.cancel()
    show.desk.close()
    stamped = read_journal(show.path).stamped
    runs = [one for one in stamped if isinstance(one.event, e.StepFinished)]
    assert len(runs) >= 3
    timers = [one.at for one in stamped if isinstance(one.event, e.TimerReset | e.TimerStarted)]
    assert timers[1] - timers[0] == pytest.approx(60 + TITLE_SECONDS, abs=EXACT)


async def test_without_a_plan_it_goes_on_all_the_same(istio: Deck, tmp_path: Path) -> None:
    show = Show(istio, tmp_path)
    show.desk.pacer = None
    playing = asyncio.create_task(show.auto.run())
    await show.wait(60.0)
    assert show.desk.session.position.slide > 2
    playing.cancel()
    show.desk.close()


async def test_a_press_that_nobody_takes_is_tried_again_in_its_time(
    istio: Deck, tmp_path: Path
) -> None:
    show = Show(istio, tmp_path)
    presses: list[c.Command] = []
    show.auto.press = presses.append
    playing = await show.begin()
    await show.wait(20.0)
    assert 20 / TITLE_SECONDS - 1 <= len(presses) <= 20 / LEAST_SECONDS
    playing.cancel()
    show.desk.close()
