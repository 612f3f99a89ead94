"""The messages of the speaker's socket: there and back, and what is no message."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.demo.wire import (
    Message,
    Press,
    VersionError,
    WireError,
    decode_message,
    decode_press,
    encode_end,
    encode_press,
    encode_slides,
    encode_state,
)
from presenter.layout.speakerstate import SpeakerState

texts = st.text(max_size=20)
states = st.builds(
    SpeakerState,
    sequence=st.integers(-1, 2**53), deck=texts, theme=texts, slide=st.integers(0, 2**31),
    total=st.integers(0, 2**31), title=texts, stop=st.integers(0, 99), stops=st.integers(0, 99),
    upcoming=texts, elapsed=st.none() | st.floats(0, 1e9), planned=st.none() | st.floats(0, 1e9),
    conditions=st.lists(st.tuples(texts, texts, texts), max_size=3).map(tuple),
    background=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    lines=st.lists(texts, max_size=3).map(tuple), countdown=st.none() | st.floats(0, 1e6),
)  # fmt: skip
STATE = SpeakerState(
    sequence=1, deck="d", theme="dark", slide=0, total=1, title="t", stop=0, stops=0,
    upcoming="u", elapsed=None, planned=None,
)  # fmt: skip


@given(states, st.integers(1, 2**53))
@settings(max_examples=100, deadline=None)
def test_a_state_comes_back_as_it_was(state: SpeakerState, number: int) -> None:
    line = encode_state(number, state)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_message(line) == Message(1, "state", number, state)


@given(texts, st.integers(-1, 2**53), st.integers(-(2**53), 2**53))
def test_a_press_comes_back_as_it_was(cmd: str, seen: int, slide: int) -> None:
    line = encode_press(cmd, seen, slide)
    assert line.count(b"\n") == 1
    assert decode_press(line) == Press(1, cmd, seen, slide)


def test_titles_and_the_end() -> None:
    assert decode_message(encode_slides(("Why", "Hör\nauf"))).slides == ("Why", "Hör\nauf")
    assert decode_message(encode_end()).kind == "end"


def test_a_press_that_says_nothing_of_what_it_saw_has_seen_nothing() -> None:
    assert decode_press(b'{"v":1,"cmd":"next"}').seen == -1


def test_unknown_fields_are_passed_over_and_missing_ones_have_their_defaults() -> None:
    data = json.loads(encode_state(3, STATE))
    data["later"] = {"any": ["thing"]}
    data["state"]["mood"] = "good"
    del data["state"]["notes"]
    assert decode_message(json.dumps(data).encode()).state == STATE


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"next", b"[]", b"null", b"{}", b'{"v":1}', b'{"cmd":"next"}', b"\xff\xfe",
        b'{"v":1,"cmd":3}', b'{"v":1,"cmd":"next","seen":"x"}', b'{"v":1,"cmd":"next","seen":1.5}',
        b'{"v":1,"cmd":"goto","slide":' + b"9" * 9000 + b"}", b"[" * 20_000,
        b'{"v":1,"kind":"state"}', b'{"v":1,"kind":"odd"}', b'{"v":1,"cmd":"\xed\xa0\x80"}',
    ],
)  # fmt: skip
def test_what_is_no_message_is_told_so(line: bytes) -> None:
    for decode in (decode_press, decode_message):
        with pytest.raises(WireError):
            decode(line)


@given(st.binary(max_size=200))
def test_nothing_else_ever_comes_out_of_a_line(line: bytes) -> None:
    for decode in (decode_press, decode_message):
        with contextlib.suppress(WireError):
            assert isinstance(decode(line), Press | Message)


@pytest.mark.parametrize("line", [b'{"v":2,"cmd":"next"}', b'{"v":2,"kind":"odd","all":"new"}'])
def test_another_version_is_told_apart_from_nonsense(line: bytes) -> None:
    for decode in (decode_press, decode_message):
        with pytest.raises(VersionError):
            decode(line)


def test_half_a_surrogate_pair_is_an_error_of_ours() -> None:
    with pytest.raises(WireError):
        encode_slides(("\ud800",))
