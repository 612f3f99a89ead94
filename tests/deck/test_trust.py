"""What a yes to a deck covers, shown by decks with a canary in every place that runs something."""

from __future__ import annotations

import os
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presenter.deck import named, trust
from presenter.deck.deck import Deck, open_deck
from presenter.deck.glance import may_run
from presenter.deck.trust import (
    Fingerprint,
    Item,
    changed_files,
    diff,
    files_now,
    fingerprint,
    visible,
)
from tests.deck.decks import make

DECKS = 200

FRONT = {
    "setup": "setup: touch {0}",
    "setups": "setup: [hidden-demo, touch {0}]",
    "reset": "reset: [touch {0}]",
    "needs command": "needs: {{tools: {{command: {0}, version: '>=1.20'}}}}",
    "needs http": "needs: {{site: {{http: 'http://{0}/', status: 200}}}}",
    "needs tcp": "needs: {{wifi: {{tcp: '{0}:443'}}}}",
    "start": "start: {{clean: {{kubernetes: {{context: '{0}', absent: [a]}}}}}}",
    "vars": "vars: {{host: {0}}}",
}
BODY = {
    "console": "```console\n$ touch {0}\n```",
    "later step": "```console\n$ ls\na\n$ touch {0}\n```",
    "continued": "```console\n$ echo a \\\n>   && touch {0}\n```",
    "here-document": "```console\n$ sh <<END\ntouch {0}\nEND\n```",
    "run": "```console\n#: timeout 3s, run touch {0}\n$ ls\n```",
    "run with commas": "```console\n#: run touch a, {0}\n$ ls\n```",
    "root prompt": "```console\n> touch {0}\n```",
    "powershell": "```console\nPS C:\\> touch {0}\n```",
    "own prompt": '```console +prompt:"mysql>"\nmysql> touch {0}\n```',
    "exec": "```bash +exec\ntouch {0}\n```",
    "auto_exec": "```sh +auto_exec\ntouch {0}\n```",
    "exec_replace": "```zsh +exec_replace\ntouch {0}\n```",
    "shell demo": "```fish +demo:x{0}\ntouch {0}\n```",
    "hidden line": "```bash +exec\n/// touch {0}\nls\n```",
    "python": "```python +exec\nopen('{0}', 'w')\n```",
    "hidden python": "```python +exec\n/// open('{0}', 'w')\nprint(1)\n```",
    "rust": "```rust +exec_replace\n# fn x() {{ {0} }}\nfn main() {{}}\n```",
    "pty": "```node +exec +pty\n{0}\n```",
    "validate": "```go +validate\n{0}\n```",
    "http": "```http +demo\nGET http://{0}/\n```",
    "http header": "```http +demo\nGET http://x/\nx: {0}\n```",
    "http body": "```http +demo\nPOST http://x/\n\n{0}\n```",
    "http variable": "```http +demo\n@host = {0}\nGET http://{{{{host}}}}/\n```",
    "http later": "```http +demo\nGET http://x/\n###\n# @name a\nPOST http://{0}/\n```",
    "http until": "```http +demo\n# @until header x {0}\nGET http://x/\n```",
    "kubernetes": "```kubernetes +demo\nwatch: {0}\n```",
    "open": "```console +open:http://{0}/\n$ ls\n```",
    "background": "```console +background\n$ touch {0}\n```",
    "hidden": "```console +hidden +demo:hidden-demo\n$ touch {0}\n```",
    "variant": "```console +os:windows +demo:v{0}\n$ touch {0}\n```",
    "session": "```console +session:{0}\n$ ls\n```",
    "export": "```console +export:{0}\n$ ls\n```",
    "needs of a fence": "```console +needs:{0}\n$ ls\n```",
    "needs of a step": "```console\n#: needs {0}\n$ ls\n```",
    "in a list": "- item\n\n  ```console\n  $ touch {0}\n  ```",
    "in a quote": "> ```console\n> $ touch {0}\n> ```",
    "python in a quote": "> ```python +exec\n> {0}\n> ```",
    "tildes": "~~~console\n$ touch {0}\n~~~",
    "never closed": "```console\n$ touch {0}",
    "never closed python": "```python +exec\n{0}",
    "after a pause": "<!-- pause -->\n\n```console\n$ touch {0}\n```",
    "in a column": "<!-- column_layout: [1] -->\n<!-- column: 0 -->\n```console\n$ touch {0}\n```",
    "script": "```console\n$ ./scripts/{0}.sh\n```",
    "script of a shell": "```console\n$ bash -x $PWD/scripts/{0}.sh\n```",
    "quoted script": "```console\n$ bash 'scripts/{0} .sh'\n```",
    "script after cd": "```console\n$ cd scripts\n$ ./{0}.sh\n```",
    "file block": "```file +exec\npath: scripts/{0}.sh\nlanguage: bash\n```",
    "include": "<!-- include: more/{0}.md -->",
}
FILES = ("script", "script of a shell", "quoted script", "script after cd", "file block", "include")


