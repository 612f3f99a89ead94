"""The documentation says what the program does: examples, commands, words and links are tried.

`python -m tests.test_docs > docs/keys.md` writes the page of keys.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from presenter.cli.parser import COMMANDS as CLI_COMMANDS
from presenter.deck.attributes import KNOWN
from presenter.deck.blocks import ALERTS
from presenter.deck.comments import COMMANDS
from presenter.deck.console import DIRECTIVES
from presenter.deck.deck import open_deck
from presenter.deck.demos import SHELLS
from presenter.deck.frontmatter import _HANDLERS, DIALECTS, OPTIONS, STORED_KEYS
from presenter.deck.shapes import PROBES
from presenter.deck.text import slug
from presenter.recording.asciicast import parse_header
from presenter.recording.provenance import KEY, marker_label, provenance_object, provenance_of
from presenter.ui.bindings import KEYS, OVERVIEW_KEYS, PLAYER_KEYS, Key, shown
from tests.material import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("recordings/*.md")])
FORMAT = ROOT / "docs" / "deck-format.md"
TUTORIAL = ROOT / "docs" / "writing-a-talk.md"

_EXAMPLE = re.compile(
    r"<!-- example: (\d+) slides?(?: in (\S+))? -->\n(`{3,})markdown\n(.*?\n)\3\n", re.DOTALL
)
_FILE = re.compile(r"<!-- file: (\S+) -->\n```text\n(.*?\n)```\n", re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)")


@dataclass(frozen=True)
class Example:
    """A deck printed on a page; `file` is the name that the page gives it, or empty."""

    page: str
    line: int
    slides: int
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def examples(page: Path) -> Iterator[Example]:
    text = page.read_text("utf-8")
    for found in _EXAMPLE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Example(page.name, line, int(found[1]), found[2] or "", found[4])


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# --- decks ------------------------------------------------------------------------------------


def test_every_deck_on_a_page_is_tried() -> None:
    """A deck without a number of slides above it would never be opened."""
    for page in (FORMAT, TUTORIAL):
        fences = re.findall(r"^`{3,}markdown$", page.read_text("utf-8"), re.MULTILINE)
        assert fences
        assert len(fences) == len(list(examples(page))), page.name


@pytest.mark.parametrize("example", [each for page in PAGES for each in examples(page)], ids=str)
def test_a_deck_on_a_page_opens_with_its_slides_and_no_problem(
    example: Example, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "recordings" / "tour", tmp_path / "recordings" / "tour")
    deck = tmp_path / "slides" / "example.md"
    deck.parent.mkdir()
    deck.write_text(example.text, "utf-8")
    opened = open_deck(deck)
    assert len(opened) == example.slides
    # The tutorial shows one mistake, and what the program says to it.
    expected = 1 if "+dmeo" in example.text else 0
    assert len(opened.problems()) == expected, opened.problems()


# --- the tutorial -----------------------------------------------------------------------------


def agrees(printed: list[str], told: list[str]) -> bool:
    """Whether output is as a transcript tells it; `...` alone is any lines, within one anything."""
    if not told:
        return not printed
    if told[0] == "...":
        return any(agrees(printed[skip:], told[1:]) for skip in range(len(printed) + 1))
    pattern = ".*".join(map(re.escape, told[0].split("...")))
    return bool(printed and re.fullmatch(pattern, printed[0])) and agrees(printed[1:], told[1:])


def test_a_transcript_agrees_with_what_it_stands_for_and_with_nothing_else() -> None:
    assert agrees(["one", "two", "three"], ["one", "...", "th...ee"])
    assert not agrees(["one", "two"], ["one"])
    assert not agrees([], ["one"])


def test_the_commands_of_the_tutorial_print_what_it_says(tmp_path: Path) -> None:
    page = open_deck(TUTORIAL)
    for example in examples(TUTORIAL):
        path = tmp_path / example.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(example.text, "utf-8")
    steps = [step for demo in page.all_demos() for step in demo.steps]
    assert len(steps) > 5
    program = f'presenter() {{ "{sys.executable}" -m presenter "$@"; }}\n'
    for step in steps:
        done = subprocess.run(
            ["bash", "-c", program + step.command],
            cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=60, encoding="utf-8", env=_environment(tmp_path),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        assert agrees(printed, list(step.transcript or ())), f"$ {step.command}\n{done.stdout}"
    files = _FILE.findall(TUTORIAL.read_text("utf-8"))
    assert files
    for name, text in files:
        written = (tmp_path / name).read_text("utf-8").splitlines()
        assert "\n".join(line.rstrip() for line in written).rstrip() == text.rstrip()


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        # As in a terminal: what goes to standard output and to standard error stands in its order.
        "PYTHONUNBUFFERED": "1",
    }


# --- words ------------------------------------------------------------------------------------


def missing(words: Collection[str], text: str) -> list[str]:
    """The words that stand nowhere in code spans or blocks of `text`."""
    code = "\n".join(re.findall(r"`[^`\n]+`", text))
    return [w for w in words if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", code)]


@pytest.mark.parametrize(
    "words",
    [
        COMMANDS, KNOWN, DIRECTIVES, tuple(_HANDLERS), STORED_KEYS, OPTIONS, DIALECTS, PROBES,
        SHELLS, [f"!{alert.upper()}" for alert in ALERTS],
    ],
    ids=[
        "comment commands", "attributes", "directives", "front matter", "front matter kept",
        "options", "dialects", "probes", "shells", "alerts",
    ],
)  # fmt: skip
def test_the_deck_format_names_every_word_that_the_program_knows(words: Collection[str]) -> None:
    assert missing(words, FORMAT.read_text("utf-8")) == []


def test_attributes_stand_with_their_sign() -> None:
    text = FORMAT.read_text("utf-8")
    assert [key for key in sorted(KNOWN) if f"`+{key}" not in text] == []


def test_a_word_that_is_not_there_is_found_missing() -> None:
    assert missing(["pause", "paus", "pauses"], "`pause: 1` pauses") == ["paus", "pauses"]


def test_the_readme_names_every_command_in_its_table() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = re.findall(r"^\| `presenter \[?([a-z]+)", text, re.MULTILINE)
    assert sorted(table) == sorted(CLI_COMMANDS)


# --- keys -------------------------------------------------------------------------------------


def _rows(keys: Iterable[Key]) -> list[str]:
    rows = []
    for key in keys:
        pressed = " ".join(f"`{each}`" for each in shown(key.keys).split())
        names = ", ".join(key.keys.split(","))
        rows.append(f"| {pressed} | {key.label} | `{key.id}` | `{names}` |")
    return rows


def keys_page() -> str:
    """`docs/keys.md`, made of the program's own tables."""
    lines = [
        "# Keys",
        "",
        "Made of the program's tables by `python -m tests.test_docs > docs/keys.md`.",
        "",
        "## A talk",
        "",
        "The ids are what the settings file names, and the last column is how it names the keys;",
        "a sign such as `?` or `ctrl+]` may be written as it is.",
        "",
        "```toml",
        "[keys]",
        f'"{KEYS[0].id}" = "space, right, pagedown"',
        "```",
        "",
        "While a demo's pane has the keys, all of them go to it but that of `pane.leave`;",
        "the scratch shell gets all but that of `scratch.toggle`.",
        "",
        "| key | does | id | in the settings |",
        "|---|---|---|---|",
    ]
    lines += _rows(KEYS)
    lines += ["", "Escape, F5 and `q` do nothing, so that no clicker ends a talk."]
    head = ["", "| key | does | id | in the settings |", "|---|---|---|---|"]
    lines += ["", "## The overview", *head, *_rows(OVERVIEW_KEYS)]
    lines += ["", "## A recording", ""]
    lines.append("In `presenter play`, and in a `cast` block whose pane has the keys.")
    lines += ["Digits `0` … `9` go to that tenth of the recording.", *head, *_rows(PLAYER_KEYS)]
    return "\n".join(lines) + "\n"


