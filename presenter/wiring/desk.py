"""A deck and what it needs to be given."""

from __future__ import annotations

from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo
from presenter.deck.trust import Fingerprint
from presenter.demo.clock import MonotonicClock, PacedClock
from presenter.demo.desk import Desk
from presenter.demo.hub import Hub
from presenter.demo.materials import Materials
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.demo.store import Journal
from presenter.talk.fallback import Mode
from presenter.talk.session import Session
from presenter.terminal import new_emulator
from presenter.wiring.live import make_live


def make_desk(
    deck: Deck,
    reports: Reports,
    *,
    journal: Journal | None = None,
    session: Session | None = None,
    speed: float = 1.0,
    mode: Mode = Mode.RECORDED,
    trusted: Fingerprint | None = None,
) -> Desk:
    """A desk for `deck`; `speed` is how many times as fast demos type and play.

    `trusted`: what the user has said yes to; None: nothing of the deck may run.
    """
    hub = Hub(reports)
    screens = Screens(hub, new_emulator, deck.meta.grid, reports)
    materials = Materials(deck, user_recordings())
    clock = MonotonicClock()
    pace = PacedClock(clock, speed) if speed != 1 else clock
    desk: Desk
    live = make_live(deck, mode, trusted, hub, screens, reports, lambda: desk.view.theme)
    runtime = Runtime(
        deck, clock, hub, screens, materials, journal, session, reports, pace=pace, live=live
    )  # fmt: skip
    desk = Desk(deck, runtime, screens, materials, reports, live)
    return desk


def recording_path(deck: Deck, demo: Demo) -> Path | None:
    """The recording that a demo would use."""
    return Materials(deck, user_recordings()).path(demo)


def user_recordings() -> Path:
    """Where recordings are kept that cannot be kept beside their deck."""
    from platformdirs import user_data_path

    return user_data_path("presenter", appauthor=False) / "recordings"
