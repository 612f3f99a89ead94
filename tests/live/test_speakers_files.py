"""Shells whose owner has made them their own: prompts, hooks, noise, slowness, other folders."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from presenter.live import shell as live_shell
from presenter.live.marks import Printed
from presenter.live.shell import Prompted, ShellError, State
from tests.live.rig import PROMPT, Stand, until

RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish", "sh": ".shrc"}
SHELLS = tuple(RC)


def write_rc(shell: str, home: Path, text: str) -> dict[str, str]:
    """The file of the shell's owner; what the environment must say so that it is read."""
    path = home / RC[shell]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return {"ENV": str(path)} if shell == "sh" else {}


BASH = """
export OWN=1; alias ll='ls -l'; echo welcome
PS1='\\w $(printf expensive) > '; PS2='more> '; PS0='running '
HISTFILE=~/.bash_history; HISTCONTROL=ignoreboth
hook() { seen=$?; printf 'hook %s\\n' "$seen" >> ~/hooks; echo noise; return 5; }
PROMPT_COMMAND=hook
alias read=false printf=false builtin=false local=false
set -o vi
"""
ZSH = """
export OWN=1; alias ll='ls -l'; print welcome
alias read=false printf=false builtin=false local=false
PS1='%~ > '; RPROMPT='right'; setopt PROMPT_SUBST SHARE_HISTORY KSH_ARRAYS NO_CLOBBER
HISTFILE=~/.zsh_history
precmd() { print "hook $?" >>| ~/hooks; print noise; return 5 }
preexec() { print preexec-noise }
_mine() { RPROMPT=late; PS1='mine %# ' }
precmd_functions+=(_mine)
bindkey -v
"""
FISH = """
set -gx OWN 1; echo welcome
alias ll 'ls -l'
function fish_prompt; echo -n 'mine > '; end
function fish_right_prompt; echo -n right; end
function fish_greeting; echo greeting; end
function hook --on-event fish_prompt; echo "hook $status" >> ~/hooks; echo noise; end
fish_vi_key_bindings
"""
SH = """
OWN=1; export OWN; echo welcome; alias ll='ls -l'
alias read=false printf=false local=false
PS1='mine > '; PS2='more> '
"""
OWNERS = {"bash": BASH, "zsh": ZSH, "fish": FISH, "sh": SH}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_the_owners_things_are_there_and_the_prompt_is_ours(
    shell: str, tmp_path: Path
) -> None:
    more = write_rc(shell, tmp_path, OWNERS[shell])
    async with Stand(shell, tmp_path, more=more) as stand:
        assert "welcome" in stand.shown
        assert stand.shown.count(PROMPT) == 1
        assert await stand.run("echo $OWN") == (0, "1\n")
        assert await stand.run("false") == (1, "")
        assert await stand.run("sh -c 'exit 3'") == (3, "")
        assert (await stand.run("ll"))[0] == 0
        assert PROMPT in stand.shown
        for other in ("mine", "right", "late", "greeting", " > ", "running"):
            assert other not in stand.shown
        if shell != "sh":
            hooks = (tmp_path / "hooks").read_text().splitlines()
            assert hooks[-3:] == ["hook 1", "hook 3", "hook 0"]


async def test_noise_of_hooks_is_not_output(shell: str, tmp_path: Path) -> None:
    if shell == "sh":
        pytest.skip("sh has no hooks")
    write_rc(shell, tmp_path, OWNERS[shell])
    async with Stand(shell, tmp_path) as stand:
        _, output = await stand.run("echo a")
        assert "noise" in stand.shown
        assert output.removeprefix("preexec-noise\n") == "a\n"


async def test_a_file_that_is_read_once_more_takes_nothing_away(shell: str, tmp_path: Path) -> None:
    more = write_rc(shell, tmp_path, OWNERS[shell])
    async with Stand(shell, tmp_path, more=more) as stand:
        for _ in range(3):
            status, output = await stand.run(f". ~/{RC[shell]}")
            assert status == 0
            assert "welcome" in output
            assert await stand.run("sh -c 'echo a; exit 4'") == (4, "a\n")
            assert PROMPT in stand.shown


SLOW = {
    "bash": "PROMPT_COMMAND='sleep 0.5'; sleep 0.5",
    "zsh": "precmd() { sleep 0.5 }; sleep 0.5",
    "fish": "function slow --on-event fish_prompt; sleep 0.5; end; sleep 0.5",
    "sh": "sleep 0.5",
}


async def test_slow_files_and_hooks_are_waited_for(shell: str, tmp_path: Path) -> None:
    more = write_rc(shell, tmp_path, SLOW[shell])
    async with Stand(shell, tmp_path, more=more) as stand:
        assert await stand.run("echo a") == (0, "a\n")
        stand.events.clear()
        stand.shell.fresh_prompt(PROMPT)
        await until(lambda: stand.count(Prompted))
        assert await stand.run("echo b") == (0, "b\n")


