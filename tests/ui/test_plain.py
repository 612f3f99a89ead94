"""What a terminal without Unicode is given instead."""

from __future__ import annotations

import ast
import codecs
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from presenter.ui import plain
from presenter.ui.plain import HANDLER, speak_plainly, stand_in, terminal_encoding
from tests.material import ROOT


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": "de_DE.UTF-8"}, "utf-8"),
        ({"LANG": "C.UTF-8"}, "utf-8"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "ascii"),  # as the interpreter makes it
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, "ascii"),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, "utf-8"),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "ja_JP.eucJP"}, "euc_jp"),
        ({"LANG": "xx.nonsense"}, "utf-8"),
        ({"LANG": "xx.base64"}, "utf-8"),
        ({"LANG": "xx.utf-16"}, "utf-8"),
    ],
)
def test_the_locale_says_what_the_terminal_has(environment: dict[str, str], encoding: str) -> None:
    assert terminal_encoding(environment) == encoding


def test_everything_that_is_drawn_has_a_sign() -> None:
    drawing = [*(ROOT / "presenter/layout").glob("*.py"), *(ROOT / "presenter/ui").glob("*.py")]
    drawing += [ROOT / "presenter/demo" / f"{name}.py" for name in ("view", "panel", "playback")]
    for path in drawing:
        if path.stem in ("shapes", "testcard"):  # pictures, and a card that shows what there is
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for char in node.value:
                    if not char.isascii() and "\u2000" <= char <= "\u2bff":
                        assert stand_in(char) != "?", (path.name, char)


@given(st.characters(min_codepoint=0x80, exclude_categories=["Cs"]))
def test_a_stand_in_is_as_wide_as_what_it_stands_for(char: str) -> None:
    assert stand_in(char).isascii()
    assert len(stand_in(char)) == cell_len(char)


def test_the_streams_take_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BytesIO(), "utf-8"))
    speak_plainly({"LANG": "de_DE.ISO-8859-1"})
    told = sys.__stderr__
    assert isinstance(told, io.TextIOWrapper)
    told.write("╭─ Zürich ● live ─╮ 界 e\u0301 \U0001f680")
    told.flush()
    assert isinstance(told.buffer, io.BytesIO)
    assert told.buffer.getvalue() == b"+- Z\xfcrich * live -+ ?? e ??"


def test_only_what_is_written_is_replaced() -> None:
    codecs.register_error(HANDLER, plain._replaced)
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", HANDLER)


def test_utf_8_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdout__", None)
    monkeypatch.setattr(sys, "__stderr__", None)
    speak_plainly({"LANG": "C.UTF-8"})
    speak_plainly({"LANG": "C"})
