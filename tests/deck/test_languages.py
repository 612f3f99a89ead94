"""Blocks of code that a program runs: the table, the demos made of it, and what a yes covers."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from presenter.deck.demos import SHELLS
from presenter.deck.languages import (
    LANGUAGES,
    Language,
    Snippet,
    find_language,
    hidden_mark,
    language_names,
    snippet,
)
from presenter.deck.model import Code, Demo, DemoBlock, DemoKind, DemoStop, Phase, Step
from presenter.deck.trust import fingerprint
from tests.deck.decks import make, only_slide, warnings

PRINTS = {
    "awk": "BEGIN { print 6 * 7 }",
    "c": '#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * 7); return 0; }',
    "c++": "#include <iostream>\nint main() { std::cout << 6 * 7 << '\\n'; }",
    "go": 'package main\nimport "fmt"\nfunc main() { fmt.Println(6 * 7) }',
    "java": "class Any { public static void main(String[] a) { System.out.println(6 * 7); } }",
    "javascript": "console.log(6 * 7)",
    "lua": "print(6 * 7)",
    "perl": 'print 6 * 7, "\\n"',
    "php": "<?php echo 6 * 7;",
    "python": "print(6 * 7)",
    "ruby": "puts 6 * 7",
    "rust": 'fn main() { println!("{}", 6 * 7); }',
    "tcl": "puts [expr {6 * 7}]",
}


def demo(folder: Path, block: str) -> Demo:
    (found,) = only_slide(folder, f"# A\n\n{block}\n").demos
    return found


# --- the table --------------------------------------------------------------------------------


def test_no_name_stands_for_two_languages_or_for_a_shell() -> None:
    names = [name for each in LANGUAGES for name in (each.name, *each.aliases)]
    assert len(names) == len(set(names)) == len(language_names())
    assert not SHELLS & set(names)
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize("each", LANGUAGES, ids=lambda each: each.name)
def test_a_row_of_the_table_can_run(each: Language) -> None:
    assert re.fullmatch(r"[Ss]nippet\.\w+", each.file)
    for commands in (each.commands, *((other,) for other in each.others.values())):
        assert any(each.file in command for command in commands)
        assert not any("\n" in command or "{" in command for command in commands)


@pytest.mark.parametrize("name", PRINTS)
def test_what_the_table_says_runs_the_code(name: str, tmp_path: Path) -> None:
    code = snippet(name, PRINTS[name] + "\n")
    assert code is not None
    program = code.commands[0].split()[0]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    for file, text in code.files:
        (tmp_path / file).write_text(text)
    done = subprocess.run(
        ["sh", "-c", " && ".join(code.commands)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "42"), done.stderr


def test_names_are_found_in_any_case_and_by_alias() -> None:
    assert find_language("Py") == find_language("python")
    assert find_language("C++") == find_language("cpp")
    assert find_language("bash") is find_language("mermaid") is find_language("") is None
    assert (hidden_mark("rs"), hidden_mark("elixir"), hidden_mark("x")) == ("# ", "## ", "///")


def test_another_program_may_run_the_code() -> None:
    one = snippet("py", "1\n", "uv")
    assert one == Snippet((("snippet.py", "1\n"),), ("uv run --quiet --script snippet.py",))
    assert snippet("py", "1\n", "nothing") is None


# --- demos ------------------------------------------------------------------------------------


def test_code_that_runs_is_shown_above_its_pane(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```python +exec +line_numbers\n/// import time\nprint(1)\n```\n")
    code, pane = slide.blocks
    assert isinstance(code, Code)
    assert (code.text, code.language, code.line_numbers) == ("print(1)", "python", True)
    assert isinstance(pane, DemoBlock)
    (found,) = slide.demos
    assert found.snippet == Snippet(
        (("snippet.py", "import time\nprint(1)\n"),), ("python3 snippet.py",)
    )
    (step,) = found.steps
    assert (step.command, step.run, step.prompt) == ("python3 snippet.py", "", "$ ")
    assert step.transcript is None
    assert (found.kind, found.full, found.takes_keys) == (DemoKind.SHELL, False, False)
    assert slide.stops == (DemoStop(0, 0, Phase.TYPE), DemoStop(0, 0, Phase.RUN))
    assert slide.problems == ()


@pytest.mark.parametrize(
    ("block", "command"),
    [
        ("rust +exec", "rustc -o snippet snippet.rs && ./snippet"),
        ("rust +exec:rust-script", "rust-script snippet.rs"),
        ("python +auto_exec", "python3 snippet.py"),
        ("js +exec +pty:standby:80:24", "node snippet.js"),
        ("go +demo:x", "go run snippet.go"),
        ("PYTHON +exec_replace:uv", "uv run --quiet --script snippet.py"),
        ("lua +exec +pty", "lua snippet.lua"),
    ],
)
def test_what_the_audience_sees_typed(block: str, command: str, tmp_path: Path) -> None:
    deck = make(tmp_path, f"```{block}\nx\n```\n")
    (found,) = deck.demos(0)
    assert [step.command for step in found.steps] == [command]
    assert deck.problems() == ()


def test_a_block_that_is_replaced_shows_its_pane_only(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```python +exec_replace +pty:standby:40:10\nprint(1)\n```\n")
    assert [type(block) for block in slide.blocks] == [DemoBlock]
    assert slide.problems == ()


def test_code_with_nothing_to_show_shows_its_pane_only(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```python +exec\n/// print(1)\n```\n")
    assert [type(block) for block in slide.blocks] == [DemoBlock]


def test_the_terminal_that_code_acquires_is_its_pane(tmp_path: Path) -> None:
    for block in ("python +acquire_terminal", "bash +exec +acquire_terminal"):
        found = demo(tmp_path, f"```{block}\nx\n```")
        assert (found.full, found.takes_keys) == (True, True)


def test_lines_are_stepped_through_before_the_code_runs(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```python +exec {1|2}\na\nb\n```\n\nafter\n")
    assert [type(stop).__name__ for stop in slide.stops] == ["Reveal", "DemoStop", "DemoStop"]
    assert [block.at for block in slide.blocks] == [0, 1, 1]


def test_code_in_a_list_and_a_column_keeps_its_pane_with_it(tmp_path: Path) -> None:
    text = "<!-- column_layout: [1] -->\n<!-- column: 0 -->\n- a\n\n  ```python +exec\n  x\n  ```\n"
    slide = only_slide(tmp_path, text)
    assert slide.demos[0].snippet == Snippet((("snippet.py", "x\n"),), ("python3 snippet.py",))


def test_attributes_hold_for_code_too(tmp_path: Path) -> None:
    found = demo(
        tmp_path, '```python +exec +timeout:3s +session:b +expect:"4|5" +background\nx\n```'
    )
    assert (found.steps[0].timeout, found.steps[0].expect) == (3.0, "4|5")
    assert (found.session, found.background) == ("b", True)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("foo +exec", "no executor for `foo`"),
        ("pyton +exec_replace", "no executor for `pyton` (did you mean `python`?)"),
        ("python +exec:uvx", "no executor `uvx` for `python` (did you mean `uv`?)"),
        ("python +image +exec", "`+image` in a `python` block is not supported yet"),
        ("python +pty", "`+pty` has no effect without `+exec`"),
        ("mermaid +render", "`mermaid` blocks are shown as text"),
        ("zig +validate", "`+validate` in a `zig` block is not supported yet"),
    ],
)
def test_what_cannot_run_is_code_and_a_warning(block: str, words: str, tmp_path: Path) -> None:
    deck = make(tmp_path, f"```{block}\n/// h\nx\n```\n")
    slide = deck.slide(0)
    assert (slide.demos, [type(each) for each in slide.blocks]) == ((), [Code])
    assert words in " ".join(warnings(deck))


def test_a_file_is_not_run_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("print(1)\n")
    deck = make(tmp_path, "```file +exec\npath: x.py\nlanguage: python\n```\n")
    assert deck.demos(0) == ()
    assert warnings(deck) == ["`+exec` in a `file` block is not supported yet"]


@pytest.mark.parametrize("block", ["python", "python +no_demo +exec", "go +line_numbers", "foo"])
def test_other_code_is_code_without_a_warning(block: str, tmp_path: Path) -> None:
    deck = make(tmp_path, f"```{block}\nx\n```\n")
    assert deck.demos(0) == ()
    assert deck.problems() == ()


def test_attributes_without_effect_are_told_of_code_that_runs(tmp_path: Path) -> None:
    for block in ("python +exec +id:a", "python +exec_replace +env:x"):
        deck = make(tmp_path, f"```{block}\nx\n```\n")
        assert len(deck.demos(0)) == 1
        assert "not supported yet" in warnings(deck)[0]


def test_no_code_is_a_failure_in_its_place(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```python +exec\n\n```\n")
    assert [problem.message for problem in slide.problems] == ["the block has no code to run"]
    assert slide.demos == ()


def test_hidden_code_shows_nothing_and_has_no_presses(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "x\n\n```python +exec +hidden\nx\n```\n")
    assert (len(slide.blocks), slide.stops, slide.demos[0].hidden) == (1, (), True)


# --- trust ------------------------------------------------------------------------------------


def test_code_is_listed_once_with_its_commands_and_hidden_lines(tmp_path: Path) -> None:
    told = fingerprint(make(tmp_path, "> ```rust +exec\n> # use a;\n> fn main() {}\n> ```\n"))
    assert told.lines == (
        "code: use a; ⏎ fn main() {}  (in rust, by rustc -o snippet snippet.rs && ./snippet)",
    )


def test_a_yes_covers_exactly_the_code_and_commands_that_were_hashed(tmp_path: Path) -> None:
    deck = make(tmp_path, "```python +exec\nprint(1)\n```\n")
    told = fingerprint(deck)
    (found,) = deck.demos(0)
    (step,) = found.steps
    assert found.snippet is not None
    assert told.covers(found, step)
    (file,) = found.snippet.files
    for changed in (
        replace(found.snippet, files=((file[0], "print(2)\n"),)),
        replace(found.snippet, commands=("python3 -i snippet.py",)),
        replace(found.snippet, files=(file, ("sitecustomize.py", "print(3)\n"))),
        None,
    ):
        assert not told.covers(replace(found, snippet=changed), step)
    assert not told.covers(replace(found, takes_keys=True), step)


@pytest.mark.parametrize(
    "changed",
    [
        "```python +exec\nprint(2)\n```", "```python +exec:uv\nprint(1)\n```",
        "```ruby +exec\nprint(1)\n```", "```python +exec\n/// x\nprint(1)\n```",
        "```python +acquire_terminal\nprint(1)\n```", "```python +exec +hidden\nprint(1)\n```",
        "```python +exec +needs:x\nprint(1)\n```",
    ],
)  # fmt: skip
def test_what_takes_the_trust_of_code_away(changed: str, tmp_path: Path) -> None:
    told = fingerprint(make(tmp_path, "# A\n\n```python +exec\nprint(1)\n```\n"))
    same = fingerprint(make(tmp_path, "# B\n\nText\n\n```python +exec +timeout:3\nprint(1)\n```\n"))
    assert told.digest == same.digest
    assert fingerprint(make(tmp_path, f"# A\n\n{changed}\n")).digest != told.digest


def test_a_file_that_code_names_is_hashed(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1")
    told = fingerprint(make(tmp_path, "```python +exec\nopen('data.csv')\n```\n"))
    assert [item.kind for item in told.items] == ["code", "file"]


def test_a_step_of_another_demo_is_not_covered(tmp_path: Path) -> None:
    deck = make(tmp_path, "```python +exec\nprint(1)\n```\n")
    (found,) = deck.demos(0)
    shell = replace(found, snippet=None)
    assert not fingerprint(deck).covers(shell, Step("python3 snippet.py", found.place))
