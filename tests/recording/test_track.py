"""Recordings as tracks: in memory or mapped, known piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording.index import Index
from presenter.recording.keyframes import Keyframes
from presenter.recording.reader import EVENT_COST, open_cast
from presenter.recording.track import MemoryTrack, Track, apply, known_at, open_track
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Row

HEADERS = {
    2: '{"version": 2, "width": 30, "height": 8}\n',
    3: '{"version": 3, "term": {"cols": 30, "rows": 8}}\n',
}

_GOOD = st.tuples(
    st.integers(0, 90).map(lambda tenths: tenths / 10),
    st.sampled_from("oooimrx"),
    st.text(st.characters(codec="utf-8"), max_size=10),
).map(lambda e: json.dumps([e[0], e[1], "40x9" if e[1] == "r" else e[2]]))
_LINES = st.lists(
    _GOOD
    | st.sampled_from(
        [
            *("", "# comment", "lol!", '[1, "o"]', '[1, 5, "x"]', '[-1, "o", "back"]'),
            *('[1, "r", "big"]', '["1", "o", "x"]', '[1, "o", "\\ud800"]', '[1, "o", "a\tb\rc"]'),
            *(
                '[1e10, "o", "x"]',
                '[1, "o", "x"]  ',
                '  [1, "m", "x"]',
                '[1, "o", "x"] [2, "o", "y"]',
            ),
        ]
    ),
    max_size=40,
)


def whole(track: Track) -> Track:
    while not track.complete:
        track.advance(0.0)
    return track


@settings(max_examples=200, deadline=None)
@given(_LINES, st.sampled_from([2, 3]), st.sampled_from(["", "\n"]), st.sampled_from([0.0, 1.5]))
def test_mapped_and_in_memory_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], version: int, end: str, limit: float
) -> None:
    path = tmp_path_factory.mktemp("track") / "x.cast"
    path.write_bytes((HEADERS[version] + "\n".join(lines) + end).encode())
    in_memory = open_cast(path)
    expected = whole(MemoryTrack(in_memory, limit))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("presenter.recording.index.PIECE", 200)
        mapped = open_cast(path)
        track = whole(Index(mapped, limit))
    count = len(expected.times)
    assert list(track.times) == pytest.approx(list(expected.times))
    assert track.markers == expected.markers
    assert track.read(0, count) == expected.read(0, count)
    assert (mapped.skipped, mapped.torn) == (in_memory.skipped, in_memory.torn)
    for index in range(count):
        assert track.read(index, index + 1) == expected.read(index, index + 1)


def test_the_header_alone_is_a_track_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[3].strip())
    track = whole(Index(open_cast(path), None))
    assert list(track.times) == []
    assert track.read(0, 0) == []


def test_large_files_are_mapped_and_small_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + '[1, "o", "a"]\n[9, "m", "x"]\n')
    assert isinstance(open_track(open_cast(path)), MemoryTrack)
    monkeypatch.setattr("presenter.recording.reader.LARGE", 10)
    assert isinstance(open_track(open_cast(path)), Index)


def test_a_line_beyond_the_cap_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presenter.recording.index.MAX_LINE", 100)
    monkeypatch.setattr("presenter.recording.index.PIECE", 50)
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + f'[1, "o", "{"a" * 500}"]\n[2, "o", "b"]\n')
    cast = open_cast(path)
    track = whole(Index(cast, None))
    assert track.read(0, 1) == [("o", "b")]
    assert [line for line, _ in cast.skipped] == [2]


def test_a_file_cut_short_by_others_shows_nothing_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + '[1, "o", "a"]\n[2, "o", "b"]\n')
    track = whole(Index(open_cast(path), None))
    with path.open("r+b") as stream:
        stream.truncate(len(HEADERS[2]) + 20)
    assert track.read(0, 2) == [("o", "a"), ("", "")]
    assert apply(new_emulator(5, 2), track.read(1, 2)) == set()


def test_what_does_not_fit_into_memory_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.track.MAX_TEXT", 100 + 3 * EVENT_COST)
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + '[1, "o", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]\n' * 50)
    cast = open_cast(path)
    track = whole(MemoryTrack(cast, None))
    assert len(track.times) == 4
    assert len(cast.skipped) == 1


def rows(track: Track, index: int) -> list[Row]:
    emulator = new_emulator(track.header.columns, track.header.rows)
    apply(emulator, track.read(0, index))
    return [emulator.row(y) for y in range(emulator.rows)]


def test_every_moment_from_its_keyframe_is_what_playing_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.keyframes.EVERY_TEXT", 400)
    monkeypatch.setattr("presenter.recording.keyframes._MOST", 7)
    events = [
        [n / 10, "o", f"\x1b[3{n % 8}mline {n}\r\n" + "\x1b[2;3H" * (n % 5 == 0)]
        for n in range(300)
    ]
    events.insert(150, [15.0, "r", "20x5"])
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + "".join(f"{json.dumps(event)}\n" for event in events))
    track = whole(open_track(open_cast(path)))
    keyframes = Keyframes(track)
    while not keyframes.complete:
        keyframes.advance(0.0)
    assert len(keyframes) > 10
    for index in range(0, 302, 13):
        start, snapshot = keyframes.before(index)
        assert index - start < 60
        emulator = new_emulator(1, 1)
        emulator.restore(snapshot)
        apply(emulator, track.read(start, index))
        assert [emulator.row(y) for y in range(emulator.rows)] == rows(track, index)


def test_output_alone_reaches_the_emulator() -> None:
    emulator = new_emulator(10, 2)
    changed = apply(emulator, [("i", "typed"), ("m", "label"), ("x", "0"), ("o", "a"), ("o", "b")])
    assert emulator.text() == ["ab", ""]
    assert 0 in changed


def test_known_at_counts_what_is_due(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text(HEADERS[2] + "".join(f'[{n}, "o", "x"]\n' for n in (1, 2, 2, 3)))
    track = whole(open_track(open_cast(path)))
    assert [known_at(track, seconds) for seconds in (0, 1, 1.5, 2, 9)] == [0, 1, 1, 3, 4]
