"""The picture of the questions: what stands on it, at any width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.questions import Prepared
from presenter.deck.text import CONTROL
from presenter.layout.lines import line_width
from presenter.layout.tally import LEAST, MOST, MOST_QUESTIONS, tally_frame
from presenter.layout.theme import THEMES, theme
from presenter.talk.tally import OPEN, Row, Tally, tally
from tests.layout.build import plain, segments
from tests.talk.asked import OVERHEAD, ROADMAP, records

FILE = (Prepared(OVERHEAD, "little"), Prepared("Never asked?", "yes"))
WHOLE = tally(records(), FILE)


def drawn(shown: Tally, columns: int = 120) -> list[str]:
    return plain(tally_frame(shown, "Istio 101", columns, theme("dark")).lines)


def row_of(lines: list[str], words: str) -> str:
    (line,) = (line for line in lines if words in line)
    return line


def test_a_row_has_marks_a_bar_and_a_count() -> None:
    lines = drawn(WHOLE)
    roadmap, metrics = row_of(lines, ROADMAP), row_of(lines, "custom metrics")
    assert roadmap.split(ROADMAP)[0].strip() == "?"
    assert "".join(roadmap.split(ROADMAP)[1].split()) == "·●●●▆▆▆▆▆▆3×"
    assert "".join(metrics.rpartition("Istio?")[2].split()) == "●···▆▆1×"
    assert row_of(lines, OVERHEAD).lstrip().startswith("✓")


def test_every_sign_is_explained_and_names_stand_above() -> None:
    text = "\n".join(drawn(WHOLE))
    for words in (
        "Questions · Istio 101", "7 questions came up in 4 talks · 6 of them have no answer yet",
        "1 more is prepared and was not asked", "? no answer yet", "✓ answer prepared",
        "● asked there", "Codemotion", "Florianópolis", "QCon Beijing",
    ):  # fmt: skip
        assert words in text
    assert "Never asked" not in text


def test_a_narrow_picture_names_venues_by_letters() -> None:
    text = "\n".join(drawn(WHOLE, 60))
    assert "A  B  C  D" in text
    for words in ("A Codemotion Rome", "B TDC Florianópolis", "D GDG Beijing"):
        assert words in text


def many(questions: int, venues: int) -> Tally:
    counts = tuple(1 + n % 3 for n in range(venues))
    rows = (Row(f"Question {n}?", (), counts, OPEN) for n in range(questions))
    return Tally(tuple(f"Conference {n}" for n in range(venues)), tuple(rows), venues)


def test_what_there_is_no_room_for_is_counted() -> None:
    text = "\n".join(drawn(many(MOST_QUESTIONS + 3, 60), 80))
    assert "▼ 3 questions more, asked less often" in text
    assert "venues have no column here, but count" in text
    assert "BH Conference 59" in text
    assert "A Conference 0" not in text
    assert "2×" in text


def test_without_questions_it_says_so() -> None:
    assert "no question came up in 0 talks" in "\n".join(drawn(Tally((), (), 0)))
    assert "no question came up in 0 talks · 2 are prepared" in "\n".join(drawn(tally([], FILE)))


def test_signs_differ_by_shape_and_no_more_than_four_hues_are_used() -> None:
    for name in THEMES:
        chosen = theme(name)
        frame = tally_frame(WHOLE, "Istio 101", 120, chosen)
        colours = {one.style.color.name for one in segments(frame) if one.style and one.style.color}
        neutral = {chosen.text, chosen.muted, chosen.border}
        assert colours - neutral <= {chosen.title, chosen.accent, chosen.warn}


@pytest.mark.parametrize("columns", [0, LEAST, 80, 100, 120, 200, 9999])
def test_it_is_as_wide_as_asked_within_bounds(columns: int) -> None:
    frame = tally_frame(WHOLE, "Istio 101", columns, theme("dark"))
    assert frame.size.columns == min(max(columns, LEAST), MOST)
    assert frame.size.rows == len(frame.lines)


texts = st.text(max_size=60) | st.text(alphabet="漢字 e\u0301🙂\x1b[", max_size=60)


@given(
    st.lists(texts, max_size=8, unique=True).flatmap(
        lambda venues: st.tuples(
            st.just(tuple(venues)),
            st.lists(
                st.builds(
                    Row,
                    texts,
                    st.just(()),
                    st.tuples(*[st.integers(0, 5)] * len(venues)),
                    st.sampled_from(["", "prepared", "given"]),
                ),
                max_size=6,
            ),
        )
    ),
    st.integers(LEAST, 160),
)
@settings(max_examples=100, deadline=None)
def test_whatever_was_asked_every_line_has_the_frames_width(
    told: tuple[tuple[str, ...], list[Row]], columns: int
) -> None:
    venues, rows = told
    frame = tally_frame(Tally(venues, tuple(rows), 1), "t", columns, theme("dark"))
    for line in frame.lines:
        assert line_width(line) == columns
        assert not any(CONTROL.search(part.text) or "\n" in part.text for part in line)