async def test_a_file_that_ends_the_shell(shell: str, tmp_path: Path) -> None:
    if shell == "fish":
        pytest.skip("`exit` in a file of fish ends the reading of that file alone")
    more = write_rc(shell, tmp_path, "echo sorry; exit 7")
    stand = Stand(shell, tmp_path, more=more)
    with pytest.raises(ShellError, match=f"{shell} ended with 7 before its prompt: .*sorry"):
        await stand.shell.start(PROMPT)
    assert stand.shell.state is State.LOST


async def test_a_file_that_never_ends(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_shell, "START_SECONDS", 0.3)
    more = write_rc(shell, tmp_path, "sleep 100")
    stand = Stand(shell, tmp_path, more=more)
    with pytest.raises(ShellError, match="no prompt for"):
        await stand.shell.start(PROMPT)
    assert stand.shell.state is State.LOST


async def test_a_start_can_be_cancelled(tmp_path: Path) -> None:
    write_rc("bash", tmp_path, "sleep 100")
    stand = Stand("bash", tmp_path)
    starting = asyncio.create_task(stand.shell.start(PROMPT))
    await until(lambda: stand.shell._terminal is not None)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert stand.shell.state is State.LOST


async def test_zsh_finds_its_files_where_the_owner_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "my zsh"
    folder.mkdir()
    (tmp_path / ".zshenv").write_text(f"ZDOTDIR='{folder}'\n")
    (folder / ".zshrc").write_text("MINE=$ZDOTDIR\n")
    async with Stand("zsh", tmp_path) as stand:
        assert await stand.run("echo $MINE $ZDOTDIR") == (0, f"{folder} {folder}\n")
        assert "ZDOTDIR" not in stand.shell.exported


COLOURED = "\x1b[1;32m50% $x `y` \\w !\x1b[0m ❯ "


async def test_a_prompt_with_colours_is_printed_as_it_is(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.run("true", COLOURED)
        await stand.finish()
        assert COLOURED in stand.shown
        stand.events.clear()
        stand.shell.fresh_prompt(COLOURED)
        await until(lambda: stand.count(Prompted))
        visible = stand.shown[stand.shown.index("\x1b[1;32m") :]
        assert visible.startswith(COLOURED)


async def test_a_fresh_prompt_begins_with_the_prompt(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        await stand.run("printf 'no line end'")
        stand.shell.write("garbage")
        await until(lambda: "garbage" in stand.shown)
        stand.events.clear()
        stand.shell.fresh_prompt("new> ")
        await until(lambda: stand.count(Prompted))
        texts = [e.text for e in stand.events if isinstance(e, Printed)]
        assert not [e for e in stand.events if isinstance(e, Printed) and e.running]
        first = next(text for text in texts if not text.startswith("\x1b"))
        assert first.startswith("new> ")
        assert "garbage" not in "".join(texts)


async def test_what_is_typed_at_a_fresh_prompt_is_run(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.fresh_prompt(PROMPT)
        await until(lambda: stand.count(Prompted))
        stand.shell.write("echo on the line and more\r")
        await until(lambda: stand.count(Prompted) == 2)
        assert stand.shell.state is State.PROMPT
        if shell != "sh":
            assert stand.output == "on the line and more\n"
        assert await stand.run("echo next") == (0, "next\n")


async def test_a_text_on_the_line_is_not_run_with_the_next_command(
    shell: str, tmp_path: Path
) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.write("echo wrong")
        await until(lambda: "wrong" in stand.shown)
        assert await stand.run("echo right") == (0, "right\n")


async def test_an_open_quote_is_left(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.write("echo 'open\r")
        await until(lambda: "open" in stand.shown)
        began = time.monotonic()
        stand.shell.fresh_prompt(PROMPT)
        await until(lambda: stand.shell.state is State.PROMPT)
        assert await stand.run("echo right") == (0, "right\n")
        assert time.monotonic() - began < 10


async def test_a_search_of_the_history_is_left(shell: str, tmp_path: Path) -> None:
    if shell == "sh":
        pytest.skip("sh has no editor")
    async with Stand(shell, tmp_path) as stand:
        await stand.run("echo searched")
        stand.events.clear()
        stand.shell.write("\x12sear")
        await until(lambda: "sear" in stand.shown)
        stand.shell.fresh_prompt(PROMPT)
        await until(lambda: stand.shell.state is State.PROMPT)
        assert await stand.run("echo right") == (0, "right\n")


async def test_what_the_speaker_types_begins_and_ends(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.events.clear()
        stand.shell.write("sh -c 'echo typed; exit 5'\r")
        await until(lambda: stand.count(Prompted))
        if shell != "sh":
            assert await stand.finish() == 5
            assert stand.output == "typed\n"