class Canaries:
    """A deck with several canaries, and how to write it with one of them changed."""

    def __init__(self, folder: Path, seed: int) -> None:
        chance = random.Random(seed)
        self.folder = folder
        self.front = [key for key in FRONT if chance.random() < 0.3]
        heads = {FRONT[key].partition(":")[0]: key for key in self.front}
        self.front = list(heads.values())
        closed = [key for key in BODY if not key.startswith("never closed")]
        self.body = chance.sample(closed, 6) + chance.sample(
            ["never closed", "never closed python"], chance.randrange(2)
        )
        self.names = {key: f"canary{seed}x{n}" for n, key in enumerate(self.front + self.body)}

    def write(self, changed: str = "", sentence: str = "A sentence.") -> Fingerprint:
        said = {key: f"{name}{'y' * (key == changed)}" for key, name in self.names.items()}
        lines = ["---", "title: Talk", *(FRONT[key].format(said[key]) for key in self.front), "---"]
        for key in self.body:
            name = self.names[key] if key in FILES else said[key]
            lines += [f"# Slide {self.names[key]}", "", sentence, ""]
            lines += [BODY[key].format(name), ""]
            if "never" not in key:
                lines += [f"<!-- notes: {sentence} -->", "", "---"]
            self._file(key, name, said[key])
        return fingerprint(make(self.folder, "\n".join(lines) + "\n"))

    def _file(self, key: str, name: str, said: str) -> None:
        for folder in ("scripts", "more"):
            (self.folder / folder).mkdir(exist_ok=True)
        if key == "include":
            text = f"```console\n$ touch {said}\n```\n"
            (self.folder / "more" / f"{name}.md").write_text(text)
        elif key in FILES:
            space = " " if key == "quoted script" else ""
            (self.folder / "scripts" / f"{name}{space}.sh").write_text(f"touch {said}\n")


