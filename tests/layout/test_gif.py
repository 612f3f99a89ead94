"""Recordings as animated pictures: what each of them shows, for how long, and how much there is."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from presenter.layout.frame import Frame, Size
from presenter.layout.gif import LAST_SECONDS, MOST_PIXELS, gif
from presenter.layout.pane import screen_lines
from presenter.layout.png import paint_png
from presenter.layout.theme import theme
from presenter.recording.asciicast import Event, Header
from presenter.recording.frames import SHORTEST, moments, plan
from presenter.recording.track import apply
from presenter.terminal import new_emulator

DARK = theme("dark")
HEADER = Header(columns=20, rows=4)
SIZE = Size(20, 4)


def animated(events: list[Event], size: Size = SIZE, pause: float = SHORTEST) -> bytes:
    emulator = new_emulator(HEADER.columns, HEADER.rows, 0)
    seconds = events[-1].time if events else 0.0
    return b"".join(gif(moments(events, emulator, pause), emulator, size, DARK, seconds))


def pictures(data: bytes) -> list[tuple[float, bytes]]:
    """Start in seconds, and pixels, of each picture as a viewer shows it."""
    found, at = [], 0
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append((at / 1000, image.convert("RGB").tobytes()))
            at += image.info["duration"]
    return found


def painted(events: list[Event], until: float, size: Size = SIZE) -> bytes:
    """What a picture of the screen at that time shows."""
    emulator = new_emulator(HEADER.columns, HEADER.rows, 0)
    apply(emulator, [(event.code, event.data) for event in events if event.time <= until])
    frame = Frame(size, screen_lines(emulator, size.columns, size.rows, DARK))
    with Image.open(BytesIO(paint_png(frame, DARK))) as image:
        return image.convert("RGB").tobytes()


_DATA = st.sampled_from(
    [
        "word ",
        "\r\n",
        "\x1b[1;31mred\x1b[0m",
        "\x1b[2J\x1b[H",
        "漢字",
        "\x1b[42m  \x1b[0m",
        "\x1b[?25l",
    ]
)
EVENTS = st.lists(
    st.tuples(st.integers(0, 30), _DATA | st.sampled_from(["15x3", "22x5"])), min_size=1, max_size=8
).map(
    lambda found: [
        Event(sum(pause for pause, _ in found[: n + 1]) / 10, "r" if data[0] in "12" else "o", data)
        for n, (_, data) in enumerate(found)
    ]
)


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_each_picture_is_the_screen_at_its_time(events: list[Event]) -> None:
    found = pictures(animated(events))
    assert found[0][0] == 0
    for start, pixels in found:
        assert pixels == painted(events, start + 0.005)
    changes = {painted(events, event.time) for event in events} | {painted(events, -1)}
    assert {pixels for _, pixels in found} | {painted(events, -1)} == changes


def test_nothing_is_drawn_twice_and_the_last_picture_stays() -> None:
    events = [
        Event(1.0, "o", "a"), Event(2.0, "o", "\x1b]0;title\x07"), Event(3.0, "m", "here"),
        Event(4.0, "o", "b"), Event(6.0, "o", ""),
    ]  # fmt: skip
    data = animated(events)
    assert [start for start, _ in pictures(data)] == [0.0, 1.0, 4.0]
    with Image.open(BytesIO(data)) as image:
        image.seek(2)
        assert image.info["duration"] == (2.0 + LAST_SECONDS) * 1000
        assert image.info["loop"] == 0
    assert animated(events) == data


def test_what_comes_close_together_is_one_picture() -> None:
    events = [Event(1 + n / 100, "o", "x") for n in range(12)]
    starts = [start for start, _ in pictures(animated(events))]
    assert starts == [0.0, 1.0, 1.07]
    assert pictures(animated(events))[-1][1] == painted(events, 9.0)


def test_a_screen_without_events_is_one_picture() -> None:
    assert len(pictures(animated([]))) == 1


def test_a_large_screen_has_a_smaller_font() -> None:
    size = Size(300, 90)
    with Image.open(BytesIO(animated([Event(0.0, "o", "x")], size))) as image:
        assert image.width * image.height <= MOST_PIXELS
        assert image.width % size.columns == 0


@pytest.mark.parametrize("count", [5, 200])
def test_there_are_never_more_pictures_than_planned(count: int) -> None:
    events = [Event(n * 0.1, "o", f"{n} ") for n in range(count)]
    planned = plan(HEADER, [*events, Event(99.0, "r", "30x3")], most=50)
    assert (planned.columns, planned.rows, planned.seconds) == (30, 4, 99.0)
    emulator = new_emulator(20, 4, 0)
    found = list(moments([*events, Event(99.0, "r", "30x3")], emulator, planned.pause))
    assert len(found) == planned.pictures <= 50
    assert (planned.pause == SHORTEST) is (count < 50)
