"""Recordings written, and read again."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording.asciicast import Event, Header
from presenter.recording.reader import open_cast
from presenter.recording.writer import encode, write_cast

_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
_EVENTS = st.lists(
    st.builds(
        Event,
        time=st.integers(0, 10_000_000).map(lambda ms: ms / 1000),
        code=st.sampled_from("oimx"),
        data=_TEXT,
    ),
    max_size=30,
).map(lambda events: sorted(events, key=lambda event: event.time))
_STRINGS = st.dictionaries(_TEXT, _TEXT, max_size=3)
_HEADERS = st.builds(
    Header,
    version=st.just(3),
    columns=st.integers(1, 1000),
    rows=st.integers(1, 500),
    timestamp=st.none() | st.integers(0, 10**11),
    duration=st.none(),
    idle_time_limit=st.none() | st.integers(0, 100).map(float),
    command=_TEXT,
    title=_TEXT,
    env=_STRINGS,
    theme=st.sampled_from(
        [{}, {"fg": "#ffffff", "bg": "#000000", "palette": ":".join(["#0a0B0c"] * 8)}]
    ),
    extra=st.fixed_dictionaries({}, optional={"presenter": _STRINGS, "tags": st.lists(_TEXT)}),
)


@settings(max_examples=100, deadline=None)
@given(_HEADERS, _EVENTS)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, header: Header, events: list[Event]
) -> None:
    path = tmp_path_factory.mktemp("round") / "trip.cast"
    write_cast(path, header, events)
    cast = open_cast(path)
    read = list(cast.events())
    assert cast.header == header
    assert [(round(e.time, 3), e.code, e.data) for e in read] == [
        (e.time, e.code, e.data) for e in events
    ]
    assert cast.skipped == []
    assert cast.problems == []


def test_a_theme_that_is_none_is_not_written() -> None:
    theme = {"fg": "white", "bg": "#000000", "palette": ""}
    assert "theme" not in "".join(encode(Header(theme=theme), []))


def test_equal_input_gives_equal_bytes() -> None:
    header, events = Header(title="t"), [Event(0.0004, "o", "é\x1b[1m")]
    assert list(encode(header, events)) == list(encode(header, events))
    assert list(encode(header, events)) == [
        '{"version": 3, "term": {"cols": 80, "rows": 24}, "title": "t"}\n',
        '[0.000, "o", "é\\u001b[1m"]\n',
    ]


def test_rounding_never_adds_up_to_a_drift() -> None:
    events = [Event(n / 3000, "o", "x") for n in range(100_000)]
    at = 0.0
    for line, event in zip(list(encode(Header(), events))[1:], events, strict=True):
        at += json.loads(line)[0]
        assert abs(at - event.time) < 0.00051


def test_times_that_go_back_become_an_interval_of_nothing() -> None:
    lines = list(encode(Header(), [Event(2.0, "o", "a"), Event(1.0, "o", "b")]))
    assert [json.loads(line)[0] for line in lines[1:]] == [2.0, 0.0]


def test_a_recording_can_be_read_by_all_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text("old")
    write_cast(path, Header(), [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_recording(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text("old")

    def broken() -> list[Event]:
        raise RuntimeError("no more")

    def events() -> object:
        yield Event(0.0, "o", "a")
        broken()

    with pytest.raises(RuntimeError):
        write_cast(path, Header(), events())  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