@pytest.mark.parametrize("batch", range(8))
def test_a_fingerprint_covers_every_place_that_a_command_may_stand(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(batch, DECKS, 8):
        folder = tmp_path / str(seed)
        folder.mkdir()
        canaries = Canaries(folder, seed)
        plain = canaries.write()
        assert plain.digest
        assert not plain.problem
        told = "\n".join(plain.lines)
        for key, name in canaries.names.items():
            assert name in told, key
            changed = canaries.write(changed=key)
            assert changed.digest != plain.digest, key
            assert diff(plain.lines, changed.lines), key
        same = canaries.write(sentence="Another sentence, and one more line.\n\nAnd a paragraph.")
        assert same.digest == plain.digest
        assert same.lines == plain.lines
        assert same.items == plain.items
    assert not [path for path in tmp_path.rglob("canary*") if path.suffix not in (".sh", ".md")]


def test_every_place_is_in_some_deck(tmp_path: Path) -> None:
    places: set[str] = set()
    for seed in range(DECKS):
        canaries = Canaries(tmp_path, seed)
        places.update(canaries.front, canaries.body)
    assert places == FRONT.keys() | BODY.keys()


DECK = """---
title: Talk
needs: {{b: {{tcp: "b:1"}}, a: {{command: x}}}}
---
# One

{sentence}

```console +needs:a{fence}
{settings}$ ./run.sh {command}
{transcript}
```
"""


def deck(folder: Path, name: str = "talk.md", **parts: str) -> Fingerprint:
    empty = dict.fromkeys(("sentence", "fence", "settings", "command", "transcript"), "")
    return fingerprint(make(folder, DECK.format(**{**empty, **parts}), name))


@pytest.mark.parametrize(
    ("parts", "same"),
    [
        ({"sentence": "changed"}, True),
        ({"transcript": "output"}, True),
        ({"settings": "#: timeout 5s, expect \"x\", note y\n"}, True),
        ({"settings": "#: provides z\n"}, True),
        ({"command": "-v"}, False),
        ({"settings": "#: run rm x\n"}, False),
        ({"settings": "#: needs b\n"}, False),
        ({"settings": "#: live never\n"}, False),
        ({"fence": " +timeout:5"}, True),
        ({"fence": " +full"}, True),
        ({"fence": " +background"}, False),
        ({"fence": " +session:x"}, False),
        ({"fence": " +export:X"}, False),
        ({"fence": " +open:http://x"}, False),
        ({"fence": " +hidden"}, False),
        ({"fence": " +os:linux"}, False),
    ],
)  # fmt: skip
def test_what_changes_a_fingerprint(parts: dict[str, str], same: bool, tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("ls\n")
    assert (deck(tmp_path, **parts).digest == deck(tmp_path).digest) is same


def test_the_path_and_the_bytes_of_files_count(tmp_path: Path) -> None:
    first = deck(tmp_path)
    assert deck(tmp_path, "other.md").digest != first.digest
    script = tmp_path / "run.sh"
    script.write_text("ls\n")
    second = deck(tmp_path)
    script.write_text("rm\n")
    third = deck(tmp_path)
    assert len({first.digest, second.digest, third.digest}) == 3
    assert [line[0] for line in diff(second.lines, third.lines)] == ["-", "+"]


def test_a_link_to_the_deck_is_the_deck(tmp_path: Path) -> None:
    told = deck(tmp_path)
    link = tmp_path / "link.md"
    try:
        link.symlink_to(tmp_path / "talk.md")
    except OSError:
        pytest.skip("no links here")
    assert fingerprint(trust_deck(link)).digest == told.digest
    make(tmp_path, "```console\n$ rm x\n```\n", "evil.md")
    link.unlink()
    link.symlink_to(tmp_path / "evil.md")
    assert fingerprint(trust_deck(link)).path != told.path


def trust_deck(path: Path) -> Deck:
    return open_deck(path, "linux")


def test_files_that_change_before_they_run_are_found(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("ls\n")
    opened = make(tmp_path, DECK.format(
        sentence="", fence="", settings="", command="", transcript=""))  # fmt: skip
    told = fingerprint(opened)
    assert changed_files(told, opened) == ()
    script.write_text("rm\n")
    assert changed_files(told, opened) == ("run.sh",)
    left = files_now(told, opened)
    assert changed_files(told, opened, left) == ()
    assert changed_files(told, opened, {**left, "other.sh": "x"}) == ("other.sh",)
    script.unlink()
    assert changed_files(told, opened) == ("run.sh",)
    assert changed_files(told, opened, {}) == ()


def test_a_file_that_cannot_be_hashed_any_more_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.sh").write_text("ls\n" * 100)
    opened = make(tmp_path, "```console\n$ ./run.sh\n```\n")
    told = fingerprint(opened)
    monkeypatch.setattr(named, "MAX_FILE", 10)
    assert files_now(told, opened) == {"run.sh is larger than 0 MiB": ""}
    assert changed_files(told, opened) == ("run.sh", "run.sh is larger than 0 MiB")


def test_files_are_looked_for_in_all_that_may_run(tmp_path: Path) -> None:
    for name in "abcdef":
        (tmp_path / name).write_text(name)
    front = "setup: sh a\nreset: sh b\nneeds: {n: {command: sh c}}\nstart: {s: {command: sh d}}"
    text = f"---\n{front}\n---\n# A\n\n```python +exec\nopen('e')\n```\n\n```text\nf\n```\n"
    told = fingerprint(make(tmp_path, text))
    assert told.files == tuple((name, sha256(name.encode()).hexdigest()) for name in "abcde")
    assert told.deck == open_deck(tmp_path / "talk.md").hash
    assert told.path == str(tmp_path / "talk.md")


def test_files_that_cannot_be_hashed_make_a_deck_untrusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.sh").write_text("ls\n" * 100)
    monkeypatch.setattr(named, "MAX_FILE", 10)
    told = deck(tmp_path)
    assert not told.digest
    assert "run.sh is larger" in told.problem


def test_a_deck_that_names_too_many_files_cannot_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
    opened = make(tmp_path, "```console\n$ cat a b c\n```\n")
    monkeypatch.setattr(named, "MAX_FILES", 3)
    assert fingerprint(opened).digest
    monkeypatch.setattr(named, "MAX_FILES", 2)
    assert "more than 2 files" in fingerprint(opened).problem


def test_the_shell_that_a_prompt_stands_for_counts(tmp_path: Path) -> None:
    def told(block: str) -> tuple[str, ...]:
        return fingerprint(make(tmp_path, f"```{block}\n```\n")).lines

    assert told("console\n$ ls") == ("command: ls  (in console)",)
    assert told("console\nPS C:\\> ls") == ("command: ls  (in powershell)",)
    assert told("powershell +exec\nls") == ("command: ls  (in powershell)",)
    assert told("bash +exec\nls") == ("command: ls  (in bash)",)


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (
            "console +session:x +background +export:A,B +os:linux +hidden +needs:a,b +demo:n\n"
            "#: needs b, needs c\n$ ls",
            ["command: ls  (in console, session x, background yes, export A,B, on linux, "
             "needs a,b,c, hidden yes)"],
        ),
        ("console +acquire_terminal\n$ vim", ["command: vim  (in console, takes keys yes)"]),
        ("http +demo +needs:a\nGET http://x/", ["request: GET http://x/  (kind http, needs a)"]),
        ("kubernetes +demo\nwatch: pods", ["request: watch pods  (kind kubernetes)"]),
        ("console +open:http://x\n$ ls", ["command: ls  (in console)", "open: http://x"]),
        (
            "console\n#: run rm x\n$ ls",
            ["command: rm x  (in console, shown as ls)"],
        ),
        ("console\n$ ls\n#: live never\n$ rm", ["command: ls  (in console)"]),
        (
            "rust +exec +needs:a\n# fn x() {}\nfn main() {}",
            ["code: fn x() {} ⏎ fn main() {}  (in rust, by rustc -o snippet snippet.rs "
             "&& ./snippet, needs a)"],
        ),
        (
            "Cobol +exec +pty:x +id:y +env:z\nMAIN",
            ["code: MAIN  (in cobol, exec, pty x, env z, id y)"],
        ),
        ("cobol +auto_exec +validate\na\n  b", ["code: a ⏎   b  (in cobol, auto_exec, validate)"]),
        ("bash +validate\nls", []),
    ],
)  # fmt: skip
def test_what_runs_as_a_user_reads_it(block: str, lines: list[str], tmp_path: Path) -> None:
    assert list(fingerprint(make(tmp_path, f"# A\n\n```{block}\n```\n")).lines) == lines


def test_code_in_quotes_as_a_user_reads_it(tmp_path: Path) -> None:
    def told(text: str) -> list[tuple[str, int]]:
        items = fingerprint(make(tmp_path, text)).items
        return [(str(item), item.place.line) for item in items if item.place is not None]

    line = "code: a  (in cobol, exec)"
    assert told("# A\n\n> ```cobol +exec\n> a\n> ```\n") == [(line, 1)]
    assert told("# A\n\n> > ~~~cobol +exec\n> > a\n> > ~~~\n") == [(line, 1)]
    assert told("# A\n\n  > ```cobol +exec\n  > a\n  > ```\n") == [(line, 1)]
    both = "# A\n\n> ```yaml +x\n> b\n> ```\n\n```cobol +exec\na\n```\n"
    assert told(both) == [(line, 1)] * 2  # read in both ways: told twice rather than not at all
    after = "# A\n\n```python +exec\nx\n```\n\n```cobol +exec\na\n```\n"
    assert (line, 1) in told(after)


def test_each_thing_has_its_place_in_the_deck(tmp_path: Path) -> None:
    text = "# A\n\n```console +open:http://x\n$ ls\n$ pwd\n```\n\n```python +exec\nx\n```\n"
    items = fingerprint(make(tmp_path, text)).items
    assert [(item.kind, item.place.line) for item in items if item.place is not None] == [
        ("command", 4), ("command", 5), ("open", 3), ("code", 9),
    ]  # fmt: skip


def test_the_rest_of_the_front_matter_as_a_user_reads_it(tmp_path: Path) -> None:
    front = (
        "options: {shell: zsh}\nstart: {b: {x: 1}, a: [2, {z: 1, y: é}]}\nsetup: 3\n"
        "reset: [{b: 1, a: 2}]\nvars: {b: 2, a: \"x\\ty\"}\nneeds: {w: {tcp: 'x:1'}}"
    )
    assert fingerprint(make(tmp_path, f"---\n{front}\n---\n# A\n")).lines == (
        'variable: a: "x\\ty"',
        "variable: b: 2",
        'condition: w: {"tcp": "x:1"}',
        'start: a: [2, {"y": "é", "z": 1}]',
        'start: b: {"x": 1}',
        'variable: options.shell: "zsh"',
        "setup: 3",
        'reset: {"a": 2, "b": 1}',
    )
    odd = fingerprint(make(tmp_path, "---\nvars: [1]\nstart: x\nsetup: [a, 2]\n---\n# A\n"))
    assert odd.lines == ("variable: [1]", 'start: "x"', "setup: a", "setup: 2")


def test_values_of_any_sort_are_told(tmp_path: Path) -> None:
    front = "vars: {day: 2026-01-01, number: 1e3}\nneeds: {a: {1: x, b: y}}"
    assert fingerprint(make(tmp_path, f"---\n{front}\n---\n# A\n")).lines == (
        'variable: day: "datetime.date(2026, 1, 1)"',
        'variable: number: "1e3"',
        'condition: a: {"1": "x", "b": "y"}',
    )


def test_only_values_that_were_agreed_to_are_covered(tmp_path: Path) -> None:
    told = fingerprint(make(tmp_path, "---\nvars: {host: a}\nneeds: {w: {tcp: 'x:1'}}\n---\n"))
    assert told.covers_value("condition", "w", {"tcp": "x:1"})
    assert told.covers_value("variable", "host", "a")
    assert not told.covers_value("variable", "host", "b")
    assert not told.covers_value("condition", "v", {"tcp": "x:1"})
    assert not told.covers_value("start", "w", {"tcp": "x:1"})
    untrusted = Fingerprint(told.path, told.items, "", "why")
    assert not untrusted.covers_value("variable", "host", "a")


def test_what_runs_nothing_is_told(tmp_path: Path) -> None:
    variable, command = Item("variable", "x: 1"), Item("command", "ls")
    assert Fingerprint("p", (), "d").runs_nothing
    assert Fingerprint("p", (variable, variable), "d").runs_nothing
    assert not Fingerprint("p", (variable, command), "d").runs_nothing
    assert not Fingerprint("p", (), "", "why").runs_nothing


def test_a_yes_of_an_earlier_version_still_counts() -> None:
    """Where this fails on purpose, `VERSION` has to change with it."""
    items = (Item("command", "ls é", (("in", "console"), ("on", "linux"))), Item("open", "x"))
    assert trust._digest("/talks/talk.md", items) == (
        "4712806a55b0caaae2c4defe72faeecae1969ae5234eef1d2cb99f250e4cfd99"
    )


def test_what_has_changed_is_told_line_by_line() -> None:
    assert diff(["a", "b", "c"], ["a", "x", "c", "d"]) == ("- b", "+ x", "+ d")
    assert diff(["a", "b"], ["b"]) == ("- a",)
    assert diff(["a"], ["a"]) == ()
    many = [f"line {n % 7}" for n in range(300)]
    assert diff(many, [*many[:150], "new", *many[150:]]) == ("+ new",)


def test_the_front_matter_as_a_user_reads_it(tmp_path: Path) -> None:
    front = "setup: [prepare, 'make all']\nreset: make clean\nvars: {port: 80}\nneeds: [odd]"
    assert fingerprint(make(tmp_path, f"---\n{front}\n---\n# A\n")).lines == (
        "variable: port: 80",
        "setup: prepare",
        "setup: make all",
        "reset: make clean",
    )


def test_a_pipe_that_a_command_names_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "run.sh")
    assert deck(tmp_path).digest


