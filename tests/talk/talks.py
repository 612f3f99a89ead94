"""Journals as talks leave them, told slide by slide; for what works on talks that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from presenter.demo.store import deck_id, journals_dir
from presenter.talk import events as e
from presenter.talk.history import TalkRecord, record_of
from presenter.talk.journal import encode

DECK = "/decks/talk.md"


class Talk:
    """Events as they come; its clock moves by what happens."""

    def __init__(
        self,
        *slides: str,
        deck: str = DECK,
        wall: str = "2026-05-04T14:10:00+02:00",
        purpose: str = "rehearsal",
        source: str = "",
    ) -> None:
        """`slides`: the ids of the deck."""
        self.ids = slides
        self.stamped: list[e.Stamped] = []
        self.at = 0.0
        self.wall = wall
        self.here = slides[0]
        started = e.SessionStarted(deck, "h1", wall, "1.0", purpose, slides[0], source)
        self.add(started)

    def add(self, event: e.Event) -> Talk:
        when = datetime.fromisoformat(self.wall) + timedelta(seconds=self.at)
        self.stamped.append(e.Stamped(len(self.stamped) + 1, self.at, when.isoformat(), event))
        return self

    def plan(
        self,
        shares: Mapping[str, float],
        total: float = 0.0,
        marks: tuple[float, ...] = (),
        titles: tuple[str, ...] = (),
    ) -> Talk:
        titles = titles or tuple(one.title() for one in shares)
        seconds = tuple(shares.values())
        return self.add(e.PlanMade(tuple(shares), titles, seconds, total or sum(seconds), marks))

    def start(self) -> Talk:
        return self.add(e.TimerStarted())

    def wait(self, seconds: float) -> Talk:
        self.at += seconds
        return self

    def go(self, slide: str) -> Talk:
        self.here = slide
        return self.add(e.Moved(self.ids.index(slide), slide, 0))

    def tell(self, **seconds: float) -> Talk:
        """Slide after slide for so long; the first is the one at hand."""
        for slide, lasting in seconds.items():
            if slide != self.here:
                self.go(slide)
            self.wait(lasting)
        return self

    def step(
        self, demo: str, step: int, rung: str, seconds: float, *, fell: str = "", reason: str = ""
    ) -> Talk:
        """A step on a rung; `fell`: the one that it ended on."""
        self.add(e.StepStarted(demo, step, 1, rung, "" if fell else reason)).wait(seconds)
        if fell:
            self.add(e.StepFell(demo, step, fell, reason))
        end = e.StepFinished(demo, step, fell or rung, 0, seconds, reason=reason)
        return self.add(end)

    def question(self, text: str, seconds: float) -> Talk:
        """Asked, and answered for so long while the plan's clock stands still."""
        self.add(e.PlanPaused(on=True)).add(e.QuestionNoted(text, self.here)).wait(seconds)
        return self.add(e.PlanPaused(on=False))

    def dies(self) -> Talk:
        """The last thing that the journal has is a black screen, and no end."""
        return self.add(e.BlackSet(on=True))

    def end(self) -> Talk:
        return self.add(e.SessionEnded("quit"))

    def record(self, name: str = "") -> TalkRecord:
        return record_of(self.stamped, name)

    def write(self, deck: Path, name: str, root: Path | None = None) -> Path:
        """As a journal of that deck's in a state directory."""
        path = journals_dir(root) / deck_id(deck) / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(map(encode, self.stamped)), "ascii")
        return path
