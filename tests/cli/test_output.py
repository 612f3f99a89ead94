"""What the commands write to a terminal: nothing in it steers one, whatever a deck is named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from presenter.cli import main

ESCAPE = "\x1b]0;owned\x07\x9b31m\u202e"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
DECK = f"""---
needs: {{"a\\e[31m\\x9b\\u202E": 1}}
vars: {{x: "\\x9b\\u202E"}}
---
# A {ESCAPE}

<!-- include: x{ESCAPE}.md -->

```file
path: y{ESCAPE}.py
```

```console +demo:n{ESCAPE}
$ ls {ESCAPE}
out {ESCAPE}
```
"""


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_outline_steers_no_terminal(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    deck = tmp_path / f"a{ESCAPE}b.md"
    deck.write_text(DECK)
    assert main(["outline", str(deck), *options]) == 1
    said = capsys.readouterr()
    assert "no such file" in said.err
    assert not STEERING.search(said.out + said.err)
    if options:
        values = json.loads(said.out)
        assert values["path"] == str(deck)
        assert values["meta"]["extra"]["vars"]["x"] == "\x9b\u202e"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_check_steers_no_terminal(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    deck = tmp_path / f"a{ESCAPE}b.md"
    deck.write_text(DECK)
    assert main(["check", "--static", str(deck), *options]) == 1
    said = capsys.readouterr()
    assert "no such file" in said.out
    assert not STEERING.search(said.out + said.err)
    if options:
        assert json.loads(said.out)["deck"] == str(deck)


@pytest.mark.parametrize(
    "arguments",
    [["outline", f"no{ESCAPE}\nsuch"], ["play", f"no{ESCAPE}\nsuch"], [f"--no{ESCAPE}\nsuch"]],
)
def test_what_is_wrong_steers_no_terminal_and_takes_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        ended = main(arguments)
    except SystemExit as exit_:
        ended = int(str(exit_.code))
    said = capsys.readouterr().err
    assert ended in (1, 2)
    assert not STEERING.search(said)
    assert said.startswith("presenter")
    assert said.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_name_that_no_encoding_has_is_no_reason_to_fail(
    tmp_path: Path, options: list[str]
) -> None:
    name = os.fsencode(tmp_path) + b"/a\xffb.md"
    with open(name, "w") as deck:  # noqa: PTH123 - a name of bytes
        deck.write("text\n")
    command: list[str | bytes] = [sys.executable, "-m", "presenter", "outline", name, *options]
    strict = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, capture_output=True, env=strict, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"a\\udcffb.md" in done.stdout


def test_a_talk_whose_front_matter_is_broken_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESENTER_CONFIG", os.devnull)
    (tmp_path / "talk.md").write_text("---\ntitle: [\n---\n# A\n")
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)  # no terminal: the talk does not begin
        assert main(["talk.md"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("talk.md:3:1: error: front matter:")
    assert second.startswith("presenter: standard input is not a terminal")
