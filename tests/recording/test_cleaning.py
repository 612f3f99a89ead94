"""Secrets go from a whole recording, wherever the windows end that it is looked through in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording import cleaning
from presenter.recording.asciicast import Event, Header
from presenter.recording.cleaning import clean, clean_header, suspicious
from presenter.recording.redact import DOT, Redactor

SECRET = "correct-horse-battery"  # noqa: S105 — of nobody
REDACTOR = Redactor([SECRET])


def events(*texts: str) -> list[Event]:
    return [Event(n / 10, "o", text) for n, text in enumerate(texts)]


def shown(found: list[Event]) -> str:
    return "".join(event.data for event in found if event.code == "o")


@pytest.fixture
def _small_windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(cleaning, "WINDOW", 64)
        patch.setattr(cleaning, "MARGIN", 32)
        yield


@pytest.mark.usefixtures("_small_windows")
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([SECRET, "word ", "\r\n", "\x1b[1m", "a longer text without any "])),
    st.integers(1, 9),
)
def test_no_secret_is_left_however_the_output_is_cut(parts: list[str], size: int) -> None:
    text = "".join(parts)
    cut = events(*(text[at : at + size] for at in range(0, len(text), size)))
    found = list(clean(cut, REDACTOR, 80))
    assert [event.time for event in found] == [event.time for event in cut]
    assert shown(found) == text.replace(SECRET, DOT * len(SECRET))


@pytest.mark.usefixtures("_small_windows")
def test_an_event_longer_than_a_window_is_cleaned_too() -> None:
    long = ("x" * 200 + SECRET) * 3
    found = list(clean(events("a", long, "b" * 40, SECRET, "c"), REDACTOR, 80))
    assert SECRET not in shown(found)
    assert len(shown(found)) == len("a" + long + "b" * 40 + SECRET + "c")


def test_lines_that_wrap_are_joined_at_each_width() -> None:
    given = [
        Event(0.0, "o", f"{SECRET[:10]}\r\n{SECRET[10:]}\r\n"),
        Event(0.1, "r", "10x5"),
        Event(0.2, "o", "."),
    ]
    assert "horse" not in shown(list(clean(given, Redactor([SECRET]), 80)))


def test_labels_input_and_codes_of_others_are_cleaned() -> None:
    given = [
        Event(0.0, "m", f"with {SECRET}"),
        *(Event(0.1, "i", char) for char in SECRET),
        Event(0.2, "q", SECRET),
        Event(0.3, "r", "90x30"),
    ]
    found = list(clean(given, REDACTOR, 80))
    assert [event.data for event in found] == [
        "with " + DOT * len(SECRET), *(DOT * len(SECRET)), DOT * len(SECRET), "90x30",
    ]  # fmt: skip


def test_a_header_is_cleaned_in_all_its_depth() -> None:
    header = Header(
        title=f"a {SECRET}",
        command=f"run {SECRET}",
        env={"API_TOKEN": "short", "SHELL": "/bin/sh"},
        extra={"presenter": {"commands": [f"echo {SECRET}"], "exports": {"PASSWORD": "abc"}}},
    )
    found = clean_header(header, REDACTOR)
    dots = DOT * len(SECRET)
    assert (found.title, found.command) == (f"a {dots}", f"run {dots}")
    assert dict(found.env) == {"API_TOKEN": DOT * 5, "SHELL": "/bin/sh"}
    assert dict(found.extra) == {
        "presenter": {"commands": [f"echo {dots}"], "exports": {"PASSWORD": DOT * 3}}
    }
    assert clean_header(found, REDACTOR) == found


def test_the_second_scan_names_the_events_and_finds_nothing_in_what_is_clean() -> None:
    given = events("one", SECRET[:5], SECRET[5:], "two")
    assert list(suspicious(given, REDACTOR, 80)) == [1, 2]
    assert list(suspicious(clean(given, REDACTOR, 80), REDACTOR, 80)) == []
