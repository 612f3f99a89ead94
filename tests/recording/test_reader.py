"""Recordings read: every version, every kind of damage."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from presenter.errors import RecordingError
from presenter.recording.asciicast import Event
from presenter.recording.reader import Cast, open_cast

HEADER_2 = '{"version": 2, "width": 96, "height": 26}\n'
HEADER_3 = '{"version": 3, "term": {"cols": 96, "rows": 26}}\n'


def opened(tmp_path: Path, content: str | bytes, name: str = "x.cast") -> Cast:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_cast(path)


def test_times_of_version_2_are_absolute(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_2 + '[1, "o", "a"]\n[2.5, "m", ""]\n')
    assert list(cast.events()) == [Event(1.0, "o", "a"), Event(2.5, "m", "")]
    assert (cast.header.columns, cast.header.rows) == (96, 26)


def test_times_of_version_3_are_intervals_over_all_events(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_3 + '# comment\n[1, "o", "a"]\n\n[2, "i", "x"]\n[3, "x", "0"]\n')
    assert [event.time for event in cast.events()] == [1.0, 3.0, 6.0]
    assert cast.skipped == []


def test_version_1_may_stand_on_one_line_or_many(tmp_path: Path) -> None:
    raw = {"version": 1, "width": 5, "height": 4, "stdout": [[0.5, "a"], [0.25, "b"]]}
    for text in (json.dumps(raw), json.dumps(raw, indent=1)):
        cast = opened(tmp_path, text)
        assert list(cast.events()) == [Event(0.5, "o", "a"), Event(0.75, "o", "b")]
        assert cast.header.columns == 5


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("lol!", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("5", "not a list [time, code, data]"),
        ('[2.0, "o", "d", ""]', "4 items in place of 3"),
        ('["2.0", "o", "d"]', "the time is not a number of seconds"),
        ('[NaN, "o", "d"]', "the time is not a number of seconds"),
        ('[1e999, "o", "d"]', "the time is not a number of seconds"),
        ('[true, "o", "d"]', "the time is not a number of seconds"),
        ('[2.0, 5, "d"]', "the code is not a string"),
        ('[2.0, "o", true]', "the data is not a string"),
        ('[2.0, "r", "-1x0"]', "the size of a resize is not COLSxROWS"),
    ],
)
@pytest.mark.parametrize("header", [HEADER_2, HEADER_3])
def test_a_bad_line_is_skipped_and_counted(
    tmp_path: Path, header: str, line: str, reason: str
) -> None:
    cast = opened(tmp_path, f'{header}[1, "o", "a"]\n{line}\n[3, "o", "b"]\n')
    assert [event.data for event in cast.events()] == ["a", "b"]
    assert cast.skipped == [(3, reason)]
    assert not cast.torn


def test_reading_again_counts_anew(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_2 + '?\n[1, "o", "a"]\n[0.5, "o", "b"]\n')
    assert list(cast.events()) == list(cast.events())
    assert cast.skipped == [(2, "not JSON")]
    assert cast.problems == [(4, "the time goes back")]


def test_a_torn_last_line_is_silent(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_2 + '[1, "o", "a"]\n[2, "o", "b')
    assert [event.data for event in cast.events()] == ["a"]
    assert cast.skipped == []
    assert cast.torn


def test_a_last_line_that_lacks_only_its_newline_counts(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_2 + '[1, "o", "a"]')
    assert len(list(cast.events())) == 1
    assert not cast.torn


def test_times_never_go_back(tmp_path: Path) -> None:
    unsorted = opened(tmp_path, HEADER_2 + '[3, "o", "a"]\n[1, "o", "b"]\n[-5, "o", "c"]\n')
    assert [event.time for event in unsorted.events()] == [3.0, 3.0, 3.0]
    negative = opened(tmp_path, HEADER_3 + '[3, "o", "a"]\n[-1, "o", "b"]\n[1, "o", "c"]\n')
    assert [event.time for event in negative.events()] == [3.0, 3.0, 4.0]


def test_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    cast = opened(tmp_path, HEADER_2 + '[1, "o", "a\\ud800b\\ud83d\\ude00"]\n')
    assert [event.data for event in cast.events()] == ["a\ufffdb\U0001f600"]


def test_sizes_are_clamped_and_zero_is_unknown(tmp_path: Path) -> None:
    huge = opened(tmp_path, '{"version": 2, "width": 99999, "height": 99999}\n')
    assert (huge.header.columns, huge.header.rows) == (1000, 500)
    assert len(huge.problems) == 2
    unknown = opened(tmp_path, '{"version": 2, "width": 0, "height": 0}\n')
    assert (unknown.header.columns, unknown.header.rows) == (80, 24)
    assert unknown.problems == []


def test_a_compressed_recording_is_read_whatever_its_name(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER_2 + '[1, "o", "a"]\n').encode())
    for name in ("x.cast.gz", "x.cast"):
        assert len(list(opened(tmp_path, packed, name).events())) == 1


def test_a_compressed_recording_cut_off_plays_to_the_cut(tmp_path: Path) -> None:
    lines = "".join(f'[{n}, "o", "{n * 7919}"]\n' for n in range(5000))
    packed = gzip.compress((HEADER_2 + lines).encode())
    cast = opened(tmp_path, packed[: len(packed) // 2], "x.cast.gz")
    assert 100 < len(list(cast.events())) < 5000
    assert cast.torn


def test_a_compressed_bomb_ends_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.reader.MAX_UNPACKED", 1 << 20)
    line = '[1, "o", "' + "a" * 1000 + '"]\n'
    cast = opened(tmp_path, gzip.compress((HEADER_2 + line * 5000).encode()), "x.cast.gz")
    assert len(list(cast.events())) < 1100
    assert "unpacked" in cast.skipped[-1][1]


def test_a_line_beyond_the_cap_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presenter.recording.reader.MAX_LINE", 100)
    long = '[1, "o", "' + "a" * 1000 + '"]\n'
    cast = opened(tmp_path, HEADER_2 + long + '[2, "o", "b"]\n')
    assert [event.data for event in cast.events()] == ["b"]
    assert [line for line, _ in cast.skipped] == [2]


@pytest.mark.parametrize(
    "content",
    ["", "\n", "hello\n", "[1]", "{}", '{"version": 4}', '{"version": "2"}', "\x1f\x8bnot gzip"],
)
def test_what_is_no_recording_is_an_error_with_a_hint(tmp_path: Path, content: str) -> None:
    with pytest.raises(RecordingError) as caught:
        opened(tmp_path, content.encode("latin-1"))
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_errors_with_a_hint(tmp_path: Path) -> None:
    for path in (tmp_path / "no.cast", tmp_path):
        with pytest.raises(RecordingError) as caught:
            open_cast(path)
        assert str(path) in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
@example(b"\x1f\x8b\x08")
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.cast"
    for content in (data, HEADER_2.encode() + data, HEADER_3.encode() + data):
        path.write_bytes(content)
        try:
            cast = open_cast(path)
            times = [event.time for event in cast.events()]
        except RecordingError:
            continue
        assert times == sorted(times)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
_KEYS = [
    "width",
    "height",
    "term",
    "timestamp",
    "duration",
    "idle_time_limit",
    "command",
    "title",
    "env",
    "theme",
    "stdout",
]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _JSON), st.integers(1, 3), st.lists(_JSON))
def test_any_header_and_any_lines_are_read(
    tmp_path_factory: pytest.TempPathFactory,
    header: dict[str, object],
    version: int,
    lines: list[object],
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.cast"
    content = [json.dumps(header | {"version": version}), *map(json.dumps, lines)]
    path.write_text("\n".join(content if version > 1 else content[:1]) + "\n", encoding="utf-8")
    cast = open_cast(path)
    events = list(cast.events())
    assert 1 <= cast.header.columns <= 1000
    assert 1 <= cast.header.rows <= 500
    if version > 1:
        assert len(events) + len(cast.skipped) == len(lines)


@pytest.mark.parametrize("line", ["\n", "# nothing\n"])
def test_a_file_of_lines_that_say_nothing_ends_at_the_limit(
    tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.reader.MAX_VOID", 100)
    event = '[1, "o", "a"]\n'
    cast = opened(tmp_path, HEADER_2 + event + line * 100 + event + line + event)
    assert len(list(cast.events())) == 2
    assert "more than 100 blank lines" in cast.skipped[-1][1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.cast")
    with pytest.raises(RecordingError, match="no ordinary file"):
        open_cast(tmp_path / "x.cast")


def test_a_long_line_ends_a_compressed_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.reader.MAX_LINE", 100)
    text = HEADER_2 + '[1, "o", "a"]\n' + " " * 1000 + '\n[2, "o", "b"]\n'
    cast = opened(tmp_path, gzip.compress(text.encode()), "x.cast.gz")
    assert [event.data for event in cast.events()] == ["a"]
    assert "longer than" in cast.skipped[-1][1]
