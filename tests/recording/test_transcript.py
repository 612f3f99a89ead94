"""A recording as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording import transcript as module
from presenter.recording.asciicast import Event, Header
from presenter.recording.transcript import transcript
from presenter.terminal import new_emulator

HEADER = Header(columns=20, rows=4)


def text(*outputs: str, header: Header = HEADER) -> str:
    events = [Event(0.0, "r" if "x" in one[:3] else "o", one) for one in outputs]
    return "".join(transcript(header, events, new_emulator))


def test_every_line_is_told_once_without_colours() -> None:
    told = [f"\x1b[3{n % 8}mline {n}\x1b[0m\r\n" for n in range(30)]
    assert text(*told) == "".join(f"line {n}\n" for n in range(30))


def test_a_line_is_as_it_was_in_the_end() -> None:
    assert text("10 %\r", "99 %\r", "done\r\n") == "done\n"
    assert text("one\x1b[?1049h other\x1b[?1049l\r\ntwo") == "one\ntwo\n"


def test_a_screen_that_is_reset_is_told_before() -> None:
    assert text("one\r\ntwo\r\n\x1bcthree") == "one\ntwo\nthree\n"


def test_sizes_change() -> None:
    assert text("one\r\n", "30x2", "two\r\nthree") == "one\ntwo\nthree\n"


def test_nothing_is_nothing() -> None:
    assert text() == ""
    assert text("\r\n\r\n") == ""


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abc", max_size=15), min_size=1, max_size=60))
def test_no_line_is_lost_between_batches(lines: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", 40)
        patch.setattr(module, "_MOST_KEPT", 5)
        found = text(*(line + "\r\n" for line in lines))
    assert found.rstrip("\n") == "\n".join(lines).rstrip("\n")
