from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.demo.hub import Hub, LaneEvent, Output, Resized, StepBegan, StepEnded
from presenter.demo.replay import (
    IDLE_LIMIT,
    ReplaySource,
    StepMaterial,
    material_for,
    playing_times,
)
from presenter.demo.showing import KEY_SECONDS, TIDY, TYPING_LIMIT, typing_times
from presenter.recording.asciicast import Event
from presenter.recording.provenance import Provenance
from presenter.terminal.emulator import Snapshot
from tests.demo.rig import Time
from tests.talk.script import demo, step

PROMPT = "\x1b[1;32m$\x1b[0m "


@dataclass
class Taken:
    events: tuple[Event, ...] = (Event(0.5, "o", "a\r\n"), Event(0.6, "r", "9x9"))
    exit_status: int | None = 3
    duration: float = 2.5
    stale: bool = True
    number: int = 0


@dataclass
class Take:
    columns: int = 80
    rows: int = 20
    provenance: Provenance | None = field(
        default_factory=lambda: Provenance("captured", "2026-11-02")
    )
    commands: tuple[str, ...] = ("ls",)

    def step(self, number: int, command: str) -> Taken | None:
        return Taken() if command in self.commands else None

    def screen_before(self, number: int) -> Snapshot | None:
        return None


# --- material ---------------------------------------------------------------------------------


def test_a_recording_is_taken_with_what_it_says_of_itself() -> None:
    material = material_for(demo("d", step("ls")), 0, Take())
    assert material == StepMaterial(
        "recording",
        ((0.5, "a\r\n"),),
        3,
        2.5,
        "captured",
        "2026-11-02",
        stale=True,
        size=(80, 20),
    )


def test_a_recording_of_another_program_says_nothing() -> None:
    material = material_for(demo("d", step("ls")), 0, Take(provenance=None))
    assert (material.rung, material.source, material.date) == ("recording", "", "")


def test_a_step_that_was_not_recorded_shows_its_transcript_line_by_line() -> None:
    told = demo("d", step("who", ("one", r"\... two", "...")))
    material = material_for(told, 0, Take())
    assert material.rung == "transcript"
    assert [text for _, text in material.chunks] == ["one\r\n", "... two\r\n", "...\r\n"]
    assert material.status is None


def test_a_long_transcript_is_not_slow() -> None:
    material = material_for(demo("d", step("who", ("x",) * 1000)), 0, None)
    assert material.chunks[-1][0] < 5


def test_a_command_that_prints_nothing_has_an_empty_transcript() -> None:
    assert material_for(demo("d", step(transcript=())), 0, None).chunks == ()


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("", "\x1b[2;3m(the source does not show what this prints)\x1b[0m\r\n"),
        ("mind the gap", "\x1b[2;3m(mind the gap)\x1b[0m\r\n"),
    ],
)
def test_a_step_of_which_nothing_is_known_shows_a_card(note: str, text: str) -> None:
    material = material_for(demo("d", step(transcript=None, note=note)), 0, None)
    assert (material.rung, material.chunks[0][1]) == ("card", text)


def test_a_failed_rung_is_passed_over() -> None:
    told = demo("d", step("ls"))
    assert material_for(told, 0, Take(), frozenset({"recording"})).rung == "transcript"
    assert material_for(told, 0, Take(), frozenset({"transcript"})).rung == "card"


# --- pace -------------------------------------------------------------------------------------


@given(st.text(max_size=300), st.text(max_size=5))
def test_typing_is_uneven_ascending_and_never_long(command: str, seed: str) -> None:
    times = typing_times(command, seed)
    assert len(times) == len(command)
    assert times == sorted(times)
    assert times == typing_times(command, seed)
    if times:
        assert times[-1] <= TYPING_LIMIT + 1e-9
        assert times[0] <= KEY_SECONDS[1]


CHUNKS = st.lists(st.tuples(st.floats(0, 1e6), st.just("x")), max_size=20).map(
    lambda chunks: tuple(sorted(chunks))
)


@given(CHUNKS, st.floats(0, 1e6))
def test_no_silence_is_longer_than_the_limit(
    chunks: tuple[tuple[float, str], ...], seconds: float
) -> None:
    times = playing_times(chunks, seconds)
    assert len(times) == len(chunks) + 1
    gaps = [after - before for before, after in zip([0.0, *times], times, strict=False)]
    assert all(0 <= gap <= IDLE_LIMIT + 1e-6 for gap in gaps)


