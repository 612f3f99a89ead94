"""The live side of a talk: shells, probes and hands, made for one deck."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.deck.trust import Fingerprint
from presenter.demo.asking import Senders
from presenter.demo.conditions import Conditions
from presenter.demo.conditions import Prober as AnyProber
from presenter.demo.drill import Drill, StruckExecutions, StruckProber
from presenter.demo.execution import Executions, InShells
from presenter.demo.hands import Hands
from presenter.demo.hub import Hub
from presenter.demo.liveside import LiveSide
from presenter.demo.readiness import Readiness
from presenter.demo.replay import StepMaterial
from presenter.demo.reports import Reports
from presenter.demo.screens import Screens
from presenter.demo.shells import Setting, Shells
from presenter.demo.taped import FairWeather, Tapes
from presenter.layout.depth import xterm_color
from presenter.layout.theme import Theme
from presenter.live.environment import shell_environment
from presenter.live.probes import Prober
from presenter.live.sender import QUERIES, REQUESTS
from presenter.samples import sample_root
from presenter.talk.fallback import Mode
from presenter.talk.health import Thresholds


class ThemeColours:
    """The colours that programs are told when they ask their terminal."""

    def __init__(self, theme: Callable[[], Theme]) -> None:
        self._theme = theme

    def foreground(self) -> str:
        return self._theme().text

    def background(self) -> str:
        return self._theme().page

    def palette(self, index: int) -> str:
        return self._theme().palette[index] if index < 16 else xterm_color(index)


_ASK = {DemoKind.HTTP: REQUESTS, DemoKind.KUBERNETES: QUERIES}
"""What the processes run that ask for data."""


def make_live(
    deck: Deck,
    mode: Mode,
    trusted: Fingerprint | None,
    hub: Hub,
    screens: Screens,
    reports: Reports,
    theme: Callable[[], Theme],
    thresholds: Thresholds | None = None,
    drill: Drill | None = None,
    *,
    taped: bool = False,
) -> LiveSide:
    """Nothing is started and nothing contacted before a step, or the speaker, needs it.

    `drill` strikes what runs and what answers; `taped`: recordings stand in for both.
    """
    environment = shell_environment(os.environ)
    folder = working_folder(deck)
    setting = Setting(
        environment=environment,
        folder=folder,
        grid=deck.meta.grid,
        screen=screens.emulator,
        colours=ThemeColours(theme),
        console=str(deck.meta.options.get("shell", "")),
        on_report=reports.note,
    )
    shells = Shells(setting)
    quiet = trusted is None or mode is Mode.RECORDED
    prober = None if quiet else _prober(environment, folder, drill, taped=taped)
    side: LiveSide
    conditions = Conditions(deck.meta.needs, lambda: side.variables(), prober, thresholds)
    grid = deck.meta.grid
    hands = Hands(hub, shells, (grid.columns, grid.rows), screens.column, reports)
    ready = Readiness(deck, mode, trusted, conditions, shells.busy)
    senders = {kind: Senders(environment, folder, module) for kind, module in _ASK.items()}
    executions = _executions(shells, senders, ready, drill, taped=taped)
    side = LiveSide(deck, ready, shells, executions, conditions, hands, senders, reports)
    return side


def _executions(
    shells: Shells,
    senders: Mapping[DemoKind, Senders],
    ready: Readiness,
    drill: Drill | None,
    *,
    taped: bool,
) -> Executions:
    real = InShells(shells, senders)
    if drill is None:
        return real

    def material(demo: Demo, step: int) -> StepMaterial:
        return ready.supply.material(demo, step) if ready.supply else StepMaterial("card", ())

    return StruckExecutions(Tapes(material, drill.clock) if taped else real, drill)


def _prober(
    environment: Mapping[str, str], folder: Path, drill: Drill | None, *, taped: bool
) -> AnyProber:
    prober: AnyProber = FairWeather() if taped else Prober(environment, folder)
    return prober if drill is None else StruckProber(prober, drill.weather)


def working_folder(deck: Deck) -> Path:
    """Where a deck's commands begin: its root; for a talk of the program, the present folder."""
    root = deck.root.resolve()
    return Path.cwd() if root.is_relative_to(sample_root().resolve()) else root