def test_the_page_of_keys_is_that_of_the_program() -> None:
    """Write it anew where this fails: see the head of this file."""
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == keys_page()


# --- recordings -------------------------------------------------------------------------------


def test_the_header_and_the_marker_on_the_page_are_those_of_a_recording() -> None:
    page = (ROOT / "docs" / "recordings.md").read_text("utf-8")
    found = re.search(r"<!-- header -->\n```json\n(.*?)```", page, re.DOTALL)
    assert found is not None
    raw = json.loads(found[1])
    cast = (ROOT / "recordings" / "tour" / "hello.cast").read_text("utf-8").splitlines()
    assert raw == json.loads(cast[0])
    header, problems = parse_header(raw, 3)
    provenance = provenance_of(header)
    assert provenance is not None
    assert not problems
    assert provenance_object(provenance) == raw[KEY]
    label = marker_label(1, provenance.commands[1])
    assert f'[0.000, "m", "{label}"]' in page
    assert f'[0.000, "m", "{label}"]' in cast


# --- links ------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^(`{3,}).*?^\1$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return {slug(head.replace("`", "")) for head in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^(`{3,}).*?^\1$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`\n]+`", "", text)
    broken = []
    for link in _LINK.findall(text):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


if __name__ == "__main__":
    sys.stdout.write(keys_page())
