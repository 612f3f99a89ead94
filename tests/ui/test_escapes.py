"""Escape and a key right behind it, as a terminal sends them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from presenter.terminal.keys import encode_key
from presenter.terminal.modes import Modes
from presenter.ui import escapes


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[events.Key]]:
    """Gives the keys that are told of for bytes that come at once."""
    monkeypatch.setattr(XTermParser, "_sequence_to_key_events", escapes._keys)

    def press(sent: str) -> list[events.Key]:
        told: list[Message] = []
        parser = XTermParser()
        for token in (*parser.feed(sent), *parser.feed("")):
            told.append(token)
        return [token for token in told if isinstance(token, events.Key)]

    return press


@pytest.mark.parametrize("typed", [":wq\r", "5j", "/x", "ojk", "=", "\r", "fb", "b "])
def test_a_program_gets_what_was_sent(
    typed: str, pressed: Callable[[str], list[events.Key]]
) -> None:
    sent = f"\x1b{typed}"
    keys = pressed(sent)
    assert "".join(encode_key(key.key, key.character, Modes()) for key in keys) == sent


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ("\x1b ", ["escape", "space"]),
        ("\x1b:", ["escape", "colon"]),
        ("\x1bn", ["alt+n"]),
        ("\x1b[6~", ["pagedown"]),
        ("\x1bOP", ["f1"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\x1b[1;3A", ["alt+up"]),
    ],
)
def test_other_sequences_are_what_they_were(
    sent: str, names: list[str], pressed: Callable[[str], list[events.Key]]
) -> None:
    assert [key.key for key in pressed(sent)] == names
