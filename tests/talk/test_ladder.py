from __future__ import annotations

import pytest

from presenter.talk.ladder import Available, choose_rung, feed_from_deck
from presenter.talk.session import Position
from presenter.talk.stops import demo_in_view, passed_step
from tests.talk.script import demo, sample, step


@pytest.mark.parametrize(
    ("recording", "transcript", "failed", "rung"),
    [
        (True, True, (), "recording"),
        (True, False, (), "recording"),
        (False, True, (), "transcript"),
        (False, False, (), "card"),
        (True, True, ("recording",), "transcript"),
        (True, False, ("recording",), "card"),
        (True, True, ("transcript",), "card"),
        (True, True, ("recording", "transcript"), "card"),
        (True, True, ("card",), "card"),
    ],
)
def test_the_highest_rung_below_the_failed_ones(
    recording: bool, transcript: bool, failed: tuple[str, ...], rung: str
) -> None:
    assert choose_rung(Available(recording, transcript), frozenset(failed)) == rung


@pytest.mark.parametrize(
    ("transcript", "rung"), [(("a",), "transcript"), ((), "transcript"), (None, "card")]
)
def test_a_deck_alone_has_transcripts_and_cards(
    transcript: tuple[str, ...] | None, rung: str
) -> None:
    assert feed_from_deck(demo("d", step(transcript=transcript)), 0).rung == rung


@pytest.mark.parametrize(("stop", "step"), [(0, -1), (1, -1), (2, 0), (3, 0), (4, 0), (5, 1)])
def test_a_step_is_passed_with_its_run(stop: int, step: int) -> None:
    assert passed_step(sample(), Position(2, stop), 0) == step


def test_the_pane_in_view_is_the_one_used_last_or_the_first_to_come() -> None:
    from tests.talk.script import Pages, page

    script = Pages((page("two", "r01", demo("a", step()), demo("b", step())), page("none", "r")))
    views = [demo_in_view(script, Position(0, stop)) for stop in range(6)]
    assert views == [0, 0, 0, 0, 1, 1]
    assert demo_in_view(script, Position(1, 0)) is None
