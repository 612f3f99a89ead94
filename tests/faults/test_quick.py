"""A quick share of the faults; `python -m tests.faults --full` tries all of them."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.smalltalk import small
from tests.faults import __main__ as script
from tests.faults import bombs, hostile, journal, mode_net, mode_talk, modes, screens
from tests.faults.limits import Chance, try_all
from tests.faults.table import Row, skipped

SECONDS = 0.3
"""Of the processor, for the inputs of this file."""


def assert_held(row: Row) -> None:
    assert row.ok, str(row)


def test_random_decks() -> None:
    assert_held(hostile.row("decks and front matter", hostile.of_text, 2 * hostile.QUICK))


def test_random_bytes() -> None:
    count = (len(hostile.KINDS) - 2) * hostile.QUICK
    assert_held(hostile.row("what programs write", hostile.of_bytes, count))


def test_bombs() -> None:
    for row in bombs.rows(full=False):
        assert_held(row)


def test_the_journal_and_takes() -> None:
    assert_held(journal.cuts(29))
    assert_held(journal.kills_of_a_writer(2))
    assert_held(journal.kills_of_a_recorder(2))


def test_disks() -> None:
    assert_held(journal.full_disks(1))
    assert_held(journal.read_only_home())


def test_terminals() -> None:
    assert_held(screens.projectors(1))
    assert_held(screens.terminal("TERM=dumb", {"TERM": "dumb", "COLORTERM": ""}))
    assert_held(screens.terminal("LANG=C", {"LANG": "C", "LC_ALL": ""}))
    assert_held(screens.small_screen())


@pytest.mark.parametrize("number", [9, 21, 24, 31])
def test_modes_of_a_talk_day(number: int, tmp_path: Path) -> None:
    assert_held(modes.once(number, tmp_path))


def test_a_talk_that_ends_is_counted(tmp_path: Path) -> None:
    def ends(given: mode_talk.Given) -> None:
        with small(given.folder, mode_net.waiting(0), mode_net.END) as talk:
            mode_talk.steps(given, talk, lambda _: talk.console.interface().kill())

    tally = mode_talk.give(0, ends, 1, tmp_path)
    assert (tally.tried, tally.stopped, tally.kept, tally.shown) == (1, 1, 0, 0)
    assert not modes.row("ends", tally, limit=math.inf).ok


def test_one_late_key_or_lost_position_is_a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    good = mode_talk.Tally(2, kept=2, shown=2, keys=[0.1, 0.2])
    assert modes.row("good", good).ok
    late = modes.row("late", replace(good, keys=[0.1, 0.201]))
    assert not late.ok
    assert "1 of 2 above 200 ms" in late.measured
    assert not modes.row("moved", replace(good, kept=1)).ok
    assert not modes.row("blank", replace(good, shown=1)).ok
    assert not modes.row("stopped", replace(good, stopped=1)).ok
    assert not modes.row("otherwise", replace(good, wrong=["x"])).ok
    assert not modes.row("no key", replace(good, keys=[])).ok

    def nowhere(_given: mode_talk.Given) -> None:
        raise mode_talk.UnavailableError("no such thing here")

    monkeypatch.setattr(modes, "MODES", (modes.Mode(0, "none", "nothing", nowhere),))
    skips, everything = modes.rows(full=False)
    assert (skips.skipped, skips.measured) == (True, "no such thing here")
    assert (everything.tried, everything.ok) == (0, False)


# --- the script itself --------------------------------------------------------------------------


def dies(chance: Chance, folder: Path) -> None:
    if chance.number == 3:
        os._exit(7)
    assert chance.number != 5
    assert list(folder.iterdir()) == []
    (folder / "x").touch()


def hangs(chance: Chance, folder: Path) -> None:
    del folder
    while chance.number == 1:
        time.process_time()


def swells(chance: Chance, folder: Path) -> None:
    del folder
    if chance.number == 1:
        bytes(900_000_000)


def test_what_ends_the_process_is_found_and_the_rest_is_tried() -> None:
    outcome = try_all(dies, 8)
    assert outcome.tried == 8
    assert [words.split(":")[0] for words in outcome.failures] == [
        "input 3 ended the process",
        "input 5",
    ]
    assert not outcome.held


def test_what_hangs_or_swells_is_found() -> None:
    assert "input 1 ended the process: -27" in str(try_all(hangs, 2))  # SIGPROF
    assert "input 1: MemoryError" in str(try_all(swells, 2))


def test_a_part_that_breaks_is_a_row_that_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_full: bool) -> Iterator[Row]:
        yield skipped("one", "must", "not here")
        raise RuntimeError("the part")

    monkeypatch.setattr(bombs, "rows", broken)
    monkeypatch.setattr("sys.argv", ["x", "--only", "bombs"])
    assert script.main() == 1
    printed = capsys.readouterr().out
    assert "| one | 0 | must | not here | skipped |" in printed
    assert "| bombs | 0 |  | RuntimeError: the part | MISSED |" in printed
