"""What a venue's silences come to, and the file in which that is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.talk.fallback import Fault
from presenter.talk.health import MOST_GAP, Broken, Evidence, Good, Thresholds, Waiting
from presenter.talk.silence import (
    FRESH,
    LONGEST,
    Measured,
    Silences,
    decode,
    encode,
    is_fresh,
    usual,
)

NOW = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
REFUSED = Broken(0.5, Fault.REFUSED)


def silences(*evidence: Evidence) -> list[float]:
    found = Silences()
    for one in evidence:
        found.take(one)
    return found.ended


def late(*delays: float, interval: float = 0.25) -> list[Evidence]:
    """Heartbeats that are answered after these seconds, with a sign every 50 ms until then."""
    told: list[Evidence] = []
    at = 0.0
    for delay in delays:
        told += [Waiting(at + 0.05 * n) for n in range(1, int(delay / 0.05 + 1e-6) + 1)]
        told.append(Good(at + delay))
        at += max(delay, interval)
    return told


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], []),
        ([Good(1)], []),
        ([Waiting(0), Waiting(9), Good(9.1)], []),  # connecting is no silence
        ([Good(1), Good(1.25)], [0.25]),
        ([Good(1), Waiting(1.3), Waiting(1.6), Good(1.7)], [0.7]),
        ([Good(1), Good(3)], [MOST_GAP]),  # nobody was asked, or nobody listened
        ([Good(1), Waiting(1.3), Waiting(9), Good(9.1)], [0.3 + MOST_GAP + 0.1]),
        ([Good(0), REFUSED, Good(0.9), Good(1.1)], [0.2]),  # an error is no silence
        ([Good(1), Waiting(1.3)], []),  # not ended
        ([Good(1), Good(0.5), Good(1.2)], [0.2]),  # older evidence tells nothing
    ],
)
def test_silence_runs_from_answer_to_answer(
    evidence: list[Evidence], expected: list[float]
) -> None:
    assert silences(*evidence) == pytest.approx(expected)


def test_a_late_answer_counts_with_the_pause_before_it() -> None:
    """So the figure can stand beside the thresholds, which count from the last answer."""
    assert silences(*late(0.0, 0.0, 0.4)) == pytest.approx([0.25, 0.65])


def test_healthy_endpoints_near_and_far_raise_nothing() -> None:
    """A public host is asked every 2 s only: that nobody asks is no silence of its."""
    near, far = silences(*late(*[0.02] * 99)), silences(*late(*[0.2] * 99, interval=2.0))
    for found in (near, far):
        assert Thresholds().raised(usual(found) or 0.0) == Thresholds()


@pytest.mark.parametrize(("delay", "down"), [(0.4, 1.3), (0.9, 2.3), (1.2, 2.5), (9.0, 2.5)])
def test_late_answers_raise_the_thresholds_up_to_a_limit(delay: float, down: float) -> None:
    found = usual(silences(*late(*[0.0] * 8, delay, *[0.0] * 8)))
    assert Thresholds().raised(found or 0.0).down == pytest.approx(down)


@given(st.lists(st.floats(0, 60), max_size=2500))
def test_the_usual_silence_is_one_that_hardly_any_exceeds(found: list[float]) -> None:
    figure = usual(found)
    if not found:
        assert figure is None
        return
    assert figure in found
    assert sum(one > figure for one in found) <= len(found) / 1000
    assert figure == max(found) or len(found) >= 1000


# --- the file ---------------------------------------------------------------------------------

DATES = st.datetimes(
    datetime(2000, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


@given(st.text(), DATES, st.floats(0, LONGEST))
def test_what_is_written_is_read(deck: str, when: datetime, silence: float) -> None:
    measured = Measured(deck, when, silence)
    read = decode(encode(measured), when + timedelta(hours=1))
    assert read.deck == deck
    assert read.when == when.replace(microsecond=0)
    assert read.silence == pytest.approx(silence, abs=0.001)


GOOD = {"v": 1, "deck": "/a.md", "when": "2026-11-23T09:00:00+00:00", "silence": 0.65}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"v": 2}, "another version"),
        ({"v": None}, "another version"),
        ({"deck": 1}, "damaged"),
        ({"when": 1}, "damaged"),
        ({"when": "yesterday"}, "no date"),
        ({"when": "2026-11-23T09:00:00"}, "no date"),
        ({"when": "2026-11-23T09:46:00+00:00"}, "still to come"),
        ({"when": "9999-12-31T23:59:59-14:00"}, "still to come"),
        ({"when": "0001-01-01T00:00:00+14:00"}, ""),
        ({"silence": None}, "no figure"),
        ({"silence": True}, "no figure"),
        ({"silence": "1"}, "no figure"),
        ({"silence": -0.1}, "not one from 0 to 60"),
        ({"silence": 60.1}, "not one from 0 to 60"),
        ({"silence": float("nan")}, "not one from 0 to 60"),
        ({"silence": float("inf")}, "not one from 0 to 60"),
        ({"silence": 10**400}, "not one from 0 to 60"),
    ],
)
def test_what_is_odd_is_said(changes: dict[str, object], words: str) -> None:
    data = json.dumps(GOOD | changes).encode()
    if not words:
        assert not is_fresh(decode(data, NOW), NOW)
        return
    with pytest.raises(ValueError, match=words):
        decode(data, NOW)


@given(st.binary(max_size=300) | st.just(b"[" * 100_000))
def test_anything_else_is_no_measurement(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|version"):
        decode(data, NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), json_values))
def test_no_value_in_it_gets_further_than_the_codec(changes: dict[str, object]) -> None:
    try:
        read = decode(json.dumps(GOOD | changes).encode(), NOW)
    except ValueError:
        return
    assert 0 <= read.silence <= LONGEST
    assert isinstance(is_fresh(read, NOW), bool)


def test_a_measurement_holds_for_a_day() -> None:
    measured = Measured("a", NOW, 0.5)
    assert is_fresh(measured, NOW + FRESH)
    assert not is_fresh(measured, NOW + FRESH + timedelta(seconds=1))
    assert is_fresh(measured, NOW - timedelta(minutes=5))
