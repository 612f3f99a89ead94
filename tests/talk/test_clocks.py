"""Times as people read them."""

from __future__ import annotations

import math

import pytest

from presenter.talk.clocks import clock, lateness


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"), (59.4, "0:59"), (754, "12:34"), (59.6, "1:00"), (2699.999, "45:00"),
        (3599.4, "59:59"), (3599.6, "1:00:00"),
        (4500, "1:15:00"), (-4500, "−1:15:00"), (-75, "−1:15"),
        (-0.4, "0:00"), (None, "–"), (1e308, "–"), (math.inf, "–"), (-math.inf, "–"),
        (math.nan, "–"),
    ],
)  # fmt: skip
def test_times_have_hours_where_there_are_any(seconds: float | None, words: str) -> None:
    assert clock(seconds) == words


def test_late_and_early_are_said_in_words() -> None:
    assert [lateness(133), lateness(-40), lateness(0.4)] == ["2:13 late", "0:40 early", "on time"]
    assert lateness(4500) == "1:15:00 late"
