"""The recordings of the sample talks: made by the documented commands, and honest about it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.transcribe import transcribe_deck
from presenter.talk.expect import first_difference
from presenter.terminal.fall import plain_lines
from tests.material import ROOT

COMMANDS = [
    shlex.split(line)
    for line in (ROOT / "recordings" / "README.md").read_text("utf-8").splitlines()
    if line.startswith("    presenter transcribe ")
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: Path(command[2]).stem)
def test_the_documented_command_makes_the_same_bytes(command: list[str], tmp_path: Path) -> None:
    deck = open_deck(ROOT / command[2])
    made = transcribe_deck(deck, tmp_path, command[command.index("--origin") + 1])
    kept = sorted((ROOT / "recordings" / deck.path.stem).glob("*"))
    assert sorted(path.name for path in made) == [path.name for path in kept]
    for path in kept:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


CASTS = sorted((ROOT / "recordings").rglob("*.cast"))
CAPTURED = [path for path in CASTS if path.parent.name == "tour"]


@pytest.mark.parametrize(
    "path", [path for path in CASTS if path not in CAPTURED], ids=lambda path: path.name
)
def test_a_recording_says_that_it_was_transcribed_and_from_where(path: Path) -> None:
    cast = open_cast(path)
    assert len(list(cast.events())) > 0
    assert not cast.skipped
    provenance = open_take(path).provenance
    assert provenance is not None
    assert provenance.source == "transcribed"
    assert provenance.date is None
    assert provenance.origin


def test_every_step_with_a_known_output_has_its_recording() -> None:
    deck = open_deck(ROOT / "slides" / "istio-101.md")
    for demo in deck.all_demos():
        known = [n for n, step in enumerate(demo.steps) if step.transcript]
        if known:
            take = open_take(ROOT / "recordings" / "istio-101" / f"{demo.name}.cast")
            for number in known:
                taken = take.step(number, demo.steps[number].command)
                assert taken is not None
                assert not taken.stale


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.name)
def test_the_tour_was_captured_of_these_very_commands(path: Path) -> None:
    deck = open_deck(ROOT / "slides" / "tour.md")
    (demo,) = [demo for demo in deck.all_demos() if demo.name == path.stem]
    take = open_take(path)
    assert take.provenance is not None
    assert take.provenance.source == "captured"
    assert take.provenance.date
    assert not take.provenance.origin
    assert (take.columns, take.rows) == (deck.meta.grid.columns, deck.meta.grid.rows)
    for number, step in enumerate(demo.steps):
        taken = take.step(number, step.command)
        assert taken is not None
        assert not taken.stale
        assert taken.exit_status in (0, None)
        lines = [line for line, _ in plain_lines("".join(e.data for e in taken.events))]
        if not demo.background and step.transcript is not None:
            assert first_difference(step.transcript, lines) is None


def test_every_demo_of_the_tour_with_an_output_was_captured() -> None:
    deck = open_deck(ROOT / "slides" / "tour.md")
    names = {demo.name for demo in deck.all_demos() if demo.steps[0].live != "never"}
    assert names == {path.stem for path in CAPTURED}
