"""New recordings made of others show the screens of the others, and keep their steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording.asciicast import Event, Header
from presenter.recording.editing import BeyondEnd, cut, mark, noted, speed, trim
from presenter.recording.joining import join
from presenter.recording.provenance import command_hash, marker_label, provenance_of
from presenter.recording.reader import open_cast
from presenter.recording.steps import open_take
from presenter.recording.stream import played
from presenter.recording.timeline import limit_idle
from presenter.recording.writer import write_cast
from tests.material import ROOT, material
from tests.recording.screens import screens_at

HEADER = Header(columns=20, rows=5)
_PIECES = st.sampled_from(
    [*("word ", "\r\n", "é漢", "e\u0301", "\x1b[1;31m", "\x1b[0m", "\x1b[2J\x1b[H", "\x1b[3;4H"),
     *("\x1b[?1049h", "\x1b[?1049l", "\x1b[2;4r", "\x1b[?25l", "\x1b(0qq\x1b(B", "\x1b7", "\x1b8"),
     *("\x1b]133;C\x07", "\x1b]133;D;1\x07", "x" * 25, "\x1b[4h", "\x1b[?7l"),
     *("\x1bM", "\t", "\x1bc")]
).map(lambda data: [("o", data)])  # fmt: skip
_SPLIT = st.sampled_from(
    [("\x1b[3", "1mred"), ("\x1b", "[7m"), ("\x1b]0;ti", "tle\x07"), ("e", "\u0301"),
     ("\x1b]133", ";C\x07"), ("\x9b1", "m"), ("\x1b[", "\x1b[1m"), ("\x1bP1;", "x\x1b\\")]
).map(lambda parts: [("o", part) for part in parts])  # fmt: skip
_OTHERS = st.sampled_from(
    [("r", "30x8"), ("r", "10x3"), ("m", "chapter"), ("i", "x"), ("q", ""),
     ("m", "1 0123456789ab"), ("m", "2 ba9876543210")]
).map(lambda other: [other])  # fmt: skip
_PAUSES = st.lists(st.integers(0, 20).map(lambda tenths: tenths / 10), min_size=2, max_size=2)
_STEP = st.tuples(_PAUSES, st.one_of(_PIECES, _PIECES, _SPLIT, _OTHERS))


def timed(found: list[tuple[list[float], list[tuple[str, str]]]]) -> list[Event]:
    now, events = 0.0, []
    for pauses, parts in found:
        for pause, (code, data) in zip(pauses, parts, strict=False):
            now = round(now + pause, 6)
            events.append(Event(now, code, data))
    return events


def once(events: list[Event]) -> Iterator[Event]:
    """As they come from a file."""
    yield from events


EVENTS = st.lists(_STEP, min_size=1, max_size=40).map(timed)
FRACTION = st.integers(0, 20).map(lambda part: part / 20)


def times_of(events: list[Event], *others: float) -> list[float]:
    return sorted({0.0, *others, *(event.time for event in events)})


def assert_in_order(events: list[Event]) -> None:
    assert [event.time for event in events] == sorted(event.time for event in events)
    assert all(event.time >= 0 for event in events)


@settings(max_examples=300, deadline=None)
@given(EVENTS, FRACTION, FRACTION)
def test_a_part_shows_the_screens_that_were_there(
    events: list[Event], first: float, second: float
) -> None:
    start, end = (round(at * events[-1].time, 3) for at in sorted((first, second)))
    header, made = trim(HEADER, once(events), start, end)
    found = list(made)
    assert_in_order(found)
    times = [at for at in times_of(events, start, end) if start <= at <= end]
    assert screens_at(header, found, [round(at - start, 6) for at in times]) == screens_at(
        HEADER, events, times
    )
    if events[-1].time > end > start:
        assert found[-1].time == round(end - start, 6)


@settings(max_examples=300, deadline=None)
@given(EVENTS, FRACTION, FRACTION)
def test_what_is_cut_out_is_missing_and_nothing_else(
    events: list[Event], first: float, second: float
) -> None:
    start, end = (round(at * events[-1].time, 3) for at in sorted((first, second)))
    found = list(cut(HEADER, once(events), start, end))
    assert_in_order(found)
    before = [at for at in times_of(events) if at < start]
    after = [at for at in times_of(events, end) if at >= end]
    if events[-1].time > end:
        times = [*before, *(round(at - end + start, 6) for at in after)]
        assert screens_at(HEADER, found, times) == screens_at(HEADER, events, [*before, *after])
    else:
        assert screens_at(HEADER, found, before) == screens_at(HEADER, events, before)
        assert not found or found[-1].time <= start


@settings(max_examples=300, deadline=None)
@given(EVENTS, FRACTION)
def test_two_parts_joined_are_the_whole(events: list[Event], part: float) -> None:
    at = round(part * events[-1].time, 3)
    header, found = join(
        [trim(HEADER, once(events), 0.0, at), trim(HEADER, once(events), at, None)]
    )
    made = list(found)
    assert_in_order(made)
    times = times_of(events, at)
    assert screens_at(header, made, times) == screens_at(HEADER, events, times)
    assert made[-1].time == events[-1].time


@settings(max_examples=100, deadline=None)
@given(EVENTS, EVENTS)
def test_recordings_joined_show_their_screens_one_after_the_other(
    first: list[Event], second: list[Event]
) -> None:
    other = replace(HEADER, columns=33, rows=4)
    header, found = join([(HEADER, first), (other, second)])
    made = list(found)
    assert_in_order(made)
    begun = first[-1].time
    times = [at for at in times_of(first) if at < begun]
    later = times_of(second)
    assert screens_at(header, made, [*times, *(round(begun + at, 6) for at in later)]) == [
        *screens_at(HEADER, first, times),
        *screens_at(other, second, later),
    ]


@settings(max_examples=100, deadline=None)
@given(EVENTS, st.sampled_from([0.25, 0.5, 2.0, 3.0]), FRACTION, FRACTION)
def test_the_pace_changes_and_the_events_do_not(
    events: list[Event], factor: float, first: float, second: float
) -> None:
    start, end = (round(at * events[-1].time, 3) for at in sorted((first, second)))
    found = list(speed(events, factor, start, end))
    assert_in_order(found)
    assert [(e.code, e.data) for e in found] == [(e.code, e.data) for e in events]
    expected = events[-1].time - (end - start) + (end - start) / factor
    assert found[-1].time == pytest.approx(expected, abs=1e-6)
    assert [e for e in found if e.time < start] == [e for e in events if e.time < start]


@settings(max_examples=100, deadline=None)
@given(EVENTS, st.lists(st.tuples(FRACTION, st.text(max_size=3)), max_size=4), st.booleans())
def test_markers_are_set_behind_what_is_there_already(
    events: list[Event], parts: list[tuple[float, str]], remove: bool
) -> None:
    marks = [(round(part * events[-1].time, 3), label) for part, label in parts]
    found = list(mark(events, marks, remove=remove))
    assert_in_order(found)
    kept = [event for event in events if not (remove and event.data == "chapter")]
    assert len(found) == len(kept) + len(marks)
    for at, label in marks:
        assert Event(at, "m", label) in found
    times = times_of(events)
    assert screens_at(HEADER, found, times) == screens_at(HEADER, events, times)


def test_what_begins_beyond_the_end_is_refused() -> None:
    events = [Event(1.0, "o", "a"), Event(2.0, "o", "b")]
    for work in (
        lambda: trim(HEADER, once(events), 2.5, None),
        lambda: list(cut(HEADER, once(events), 2.5, 3.0)),
        lambda: list(mark(events, [(2.5, "x")])),
    ):
        with pytest.raises(BeyondEnd, match=r"2\.5 s is beyond the end, 2\.0 s"):
            work()


def test_a_pause_that_is_cut_out_leaves_no_trace() -> None:
    events = [Event(1.0, "o", "a"), Event(9.0, "o", "b")]
    assert list(cut(HEADER, once(events), 2.0, 8.0)) == [
        Event(1.0, "o", "a"), Event(2.0, "o", ""), Event(3.0, "o", "b")
    ]  # fmt: skip


def test_the_chapter_and_the_marker_at_the_start_stay() -> None:
    events = [
        Event(1.0, "m", "one"), Event(2.0, "o", "a"), Event(3.0, "m", "two"), Event(4.0, "o", "b"),
    ]  # fmt: skip
    for at, label in ((2.5, "one"), (3.0, "two"), (3.5, "two")):
        _, made = trim(HEADER, once(events), at, None)
        assert [event.data for event in made if event.code == "m"][:1] == [label]
    assert [e.data for e in cut(HEADER, once(events), 0.5, 2.5) if e.code == "m"] == ["one", "two"]
    assert [e.data for e in cut(HEADER, once(events), 1.5, 2.5) if e.code == "m"] == ["one", "two"]


# --- steps --------------------------------------------------------------------------------------

COMMANDS = ("first", "second", "third")


def recording() -> list[Event]:
    """Three steps of three seconds each: a prompt, output for two seconds, an end."""
    events = []
    for number, command in enumerate(COMMANDS):
        at = number * 3.0
        events += [
            Event(at, "o", "\x1b]133;A\x07$ \x1b]133;B\x07"),
            Event(at + 0.5, "o", f"{command}\r\n\x1b]133;C\x07"),
            Event(at + 0.5, "m", marker_label(number, command)),
            Event(at + 1.0, "o", f"{command} one\r\n"),
            Event(at + 2.0, "o", f"{command} two\r\n"),
            Event(at + 2.5, "o", f"\x1b]133;D;{number}\x07"),
        ]
    return events


def steps(folder: Path, header: Header, events: list[Event]) -> list[tuple[str, int | None] | None]:
    """Output and status of each of the commands, as a talk finds them."""
    path = folder / "made.cast"
    write_cast(path, header, events)
    take = open_take(path)
    found: list[tuple[str, int | None] | None] = []
    for number, command in enumerate(COMMANDS):
        step = take.step(number, command)
        if step is None or step.stale:
            found.append(None)
        else:
            found.append(("".join(event.data for event in step.events), step.exit_status))
    return found


ALL = [(f"{command} one\r\n{command} two\r\n", n) for n, command in enumerate(COMMANDS)]


def test_a_part_has_its_steps_and_what_is_left_of_the_first(tmp_path: Path) -> None:
    header, made = trim(HEADER, recording(), 4.2, None)
    assert steps(tmp_path, header, list(made)) == [None, ("second two\r\n", 1), ALL[2]]
    header, made = trim(HEADER, recording(), 3.5, None)  # at its very label
    assert steps(tmp_path, header, list(made)) == [None, ALL[1], ALL[2]]
    header, made = trim(HEADER, recording(), 0.0, 4.2)
    assert steps(tmp_path, header, list(made)) == [ALL[0], ("second one\r\n", None), None]


def test_steps_around_a_cut_end_and_begin(tmp_path: Path) -> None:
    made = list(cut(HEADER, recording(), 1.2, 7.2))
    assert steps(tmp_path, HEADER, made) == [
        ("first one\r\n", 0), None, ("third two\r\n", 2)
    ]  # fmt: skip
    made = list(cut(HEADER, recording(), 1.2, 2.7))
    assert steps(tmp_path, HEADER, made) == [("first one\r\n", 0), ALL[1], ALL[2]]
    made = list(cut(HEADER, recording(), 2.7, 5.7))
    assert steps(tmp_path, HEADER, made) == [ALL[0], None, ALL[2]]


def test_a_cut_within_a_step_leaves_it_one_step(tmp_path: Path) -> None:
    made = list(cut(HEADER, recording(), 0.7, 1.5))
    found = steps(tmp_path, HEADER, made)
    assert found[1:] == ALL[1:]
    assert found[0] is not None
    assert found[0][1] == 0
    assert found[0][0].endswith("first two\r\n")


def test_parts_of_one_recording_keep_their_numbers(tmp_path: Path) -> None:
    extra = {
        "presenter": {"source": "captured", "commands": list(COMMANDS), "exit_codes": [0, 1, 2]}
    }
    header = replace(HEADER, extra=extra)
    head, first = trim(noted(header, "a"), recording(), 0.0, 2.7)
    tail, second = trim(noted(header, "b"), recording(), 2.7, None)
    joined, made = join([(head, first), (tail, second)])
    assert steps(tmp_path, joined, list(made)) == ALL
    told = provenance_of(joined)
    assert told is not None
    assert (told.commands, told.exit_codes, told.note) == (COMMANDS, (0, 1, 2), "a; b")


def test_steps_of_other_demos_are_counted_on(tmp_path: Path) -> None:
    def part(*commands: str) -> tuple[Header, list[Event]]:
        told = {"source": "captured", "demo": commands[0], "commands": list(commands)}
        events = [Event(0.1 + n, "m", marker_label(n, c)) for n, c in enumerate(commands)]
        return replace(HEADER, extra={"presenter": told}), events

    header, made = join([part("a", "b"), part("c"), part("a", "b")])
    labels = [event.data for event in made if event.code == "m"]
    assert labels == [f"{n} {command_hash(c)}" for n, c in enumerate("abcab", 1)]
    told = provenance_of(header)
    assert told is not None
    assert told.commands == tuple("abcab")
    assert told.exit_codes == (None,) * 5
    assert told.demo == ""
    # Without commands, the highest number is what is counted on from.
    bare = (HEADER, [Event(0.0, "m", f"7 {command_hash('x')}")])
    _, made = join([bare, part("c")])
    assert [e.data for e in made if e.code == "m"][-1] == f"8 {command_hash('c')}"


def test_a_step_that_a_part_leaves_open_ends_at_the_seam(tmp_path: Path) -> None:
    first = trim(HEADER, recording(), 0.0, 1.2)
    other = [Event(0.0, "o", "of another recording")]
    header, made = join([first, (HEADER, other)])
    assert steps(tmp_path, header, list(made))[0] == ("first one\r\n", None)


# --- recordings of others -----------------------------------------------------------------------


def _paths() -> list[Path]:
    folder = ROOT / "recordings"
    return sorted(folder.rglob("*.cast"))


def test_every_recording_is_trimmed_cut_and_joined_with_its_screens() -> None:
    paths = [p for p in material("compat/casts").iterdir() if p.suffix != ".tsv"] + _paths()
    assert len(paths) > 60
    for path in paths:
        cast = open_cast(path)
        events = list(played(cast))
        if not events or events[-1].time == 0:
            continue
        last = events[-1].time
        points = [round(last * part / 7, 3) for part in range(7)] + [last]
        whole = screens_at(cast.header, events, points)
        for number, at in enumerate(points[1:-1], 1):
            header, made = join(
                [trim(cast.header, events, 0.0, at), trim(cast.header, events, at, None)]
            )
            assert screens_at(header, made, points) == whole, (path.name, at)
            if number in (2, 5):
                later = [round(p - at + points[1], 6) for p in points[number:]]
                found = screens_at(cast.header, cut(cast.header, events, points[1], at), later)
                assert found == whole[number:], (path.name, at)
        quick = list(limit_idle(events, 0.2))
        assert screens_at(cast.header, quick, [quick[-1].time]) == whole[-1:], path.name
