from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.talk import events as e
from presenter.talk.commands import Next, Previous
from presenter.talk.decide import decide
from presenter.talk.evolve import evolve
from presenter.talk.journal import decode_lines, encode, fit, fold
from presenter.talk.session import Activity, Position, Session
from tests.talk.script import Pages, demo, page, sample, step

WALL = "2026-05-04T09:00:00+02:00"
EVENTS: list[e.Event] = [
    e.SessionStarted("/decks/ünï \ud800.md", "h1", WALL, "1"),
    e.Moved(2, "pods", 0, jump=True),
    e.StepTyping("shell", 0, 1),
    e.KeyTyped("shell", 0, 3),
    e.StepTyped("shell", 0),
    e.StepStarted("shell", 0, 2, "recording"),
    e.StepFell("shell", 0, "card"),
    e.PressWaits(),
    e.StepFinished("shell", 0, "card", None, 0.25, cut=True),
    e.WaitEnded(),
    e.DeckReloaded("h2", 1, "reveals", 0, ("shell", "keys")),
    e.SessionEnded("quit"),
]
STAMPED = [e.Stamped(n, n / 8, WALL, event) for n, event in enumerate(EVENTS, start=1)]
FILE = "".join(map(encode, STAMPED)).encode()


def signed(fields: dict[str, object]) -> bytes:
    """A line as another version might have written it."""
    body = json.dumps(fields, separators=(",", ":"))
    return f'{body[:-1]},"crc":"{zlib.crc32(body.encode()):08x}"}}\n'.encode()


def test_every_event_comes_back_as_it_was() -> None:
    read = decode_lines(FILE)
    assert list(read.stamped) == STAMPED
    assert (read.torn, read.stopped_at, read.good_bytes) == (False, None, len(FILE))


def test_a_line_stays_as_other_versions_read_it() -> None:
    moved = e.Stamped(2, 1.25, WALL, e.Moved(2, "pöds", 0, jump=True))
    body = (
        '{"v":1,"seq":2,"at":1.25,"wall":"2026-05-04T09:00:00+02:00","k":"Moved",'
        '"f":{"slide":2,"slide_id":"p\\u00f6ds","stop":0,"jump":true}'
    )
    assert encode(moved) == f'{body},"crc":"{zlib.crc32((body + "}").encode()):08x}"}}\n'


def test_a_line_is_ascii_and_has_no_control_character() -> None:
    assert all(line.isascii() and line.isprintable() for line in FILE.decode().splitlines())


def test_cut_at_any_byte_it_loads_and_loses_at_most_the_last_event() -> None:
    ends = [i + 1 for i, byte in enumerate(FILE) if byte == 0x0A]
    for cut in range(len(FILE) + 1):
        read = decode_lines(FILE[:cut])
        whole_lines = sum(end <= cut for end in ends)
        assert list(read.stamped) == STAMPED[:whole_lines]
        assert read.stopped_at is None
        assert read.torn == (cut not in {0, *ends})


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found(index: int, change: int) -> None:
    damaged = bytearray(FILE)
    damaged[index] ^= change
    read = decode_lines(bytes(damaged))
    before = FILE[:index].count(b"\n")
    assert list(read.stamped) == STAMPED[:before]
    assert read.stopped_at is not None or read.torn


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange_to_read(data: bytes) -> None:
    assert decode_lines(data).stamped == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{}\n", "the checksum does not match"),
        (b"\xff\xfe\n", "not a line of a journal"),
        (b"\n", "the checksum does not match"),
        (
            signed({"v": 1, "seq": 2, "at": 0, "wall": WALL, "k": "PressWaits"}),
            "event 2 follows event 0",
        ),
        (
            signed({"v": 1, "seq": True, "at": 0, "wall": WALL, "k": "PressWaits"}),
            "event True follows event 0",
        ),
        (signed({"v": 1, "seq": 1, "at": "0", "wall": WALL, "k": "PressWaits"}), "no time"),
        (signed({"v": 1, "seq": 1, "at": True, "wall": WALL, "k": "PressWaits"}), "no time"),
        (signed({"v": 1, "seq": 1, "at": 1e999, "wall": WALL, "k": "PressWaits"}), "no time"),
        (
            signed({"v": 1, "seq": 1, "at": 0, "wall": 5, "k": "PressWaits"}),
            "no date or no kind",
        ),
        (
            signed({"v": 1, "seq": 1, "at": 0, "wall": WALL, "k": "BlackSet"}),
            "BlackSet is not as it should be",
        ),
        (
            signed({"v": 1, "seq": 1, "at": 0, "wall": WALL, "k": "BlackSet", "f": {"on": 1}}),
            "BlackSet is not as it should be",
        ),
    ],
)
def test_reading_stops_at_a_line_that_is_not_as_it_should_be(line: bytes, reason: str) -> None:
    read = decode_lines(line + FILE)
    assert read.stamped == ()
    assert read.good_bytes == 0
    assert read.stopped_at == f"line 1: {reason}"


