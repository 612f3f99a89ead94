"""Sequences made to harm: nothing of them gets beyond the emulator's cells."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator
from presenter.terminal.text import safe_text
from tests.material import material

SECONDS = 1.0
"""A bound against hangs, far above the milliseconds that each takes, for busy machines."""

NO_OK = {
    # The payload swallows what follows, by the protocol: a string that was never ended.
    "unterminated-osc",
    "unterminated-dcs",
}


@pytest.fixture(scope="module")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    script = material("conformance/make_hostile.py")
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(script)], cwd=folder, check=True, capture_output=True)
    loaded: list[dict[str, Any]] = json.loads((folder / "hostile.json").read_text("utf-8"))
    return loaded


def assert_safe(text: str, name: str) -> None:
    for char in text:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), (name, char)


def all_runs(emulator: Emulator) -> list[str]:
    rows = [emulator.row(y) for y in range(emulator.rows)]
    rows += [emulator.history_row(y) for y in range(emulator.history_length)]
    return [run.text for row in rows for run in row]


def test_no_sequence_reaches_a_cell_or_takes_its_time(sequences: list[dict[str, Any]]) -> None:
    assert len(sequences) == 39
    for case in sequences:
        emulator = new_emulator(80, 24)
        before = time.perf_counter()
        emulator.feed(case["data"])
        text = emulator.text()
        assert time.perf_counter() - before < SECONDS, case["name"]
        for run in all_runs(emulator):
            assert_safe(run, case["name"])
        assert (emulator.columns, emulator.rows) == (80, 24), case["name"]
        if '"ok"' in case["expected"] and case["name"] not in NO_OK:
            assert any(line.endswith("ok") for line in text), case["name"]


def test_sequences_one_after_another_leave_a_usable_screen(sequences: list[dict[str, Any]]) -> None:
    emulator = new_emulator(80, 24)
    for case in sequences:
        emulator.feed(case["data"])
        emulator.reset()
        emulator.feed("plain")
        assert emulator.text()[0] == "plain", case["name"]
        assert emulator.history_length == 0
        assert emulator.cursor.visible


def test_an_engine_has_no_way_to_answer() -> None:
    names = {name for name in dir(new_emulator(2, 2)) if not name.startswith("_")}
    assert names == {
        *("columns", "rows", "cursor", "feed", "resize", "row", "text", "history_length"),
        *("history_row", "snapshot", "restore", "reset"),
    }


def test_a_string_without_end_keeps_no_memory(sequences: list[dict[str, Any]]) -> None:
    for case in sequences:
        if case["name"] in NO_OK:
            emulator = new_emulator(80, 24)
            emulator.feed(case["data"])
            assert len(emulator.snapshot().data) < 100
            emulator.feed("\x18ok")
            assert emulator.text()[0] == "ok"


def test_a_cell_holds_few_code_points(sequences: list[dict[str, Any]]) -> None:
    for case in sequences:
        emulator = new_emulator(80, 24)
        emulator.feed(case["data"])
        assert all(len(line) <= 80 * 16 for line in emulator.text()), case["name"]
    marks = next(case for case in sequences if case["name"] == "combining-bomb")
    emulator = new_emulator(80, 24)
    emulator.feed(marks["data"])
    assert len(emulator.text()[0]) <= 16
    assert emulator.text()[1] == "ok"


def test_strings_outside_the_emulator_are_made_safe(sequences: list[dict[str, Any]]) -> None:
    for case in sequences:
        text = safe_text(case["data"]).replace("\u200d", "")
        assert_safe(text, case["name"])
        assert len(text) <= 4096


def test_hostile_recordings_play_harmlessly(
    sequences: list[dict[str, Any]], tmp_path: Path
) -> None:
    from presenter.recording.reader import open_cast
    from presenter.recording.track import apply

    path = tmp_path / "hostile.cast"
    lines = [json.dumps({"version": 2, "width": 80, "height": 24, "title": "\x1b]0;x\x07\ud800"})]
    lines += [
        json.dumps([n, code, case["data"]]) for n, case in enumerate(sequences) for code in "oim"
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cast = open_cast(path)
    emulator = new_emulator(cast.header.columns, cast.header.rows)
    for event in cast.events():
        apply(emulator, [(event.code, event.data)])
    assert cast.skipped == []
    for run in all_runs(emulator):
        assert_safe(run, "recording")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("0:16 late – «née» 界面 −1:15", "0:16 late – «née» 界面 −1:15"),
        ("a" + "\u0301" * 40, "a" + "\u0301" * 15),
        ("–\x1b[31m–\x9b2J", "––"),
        ("–\u202e\u2028–\t–", "– – –"),
        ("–\ud800\ue000", "–\ufffd\ue000"),
        ("–" * 5000, "–" * 4096),
    ],
)
def test_text_beyond_ascii_keeps_what_is_safe_and_nothing_else(text: str, safe: str) -> None:
    assert safe_text(text) == safe
