"""Decks full of commands are read, outlined and drawn, and nothing of them runs or is contacted."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.deck.deck import open_deck
from presenter.deck.outline import outline, outline_text
from presenter.deck.trust import changed_files, diff, fingerprint
from tests.canaries import BODIES, CANARY, FRONTS, body, canary_deck, hatched, watched

DECKS = 600
BATCHES = 8


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PRESENTER_CONFIG", os.devnull)
    return tmp_path


@pytest.mark.parametrize("batch", range(BATCHES))
def test_reading_runs_nothing(batch: int, folder: Path) -> None:
    with watched() as seen:
        for number in range(batch, DECKS, BATCHES):
            deck = open_deck(canary_deck(folder, number))
            outline(deck)
            outline_text(deck)
            told = fingerprint(deck)
            assert changed_files(told, deck) == ()
            assert diff(told.lines, told.lines) == ()
            assert (seen, hatched(folder)) == ([], []), number


@pytest.mark.parametrize("batch", range(BATCHES))
def test_commands_that_only_look_run_nothing(
    batch: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with watched() as seen:
        for number in range(batch, DECKS, BATCHES * 4):
            deck = str(canary_deck(folder, number))
            main(["outline", deck, "--json"])
            main(["trust", deck])
            for kind in ("txt", "svg"):
                assert main(["shot", deck, "-o", f"shot.{kind}"]) == 0
            main(["transcribe", deck, "--origin", f"$(touch {CANARY})", "-o", "made"])
            capsys.readouterr()
            assert (seen, hatched(folder)) == ([], []), number


@pytest.mark.parametrize("key", BODIES)
def test_every_place_is_drawn_and_nothing_runs(key: str, folder: Path) -> None:
    canary_deck(folder, 1)
    (folder / "talk.md").write_text(f"# A\n\n{body(key)}\n")
    with watched() as seen:
        assert main(["shot", "talk.md", "-o", "shot.svg"]) == 0  # a PNG asks where the fonts are
    assert (seen, hatched(folder)) == ([], [])


def test_every_place_is_in_some_deck(folder: Path) -> None:
    left = {*map(body, BODIES)}
    fronts = {line.partition(" ")[0] for line in FRONTS.values()}
    for number in range(DECKS):
        text = canary_deck(folder, number).read_text()
        left -= {each for each in left if each in text}
        fronts -= {each for each in fronts if f"\n{each}" in text}
    assert (left, fronts) == (set(), set())


def test_the_watch_sees_processes_and_sockets(tmp_path: Path) -> None:
    with watched() as seen:
        subprocess.run([sys.executable, "-c", ""], check=True, timeout=30)
        with pytest.raises(OSError), socket.socket(socket.AF_UNIX) as one:
            one.connect(str(tmp_path / "nothing"))
    assert {line.split()[0] for line in seen} >= {"subprocess.Popen", "socket.connect"}
    (tmp_path / CANARY).touch()
    assert len(hatched(tmp_path)) == 1