def test_times_shorter_than_the_limit_are_kept() -> None:
    material = StepMaterial("recording", ((0.5, "a"), (1.5, "b"), (61.5, "c")), seconds=62.0)
    assert playing_times(material.chunks, material.seconds) == [0.5, 1.5, 3.5, 4.0]


# --- the source -------------------------------------------------------------------------------


class Stage:
    """A source with its hub, and a column that follows what was published."""

    def __init__(self, material: StepMaterial, *commands: str, number: int = 0) -> None:
        self.events: list[LaneEvent] = []
        self.time = Time()
        self.hub = Hub(lambda error: None)
        self.hub.subscribe(lambda lane, event: self.events.append(event))
        self.source = ReplaySource(
            self.hub,
            self.time,
            demo("d", *(step(command) for command in commands)),
            number,
            material,
            lambda: len(self.text.rpartition("\n")[2]),
        )

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, Output)).replace(TIDY, "")


HELLO = StepMaterial("recording", ((0.5, "hel"), (1.0, "lo")), 0, 1.5)


async def test_a_command_is_typed_character_by_character() -> None:
    stage = Stage(HELLO, "ls -l\\\nx")
    task = asyncio.ensure_future(stage.source.type_command())
    await stage.time.advance(0.0)
    assert stage.text == "\r\x1b[K" + PROMPT
    await stage.time.advance(0.041)
    assert stage.text == "\r\x1b[K" + PROMPT + "l"
    await stage.time.advance(3)
    assert stage.text == "\r\x1b[K" + PROMPT + "ls -l\\\r\n> x"
    await task


async def test_output_comes_at_its_pace_and_a_new_prompt_starts_a_line() -> None:
    stage = Stage(HELLO, "ls", "pwd")
    task = asyncio.ensure_future(stage.source.run())
    await stage.time.advance(0.6)
    assert stage.text.endswith(PROMPT + "ls\r\nhel")
    await stage.time.advance(0.5)
    assert stage.text.endswith(PROMPT + "ls\r\nhello")
    assert not stage.source.ended
    await stage.time.advance(0.5)
    assert stage.text.endswith("hello\r\n" + PROMPT)
    assert stage.events[-1] == StepEnded(0, 0, 1.5)
    await task


async def test_a_prompt_follows_a_finished_line_directly() -> None:
    stage = Stage(StepMaterial("transcript", ((0.0, "a\r\n"),)), "ls")
    stage.source.finish_now()
    assert stage.text.endswith(PROMPT + "ls\r\na\r\n" + PROMPT)


async def test_what_is_left_can_be_shown_at_once_at_any_moment() -> None:
    whole = Stage(HELLO, "ls", "pwd")
    whole.source.finish_now()
    for moment in (0.0, 0.01, 0.55, 1.2):
        stage = Stage(HELLO, "ls", "pwd")
        task = asyncio.ensure_future(stage.source.run())
        await stage.time.advance(moment)
        task.cancel()
        stage.source.finish_now()
        assert stage.text == whole.text
        count = len(stage.events)
        stage.source.finish_now()
        assert len(stage.events) == count


def test_the_step_begins_after_the_command_and_ends_after_the_prompt() -> None:
    stage = Stage(HELLO, "ls")
    stage.source.finish_now()
    kinds = [event for event in stage.events if not isinstance(event, Output)]
    assert kinds == [StepBegan(0, "recording"), StepEnded(0, 0, 1.5)]
    assert stage.events[-1] == StepEnded(0, 0, 1.5)


def test_a_step_without_command_has_no_prompt() -> None:
    stage = Stage(HELLO, "")
    stage.source.finish_now()
    assert stage.text == "hello"


def test_no_prompt_stands_before_a_step_without_command() -> None:
    stage = Stage(HELLO, "ls", "")
    stage.source.finish_now()
    assert stage.text.endswith("hello")


def test_a_recording_of_another_size_says_so() -> None:
    stage = Stage(StepMaterial("recording", (), size=(100, 30)), "ls")
    stage.source.begin()
    assert stage.events[0] == Resized(100, 30)


async def test_a_flood_leaves_room_for_others() -> None:
    flood = StepMaterial("recording", tuple((0.0, "x" * 100) for _ in range(1000)))
    stage = Stage(flood, "yes")
    turns = 0
    task = asyncio.ensure_future(stage.source.run())
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 10
    assert max(len(e.text) for e in stage.events if isinstance(e, Output)) <= 8292
    assert stage.text.count("x") == 100_000
