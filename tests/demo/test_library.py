"""Journals on disk, whatever has become of them: a line for each that is odd, and the rest."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

import pytest

from presenter.demo import library
from presenter.demo.belonging import Belonging
from presenter.demo.folders import is_there
from presenter.demo.library import newest_talk, path_of, read_library, read_record
from presenter.demo.store import create_journal
from presenter.errors import PresenterError
from presenter.talk import events as e
from presenter.wiring.asked import prepared_for
from presenter.wiring.comparing import summary
from tests.demo.journals import lines, put, started

DECK = Path("/decks/talk.md")
GOOD: list[e.Event] = [started(), e.TimerStarted(), e.Moved(1, "pods", 0), e.SessionEnded("quit")]
OTHER = "20260505T070000.000000Z-1"


def signed(**fields: object) -> bytes:
    body = json.dumps({"v": 1, "at": 1.0, "wall": "", "f": {}} | fields, separators=(",", ":"))
    return f'{body[:-1]},"crc":"{zlib.crc32(body.encode()):08x}"}}\n'.encode()


def odd(root: Path, data: bytes) -> tuple[str, list[tuple[str, ...]]]:
    """What is said of a journal with these bytes, and the slides of it that are used."""
    put(root, GOOD, OTHER)
    path = put(root, data)
    found = read_library(DECK, root)
    assert found == read_library(root=root)
    (line,) = found.troubles or ("",)
    assert line == "" or line.startswith(f"{path}: ")
    read = [tuple(one.slides) for one in found.records if not one.name.endswith(OTHER)]
    assert len(found.records) == len(read) + 1
    return line.removeprefix(f"{path}: "), read


WHOLE = lines(*GOOD)
THREE = b"".join(WHOLE.splitlines(keepends=True)[:3])
USED = "what stands before it is used"


@pytest.mark.parametrize(
    ("data", "line", "read"),
    [
        (WHOLE, "", [("intro", "pods")]),
        (WHOLE[:-9], "", [("intro", "pods")]),
        (b"", "no session in this journal", []),
        (WHOLE[:9], "no session in this journal", []),
        (WHOLE.replace(b"Moved", b"Mowed"), f"line 3: the checksum does not match; {USED}",
         [("intro",)]),
        (WHOLE.replace(b'"intro"', b'"Intro"', 1),
         "no session in this journal (line 1: the checksum does not match)", []),
        (THREE + lines(*GOOD[:1]), f"line 4: event 1 follows event 3; {USED}",
         [("intro", "pods")]),
        (THREE + signed(seq=4, k="Danced", v=2, f={"to": "music"}), "", [("intro", "pods")]),
        (THREE + signed(seq=4, k="BlackSet", v=2, f={"colour": 1}), "", [("intro", "pods")]),
        (THREE + signed(seq=4, k="BlackSet", f={"on": True, "colour": 1}), "",
         [("intro", "pods")]),
        (THREE + signed(seq=4, k="BlackSet"), f"line 4: BlackSet is not as it should be; {USED}",
         [("intro", "pods")]),
        (THREE + signed(seq=4, at=10**400, k="PressWaits"), f"line 4: no time; {USED}",
         [("intro", "pods")]),
        (THREE + b"[" * 200_000 + b"\n", f"line 4: the checksum does not match; {USED}",
         [("intro", "pods")]),
        (signed(seq=1, k="PressWaits"), "no session in this journal", []),
        (b"\xff\n", "no session in this journal (line 1: not a line of a journal)", []),
    ],
)  # fmt: skip
def test_an_odd_journal_costs_a_line_and_its_good_part_is_used(
    tmp_path: Path, data: bytes, line: str, read: list[tuple[str, ...]]
) -> None:
    assert odd(tmp_path, data) == (line, read)


def test_a_folder_or_a_pipe_is_no_journal(tmp_path: Path) -> None:
    folder = put(tmp_path, GOOD).parent
    (folder / "folder.jsonl").mkdir()
    os.mkfifo(folder / "pipe.jsonl")
    found = read_library(DECK, tmp_path)
    assert len(found.records) == 1
    assert found.troubles == (
        f"{folder}/folder.jsonl: is not a file; left out",
        f"{folder}/pipe.jsonl: is not a file; left out",
    )


def test_one_that_cannot_be_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, GOOD, OTHER)
    path = put(tmp_path, GOOD)
    read = Path.read_bytes

    def refused(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refused)
    found = read_library(DECK, tmp_path)
    assert found.troubles == (f"{path}: Permission denied; left out",)
    assert len(found.records) == 1


def test_one_that_is_too_large_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, GOOD)
    monkeypatch.setattr(library, "MOST_BYTES", 100)
    found = read_library(DECK, tmp_path)
    assert (found.records, len(found.troubles)) == ((), 1)
    assert found.troubles[0].startswith(f"{path}: is larger than ")


def test_the_journal_of_another_deck_is_left_out_with_a_line(tmp_path: Path) -> None:
    path = put(tmp_path, [started("/decks/other.md"), *GOOD[1:]])
    put(tmp_path, GOOD, OTHER)
    found = read_library(DECK, tmp_path)
    assert [record.deck for record in found.records] == [str(DECK)]
    assert found.troubles == (f"{path}: is of another deck (/decks/other.md); left out",)
    assert len(read_library(root=tmp_path).records) == 2


def test_a_deck_whose_name_begins_alike_is_another_one(tmp_path: Path) -> None:
    folder = tmp_path / "journals" / "talk-today-0badcafe"
    folder.mkdir(parents=True)
    (folder / "x.jsonl").write_bytes(lines(started("/decks/talk-today.md")))
    put(tmp_path, GOOD)
    found = read_library(DECK, tmp_path)
    assert (len(found.records), found.troubles) == (1, ())


def test_a_talk_of_another_machine_belongs_to_the_deck_of_its_file_name(tmp_path: Path) -> None:
    folder = tmp_path / "journals" / "talk-0badcafe"
    folder.mkdir(parents=True)
    (folder / "x.jsonl").write_bytes(lines(started("/elsewhere/talk.md")))
    (record,) = read_library(DECK, tmp_path).records
    assert record.name == "talk-0badcafe/x"


@pytest.mark.parametrize("deck", [f"/{'d' * 300}/talk.md", "/nul\0/talk.md", "", "talk.md"])
def test_a_path_that_no_deck_of_this_machine_can_have_stops_nothing(
    tmp_path: Path, deck: str
) -> None:
    put(tmp_path, [started(deck), *GOOD[1:]])
    put(tmp_path, GOOD, OTHER)
    found = read_library(DECK, tmp_path)
    assert len(found.records) == 1 + (deck != "")
    assert newest_talk(DECK, tmp_path) is not None
    assert summary(DECK, path_of(found.records[0].name, tmp_path), tmp_path)
    records = read_library(root=tmp_path).records
    assert list(prepared_for(None, records, lambda problem: None)) == []


def test_a_deck_in_a_folder_that_cannot_be_entered_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, [started("/closed/talk.md"), *GOOD[1:]])

    def refused(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", refused)
    assert not is_there(Path("/closed/talk.md"))
    (record,) = read_library(DECK, tmp_path).records
    assert record.deck == "/closed/talk.md"


def test_a_bare_name_is_no_deck_in_the_folder_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.md").write_text("# Pods\n")
    monkeypatch.chdir(tmp_path)
    assert is_there(tmp_path / "talk.md")
    assert not is_there(Path("talk.md"))
    put(tmp_path, [started("talk.md"), *GOOD[1:]])
    assert len(read_library(DECK, tmp_path).records) == 1


def test_a_deck_that_is_opened_through_a_link_has_its_history(tmp_path: Path) -> None:
    deck = tmp_path / "2026-istio.md"
    deck.write_text("# Pods\n")
    link = tmp_path / "talk.md"
    link.symlink_to(deck)
    journal = create_journal(link, lambda error: None, tmp_path)
    assert journal is not None
    journal.append(e.Stamped(1, 0.0, "", started(str(deck))))
    journal.close()
    for path in (deck, link):
        found = read_library(path, tmp_path)
        assert ([one.deck for one in found.records], found.troubles) == ([str(deck)], ())


SLIDES = "---\ntitle: Istio 101\n---\n# Intro\n\n---\n\n# Pods\n\n---\n\n# Mesh\n"
UNTITLED = SLIDES.partition("---\n# ")[2].join(("# ", ""))
IDS = ("intro", "pods", "mesh")


def plan(*ids: str) -> e.PlanMade:
    return e.PlanMade(ids, ids, (60.0,) * len(ids), 60.0 * len(ids))


@pytest.mark.parametrize(
    ("deck", "events", "same"),
    [
        (SLIDES, [e.TalkDescribed("Istio 101")], True),
        (SLIDES, [e.TalkDescribed("Istio 101"), plan("a", "b")], True),
        (SLIDES, [e.TalkDescribed("Quarkus")], False),
        (SLIDES, [e.TalkDescribed("Quarkus"), plan("a", "b", "pods")], False),
        (SLIDES, [e.TalkDescribed("Istio"), plan("a", "mesh")], True),
        (SLIDES, [e.TalkDescribed(), plan("a", "b", "c")], False),
        (SLIDES, [e.TalkDescribed(), plan(*IDS)], True),
        (SLIDES, [e.TimerStarted(), e.Moved(1, "pods", 0), e.Moved(2, "x", 0)], True),
        (SLIDES, [e.TimerStarted(), e.Moved(1, "y", 0), e.Moved(2, "x", 0)], False),
        (SLIDES, [e.Told("title", "Stop reinventing")], True),
        (UNTITLED, [e.TalkDescribed("Quarkus")], True),
        (UNTITLED, [e.TalkDescribed("Quarkus"), plan("a", "b", "c")], False),
    ],
)
def test_a_talk_of_another_machine_is_of_this_deck_if_it_is_like_it(
    tmp_path: Path, deck: str, events: list[e.Event], same: bool
) -> None:
    here = tmp_path / "talk.md"
    here.write_text(deck)
    put(tmp_path, [started("/elsewhere/talk.md"), *events])
    found = read_library(here, tmp_path)
    assert (len(found.records), found.troubles) == (int(same), ())
    assert (newest_talk(here, tmp_path) is not None) == same
    assert not Belonging(here).is_own(read_library(root=tmp_path).records[0])


def test_a_deck_that_cannot_be_read_has_the_talks_of_its_name(tmp_path: Path) -> None:
    here = tmp_path / "talk.md"
    here.write_bytes(b"\xff\xfe\0")
    put(tmp_path, [started("/elsewhere/talk.md"), e.TalkDescribed("Istio")])
    assert len(read_library(here, tmp_path).records) == 1


def test_the_newest_talk_comes_first(tmp_path: Path) -> None:
    for name, wall in (("a", "2026-05-04T09:00:00+02:00"), ("b", "2026-05-05T09:00:00+02:00")):
        put(tmp_path, [started(wall=wall)], name)
    names = [one.name.partition("/")[2] for one in read_library(root=tmp_path).records]
    assert names == ["b", "a"]


def test_one_journal_that_holds_no_talk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PresenterError, match="no session in this journal"):
        read_record(put(tmp_path, b""))
    with pytest.raises(PresenterError, match="No such file"):
        read_record(tmp_path / "none.jsonl")
