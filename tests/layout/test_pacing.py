"""The row that says how the talk stands to its plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.layout.pacing import pace_line, pace_words
from presenter.layout.theme import THEMES
from presenter.talk.pace import Pace
from tests.layout.build import DARK, plain
from tests.layout.test_invariants import assert_exact_line
from tests.layout.test_speaker import paces

CALM = Pace(here=20.0, share=60.0, moment=610.0, meant=600.0, expected=2710.0, total=2700.0)


def read(pace: Pace, columns: int = 80) -> str:
    return plain([pace_line(pace, columns, DARK)])[0]


@pytest.mark.parametrize(
    ("moment", "said", "role"),
    [
        (610.0, "on time", "ok"),
        (733.0, "2:13 late", "warn"),
        (420.0, "3:00 early", "text"),
    ],
)
def test_how_late_it_is_is_said_in_words(moment: float, said: str, role: str) -> None:
    pace = replace(CALM, moment=moment)
    assert pace_words(pace) == (said, role)
    assert said in read(pace)


def test_before_the_timer_starts_nothing_is_late() -> None:
    pace = replace(CALM, here=0.0, moment=0.0, meant=0.0, started=False)
    assert "not started · ends 45:10 of 45:00" in read(pace)
    assert "●" not in read(pace)


def test_a_slide_over_its_share_is_marked_by_a_sign() -> None:
    assert "▲ 1:15 of 1:00 here" in read(replace(CALM, here=75.0))
    assert "▲" not in read(replace(CALM, here=66.0))


def test_a_question_is_said() -> None:
    assert "‖ question" in read(replace(CALM, paused=True), 100)


def test_the_bar_shows_plan_clock_and_chosen_moments() -> None:
    late = read(replace(CALM, meant=900.0, moment=1800.0, marks=(450.0, 2250.0)), 120)
    bar = late[late.index("here ") + 5 :].split(" ")[0]
    assert bar.index("━") < bar.index("┼") < bar.index("╌") < bar.index("●") < bar.rindex("┼")
    early = read(replace(CALM, meant=1800.0, moment=900.0), 120)
    bar = early[early.index("here ") + 5 :].split(" ")[0]
    assert bar.index("●") < bar.rindex("━")
    assert "╌" not in bar


def test_a_chosen_moment_that_comes_is_said() -> None:
    assert "┼ 10:00" in read(replace(CALM, moment=604.0, marks=(600.0,)), 100)
    assert "┼ 10:00" not in read(replace(CALM, moment=590.0, marks=(600.0,)), 100)
    assert "┼ 10:00" not in read(replace(CALM, moment=611.0, marks=(600.0,)), 100)


def test_where_there_is_little_room_the_words_stay() -> None:
    seen = read(CALM, 48)
    assert "0:20 of 1:00 here" in seen
    assert "on time" in seen
    assert "─" not in seen


@given(pace=paces, columns=st.integers(1, 200), theme=st.sampled_from(list(THEMES.values())))
def test_the_row_has_exactly_its_columns(pace: Pace, columns: int, theme: object) -> None:
    assert_exact_line(pace_line(pace, columns, DARK), columns)
