"""The emulator as the rest of the program uses it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from presenter.terminal import avt, new_emulator
from presenter.terminal.avt import AvtEmulator, EngineError
from presenter.terminal.clusters import _kind, _patterns_for, clean
from presenter.terminal.emulator import CellStyle, Emulator, Run
from presenter.terminal.text import cell_text, safe_text
from presenter.terminal.underlines import _SGR, _simplify, simplify_underlines

OUTPUT = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "é",
                "e",
                "漢",
                "👍",
                "\u0301",
                "\u0323",
                "\u200d",
                "\ufe0f",
                "\u202e",
                "\ud800",
            ),
            *("\r\n", "\n", "\b", "\t", "\x7f", "\x07", "\x0e", "\x18", "\x9b31m", "\U00100000"),
            *("\x1b[31m", "\x1b[4:3m", "\x1b[0m", "\x1b[2J", "\x1b[H", "\x1b[5;5H", "\x1b[K"),
            *("\x1b[", "\x1b", "3", ";", "m", "\x1b]0;", "\x1bP", "\x1b\\", "\x1b[?1049h"),
            *("\x1b[?1049l", "\x1b[3;6r", "\x1bM", "\x1b(0", "\x1b[4h", "가", "\u11a8", "ก็"),
        ]
    )
    | st.text(max_size=4),
    max_size=60,
).map("".join)


def fed(*pieces: str, columns: int = 20, rows: int = 6) -> Emulator:
    emulator = new_emulator(columns, rows)
    for piece in pieces:
        emulator.feed(piece)
    return emulator


def state(emulator: Emulator) -> object:
    rows = [emulator.row(y) for y in range(emulator.rows)]
    return rows, emulator.cursor, [emulator.history_row(y) for y in range(emulator.history_length)]


@settings(max_examples=400, deadline=None)
@given(OUTPUT, st.lists(st.integers(1, 9), max_size=60))
@example("e\u0301", [1])
@example("\x1b[31m\u0301e", [2, 2])
@example("e\u200d\u0301", [1, 1])
@example("\x1b[31m\x1b(0\u0301a", [9])
@example("\x1b[3\u03011m\u0301e\u0301", [4, 1, 1, 1, 1])
@example("e" + "\u0301" * 40, [1] * 40)
def test_however_output_is_cut_it_shows_the_same(output: str, sizes: list[int]) -> None:
    pieces = []
    at = 0
    for size in [*sizes, len(output)]:
        pieces.append(output[at : at + size])
        at += size
    assert state(fed(*pieces)) == state(fed(output))


@settings(max_examples=200, deadline=None)
@given(OUTPUT)
def test_rows_hold_nothing_that_steers_a_terminal_and_keep_their_width(output: str) -> None:
    emulator = fed(output)
    for y in range(emulator.rows):
        row = emulator.row(y)
        assert sum(run.width for run in row) == emulator.columns
        for run in row:
            assert cell_len(run.text) == run.width
            assert not {unicodedata.category(char) for char in run.text} & {"Cc", "Cs", "Zl", "Zp"}
            assert not set("\u202a\u202e\u2066\u2069\u200e\u200f\u061c") & set(run.text)


@settings(max_examples=100, deadline=None)
@given(OUTPUT, OUTPUT)
def test_what_changes_is_reported(before: str, after: str) -> None:
    emulator = fed(before)
    old = [emulator.row(y) for y in range(emulator.rows)]
    changed = emulator.feed(after)
    for y in range(emulator.rows):
        assert y in changed or emulator.row(y) == old[y]


@settings(max_examples=100, deadline=None)
@given(OUTPUT, OUTPUT)
def test_a_snapshot_is_exact_anywhere(before: str, after: str) -> None:
    original = fed(before)
    copy = new_emulator(3, 3)
    copy.restore(original.snapshot())
    assert state(copy)[:2] == state(original)[:2]  # type: ignore[index]
    original.feed(after)
    copy.feed(after)
    assert state(copy)[:2] == state(original)[:2]  # type: ignore[index]


@settings(max_examples=100, deadline=None)
@given(OUTPUT)
def test_a_snapshot_is_output_that_makes_the_screen_anew(before: str) -> None:
    original = fed(before)
    copy = fed(original.snapshot().data)
    assert state(copy)[:2] == state(original)[:2]  # type: ignore[index]


def test_runs_merge_cells_of_one_style() -> None:
    red = CellStyle(foreground=1)
    assert fed("a\x1b[31mbc\x1b[m", columns=5).row(0) == (
        Run("a", 1, CellStyle()),
        Run("bc", 2, red),
        Run("  ", 2, CellStyle()),
    )


@pytest.mark.parametrize(
    ("sequence", "style"),
    [
        ("38;5;208", CellStyle(foreground=208)),
        ("38;2;1;2;3", CellStyle(foreground=(1, 2, 3))),
        ("48:2::9:8:7", CellStyle(background=(9, 8, 7))),
        ("1;3;9", CellStyle(bold=True, italic=True, strike=True)),
        ("2;5;7", CellStyle(faint=True, blink=True, inverse=True)),
        ("4", CellStyle(underline=True)),
        ("4:3", CellStyle(underline=True)),
        ("21", CellStyle(underline=True)),
        ("4;24", CellStyle()),
        ("4;4:0", CellStyle()),
        ("38;5;21", CellStyle(foreground=21)),
        ("38;2;4;21;58", CellStyle(foreground=(4, 21, 58))),
        ("4;58;5;196;1", CellStyle(underline=True, bold=True)),
        ("4;58:2::1:2:3", CellStyle(underline=True)),
        ("4;58;2;1;5;7", CellStyle(underline=True)),
    ],
)
def test_attributes(sequence: str, style: CellStyle) -> None:
    assert fed(f"\x1b[{sequence}mx").row(0)[0] == Run(
        "x" if style != CellStyle() else "x" + " " * 19, 1 if style != CellStyle() else 20, style
    )


def test_an_underline_colour_alone_resets_nothing() -> None:
    assert fed("\x1b[1m\x1b[58;5;21mx").row(0)[0].style == CellStyle(bold=True)


@pytest.mark.parametrize(
    ("output", "line", "columns"),
    [
        ("cafe\u0301!", "café!", 5),
        ("x\u0323\u0301y", "x\u0323\u0301y", 2),
        ("กำ็", "กำ็", 2),
        ("👍🏻.", "👍.", 3),
        ("❤\ufe0f.", "❤.", 2),
        ("👨\u200d👩.", "👨👩.", 5),
        ("\u1112\u1161\u11ab.", "한.", 3),
        ("漢\u0301.", "漢.", 3),
        ("\u0301a", "a", 1),
        ("a\x7fb", "ab", 2),
        ("a\u202eb\u2066c", "abc", 3),
        ("\U00100000", "\ufffd", 1),
    ],
)
def test_characters_stand_in_as_many_columns_as_they_take(
    output: str, line: str, columns: int
) -> None:
    emulator = fed(output)
    assert emulator.text()[0] == line
    assert emulator.cursor.column == columns


def test_lines_scrolled_out_are_kept_up_to_the_limit() -> None:
    emulator = new_emulator(10, 2, 3)
    emulator.feed("".join(f"{n}\r\n" for n in range(8)))
    assert emulator.history_length == 3
    kept = ["".join(run.text for run in emulator.history_row(y)).rstrip() for y in range(3)]
    assert kept == ["4", "5", "6"]
    with pytest.raises(IndexError):
        emulator.history_row(3)


def test_lines_scrolled_out_before_the_other_screen_are_kept() -> None:
    assert fed("a\r\n" * 10 + "\x1b[?1049hfull").history_length == 5


def test_going_back_to_a_snapshot_takes_back_the_scrollback() -> None:
    emulator = fed("".join(f"{n}\r\n" for n in range(10)))
    snapshot, kept = emulator.snapshot(), emulator.history_length
    emulator.feed("x\r\n" * 20)
    emulator.restore(snapshot)
    assert emulator.history_length == kept
    emulator.feed("y\r\n")
    assert emulator.history_length == kept + 1


def test_a_snapshot_of_later_has_no_scrollback() -> None:
    later = fed("x\r\n" * 50).snapshot()
    emulator = fed("x\r\n" * 10)
    emulator.restore(later)
    assert emulator.history_length == 0


def test_sizes_are_clamped() -> None:
    emulator = new_emulator(0, 99_999)
    assert (emulator.columns, emulator.rows) == (2, 500)
    emulator.resize(99_999, -1)
    assert (emulator.columns, emulator.rows) == (1000, 1)


def test_a_wide_character_meets_the_narrowest_screen() -> None:
    emulator = fed("漢")
    emulator.resize(1, 1)
    emulator.feed("字")
    assert emulator.text() == ["字"]


class Broken:
    """An engine that panics at anything."""

    size = (20, 3)

    def feed_str(self, _text: str) -> None:
        class PanicException(BaseException):
            pass

        raise PanicException("out of bounds")


def test_an_engine_that_panics_costs_the_screen_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    emulator = AvtEmulator(20, 3)
    monkeypatch.setattr(emulator, "_vt", Broken())
    with pytest.raises(EngineError, match="engine failed: out of bounds"):
        emulator.feed("x\r\n")
    emulator.feed("漢")
    assert emulator.text()[0] == "漢"
    monkeypatch.setattr(avt, "MIN_COLUMNS", 1)
    with pytest.raises(EngineError):  # by the engine itself
        emulator.resize(1, 3)
    assert emulator.text() == ["", "", ""]


def test_a_smaller_screen_scrolls_what_no_longer_fits() -> None:
    emulator = fed(*(f"{n}\r\n" for n in range(5)))
    emulator.resize(20, 2)
    assert emulator.text() == ["4", ""]
    assert emulator.history_length == 4


def test_the_cursor_waits_in_the_last_column() -> None:
    assert fed("x" * 20).cursor.column == 19
    assert not fed("\x1b[?25l").cursor.visible


@given(st.text(max_size=40) | OUTPUT)
@example("\ud800")
def test_safe_text_is_one_printable_line(text: str) -> None:
    safe = safe_text(text)
    safe.encode()
    for char in safe:
        assert char == "\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain [b]x[/b]", "plain [b]x[/b]"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\y", "xy"),
        ("a\x07\x08\x7f\x00b", "ab"),
        ("user \u202egnp\u202c", "user gnp"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 15),
    ],
)
def test_safe_text_keeps_what_is_text(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_safe_text_is_limited() -> None:
    assert len(safe_text("é" * 10_000)) == 4096
    assert safe_text("x" * 100, 10) == "x" * 10


def test_a_cell_of_another_width_is_replaced() -> None:
    assert cell_text("é", 1) == "é"
    assert cell_text("\u4dc0", 1) == "\ufffd"
    assert cell_text("\u202e", 1) == " "


@given(
    st.lists(
        st.sampled_from(
            [*"45;:mHf1234580", "\x1b[", "\x9b", "21", "58", "4:3", "58;5;", "38;2;", ";21", "x"]
        ),
        max_size=30,
    ).map("".join)
)
def test_the_quick_look_misses_no_underline(output: str) -> None:
    assert simplify_underlines(output) == _SGR.sub(_simplify, output)


def test_what_goes_not_as_it_is_is_found_wherever_unicode_has_it() -> None:
    codes = (*range(0x20000), *range(0xE0000, 0xE0200), *range(0xFFFF0, 0x100010), 0x10FFFF)
    text = "".join(map(chr, codes))
    kinds = {c: _kind(c) for c in text}
    assert "replace" in kinds.values()
    cleaned = "".join("\ufffd" if kinds[c] == "replace" else c for c in text if kinds[c] != "drop")
    assert clean(text) == cleaned
    for at in range(0, len(text), 4096):
        patterns = _patterns_for(text[at : at + 4096])
        found = patterns.marks.findall(text[at : at + 4096]) if patterns else []
        assert "".join(found) == "".join(c for c in text[at : at + 4096] if kinds[c] == "mark")
