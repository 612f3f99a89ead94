"""The emulator against the screens of two others: alacritty's grids and tmux's captures."""

from __future__ import annotations

import json

import pytest

from presenter.recording.reader import open_cast
from presenter.recording.track import apply
from presenter.terminal import new_emulator
from presenter.terminal.emulator import Emulator
from tests.material import material
from tests.terminal.reference import Case, cases, cells, visible

OTHER_TEXT = {
    # 132 columns: we keep the size, alacritty clears.
    "deccolm_reset",
    # The line-drawing set stays on after the alternate screen has been left.
    "saved_cursor",
    # A cursor saved on the alternate screen is restored with the pending wrap.
    "saved_cursor_alt",
    "wrapline_alt_toggle",
}
OTHER_STYLE = {
    # Erasing fills with the whole pen, not with the background alone.
    "alt_reset",
    "clear_underline",
    "delete_chars_reset",
    "erase_chars_reset",
    "insert_blank_reset",
    "scroll_up_reset",
}
TMUX_DIFFERS = {
    "al_decaln_reset",  # tmux fills the first row otherwise, alacritty as we do
    "al_deccolm_reset",
    "al_saved_cursor",
    "al_vttest_origin_mode_1",  # alacritty has it as we do
    # tmux was fed by a reader that takes lines which ours counts as damaged.
    "server-v2-invalid-time-2.cast",
    "server-v2-wrong-event-length.cast",
    "server-v3-invalid-time-2.cast",
    "server-v3-wrong-event-length.cast",
}


def shown(case: Case) -> Emulator:
    emulator = new_emulator(case.columns, case.rows)
    emulator.feed(case.output)
    return emulator


def test_at_least_33_of_43_screens_are_exact_in_text_and_style() -> None:
    known = [case for case in cases().values() if case.grid]
    assert len(known) == 43
    text, style = set(), set()
    for case in known:
        got = cells(shown(case))
        if [[c[0] for c in row] for row in got] != [[c[0] for c in row] for row in case.grid]:
            text.add(case.name)
        elif [[visible(c) for c in row] for row in got] != [
            [visible(c) for c in row] for row in case.grid
        ]:
            style.add(case.name)
    assert text == OTHER_TEXT
    assert style == OTHER_STYLE


def test_a_screen_does_not_depend_on_how_its_output_is_cut() -> None:
    for case in cases().values():
        whole = shown(case)
        by_one = new_emulator(case.columns, case.rows)
        for char in case.output:
            by_one.feed(char)
        assert cells(by_one) == cells(whole), case.name
        assert by_one.cursor == whole.cursor, case.name
        assert by_one.history_length == whole.history_length, case.name


def test_a_snapshot_brings_back_the_screen_and_what_follows_it() -> None:
    for case in cases().values():
        half = len(case.output) // 2
        original = new_emulator(case.columns, case.rows)
        original.feed(case.output[:half])
        copy = new_emulator(7, 3)
        copy.restore(original.snapshot())
        assert cells(copy) == cells(original), case.name
        original.feed(case.output[half:])
        copy.feed(case.output[half:])
        assert cells(copy) == cells(original), case.name
        assert copy.cursor == original.cursor, case.name


def test_every_row_is_as_wide_as_the_grid() -> None:
    for case in cases().values():
        emulator = shown(case)
        for y in range(case.rows):
            assert sum(run.width for run in emulator.row(y)) == case.columns


def oracle_names() -> list[str]:
    try:
        folder = material("conformance/tmux-oracle")
    except pytest.skip.Exception:
        return []
    return sorted(path.name.removesuffix(".json") for path in folder.iterdir())


@pytest.mark.parametrize("name", oracle_names())
def test_tmux_shows_the_same_text(name: str) -> None:
    folder = material("conformance/tmux-oracle")
    expected = json.loads((folder / f"{name}.json").read_text("utf-8"))
    if name.startswith("al_"):
        emulator = shown(cases()[name.removeprefix("al_")])
    else:
        cast = open_cast(material("compat/casts") / name)
        emulator = new_emulator(cast.header.columns, cast.header.rows)
        apply(emulator, [(event.code, event.data) for event in cast.events()])
    same = stripped(emulator.text()) == stripped(expected)
    assert same == (name not in TMUX_DIFFERS)


def stripped(lines: list[str]) -> list[str]:
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines
