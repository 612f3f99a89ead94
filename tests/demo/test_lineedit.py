from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.demo.lineedit import Line, drawn, press

KEYS = (
    "left", "right", "home", "end", "ctrl+left", "ctrl+right", "backspace", "delete", "ctrl+w",
    "ctrl+u", "ctrl+k", "f5", "tab", "up",
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("ls| -l", "left", "l|s -l"),
        ("|ls", "left", "|ls"),
        ("l|s", "right", "ls|"),
        ("ls|", "right", "ls|"),
        ("ls -|l", "home", "|ls -l"),
        ("|ls -l", "ctrl+e", "ls -l|"),
        ("get pods -n istio|", "ctrl+left", "get pods -n |istio"),
        ("get |pods  -n", "alt+f", "get pods|  -n"),
        ("ls|x", "backspace", "l|x"),
        ("|x", "backspace", "|x"),
        ("l|sx", "delete", "l|x"),
        ("lsx|", "delete", "lsx|"),
        ("get pods |-n", "ctrl+w", "get |-n"),
        ("get po|ds", "ctrl+u", "|ds"),
        ("get po|ds", "ctrl+k", "get po|"),
        ("ls|", "f5", "ls|"),
    ],
)
def test_keys_edit_as_in_a_shell(before: str, key: str, after: str) -> None:
    line = press(Line(before.replace("|", ""), before.index("|")), key, None)
    assert f"{line.text[: line.cursor]}|{line.text[line.cursor :]}" == after


def test_characters_go_in_at_the_cursor() -> None:
    line = press(press(Line("ls", 1), "é", "é"), "space", " ")
    assert line == Line("lé s", 3)
    assert line.typed("a\x1bb\nc") == Line("lé ab\ncs", 7)


def test_the_cursor_is_drawn_as_a_cell() -> None:
    assert drawn(Line("ab", 1)) == "a\x1b[7mb\x1b[27m\x1b[?25l"
    assert drawn(Line("ab", 2)) == "ab\x1b[7m \x1b[27m\x1b[?25l"
    assert drawn(Line("a\nb", 1)) == "a\x1b[7m \x1b[27m\r\n> b\x1b[?25l"


@given(st.text(max_size=20), st.lists(st.sampled_from(KEYS)))
def test_the_cursor_stays_within_the_text(text: str, keys: list[str]) -> None:
    line = Line(text, len(text))
    for key in keys:
        line = press(line, key, None)
        assert 0 <= line.cursor <= len(line.text) <= len(text)
