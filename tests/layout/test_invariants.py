"""What holds for every frame, whatever is on it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from presenter.deck.model import Slide
from presenter.layout.frame import Frame, Line, PaneView, Size
from presenter.layout.pane import pane_rows
from presenter.layout.stage import compose
from presenter.layout.text import clean, clusters
from presenter.layout.theme import THEMES
from tests.layout.build import DARK, bare, pane, panes, plain, sizes, slides, view

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_exact(frame: Frame) -> None:
    """As many lines as rows, each of exactly the columns, and nothing unsafe in them."""
    assert len(frame.lines) == frame.size.rows
    for line in frame.lines:
        assert_exact_line(line, frame.size.columns)


def assert_exact_line(line: Line, columns: int) -> None:
    """Exactly the columns, and nothing unsafe in it."""
    assert sum(cell_len(segment.text) for segment in line) == columns
    for segment in line:
        assert "\n" not in segment.text
        assert clean(segment.text).replace("\ufe0f", "") == segment.text.replace("\ufe0f", "")
        assert segment.style is not None


@given(slides, sizes, st.integers(0, 4), st.integers(0, 30), st.sampled_from(sorted(THEMES)))
@few
def test_every_frame_has_exactly_its_size(
    slide: Slide, size: Size, reveals: int, scroll: int, name: str
) -> None:
    shown = replace(view(slide, reveals=reveals), size=size, scroll=scroll, theme=THEMES[name])
    assert_exact(compose(shown))


@given(slides, sizes, panes, st.booleans(), st.booleans())
@few
def test_every_frame_with_a_pane_has_exactly_its_size(
    slide: Slide, size: Size, screen: PaneView, shown: bool, full: bool
) -> None:
    frame = compose(
        replace(view(slide, pane=screen), size=size, pane_shown=shown, full=full, message="waiting")
    )
    assert_exact(frame)
    if frame.pane is not None:
        assert frame.pane.x >= 0
        assert frame.pane.y >= 0
        assert frame.pane.x + frame.pane.width <= size.columns
        assert frame.pane.y + frame.pane.height < size.rows, "the footer is not covered"


@given(panes, st.integers(2, 140), st.integers(2, 40))
@few
def test_a_pane_is_as_wide_and_high_as_asked(screen: PaneView, columns: int, rows: int) -> None:
    assert_exact(Frame(Size(columns, rows), pane_rows(screen, columns, rows, DARK)))


def cells(line: Line) -> list[str]:
    """What stands in each cell; the second half of a wide character is empty."""
    return [
        part
        for segment in line
        for cluster, columns in clusters(segment.text)
        for part in (cluster, "")[:columns]
    ]


@given(slides, sizes)
@few
def test_nothing_moves_between_reveals(slide: Slide, size: Size) -> None:
    """Whatever a reveal shows was blank before; what was shown stays where it is."""
    frames = [
        [cells(line) for line in compose(replace(view(slide, reveals=n), size=size)).lines]
        for n in range(4)
    ]
    for before, after in pairwise(frames):
        for old, new in zip(before, after, strict=True):
            for had, has in zip(old, new, strict=True):
                assert had in (" ", has)


@given(st.integers(0, 60), st.integers(0, 30))
def test_any_window_gets_a_frame(columns: int, rows: int) -> None:
    assert_exact(compose(replace(view(bare()), size=Size(columns, rows))))


def test_a_black_screen_shows_nothing() -> None:
    frame = compose(replace(view(bare()), black=True))
    assert_exact(frame)
    assert not any(plain(frame.lines))
    assert compose(replace(view(bare(), pane=pane()), black=True)).pane is None
