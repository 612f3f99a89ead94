"""A talk takes over what was measured at its venue, and says what it does not believe."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from presenter.deck.deck import open_deck
from presenter.demo.reports import Reports
from presenter.demo.store import create_journal
from presenter.demo.venues import keep_silence, venue_path
from presenter.settings import Settings
from presenter.talk.health import Thresholds
from presenter.wiring import stage
from presenter.wiring.desk import make_desk


class _ToldError(Exception):
    """Ends the talk where its desk would be made."""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PRESENTER_CONFIG", os.devnull)
    path = tmp_path / "talk.md"
    path.write_text("# A\n\n```console\n$ ls\n```\n")
    return path


def give(path: Path) -> None:
    stage.give(open_deck(path), 0, "dark", Settings(), watch=False, speed=1.0)


def resume(path: Path) -> None:
    stage.resume(path)


@pytest.fixture(params=[give, resume])
def begun(
    request: pytest.FixtureRequest, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[Thresholds, list[str]]]:
    """Begins a talk; with which thresholds, and what is reported."""
    opened = open_deck(deck)
    reports = Reports()
    journal = create_journal(opened.path, reports)
    desk = make_desk(opened, reports, journal=journal)
    desk.runtime.start(str(deck), opened.hash, "1", 0)
    desk.close()
    if journal is not None:
        journal.close()
    told: list[tuple[Thresholds, list[str]]] = []

    def made(_deck: object, reports: Reports, **given: Any) -> None:
        told.append((given["thresholds"], reports.lines))
        if given["journal"] is not None:
            given["journal"].close()
        raise _ToldError

    monkeypatch.setattr(stage, "make_desk", made)
    monkeypatch.setattr(stage, "need_terminal", lambda: None)

    def begin() -> tuple[Thresholds, list[str]]:
        with pytest.raises(_ToldError):
            request.param(deck)
        return told[-1]

    return begin


def test_a_talk_waits_as_long_as_its_venue_needs(
    begun: Callable[[], tuple[Thresholds, list[str]]], deck: Path
) -> None:
    assert begun()[0] == Thresholds()
    keep_silence(deck, 0.9, datetime.now().astimezone())
    thresholds, lines = begun()
    assert thresholds.down == pytest.approx(1.8)
    assert not [line for line in lines if "measured" in line]


def test_what_is_not_believed_is_told_to_the_speaker(
    begun: Callable[[], tuple[Thresholds, list[str]]], deck: Path
) -> None:
    keep_silence(deck, 0.9, datetime.now().astimezone())
    venue_path(deck).write_text('{"v": 1, "silence": 1e9}')
    thresholds, lines = begun()
    assert thresholds == Thresholds()
    assert [line for line in lines if line.startswith(f"{venue_path(deck)}: is damaged: ")]
