"""The demo grammar: prompts, commands over several lines, transcripts, directives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.console import Console, read_console
from presenter.deck.model import Place, Step, Typing
from presenter.deck.shell import Posix, PowerShell, is_open


def read(text: str, prompt: str = "") -> Console:
    defaults = Step("", Place("t.md", 1))
    return read_console(text.split("\n"), lambda line: Place("t.md", line + 1), defaults, prompt)


def commands(text: str, prompt: str = "") -> list[tuple[str, tuple[str, ...] | None]]:
    return [(step.command, step.transcript) for step in read(text, prompt).steps]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$ ls\na\nb", [("ls", ("a", "b"))]),
        ("$ ls\n$ pwd\n/x", [("ls", ()), ("pwd", ("/x",))]),
        ("> minikube status\nok\n> next", [("minikube status", ("ok",)), ("next", ())]),
        ("% zsh\n", [("zsh", ())]),
        ("me@host:~$ ls\nx\nme@host:/tmp$ pwd", [("ls", ("x",)), ("pwd", ())]),
        ("[me@host dir]$ ls", [("ls", ())]),
        ("(venv) $ pip list", [("pip list", ())]),
        ("$ . venv/bin/activate\n(venv) $ pip list", [(". venv/bin/activate", ()),
                                                     ("pip list", ())]),
        ("PS C:\\> dir\nx\nPS C:\\Users> cd ..", [("dir", ("x",)), ("cd ..", ())]),
        ("$ curl -v x\n> GET / HTTP/1.1", [("curl -v x", ("> GET / HTTP/1.1",))]),
        ("$ echo 'a\n> b'\nout", [("echo 'a\nb'", ("out",))]),
        ("$ echo a \\\n  b\nout", [("echo a \\\n  b", ("out",))]),
        ("$ cat <<EOF\nhello\nEOF\nhello", [("cat <<EOF\nhello\nEOF", ("hello",))]),
        ("> cat <<EOF\n> hello\n> EOF\nhello", [("cat <<EOF\nhello\nEOF", ("hello",))]),
        ("$ kubectl create -f <(istioctl x\nservice", [("kubectl create -f <(istioctl x",
                                                      ("service",))]),
        ("$ echo it's\nout\n$ next", [("echo it's", ("out",)), ("next", ())]),
        ("PS> a `\n  b\nout", [("a `\n  b", ("out",))]),
        ("$ x\n\\$ literal\n\\> literal\n\\...\n...", [("x", ("$ literal", "> literal", "\\...",
                                                           "..."))]),
        ("$ x\n\\me@host:~$ y\n\\[me@host ~]$ z", [("x", ("me@host:~$ y", "[me@host ~]$ z"))]),
        ("$ x\n\na\n\n", [("x", ("", "a"))]),
        ("$ x\n$", [("x", ())]),
        ("$ x\nout\n$ \n", [("x", ("out",))]),
        ("$ x\n\\\\$ two", [("x", ("\\$ two",))]),
        ("no prompt", []),
    ],
)  # fmt: skip
def test_steps(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert commands(text) == expected


def test_a_prompt_of_ones_own() -> None:
    assert commands("sql> select 1;\n1\n$ no", "sql> ") == [("select 1;", ("1", "$ no"))]
    assert commands("sql> a\n\\sql> b", "sql> ") == [("a", ("sql> b",))]


def test_the_form_is_fixed_by_the_first_prompt() -> None:
    console = read("$ one\n% two\nPS C:\\> three")
    assert [step.command for step in console.steps] == ["one"]
    assert "might be a command" in console.problems[0].message
    assert console.problems[0].place.line == 3


def test_output_like_a_request_in_a_block_of_angle_prompts_is_warned_about() -> None:
    assert "might be output" in read("> curl -v x\n> GET / HTTP/1.1").problems[0].message


def test_a_place_points_at_the_command() -> None:
    step = read("x\n$ ls").steps[0]
    assert (step.place.line, step.place.column) == (2, 3)
    assert step.prompt == "$ "


def test_a_tab_is_shown_as_spaces_and_runs_as_it_is() -> None:
    step = read("$ printf 'a\tb'").steps[0]
    assert "\t" not in step.command
    assert step.run == "printf 'a\tb'"


def test_directives_set_the_next_step_only() -> None:
    console = read(
        '#: timeout 20s, expect "pilot.*Running", provides istio\n'
        "#: type keys, live never, on_fail keep, needs wifi, expect exit 3\n"
        "#: note see the post, it is short\n"
        "$ a\nout\n#: run b --dry-run, really\n#: expect failure\n$ b"
    )
    first, second = console.steps
    assert console.problems == ()
    assert (first.timeout, first.expect, first.expect_exit) == (20.0, "pilot.*Running", 3)
    assert (first.provides, first.needs) == (("istio",), ("wifi",))
    assert (first.typing, first.live, first.on_fail) == (Typing.KEYS, "never", "keep")
    assert first.note == "see the post, it is short"
    assert first.transcript == ("out",)
    assert (second.run, second.expect_failure, second.timeout) == (
        "b --dry-run, really",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#: tiemout 3s", "did you mean `timeout`"),
        ("#: timeout soon", "`timeout soon` is not understood"),
        ('#: expect "("', "is not understood"),
        ("#: type slowly", "is not understood"),
        ("#: expect something", "is not understood"),
    ],
)
def test_directives_that_are_not_understood_are_warned_about(line: str, message: str) -> None:
    problem = read(f"{line}\n$ x").problems[0]
    assert message in problem.message
    assert (problem.place.line, problem.place.column) == (1, 4)


def test_a_directive_above_no_prompt_is_warned_about() -> None:
    assert "above no prompt" in read("$ x\n#: timeout 3s\nout").problems[0].message
    assert "above no prompt" in read("$ x\n#: timeout 3s").problems[0].message


def test_a_literal_directive_in_output() -> None:
    assert commands("$ x\n\\#: y") == [("x", ("#: y",))]


def test_output_before_the_first_prompt_is_warned_about() -> None:
    assert "before the first prompt" in read("hello\n$ x").problems[0].message


def test_a_command_that_never_ends_is_one_line() -> None:
    console = read("$ echo 'a\nb\nc")
    assert console.steps[0].command == "echo 'a"
    assert console.steps[0].transcript == ("b", "c")
    assert "never closed" in console.problems[0].message


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ls", False),
        ("ls \\", True),
        ("ls \\\\", False),
        ("echo 'a", True),
        ("echo 'a\nb'", False),
        ('echo "a', True),
        ('echo "a \\" b"', False),
        ("echo $'a\\'b'", False),
        ("echo \"$(date '+%s')\"", False),
        ("echo $(date", True),
        ("diff <(a) <(b", True),
        ("for x in {1..3}; do echo $x; done", False),
        ("echo ${x", True),
        ("cat <<EOF", True),
        ("cat <<EOF\na\nEOF", False),
        ("cat <<-'X'\na\n\tX", False),
        ("cat <<A <<B\na\nA\nb", True),
        ("cat <<< word", False),
        ("a |", True),
        ("a &&", True),
        ("a # it's a remark", False),
        ("echo a#'b'", False),
        ("echo `date", True),
        ("export A=$(x -o 'j={.a[0]}'):$(y -o 'j={.b[0]}')", False),
        ('curl -w "%{http_code}\\n" http://${GATEWAY_URL}/p', False),
    ],
)
def test_whether_a_shell_would_ask_for_more(command: str, expected: bool) -> None:
    assert is_open(command) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("dir `", True),
        ("dir", False),
        ("if ($x) {", True),
        ("if ($x) {\n y\n}", False),
        ("$x = @'\nit's\n", True),
        ("$x = @'\nit's\n'@", False),
        ('"a', True),
        ('"$(1 + 1) a`"b"', False),
        ("a |", True),
        ("# it's a remark", False),
    ],
)
def test_whether_powershell_would_ask_for_more(command: str, expected: bool) -> None:
    assert is_open(command, powershell=True) is expected


SHELL_TEXT = st.text("ab '\"\\`$(){}<>|&#\n@EOF-", max_size=60) | st.text(max_size=60)


@given(SHELL_TEXT, st.booleans())
def test_any_text_is_open_or_not(text: str, powershell: bool) -> None:
    assert is_open(text, powershell) in (True, False)


@given(SHELL_TEXT, st.booleans())
def test_text_given_by_lines_is_as_open_as_all_of_it(text: str, powershell: bool) -> None:
    shell = PowerShell() if powershell else Posix()
    lines = text.split("\n")
    for count in range(1, len(lines) + 1):
        so_far = "\n".join(lines[:count])
        assert shell.is_open(so_far) == is_open(so_far, powershell)


def test_commands_without_an_end_are_not_looked_through_again_and_again() -> None:
    begun = time.process_time()
    console = read("\n".join(["> ("] * 4000 + ["#: " + '\\"' * 60_000, "> x"]))
    assert len(console.steps) == 4001
    assert time.process_time() - begun < 5  # it was minutes


LINES = st.lists(
    st.sampled_from(["$ ls", "> x", "PS> y", "out", "#: timeout 3s", "#:", "$", "\\$ a", "...",
                     "$ echo 'a", "$ cat <<E", "E", "(v) $ z", ""])
    | st.text(max_size=30),
    max_size=25,
)  # fmt: skip


@given(LINES)
def test_any_block_is_read_and_no_line_is_lost(lines: list[str]) -> None:
    lines = [line.replace("\n", "") for line in lines]
    console = read_console(
        lines, lambda line: Place("t.md", line + 1), Step("", Place("t.md", 1))
    )  # fmt: skip
    for step in console.steps:
        assert step.command.strip()
        assert 1 <= step.place.line <= len(lines)
    for problem in console.problems:
        assert 1 <= problem.place.line <= len(lines)
    shown = sum(
        len(step.command.split("\n")) + len(step.transcript or ()) for step in console.steps
    )
    assert shown <= len(lines)


def test_a_pattern_that_python_warns_about_is_one() -> None:
    step = read('#: expect "[[]x"\n$ a\n[x').steps[0]
    assert step.expect == "[[]x"