def test_files_outside_of_the_deck_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "talk"
    (folder).mkdir()
    text = f"```console\n$ cat ../secret {tmp_path}/secret /proc/self/environ\n```\n"
    assert [item.kind for item in fingerprint(make(folder, text)).items] == ["command"]


def test_only_what_is_listed_is_covered(tmp_path: Path) -> None:
    opened = make(tmp_path, "```console\n$ ls\n#: live never\n$ rm x\n```\n")
    other = make(tmp_path, "```console\n$ ls -l\n```\n", "other.md")
    (demo,), (another,) = opened.demos(0), other.demos(0)
    told = fingerprint(opened)
    assert told.covers(demo, demo.steps[0])
    assert not told.covers(demo, demo.steps[1])
    assert not told.covers(another, another.steps[0])
    untrusted = Fingerprint(told.path, told.items, "", "why")
    assert not untrusted.covers(demo, demo.steps[0])


def test_the_list_hides_nothing(tmp_path: Path) -> None:
    evil = "```bash +exec\n/// ls \u200b#\u00a0\nls\n```\n"
    (line,) = fingerprint(make(tmp_path, evil)).lines
    assert line == "command: ls \\u200b#\\xa0 ⏎ ls  (in bash, shown as ls)"


@given(st.text())
def test_visible_text_prints_on_one_line(text: str) -> None:
    assert visible(text).isprintable()


