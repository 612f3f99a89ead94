"""Keys, pastes and the mouse against what xterm sends; its terminfo entry is asked where it is."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import Keys

from presenter.terminal.keys import MouseKind, encode_focus, encode_key, encode_mouse, encode_paste
from presenter.terminal.modes import Modes

PLAIN = Modes()
APPLICATION = Modes(application_cursor=True, application_keypad=True)
KITTY = Modes(kitty=1, application_cursor=True)


def table(written: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in written.split())


TERMINFO = table(
    "kcuu1:up kcud1:down kcuf1:right kcub1:left khome:home kend:end kich1:insert kdch1:delete"
    " kpp:pageup knp:pagedown kbs:backspace kcbt:shift+tab kDC:shift+delete kHOM:shift+home"
    " kEND:shift+end kIC:shift+insert kLFT:shift+left kRIT:shift+right kri:shift+up"
    " kind:shift+down kPRV:shift+pageup kNXT:shift+pagedown"
)
TERMINFO |= {f"kf{number}": f"f{number}" for number in range(1, 64)}
WITH_MODIFIERS = table(
    "kUP:up kDN:down kLFT:left kRIT:right kHOM:home kEND:end kDC:delete kIC:insert"
    " kPRV:pageup kNXT:pagedown"
)
MODIFIERS = {3: "alt", 4: "alt+shift", 5: "ctrl", 6: "ctrl+shift", 7: "alt+ctrl"}


@pytest.fixture(scope="module")
def terminfo() -> dict[str, str]:
    if shutil.which("infocmp") is None:
        pytest.skip("infocmp is not installed")
    done = subprocess.run(
        ["infocmp", "-x", "-1", "xterm-256color"], capture_output=True, text=True, timeout=30
    )
    if done.returncode:
        pytest.skip("there is no terminfo entry of xterm-256color")
    entries = re.findall(r"^\t(\w+)=(.*),$", done.stdout, re.MULTILINE)
    return {name: value.replace("\\E", "\x1b").replace("^?", "\x7f") for name, value in entries}


@pytest.mark.parametrize(("capability", "key"), TERMINFO.items())
def test_a_key_sends_what_terminfo_says(
    terminfo: dict[str, str], capability: str, key: str
) -> None:
    """Applications that use terminfo ask for the application mode first (smkx)."""
    assert encode_key(key, None, APPLICATION) == terminfo[capability]


@pytest.mark.parametrize("capability", WITH_MODIFIERS)
@pytest.mark.parametrize("number", MODIFIERS)
def test_a_key_with_modifiers_sends_what_terminfo_says(
    terminfo: dict[str, str], capability: str, number: int
) -> None:
    if capability + str(number) not in terminfo:
        pytest.skip("the entry has no extended keys")
    key = f"{MODIFIERS[number]}+{WITH_MODIFIERS[capability]}"
    assert encode_key(key, None, APPLICATION) == terminfo[capability + str(number)]
    assert encode_key(key, None, PLAIN) == terminfo[capability + str(number)]


@pytest.mark.parametrize(
    ("key", "character", "sent"),
    [
        *(
            ("a", "a", "a"),
            ("A", "A", "A"),
            ("é", "é", "é"),
            ("漢", "漢", "漢"),
            ("😀", "😀", "😀"),
        ),
        *(("space", " ", " "), ("slash", "/", "/"), ("less_than_sign", "<", "<"), ("1", "1", "1")),
        *(("enter", "\r", "\r"), ("return", None, "\r"), ("tab", "\t", "\t")),
        *(("escape", "\x1b", "\x1b"), ("shift+escape", "\x9b", "\x1b")),
        *(("backspace", "\x7f", "\x7f"), ("ctrl+backspace", None, "\x08")),
        *(("shift+enter", None, "\r"), ("ctrl+enter", None, "\r"), ("alt+enter", None, "\x1b\r")),
        *(("alt+backspace", None, "\x1b\x7f"), ("alt+escape", None, "\x1b\x1b")),
        *(("ctrl+tab", None, "\t"), ("ctrl+shift+tab", None, "\x1b[Z"), ("ctrl+j", "\n", "\n")),
        *(("ctrl+a", "\x01", "\x01"), ("ctrl+c", None, "\x03"), ("ctrl+z", "\x1a", "\x1a")),
        *(("ctrl+p", "\x10", "\x10"), ("ctrl+shift+a", None, "\x01"), ("ctrl+h", None, "\x08")),
        *(("ctrl+i", None, "\t"), ("ctrl+m", None, "\r"), ("ctrl+d", "\x04", "\x04")),
        *(("ctrl+@", "\x00", "\x00"), ("ctrl+at", None, "\x00"), ("ctrl+space", None, "\x00")),
        *(("ctrl-at", None, "\x00"), ("ctrl+left_square_bracket", None, "\x1b")),
        *(("ctrl+backslash", "\x1c", "\x1c"), ("ctrl+right_square_bracket", "\x1d", "\x1d")),
        *(("ctrl+circumflex_accent", "\x1e", "\x1e"), ("ctrl+underscore", "\x1f", "\x1f")),
        *(("ctrl+slash", None, "\x1f"), ("ctrl+2", None, "\x00"), ("ctrl+3", None, "\x1b")),
        *(("ctrl+7", None, "\x1f"), ("ctrl+8", None, "\x7f"), ("ctrl+9", None, "9")),
        *(("ctrl+semicolon", None, ";"), ("ctrl+minus", None, "-"), ("ctrl+plus", None, "+")),
        *(("ctrl++", None, "+"), ("alt+x", "x", "\x1bx"), ("alt+x", None, "\x1bx")),
        *(("alt+shift+x", "X", "\x1bX"), ("alt+shift+x", None, "\x1bX"), ("alt+é", "é", "\x1bé")),
        *(("alt+space", None, "\x1b "), ("alt+full_stop", None, "\x1b.")),
        *(("alt+ctrl+a", None, "\x1b\x01"), ("shift+a", None, "A")),
        *(("super+a", None, ""), ("meta+up", None, ""), ("ctrl+hyper+a", None, "")),
        *(("caps_lock", None, ""), ("left_shift", None, ""), ("media_play", None, "")),
        *(("up", None, "\x1b[A"), ("home", None, "\x1b[H"), ("ctrl+right", None, "\x1b[1;5C")),
        *(("ctrl+delete", None, "\x1b[3;5~"), ("f1", None, "\x1bOP"), ("f5", None, "\x1b[15~")),
        *(("shift+f5", None, "\x1b[15;2~"), ("ctrl+f1", None, "\x1b[1;5P"), ("f99", None, "")),
        *(("decimal", None, "."), ("divide", None, "/"), ("kp_begin", None, "\x1b[E")),
        *(("<any>", None, ""), ("<ignore>", "\x1b[99~", ""), ("<scroll-up>", None, "")),
        *(("", None, ""), ("no_such_key", None, ""), ("ctrl+no_such_key", None, "")),
    ],
)
def test_a_key_sends_what_xterm_sends(key: str, character: str | None, sent: str) -> None:
    assert encode_key(key, character, PLAIN) == sent


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        *(("up", "\x1bOA"), ("end", "\x1bOF"), ("ctrl+up", "\x1b[1;5A"), ("pageup", "\x1b[5~")),
        *(("decimal", "\x1bOn"), ("multiply", "\x1bOj"), ("add", "\x1bOk"), ("equal", "\x1bOX")),
        *(("subtract", "\x1bOm"), ("divide", "\x1bOo"), ("separator", "\x1bOl")),
    ],
)
def test_application_modes_change_what_keys_send(key: str, sent: str) -> None:
    assert encode_key(key, None, APPLICATION) == sent


@pytest.mark.parametrize(
    ("key", "character", "sent"),
    [
        *(("escape", "\x1b", "\x1b[27u"), ("enter", "\r", "\r"), ("tab", "\t", "\t")),
        *(("backspace", "\x7f", "\x7f"), ("shift+enter", None, "\x1b[13;2u")),
        *(("shift+tab", None, "\x1b[9;2u"), ("ctrl+backspace", None, "\x1b[127;5u")),
        *(("a", "a", "a"), ("A", "A", "A"), ("ctrl+a", "\x01", "\x1b[97;5u")),
        *(("ctrl+shift+a", None, "\x1b[97;6u"), ("alt+shift+x", "X", "\x1b[120;4u")),
        *(("ctrl+space", None, "\x1b[32;5u"), ("ctrl+at", None, "\x1b[64;5u")),
        *(("super+a", None, "\x1b[97;9u"), ("up", None, "\x1b[A"), ("ctrl+up", None, "\x1b[1;5A")),
        *(("f1", None, "\x1b[P"), ("f3", None, "\x1b[13~"), ("shift+f3", None, "\x1b[13;2~")),
    ],
)
def test_the_kitty_protocol_tells_keys_apart(key: str, character: str | None, sent: str) -> None:
    assert encode_key(key, character, KITTY) == sent


@pytest.mark.parametrize("modes", [PLAIN, APPLICATION, KITTY])
def test_every_name_of_the_toolkit_can_be_sent(modes: Modes) -> None:
    silent = {name.value for name in Keys if not encode_key(name.value, None, modes)}
    assert silent == {"<any>", "<scroll-up>", "<scroll-down>", "<ignore>"}


@given(st.text(), st.none() | st.text(max_size=3), st.integers(0, 1))
def test_no_name_of_a_key_is_too_strange(key: str, character: str | None, kitty: int) -> None:
    sent = encode_key(key, character, Modes(kitty=kitty))
    assert isinstance(sent, str)


@pytest.mark.parametrize(
    ("text", "plain", "bracketed"),
    [
        ("ls -l", "ls -l", "ls -l"),
        ("a\nb\r\nc\rd\te", "a\rb\rc\rd\te", "a\nb\r\nc\rd\te"),
        ("a\x1b[201~rm\n", "arm\r", "arm\n"),
        ("\x1b[20\x1b[201~1~rm", "[201~rm", "[201~rm"),
        ("\x9b201~rm\x03\x04\x7f\x00", "201~rm", "201~rm"),
        ("é漢😀", "é漢😀", "é漢😀"),
        ("", "", ""),
    ],
)
def test_a_paste_is_only_text(text: str, plain: str, bracketed: str) -> None:
    assert encode_paste(text, PLAIN) == plain
    assert encode_paste(text, Modes(bracketed_paste=True)) == f"\x1b[200~{bracketed}\x1b[201~"


@given(st.lists(st.sampled_from(["\x1b", "[", "20", "1~", "0~", "\x9b", "a", "\n"])).map("".join))
def test_no_paste_ends_itself(text: str) -> None:
    sent = encode_paste(text, Modes(bracketed_paste=True))
    assert sent.count("\x1b") == 2
    assert "\x9b" not in sent


def mouse(kind: MouseKind, button: int, mode: int, *, sgr: bool = True) -> str:
    return encode_mouse(kind, 4, 9, button, Modes(mouse=mode, mouse_sgr=sgr))


@pytest.mark.parametrize(
    ("kind", "button", "mode", "sent"),
    [
        ("press", 1, 0, ""),
        ("press", 1, 9, "\x1b[<0;5;10M"),
        ("release", 1, 9, ""),
        ("wheel_up", 0, 9, ""),
        ("press", 1, 1000, "\x1b[<0;5;10M"),
        ("press", 2, 1000, "\x1b[<1;5;10M"),
        ("press", 3, 1000, "\x1b[<2;5;10M"),
        ("press", 0, 1000, ""),
        ("release", 3, 1000, "\x1b[<2;5;10m"),
        ("move", 1, 1000, ""),
        ("wheel_up", 0, 1000, "\x1b[<64;5;10M"),
        ("wheel_down", 0, 1003, "\x1b[<65;5;10M"),
        ("move", 1, 1002, "\x1b[<32;5;10M"),
        ("move", 0, 1002, ""),
        ("move", 0, 1003, "\x1b[<35;5;10M"),
        ("move", 3, 1003, "\x1b[<34;5;10M"),
    ],
)
def test_the_mouse_tells_what_was_asked_for(
    kind: MouseKind, button: int, mode: int, sent: str
) -> None:
    assert mouse(kind, button, mode) == sent


def test_the_mouse_tells_of_modifiers() -> None:
    modes = Modes(mouse=1000, mouse_sgr=True)
    assert encode_mouse("press", 0, 0, 1, modes, shift=True) == "\x1b[<4;1;1M"
    assert encode_mouse("press", 0, 0, 1, modes, alt=True, ctrl=True) == "\x1b[<24;1;1M"
    assert encode_mouse("press", 0, 0, 1, Modes(mouse=9), ctrl=True) == "\x1b[M !!"


def test_the_old_encoding_of_the_mouse_tells_of_cells_within_ascii() -> None:
    assert mouse("press", 2, 1000, sgr=False) == "\x1b[M!%*"
    assert mouse("release", 2, 1000, sgr=False) == "\x1b[M#%*"
    assert mouse("wheel_down", 0, 1000, sgr=False) == "\x1b[Ma%*"
    old = Modes(mouse=1000)
    assert encode_mouse("press", 94, 94, 1, old) == "\x1b[M \x7f\x7f"
    assert encode_mouse("press", 95, 0, 1, old) == ""
    assert encode_mouse("press", 0, 95, 1, old) == ""


def test_the_mouse_outside_the_screen_is_silent() -> None:
    modes = Modes(mouse=1003, mouse_sgr=True)
    assert encode_mouse("move", -1, 0, 0, modes) == ""
    assert encode_mouse("move", 0, -1, 0, modes) == ""
    assert encode_mouse("press", 500, 300, 1, modes) == "\x1b[<0;501;301M"


def test_the_focus_is_told_where_asked_for() -> None:
    asked = Modes(focus_events=True)
    assert [encode_focus(True, asked), encode_focus(False, asked)] == ["\x1b[I", "\x1b[O"]
    assert [encode_focus(True, PLAIN), encode_focus(False, PLAIN)] == ["", ""]
