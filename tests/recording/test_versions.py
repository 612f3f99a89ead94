"""Recordings in the older versions, read again."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from presenter.recording.asciicast import OUTPUT, Event, Header
from presenter.recording.reader import open_cast
from presenter.recording.stream import stream
from presenter.recording.strict import deviations
from presenter.recording.versions import encode_version
from tests.material import material
from tests.recording.screens import screens_at
from tests.recording.test_writer import _EVENTS, _HEADERS


@pytest.mark.parametrize("version", [1, 2, 3])
@settings(max_examples=60, deadline=None)
@given(header=_HEADERS, events=_EVENTS)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, version: int, header: Header, events: list[Event]
) -> None:
    path = tmp_path_factory.mktemp("version") / "a.cast"
    path.write_text("".join(encode_version(header, events, version)), "utf-8")
    cast = open_cast(path)
    told = replace(cast.header, version=3, duration=None)
    if version == 1:
        limit, began, theme = header.idle_time_limit, header.timestamp, header.theme
        told = replace(told, idle_time_limit=limit, timestamp=began, theme=theme)
    assert told == header
    kept = [event for event in events if version > 1 or event.code == OUTPUT]
    assert [replace(e, time=round(e.time, 3)) for e in cast.events()] == kept
    assert cast.skipped == []
    assert cast.problems == []


def test_the_lines_of_the_older_versions() -> None:
    header = Header(columns=90, rows=30, title="é", extra={"term": {"type": "x"}, "tags": ["a"]})
    events = [Event(0.5, "o", "a\x1b"), Event(1.25, "m", "here"), Event(2.0, "o", "b")]
    assert list(encode_version(header, events, 2)) == [
        '{"version": 2, "width": 90, "height": 30, "title": "é", "tags": ["a"]}\n',
        '[0.500000, "o", "a\\u001b"]\n',
        '[1.250000, "m", "here"]\n',
        '[2.000000, "o", "b"]\n',
    ]
    whole = "".join(encode_version(header, events, 1))
    assert json.loads(whole) == {
        "version": 1, "width": 90, "height": 30, "title": "é", "tags": ["a"],
        "stdout": [[0.5, "a\x1b"], [1.5, "b"]], "duration": 2.0,
    }  # fmt: skip


def _calm(events: list[Event]) -> list[float]:
    """The middles of the longest pauses: rounding moves nothing over them."""
    pauses = [(b.time - a.time, (a.time + b.time) / 2) for a, b in pairwise(events)]
    return sorted(middle for length, middle in sorted(pauses)[-4:] if length > 0.01)


def test_recordings_of_others_show_the_same_screens_in_every_version(tmp_path: Path) -> None:
    paths = [path for path in material("compat/casts").iterdir() if path.suffix != ".tsv"]
    assert len(paths) > 40
    for source in paths:
        cast = open_cast(source)
        events = list(stream(cast))
        has_resizes = any(event.code == "r" for event in events)
        times = [*_calm(events), 1e9]
        whole = screens_at(cast.header, events, times)
        for version in (1, 2, 3):
            path = tmp_path / f"{version}.cast"
            header = replace(cast.header, theme={})
            path.write_text("".join(encode_version(header, events, version)), "utf-8")
            assert list(deviations(path)) == [], (source.name, version)
            if version == 1 and has_resizes:
                continue
            made = open_cast(path)
            assert screens_at(made.header, made.events(), times) == whole, (source.name, version)
