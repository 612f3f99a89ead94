"""The recordings of other projects, and what a person counts in them."""

from __future__ import annotations

import pytest

from presenter.recording.reader import open_cast
from presenter.recording.track import apply, open_track
from presenter.terminal import new_emulator
from tests.material import material

EXPECTED: dict[str, tuple[int, int, int, int, list[int]]] = {
    # version, columns, rows, events, lines (version 1: frames) skipped
    "k3d-20200515_k3d.01.cast": (2, 200, 32, 155, []),
    "k3d-20200715_k3d.01.cast": (2, 213, 47, 214, []),
    "k3d-20210917_k3d_v5.0.0_01.cast": (2, 213, 45, 161, []),
    "server-big.cast": (3, 160, 76, 4998, []),
    "server-v1-full.json": (1, 96, 26, 3, []),
    "server-v1-invalid-data.json": (1, 80, 24, 2, [2]),
    "server-v1-invalid-time-1.json": (1, 80, 24, 3, []),
    "server-v1-invalid-time-2.json": (1, 80, 24, 2, [2]),
    "server-v1-invalid.json": (1, 80, 26, 3, []),
    "server-v1-minimal.json": (1, 96, 26, 3, []),
    "server-v1-screenshot.json": (1, 96, 26, 3, []),
    "server-v1-single-event.json": (1, 96, 26, 1, []),
    "server-v1-wrong-event-length.json": (1, 80, 24, 2, [2]),
    "server-v2-blank-lines.cast": (2, 96, 26, 3, []),
    "server-v2-broken.cast": (2, 96, 26, 2, [3]),
    "server-v2-empty-theme.cast": (2, 80, 24, 1, []),
    "server-v2-full.cast": (2, 96, 26, 5, []),
    "server-v2-int-time.cast": (2, 96, 26, 2, []),
    "server-v2-invalid-code.cast": (2, 80, 24, 1, [3]),
    "server-v2-invalid-data.cast": (2, 80, 24, 1, [3]),
    "server-v2-invalid-resize.cast": (2, 80, 24, 2, [3]),
    "server-v2-invalid-theme.cast": (2, 96, 26, 3, []),
    "server-v2-invalid-time-1.cast": (2, 80, 24, 2, []),
    "server-v2-invalid-time-2.cast": (2, 80, 24, 1, [3]),
    "server-v2-minimal.cast": (2, 96, 26, 3, []),
    "server-v2-no-events.cast": (2, 96, 26, 0, []),
    "server-v2-single-event.cast": (2, 96, 26, 1, []),
    "server-v2-wrong-event-length.cast": (2, 80, 24, 1, [3]),
    "server-v2-zero-time.cast": (2, 96, 26, 1, []),
    "server-v3-blank-lines-and-comments.cast": (3, 96, 26, 4, []),
    "server-v3-broken.cast": (3, 96, 26, 2, [3]),
    "server-v3-empty-theme.cast": (3, 80, 24, 1, []),
    "server-v3-full.cast": (3, 96, 26, 5, []),
    "server-v3-int-time.cast": (3, 96, 26, 2, []),
    "server-v3-invalid-code.cast": (3, 80, 24, 1, [3]),
    "server-v3-invalid-data.cast": (3, 80, 24, 1, [3]),
    "server-v3-invalid-resize.cast": (3, 80, 24, 2, [3]),
    "server-v3-invalid-time-1.cast": (3, 80, 24, 2, []),
    "server-v3-invalid-time-2.cast": (3, 80, 24, 1, [3]),
    "server-v3-minimal.cast": (3, 96, 26, 3, []),
    "server-v3-no-events.cast": (3, 96, 26, 0, []),
    "server-v3-single-event.cast": (3, 96, 26, 1, []),
    "server-v3-wrong-event-length.cast": (3, 80, 24, 1, [3]),
    "server-welcome-stdout.json": (1, 80, 20, 785, []),
    "server-welcome.cast": (2, 80, 20, 786, []),
}
REMARKS = {
    "server-v1-invalid.json": [1],  # no width
    "server-v1-invalid-time-1.json": [2],  # a delay below nothing
    "server-v2-invalid-time-1.cast": [3],
    "server-v3-invalid-time-1.cast": [3],
}


def test_the_table_names_every_recording() -> None:
    folder = material("compat/casts")
    assert {path.name for path in folder.iterdir()} - {"SOURCES.tsv"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recording_of_others_is_read(name: str) -> None:
    version, columns, rows, count, skipped = EXPECTED[name]
    cast = open_cast(material("compat/casts") / name)
    events = list(cast.events())
    header = cast.header
    assert (header.version, header.columns, header.rows) == (version, columns, rows)
    assert len(events) == count
    assert [line for line, _ in cast.skipped] == skipped
    assert [line for line, _ in cast.problems] == REMARKS.get(name, [])
    assert not cast.torn


@pytest.mark.parametrize("name", EXPECTED)
def test_a_large_recording_would_be_read_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = open_cast(material("compat/casts") / name)
    events = list(cast.events())
    skipped = list(cast.skipped)
    monkeypatch.setattr("presenter.recording.reader.LARGE", 0)
    track = open_track(cast, idle_limit=0)
    while not track.complete:
        track.advance(0.0)
    assert list(track.times) == pytest.approx([event.time for event in events])
    assert track.read(0, len(events)) == [(event.code, event.data) for event in events]
    assert cast.skipped == skipped


def test_texts_in_versions_1_and_2_of_one_recording_end_alike() -> None:
    screens = []
    for name in ("server-welcome.cast", "server-welcome-stdout.json"):
        cast = open_cast(material("compat/casts") / name)
        emulator = new_emulator(cast.header.columns, cast.header.rows)
        apply(emulator, [(event.code, event.data) for event in cast.events()])
        screens.append(emulator.text())
    assert screens[0] == screens[1]
    assert screens[0][-2].startswith("> # Bye!")
