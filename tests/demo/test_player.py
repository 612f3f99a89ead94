"""Playback: pause, step, seek, speed, markers, and time that does not drift."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.demo.clock import Clock
from presenter.demo.player import Player, State, open_player
from presenter.demo.playhead import Playhead
from presenter.terminal import new_emulator

FRAME = 1 / 60

Raw = tuple[float, str, str]


class HandClock(Clock):
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    async def sleep_until(self, moment: float) -> None:
        self.time = max(self.time, moment)


def player(
    tmp_path: Path,
    events: list[Raw],
    clock: Clock,
    idle_limit: float | None = None,
    speed: float = 1.0,
    **header: object,
) -> Player:
    path = tmp_path / "x.cast"
    first = {"version": 2, "width": 20, "height": 4} | header
    path.write_text("".join(json.dumps(line) + "\n" for line in [first, *events]))
    return open_player(path, clock=clock, idle_limit=idle_limit, speed=speed)


COUNT: list[Raw] = [(float(n), "o", f"{n}\r\n") for n in range(10)]
MARKED: list[Raw] = [
    (0.0, "o", "start\r\n"),
    (2.0, "o", "before\r\n"),
    (2.0, "m", "one"),
    (2.0, "o", "after\r\n"),
    (4.0, "m", "two"),
    (5.0, "o", "end"),
]


def first_line(shown: Player) -> str:
    return shown.emulator.text()[0]


def lines(shown: Player) -> list[str]:
    return [line for line in shown.emulator.text() if line]


def test_it_starts_paused_at_the_start(tmp_path: Path) -> None:
    shown = player(tmp_path, COUNT, HandClock())
    assert (shown.state, shown.position, shown.duration) == (State.PAUSED, 0.0, 9.0)
    assert shown.next_due() is None
    assert shown.tick(5000.0) == frozenset(range(4))
    assert lines(shown) == []


def test_what_is_due_is_fed_and_nothing_else(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, COUNT, clock)
    shown.play()
    clock.time += 2.5
    assert shown.tick(clock.now()) >= {0, 1, 2}
    assert lines(shown) == ["0", "1", "2"]
    assert shown.next_due() == clock.now() + 0.5
    assert shown.tick(clock.now()) == frozenset()
    clock.time += 100
    shown.tick(clock.now())
    assert (shown.state, shown.position) == (State.ENDED, 9.0)
    assert shown.next_due() is None


def test_a_pause_stops_the_time(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, COUNT, clock)
    shown.toggle()
    clock.time += 1.25
    shown.toggle()
    clock.time += 50
    assert (shown.state, shown.position) == (State.PAUSED, 1.25)
    shown.toggle()
    clock.time += 1.0
    assert shown.position == 2.25


def test_playing_again_after_the_end_starts_over(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, COUNT, clock)
    shown.play()
    clock.time += 100
    shown.tick(clock.now())
    shown.play()
    assert (shown.state, shown.position) == (State.PLAYING, 0.0)
    shown.tick(clock.now())
    assert lines(shown) == ["0"]


@pytest.mark.parametrize("speed", [0.25, 1.0, 3.0, 16.0])
def test_speed_goes_by_the_clock(tmp_path: Path, speed: float) -> None:
    clock = HandClock()
    shown = player(tmp_path, COUNT, clock)
    shown.play()
    shown.set_speed(speed)
    clock.time += 2.0 / speed
    assert shown.position == pytest.approx(2.0)
    shown.set_speed(1.0)
    clock.time += 1.0
    assert shown.position == pytest.approx(3.0)


def test_speed_stays_within_its_limits(tmp_path: Path) -> None:
    shown = player(tmp_path, COUNT, HandClock(), speed=99.0)
    assert shown.speed == 16.0
    shown.set_speed(0.01)
    assert shown.speed == 0.25


def test_seek_shows_the_screen_of_that_moment_both_ways(tmp_path: Path) -> None:
    shown = player(tmp_path, COUNT, HandClock())
    for seconds, expected in ((8.5, "8"), (2.0, "2"), (5.9, "5"), (0.0, "0"), (99.0, "9")):
        shown.seek(seconds)
        assert lines(shown)[-1] == expected
    assert shown.position == 9.0
    shown.seek(-5)
    assert shown.position == 0.0
    shown.seek_fraction(0.5)
    assert shown.position == 4.5
    assert shown.tick(0.0) == frozenset(range(4))


def test_seeking_while_playing_goes_on_playing(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, COUNT, clock)
    shown.play()
    shown.seek(4.0)
    clock.time += 1.0
    assert (shown.state, shown.position) == (State.PLAYING, 5.0)


def test_random_seeks_show_what_playing_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presenter.recording.keyframes.EVERY_TEXT", 60)
    events: list[Raw] = [
        (n / 10, "o", f"\x1b[3{n % 8}m{n}\x1b[{n % 4 + 1};{n % 20 + 1}H") for n in range(200)
    ]
    shown = player(tmp_path, events, HandClock())
    while shown.work(0.0):
        pass
    choose = random.Random(7)
    for _ in range(60):
        seconds = choose.uniform(0, 20)
        shown.seek(seconds)
        while shown.next_due() is not None:  # a busy machine takes more than one piece of time
            shown.tick(0.0)
        other = player(tmp_path, events, HandClock())
        while not other.track.complete:
            other.track.advance(1.0)
        Playhead.feed(other._head, sum(event[0] <= seconds for event in events), 10**9)
        assert shown.emulator.text() == other.emulator.text()


def test_markers_stop_after_what_came_before_them_and_before_what_follows(tmp_path: Path) -> None:
    shown = player(tmp_path, MARKED, HandClock())
    shown.play()
    assert shown.next_marker()
    assert (shown.state, shown.position) == (State.PAUSED, 2.0)
    assert lines(shown) == ["start", "before"]
    assert shown.next_marker()
    assert (shown.position, lines(shown)[-1]) == (4.0, "after")
    assert not shown.next_marker()
    assert shown.position == 4.0
    assert shown.previous_marker()
    assert (shown.position, lines(shown)[-1]) == (2.0, "before")
    assert shown.previous_marker()
    assert shown.position == 0.0
    assert not shown.previous_marker()


def test_playing_just_after_a_marker_goes_back_to_the_one_before(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, MARKED, clock)
    shown.seek(3.9)
    shown.play()
    clock.time += 0.3
    assert shown.previous_marker()
    assert shown.position == 2.0


def test_after_a_marker_playing_goes_on_with_what_follows_it(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, MARKED, clock)
    shown.next_marker()
    shown.play()
    shown.tick(clock.now())
    assert lines(shown)[-1] == "after"


def test_steps_go_from_output_to_output_both_ways(tmp_path: Path) -> None:
    shown = player(tmp_path, MARKED, HandClock())
    seen = []
    while shown.step():
        seen.append((shown.position, lines(shown)[-1]))
    assert seen == [(0.0, "start"), (2.0, "before"), (2.0, "after"), (5.0, "end")]
    assert shown.step_back()
    assert (shown.position, lines(shown)[-1]) == (5.0, "after")
    assert shown.step_back()
    assert lines(shown)[-1] == "before"


def test_the_idle_limit_moves_markers(tmp_path: Path) -> None:
    events: list[Raw] = [(0.0, "o", "a"), (100.0, "m", "x"), (100.5, "o", "b")]
    assert player(tmp_path, events, HandClock(), idle_limit=2.0).markers[0].time == 2.0
    by_header = player(tmp_path, events, HandClock(), idle_time_limit=3.0)
    assert (by_header.markers[0].time, by_header.duration) == (3.0, 3.5)
    lifted = player(tmp_path, events, HandClock(), idle_limit=0.0, idle_time_limit=3.0)
    assert lifted.duration == 100.5


def test_resizes_resize_the_screen(tmp_path: Path) -> None:
    events: list[Raw] = [(0.0, "o", "a"), (1.0, "r", "30x6"), (2.0, "o", "b")]
    shown = player(tmp_path, events, HandClock())
    shown.seek(1.5)
    assert (shown.emulator.columns, shown.emulator.rows) == (30, 6)
    assert shown.tick(0.0) == frozenset(range(6))
    shown.seek(0.5)
    assert (shown.emulator.columns, shown.emulator.rows) == (20, 4)


def test_a_flood_is_fed_over_several_ticks_and_none_of_it_lost(tmp_path: Path) -> None:
    clock = HandClock()
    flood: list[Raw] = [(0.0, "o", "x" * 700_000), (0.0, "o", "\r\nend"), (1.0, "o", "!")]
    shown = player(tmp_path, flood, clock)
    shown.play()
    clock.time += 5.0
    ticks = 0
    while shown.state is State.PLAYING:
        shown.tick(clock.now())
        ticks += 1
        assert ticks < 10
    assert ticks == 3
    assert lines(shown)[-1] == "end!"


def test_what_was_typed_is_never_shown(tmp_path: Path) -> None:
    shown = player(tmp_path, [(0.0, "i", "secret"), (1.0, "o", "a"), (1.0, "x", "0")], HandClock())
    shown.seek(9.0)
    assert lines(shown) == ["a"]


def test_a_recording_of_nothing_ends_at_once(tmp_path: Path) -> None:
    shown = player(tmp_path, [], HandClock())
    shown.play()
    shown.tick(1000.0)
    assert (shown.state, shown.position, shown.duration) == (State.ENDED, 0.0, 0.0)
    assert not shown.step()
    assert not shown.step_back()
    assert not shown.next_marker()


def test_a_seek_beyond_what_is_known_arrives_with_the_ticks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LOOK_AHEAD", "_SEEK_NOW", "_SEEK_LATER", "_WORK"):
        monkeypatch.setattr(f"presenter.demo.player.{name}", 0.0)
    events: list[Raw] = [(n / 100, "o", f"{n}\r\n") for n in range(3000)]
    clock = HandClock()
    shown = player(tmp_path, events, clock)
    assert shown.duration < 29
    shown.play()
    shown.seek(29.0)
    assert shown.position == 29.0
    assert shown.next_due() == clock.now()
    ticks = 0
    while lines(shown)[-1:] != ["2900"]:
        shown.tick(clock.now())
        ticks += 1
        assert ticks < 1000
    assert ticks > 1
    assert shown.position == 29.0
    clock.time += 0.5
    shown.tick(clock.now())
    assert lines(shown)[-1] == "2950"


@pytest.mark.parametrize("speed", [0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 16.0])
def test_ten_minutes_do_not_drift(tmp_path: Path, speed: float) -> None:
    choose = random.Random(3)
    events: list[Raw] = []
    at = 0.0
    while at < 600 * speed:
        at += choose.expovariate(1 / (0.35 * speed))
        marker = len(events) % 10 == 9
        events.append((at, "m" if marker else "o", str(len(events))))
    clock = HandClock()
    shown = player(tmp_path, events, clock, speed=speed)
    started = clock.now()
    shown.play()
    passed = 0
    while shown.state is State.PLAYING:
        shown.tick(clock.now())
        while passed < len(shown.markers) and shown.markers[passed].index < shown._head.taken:
            ideal = started + shown.markers[passed].time / speed
            assert 0 <= clock.now() - ideal <= FRAME + 1e-6
            passed += 1
        due = shown.next_due()
        if due is not None:
            frames = max(int((due - started) / FRAME), int((clock.now() - started) / FRAME)) + 1
            clock.time = started + frames * FRAME
    assert passed == len(shown.markers) > 100


def test_pauses_and_changes_of_speed_add_no_error(tmp_path: Path) -> None:
    clock = HandClock()
    shown = player(tmp_path, [(1000.0, "o", "x")], clock)
    choose = random.Random(5)
    expected = 0.0
    for _ in range(2000):
        speed = choose.choice([0.25, 0.5, 1.0, 3.0])
        shown.set_speed(speed)
        shown.play()
        clock.time += 0.1
        expected += 0.1 * speed
        if choose.random() < 0.5:
            shown.pause()
            clock.time += choose.random()
    assert shown.position == pytest.approx(expected, abs=1e-6)


_KEYS = ("play", "pause", "toggle", "next_marker", "previous_marker", "step", "step_back")


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(_KEYS)
        | st.tuples(st.sampled_from(("seek", "seek_fraction", "set_speed")), st.floats(-2, 12))
        | st.floats(0, 6),
        max_size=25,
    )
)
def test_whatever_is_pressed_the_screen_is_that_of_the_position(
    tmp_path_factory: pytest.TempPathFactory, presses: list[str | tuple[str, float] | float]
) -> None:
    clock = HandClock()
    shown = player(tmp_path_factory.mktemp("any"), [*MARKED, (8.0, "o", "\r\nlate")], clock)
    for press in presses:
        if isinstance(press, str):
            getattr(shown, press)()
        elif isinstance(press, tuple):
            getattr(shown, press[0])(press[1])
        else:
            clock.time += press
        shown.tick(clock.now())
        assert 0 <= shown.position <= shown.duration
        assert 0.25 <= shown.speed <= 16
        fresh = Playhead(shown.track, new_emulator)
        fresh.feed(shown._head.taken, 10**9)
        assert fresh.emulator.text() == shown.emulator.text()
        due = sum(time <= shown.position for time in shown.track.times)
        assert shown._head.taken <= due
