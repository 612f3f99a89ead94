"""Recordings cut into the steps of a demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.recording.asciicast import Event, Header
from presenter.recording.marks import Mark, find_marks
from presenter.recording.provenance import Provenance, marker_label, provenance_object
from presenter.recording.reader import EVENT_COST
from presenter.recording.steps import StepTake, Take, open_take
from presenter.recording.writer import write_cast

A, B, C = "\x1b]133;A\x07", "\x1b]133;B\x07", "\x1b]133;C\x07"


def d(status: int | None = None) -> str:
    return "\x1b]133;D" + ("" if status is None else f";{status}") + "\x07"


def taken(
    tmp_path: Path, events: list[Event], provenance: Provenance | None = None, **header: float
) -> Take:
    extra = {"presenter": provenance_object(provenance)} if provenance else {}
    path = tmp_path / "demo.cast"
    write_cast(path, Header(columns=80, rows=20, extra=extra, **header), events)  # type: ignore[arg-type]
    return open_take(path)


def output(step: StepTake | None) -> str:
    assert step is not None
    return "".join(event.data for event in step.events)


TWO_STEPS = [
    Event(0.0, "o", f"{A}$ {B}"),
    Event(1.0, "o", "ls\r\n"),
    Event(1.5, "o", C),
    Event(1.5, "m", marker_label(0, "ls")),
    Event(1.7, "o", "a\r\n"),
    Event(2.0, "o", f"b\r\n{d(0)}{A}$ {B}"),
    Event(3.0, "o", "false\r\n"),
    Event(3.5, "m", marker_label(1, "false")),
    Event(3.5, "o", f"{C}oops\r\n"),
    Event(4.0, "o", f"{d(1)}{A}$ {B}"),
]


def test_a_step_is_what_stands_between_its_marks(tmp_path: Path) -> None:
    take = taken(tmp_path, TWO_STEPS)
    first = take.step(0, "ls")
    assert first is not None
    assert [(round(e.time, 3), e.data) for e in first.events] == [(0.2, "a\r\n"), (0.5, "b\r\n")]
    assert (first.exit_status, first.stale, first.number) == (0, False, 0)
    assert round(first.duration, 3) == 0.5
    second = take.step(1, "false")
    assert second is not None
    assert output(second) == "oops\r\n"
    assert second.exit_status == 1


def test_a_step_moved_in_the_deck_is_found_by_its_command(tmp_path: Path) -> None:
    moved = taken(tmp_path, TWO_STEPS).step(0, "  false ")
    assert moved is not None
    assert (output(moved), moved.stale, moved.number) == ("oops\r\n", False, 1)


def test_a_command_that_changed_is_found_by_number_and_stale(tmp_path: Path) -> None:
    changed = taken(tmp_path, TWO_STEPS).step(1, "true")
    assert changed is not None
    assert (output(changed), changed.stale) == ("oops\r\n", True)


def test_a_step_that_was_not_recorded_is_none(tmp_path: Path) -> None:
    assert taken(tmp_path, TWO_STEPS).step(2, "pwd") is None


def test_of_equal_commands_the_nearest_number_is_meant(tmp_path: Path) -> None:
    events = [
        event
        for n in range(3)
        for event in (
            Event(n, "m", marker_label(n, "date")),
            Event(n, "o", f"{C}{n}\r\n{d(0)}"),
        )
    ]
    take = taken(tmp_path, events)
    assert [output(take.step(n, "date")) for n in range(3)] == ["0\r\n", "1\r\n", "2\r\n"]


def test_marks_of_a_shell_suffice(tmp_path: Path) -> None:
    take = taken(tmp_path, [event for event in TWO_STEPS if event.code != "m"])
    assert len(take) == 2
    assert output(take.step(1, "false")) == "oops\r\n"


def test_marks_alone_and_the_header_know_the_commands(tmp_path: Path) -> None:
    provenance = Provenance(commands=("ls", "false"), exit_codes=(None, 1))
    take = taken(tmp_path, [event for event in TWO_STEPS if event.code != "m"], provenance)
    found = take.step(0, "false")
    assert found is not None
    assert (found.number, found.stale) == (1, False)
    stale = take.step(0, "pwd")
    assert stale is not None
    assert stale.stale


def test_the_header_gives_the_status_that_the_marks_lack(tmp_path: Path) -> None:
    provenance = Provenance(commands=("x",), exit_codes=(7,))
    step = taken(tmp_path, [Event(0.0, "o", f"{C}x{d()}")], provenance).step(0, "x")
    assert step is not None
    assert step.exit_status == 7


def test_markers_without_marks_cut_from_one_to_the_next(tmp_path: Path) -> None:
    events = [
        Event(0.0, "o", "before"),
        Event(1.0, "m", "install"),
        Event(1.5, "o", "one"),
        Event(2.0, "m", ""),
        Event(2.5, "o", "two"),
    ]
    take = taken(tmp_path, events)
    assert [output(take.step(n, "?")) for n in range(2)] == ["one", "two"]
    first = take.step(0, "?")
    assert first is not None
    assert (first.duration, first.stale) == (1.0, False)


def test_a_chapter_between_our_own_markers_cuts_nothing(tmp_path: Path) -> None:
    events = [
        Event(0.0, "m", marker_label(0, "ls")),
        Event(0.5, "o", "a"),
        Event(1.0, "m", "a chapter"),
        Event(1.5, "o", "b"),
    ]
    assert output(taken(tmp_path, events).step(0, "ls")) == "ab"


def test_a_recording_without_any_marks_is_one_step(tmp_path: Path) -> None:
    take = taken(tmp_path, [Event(0.5, "o", "a"), Event(1.0, "i", "x"), Event(2.0, "o", "b")])
    step = take.step(0, "anything")
    assert step is not None
    assert [(e.time, e.data) for e in step.events] == [(0.5, "a"), (2.0, "b")]
    assert len(taken(tmp_path, [])) == 0


def test_output_ends_at_the_prompt_where_no_end_is_marked(tmp_path: Path) -> None:
    take = taken(tmp_path, [Event(0.0, "o", f"{C}out\r\n"), Event(1.0, "o", f"{A}$ ")])
    assert output(take.step(0, "x")) == "out\r\n"


def test_the_idle_limit_of_the_header_holds_within_steps(tmp_path: Path) -> None:
    events = [Event(0.0, "o", f"{C}a"), Event(100.0, "o", "b"), Event(100.0, "o", d(0))]
    step = taken(tmp_path, events, idle_time_limit=2.0).step(0, "x")
    assert step is not None
    assert step.duration == 2.0


def test_what_is_too_much_for_a_demo_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.steps.MAX_TEXT", 10 * (99 + EVENT_COST))
    take = taken(tmp_path, [Event(float(n), "o", "x" * 99) for n in range(50)])
    assert len(output(take.step(0, "x"))) == 990
    assert len(take.skipped) == 1


@given(st.lists(st.integers(1, 12), max_size=30))
def test_marks_are_found_however_the_output_is_split(sizes: list[int]) -> None:
    stream = f"x{A}$ {B}ls\r\n\x1b]133;C\x1b\\out\x1b[1m\x1b]0;t\x07put{d(3)}\x9d133;A\x9cend\x1b"
    events: list[Event] = []
    at = 0
    for size in [*sizes, len(stream)]:
        events.append(Event(float(at), "o", stream[at : at + size]))
        at += size
    pieces = list(find_marks(events))
    marks = [(p.kind, p.status) for p in pieces if isinstance(p, Mark)]
    assert marks == [("A", None), ("B", None), ("C", None), ("D", 3), ("A", None)]
    text = "".join(p.data for p in pieces if isinstance(p, Event))
    assert text == "x$ ls\r\nout\x1b[1m\x1b]0;t\x07putend\x1b"


def test_changes_of_size_have_an_end(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    resizes = '[0, "r", "1000x500"]\n[0, "r", "2x2"]\n' * 1000
    path.write_text('{"version": 2, "width": 80, "height": 24}\n' + resizes)
    assert open_take(path).skipped == ((513, "more than 32 M characters"),)
