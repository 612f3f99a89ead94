"""The shells' environment, and the dialects that are found in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.live.dialects import find_dialect
from presenter.live.environment import shell_environment
from presenter.live.report import Mailbox, Report, parse_report


def test_what_describes_the_outer_terminal_goes() -> None:
    names = (
        "TMUX TMUX_PANE STY TERM_PROGRAM TERM_PROGRAM_VERSION TERM_SESSION_ID VTE_VERSION "
        "KITTY_WINDOW_ID ITERM_SESSION_ID WEZTERM_PANE ALACRITTY_SOCKET WT_SESSION "
        "KONSOLE_VERSION COLUMNS LINES PRESENTER_STATE_DIR"
    )
    outer = dict.fromkeys(names.split(), "x")
    own = {"PATH": "/bin", "NO_COLOR": "1", "KUBECONFIG": "k", "SSH_AUTH_SOCK": "s", "WTF": "w"}
    assert shell_environment({**outer, **own, "TERM": "tmux-256color"}) == {
        **own,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


def test_a_shell_that_is_not_on_the_path_is_not_found(tmp_path: Path) -> None:
    assert find_dialect("bash", {"PATH": str(tmp_path)}) is None
    assert find_dialect("nosuchshell", os.environ) is None
    found = find_dialect("sh", os.environ)
    assert found is not None
    assert (found.name, Path(found.program).name) == ("sh", "sh")


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("echo a", True),
        ("echo 'a", False),
        ("echo a # b", False),
        ("sleep 1 &", False),
        ("a\nb", False),
        ("echo\ta", False),
        ("", False),
        ("echo " + "x" * 4000, False),
    ],
)
def test_sh_is_typed_what_can_be_typed(command: str, typed: bool) -> None:
    found = find_dialect("sh", os.environ)
    assert found is not None
    keys = found.deliver(command)
    assert (f";{command};" in keys) is typed
    assert ("eval" in keys) is not typed


def test_styles_take_no_room_in_a_prompt() -> None:
    bash, zsh = find_dialect("bash", os.environ), find_dialect("zsh", os.environ)
    if bash is None or zsh is None:
        pytest.skip("no bash, or no zsh")
    assert bash.prompt("\x1b[1m\x1b[32m$\x1b[0m ") == "\x01\x1b[1m\x1b[32m\x02$\x01\x1b[0m\x02 "
    assert zsh.prompt("\x1b[1m50%\x1b[0m ") == "%{\x1b[1m%}50%%%{\x1b[0m%} "


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES))
def test_a_report_says_what_the_shell_said(
    variables: dict[str, str], exported: dict[str, str]
) -> None:
    records = [
        "/somewhere",
        *(f"{name}={value}" for name, value in variables.items()),
        "",
        *(f"{name}={value}" for name, value in exported.items()),
    ]
    data = "".join(f"{record}\0" for record in records).encode()
    assert parse_report(data) == Report(Path("/somewhere"), exported, variables)


@given(st.binary(max_size=60))
def test_any_report_is_read_or_refused(data: bytes) -> None:
    parse_report(data)


@pytest.mark.parametrize("data", [b"", b"/x", b"/x\0A=1\0", b"\0\0\0"])
def test_an_incomplete_report_is_refused(data: bytes) -> None:
    assert parse_report(data) is None


def test_the_folder_keeps_what_is_put_there_to_itself() -> None:
    mailbox = Mailbox()
    mailbox.put("prompt", "a\0ä\udcff")
    path = mailbox.folder / "prompt"
    assert path.read_bytes() == "aä".encode() + b"\xff"
    assert mailbox.folder.stat().st_mode & 0o777 == 0o700
    assert mailbox.report() is None
    assert mailbox.fresh_nonce() != mailbox.fresh_nonce()
    mailbox.close()
    mailbox.close()
    assert not mailbox.folder.exists()
