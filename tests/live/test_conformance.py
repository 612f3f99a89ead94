"""What every shell must do: statuses, commands of every form, and what stays between them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from presenter.live.marks import Began, Ended, Printed
from presenter.live.processes import session_groups
from presenter.live.shell import Lost, Prompted, ShellError, State
from tests.live.rig import PROMPT, Stand, until

SHELLS = ("bash", "zsh", "sh", "fish")
POSIX = ("bash", "zsh", "sh")


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=POSIX)
def posix(request: pytest.FixtureRequest) -> str:
    """A shell with here-documents, `set -e` and `$(( ))`: fish has none of them."""
    return str(request.param)


async def test_each_status_is_the_true_one(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        for status in (0, 1, 3, 42, 126, 127, 255, 0):
            assert await stand.run(f"sh -c 'exit {status}'") == (status, "")


COMMANDS = [
    ("true; false", 1, ""),
    ("false; true", 0, ""),
    ("false | true", 0, ""),
    ("true | false", 1, ""),
    ("printf 'b\\na\\n' | sort", 0, "a\nb\n"),
    ("echo one; echo two", 0, "one\ntwo\n"),
    ("echo one\necho two", 0, "one\ntwo\n"),
    ("echo one \\\n  two", 0, "one two\n"),
    ("echo 'one\n  two'", 0, "one\n  two\n"),
    ('echo "one\n  two"', 0, "one\n  two\n"),
    ("printf 'a\tb\\n'", 0, "a\tb\n"),
    ("printf '%s\\n' 'hello!' \"hi !!\"", 0, "hello!\nhi !!\n"),
    ("# nothing but a comment", 0, ""),
    ("echo a # b", 0, "a\n"),
    ("echo 'naïve – 日本 🎉 e\u0301'", 0, "naïve – 日本 🎉 e\u0301\n"),
    ("echo '$HOME' '`x`' '%d' '\\\\n'", 0, None),
    ("printf 'no newline'", 0, "no newline"),
    ("true &&\n\n  echo late", 0, "late\n"),
    ("nosuchcommand 2>/dev/null", 127, None),
    ("kill -9 $(sh -c 'exec sleep 0' ; echo 999999) 2>/dev/null", 1, None),
]


@pytest.mark.parametrize(("command", "status", "output"), COMMANDS)
async def test_a_command_runs_as_it_is_written(
    shell: str, command: str, status: int, output: str | None, tmp_path: Path
) -> None:
    if shell == "fish" and "&&\n\n" in command:
        pytest.skip("fish does not go on over an empty line")
    async with Stand(shell, tmp_path) as stand:
        found = await stand.run(command)
        assert found[0] == status
        assert output is None or found[1] == output


POSIX_COMMANDS = [
    ("cat <<END\none\n\ttwo ! $((1 + 1))\nEND", 0, "one\n\ttwo ! 2\n"),
    ("cat <<'END'\n$HOME `x` \\\nEND", 0, "$HOME `x` \\\n"),
    ("for i in 1 2 3\ndo\n  echo $i\ndone", 0, "1\n2\n3\n"),
    ("if false; then\n\techo a\nelse\n\techo b\nfi", 0, "b\n"),
    ("(exit 5)", 5, ""),
    ("f() {\n  return 7\n}\nf", 7, ""),
    ("! true", 1, ""),
    ("fi", None, None),
    ("echo a; )", None, None),
]


@pytest.mark.parametrize(("command", "status", "output"), POSIX_COMMANDS)
async def test_a_posix_command_runs_as_it_is_written(
    posix: str, command: str, status: int | None, output: str | None, tmp_path: Path
) -> None:
    async with Stand(posix, tmp_path) as stand:
        found = await stand.run(command)
        if status is None:
            assert found[0] in (1, 2)
            assert "rror" in found[1]
        else:
            assert found == (status, output)


async def test_a_syntax_error_of_fish_is_told(tmp_path: Path) -> None:
    async with Stand("fish", tmp_path) as stand:
        status, output = await stand.run("echo a; end")
        assert status == 123
        assert "'end' outside of a block" in output
        assert await stand.run("echo b") == (0, "b\n")


async def test_what_a_command_sets_stays(posix: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    async with Stand(posix, tmp_path) as stand:
        await stand.run("cd deep")
        await stand.run("plain=1")
        await stand.run("export shared='two  words'")
        await stand.run("greet() { echo hello $1; }")
        await stand.run("alias hey='greet alias'")
        assert await stand.run("pwd") == (0, f"{tmp_path}/deep\n")
        assert await stand.run('echo "$plain,$shared"') == (0, "1,two  words\n")
        assert await stand.run("sh -c 'echo $shared'") == (0, "two words\n")
        assert await stand.run("greet you") == (0, "hello you\n")
        assert await stand.run("hey") == (0, "hello alias\n")
        assert stand.shell.cwd == tmp_path / "deep"


async def test_what_a_command_sets_stays_in_fish(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    async with Stand("fish", tmp_path) as stand:
        await stand.run("cd deep")
        await stand.run("set plain 1")
        await stand.run("set -gx shared 'two  words'")
        await stand.run("function greet\n  echo hello $argv\nend")
        await stand.run("alias hey 'greet alias'")
        assert await stand.run('pwd; echo "$plain,$shared"') == (
            0,
            f"{tmp_path}/deep\n1,two  words\n",
        )
        assert await stand.run("hey") == (0, "hello alias\n")


@pytest.mark.parametrize("name", ["bash", "zsh"])
async def test_declarations_are_not_local_to_anything(name: str, tmp_path: Path) -> None:
    async with Stand(name, tmp_path) as stand:
        await stand.run("declare -a list=(a b)")
        assert await stand.run("echo ${list[@]}") == (0, "a b\n")


async def test_the_last_status_is_there_for_the_next_command(shell: str, tmp_path: Path) -> None:
    variable = "status" if shell == "fish" else "?"
    async with Stand(shell, tmp_path) as stand:
        await stand.run("sh -c 'exit 9'")
        assert await stand.run(f"echo ${variable}") == (0, "9\n")
        assert await stand.run(f"echo ${variable}") == (0, "0\n")
        await stand.run("sh -c 'exit 9'")
        stand.events.clear()
        stand.shell.fresh_prompt(PROMPT)
        await until(lambda: stand.count(Prompted))
        assert await stand.run(f"echo ${variable}") == (0, "9\n")


async def test_a_command_of_100_kilobytes(shell: str, tmp_path: Path) -> None:
    text = "".join(f"{n:05d}" for n in range(20_000))
    async with Stand(shell, tmp_path) as stand:
        assert await stand.run(f"printf %s '{text}' | wc -c | tr -d ' '") == (0, "100000\n")


async def test_a_command_reads_what_is_typed(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("sh -c 'read line; echo got $line'")
        await stand.began()
        stand.shell.write("words\r")
        assert await stand.finish() == 0
        assert stand.output.endswith("got words\n")


async def test_200_commands_give_200_right_statuses(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        for n in range(200):
            assert await stand.run(f"sh -c 'echo {n}; exit {n % 7}'") == (n % 7, f"{n}\n")


async def test_events_come_in_order(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        await stand.run("echo a")
        ours = [e for e in stand.events if not (isinstance(e, Printed) and not e.running)]
        kinds = [type(e) for e in ours]
        assert kinds[0] is Began
        assert kinds[-2:] == [Ended, Prompted]
        assert set(kinds[1:-2]) == {Printed}


async def test_only_at_the_prompt_a_command_is_taken(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("sleep 100")
        with pytest.raises(ShellError, match="not at its prompt"):
            stand.shell.run("true", PROMPT)
        with pytest.raises(ShellError, match="not at its prompt"):
            stand.shell.fresh_prompt(PROMPT)
        stand.shell.interrupt()
        await stand.finish()
        assert await stand.run("echo b") == (0, "b\n")


async def test_a_job_in_the_background(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        status, _ = await stand.run("sleep 100 &")
        assert status == 0
        assert await stand.run("echo on") == (0, "on\n")
        assert stand.shell._terminal is not None
        pid = stand.shell._terminal.pid
        assert len(session_groups(pid)) >= 2
    assert not session_groups(pid)


async def test_the_shell_ends_with_a_status(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("exit 3")
        await until(lambda: stand.count(Lost))
        assert [e for e in stand.events if isinstance(e, Ended | Lost)] == [Ended(3), Lost(3)]
        assert stand.shell.state is State.LOST


async def test_the_shell_becomes_another_program(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("exec sh -c 'echo new; exit 4'")
        await until(lambda: stand.count(Lost))
        assert [e for e in stand.events if isinstance(e, Ended | Lost)] == [Ended(4), Lost(4)]
        assert stand.output == "new\n"


async def test_the_shell_is_killed_by_its_command(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        stand.start("kill -9 $fish_pid" if shell == "fish" else "kill -9 $$")
        await until(lambda: stand.count(Lost))
        assert [e for e in stand.events if isinstance(e, Ended | Lost)] == [Ended(None), Lost(137)]


async def test_the_shell_is_killed_at_its_prompt(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        await stand.run("true")
        stand.events.clear()
        assert stand.shell._terminal is not None
        os.kill(stand.shell._terminal.pid, 9)
        await until(lambda: stand.count(Lost))
        assert [e for e in stand.events if isinstance(e, Ended | Lost)] == [Lost(137)]


async def test_set_e_ends_the_shell_at_a_failure_and_not_before(posix: str, tmp_path: Path) -> None:
    async with Stand(posix, tmp_path) as stand:
        assert await stand.run("set -e") == (0, "")
        assert await stand.run("false || echo caught") == (0, "caught\n")
        assert (await stand.run("! true"))[0] == 1
        assert await stand.run("echo on") == (0, "on\n")
        stand.start("sh -c 'exit 6'")
        await until(lambda: stand.count(Lost))
        assert [e for e in stand.events if isinstance(e, Ended | Lost)] == [Ended(6), Lost(6)]


async def test_strict_shells_go_on(posix: str, tmp_path: Path) -> None:
    async with Stand(posix, tmp_path) as stand:
        await stand.run("set -u")
        await stand.run("set -f; IFS=,")
        await stand.run("PATH=/nonexistent")
        assert await stand.run("echo 1") == (0, "1\n")
        await stand.run("export LATE=yes")
        assert stand.shell.exported["LATE"] == "yes"


async def test_a_trace_does_not_show_our_hooks(posix: str, tmp_path: Path) -> None:
    async with Stand(posix, tmp_path) as stand:
        await stand.run("set -x")
        status, output = await stand.run("echo a")
        assert status == 0
        assert output.endswith("a\n")
        assert "nonce" not in output
        assert "printf" not in output
        assert await stand.run("{ set +x; } 2>/dev/null") is not None
        assert await stand.run("echo b") == (0, "b\n")


async def test_the_state_is_reported(posix: str, tmp_path: Path) -> None:
    async with Stand(posix, tmp_path) as stand:
        stand.shell.names = {"PLAIN", "EXPORTED", "UNSET", "no name"}
        await stand.run("PLAIN='a b'; export EXPORTED='line\nline'; OTHER=1")
        assert stand.shell.variables == {"PLAIN": "a b", "EXPORTED": "line\nline"}
        assert stand.shell.exported["EXPORTED"] == "line\nline"
        assert "PLAIN" not in stand.shell.exported
        assert stand.shell.exported["HOME"] == str(tmp_path)
        await stand.run("unset PLAIN EXPORTED")
        assert stand.shell.variables == {}
        assert "EXPORTED" not in stand.shell.exported


async def test_the_state_is_reported_by_fish(tmp_path: Path) -> None:
    async with Stand("fish", tmp_path) as stand:
        stand.shell.names = {"PLAIN", "EXPORTED", "UNSET"}
        await stand.run("set PLAIN a b; set -gx EXPORTED 'line\nline'")
        assert stand.shell.variables == {"PLAIN": "a b", "EXPORTED": "line\nline"}
        assert stand.shell.exported["EXPORTED"] == "line\nline"
        assert "PLAIN" not in stand.shell.exported


async def test_the_environment_is_the_speakers(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path, more={"ENV": "mine", "ZDOTDIR": str(tmp_path)}) as stand:
        await stand.run("true")
        exported = dict(stand.shell.exported)
        assert exported["ENV"] == "mine"
        assert exported["ZDOTDIR"] == str(tmp_path)
        assert exported["TERM"] == "xterm-256color"
        assert not [name for name in exported if "presenter" in name.lower()]


async def test_no_variable_and_no_list_of_them_has_the_nonce(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        assert stand.shell._mailbox is not None
        await stand.run("true")
        stand.start("set; env; sleep 100")
        await stand.began()
        nonce = (stand.shell._mailbox.folder / "nonce").read_text().strip()
        await until(lambda: "TERM" in stand.output)
        stand.shell.interrupt()
        await stand.finish()
        assert nonce not in stand.output


async def test_the_folder_is_private_and_goes(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        assert stand.shell._mailbox is not None
        folder = stand.shell._mailbox.folder
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


async def test_resizes_reach_the_child(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path, size=(91, 23)) as stand:
        assert await stand.run("stty size") == (0, "23 91\n")
        stand.events.clear()
        stand.shell.resize(132, 43)
        if shell == "fish":  # it may lose a key that comes while it redraws its line
            await until(lambda: stand.count(Printed))
        assert await stand.run("stty size") == (0, "43 132\n")
        stand.start("sh -c 'trap \"stty size; exit\" WINCH; echo on; while :; do sleep 0.05; done'")
        await until(lambda: "on" in stand.output)
        stand.shell.resize(70, 20)
        await stand.finish()
        assert "20 70" in stand.output


async def test_a_megabyte_of_output_comes_whole(shell: str, tmp_path: Path) -> None:
    async with Stand(shell, tmp_path) as stand:
        status, output = await stand.run("sh -c 'yes 0123456789abcde | head -n 65536'")
        assert status == 0
        assert output == "0123456789abcde\n" * 65536


async def test_binary_output_harms_nothing(shell: str, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 64 + b"\x1b]133;D;0;\xff\x1b[")
    async with Stand(shell, tmp_path) as stand:
        status, output = await stand.run("cat noise")
        assert status == 0
        assert "\ufffd" in output
        assert await stand.run("echo on") == (0, "on\n")


def history_files(home: Path) -> list[Path]:
    return [path for path in home.iterdir() if "history" in path.name]


async def test_the_history_is_private_and_natural(tmp_path: Path) -> None:
    async with Stand("bash", tmp_path) as stand:
        await stand.run("echo one")
        await stand.run("echo two\necho three")
        _, output = await stand.run("history")
        assert [line[7:] if line[:1] == " " else line for line in output.splitlines()] == [
            "echo one",
            "echo two",
            "echo three",
            "history",
        ]
    assert not history_files(tmp_path)


async def test_the_history_of_zsh_is_private_and_natural(tmp_path: Path) -> None:
    async with Stand("zsh", tmp_path) as stand:
        await stand.run("echo one")
        _, output = await stand.run("fc -ln -5")
        assert output.splitlines() == ["echo one"]
    assert not history_files(tmp_path)
