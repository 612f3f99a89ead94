"""Falls without a seam: the same prompt, the same size, no blank frame, the recording's end."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator
from presenter.terminal.fall import (
    MOST_SEEN,
    Recorded,
    SeenLines,
    agreed,
    draws_absolutely,
    fall,
    fall_by_lines,
    fall_of_data,
    plain_lines,
)
from tests.terminal.falls import apply_fall

COLUMNS, ROWS = 50, 8
PROMPT = "\x1b[1;32m$\x1b[0m "
LIVE = f"{PROMPT}cd istio\r\n{PROMPT}kubectl get pods\r\n"
OWN = f"{PROMPT}kubectl get pods\r\n"
"""How the recording began: without what the speaker had done before."""

PODS = (
    "NAME                   READY  STATUS   AGE\r\n"
    "ca-86f55cc46f-p8npd    1/1    Running  5d\r\n"
    "mixer-65dc5549d6-cqg4j 3/3    Running  5d\r\n"
    "pilot-657cb5ddf7-8dsr7 2/2    Running  5d\r\n"
)
LIVE_PODS = (
    "NAME                   READY  STATUS   AGE\r\n"
    "ca-5d8f9c7b6-x2v9k     1/1    Running  12s\r\n"
    "mixer-7c9f8d6b5-k4d2z  3/3    Running  12s\r\n"
    "pilot-6b8c9d7f4-m5x7q  2/2    Running  12s\r\n"
)


def emulator(output: str = "", columns: int = COLUMNS, rows: int = ROWS) -> Emulator:
    screen = new_emulator(columns, rows)
    screen.feed(output)
    return screen


def recorded(output: str, *, own: str | None = None, pace: int = 7) -> Recorded:
    """The output in pieces of `pace` characters, a tenth of a second each."""
    pieces = [output[at : at + pace] for at in range(0, len(output), pace)]
    chunks = tuple((0.4 + n / 10, piece) for n, piece in enumerate(pieces))
    start = emulator(own).snapshot() if own is not None else None
    return Recorded(chunks, COLUMNS, ROWS, start)


def lines_of(output: str) -> list[str]:
    seen = SeenLines()
    seen.feed(output)
    return seen.lines


def picture(screen: Emulator) -> tuple[object, ...]:
    """All that can be seen of a screen, its scrollback too."""
    rows = [screen.row(y) for y in range(screen.rows)]
    history = [screen.history_row(y) for y in range(screen.history_length)]
    return screen.columns, screen.rows, screen.cursor, rows, history


# --- which lines have been reached --------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "recorded", "count"),
    [
        ("", "a b c", 0),
        ("a", "a b c", 1),
        ("a b", "a b c", 2),
        ("a b c", "a b c", 3),
        ("a b c d", "a b c", 3),
        ("x", "a b c", 0),
        ("a x", "a b c", 1),
        ("warning a b", "a b c", 2),
        ("a c", "a b c", 3),
        ("b a", "a b c", 1),
        ("a 5d", "a 12s c", 2),
        ("a web-5d8f9c7b6-x2v9k", "a web-7c9f8d6b5-k4d2z c", 2),
        ("a anything", "a ... c", 2),
        ("x y c", "a ... c", 3),
        ("a a a", "a b a c a", 5),
        ("a", "", 0),
        ("x a y b z c d", "a b c d e", 4),
    ],
)
def test_how_far_the_audience_has_seen(seen: str, recorded: str, count: int) -> None:
    assert agreed(seen.split(), recorded.split()) == count


def test_lines_that_differ_on_the_way_do_not_end_the_search() -> None:
    recorded = [f"line {n}" for n in range(1500)]
    seen = [line if n % 100 else f"other {n}" for n, line in enumerate(recorded)]
    assert agreed(seen, recorded) == 1500
    assert agreed([line for n, line in enumerate(recorded) if n % 150], recorded) == 1500


def test_blank_lines_tell_nothing() -> None:
    assert agreed(["x", ""], ["a", "b", ""]) == 0
    assert agreed(["a", "", "x"], ["a", "", "b"]) == 2


def test_a_wildcard_is_found_behind_lines_that_differ() -> None:
    recorded = ["NAME", "web ... Running", "db ... Running", "end"]
    assert agreed(["warning", "web 1/1 Running", "odd", "db 3/3 Running"], recorded) == 3
    assert agreed(["warning", "web 1/1 Failed"], recorded) == 0
    assert agreed(["warning", "Pulling image ..."], ["NAME", "Pulling image ...", "end"]) == 2


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        ("a\r\nb\r\nc", ["a", "b"]),
        ("\x1b[31mred\x1b[0m\r\n", ["red"]),
        ("\x1b]0;title\nx\x07a\r\n", ["a"]),
        ("10%\r50%\r100%\r\n", ["100%"]),
        ("a\x1b[5Cb\n", ["a b"]),
        ("a\x9b5Cb\n", ["a b"]),
        ("10%\r\r\n", ["10%"]),
        ("a\x08\x07\n", ["a"]),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n", ["link"]),
        ("é世\n", ["é世"]),
        ("", []),
    ],
)
def test_lines_of_an_output(output: str, lines: list[str]) -> None:
    found = plain_lines(output)
    assert [line for line, _ in found] == lines
    assert all(output[end - 1] == "\n" for _, end in found)
    assert lines_of(output) == lines  # the live side reads them as the recorded one


@given(st.text("ab\r\n\x1b[31m;]\x07", max_size=60), st.integers(1, 9))
def test_seen_lines_are_the_same_however_output_is_cut(output: str, pace: int) -> None:
    whole, cut = SeenLines(), SeenLines()
    # A sequence that is never finished swallows what a cut would have shown.
    output = re.sub(r"\x1b(?!\[[0-9;]*m)", "", output).replace("\x1b]", "")
    whole.feed(output)
    for at in range(0, len(output), pace):
        cut.feed(output[at : at + pace])
    assert whole.lines == cut.lines


def test_a_flood_costs_no_memory() -> None:
    seen = SeenLines(most=100)
    for _ in range(1000):
        seen.feed("y\r\n" * 100)
        seen.feed("z" * 1000)
    assert len(seen.lines) == 100
    few = SeenLines(most=3)
    for text in ("a\nb\n", "c\nd\ne\n", "f\n"):
        few.feed(text)
    assert few.lines == ["a", "b", "c"]
    bar = SeenLines()
    for _ in range(10_000):
        bar.feed("#" * 100)
    assert len(bar._open) < 40_000


@pytest.mark.parametrize(
    ("output", "absolute", "everywhere"),
    [
        ("plain\r\n", False, False),
        ("\x1b[31m\x1b[K\x1b[2A\x1b[10G\x1b[J\x1b7\x1b8", False, False),
        ("\x1b[5;1Hx", True, True),
        ("\x1b[3fx", True, True),
        ("\x1b[4dx", True, True),
        ("\x1b[2;5r", True, True),
        ("\x1b[H\x1b[2J", True, True),
        ("\x1bc", True, True),
        ("\x1b[?1049h\x1b[5;1Hx\x1b[?1049l", False, True),
        ("\x1b[?1049h\x1b[5;1Hx\x1b[?1049l\x1b[5;1H", True, True),
        ("\x1b[?25;1049h\x1b[5;1Hx", False, True),
        ("\x1b]0;[5;1H\x07", False, False),
    ],
)
def test_what_draws_by_absolute_positions(output: str, absolute: bool, everywhere: bool) -> None:
    assert draws_absolutely(output) is absolute
    assert draws_absolutely(output, everywhere=True) is everywhere


# --- the first frame ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "lines"),
    [
        ("", 0),
        (LIVE_PODS.split("\n")[0] + "\n", 1),
        ("\n".join(LIVE_PODS.split("\n")[:2]) + "\nerror: connection lost\r\n", 2),
        (LIVE_PODS[:120], 2),
        (LIVE_PODS, 4),
        ("W0402 10:11:12.123 memcache\r\n" + LIVE_PODS[:90], 2),
        ("The connection to the server was refused\r\n", 0),
        ("\x1b[?1049h\x1b[5;5Hwild\x1b[31m", 0),
    ],
)
def test_the_first_frame_shows_prompt_and_what_was_seen(shown: str, lines: int) -> None:
    screen = emulator(LIVE)
    start = screen.snapshot()
    screen.feed(shown)
    step = fall(start, lines_of(shown), recorded(PODS, own=OWN))
    apply_fall(screen, step)
    assert step.seen == lines
    assert not step.own_screen
    expected = emulator(LIVE + "".join(PODS.splitlines(keepends=True)[:lines]))
    assert picture(screen) == picture(expected)
    assert screen.text()[:2] == ["$ cd istio", "$ kubectl get pods"]


def test_an_output_that_both_had_looks_the_same_before_and_after() -> None:
    screen = emulator(LIVE)
    start = screen.snapshot()
    screen.feed(LIVE_PODS)
    before = [re.sub(r"-\S+ +|\d+[ds]", " ", line) for line in screen.text()]
    apply_fall(screen, fall(start, lines_of(LIVE_PODS), recorded(PODS)))
    assert [re.sub(r"-\S+ +|\d+[ds]", " ", line) for line in screen.text()] == before


def test_the_rest_goes_on_at_the_recorded_pace() -> None:
    chunks = ((0.5, "a\r\nb"), (0.7, "\r\n"), (1.5, "c\r\n"), (2.0, "d\r\n"))
    step = fall(emulator(LIVE).snapshot(), ["a"], Recorded(chunks, COLUMNS, ROWS))
    assert step.text == "a\r\n"
    times, texts = zip(*step.rest, strict=True)
    assert texts == ("b", "\r\n", "c\r\n", "d\r\n")
    assert times == pytest.approx((0.0, 0.2, 1.0, 1.5))
    step = fall(emulator(LIVE).snapshot(), ["a", "b"], Recorded(chunks, COLUMNS, ROWS))
    assert [time for time, _ in step.rest] == pytest.approx([0.8, 1.3])
    step = fall(emulator(LIVE).snapshot(), ["x"], Recorded(chunks, COLUMNS, ROWS))
    assert step.rest == chunks


def test_absolute_drawing_starts_from_the_recordings_own_screen() -> None:
    drawn = "\x1b[3;1Hthird\x1b[1;1Hfirst"
    screen = emulator(LIVE)
    step = fall(screen.snapshot(), [], recorded(drawn, own=OWN))
    assert step.own_screen
    assert (step.text, step.seen) == ("", 0)
    apply_fall(screen, step)
    assert screen.text()[0] == "$ kubectl get pods"
    for _, text in step.rest:
        screen.feed(text)
    assert picture(screen)[:4] == picture(emulator(OWN + drawn))[:4]


@pytest.mark.parametrize(
    ("output", "own_screen"),
    [(PODS, False), ("\x1b[?1049h\x1b[5;1Hx\x1b[?1049l", True), ("\x1b[2;1Hx", True)],
)
def test_a_recording_of_another_size(output: str, own_screen: bool) -> None:
    screen = emulator(LIVE, 60, 10)
    step = fall(screen.snapshot(), [], recorded(output, own=OWN))
    assert step.own_screen is own_screen
    apply_fall(screen, step)
    assert (screen.columns, screen.rows) == ((COLUMNS, ROWS) if own_screen else (60, 10))


def test_without_its_own_screen_a_recording_is_put_on_the_live_one() -> None:
    step = fall(emulator(LIVE).snapshot(), [], recorded("\x1b[2;1Hx"))
    assert not step.own_screen


# --- whatever was recorded and seen -------------------------------------------------------------

PIECE = st.sampled_from(
    [
        "NAME READY\r\n", "web-5d8f9c7b6-x2v9k 1/1 Running 5d\r\n", "plain text\r\n", "\r\n",
        "\x1b[31mred\x1b[0m text\r\n", "\x1b[44m", "\x1b[0m", "10%\r", "100%\r\n",
        "世界 é e\u0301\r\n", "at ...\r\n",
        "a long line that is wrapped because it is longer than the screen is wide\r\n",
        "\x1b[A\x1b[2K", "\x1b[1A", "\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?25h",
        "\x1b7", "\x1b8", "\x1b]0;t\x07", "tab\tstop\r\n", "no end", "\x1b(0qqq\x1b(B\r\n",
        "...\r\n",
    ]
)  # fmt: skip
ABSOLUTE = st.sampled_from(
    ["\x1b[3;5H", "\x1b[2J", "\x1b[H", "\x1b[2;4r", "\x1b[r", "\x1bc", "\x1b[5d"]
)
OTHER = st.sampled_from(
    ["error: lost\r\n", "web-7c9f8d6b5-k4d2z 1/1 Running 9s\r\n", "\x1b[2J", "zz"]
)


def pieces(strategy: st.SearchStrategy[str], most: int = 15) -> st.SearchStrategy[str]:
    return st.lists(strategy, max_size=most).map("".join)


@settings(max_examples=250, deadline=None)
@given(pieces(PIECE), st.integers(0, 200), pieces(OTHER, 4), st.integers(1, 30), st.booleans())
def test_the_end_is_that_of_the_recording_whatever_was_seen(
    output: str, prefix: int, other: str, pace: int, known: bool
) -> None:
    screen = emulator("old\r\n" * ROWS + LIVE)
    start = screen.snapshot()
    shown = output[:prefix] + other
    screen.feed(shown)
    step = fall(start, lines_of(shown), recorded(output, own=OWN if known else None, pace=pace))
    assert step.start == start
    assert step.text + "".join(text for _, text in step.rest) == output
    times = [time for time, _ in step.rest]
    assert times == sorted(times)
    apply_fall(screen, step)
    for _, text in step.rest:
        screen.feed(text)
    whole = emulator("old\r\n" * ROWS + LIVE)
    whole.restore(start)
    whole.feed(output)
    assert picture(screen) == picture(whole)


@settings(max_examples=150, deadline=None)
@given(pieces(PIECE | ABSOLUTE), pieces(PIECE | ABSOLUTE), st.integers(1, 30))
def test_with_absolute_drawing_the_end_is_that_of_the_recordings_own_screen(
    output: str, shown: str, pace: int
) -> None:
    screen = emulator(LIVE)
    start = screen.snapshot()
    screen.feed(shown)
    take = recorded(output, own=OWN, pace=pace)
    step = fall(start, lines_of(shown), take)
    assert step.own_screen == draws_absolutely(output)
    apply_fall(screen, step)
    for _, text in step.rest:
        screen.feed(text)
    assert take.start is not None
    whole = new_emulator(COLUMNS, ROWS)
    whole.restore(take.start if step.own_screen else start)
    whole.feed(output)
    assert picture(screen)[:4] == picture(whole)[:4]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECE.filter(lambda p: p.endswith("\r\n")), max_size=12), st.integers(0, 12))
def test_lines_seen_are_never_taken_away(lines: list[str], count: int) -> None:
    """Where the live output is the recorded one so far, the first frame lacks none of it."""
    shown = "".join(lines[:count])
    screen = emulator(LIVE)
    start = screen.snapshot()
    screen.feed(shown)
    before = picture(screen)
    step = fall(start, lines_of(shown), recorded("".join(lines)))
    assert step.seen == min(count, len(lines))
    apply_fall(screen, step)
    assert picture(screen) == before


@settings(max_examples=100, deadline=None)
@given(pieces(PIECE), pieces(OTHER | PIECE))
def test_no_frame_is_blank(output: str, shown: str) -> None:
    screen = emulator(LIVE)
    start = screen.snapshot()
    screen.feed(shown)
    step = fall(start, lines_of(shown), recorded(output))
    apply_fall(screen, step)
    history = [screen.history_row(y) for y in range(screen.history_length)]
    said = ["".join(run.text for run in row).rstrip() for row in history] + screen.text()
    if not re.search(r"\x1b\[(?:\d*A|2K|\?1049)|\x1b8", step.text):
        assert said[:2] == ["$ cd istio", "$ kubectl get pods"]
    assert any(said)


def test_a_fall_takes_a_fraction_of_the_time_that_it_may() -> None:
    """150 ms from a hard error to the first frame; the long case here is the worst one."""
    many = "".join(f"pod-{n}-5d8f9c7b6-x2v9k {n} 1/1 Running 5d\r\n" for n in range(2000))
    live = many.replace("5d\r\n", "7s\r\n").replace("pod-9-", "other-")
    screen = emulator(LIVE)
    start = screen.snapshot()
    seen = lines_of(live)
    began = time.process_time()
    step = fall(start, seen, recorded(many, pace=4096))
    apply_fall(screen, step)
    assert step.seen == 2000
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("seen", "text", "rest"),
    [
        (0, "", ((0.0, "a\n"), (1.0, "b\n"), (3.0, "c\n"))),
        (2, "a\nb\n", ((2.0, "c\n"),)),
        (9, "a\nb\nc\n", ()),
    ],
)
def test_data_goes_on_behind_as_many_lines_as_were_seen(
    seen: int, text: str, rest: tuple[tuple[float, str], ...]
) -> None:
    start = new_emulator(80, 20).snapshot()
    found = fall_of_data(start, seen, ((0.0, "a\n"), (1.0, "b\n"), (3.0, "c\n")))
    assert (found.text, found.rest, found.own_screen) == (text, rest, False)


QUERIES = ((0.0, "asked"), (0.1, "list"), (1.0, "tick"), (2.0, "one"), (3.0, "two"), (4.0, "three"))
"""Chunks of data; what each says is below."""
SAYS = {"list": "a\nb\n", "one": "b changed\n", "two": "c came\n", "three": "b went\n"}


def says(chunk: str) -> str:
    return SAYS.get(chunk, "")


@pytest.mark.parametrize(
    ("seen", "given"),
    [
        ((), 2),  # a list takes the place of a list, whatever was in it
        (("x", "y"), 2),
        (("a", "b"), 2),
        (("a", "b", "b changed"), 4),
        (("a", "b", "b changed", "something else"), 4),
        (("a", "b", "something else", "c came"), 5),
        (("b changed", "c came", "b went"), 6),
    ],
)
def test_data_goes_on_behind_what_was_seen_of_it(seen: tuple[str, ...], given: int) -> None:
    start = new_emulator(80, 20).snapshot()
    found = fall_by_lines(start, seen, QUERIES, says)
    assert found.text == "".join(chunk for _, chunk in QUERIES[:given])
    assert [chunk for _, chunk in found.rest] == [chunk for _, chunk in QUERIES[given:]]
    assert [time for time, _ in found.rest] == [
        time - QUERIES[given - 1][0] for time, _ in QUERIES[given:]
    ]


@given(
    st.lists(st.sampled_from(["a", "b", "b changed", "c came", "b went", "x"]), max_size=12),
    st.lists(st.sampled_from([chunk for _, chunk in QUERIES]), max_size=12),
)
def test_no_data_is_lost_in_a_fall_and_none_comes_twice(seen: list[str], chunks: list[str]) -> None:
    start = new_emulator(80, 20).snapshot()
    timed = [(float(n), chunk) for n, chunk in enumerate(chunks)]
    found = fall_by_lines(start, seen, timed, says)
    assert found.text + "".join(chunk for _, chunk in found.rest) == "".join(chunks)
    assert [time for time, _ in found.rest] == sorted(time for time, _ in found.rest)
    first = next((n for n, chunk in enumerate(chunks) if says(chunk)), None)
    assert first is None or len(found.text) >= len("".join(chunks[: first + 1]))


def test_of_a_long_recording_the_beginning_is_compared() -> None:
    start = new_emulator(80, 20).snapshot()
    asked: list[str] = []

    def reads(chunk: str) -> str:
        asked.append(chunk)
        return f"{chunk}\n"

    many = [(float(n), f"line {n}") for n in range(20_000)]
    found = fall_by_lines(start, ["line 0", "line 1", "line 2"], many, reads)
    assert found.seen == 3
    assert len(asked) <= 2 * MOST_SEEN + 1
