"""A deck and what it needs to be given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import presenter
from presenter.deck.deck import Deck
from presenter.deck.model import Demo
from presenter.deck.trust import Fingerprint
from presenter.demo.clock import Clock, MonotonicClock, PacedClock
from presenter.demo.desk import Desk
from presenter.demo.drill import Drill
from presenter.demo.hub import Hub
from presenter.demo.keeper import Keeper
from presenter.demo.liveside import LiveSide
from presenter.demo.materials import Materials
from presenter.demo.recorder import Recorder
from presenter.demo.reports import Reports
from presenter.demo.runtime import Runtime
from presenter.demo.screens import Screens
from presenter.demo.store import Journal
from presenter.recording.known import kubeconfig_values
from presenter.recording.lookup import FOLDER, is_writable
from presenter.talk.fallback import Mode
from presenter.talk.health import Thresholds
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
    thresholds: Thresholds | None = None,
    drill: Drill | None = None,
    taped: bool = False,
    clock: Clock | None = None,
) -> Desk:
    """A desk for `deck`; `speed` is how many times as fast demos type and play.

    `trusted`: what the user has said yes to; None: nothing of the deck may run. `thresholds`: after
    how much silence a server is taken to be gone. `drill`: faults that are made on purpose; nothing
    of it is kept as a take. `taped`: recordings stand in for what would run. `clock`: the talk's,
    where that is not the machine's.
    """
    hub = Hub(reports)
    screens = Screens(hub, new_emulator, deck.meta.grid, reports)
    materials = deck_materials(deck)
    clock = clock or MonotonicClock()
    pace = PacedClock(clock, speed) if speed != 1 else clock
    desk: Desk
    live = make_live(
        deck, mode, trusted, hub, screens, reports, lambda: desk.view.theme, thresholds,
        drill, taped=taped,
    )  # fmt: skip
    runtime = Runtime(
        deck, clock, hub, screens, materials, journal, session, reports, pace=pace, live=live
    )  # fmt: skip
    keeper = None if drill else _keeper(deck, hub, runtime, materials, clock, live)
    desk = Desk(deck, runtime, screens, materials, reports, live, keeper)
    return desk


def _keeper(
    deck: Deck, hub: Hub, runtime: Runtime, materials: Materials, clock: Clock, live: LiveSide
) -> Keeper:
    """What runs live is recorded from the start, and written when the speaker says so."""
    recorder = Recorder(clock.now, lambda: [os.environ, *live.shells.secrets_in()])
    hub.subscribe(recorder.on_output)
    runtime.subscribe(recorder.on_events)
    return Keeper(
        recorder,
        materials,
        live.variables,
        lambda: _kubeconfig_secrets([os.environ, *live.shells.environments()]),
        user_recordings(),
        read_only=_is_installed(deck),
    )


def _kubeconfig_secrets(environments: Iterable[Mapping[str, str]]) -> set[str]:
    """Of every kubeconfig that a shell of the talk might have used."""
    named = {environment.get("KUBECONFIG", ""): environment for environment in environments}
    return set().union(*(kubeconfig_values(one, Path.home()) for one in named.values()))


def deck_materials(deck: Deck) -> Materials:
    """The recordings of a deck, where the talk looks for them."""
    read_only = _is_installed(deck) or not is_writable(deck.root / FOLDER)
    return Materials(deck, user_recordings(), user_first=read_only)


def _is_installed(deck: Deck) -> bool:
    """Whether the deck came with the program, which another version of it replaces."""
    return deck.root.resolve().is_relative_to(Path(presenter.__file__).resolve().parent)


def recording_path(deck: Deck, demo: Demo) -> Path | None:
    """The recording that a demo would use."""
    return deck_materials(deck).path(demo)


def user_recordings() -> Path:
    """Where recordings are kept that cannot be kept beside their deck."""
    from platformdirs import user_data_path

    return user_data_path("presenter", appauthor=False) / "recordings"
