"""A talk in its window: given from the start, or resumed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from presenter import __version__
from presenter.deck.deck import Deck, open_deck
from presenter.deck.trust import Fingerprint
from presenter.demo.autoplay import Autoplay
from presenter.demo.clock import MonotonicClock, PacedClock
from presenter.demo.desk import Desk
from presenter.demo.pacer import describe
from presenter.demo.reports import Reports
from presenter.demo.store import (
    Journal,
    create_journal,
    latest_journal,
    reopen_journal,
    seconds_since,
)
from presenter.demo.venues import usual_silence
from presenter.errors import PresenterError
from presenter.live import lifeline
from presenter.recording.ran import IN_A_REHEARSAL
from presenter.settings import Settings
from presenter.talk.commands import SetTheme, Tell
from presenter.talk.events import SessionStarted
from presenter.talk.fallback import Mode
from presenter.talk.health import Thresholds
from presenter.talk.journal import fold
from presenter.talk.wish import AS_IT_IS, Wish
from presenter.terminal.text import complain, safe_text
from presenter.ui.app import PresenterApp, run_app
from presenter.ui.curtain import need_terminal
from presenter.ui.talk import TalkScreen
from presenter.wiring.choices import choose_theme, choose_thresholds, read_settings
from presenter.wiring.desk import make_desk
from presenter.wiring.pacing import make_pacer
from presenter.wiring.practice import Practice
from presenter.wiring.rehearsal import Rehearsal
from presenter.wiring.trusting import decide_trust, untrusted_hint


def give(
    deck: Deck,
    slide: int,
    theme: str,
    settings: Settings,
    *,
    watch: bool,
    speed: float,
    mode: str = "recorded",
    trusted: Fingerprint | None = None,
    rehearsal: Rehearsal | None = None,
    wish: Wish = AS_IT_IS,
) -> int:
    """Give a talk from `slide` on, or rehearse it; returns the process's status.

    `mode` is a value of `fallback.Mode`; `trusted` is what of the deck may run, None: nothing.
    """
    reports = Reports()
    journal, practice = create_journal(deck.path, reports), _practice(rehearsal, speed)
    desk = make_desk(
        deck, reports, journal=journal, speed=speed, mode=Mode(mode), trusted=trusted,
        thresholds=_thresholds(deck, settings, reports),
        drill=practice.drill if practice else None,
        taped=rehearsal is not None and rehearsal.taped,
    )  # fmt: skip
    desk.pacer = make_pacer(desk, wish)
    if practice is not None:
        practice.begin(desk)
    _begin(desk, slide, theme, rehearsal.purpose if rehearsal else "")
    if rehearsal is None:
        if journal is not None:
            lifeline.tell("talk")
        return _on_stage(desk, settings, watch=watch)
    auto = _auto(desk, rehearsal, speed)
    ends = (practice.end if practice else None, _comparing(deck, journal))
    return _on_stage(desk, settings, watch=watch, ends=ends, keep=rehearsal.keep, auto=auto)


def _comparing(deck: Deck, journal: Journal | None) -> Callable[[Deck], None] | None:
    """What says how the rehearsal was, beside the plan and the ones before it."""
    if journal is None:
        return None
    path = journal.path

    def compare(_deck: Deck) -> None:
        from presenter.wiring.comparing import summary  # when it is over

        sys.stdout.write(summary(deck.path, path))

    return compare


def _auto(desk: Desk, rehearsal: Rehearsal, speed: float) -> Autoplay | None:
    if not rehearsal.auto:
        return None
    return Autoplay(desk, desk.runtime.clock, again=rehearsal.again, speed=max(speed, 1.0))


def _begin(desk: Desk, slide: int, theme: str, purpose: str) -> None:
    """The first events of a new talk."""
    deck = desk.deck
    desk.runtime.start(str(deck.path.resolve()), deck.hash, __version__, slide, purpose)
    desk.dispatch(Tell(describe(deck)))
    if desk.pacer is not None:
        desk.pacer.begin()
    desk.dispatch(SetTheme(theme))


def _practice(rehearsal: Rehearsal | None, speed: float) -> Practice | None:
    """The drill that is wanted; at the pace of recordings, for those stand in for what runs."""
    if rehearsal is None or rehearsal.seed is None:
        return None
    clock = MonotonicClock()
    taped = rehearsal.taped and speed != 1
    pace = PacedClock(clock, speed) if taped else clock
    return Practice(rehearsal.seed, pace, live=rehearsal.live)


def resume(path: Path | None, *, theme: str | None = None, mode: str = "default") -> int:
    """Go on with the talk that was given last, of the deck at `path` or of any."""
    found = latest_journal(path)
    if found is None:
        what = f" of {path}" if path else ""
        raise PresenterError(f"there is no talk{what} to resume", "`presenter` begins one")
    need_terminal()
    settings = read_settings()
    reports = Reports()
    journal, read = reopen_journal(found, reports)
    try:
        started = next(one.event for one in read.stamped if isinstance(one.event, SessionStarted))
        deck = open_deck(Path(started.deck))
        chosen = choose_theme(theme, settings) if theme else ""
    except PresenterError:
        journal.close()
        raise
    # A newer version may have written lines that are not known here: they count as well.
    session = replace(fold(read.stamped, deck), sequence=read.sequence)
    if deck.hash != session.deck_hash:
        reports.note(f"{deck.path.name} has changed since; the nearest slide is shown")
    trusted = None if mode == "recorded" else decide_trust(deck, ask=False, assume_yes=False)
    if trusted is None and mode != "recorded":
        reports.note(untrusted_hint(deck))
    desk = make_desk(
        deck,
        reports,
        journal=journal,
        session=session,
        mode=Mode(mode),
        trusted=trusted,
        thresholds=_thresholds(deck, settings, reports),
    )
    away = seconds_since(read.stamped[-1].wall, datetime.now().astimezone())
    desk.pacer = make_pacer(desk, AS_IT_IS)
    desk.runtime.resume(__version__, away, deck.hash)
    if chosen:
        desk.dispatch(SetTheme(chosen))
    lifeline.tell("talk")
    return _on_stage(desk, settings, watch=False)


def _keep(desk: Desk) -> list[str]:
    """What came of it, a line for each demo."""
    return [asyncio.run(desk.keep(demo, IN_A_REHEARSAL, {})).words for demo in desk.unkept()]


def _thresholds(deck: Deck, settings: Settings, reports: Reports) -> Thresholds:
    """How long a silence may be, where `presenter check` was run for this deck lately."""
    silence = usual_silence(deck.path, datetime.now().astimezone(), reports.note)
    return choose_thresholds(settings, silence)


def _on_stage(
    desk: Desk,
    settings: Settings,
    *,
    watch: bool,
    ends: Sequence[Callable[[Deck], None] | None] = (),
    keep: bool = False,
    auto: Autoplay | None = None,
) -> int:
    """Until the talk ends; `ends` are told of the deck then, on the plain terminal.

    `keep`: the takes of what ran live and well. `auto` presses the key.
    """
    app = PresenterApp(lambda _app: TalkScreen(desk, settings.keys, watch=watch, auto=auto))
    app.on_report = desk.reports
    try:
        return run_app(app)
    finally:
        lifeline.leave()
        for words in _keep(desk) if keep else ():
            desk.reports.note(words)
        unkept = desk.unkept()
        desk.close()
        if unkept:
            names = ", ".join(demo.name for demo in unkept)
            sys.stdout.write(f"ran live and well, not kept as recordings: {safe_text(names)}\n")
        for end in ends:
            if end is not None:
                end(desk.deck)
        for line in desk.reports.lines:
            complain(f"presenter: {line}")
