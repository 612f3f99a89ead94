"""The recordings of the sample talks are those that their decks give."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.recording.provenance import TRANSCRIBED, provenance_of
from presenter.recording.reader import open_cast
from presenter.recording.transcribe import transcribe_deck
from tests.material import ROOT


@pytest.mark.parametrize("talk", ["istio-101", "istio-on-windows"])
def test_transcribing_a_sample_talk_again_changes_nothing(talk: str, tmp_path: Path) -> None:
    kept = {path.name: path for path in (ROOT / "recordings" / talk).glob("*.cast")}
    provenances = [provenance_of(open_cast(path).header) for path in kept.values()]
    assert all(p is not None and p.source == TRANSCRIBED and p.origin for p in provenances)
    (origin,) = {p.origin for p in provenances if p is not None}
    made = transcribe_deck(open_deck(ROOT / "slides" / f"{talk}.md"), tmp_path, origin)
    assert {path.name for path in made} == set(kept)
    for path in made:
        assert path.read_bytes() == kept[path.name].read_bytes()
