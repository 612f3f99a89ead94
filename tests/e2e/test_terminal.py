"""The talk in a real terminal: how it ends, how it comes back, what the terminal sends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.console import Console, presenter_command
from tests.e2e.stage import journals, last_event, open_talk


def ask_to_end(console: Console) -> int:
    console.press("ctrl+q")
    console.wait_text("End the talk?")
    console.press("y")
    return console.wait_end()


# --- ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_ends_the_talk_and_restores_the_terminal(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        console.press("n", "n", " ")
        console.wait_text("$ echo hello")
        console.process.send_signal(number)
        assert console.wait_end() == status
        assert console.restored()
    assert last_event(tmp_path) != "SessionEnded"  # `resume` comes back to it


def test_the_quit_asks_and_ends_with_status_0(tmp_path: Path) -> None:
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        console.press("escape")
        console.press("f5")
        console.press("q")
        console.press("n")
        console.wait_text("2 / 7")
        console.press("ctrl+q")
        console.wait_text("End the talk?")
        console.press("pagedown")
        console.wait_gone("End the talk?")
        assert ask_to_end(console) == 0
        assert console.restored()
    assert last_event(tmp_path) == "SessionEnded"


# --- resume -----------------------------------------------------------------------------------


def test_resume_comes_back_to_slide_step_screens_and_timer(tmp_path: Path) -> None:
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        console.press("t", "n", "n", "s")
        console.wait_text("≡ transcript")
        console.wait(lambda: last_event(tmp_path) == "StepFinished", "the step's end")
        console.press(" ")
        console.wait_text("$ echo again")
        before = console.text()
        began = time.monotonic()
        console.interface().kill()
        console.wait_end()
    with open_talk(tmp_path, "resume") as console:
        console.wait(lambda: console.text() == before, "the same screen")
        console.press("N")
        console.wait_text("Notes are private")
        console.press("y")
        console.wait_text("slide 3 of 7, press 3 of 4")
        console.wait_text("next: run echo again")
        away = time.monotonic() - began
        shown = next(line for line in console.lines() if "   private" in line)
        minutes, seconds = shown.split()[0].split(":")
        assert abs(int(minutes) * 60 + int(seconds) - away) <= 2
        console.press("N", " ")
        console.wait(lambda: "│again" in console.text(), "the output")
        assert ask_to_end(console) == 0


def test_resume_after_a_crash_in_a_playing_step_shows_its_end(tmp_path: Path) -> None:
    with open_talk(tmp_path, "talk.md", "--speed", "0.25") as console:
        console.wait_text("1 / 7")
        console.wait(lambda: bool(journals(tmp_path)), "the journal")
        console.press("n", "n", "space")
        console.wait(lambda: last_event(tmp_path) == "StepTyping", "typing")
        console.press("space")
        console.wait(lambda: last_event(tmp_path) == "StepTyped", "the typed command")
        console.wait_text("$ echo hello")
        while console.read(0.1):
            pass
        console.press("space")
        console.wait(lambda: last_event(tmp_path) in {"StepStarted", "StepFinished"}, "a run")
        console.interface().kill()
        console.wait_end()
    with open_talk(tmp_path, "resume", "talk.md") as console:
        console.wait(lambda: "│hello" in console.text(), "the final screen")
        console.wait_text("3 / 7")
        console.press("space")
        console.wait_text("$ echo again")
        assert ask_to_end(console) == 0


def test_two_presenters_at_once_do_not_mix(tmp_path: Path) -> None:
    with open_talk(tmp_path) as one, open_talk(tmp_path) as other:
        one.wait_text("1 / 7")
        other.wait_text("1 / 7")
        one.press("n")
        one.wait_text("2 / 7")
        other.press("G")
        other.wait_text("7 / 7")
        assert ask_to_end(one) == 0
        assert ask_to_end(other) == 0
    moves = [[f["slide"] for kind, f in talk if kind == "Moved"] for talk in journals(tmp_path)]
    assert sorted(moves) == [[1], [6]]


@pytest.mark.parametrize("place", ["file", "/dev/full"])
def test_without_a_place_for_the_journal_the_talk_goes_on(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    state = place if place.startswith("/") else str(tmp_path / place)
    with open_talk(tmp_path, env={"PRESENTER_STATE_DIR": state}) as console:
        console.wait_text("1 / 7")
        console.press("n")
        console.wait_text("2 / 7")
        assert ask_to_end(console) == 0
        said = console.received.decode().rpartition("\x1b[?1049l")[2]
        assert "presenter: " in said
        assert place in said
        assert "Traceback" not in said


# --- settings ---------------------------------------------------------------------------------


def test_settings_change_keys_and_mistakes_are_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        'theme = "lihgt"\n[keys]\n"nav.nxt" = "x"\n"nav.next" = "x, spcae"\n'
    )
    with open_talk(tmp_path) as console:
        console.wait_text("1 / 7")
        console.press("space", "x")
        console.wait_text("2 / 7")
        console.wait_text("first line")
        assert "second line" not in console.text()
        assert ask_to_end(console) == 0
        said = console.received.decode()
    assert "settings.toml: unknown binding 'nav.nxt'; did you mean 'nav.next'?" in said
    assert "'nav.next': unknown key 'spcae'; did you mean 'space'?" in said
    assert "no theme 'lihgt'; did you mean 'light'?" in said


# --- mouse, sizes, terminals ------------------------------------------------------------------


def mouse(console: Console, button: int, x: int, y: int) -> None:
    """A press and release at a cell, counted from 0, as SGR mouse reports."""
    console.press(f"\x1b[<{button};{x + 1};{y + 1}M")
    if button < 64:
        console.press(f"\x1b[<{button};{x + 1};{y + 1}m")


def test_the_mouse_scrolls_focuses_and_opens(tmp_path: Path) -> None:
    with open_talk(tmp_path, "talk.md", "--slide", "long") as console:
        console.wait_text("Paragraph number 0.")
        mouse(console, 65, 20, 10)
        console.wait_gone("Paragraph number 0.")
        mouse(console, 64, 20, 10)
        console.wait_text("Paragraph number 0.")
        console.press("3", "G")
        console.wait_text("╭─ shell")
        y = next(n for n, line in enumerate(console.lines()) if "╭─ shell" in line)
        mouse(console, 0, 30, y + 3)
        while console.read(0.1):
            pass
        console.press("n", "q", "pagedown", "ctrl+]", "n")
        console.wait_text("4 / 7")
        console.press("o")
        console.wait_text("At once")
        y = next(n for n, line in enumerate(console.lines()) if "At once" in line)
        mouse(console, 0, console.lines()[y].index("At once"), y)
        console.wait_text("5 / 7")
        assert ask_to_end(console) == 0


def test_a_resize_while_a_step_plays_loses_nothing(tmp_path: Path) -> None:
    with open_talk(tmp_path, "talk.md", "--slide", "demo") as console:
        console.wait_text("3 / 7")
        console.press("space")
        console.resize(40, 12)
        console.wait(lambda: last_event(tmp_path) == "StepTyped", "the typed command")
        console.wait_text("$ echo hello")
        console.press("space")
        console.resize(20, 5)
        console.wait_text("Make the window")
        console.resize(200, 60)
        console.wait(lambda: last_event(tmp_path) == "StepFinished", "the step's end")
        console.wait(lambda: "│hello" in console.text(), "the output")
        assert ask_to_end(console) == 0
        assert console.restored()


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "linux", "COLORTERM": ""},
        {"TERM": "xterm", "COLORTERM": ""},
        {"NO_COLOR": "1"},
        {"LANG": "C", "LC_ALL": "C"},
        {"TERM": "xterm-256color", "COLORTERM": ""},
        {"COLUMNS": "30", "LINES": "9"},
    ],
    ids=lambda env: "-".join(f"{key}={value}" for key, value in env.items()),
)
def test_poor_terminals_show_the_talk(tmp_path: Path, env: dict[str, str]) -> None:
    with open_talk(tmp_path, env=env) as console:
        console.wait_text("1 / 7")
        console.press("n", "n", "s")
        console.wait_text(" transcript ")
        assert ask_to_end(console) == 0
        assert console.restored()
        if env.get("COLORTERM") == "":
            assert b"38;2;" not in console.received


# --- --recorded, --watch ----------------------------------------------------------------------

AUDIT = """
import os, sys
FORBIDDEN = ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn",
             "os.system", "pty.spawn", "socket.connect", "socket.bind", "socket.getaddrinfo",
             "socket.sendto", "socket.gethostbyname")
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hook(name, arguments):
    if name == "socket.bind" and isinstance(arguments[1], (str, bytes)):
        return  # the Unix socket of the speaker's own screen
    if name in FORBIDDEN or name == "import" and arguments[0] in ("kubernetes", "httpx"):
        os.write(log, (name + "\\n").encode())
