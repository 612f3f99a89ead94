"""`presenter rehearsals`, and what a rehearsal says at its end: from journals on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presenter.cli import main
from presenter.cli.rehearsals import draw
from presenter.demo.folders import picture_path
from presenter.layout.text import width
from presenter.wiring.comparing import summary
from tests.talk.talks import Talk

DECK = "---\ntitle: A talk\n---\n\n# One\n\n---\n\n# Two\n\n---\n\n# Three\n"
NEVER_STARTED = "no comparison: the timer did not start, for the first slide was never left\n"
PLAN = {"title": 10.0, "one": 60.0, "two": 120.0, "three": 60.0}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "state"
    monkeypatch.setenv("PRESENTER_STATE_DIR", str(root))
    return root


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "my talk.md"
    path.write_text(DECK)
    return path


def held(deck: Path, name: str, wall: str, purpose: str = "rehearsal", **times: float) -> Path:
    told = Talk(*PLAN, deck=str(deck), wall=wall, purpose=purpose).plan(PLAN, 300).start()
    return told.tell(**times).end().write(deck, name)


def two(deck: Path) -> tuple[Path, Path]:
    """A rehearsal, and a talk before it."""
    old = held(deck, "a", "2026-05-01T09:00:00Z", "", title=9, one=60, two=119, three=58)
    return held(deck, "b", "2026-05-04T14:10:00Z", title=9, one=95, two=120, three=60), old


def test_all_are_listed_and_the_last_compared(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(deck)
    assert main(["rehearsals", str(deck)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "begun", "kind", "total", "plan", "off", "over", "back", "fell", "asked",
    ]  # fmt: skip
    assert lines[1].split() == [
        "#2", "2026-05-04", "14:10", "rehearsal", "4:44", "5:00", "0:16", "early", "1", "–", "–",
        "–",
    ]  # fmt: skip
    assert lines[2].split()[3] == "talk"
    assert "#2, rehearsal of 2026-05-04 14:10" in lines
    assert any("▲ +0:35" in line and " One " in line for line in lines)
    assert "over   One  ▲ +0:35 (1:35 for 1:00)" in lines


def test_the_newest_alone_is_one_column(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two(deck)
    held(deck, "0", "2026-04-01T09:00:00Z", title=9, one=9, two=9, three=9)
    assert main(["rehearsals", str(deck), "--last", "1"]) == 0
    head = next(line for line in capsys.readouterr().out.splitlines() if " this" in line)
    assert head.split() == ["plan", "this", "●", "#2"], "the best stands there always"
    assert main(["rehearsals", str(deck), "--last", "0"]) == 2
    assert "--last 0" in capsys.readouterr().err


def test_any_number_of_the_list_may_be_the_one_at_hand(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(deck)
    held(deck, "0", "2026-04-01T09:00:00Z", title=9, one=9, two=9, three=9)
    assert main(["rehearsals", str(deck), "--run", "2"]) == 0
    out = capsys.readouterr().out
    assert "#2, talk of 2026-05-01 09:00" in out
    head = next(line for line in out.splitlines() if " this" in line)
    assert head.split() == ["plan", "this", "#1"], "what came later is not beside it"
    assert main(["rehearsals", str(deck), "--run", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["comparison"]["runs"] == [1, 2]


def test_a_number_that_is_not_in_the_list_or_has_no_times_is_refused(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(deck)
    Talk(*PLAN, deck=str(deck), wall="2026-03-01T09:00:00Z").end().write(deck, "0")
    for number in ("0", "4", "-1"):
        assert main(["rehearsals", str(deck), "--run", number]) == 2
        told = capsys.readouterr()
        assert (told.out, f"--run {number}" in told.err) == ("", True)
        assert "the list has 1 to 3" in told.err
    assert main(["rehearsals", str(deck), "--run", "1"]) == 2
    assert "its times are not known" in capsys.readouterr().err


def test_it_is_there_for_programs(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two(deck)
    assert main(["rehearsals", str(deck), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [run["number"] for run in told["runs"]] == [2, 1]
    assert told["runs"][0]["over"] == {"one": 35}
    assert told["runs"][0]["late"] == -16
    compared = told["comparison"]
    assert (compared["runs"], compared["best"]) == ([2, 1], 1)
    assert [row["id"] for row in compared["slides"]] == ["title", "one", "two", "three"]
    assert compared["slides"][1]["seconds"] == [95, 60]
    assert compared["slides"][1]["verdict"] == "over"


def test_where_there_is_none_it_says_how_to_make_one(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearsals", str(deck)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "there is no rehearsal or talk of" in told.err
    assert "presenter rehearse" in told.err
    assert main(["rehearsals", str(deck), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"runs": [], "comparison": None}


def test_journals_that_are_damaged_cost_a_line_and_the_rest_is_used(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = two(deck)
    lines = new.read_text().splitlines(keepends=True)
    new.write_text("".join([*lines[:6], "x" + lines[6], *lines[7:]]))
    (old.parent / "c.jsonl").write_bytes(b"\x00\xff no journal\n")
    (old.parent / "d.jsonl").write_text("")
    torn = held(deck, "e", "2026-04-01T09:00:00Z", title=9, one=60, two=119, three=58)
    torn.write_bytes(torn.read_bytes()[:-9])
    strange = held(deck, "f", "2026-03-01T09:00:00Z", title=9, one=60, two=119, three=58)
    strange.write_text(strange.read_text().replace('"k":"Moved"', '"k":"Floated"'))
    assert main(["rehearsals", str(deck)]) == 0
    told = capsys.readouterr()
    for name, why in (
        ("b", "line 7"), ("c", "no session"), ("d", "no session"), ("f", "checksum"),
    ):  # fmt: skip
        assert any(f"{name}.jsonl" in line and why in line for line in told.err.splitlines())
    assert "e.jsonl" not in told.err, "a torn last line is what a crash leaves"
    assert sum(line.startswith("#") and "broke off" in line for line in told.out.splitlines()) == 3
    assert "#4, rehearsal of 2026-05-04 14:10" in told.out


def test_journals_of_another_deck_of_the_same_name_are_left_out(
    deck: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other" / deck.name
    other.parent.mkdir()
    other.write_text(DECK)
    two(other)
    assert main(["rehearsals", str(deck)]) == 1
    held(deck, "a", "2026-05-04T14:10:00Z", title=9, one=95)
    assert main(["rehearsals", str(deck)]) == 0
    assert "2026-05-01" not in capsys.readouterr().out


@pytest.mark.parametrize("ending", [".png", ".svg", ".txt"])
def test_a_picture_is_written(deck: Path, tmp_path: Path, ending: str) -> None:
    two(deck)
    output = tmp_path / f"picture{ending}"
    assert main(["rehearsals", str(deck), "--picture", str(output), "--theme", "light"]) == 0
    written = output.read_bytes()
    assert written.startswith({".png": b"\x89PNG", ".svg": b"<svg", ".txt": b""}[ending])
    if ending == ".txt":
        assert "▲ +0:35" in written.decode()


def test_a_picture_of_nothing_and_of_no_kind(
    deck: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Talk(*PLAN, deck=str(deck)).end().write(deck, "a")
    output = tmp_path / "a.png"
    assert main(["rehearsals", str(deck), "--picture", str(output)]) == 1
    told = capsys.readouterr()
    assert "there is nothing to draw" in told.err
    assert "no times" in told.out
    assert not output.exists()
    assert main(["rehearsals", str(deck), "--picture", "a.jpg"]) == 2


def test_nothing_of_a_journal_steers_the_terminal(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {"one": 60.0, "x\x1b]0;t\x07\u202e": 5.0}
    told = Talk(*odd, deck=str(deck), purpose="\x1b[2J").plan(odd).start().tell(**odd)
    told.step("\x1b[31mred", 0, "\x9b2J", 5).end().write(deck, "a")
    assert main(["rehearsals", str(deck)]) == 0
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\x9b", "\x07", "\u202e"}


# --- at the end of a rehearsal ------------------------------------------------------------------


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_a_rehearsal_ends_with_its_summary(
    deck: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    new, _ = two(deck)
    lines = summary(deck, new).splitlines()
    assert all(width(line) <= columns for line in lines)
    text = " ".join(lines)
    assert "▲ +0:35" in text
    assert "4:44 of 5:00: 0:16 early" in text
    assert f"presenter rehearsals '{deck}'".replace(" ", "") in text.replace(" ", "")


def test_it_is_of_its_own_journal_and_of_no_later_one(deck: Path) -> None:
    _, old = two(deck)
    assert "#1, talk of 2026-05-01 09:00" in summary(deck, old)


def test_a_rehearsal_that_never_started_and_one_that_left_nothing(
    deck: Path, tmp_path: Path
) -> None:
    two(deck)
    never = Talk(*PLAN, deck=str(deck)).end().write(deck, "z")
    assert summary(deck, never) == NEVER_STARTED
    gone = tmp_path / "gone.jsonl"
    assert summary(deck, gone).startswith("no comparison: ")
    assert summary(deck, gone).count("\n") == 1


def test_without_a_place_the_picture_is_kept_beside_the_journals(deck: Path) -> None:
    assert draw(deck, None, None) is None
    new, _ = two(deck)
    assert draw(deck, None, "light") == picture_path(deck)
    assert picture_path(deck).read_bytes().startswith(b"\x89PNG")
    assert picture_path(deck).parent == new.parent
    picture_path(deck).unlink()
    Talk(*PLAN, deck=str(deck), wall="2026-06-04T14:10:00Z").end().write(deck, "z")
    assert draw(deck, None, None) is None, "the one at hand has nothing to show"
    assert not picture_path(deck).exists()


def test_a_deck_that_is_gone_leaves_the_plans_titles(deck: Path) -> None:
    new, _ = two(deck)
    deck.unlink()
    assert " One " in summary(deck, new)


def test_a_sample_talk_goes_by_its_name_in_the_hint() -> None:
    from presenter.samples import find_deck

    path = find_deck("tour")
    journal = held(path, "a", "2026-05-04T14:10:00Z", title=5)
    assert summary(path, journal).endswith("\npresenter rehearsals tour\n")
