"""Every deviation from the format, at its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from presenter.errors import RecordingError
from presenter.recording.strict import MOST, deviations
from tests.material import ROOT, material

V2 = '{"version": 2, "width": 80, "height": 24}\n'
V3 = '{"version": 3, "term": {"cols": 80, "rows": 24}}\n'
THEME = [
    (1, "`theme`: `fg` is not a colour #rrggbb"),
    (1, "`theme`: `bg` is not a colour #rrggbb"),
    (1, "`theme`: `palette` is not 8 or 16 colours #rrggbb with `:` between them"),
]
OF_OTHERS: dict[str, list[tuple[int, str]]] = {
    "k3d-20200715_k3d.01.cast": THEME,
    "server-v1-invalid-data.json": [(8, "frame 2: the data is not a string")],
    "server-v1-invalid-time-1.json": [(8, "frame 2: the delay is below 0")],
    "server-v1-invalid-time-2.json": [(8, "frame 2: the delay is not a number of seconds")],
    "server-v1-invalid.json": [(1, "`width` is not a whole number from 1 on")],
    "server-v1-wrong-event-length.json": [(8, "frame 2 is not a list [delay, data]")],
    "server-v2-empty-theme.cast": THEME,
    "server-v2-invalid-theme.cast": THEME,
    "server-v3-empty-theme.cast": THEME,
}
for version in (2, 3):
    OF_OTHERS |= {
        f"server-v{version}-{name}.cast": [(3, message)]
        for name, message in {
            "broken": "not JSON: Expecting value (column 1)",
            "invalid-code": "the code is not a string of one letter",
            "invalid-data": "the data is not a string",
            "invalid-resize": "the size of a resize is not COLSxROWS",
            "invalid-time-1": "the time is below 0",
            "invalid-time-2": "the time is not a number of seconds",
            "wrong-event-length": "4 items in place of 3 [time, code, data]",
        }.items()
    }


def test_the_recordings_of_others_deviate_where_they_are_known_to() -> None:
    folder = material("compat/casts")
    found = {path.name: list(deviations(path)) for path in folder.iterdir()}
    del found["SOURCES.tsv"]
    assert len(found) > 40
    assert {name: told for name, told in found.items() if told} == OF_OTHERS


def test_our_own_recordings_do_not_deviate() -> None:
    paths = sorted((ROOT / "recordings").rglob("*.cast"))
    assert paths
    assert {path.name: list(deviations(path)) for path in paths} == {p.name: [] for p in paths}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(1, "the file is empty")]),
        ('{"version": 4}\n', [(1, "`version` is not 1, 2 or 3")]),
        ('{"version": true}\n', [(1, "`version` is not 1, 2 or 3")]),
        ("lol\n", [(1, "no asciicast header")]),
        ('{"version": 1,\n "stdout": x}\n', [
            (2, "not JSON: Expecting value: line 2 column 12 (char 26)"),
        ]),
        (V2 + "# remark\n", [(2, "a comment: only version 3 has them")]),
        (V3 + "# remark\n\n", []),
        (V2 + '[2, "o", "a"]\n[1, "o", "b"]\n', [(3, "the time goes back: 1 after 2")]),
        (V3 + '[2, "o", "a"]\n[1, "o", "b"]\n', []),
        (V3 + '[2, "o", "a"]\n[1, "o', [
            (3, "not JSON: Unterminated string starting at (column 5): the last line is torn off"),
        ]),
        (V3 + '[2, "o", "a"]', []),
        (V3 + '[1, "o", "a\tb"]\n', [(2, "not JSON: Invalid control character at (column 12)")]),
        (V3 + '[1, "o", "\\ud800"]\n', [(2, "half of a character (a lone surrogate) in the data")]),
        (V3 + '[NaN, "o", "a"]\n', [(2, "not JSON: NaN is no number of JSON")]),
        (V3 + '[true, "o", "a"]\n', [(2, "the time is not a number of seconds")]),
        (V3 + '[1, "q", "a"]\n', [(2, "the code 'q' is not one of o, i, m, r, x")]),
        (V3 + '[1, "x", "well"]\n', [(2, "the status of an exit is not a number in a string")]),
        (V3 + '{"a": 1}\n', [(2, "not a list [time, code, data]")]),
        ('{"version": 2, "width": 0, "height": 2.5}\n', [
            (1, "`width` is not a whole number from 1 on"),
            (1, "`height` is not a whole number from 1 on"),
        ]),
        ('{"version": 3, "width": 80, "height": 24}\n', [
            (1, "`term` is not an object with `cols` and `rows`"),
        ]),
        ('{"version": 3, "term": {"cols": 80, "rows": 24}, "theme": {}, "tags": [1]}\n', [
            (1, "`theme` stands in `term` in version 3"), (1, "`tags` is not a list of strings"),
        ]),
        (V2.replace("}", ', "timestamp": 1.5, "duration": -1, "title": 3, "env": {"A": null}}'), [
            (1, "`title` is not a string"),
            (1, "`duration` is not a number from 0 on"),
            (1, "`timestamp` is not a whole number"),
            (1, "`env`: the value of 'A' is not a string"),
        ]),
    ],
)  # fmt: skip
def test_a_deviation_is_told_with_its_line(
    text: str, told: list[tuple[int, str]], tmp_path: Path
) -> None:
    path = tmp_path / "a.cast"
    path.write_text(text, "utf-8")
    assert list(deviations(path)) == told
    packed = tmp_path / "a.cast.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert list(deviations(packed)) == told


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.cast"
    path.write_bytes(V3.encode() + b'[1, "o", "\xff"]\n')
    assert list(deviations(path)) == [(2, "not UTF-8 (byte 11)")]
    path.write_bytes(b"\xef\xbb\xbf" + V3.encode())
    assert list(deviations(path)) == [(1, "begins with a byte order mark")]


def test_a_file_that_is_none_is_not_told_of_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.cast"
    path.write_text(V3 + "lol\n" * (MOST + 10))
    told = list(deviations(path))
    assert len(told) == MOST + 1
    assert told[-1] == (MOST + 1, f"{MOST} deviations: the rest is not looked at")


def test_a_compressed_file_that_breaks_off_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.cast.gz"
    path.write_bytes(gzip.compress((V3 + '[1, "o", "a"]\n').encode())[:-9])
    with pytest.raises(RecordingError, match=r"a\.cast\.gz:\d: damaged from here on"):
        list(deviations(path))
