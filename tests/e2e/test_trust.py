"""The question before a talk, in a real PTY: when it stands, what answers it, what is kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from tests.canaries import CANARY, canary_deck, hatched
from tests.console import Console
from tests.e2e.stage import journals, open_talk

DECK = "# First\n\n```console +demo:d\n$ ls -l\nout\n```\n\n---\n\n# Second\n\ntext\n"
QUESTION = "now and later?"
LATER = "\x1b[?1049h"
"""What begins the stage."""


def ask(folder: Path, *arguments: str, text: str = DECK, wrap: Sequence[str] = ()) -> Console:
    return open_talk(folder, *arguments, text=text, recorded=False, columns=80, rows=24, wrap=wrap)


def leave(console: Console) -> None:
    console.wait(lambda: b"\x1b[?2004h" in console.received, "the application")
    console.press("ctrl+q")
    console.wait_text("End the talk?")
    console.press("y")
    assert console.wait_end() == 0


def trusted(folder: Path) -> list[dict[str, object]]:
    path = folder / "state" / "trust.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_yes_is_asked_for_once_before_the_first_slide(tmp_path: Path) -> None:
    with ask(tmp_path) as console:
        console.wait_text(QUESTION)
        assert "ls -l" in console.text()
        assert "First" not in console.text()
        assert LATER.encode() not in console.received
        console.press("y", "enter")
        console.wait_text("1 / 2")
        leave(console)
    assert [entry["path"] for entry in trusted(tmp_path)] == [str(tmp_path.resolve() / "talk.md")]
    (tmp_path / "talk.md").write_text(DECK.replace("text", "another sentence"))
    with ask(tmp_path) as console:
        console.wait_text("1 / 2")
        leave(console)
        assert QUESTION not in console.received.decode()


@pytest.mark.parametrize("keys", [("enter",), ("n", "enter"), ("\x04",), ("yy", "enter")])
def test_anything_else_opens_the_deck_untrusted(keys: tuple[str, ...], tmp_path: Path) -> None:
    with ask(tmp_path) as console:
        console.wait_text(QUESTION)
        console.press(*keys)
        console.wait_text("1 / 2")
        leave(console)
    assert trusted(tmp_path) == []
    assert len(journals(tmp_path)) == 1


def test_an_interrupt_leaves_without_a_talk(tmp_path: Path) -> None:
    with ask(tmp_path) as console:
        console.wait_text(QUESTION)
        console.press("ctrl+c")
        assert console.wait_end() == 130
        assert LATER.encode() not in console.received
    assert (trusted(tmp_path), journals(tmp_path)) == ([], [])


def test_what_was_typed_before_the_question_answers_nothing(tmp_path: Path) -> None:
    with ask(tmp_path) as console:
        console.press("y", "enter", "y", "enter")
        console.wait_text(QUESTION)
        console.press("enter")
        console.wait_text("1 / 2")
        leave(console)
    assert trusted(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [("# First\n\n```yaml\na: 1\n```\n", ()), (DECK, ("talk.md", "--recorded"))],
    ids=["nothing to run", "recorded"],
)
def test_nothing_is_asked(text: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "trust.jsonl").write_text("damaged: to be complained of when read\n")
    with ask(tmp_path, *arguments, text=text) as console:
        console.wait_text("1 / ")
        leave(console)
        assert QUESTION not in console.received.decode()
        assert "damaged" not in console.text()
    assert (tmp_path / "state" / "trust.jsonl").read_text().startswith("damaged")


def test_a_yes_on_the_command_line_is_remembered(tmp_path: Path) -> None:
    for arguments in (("talk.md", "--trust"), ("talk.md", "--live")):
        with ask(tmp_path, *arguments) as console:
            console.wait_text("1 / 2")
            leave(console)
            assert QUESTION not in console.received.decode()
    assert len(trusted(tmp_path)) == 1


def test_a_hundred_commands_are_read_page_by_page(tmp_path: Path) -> None:
    steps = "\n".join(f"$ echo {number}." for number in range(100))
    seen: set[str] = set()
    with ask(tmp_path, text=f"# First\n\n```console\n{steps}\n```\n") as console:
        for page in range(1, 20):
            prompts = (f"Page {page} of", QUESTION)
            console.wait(
                lambda any_of=prompts: any(each in console.text() for each in any_of),  # type: ignore[misc]
                "the next page",
            )
            seen.update(line.strip() for line in console.lines())
            if QUESTION in console.text():
                break
            console.press("y", "enter")  # no yes: there is more to see
        assert trusted(tmp_path) == []
        assert all(f"{number + 1}  echo {number}." in seen for number in range(100))
        console.press("y", "enter")
        console.wait_text("1 / 1")
        leave(console)
    assert len(trusted(tmp_path)) == 1


def test_a_changed_file_is_asked_about_with_what_has_changed(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("ls\n")
    text = DECK.replace("ls -l", "./run.sh")
    with ask(tmp_path, "talk.md", "--trust", text=text) as console:
        console.wait_text("1 / 2")
        leave(console)
    script.write_text("rm\n")
    with ask(tmp_path) as console:
        console.wait_text(QUESTION)
        assert "Changed since your yes" in console.text()
        assert "+ file: run.sh" in console.text()
        assert LATER.encode() not in console.received
        console.press("n", "enter")
        console.wait_text("1 / 2")
        leave(console)


@pytest.mark.parametrize("how", ["a moved deck", "a link to another deck"])
def test_a_yes_is_for_one_path(how: str, tmp_path: Path) -> None:
    with ask(tmp_path, "talk.md", "--trust") as console:
        console.wait_text("1 / 2")
        leave(console)
    other = tmp_path / "other.md"
    if how == "a moved deck":
        (tmp_path / "talk.md").rename(other)
    else:
        (tmp_path / "evil.md").write_text(DECK)
        other.symlink_to(tmp_path / "evil.md")
    with ask(tmp_path, "other.md", text=DECK) as console:
        console.wait_text(QUESTION)
        console.press("ctrl+c")
        assert console.wait_end() == 130


def test_a_link_to_the_trusted_deck_is_the_deck(tmp_path: Path) -> None:
    with ask(tmp_path, "talk.md", "--trust") as console:
        console.wait_text("1 / 2")
        leave(console)
    (tmp_path / "link.md").symlink_to(tmp_path / "talk.md")
    with ask(tmp_path, "link.md") as console:
        console.wait_text("1 / 2")
        leave(console)
        assert QUESTION not in console.received.decode()


def test_the_curtain_goes_down_for_a_question_that_nobody_presumed(tmp_path: Path) -> None:
    """Another version may take the same bytes for other commands: the digest decides."""
    text = f"# Before\n\ntext\n\n---\n\n{DECK}"
    with ask(tmp_path, "talk.md", "--trust", text=text) as console:
        console.wait_text("1 / 3")
        leave(console)
    (entry,) = trusted(tmp_path)
    (tmp_path / "state" / "trust.jsonl").write_text(json.dumps({**entry, "digest": "0"}) + "\n")
    with ask(tmp_path) as console:
        console.wait_text(QUESTION)
        assert "Before" not in console.text()
        assert LATER.encode() in console.received
        console.press("y", "enter")
        console.wait_text("1 / 3")
        leave(console)
        assert console.restored()
    assert trusted(tmp_path)[0]["digest"] == entry["digest"]


@pytest.mark.parametrize("yes", [True, False])
def test_a_talk_that_is_resumed_asks_nothing(yes: bool, tmp_path: Path) -> None:
    with ask(tmp_path, *(("talk.md", "--trust") if yes else ())) as console:
        if not yes:
            console.wait_text(QUESTION)
            console.press("enter")
        console.wait_text("1 / 2")
        console.interface().kill()
        console.wait_end()
    with ask(tmp_path, "resume") as console:
        console.wait_text("1 / 2")
        leave(console)
        assert QUESTION not in console.received.decode()
        assert ("is not trusted: nothing of it was run" in console.text()) is not yes


# --- what runs in an untrusted deck: nothing --------------------------------------------------


@pytest.mark.parametrize("number", range(5))
def test_an_untrusted_deck_is_pressed_through_and_nothing_runs(number: int, tmp_path: Path) -> None:
    path = canary_deck(tmp_path, 1000 + number, most=5)
    slides = len(open_deck(path))
    trace = tmp_path / "trace.txt"
    with ask(tmp_path, wrap=traced(trace)) as console:
        console.wait(
            lambda: QUESTION in console.text() or "Page 1" in console.text(), "the question"
        )
        console.press("n", "enter")
        console.wait(lambda: b"\x1b[?2004h" in console.received, "the application")
        for slide in range(1, slides + 1):
            press_through(console)
            console.press("g", *str(slide + 1), "G") if slide < slides else None
        leave(console)
    assert hatched(tmp_path) == []
    assert strangers(trace) == []


def test_the_same_presses_run_what_is_trusted(tmp_path: Path) -> None:
    """Else the decks above would prove nothing."""
    text = f"# First\n\n```console\n$ touch {CANARY}\n```\n"
    with ask(tmp_path, "talk.md", "--trust", text=text) as console:
        console.wait_text("First")
        for _ in range(3):  # a machine that is slow may take a key for one too early
            if not hatched(tmp_path):
                press_through(console)
        console.wait(lambda: bool(hatched(tmp_path)), "the canary")
        leave(console)


def press_through(console: Console) -> None:
    """Keys that go on, run, replay, keep and ask for live again; each with time to take effect."""
    for key in ("pagedown", "space", "s", "r", "L", "K", "enter", "space", "left", "F", "right"):
        console.press(key)
        while console.read(0.3):
            pass


CALLS = ("execve", "execveat", "clone", "clone3", "fork", "vfork", "socket", "connect")


def traced(trace: Path) -> list[str]:
    """What is put before a command so that its processes and sockets are written down."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("no strace here")
    probe = subprocess.run(
        [program, "-o", os.devnull, "true"], capture_output=True, timeout=30, check=False
    )
    if probe.returncode:
        pytest.skip("strace may not trace here")
    return [program, "-f", "-e", f"trace={','.join(CALLS)}", "-o", str(trace)]


