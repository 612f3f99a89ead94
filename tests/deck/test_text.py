"""Slugs, titles, durations and what is dropped for display."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.text import CONTROL, clean, nearest, plain_title, seconds, slug


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Plain words", "Plain words"),
        ("The `Greeter` type", "The Greeter type"),
        ("Introducing _presenterm_", "Introducing presenterm"),
        ("**Bold** and *italic* and ~~gone~~", "Bold and italic and gone"),
        ("snake_case stays, __init__ in `__init__` too", "snake_case stays, init in __init__ too"),
        ("A [link](https://example.org) in it", "A link in it"),
        ("<!-- fit --> :+1:", ":+1:"),
        ("Q&amp;A", "Q&A"),
        (r"5 \* 3", "5 * 3"),
        ("  spaced   out ", "spaced out"),
        ("red\x1b[31m \u202eevil", "red[31m evil"),
    ],
)
def test_titles_lose_their_markup(heading: str, title: str) -> None:
    assert plain_title(heading) == title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Istio 101", "istio-101"),
        ("What is Slidev?", "what-is-slidev"),
        ("Größe & Ähnliches", "größe-ähnliches"),
        ("中国", "中国"),
        ("???", ""),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45m", 2700.0),
        ("1h30m", 5400.0),
        ("90s", 90.0),
        ("3m", 180.0),
        ("500ms", 0.5),
        ("35min", 2100.0),
        ("1h 5m 10s", 3910.0),
        ("1.5h", 5400.0),
        ("", None),
        ("45", None),
        ("soon", None),
        ("m", None),
        ("3m later", None),
    ],
)
def test_durations(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


def test_tabs_become_spaces_and_joiners_stay() -> None:
    assert clean("a\tb") == "a   b"
    assert clean("👩\u200d💻") == "👩\u200d💻"


def test_the_nearest_word_is_named() -> None:
    assert nearest("puase", ("pause", "column")) == " (did you mean `pause`?)"
    assert nearest("zzzz", ("pause", "column")) == ""


@given(st.text())
def test_no_title_holds_control_characters(text: str) -> None:
    title = plain_title(text)
    assert not CONTROL.search(title)
    assert "\n" not in title


@given(st.text())
def test_slugs_are_words_joined_by_dashes(text: str) -> None:
    assert all(char.isalnum() or char in "-_" for char in slug(text))