def test_what_was_read_before_a_bad_line_is_told() -> None:
    read = decode_lines(FILE + b"{}\n")
    assert list(read.stamped) == STAMPED
    assert (read.good_bytes, read.stopped_at) == (
        len(FILE),
        f"line {len(STAMPED) + 1}: the checksum does not match",
    )


@pytest.mark.parametrize("changed", ["ab", [1], {"a": 1}, None])
def test_a_list_of_names_is_a_list_of_names(changed: object) -> None:
    values = {"deck_hash": "h", "slide": 0, "slide_id": "a", "stop": 0, "changed": changed}
    line = {"v": 1, "seq": 1, "at": 0, "wall": WALL, "k": "DeckReloaded", "f": values}
    assert decode_lines(signed(line)).stopped_at == "line 1: DeckReloaded is not as it should be"


@pytest.mark.parametrize(
    "other",
    [
        {"v": 2, "seq": 1, "at": 0, "wall": WALL, "k": "Questioned", "f": {"text": "why"}},
        {"v": 2, "seq": 1, "at": 0, "wall": WALL, "k": "BlackSet", "f": {"colour": "black"}},
    ],
)
def test_kinds_of_other_versions_are_skipped(other: dict[str, object]) -> None:
    second = encode(e.Stamped(2, 1.0, WALL, e.PressWaits()))
    read = decode_lines(signed(other) + second.encode())
    assert [one.event for one in read.stamped] == [e.PressWaits()]
    assert read.stopped_at is None
    assert read.sequence == 2
    last = decode_lines(signed(other) + second.encode() + signed(other | {"seq": 3}))
    assert (last.sequence, last.stamped[-1].seq) == (3, 2), "the next event is the fourth"


def test_fields_of_other_versions_are_ignored_and_missing_ones_have_defaults() -> None:
    moved = {"slide": 1, "slide_id": "a", "stop": 0, "why": "x"}
    line = signed({"v": 2, "seq": 1, "at": 0, "wall": WALL, "k": "Moved", "f": moved})
    assert decode_lines(line).stamped[0].event == e.Moved(1, "a", 0, jump=False)


def test_fields_behind_a_missing_one_count_and_whole_seconds_are_seconds() -> None:
    values = {"demo": "shell", "step": 0, "rung": "live", "status": 0, "seconds": 2, "reason": "x"}
    line = {"v": 1, "seq": 1, "at": 3, "wall": WALL, "k": "StepFinished", "f": values}
    (one,) = decode_lines(signed(line)).stamped
    assert one.event == e.StepFinished("shell", 0, "live", 0, 2.0, reason="x")
    assert type(one.event.seconds) is type(one.at) is float


def test_a_number_that_is_not_finite_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(e.Stamped(1, float("nan"), WALL, e.PressWaits()))


# --- folding into a deck ----------------------------------------------------------------------


