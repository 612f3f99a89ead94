"""Events one after another: of large files the same as of small ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.recording.reader import open_cast
from presenter.recording.stream import played, stream
from tests.material import material


def test_a_large_recording_gives_the_same_events(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [path for path in material("compat/casts").iterdir() if path.suffix != ".tsv"]
    assert len(paths) > 40
    for limit in (None, 0.5):
        small = {path.name: list(stream(open_cast(path), limit)) for path in paths}
        monkeypatch.setattr("presenter.recording.reader.LARGE", 0)
        monkeypatch.setattr("presenter.recording.index.PIECE", 512)
        for path in paths:
            cast = open_cast(path)
            assert list(stream(cast, limit)) == small[path.name], path.name
            skipped = list(cast.skipped)
            list(cast.events())
            assert cast.skipped == skipped, path.name
        monkeypatch.undo()


def test_times_are_whole_microseconds_at_which_a_player_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.cast"
    path.write_text(
        '{"version": 3, "term": {"cols": 80, "rows": 24}, "idle_time_limit": 2}\n'
        '[0.1, "o", "a"]\n[0.2, "o", "b"]\n[9, "o", "c"]\n'
    )
    cast = open_cast(path)
    assert [event.time for event in stream(cast)] == [0.1, 0.3, 9.3]
    assert [event.time for event in played(cast)] == [0.1, 0.3, 2.3]
