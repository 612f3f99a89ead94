"""The times of a recording: idle limit, then speed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.recording.asciicast import Event, Header
from presenter.recording.timeline import change_speed, limit_idle, paced

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


def test_an_override_goes_before_the_header() -> None:
    events = [Event(10.0, "o", "a")]
    header = Header(idle_time_limit=4.0)
    assert times(paced(events, header)) == [4.0]
    assert times(paced(events, header, idle_limit=1.0)) == [1.0]
    assert times(paced(events, header, idle_limit=0.0)) == [10.0]
    assert times(paced(events, Header())) == [10.0]


def test_the_limit_is_applied_before_the_speed() -> None:
    events = [Event(10.0, "o", "a"), Event(11.0, "o", "b")]
    assert times(paced(events, Header(), idle_limit=2.0, speed=4.0)) == [0.5, 0.75]


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        list(change_speed([], 0))


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
