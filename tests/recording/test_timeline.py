"""The times of a recording: its idle limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.recording.asciicast import Event
from presenter.recording.timeline import limit_idle

_EVENTS = st.lists(st.floats(0, 1000), max_size=40).map(
    lambda times: [
        Event(time, "m" if i % 7 == 3 else "o", str(i)) for i, time in enumerate(sorted(times))
    ]
)


def times(events: object) -> list[float]:
    return [event.time for event in events]  # type: ignore[attr-defined]


def test_markers_move_with_the_output_around_them() -> None:
    events = [Event(0.0, "o", "a"), Event(10.0, "m", "x"), Event(10.5, "o", "b")]
    assert times(limit_idle(events, 2.0)) == [0.0, 2.0, 2.5]


def test_the_first_pause_counts() -> None:
    assert times(limit_idle([Event(9.0, "o", "a")], 1.0)) == [1.0]


@pytest.mark.parametrize("limit", [None, 0.0, -1.0])
def test_no_limit_leaves_the_pauses(limit: float | None) -> None:
    assert times(limit_idle([Event(10.0, "o", "a")], limit)) == [10.0]


@given(_EVENTS, st.floats(0.01, 50))
def test_no_pause_is_longer_than_the_limit_and_none_grows(
    events: list[Event], limit: float
) -> None:
    limited = times(limit_idle(events, limit))
    before = times(events)
    for i, (old, new) in enumerate(zip(before, limited, strict=True)):
        pause = new - (limited[i - 1] if i else 0.0)
        was = old - (before[i - 1] if i else 0.0)
        assert -1e-9 <= pause <= min(limit, was) + 1e-6