sys.addaudithook(hook)
from presenter.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_a_recorded_talk_starts_no_process_and_opens_no_connection(tmp_path: Path) -> None:
    log = tmp_path / "audit"
    argv = [sys.executable, "-c", AUDIT, str(log), "istio-101", "--recorded", "--speed", "16"]
    env = {"PRESENTER_STATE_DIR": str(tmp_path / "state"), "PRESENTER_CONFIG": os.devnull}
    with Console(argv, columns=100, rows=34, env=env) as console:
        console.wait_text("1 / ")
        console.press("7", "G", *"ssssss", "o")
        console.wait_text("Ingress and CA")  # in the overview
        console.press("escape")
        console.wait_text("7 / ")
        console.press("/", "mixer")
        console.wait_text("Building blocks")
        console.press("escape")
        while console.read(0.2):
            pass
        assert ask_to_end(console) == 0
    assert log.read_text() == "os.fork\n"  # the interface, by its supervisor
    # The hook does see what it is there for.
    check = "import subprocess\ndef main(argv):\n subprocess.run(['true'])\n return 0\n"
    code = AUDIT.replace("from presenter.cli import main", check)
    subprocess.run([sys.executable, "-c", code, str(log)], check=True, timeout=60)
    assert "subprocess.Popen" in log.read_text()


def test_watching_shows_the_changed_slide_and_what_is_wrong(tmp_path: Path) -> None:
    with open_talk(tmp_path, "talk.md", "--watch") as console:
        console.wait_text("1 / 7")
        console.press("n")
        console.wait_text("2 / 7")
        deck = tmp_path / "talk.md"
        text = deck.read_text()
        deck.write_text(text.replace("Two steps follow.", "Two steps will follow."))
        console.wait_text("Two steps will follow.")
        deck.write_text(text.replace("title: A talk", "title: [A talk"))
        console.wait_text("talk.md:3:")
        deck.write_text(text)
        console.wait_gone("talk.md:3:")
        assert ask_to_end(console) == 0


def test_the_command_is_installed() -> None:
    assert Path(presenter_command()).exists()
