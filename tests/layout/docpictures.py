"""The pictures of the documentation that `presenter shot` cannot make: a rehearsal, as it stands.

`python -m tests.layout.docpictures FOLDER`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.demo.clock import SimulatedClock
from presenter.demo.reports import Reports
from presenter.demo.speaker import Speaker
from presenter.layout.frame import Size
from presenter.layout.paint import paint_png
from presenter.layout.speaker import SpeakerView, speaker_frame
from presenter.samples import find_deck
from presenter.talk import commands as c
from presenter.talk.wish import Wish
from presenter.ui.bindings import KEYS, shown
from presenter.ui.speakerscreen import HINTS, SAVING
from presenter.wiring.desk import make_desk
from presenter.wiring.pacing import make_pacer

LATE = 1.12
"""Times as long as planned."""


async def draw(folder: Path) -> None:
    """A rehearsal of Istio 101 that is late, at its ninth minute, and what its speaker sees."""
    clock, deck = SimulatedClock(), open_deck(find_deck("istio-101"))
    desk = make_desk(deck, Reports(), clock=clock)
    pacer = desk.pacer = make_pacer(desk, Wish(marks=(900.0, 1800.0), bar=True))
    desk.runtime.start("istio-101.md", deck.hash, "1", purpose="rehearsal")
    await pacer.prepare()
    plan = desk.session.plan
    assert plan is not None
    for slide_id, seconds in zip(plan.ids, plan.seconds, strict=True):
        if slide_id == "services-and-pods":
            break
        await clock.advance(seconds * LATE + 3)
        desk.dispatch(c.NextSlide())
    for command in (c.Next(), c.Typed(), c.Skip()):
        desk.dispatch(command)
    await clock.advance(40)
    size = Size(100, 30)
    folder.joinpath("rehearsal-100x30.png").write_bytes(
        paint_png(desk.view.frame(size), desk.view.theme)
    )
    keys = {key.id: shown(key.keys.split(",")[0]) for key in KEYS}
    view = SpeakerView(
        Speaker(desk).state(),
        wall="14:05",
        link="in step",
        hints=[f"{keys[name]} {word}" for name, word in HINTS],
        keys={action: keys[name] for action, name in SAVING.items()},
    )
    wide = Size(130, 34)
    folder.joinpath("speaker-130x34.png").write_bytes(
        paint_png(speaker_frame(view, wide, desk.view.theme), desk.view.theme)
    )
    desk.close()


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
