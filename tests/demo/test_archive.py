"""Talks in one file: what was packed comes out again, and damage costs what it is in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.demo import archive
from presenter.demo.archive import Packed, fitting, packed, unpacked
from presenter.errors import PresenterError

NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}/[A-Za-z0-9][A-Za-z0-9.-]{0,30}", fullmatch=True)
LINES = st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"") + b"\n")
DATA = st.lists(LINES, min_size=1, max_size=4).map(b"".join)
TALKS = st.lists(st.builds(Packed, NAMES, DATA), max_size=4)

ONE = Packed("istio-101-5d0a43ce/20180301T080000.000000Z-7", b'{"v":1}\n{"v":2}\n')
TWO = Packed("tour-00000000/x", b'{"v":3}\n')
FILE = b"".join(packed([ONE, TWO]))


@given(TALKS)
def test_what_was_packed_comes_out_as_it_was(talks: list[Packed]) -> None:
    assert unpacked(b"".join(packed(talks))) == (talks, [])


@given(TALKS, st.data())
def test_damage_costs_talks_and_changes_none(talks: list[Packed], data: st.DataObject) -> None:
    file = bytearray(b"".join(packed(talks)))
    first = file.find(b"\n") + 1
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(first, len(file)))
        match data.draw(st.sampled_from(["cut", "flip", "insert", "drop"])):
            case "cut":
                del file[at:]
            case "flip" if at < len(file):
                file[at] ^= data.draw(st.integers(1, 255))
            case "insert":
                file[at:at] = data.draw(st.binary(max_size=20))
            case _:
                del file[at : at + data.draw(st.integers(1, 30))]
    found, troubles = unpacked(bytes(file))
    assert all(talk in talks for talk in found)
    assert troubles or len(found) == len(talks)


@given(st.binary(max_size=200))
def test_any_bytes_are_talks_or_told_to_be_none(data: bytes) -> None:
    with pytest.raises(PresenterError, match="holds no talks"):
        unpacked(data)


@pytest.mark.parametrize(
    ("file", "talks", "trouble"),
    [
        (FILE[:-1], [ONE], "tour-00000000/x: is cut off; left out"),
        (FILE[: FILE.index(b'{"talk":"tour')], [ONE],
         "1 of 2 talks are there: the file was cut off"),
        (FILE.replace(b'{"v":2}', b'{"v":5}'), [TWO], f"{ONE.name}: is damaged; left out"),
        (FILE.replace(b'{"v":2}\n', b""), [TWO], f"{ONE.name}: is damaged; left out"),
        (FILE.replace(b'{"talk":"tour', b'hello\n{"talk":"tour'), [ONE, TWO],
         "line 5: belongs to no talk; left out"),
        (FILE.replace(b"tour-00000000/x", b"../../etc/passwd"), [ONE],
         "line 5: no name that a talk may have; left out"),
        (FILE.replace(b"tour-00000000/x", b"tour/../../x"), [ONE],
         "line 5: no name that a talk may have; left out"),
        (FILE.replace(b"tour-00000000/x", b"tour/.ssh"), [ONE],
         "line 5: no name that a talk may have; left out"),
        (FILE.replace(b'"lines":1', b'"lines":1e9'), [ONE],
         "tour-00000000/x: not a number of lines that a talk may have; left out"),
        (FILE.replace(b'"lines":2', b'"lines":2000000'), [TWO],
         f"{ONE.name}: not a number of lines that a talk may have; left out"),
        (FILE.replace(b'"sha256":"', b'"sha256":"x'), [], f"{ONE.name}: no checksum; left out"),
        (FILE.replace(b'"talk":"tour', b'"talk":' + b"[" * 99_999), [ONE],
         "line 5: no name that a talk may have; left out"),
    ],
)  # fmt: skip
def test_each_damage_is_told(file: bytes, talks: list[Packed], trouble: str) -> None:
    found, troubles = unpacked(file)
    assert found == talks
    assert troubles[0] == trouble


def test_a_talk_that_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    assert [talk.name for talk in unpacked(FILE)[0]] == [TWO.name]


def test_a_file_that_is_all_damage_is_given_up() -> None:
    head = json.dumps({"presenter-talks": 1, "talks": 1}).encode() + b"\n"
    line = b'{"talk":"a/b","lines":999999,"sha256":"' + b"0" * 64 + b'"}\n'
    talks, troubles = unpacked(head + line * 5000)
    assert not talks
    assert len(troubles) == 101
    assert troubles[-1].startswith("too much is damaged")


def test_a_file_of_a_later_version_is_refused() -> None:
    with pytest.raises(PresenterError, match="written in way 2; this program reads 1"):
        unpacked(FILE.replace(b'talks":1', b'talks":2', 1))


def test_a_name_that_may_not_be_is_made_to_fit() -> None:
    assert fitting("tour-0/x.y") == "tour-0/x.y"
    assert fitting("My talks/../x y") == "my-talks/x-y"
    assert fitting("") == "deck/talk"
    (talk,) = unpacked(b"".join(packed([Packed("My Talks/é", b"x\n")])))[0]
    assert talk.name == "my-talks/talk"


def test_a_torn_line_is_not_packed() -> None:
    (talk,) = unpacked(b"".join(packed([Packed("a/b", b'{"v":1}\n{"v":')])))[0]
    assert talk.data == b'{"v":1}\n'