def strangers(trace: Path) -> list[str]:
    """What a trace tells beside the program's own start, its threads and its Unix sockets."""
    lines = [line.partition(" ")[2].strip() for line in trace.read_text().splitlines()]
    calls = [line for line in lines if line.startswith(CALLS)]
    assert "presenter" in calls[0]
    forked = calls[1].startswith(("clone(", "fork(")) and "CLONE_V" not in calls[1]
    # What is begun by vfork is told by its execve; one of them holds sleep off.
    harmless = ("CLONE_THREAD", "socket(AF_UNIX", "vfork", "systemd-inhibit", "dbus")
    return [
        line for line in calls[1 + forked :] if not any(word in line for word in harmless)
    ]  # the program's first fork is its interface


def test_a_trace_tells_of_what_was_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    program = [sys.executable, "-c", "import os; os.system('true presenter')"]
    subprocess.run([*traced(trace), *program, "presenter"], check=True, timeout=60)
    assert any("true presenter" in line for line in strangers(trace))
    code = "import socket; socket.socket().close()"
    subprocess.run([*traced(trace), sys.executable, "-c", code, "presenter"], check=True)
    assert [line.partition(",")[0] for line in strangers(trace)] == ["socket(AF_INET"]


def test_code_of_another_language_runs_as_it_was_shown(tmp_path: Path) -> None:
    text = "# First\n\n```python +exec_replace\n/// six = 6\nprint(f'is {six * 7}')\n```\n"
    with ask(tmp_path, text=text) as console:
        console.wait_text(QUESTION)
        assert "six = 6" in console.text()
        console.press("y", "enter")
        console.wait(lambda: b"\x1b[?2004h" in console.received, "the application")
        console.press("space")
        console.wait_text("$ python3 snippet.py")
        console.press("space")
        console.wait_text("is 42")
        leave(console)
    assert not list(tmp_path.glob("snippet*"))
