"""A picture of a slide as the stage shows it."""

from __future__ import annotations

from presenter import __version__
from presenter.deck.deck import Deck
from presenter.deck.model import DemoStop, Phase
from presenter.demo.reports import Reports
from presenter.layout.frame import Frame, Size
from presenter.layout.theme import Theme
from presenter.talk.commands import Next, SetTheme, Skip, Typed
from presenter.wiring.desk import make_desk


def picture(
    deck: Deck, slide: int, presses: int | None, size: Size, theme: str
) -> tuple[Frame, Theme]:
    """The stage after `presses` presses on a slide (None: after all), with nothing left playing."""
    desk = make_desk(deck, Reports())
    desk.runtime.start(str(deck.path), deck.hash, __version__, slide)
    desk.dispatch(SetTheme(theme))
    stops = deck.stops(slide)
    for stop in stops[: len(stops) if presses is None else presses]:
        running = isinstance(stop, DemoStop) and stop.phase is Phase.RUN
        desk.dispatch(Skip() if running else Next())
        if desk.typing:  # without an event loop nothing types by itself
            desk.dispatch(Typed())
    return desk.view.frame(size), desk.view.theme
