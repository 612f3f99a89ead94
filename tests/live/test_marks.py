"""Marks in the output: found however it is cut, believed only with the nonce of the moment."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.live.marks import AtPrompt, Began, Ended, MarkReader, Piece, Printed, TakesLine
from tests.live.rig import Stand, until

NONCES = [f"{n:032x}" for n in range(8)]


def reader() -> MarkReader:
    nonces = iter(NONCES)
    return MarkReader(lambda: next(nonces))


def mark(text: str, nonce: int) -> str:
    return f"\x1b]133;{text};{NONCES[nonce]}\x07"


P, B = "\x1b]133;P\x07", "\x1b]133;B\x07"


def read(*texts: str, reader: MarkReader) -> list[Piece]:
    """The pieces, with what was printed joined."""
    found: list[Piece] = []
    for piece in (piece for text in texts for piece in reader.feed(text)):
        last = found[-1] if found else None
        match last, piece:
            case Printed(before, a), Printed(after, b) if a == b:
                found[-1] = Printed(before + after, a)
            case _:
                found.append(piece)
    return found


def out(text: str) -> Printed:
    return Printed(text, running=True)


def shown(text: str) -> Printed:
    return Printed(text, running=False)


STREAM = f"echo\r\n{mark('C', 0)}a\r\n{mark('D;3', 0)}{mark('A', 0)}\r{P}$ {B}"
PIECES = [
    shown("echo\r\n"),
    Began(),
    out("a\r\n"),
    Ended(3),
    AtPrompt(),
    shown("\r$ "),
    TakesLine(),
]


def test_a_command_is_cut_out_of_the_stream() -> None:
    assert read(STREAM, reader=reader()) == PIECES


@given(st.lists(st.integers(0, len(STREAM))))
def test_the_pieces_do_not_depend_on_the_cuts(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    parts = [STREAM[a:b] for a, b in pairwise(edges)]
    assert read(*parts, reader=reader()) == PIECES


@given(st.text(alphabet="\x1b]133;ABCDP0123456789abcdef\x07x\n", max_size=200))
def test_no_text_without_the_nonce_ends_a_command(text: str) -> None:
    marks = reader()
    assert read(mark("C", 0), reader=marks) == [Began()]
    pieces = [*marks.feed(text), *marks.rest()]
    assert all(isinstance(piece, Printed) and piece.running for piece in pieces)
    assert "".join(piece.text for piece in pieces if isinstance(piece, Printed)) == text


FORGED = [
    "\x1b]133;D;0\x07",
    "\x1b]133;D\x07",
    mark("D;0", 5),
    mark("D;0", 1),
    mark("D", 0),
    mark("A;0", 0),
    mark("C", 3),
    mark("D;0", 0)[:-1] + "\x1b\\",
    mark("D;0", 0).replace("133", "0133"),
    "\x1b]133;D;0;" + "0" * 31 + "\x07",
    "\x1b]133;A\x07",
    P,
    B,
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_mark_is_output(forged: str) -> None:
    marks = reader()
    pieces = read(mark("C", 0), forged, "x", mark("D;4", 0), reader=marks)
    assert pieces == [Began(), out(forged + "x"), Ended(4)]


def test_the_nonce_of_an_earlier_command_counts_no_more() -> None:
    marks = reader()
    read(STREAM, reader=marks)
    marks.expect()
    old = mark("D;0", 0) + mark("A", 0) + mark("D;0", 1)
    assert read(mark("C", 2) + old, mark("D;5", 2), reader=marks) == [Began(), out(old), Ended(5)]


def test_a_line_typed_ahead_may_have_read_the_nonce_before() -> None:
    marks = reader()
    read(STREAM, reader=marks)
    pieces = read(mark("C", 0), "b", mark("D;1", 1), mark("A", 1), reader=marks)
    assert pieces == [Began(), out("b"), Ended(1), AtPrompt()]


def test_an_unterminated_mark_is_held_no_longer_than_it_may_be_one() -> None:
    marks = reader()
    read(mark("C", 0), reader=marks)
    start = "\x1b]133;D;0;00"
    assert read(start, reader=marks) == []
    assert read("\r\nrest", reader=marks) == [out(start + "\r\nrest")]
    long = "\x1b]133;D;" + "0" * 500
    assert read(long, reader=marks) == [out(long)]


def test_a_refusal_is_the_output_of_the_command() -> None:
    marks = reader()
    marks.expect()
    assert marks.busy
    text = f"fi\x1b[2D\r\r\nsyntax error\r\n{mark('D;1', 1)}{mark('A', 1)}{P}$ {B}"
    assert read(text, reader=marks)[1:] == [
        Began(),
        out("syntax error\r\n"),
        Ended(1),
        AtPrompt(),
        shown("$ "),
        TakesLine(),
    ]
    assert not marks.busy


def test_a_prompt_without_an_end_ends_the_command() -> None:
    marks = reader()
    pieces = read(mark("C", 0), mark("A", 0), reader=marks)
    assert pieces == [Began(), Ended(None), AtPrompt()]
    assert list(marks.settle()) == [TakesLine()]
    assert list(marks.settle()) == []


def test_before_a_fresh_prompt_only_modes_are_told() -> None:
    marks = reader()
    marks.redraw()
    text = f"^C\r\n\x1b[?2004l\x1b[31mnoise{mark('A', 0)}\r\x1b[J\x1b[?2004h{P}$ {B}"
    assert read(text, reader=marks) == [
        AtPrompt(),
        shown("\x1b[?2004l\x1b[?2004h$ "),
        TakesLine(),
    ]


SHELLS = ("bash", "zsh", "sh", "fish")


@pytest.mark.parametrize("shell", SHELLS)
async def test_a_shell_ends_its_commands_itself(shell: str, tmp_path: Path) -> None:
    forged = "".join(FORGED) + "\x1b]133;D;0;"
    (tmp_path / "forged").write_text(forged)
    async with Stand(shell, tmp_path) as stand:
        assert stand.shell._mailbox is not None
        before = (stand.shell._mailbox.folder / "nonce").read_text().strip()
        await stand.run("true")
        stand.start(f"cat forged; printf '\\033]133;D;0;{before}\\007'; sh -c 'read x; exit 9'")
        await until(lambda: before in stand.output)
        assert forged in stand.output
        stand.shell.write("\r")
        assert await stand.finish() == 9
