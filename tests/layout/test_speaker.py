"""The speaker's own screen: what stands on it, at every size, and that it looks like no slide."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.model import Note
from presenter.layout.frame import Size
from presenter.layout.speaker import MOST_NOTES, SpeakerView, clock, pace, speaker_frame
from presenter.layout.speakerstate import SpeakerState
from presenter.layout.svg import color_of
from presenter.layout.theme import THEMES
from tests.layout.build import DARK, plain, words
from tests.layout.test_invariants import assert_exact

CALM = SpeakerState(
    sequence=5, deck="Istio 101", theme="dark", slide=6, total=24, title="Installing", stop=2,
    stops=6, upcoming="run kubectl get pods", elapsed=754, planned=2700, next_title="Sidecars",
    lines=("what stands on the slide",), pane=("$ true", "what stands in the pane"),
    next_lines=("what comes after",), step="recording · exit 0 · 2.3 s",
    notes=(Note("say this"), Note("at press two", 2), Note("at press three", 3)),
)  # fmt: skip
STORM = replace(
    CALM, elapsed=2000, reason="cluster: no answer in 2 s", countdown=4.6, activity="playing",
    conditions=(("cluster", "false", "no answer"), ("shop", "true", "200"), ("port", "?", "")),
    background=(("forward", "runs"), ("traffic", "ended 1")), tainted="step 2 was replayed",
    waiting=True, frozen=True, message="the deck has changed", mode="recordings, by your key",
    scratch=True,
)  # fmt: skip


def view(state: SpeakerState = CALM) -> SpeakerView:
    hints = ("Space next", "Ctrl-Q detach", "? keys")
    return SpeakerView(state, wall="14:05", link="in step", hints=hints)


def read(shown: SpeakerView, columns: int = 80, rows: int = 24) -> str:
    return "\n".join(plain(speaker_frame(shown, Size(columns, rows), DARK).lines))


def test_what_a_speaker_needs_stands_on_a_small_screen() -> None:
    seen = read(view())
    for said in (
        "SPEAKER · PRIVATE", "Istio 101", "in step", "12:34 of 45:00", "14:05",
        "slide 7 of 24 · press 2 of 6", "Installing", "NEXT  run kubectl get pods",
        "then slide Sidecars", "recording · exit 0 · 2.3 s", "say this", "▌ at press two",
        "▸ 1 more with a press to come", "Space next   Ctrl-Q detach   ? keys",
    ):  # fmt: skip
        assert said in seen
    assert "at press three" not in seen


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (80, 50)])
def test_what_goes_wrong_is_said_in_words(size: tuple[int, int]) -> None:
    seen = read(view(STORM), *size)
    for said in (
        "1 press waits · the picture is frozen · the scratch shell", "deadline in 5 s",
        "playing: recording",
        "recordings, by your key", "because cluster: no answer in 2 s",
        "later steps stay recorded: step 2 was replayed", "forward (runs), traffic (ended 1)",
        "the deck has changed", "✗ cluster: no answer", "✓ shop", "? port", "say this",
    ):  # fmt: skip
        assert said in seen
    assert "shop: 200" not in seen


def test_a_failure_that_waits_says_what_the_next_press_does() -> None:
    seen = read(view(replace(STORM, asks=True, reason="exit 1, not 0")))
    assert "! exit 1, not 0: the next press replays it" in seen
    assert "because" not in seen


@pytest.mark.parametrize("size", [(160, 50), (80, 50)])
def test_a_large_screen_has_the_slides_too(size: tuple[int, int]) -> None:
    seen = read(view(), *size)
    for said in (
        "on the slide", "what stands on the slide", "in the pane", "what stands in the pane",
        "next: Sidecars", "what comes after",
    ):  # fmt: skip
        assert said in seen
        assert said not in read(view(), 80, 24)


def test_of_a_long_pane_the_end_is_shown() -> None:
    long = replace(CALM, pane=tuple(f"row {n}" for n in range(200)))
    seen = read(view(long), 160, 50)
    assert "row 199" in seen
    assert "row 0 " not in seen


def test_notes_scroll_and_what_is_hidden_is_counted() -> None:
    many = replace(CALM, notes=(Note("\n\n".join(f"note {n}" for n in range(60))),))
    frame = speaker_frame(view(many), Size(80, 24), DARK)
    assert frame.hidden_rows > 20
    assert frame.hidden_above == 0
    assert f"▼ {frame.hidden_rows} more" in "\n".join(plain(frame.lines))
    down = replace(view(many), scroll=10)
    assert "▲ 11 more" in read(down)
    last = replace(view(many), scroll=frame.hidden_rows)
    assert "note 59" in read(last)
    assert "▼" not in read(last)
    assert speaker_frame(last, Size(80, 24), DARK).hidden_above > 20


@pytest.mark.parametrize("size", [(80, 24), (80, 50), (160, 50)])
def test_notes_of_the_press_are_in_view_without_scrolling(size: tuple[int, int]) -> None:
    notes = (Note("\n\n".join(f"note {n}" for n in range(60))), *CALM.notes[1:])
    assert "▌ at press two" in read(view(replace(CALM, notes=notes)), *size)


@pytest.mark.parametrize("size", [(80, 50), (160, 50)])
def test_notes_may_have_more_of_the_screen_and_all_of_it(size: tuple[int, int]) -> None:
    text = "\n\n".join(f"note {n} " + "with more words " * 12 for n in range(60))
    many = view(replace(CALM, notes=(Note(text),)))
    seen = [read(replace(many, notes_size=n), *size) for n in range(MOST_NOTES + 1)]
    counts = [len(re.findall(r"with more words", one)) for one in seen]
    assert counts[0] < counts[1] <= counts[2], "each size has more of the notes"
    assert ["on the slide" in one for one in seen] == [True, True, False]
    assert ["next: Sidecars" in one for one in seen] == [True, True, False]


def test_nobody_takes_it_for_a_slide() -> None:
    for theme in THEMES.values():
        frame = speaker_frame(view(), Size(80, 24), theme)
        assert "SPEAKER · PRIVATE" in plain(frame.lines)[0]
        banner = {color_of(part.style.bgcolor, "") for part in frame.lines[0] if part.style}
        assert banner == {theme.warn}
        for line in frame.lines[1:-1]:
            assert line[0].text.startswith("┃")
            page = {color_of(part.style.bgcolor, "") for part in line if part.style}
            assert theme.page not in page


def test_a_link_that_is_lost_is_seen_by_word_and_colour() -> None:
    lost = replace(view(), link="no talk: looking for it", linked=False)
    line = speaker_frame(lost, Size(80, 24), DARK).lines[0]
    assert "○ no talk: looking for it" in plain([line])[0]
    assert line[-1].style is not None
    assert color_of(line[-1].style.bgcolor, "") == DARK.error


def test_in_a_narrow_window_the_marks_of_the_private_stay() -> None:
    rows = read(view(), 24, 12).splitlines()
    assert rows[0] == " ▲ PRIVATE    ● in step"
    assert "14:05" not in rows[1]


def test_an_answer_to_a_key_takes_the_place_of_the_hints() -> None:
    seen = read(replace(view(), note="on the stage only: Reload"))
    assert "on the stage only: Reload" in seen
    assert "Space next" not in seen


def test_hints_are_never_cut_in_a_word() -> None:
    assert read(view(), 40, 20).splitlines()[-1].startswith("┗━ Space next   Ctrl-Q detach ━")


@pytest.mark.parametrize(
    ("slide", "stop", "elapsed", "expected"),
    [
        (6, 3, 754.0, "on time"),  # 6.5 of 24 slides of 112 s
        (6, 3, 731.0 - 200, "3 min ahead"),
        (6, 3, 731.0 + 300, "5 min behind"),
        (23, 6, 2760.0, "1:00 over time"),
        (0, 0, None, ""),
    ],
)
def test_the_pace_in_words(slide: int, stop: int, elapsed: float | None, expected: str) -> None:
    state = replace(CALM, slide=slide, stop=stop, elapsed=elapsed)
    assert pace(state)[0] == expected


def test_without_a_plan_there_is_no_pace() -> None:
    assert pace(replace(CALM, planned=None))[0] == ""
    assert "of" not in read(view(replace(CALM, planned=None))).splitlines()[1]


def test_clock() -> None:
    assert [clock(0), clock(59.9), clock(754), clock(3600)] == ["0:00", "0:59", "12:34", "1:00:00"]


texts = st.lists(words, max_size=30).map(tuple)
states = st.builds(
    SpeakerState,
    sequence=st.integers(), deck=words, theme=st.just("dark"), slide=st.integers(0, 99),
    total=st.integers(1, 99), title=words, stop=st.integers(0, 9), stops=st.integers(0, 9),
    upcoming=words, elapsed=st.none() | st.floats(0, 1e6), planned=st.none() | st.floats(0, 1e6),
    next_title=words, lines=texts, pane=texts, next_lines=texts, step=words, mode=words,
    notes=st.lists(st.builds(Note, words, st.integers(0, 9)), max_size=6).map(tuple),
    reason=words, asks=st.booleans(), tainted=words, activity=words, message=words,
    conditions=st.lists(st.tuples(words, st.sampled_from(["true", "false", "odd"]), words),
                        max_size=4).map(tuple),
    countdown=st.none() | st.floats(-5, 1e6),
    background=st.lists(st.tuples(words, words), max_size=4).map(tuple), waiting=st.booleans(),
)  # fmt: skip


@given(
    states, st.integers(1, 170), st.integers(1, 60), st.integers(-40, 40), words, st.booleans(),
    st.integers(0, MOST_NOTES),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_every_frame_has_exactly_its_size(
    state: SpeakerState, columns: int, rows: int, scroll: int, note: str, linked: bool,
    notes_size: int,
) -> None:  # fmt: skip
    hints = ("Space next", note)
    shown = SpeakerView(state, "14:05", "in step", linked, scroll, notes_size, note, hints)
    assert_exact(speaker_frame(shown, Size(columns, rows), DARK))
