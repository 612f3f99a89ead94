"""What there is in a recording."""

from __future__ import annotations

from presenter.recording.asciicast import Event
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.stream import stream
from presenter.recording.survey import survey
from tests.material import ROOT

LABEL = "1 0123456789ab"


def test_events_times_markers_and_sizes_are_counted() -> None:
    found = survey(
        [Event(1.0, "o", "a"), Event(9.0, "m", "here"), Event(9.5, "r", "90x30"),
         Event(9.6, "r", "90x30"), Event(10.0, "q", "")],
        2.0,
    )  # fmt: skip
    assert dict(found.counts) == {"o": 1, "m": 1, "r": 2, "q": 1}
    assert (found.real, found.shown) == (10.0, 4.0)
    assert found.markers == [(3.0, "here")]
    assert list(found.sizes) == ["90x30"]
    assert found.steps == []


def test_steps_have_their_labels_and_statuses() -> None:
    found = survey(
        [Event(1.0, "o", "$ \x1b]133;C\x07"), Event(1.0, "m", LABEL), Event(2.0, "o", "\x1b]133;D"),
         Event(2.5, "o", ";3\x07"), Event(3.0, "m", "2 aaaaaaaaaaaa"),
         Event(3.0, "o", "\x1b]133;C\x07")],
        None,
    )  # fmt: skip
    assert [(s.label, s.start, s.end, s.status) for s in found.steps] == [
        (LABEL, 1.0, 2.5, 3),
        ("2 aaaaaaaaaaaa", 3.0, None, None),
    ]
    assert found.markers == []


def test_without_marks_labels_are_steps() -> None:
    found = survey([Event(1.0, "m", LABEL), Event(4.0, "o", "a")], None)
    assert [(step.label, step.start, step.end) for step in found.steps] == [(LABEL, 1.0, 4.0)]


def test_steps_are_those_that_a_demo_finds() -> None:
    paths = sorted((ROOT / "recordings").rglob("*.cast"))
    assert paths
    for path in paths:
        take = open_take(path)
        assert len(survey(stream(open_cast(path)), None).steps) == len(take), path.name