def folded(script: Pages, *events: e.Event) -> Session:
    return fold((e.Stamped(n, 0.0, WALL, one) for n, one in enumerate(events, 1)), script)


def test_a_slide_is_found_again_by_its_id() -> None:
    script = Pages((page("new"), *sample().pages))
    assert folded(script, e.Moved(2, "pods", 2)).position == Position(3, 2)


def test_a_slide_that_is_gone_leads_to_the_nearest() -> None:
    script = Pages((page("a"), page("b")))
    session = folded(script, e.Moved(2, "x", 0), e.FreezeSet(on=True), e.Moved(9, "gone", 4, True))
    assert session.position == Position(1, 0)
    assert session.came_from is None
    assert session.frozen == Position(1, 0)


def test_a_step_that_is_gone_is_not_at_hand_any_more() -> None:
    script = Pages((page("pods", "0", demo("other", step())),))
    session = folded(script, e.Moved(0, "pods", 0), e.StepTyping("shell", 0, 1))
    assert session.active == ""
    assert session.position == Position(0, 0)
    assert session.lanes["shell"].activity is Activity.IDLE


@pytest.mark.parametrize(
    ("events", "active"),
    [
        ([e.StepTyping("shell", 0, 1)], "shell"),
        ([e.StepTyping("shell", 0, 1), e.StepTyped("shell", 0)], "shell"),
        ([e.StepTyping("shell", 1, 3)], ""),
        ([e.StepTyping("shell", 0, 0)], ""),
        ([e.StepStarted("shell", 0, 2, "card")], "shell"),
        ([e.StepStarted("shell", 1, 2, "card")], ""),
    ],
)
def test_a_step_is_at_hand_only_where_the_deck_still_has_it(
    events: list[e.Event], active: str
) -> None:
    script = Pages((page("pods", "0", demo("shell", step())),))
    session = folded(script, e.Moved(0, "pods", 0), *events)
    assert session.active == active
    assert decide(session, Previous(), script) != [e.Moved(0, "pods", -1)]


def test_a_position_before_the_first_is_the_first() -> None:
    session = folded(sample(), e.Moved(-3, "", -1), e.FreezeSet(True))
    assert session.position == session.frozen == Position(0, 0)


def test_an_empty_deck_has_a_position_too() -> None:
    was = Session(position=Position(4, 4), came_from=Position(1, 0), active="shell")
    session = fit(was, Pages(()))
    assert (session.position, session.came_from, session.active) == (Position(), None, "")


def test_the_slide_before_a_jump_is_kept_where_the_deck_still_has_it() -> None:
    session = folded(sample(), e.Moved(1, "reveals", 2), e.Moved(5, "end", 0, jump=True))
    assert session.came_from == Position(1, 2)
    shorter = Pages(sample().pages[:1])
    assert fit(session, shorter).came_from is None


def test_a_frozen_picture_keeps_its_place_on_its_slide() -> None:
    session = folded(sample(), e.Moved(1, "reveals", 2), e.FreezeSet(on=True), e.Moved(5, "end", 0))
    assert session.frozen == Position(1, 2)


def test_a_command_that_was_being_typed_still_stands_at_its_prompt() -> None:
    session = folded(sample(), e.Moved(2, "pods", 0), e.StepTyping("shell", 0, 1))
    assert (session.active, session.position) == ("shell", Position(2, 1))


def test_a_command_typed_at_another_stop_is_not_at_hand() -> None:
    script = sample()
    session = folded(script, e.Moved(2, "pods", 0), e.StepTyping("shell", 0, 2))
    assert (session.active, session.position) == ("", Position(2, 2))


def test_a_resumed_session_goes_on_after_an_orderly_end() -> None:
    session = fold([e.Stamped(1, 0.0, WALL, e.SessionEnded("quit"))])
    assert decide(session, Next(), sample()) == []
    session = evolve(session, e.Stamped(2, 1.0, WALL, e.SessionResumed(WALL, "1")))
    assert decide(session, Next(), sample()) != []