def test_the_order_of_conditions_is_nothing_and_that_of_commands_is(tmp_path: Path) -> None:
    def told(front: str, body: str) -> str:
        return fingerprint(make(tmp_path, f"---\n{front}\n---\n{body}")).digest

    one = told("needs: {a: {tcp: x, y: 1}, b: {tcp: z}}", "```console\n$ a\n$ b\n```\n")
    assert told("needs: {b: {tcp: z}, a: {y: 1, tcp: x}}", "```console\n$ a\n$ b\n```\n") == one
    assert told("needs: {a: {tcp: x, y: 1}, b: {tcp: z}}", "```console\n$ b\n$ a\n```\n") != one


def test_what_may_run_something_is_told_without_reading_a_slide(tmp_path: Path) -> None:
    for seed in range(0, DECKS, 5):
        canaries = Canaries(tmp_path, seed)
        told = canaries.write()
        assert may_run(open_deck(tmp_path / "talk.md")) >= (not told.runs_nothing)
    for key, body in BODY.items():
        name = "canary"
        (tmp_path / "more").mkdir(exist_ok=True)
        (tmp_path / "more" / "canary.md").write_text(BODY["console"].format(name))
        opened = make(tmp_path, f"# A\n\n{body.format(name)}\n")
        assert may_run(opened), key
        assert not fingerprint(opened).runs_nothing, key


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("# A\n\n```yaml\na: 1\n```\n", False),
        ("# A\n\n```cast\npath: x.cast\n```\n", False),
        ("text with console and +exec\n", False),
        ("```\nconsole\n+\n```\n", False),
        ("---\nvars: {a: 1}\n---\n# A\n", False),
        ("```con\x07sole\n$ ls\n```\n", True),
        ("```CONSOLE\n$ ls\n```\n", True),
        ("* > ~~~console\n  > $ ls\n", True),
        ("``` {.python} +exec\nx\n```\n", True),
        ("---\nneeds: {a: {tcp: 'b:1'}}\n---\n# A\n", True),
        ("---\nsetup: make\n---\n# A\n", True),
    ],
)
def test_decks_that_run_something_and_decks_that_do_not(
    text: str, runs: bool, tmp_path: Path
) -> None:
    opened = make(tmp_path, text)
    told = fingerprint(opened)
    assert told.runs_nothing is not runs, told.lines
    assert may_run(opened) or not runs


