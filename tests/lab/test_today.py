"""The talk of the lab given to the lab: its pictures live, and then from their recordings alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from presenter.deck.deck import Deck, open_deck
from presenter.deck.trust import fingerprint
from presenter.demo.desk import Desk
from presenter.lab.place import Lab
from presenter.layout.frame import Size
from presenter.layout.paint import paint_text
from presenter.wiring.picture import picture
from presenter.wiring.recording import record
from presenter.wiring.running import Shown
from tests.content.bars import bars
from tests.lab.rig import runs
from tests.material import ROOT

SIZE = Size(120, 40)
NOTE = "real API server and control plane, simulated nodes"
VARIABLES = ("GATEWAY_URL", "PROMETHEUS_URL", "ZIPKIN_URL", "KUBECONFIG")
VISITS = 40


@pytest.fixture
def deck(tmp_path: Path, mesh: Lab, monkeypatch: pytest.MonkeyPatch) -> Deck:
    """The talk in a folder of its own, without its recordings, in the lab's environment."""
    slides = tmp_path / "slides"
    shutil.copytree(ROOT / "slides" / "istio-101-today", slides / "istio-101-today")
    shutil.copy(ROOT / "slides" / "istio-101-today.md", slides)
    (tmp_path / "recordings").mkdir()
    environment = mesh.environment()
    for name, value in {**mesh.exports(), "PATH": environment["PATH"]}.items():
        monkeypatch.setenv(name, value)
    mesh.kubectl("scale", "deployment", "reviews-v3", "--replicas=1")
    return open_deck(slides / "istio-101-today.md")


class Seen:
    """What stood on the stage when each step had been shown."""

    def __init__(self) -> None:
        self.frames: dict[tuple[str, int], str] = {}
        self.steps: list[Shown] = []

    def __call__(self, desk: Desk, shown: Shown) -> None:
        self.frames[shown.demo, shown.step] = paint_text(desk.view.frame(SIZE))
        self.steps.append(shown)


def recorded(deck: Deck, slide: str) -> str:
    index = deck.index_of(slide)
    assert index is not None
    return paint_text(picture(deck, index, None, SIZE, "dark")[0])


async def test_the_talk_is_recorded_and_looks_the_same_afterwards(deck: Deck, mesh: Lab) -> None:
    runs(mesh, "prometheus")
    runs(mesh, "zipkin")
    said: list[str] = []
    seen = Seen()
    good = await record(deck, (), fingerprint(deck), NOTE, said.append, seen)
    assert good, "\n".join(said)
    assert all(shown.good for shown in seen.steps)
    for shown in seen.steps:
        assert "● live" in seen.frames[shown.demo, shown.step]
    # A rule takes a moment to reach the proxy, and the next request does not wait for it.
    few = VISITS // 10
    assert bars(seen.frames["traffic-v1", 0], "reviews")["v1"] >= VISITS - few
    assert bars(seen.frames["traffic-jason", 0], "reviews")["v2"] >= VISITS - few
    half = bars(seen.frames["traffic-half", 0], "reviews")
    assert half["v1"] >= few
    assert half["v3"] >= few
    assert "8 pods  in default  Running 8" in seen.frames["pods", 0]
    assert "requests a second" in seen.frames["metrics", 1]
    assert re.search(r"\d+ spans  [45] services", seen.frames["trace", 0])
    assert "│ productpage │" in seen.frames["graph", 0]

    # The lab may go: what was recorded shows the same to the last cell, but for the badge.
    for demo, slide in (
        ("traffic-v1", "everybody-gets-version-1"),
        ("traffic-jason", "jason-tests-version-2"),
        ("traffic-half", "half-of-them-get-version-3"),
        ("trace", "one-visit-followed"),
        ("graph", "who-depends-on-whom"),
        ("deployment", "what-has-happened-to-it"),
    ):
        again = recorded(deck, slide)
        live = seen.frames[demo, 0]
        assert "▶ recorded" in again
        assert _without_badge(again) == _without_badge(live)


def _without_badge(text: str) -> list[str]:
    """The lines of a frame below the pane's border."""
    lines = text.splitlines()
    return lines[next(n for n, line in enumerate(lines) if "╭─" in line) + 1 :]
