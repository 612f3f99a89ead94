"""The quick reading of journals, and that nobody can tell it from the careful one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from presenter.talk import events as e
from presenter.talk.history import UNUSED, record_of, record_of_moments
from presenter.talk.journal import decode_lines, encode
from presenter.talk.skim import skim_lines
from tests.talk.lines import KINDS, any_file, any_stamped, signed, signed_text

WALL = "2026-05-04T09:00:00+02:00"
STARTED = encode(e.Stamped(1, 0.0, WALL, e.SessionStarted("/a.md", "h", WALL, "1"))).encode()


def agree(data: bytes) -> None:
    careful, quick = decode_lines(data), skim_lines(data)
    assert quick.stopped_at == careful.stopped_at
    moments = [(one.at, one.event) for one in careful.stamped]
    kept: list[tuple[float, e.Event]] = []
    passed: list[tuple[float, e.Event]] = []
    for one in moments:
        if isinstance(one[1], UNUSED):
            passed = [one]
            continue
        kept += [*(passed if isinstance(one[1], e.Told | e.AnswerNoted) else []), one]
        passed = []
    assert quick.moments == kept + passed
    assert repr(record_of_moments(quick.moments)) == repr(record_of(careful.stamped))


def test_what_is_told_later_has_no_time_of_its_own() -> None:
    edited = encode(e.Stamped(2, 9.0, WALL, e.StepEdited("a", 0, "b"))).encode()
    agree(STARTED + edited + encode(e.Stamped(3, 0.0, WALL, e.Told("a", "b"))).encode())


@given(any_file())
@settings(max_examples=400)
def test_both_readings_agree_on_every_journal(data: bytes) -> None:
    agree(data)


@given(any_stamped(most=30))
def test_a_record_keeps_nothing_of_what_the_quick_reading_leaves_out(
    stamped: list[e.Stamped],
) -> None:
    read = skim_lines("".join(map(encode, stamped)).encode())
    assert read.stopped_at is None
    assert repr(record_of_moments(read.moments)) == repr(record_of(stamped))


def fields(**changes: object) -> dict[str, object]:
    values = {"slide": 0, "slide_id": "a", "stop": 0}
    return {"v": 1, "seq": 2, "at": 1.0, "wall": WALL, "k": "Moved", "f": values} | changes


@pytest.mark.parametrize(
    ("line", "stops"),
    [
        (signed(fields()), False),
        (signed(fields(at=1)), False),
        (signed(fields(v=2, k="Danced", f={"to": "music"})), False),
        (signed(fields(v=2, f={"slide": "one"})), False),
        (signed(fields(f={"slide": 0, "slide_id": "ü\ud800\x1b[31m", "stop": 0})), False),
        (signed(fields(later={"a": [1]})), False),
        (signed(fields(f={"slide": 1.0, "slide_id": "a", "stop": 0})), True),
        (signed(fields(seq=3)), True),
        (signed(fields(at=10**400)), True),
        (signed(fields(at=float("nan"))), True),
        (signed(fields(at=True)), True),
        (signed(fields(k="PlanMade", f={"ids": [], "titles": [], "seconds": [], "total": 10**400})),
         True),
        (signed(fields(k="PlanMade", f={"ids": [], "titles": [], "seconds": [float("inf")],
                                        "total": 1.0})), True),
        (signed_text('{"v":1,"seq":' + "1" * 5000 + "}"), True),
        (signed_text('{"v":1,"f":' + "[" * 100_000 + "]" * 100_000 + "}"), True),
        (signed_text('{"v":1,"seq":2,"at":1,"wall":"ä","k":"PressWaits","f":{}}'), True),
        (signed(fields())[:-2] + b"\n", True),
        (signed(fields()).replace(b'"crc"', b'"cRc"'), True),
        (signed(fields()).replace(b"Moved", b"Mowed"), True),
        (b"\n", True),
        (b"x" * 5_000_000 + b"\n", True),
    ],
)  # fmt: skip
def test_both_readings_stop_at_the_same_lines(line: bytes, stops: bool) -> None:
    data = STARTED + line + encode(e.Stamped(3, 2.0, WALL, e.PressWaits())).encode()
    agree(data)
    assert (skim_lines(data).stopped_at is not None) == stops


def test_every_kind_is_known_to_both() -> None:
    assert set(UNUSED) < set(KINDS)