def test_code_that_nobody_runs_costs_no_parsing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = make(tmp_path, "# A\n\n```yaml\na: 1\n```\n")
    assert not may_run(opened)
    monkeypatch.setattr(opened, "slide", None)  # to be called by nobody
    assert fingerprint(opened).items == ()


def test_slides_without_fences_are_not_parsed(tmp_path: Path) -> None:
    opened = make(tmp_path, "# A\n\ntext\n\n---\n\n# B\n\n```console\n$ ls\n```\n")
    read: list[int] = []
    slide = opened.slide
    opened.slide = lambda index: read.append(index) or slide(index)  # type: ignore[method-assign,func-returns-value]
    fingerprint(opened)
    assert read == [1]


FRAGMENTS = st.lists(
    st.sampled_from(
        ["```console\n", "```\n", "$ ls x\n", "~~~ +exec\n", "> ", "- ", "---\n",
         "setup: {a: [b]}\n", "needs: 3\n", "start: [1]\n", "vars: x\n", "```file +exec\n",
         "path: ../x\n", "\n", "\x1b",
         "```python +exec\n", "#: run a\n", "cd ..\n", "$ cd a/b\n"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(FRAGMENTS | st.text(max_size=60))
def test_any_deck_has_a_fingerprint_and_always_the_same(tmp_path: Path, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    one, two = (fingerprint(make(tmp_path, text)) for _ in range(2))
    assert one == two
    assert len(one.digest) == 64
    assert all(line.isprintable() for line in one.lines)
