"""The recordings of the sample talks: made by the documented commands, and honest about it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.demo.materials import Materials
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.transcribe import transcribe_deck
from presenter.talk.expect import first_difference
from presenter.terminal.fall import plain_lines
from presenter.wiring.picture import picture
from tests.content.bars import bars
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


SIZE = Size(120, 40)
KINDS = ("cast", "har", "jsonl")
CASTS = sorted((ROOT / "recordings").rglob("*.cast"))
CAPTURED = [path for path in CASTS if path.parent.name == "tour"]
TODAY = ROOT / "recordings" / "istio-101-today"
FROM_THE_LAB = sorted(path for path in TODAY.iterdir() if path.suffix[1:] in KINDS)


@pytest.mark.parametrize(
    "path",
    [path for path in CASTS if path not in CAPTURED and path.parent != TODAY],
    ids=lambda path: path.name,
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
        taken = take.step(number, step.whole)
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


# --- the talk of the lab --------------------------------------------------------------------------


def today() -> Deck:
    return open_deck(ROOT / "slides" / "istio-101-today.md")


def test_every_demo_of_the_lab_was_captured() -> None:
    assert {path.stem for path in FROM_THE_LAB} == {demo.name for demo in today().all_demos()}


@pytest.mark.parametrize("path", FROM_THE_LAB, ids=lambda path: path.name)
def test_a_recording_from_the_lab_says_so_and_is_of_these_very_steps(path: Path) -> None:
    deck = today()
    (demo,) = [demo for demo in deck.all_demos() if demo.name == path.stem]
    take = Materials(deck).take(demo)
    assert take is not None
    told = take.provenance
    assert told is not None
    assert (told.source, told.deck, told.demo) == ("captured", "istio-101-today", demo.name)
    assert told.note == "real API server and control plane, simulated nodes"
    assert told.date
    for number, step in enumerate(demo.steps):
        taken = take.step(number, step.whole)
        assert taken is not None
        assert not taken.stale
        assert taken.exit_status == 0
        if not step.gives_data and step.transcript is not None:
            lines = [line for line, _ in plain_lines("".join(e.data for e in taken.events))]
            assert first_difference(step.transcript, lines) is None


def shown(slide_id: str, size: Size = SIZE) -> str:
    """What the audience sees at the end of a slide, from the recordings alone."""
    deck = today()
    index = deck.index_of(slide_id)
    assert index is not None
    frame, _ = picture(deck, index, None, size, "dark")
    return paint_text(frame)


@pytest.mark.parametrize("size", [Size(80, 24), Size(120, 40)], ids=["80x24", "120x40"])
def test_the_three_pictures_of_the_traffic_are_drawn_from_the_recordings(size: Size) -> None:
    assert bars(shown("everybody-gets-version-1", size), "reviews") == {"v1": 40}
    assert bars(shown("jason-tests-version-2", size), "reviews") == {"v2": 40}
    half = bars(shown("half-of-them-get-version-3", size), "reviews")
    assert set(half) == {"v1", "v3"}
    assert sum(half.values()) == 40
    assert min(half.values()) >= 8
    assert bars(shown("half-of-them-get-version-3", size), "stars") == {
        "(none)": half["v1"],
        "red": half["v3"],
    }


def test_pods_plot_waterfall_and_graph_are_drawn_from_the_recordings() -> None:
    assert "8 pods  in default  Running 8" in shown("bookinfo-comes-up")
    assert "ScalingReplicaSet" in shown("what-has-happened-to-it")
    plot = shown("the-proxies-have-counted")
    assert "requests a second" in plot
    assert "v1" in plot
    trace = shown("one-visit-followed")
    assert "12 spans  5 services" in trace
    assert "get /productpage" in trace
    graph = shown("who-depends-on-whom")
    assert "│ productpage │" in graph
    assert "│   ratings   │" in graph
