"""Queries of programs: found behind the right character, answered with nothing of theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter import __version__
from presenter.terminal.modes import Modes
from presenter.terminal.queries import MOST_ANSWERS, Facts, Query, QueryScanner, answer
from tests.material import material

MOST_BYTES = 4096
"""What the answers to one text may come to."""

QUERIES = [
    *("\x1b[c", "\x1b[0c", "\x1b[>c", "\x1b[>0c", "\x1b[=c", "\x1b[5n", "\x1b[6n", "\x1b[?6n"),
    *("\x1b[>q", "\x1b[>0q", "\x1b[18t", "\x1b[?u", "\x1b[?2026$p", "\x1b[4$p", "\x9b6n"),
    *("\x1b]10;?\x07", "\x1b]11;?\x1b\\", "\x1b]12;?\x9c", "\x1b]4;1;?\x07", "\x9d11;?\x07"),
    *("\x1b]4;1;?;255;?\x1b\\", "\x1b]10;?;?\x07", "\x1bP$qm\x1b\\", "\x1bP+q544e\x1b\\"),
]
OTHER = [
    *("text", "\r\n", "\x1b[31m", "\x1b[2;3H", "\x1b]0;title\x07", "\x1b]52;c;?\x07", "\x1b[14t"),
    *("\x1b[21t", "\x05", "\x1b", "[", "6", "n", "\x1b]4;", "\x1b]1", "?", ";", "\x1bP", "\x1b\\"),
    *("\x1bP+q", "\x1bP$q", "$", "p", "\x9b", "\x9c", "\x07", "\x18", "é漢"),
]
OUTPUT = st.lists(st.sampled_from(QUERIES + OTHER), max_size=30).map("".join)

FACTS = Facts(
    column=4,
    row=2,
    columns=80,
    rows=20,
    foreground="#ffffff",
    background="#0a1b2c",
    palette=lambda index: f"#0000{index:02x}",
    modes=Modes(bracketed_paste=True, mouse=1002, kitty=1),
)


def found(*pieces: str) -> list[tuple[str, Query]]:
    """The queries, each with all the output up to its end."""
    scanner = QueryScanner()
    everything, queries = "", []
    for piece in pieces:
        for text, query in scanner.split(piece):
            everything += text
            if query is not None:
                queries.append((everything, query))
    assert everything == "".join(pieces)
    return queries


def answered(output: str, facts: Facts = FACTS) -> str:
    return "".join(answer(query, facts) for _, query in found(output))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("\x1b[c", "\x1b[?62;22c"),
        ("\x1b[0c", "\x1b[?62;22c"),
        ("\x1b[>c", "\x1b[>0;100;0c"),
        ("\x1b[>0c", "\x1b[>0;100;0c"),
        ("\x1b[=c", "\x1bP!|00000000\x1b\\"),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[6n", "\x1b[3;5R"),
        ("\x9b6n", "\x1b[3;5R"),
        ("\x1b[?6n", "\x1b[?3;5;1R"),
        ("\x1b[18t", "\x1b[8;20;80t"),
        ("\x1b[14t", ""),
        ("\x1b[?u", "\x1b[?1u"),
        ("\x1b[>q", f"\x1bP>|presenter({__version__})\x1b\\"),
        ("\x1b[?2004$p", "\x1b[?2004;1$y"),
        ("\x1b[?1002$p", "\x1b[?1002;1$y"),
        ("\x1b[?1000$p", "\x1b[?1000;2$y"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2048$p", "\x1b[?2048;0$y"),
        ("\x1b[4$p", "\x1b[4;0$y"),
        ("\x1b]10;?\x07", "\x1b]10;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]11;?\x1b\\", "\x1b]11;rgb:0a0a/1b1b/2c2c\x1b\\"),
        ("\x1b]12;?\x07", "\x1b]12;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]11;?;?\x07", "\x1b]11;rgb:0a0a/1b1b/2c2c\x07\x1b]12;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]12;?;?\x07", "\x1b]12;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]4;17;?\x07", "\x1b]4;17;rgb:0000/0000/1111\x07"),
        ("\x1b]4;1;?;2;?\x07", "\x1b]4;1;rgb:0000/0000/0101\x07\x1b]4;2;rgb:0000/0000/0202\x07"),
        ("\x1b]4;256;?\x07", ""),
        ("\x1b]4;1;#ffffff\x07", ""),
        ("\x1b]10;#ffffff\x07", ""),
        ("\x1bP$qm\x1b\\", "\x1bP0$r\x1b\\"),
        ("\x1bP+q544e;436f\x1b\\", "\x1bP0+r\x1b\\"),
        ("\x1b]10;?\x1b[6n", "\x1b[3;5R"),
        ("\x1b[\x186n", ""),
        ("\x05\x1b[21t\x1b[20t\x1b]52;c;?\x07\x1b]50;?\x07\x1b[?26n", ""),
    ],
)
def test_a_query_is_answered(output: str, expected: str) -> None:
    assert answered(output) == expected


def test_a_cursor_that_waits_to_wrap_stands_in_the_last_column() -> None:
    facts = Facts(80, 19, 80, 20, "#000000", "#000000", lambda _: "#000000", Modes())
    assert answered("\x1b[6n", facts) == "\x1b[20;80R"


def test_each_query_comes_behind_all_that_was_written_before_it() -> None:
    assert QueryScanner().split("ab\x1b[6ncd\x1b[5nef") == [
        ("ab\x1b[6n", Query("cursor")),
        ("cd\x1b[5n", Query("status")),
        ("ef", None),
    ]


@settings(max_examples=500, deadline=None)
@given(OUTPUT, st.lists(st.integers(1, 5), max_size=60))
def test_however_output_is_cut_the_same_queries_are_found(output: str, sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in [*sizes, len(output)]:
        pieces.append(output[at : at + size])
        at += size
    assert found(*pieces) == found(output)


@pytest.mark.parametrize("query", [*QUERIES, "\x1bP+q" + "6b" * 2000 + "\x1b\\"])
def test_a_query_cut_anywhere_is_found_once(query: str) -> None:
    (_, expected), *rest = found(query)
    assert not rest
    for at in range(0, len(query), max(len(query) // 50, 1)):
        assert found("before" + query[:at], query[at:] + "behind") == [("before" + query, expected)]
    assert found(*query) == [(query, expected)]


@pytest.mark.parametrize(
    "query", ["\x1b[6n", "\x1b[>q", "\x1b]4;255;?\x1b\\", "\x1b]4" + ";255;?" * 200 + "\x07"]
)
def test_a_flood_of_queries_gets_a_bounded_answer(query: str) -> None:
    sent = answered(query * 5000)
    assert sent.count("\x1b\\" if sent.endswith("\x1b\\") else sent[-1]) == MOST_ANSWERS
    assert len(sent) <= MOST_BYTES


@given(st.text(max_size=40, alphabet=st.characters(min_codepoint=32)))
def test_no_answer_repeats_what_a_program_wrote(payload: str) -> None:
    secret = f"rm{payload}"
    wrapped = (f"\x1bP$q{secret}\x1b\\", f"\x1bP+q{secret}\x1b\\", f"\x1b]2;{secret}\x07\x1b[21t")
    assert secret not in "".join(map(answered, wrapped))


def test_hostile_sequences_get_no_text_back(tmp_path: Path) -> None:
    script = material("conformance/make_hostile.py")
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=True, capture_output=True)
    for case in json.loads((tmp_path / "hostile.json").read_text("utf-8")):
        sent = answered(case["data"])
        assert len(sent) <= MOST_BYTES, case["name"]
        assert "\r" not in sent, case["name"]
        assert "\n" not in sent, case["name"]


@given(st.text())
def test_any_text_can_be_split(text: str) -> None:
    found(text, text[::-1])
