"""The modes that programs ask for, however their output is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.terminal.modes import Modes, ModeTracker, mode_value

OUTPUT = st.lists(
    st.sampled_from(
        [
            *("\x1b[?1h", "\x1b[?1l", "\x1b[?1049h", "\x1b[?1049l", "\x1b[?1000;1006h", "\x1b="),
            *("\x1b>", "\x1bc", "\x1b[!p", "\x1b[>1u", "\x1b[<u", "\x1b[=1;2u", "\x1b[=1;3u"),
            *("\x1b[?2026h", "\x9b?2004h", "\x1b[?25l", "\x1b[", "\x1b", "?", "[", "1", ";", "h"),
            *("u", "c", "!", "p", "text", "\r\n", "\x1b[31m", "\x1b]0;a\x1b\\", "\x18"),
        ]
    ),
    max_size=40,
).map("".join)


def after(*pieces: str) -> Modes:
    tracker = ModeTracker()
    for piece in pieces:
        tracker.feed(piece)
    return tracker.modes


@pytest.mark.parametrize(
    ("output", "modes"),
    [
        ("plain text", Modes()),
        ("\x1b[?1h", Modes(application_cursor=True)),
        ("\x1b[?1h\x1b[?1l", Modes()),
        ("\x1b[1h\x1b[4h", Modes()),
        ("\x1b=", Modes(application_keypad=True)),
        ("\x1b[?66h", Modes(application_keypad=True)),
        ("\x1b=\x1b>", Modes()),
        ("\x1b[?2004h", Modes(bracketed_paste=True)),
        ("\x9b?2004h", Modes(bracketed_paste=True)),
        ("\x1b[?1004h", Modes(focus_events=True)),
        ("\x1b[?2026h", Modes(synchronized=True)),
        ("\x1b[?1049h", Modes(alternate_screen=True)),
        ("\x1b[?47h\x1b[?1049l", Modes()),
        ("\x1b[?9h", Modes(mouse=9)),
        ("\x1b[?1000h\x1b[?1002h\x1b[?1003h", Modes(mouse=1003)),
        ("\x1b[?1003h\x1b[?1000l", Modes()),
        ("\x1b[?1002;1006h", Modes(mouse=1002, mouse_sgr=True)),
        ("\x1b[?1;;2004;99999999h", Modes(application_cursor=True, bracketed_paste=True)),
        ("\x1b[?1049;1;1000h\x1b[!p", Modes(alternate_screen=True)),
        ("\x1b[?1049;1;1000h\x1bc", Modes()),
        ("\x1b(c\x1b#=", Modes()),
        ("\x1b[?1\x18h", Modes()),
        ("\x1b\x1b[?1h", Modes(application_cursor=True)),
    ],
)
def test_modes_are_those_asked_for(output: str, modes: Modes) -> None:
    assert after(output) == modes


@pytest.mark.parametrize(
    ("output", "flags"),
    [
        ("\x1b[>1u", 1),
        ("\x1b[>31u", 1),
        ("\x1b[>30u", 0),
        ("\x1b[>1u\x1b[<u", 0),
        ("\x1b[>1u\x1b[>0u\x1b[<1u", 1),
        ("\x1b[>1u\x1b[>1u\x1b[<2u", 0),
        ("\x1b[<99u\x1b[=1u", 1),
        ("\x1b[=1;2u", 1),
        ("\x1b[=1u\x1b[=1;3u", 0),
        ("\x1b[>1u\x1b[?1049h", 0),
        ("\x1b[>1u\x1b[?1049h\x1b[?1049l", 1),
        ("\x1b[?1049h\x1b[>1u\x1b[?1049l", 0),
        ("\x1b[>1u\x1bc", 0),
        ("\x1b[>1u" * 100 + "\x1b[>0u" * 3 + "\x1b[<3u", 1),
        ("\x1b[>1u" * 100 + "\x1b[<200u", 0),
    ],
)
def test_the_keyboard_has_a_stack_of_flags_on_either_screen(output: str, flags: int) -> None:
    assert after(output).kitty == flags


@settings(max_examples=300, deadline=None)
@given(OUTPUT, st.lists(st.integers(1, 5), max_size=40))
def test_however_output_is_cut_the_modes_are_the_same(output: str, sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in [*sizes, len(output)]:
        pieces.append(output[at : at + size])
        at += size
    assert after(*pieces) == after(output)


@given(st.text())
def test_any_text_can_be_fed(text: str) -> None:
    after(text, text[::-1])


def test_a_sequence_without_an_end_is_not_kept() -> None:
    assert after("\x1b[?", *["1;"] * 5000, "2004h") == Modes()


@pytest.mark.parametrize("number", [1, 9, 47, 66, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026])
def test_a_mode_can_be_asked_for_by_its_number(number: int) -> None:
    assert mode_value(after(f"\x1b[?{number}h"), number) is True
    assert mode_value(after(f"\x1b[?{number}h\x1b[?{number}l"), number) is False


def test_modes_that_nobody_tracks_have_no_value() -> None:
    assert [mode_value(Modes(), number) for number in (0, 7, 25, 1005, 1015, 5522)] == [None] * 6
