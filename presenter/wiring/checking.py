"""`presenter check`: the checks of a deck, put together, and what follows from them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presenter.deck.deck import Deck
from presenter.deck.model import Demo, DemoKind
from presenter.demo.folders import state_dir
from presenter.demo.preflight.commands import commands_parse
from presenter.demo.preflight.credentials import credentials_last
from presenter.demo.preflight.desktop import notifications, power, sleep
from presenter.demo.preflight.machine import disk_has_room, programs_there, terminal_will_do
from presenter.demo.preflight.slides import (
    below,
    cuts_are_slides,
    deck_problems,
    fallbacks,
    needs_are_named,
    queries_can_be_read,
    questions_can_be_read,
    requests_are_complete,
    slides_fit,
)
from presenter.demo.preflight.subject import Subject, Terminal
from presenter.demo.preflight.world import WATCH_SECONDS, Survey, survey, world_issues
from presenter.demo.venues import keep_silence
from presenter.errors import PresenterError, RecordingError
from presenter.layout.frame import Size
from presenter.layout.theme import theme
from presenter.live.environment import shell_environment
from presenter.live.probes import PROBE_SECONDS, Prober
from presenter.settings import Settings
from presenter.talk.health import Thresholds
from presenter.talk.preflight import Asked, Issue, Level, Live, Row, in_order, is_go, rows
from presenter.ui.curtain import terminal_depth
from presenter.ui.plain import terminal_encoding
from presenter.wiring.choices import choose_theme, choose_thresholds
from presenter.wiring.desk import deck_materials
from presenter.wiring.live import working_folder
from presenter.wiring.tools import other_versions, recorded_tools, versions_of

Check = Callable[[Subject], Iterable[Issue]]

CHECKS: tuple[Check, ...] = (
    deck_problems,
    cuts_are_slides,
    questions_can_be_read,
    needs_are_named,
    requests_are_complete,
    queries_can_be_read,
    fallbacks,
    slides_fit,
    terminal_will_do,
    disk_has_room,
)
"""Those that start and contact nothing, in the order in which their issues are shown.

Behind them comes `programs_there`, which leaves out what no shell can read.
"""


@dataclass(frozen=True)
class Checked:
    """All that was found."""

    deck: Deck
    rows: list[Row]
    issues: list[Issue]
    survey: Survey | None
    """Of the world; None where nobody was asked."""
    thresholds: Thresholds
    """Those of the next talk."""
    seconds: float
    """What it took."""

    @property
    def go(self) -> bool:
        return is_go(self.issues)


def check_deck(
    deck: Deck, settings: Settings, terminal: Size | None, *,
    trusted: bool, static: bool, watch: float | None = None,
) -> Checked:  # fmt: skip
    """Look at everything that a talk with the deck needs; `watch`: seconds of heartbeats.

    `trusted`: the user has said yes to the deck; `static`: nothing is started, nobody contacted.
    """
    began = time.monotonic()
    subject = _subject(deck, settings, terminal)
    issues: list[Issue] = []
    found = None
    if trusted and not static:
        folder = working_folder(deck)
        seconds = WATCH_SECONDS if watch is None else watch
        issues, found = asyncio.run(_all(subject, folder, seconds))
    else:
        issues = [*_at_rest(subject), *_programs(subject)]
        if not static:
            issues.append(_untrusted(subject))
    if found is not None and found.silence is not None:
        try:
            keep_silence(deck.path, found.silence, datetime.now().astimezone())
        except PresenterError as error:
            what = f"what was measured is not kept: {error.message}"
            issues.append(Issue(Level.WARNING, str(state_dir()), what, error.hint))
    silence = found.silence or 0.0 if found is not None else 0.0
    issues = in_order(issues)
    return Checked(
        deck,
        rows(_asked(subject, trusted=trusted, static=static), issues),
        issues,
        found,
        choose_thresholds(settings, silence),
        time.monotonic() - began,
    )


def _subject(deck: Deck, settings: Settings, terminal: Size | None) -> Subject:
    environment = os.environ
    return Subject(
        deck=deck,
        slides=tuple(deck.slide(index) for index in range(len(deck))),
        materials=deck_materials(deck),
        theme=theme(choose_theme(None, settings, deck)),
        terminal=Terminal(
            terminal,
            environment.get("TERM", ""),
            terminal_depth(),
            terminal_encoding(environment),
        ),
        environment=shell_environment(environment),
        state=state_dir(),
    )


def _at_rest(subject: Subject) -> list[Issue]:
    return [issue for check in CHECKS for issue in check(subject)]


def _programs(subject: Subject, unread: Iterable[Issue] = ()) -> list[Issue]:
    return list(programs_there(subject, {issue.where for issue in unread}))


async def _all(subject: Subject, folder: Path, watch: float) -> tuple[list[Issue], Survey]:
    """Everything at once: what is slow waits for answers, and not for what is being laid out."""
    prober = Prober(subject.environment, folder)
    until = time.monotonic() + PROBE_SECONDS
    try:
        at_rest = asyncio.to_thread(_at_rest, subject)
        parsed = asyncio.to_thread(lambda: list(commands_parse(subject, until)))
        takes = await asyncio.to_thread(_recorded_tools, subject)
        issues, unread, found, versions, outside = await asyncio.gather(
            at_rest,
            parsed,
            survey(subject, prober, watch),
            versions_of(recorded_tools(takes), prober),
            asyncio.to_thread(
                lambda: [*credentials_last(subject), *power(), *sleep(), *notifications()]
            ),
        )
    finally:
        prober.close()
    missing = _programs(subject, unread)
    others = other_versions(takes, versions, str(subject.deck.path))
    return [*issues, *unread, *missing, *world_issues(subject, found), *others, *outside], found


def _recorded_tools(subject: Subject) -> dict[str, Mapping[str, str]]:
    """The versions that the recordings name, by their demos."""
    found: dict[str, Mapping[str, str]] = {}
    for _, demo in subject.demos:
        with suppress(RecordingError):  # which is told where fallbacks are looked at
            take = subject.materials.take(demo) if demo.kind is not DemoKind.CAST else None
            told = take.provenance if take is not None else None
            if told is not None and told.tools:
                found[demo.name] = told.tools
    return found


def _untrusted(subject: Subject) -> Issue:
    names = dict.fromkeys(demo.name for demo, _ in subject.live_steps())
    what = "it is not trusted: nothing of it was run, and nobody contacted"
    todo = f"presenter trust {subject.deck.path}"
    return Issue(Level.NO_GO, str(subject.deck.path), what, todo, tuple(names))


def _asked(subject: Subject, *, trusted: bool, static: bool) -> list[Asked]:
    live_ones = {demo.name for demo, _ in subject.live_steps()}

    def live(demo: Demo) -> Live:
        if demo.name not in live_ones:
            return Live.NEVER
        if static:
            return Live.UNCHECKED
        return Live.GO if trusted else Live.UNTRUSTED

    return [
        Asked(demo.name, slide, live(demo), below(subject, demo)) for slide, demo in subject.demos
    ]
