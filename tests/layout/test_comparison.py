"""Runs compared, in text and as a picture: what is said, and that it fits at every size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.layout.comparetable import story_lines, table_lines
from presenter.layout.comparewords import signed, story, total_words
from presenter.layout.comparison import comparison_frame, rows_for
from presenter.layout.frame import Size
from presenter.layout.svg import color_of
from presenter.layout.text import width
from presenter.layout.theme import THEMES
from presenter.talk import events as e
from presenter.talk.compare import Comparison, compare, runs_of
from tests.layout.build import DARK, plain, words
from tests.layout.test_invariants import assert_exact
from tests.talk.talks import Talk

PLAN = {"one": 60.0, "two": 120.0, "three": 60.0}
DECK = [("one", "The first of all slides"), ("two", "界面 second"), ("three", "Three")]


def sample() -> Comparison:
    """Over on the first slide, back to it, a fall on the second, the third left out at first."""
    new = Talk(*PLAN).plan(PLAN, 300, (90.0,)).start().tell(one=80).question("why?", 40).go("two")
    new.step("pods", 0, "live", 30, fell="recording", reason="silent").wait(80).go("one").wait(20)
    new.add(e.SlidesDropped("20m", ("three",))).wait(1).end()
    best = Talk(*PLAN, wall="2026-05-03T09:00:00Z", purpose="").plan(PLAN, 300).start()
    best.tell(one=59).go("two").step("pods", 0, "live", 20).wait(90).tell(three=61).end()
    old = Talk("zero", "one", wall="2026-05-02T09:00:00Z").start().tell(zero=5, one=70).end()
    found = compare(runs_of([new.record("c"), best.record("b"), old.record("a")]), DECK)
    assert found is not None
    return found


def test_a_table_says_what_each_slide_took() -> None:
    lines = table_lines(sample(), 110)
    head, first, second, demo, third, gone, total = lines[:7]
    assert head.split() == ["plan", "this", "●", "#2", "#1"]
    assert first.split()[:10] == [
        "1", "The", "first", "of", "all", "slides", "←1", "?1", "1:00", "1:41",
    ]  # fmt: skip
    assert "▲ +0:41" in first
    assert "▓" in first
    assert first.split()[-2:] == ["0:59", "1:10"]
    assert "界面 second" in second
    assert "−0:10" in second
    assert "░" in second
    assert "recorded, fell from live: the other" in demo
    assert demo.split()[-2:] == ["0:20", "–"]
    assert "dropped" in third
    assert third.split()[-2:] == ["1:01", "–"]
    assert "zero (gone)" in gone
    assert total.split()[:3] == ["total", "3:00", "3:31"]
    assert "● the best, #2" in lines[-1]
    assert "○ the one before, #1" in lines[-1]


def test_a_column_of_text_is_aligned_whatever_alphabet_it_is_in() -> None:
    rows = table_lines(sample(), 110)[1:6]
    ends = {width(line) for line in rows}
    assert len(ends) == 1


def test_where_there_is_no_room_runs_are_left_out_and_counted() -> None:
    narrow = table_lines(sample(), 46)
    assert narrow[0].split() == ["plan", "this"]
    assert "no room for 2 more: a wider window has it" in narrow


def test_the_story_has_all_that_went_otherwise() -> None:
    assert list(story_lines(sample(), 200)) == [
        "total    3:31 for 2 of 3 planned slides, which have 3:00: 0:31 late; questions took 0:40"
        " more",
        "over     The first of all slides  ▲ +0:41 (1:41 for 1:00)",
        "back     at 3:50 from `界面 second` to `The first of all slides`",
        "fell     pods, step 1: recorded, fell from live: the other side is silent",
        "at 1:30  `界面 second`, as planned",
        "dropped  `Three`",
        "best     #2, talk of 2026-05-03 09:00: of the complete ones, its slides were nearest to"
        " the plan (0:12 off in all)",
    ]


def test_where_nothing_was_planned_that_is_said() -> None:
    bare = Talk("one").start().tell(one=70).dies().record("a")
    found = compare(runs_of([bare]))
    assert found is not None
    told = "\n".join(story_lines(found, 80))
    assert "1:10; nothing was planned; it broke off" in told
    assert "none: nothing was planned" in told


def test_marks_that_were_missed_and_the_best_that_is_not_there() -> None:
    slow = Talk(*PLAN).plan(PLAN, 0, (70.0, 500.0)).start().tell(one=100, two=1, three=1).dies()
    found = compare(runs_of([slow.record("a")]), DECK)
    assert found is not None
    told = "\n".join(story_lines(found, 120))
    assert "at 1:10  `The first of all slides`, not `界面 second`: 0:10 late" in told
    assert "at 8:20  `Three` was planned; the talk had ended" in told
    assert "none yet: no speaker has shown every planned slide, to the end" in told


def test_times_are_signed_and_the_total_says_how_late() -> None:
    assert [signed(0.4), signed(45), signed(-45.6)] == ["±0:00", "+0:45", "−0:46"]
    complete = Talk(*PLAN).plan(PLAN, 300).start().tell(one=60, two=120, three=90).end()
    found = compare(runs_of([complete.record("a")]))
    assert found is not None
    assert total_words(found.this) == "4:30 of 5:00: 0:30 early"


def test_what_is_late_by_no_second_is_not_drawn_as_late() -> None:
    plan = {"one": 60.0, "two": 120.0}
    played = Talk(*plan).plan(plan, 180).start().tell(one=60.1, two=120.1).end()
    found = compare(runs_of([played.record("a")]))
    assert found is not None
    assert found.this.late
    assert [one.role for one in story(found) if one.about == "total"] == ["text"]


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
@pytest.mark.parametrize("columns", [100, 140])
def test_a_picture_has_pairs_of_bars_and_its_own_legend(theme, columns: int) -> None:  # type: ignore[no-untyped-def]
    found = sample()
    frame = comparison_frame(found, "A talk", Size(columns, rows_for(found, columns)), theme)
    rows = plain(frame.lines)
    assert "A talk" in rows[1]
    assert "#3, rehearsal of 2026-05-04 14:10" in rows[2]
    at = next(n for n, row in enumerate(rows) if " 1 The first" in row)
    assert "▲ +0:41" in rows[at]
    assert "▄▄" in rows[at]
    assert "← came back · ? 1 asked" in rows[at + 1]
    assert "▀▀" in rows[at + 1]
    colors = {color_of(part.style.color, ""): part for part in frame.lines[at] if part.style}
    assert set(colors[theme.error].text) <= set("▄▖ ") or "1:41" in colors[theme.error].text
    assert any("✗ recorded, fell from live" in row for row in rows)
    assert not any("more rows" in row for row in rows)
    used = {
        color_of(part.style.color, "")
        for line in frame.lines
        for part in line
        if part.style and part.text.strip()
    }
    assert used <= {theme.text, theme.title, theme.accent, theme.error, theme.muted, theme.border}


def test_a_low_picture_has_one_row_for_a_slide_and_says_what_is_left_out() -> None:
    rows = plain(comparison_frame(sample(), "A talk", Size(100, 18), DARK).lines)
    at = next(n for n, row in enumerate(rows) if " 1 The first" in row)
    assert "2 界面" in rows[at + 1]
    assert "█" in rows[at]
    assert "▼" in rows[-2]
    assert "more rows: a higher picture has them" in rows[-2]


slides = st.lists(st.tuples(words, words, st.floats(0, 1e6)), min_size=1, max_size=5)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    deck = draw(slides)
    shares = {one: seconds for one, _, seconds in deck}
    ids = [*shares, draw(words)]
    records = []
    for number in range(draw(st.integers(1, 4))):
        told = Talk(*ids, purpose=draw(words))
        if draw(st.booleans()):
            told.plan(shares, marks=(draw(st.floats(0, 1e6)),))
        told.start()
        for one in draw(st.lists(st.sampled_from(ids), max_size=5)):
            told.go(one).wait(draw(st.floats(0, 1e5)))
            if draw(st.booleans()):
                rung = draw(st.sampled_from(["live", "recording", "odd"]))
                told.step(draw(words), 0, rung, 5, fell=draw(st.sampled_from(["", "card"])))
        records.append(replace(told.record(str(number)), wall=draw(words)))
    now = [(one, title) for one, title, _ in deck][draw(st.integers(0, 1)) :]
    found = compare(runs_of(records), now)
    assert found is not None
    return found


@given(comparisons(), st.integers(1, 160), st.integers(1, 60), words)
@settings(max_examples=60, deadline=None)
def test_every_picture_has_its_size_and_no_line_is_wider(
    found: Comparison, columns: int, rows: int, title: str
) -> None:
    for theme in THEMES.values():
        assert_exact(comparison_frame(found, title, Size(columns, rows), theme))
    for line in [*table_lines(found, columns), *story_lines(found, columns)]:
        assert width(line) <= max(columns, 12)
