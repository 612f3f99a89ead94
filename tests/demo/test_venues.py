"""What was measured at a venue, on disk: the next talk of the deck uses what can be believed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presenter.demo.venues import FOLDER, keep_silence, usual_silence, venue_path
from presenter.errors import PresenterError
from presenter.settings import Settings
from presenter.talk.health import Thresholds
from presenter.talk.silence import Measured, encode
from presenter.wiring.choices import choose_thresholds

NOW = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
posix = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return tmp_path / "talk.md"


def told(deck: Path, root: Path, now: datetime = NOW) -> tuple[float, list[str]]:
    lines: list[str] = []
    return usual_silence(deck, now, lines.append, root), lines


def test_what_was_measured_is_used_for_a_day_and_for_its_deck(deck: Path, tmp_path: Path) -> None:
    assert told(deck, tmp_path) == (0.0, [])
    keep_silence(deck, 0.65, NOW, tmp_path)
    assert told(deck, tmp_path) == (0.65, [])
    assert told(tmp_path / "other.md", tmp_path) == (0.0, [])
    assert told(deck, tmp_path, NOW + timedelta(hours=25)) == (0.0, [])
    keep_silence(deck, 0.3, NOW, tmp_path)
    assert told(deck, tmp_path) == (0.3, [])
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is damaged"),
        (b"{}", "is of another version"),
        (b"x" * 10_000, "is larger than 8 KiB"),
        (encode(Measured("/another.md", NOW, 0.5)), "is of another deck"),
        (encode(Measured("", NOW, 99.0)), "has a figure that is not one from 0 to 60"),
        (encode(Measured("", NOW + timedelta(days=1), 0.5)), "has a date that is still to come"),
    ],
)
def test_a_file_that_is_odd_is_said_and_not_used(
    data: bytes, reason: str, deck: Path, tmp_path: Path
) -> None:
    path = venue_path(deck, tmp_path)
    path.parent.mkdir()
    path.write_bytes(data)
    path.chmod(0o600)
    todo = "what was measured is not used (`presenter check` measures anew)"
    assert told(deck, tmp_path) == (0.0, [f"{path}: {reason}: {todo}"])
    keep_silence(deck, 0.5, NOW, tmp_path)
    assert told(deck, tmp_path) == (0.5, [])


@posix
@pytest.mark.parametrize("kind", ["writable", "link", "pipe", "folder"])
def test_a_file_that_others_may_have_made_is_not_used(
    kind: str, deck: Path, tmp_path: Path
) -> None:
    keep_silence(deck, 0.65, NOW, tmp_path)
    path = venue_path(deck, tmp_path)
    if kind == "writable":
        path.chmod(0o622)
    else:
        path.rename(tmp_path / "real")
    if kind == "link":
        path.symlink_to(tmp_path / "real")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    silence, lines = told(deck, tmp_path)
    assert silence == 0.0
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}: ")


def test_a_folder_that_cannot_be_made_is_said(deck: Path, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    with pytest.raises(PresenterError, match="cannot be written"):
        keep_silence(deck, 0.65, NOW, tmp_path)


@pytest.mark.parametrize(
    ("health", "silence", "expected"),
    [
        ({}, 0.0, Thresholds()),
        ({}, 0.5, Thresholds()),
        ({}, 0.9, Thresholds(0.75 * 1.5, 1.8)),
        ({}, 30.0, Thresholds(0.75 * 2.5 / 1.2, 2.5)),
        ({"down": 2.0}, 0.9, Thresholds(0.75, 2.0)),  # what the speaker says is the least
        ({"down": 5.0}, 30.0, Thresholds(0.75, 5.0)),
        ({"suspect": 0.5, "down": 1.0}, 0.9, Thresholds(0.9, 1.8)),
    ],
)
def test_the_speakers_settings_are_the_least(
    health: dict[str, float], silence: float, expected: Thresholds
) -> None:
    chosen = choose_thresholds(Settings(health=health), silence)
    assert chosen.down == pytest.approx(expected.down)
    assert chosen.suspect == pytest.approx(expected.suspect)
