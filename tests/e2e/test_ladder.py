"""Single steps on the ladder: each fault, each setting, each key, in a real PTY."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from presenter.deck.deck import open_deck
from tests.e2e.livetalk import LiveTalk
from tests.e2e.stubs import environment
from tests.e2e.test_live_talk import Way, ways_of
from tests.live.probe_stubs import Page, Stub, serving

WAITS = "until [ -e $T/go ]; do sleep 0.02; done"
"""A command that goes on when the test says so: $T is the test's folder, and not the deck's."""


def demo(name: str, *lines: str, fence: str = "", own: bool = True) -> str:
    """A slide with one demo, in a shell of its own unless told otherwise."""
    session = f" +session:{name}" if own else ""
    text = "\n".join(lines)
    return f"# {name}\n\n```console +demo:{name}{session} {fence}\n{text}\n```\n"


def small(
    folder: Path,
    *slides: str,
    front: str = "",
    arguments: tuple[str, ...] = ("--trust", "--speed", "16"),
    command: str = "",
) -> LiveTalk:
    """A talk of these slides, begun at the first."""
    path = folder / "talk" / "talk.md"
    path.parent.mkdir(exist_ok=True)
    head = f"---\ngrid: 80x16\n{front}\n---\n\n"
    path.write_text(head + "\n---\n\n".join(slides), "utf-8")
    env = environment(folder) | {"T": str(folder)}
    talk = LiveTalk(open_deck(path), env, *arguments, command=command)
    talk.console.wait(lambda: bool(talk.events()), "the talk")
    return talk


def run(talk: LiveTalk, timeout: float = 20.0) -> Mapping[str, object]:
    """Type and run the next step, to its end or its question."""
    talk.type_step()
    return talk.run_step(timeout)[1]


def go(folder: Path) -> None:
    (folder / "go").touch()


# --- faults -----------------------------------------------------------------------------------

FAULTS = {
    "missing": ("no-such-program", "missing program"),
    "status": ("sh -c 'exit 3'", "exit status"),
    "words": ("echo Pending", "status words"),
    "pattern": ("echo other", "expected pattern"),
    "deadline": ("sleep 1000", "deadline"),
    "killed": ("kill -9 $$", "lost terminal"),
}
SETTING = {"pattern": '#: expect "as.recorded"', "deadline": "#: timeout 500ms"}


def test_each_fault_of_a_command_is_told(tmp_path: Path) -> None:
    slides = [
        demo(name, SETTING.get(name, "#: note x"), f"$ {command}", "as recorded: Running")
        for name, (command, _) in FAULTS.items()
    ]
    with small(tmp_path, *slides) as talk:
        for index in range(len(slides)):
            run(talk)
            talk.console.wait_text("as recorded: Running")
            if index + 1 < len(slides):
                talk.press()
        ways = ways_of(talk)
        talk.leave()
    for name, (_, reason) in FAULTS.items():
        fallen = ("transcript", reason) * 2
        assert ways[name, 0] == Way("live", "", "", *fallen, "replayed"), name


def unplug(server: Stub, listener: socket.socket, fault: str) -> None:
    """What a running step needs gets a fault of the link."""
    if fault == "refused":
        listener.close()
    elif fault == "captive portal":
        server.pages["/"] = Page(302, location="http://elsewhere.invalid/login")
    else:
        server.pages["/"] = Page(hangs=True)


@pytest.mark.parametrize("fault", ["captive portal", "silent", "refused"])
def test_a_fault_of_the_link_lets_a_running_step_fall(fault: str, tmp_path: Path) -> None:
    step = demo("one", f"$ echo first; {WAITS}", "first", "second", fence="+needs:page,port")
    with serving({"/": Page()}) as server, socket.create_server(("127.0.0.1", 0)) as listener:
        port = f"port: {{tcp: 127.0.0.1:{listener.getsockname()[1]}}}"
        front = f"needs: {{page: {{http: {server.address}/}}, {port}}}"
        with small(tmp_path, step, front=front) as talk:
            talk.type_step()
            talk.wait_conditions({"page": "true", "port": "true"})
            talk.press()
            talk.console.wait_text("│first")
            unplug(server, listener, fault)
            talk.wait_event("StepFinished")
            talk.console.wait_text("│second")
            fallen = ("transcript", fault) * 2
            assert ways_of(talk)["one", 0] == Way("live", "", "", *fallen, "replayed")
            go(tmp_path)
            talk.leave()


def test_a_condition_that_does_not_hold_keeps_a_step_from_running(tmp_path: Path) -> None:
    step = demo("one", "$ echo ran >>$T/count", "recorded", fence="+needs:tool")
    front = "needs: {tool: {command: no-such-program}}"
    with small(tmp_path, step, front=front) as talk:
        talk.type_step()
        talk.wait_conditions({"tool": "false"})
        talk.run_step()
        assert ways_of(talk)["one", 0].why == "condition"
        talk.leave()
    assert not (tmp_path / "count").exists()


# --- settings ---------------------------------------------------------------------------------


def test_a_deck_says_how_its_steps_fall(tmp_path: Path) -> None:
    fails = "$ sh -c 'exit 3'"
    late = f"$ echo seen; {WAITS}; {fails[2:]}"
    slides = [
        demo("replay", late, "seen", "recorded", fence="+on_fail:replay"),
        demo("ask", fails, "recorded", fence="+on_fail:ask"),
        demo("keep", fails, "recorded", fence="+on_fail:keep"),
        demo("never", "$ echo ran >>$T/count", "recorded", fence="+live:never"),
        demo("only", fails, "recorded", fence="+live:only"),
    ]
    with small(tmp_path, *slides) as talk:
        talk.type_step()
        talk.press()
        talk.console.wait_text("│seen")
        go(tmp_path)
        talk.wait_event("StepFinished")
        talk.press()
        run(talk)
        talk.press()
        talk.wait_event("StepFinished")
        for _ in ("keep", "never", "only"):
            talk.press()
            run(talk)
        ways = ways_of(talk)
        talk.leave()
    wrong, told = "exit status", "transcript"
    replayed = Way("live", "", "", told, wrong, told, wrong, "replayed")
    assert ways["replay", 0] == replayed
    assert ways["ask", 0] == replace(replayed, asked=wrong)
    assert ways["keep", 0] == Way("live", ended="live", reason=wrong, outcome="ran")
    assert ways["never", 0] == Way(told, "never", ended=told, reason="never", outcome="replayed")
    assert ways["only", 0] == replace(replayed, fell="card", ended="card")
    assert not (tmp_path / "count").exists()


# --- keys -------------------------------------------------------------------------------------


def count(folder: Path) -> int:
    """How often a command has been run that appends a line to the file."""
    path = folder / "count"
    return len(path.read_text().splitlines()) if path.exists() else 0


def counted(name: str, fence: str = "") -> str:
    """A slide whose one command leaves a line each time that it runs, and then waits."""
    return demo(name, f"$ echo {name} >>$T/count; echo live; {WAITS}", "recorded", fence=fence)


def test_keys_lead_down_the_ladder_and_up_again(tmp_path: Path) -> None:
    """F in a step and before one, L, K, s in a step and before one."""
    fails = demo("kept", f"$ echo seen; {WAITS}; sh -c 'exit 3'", "recorded")
    slides = [counted("in"), counted("forced"), counted("live"), counted("skip"), counted("before")]
    with small(tmp_path, *slides, fails) as talk:
        start(talk)
        talk.press("F")
        talk.wait_event("StepFinished")
        talk.press()
        run(talk)
        talk.press()
        talk.press("L")
        start(talk)
        go(tmp_path)
        talk.wait_event("StepFinished")
        (tmp_path / "go").unlink()
        talk.press()
        start(talk)
        talk.press("s")
        talk.wait_event("StepFinished")
        talk.press()
        talk.press("s")
        talk.wait_event("StepFinished")
        talk.press()
        start(talk, "│seen")
        talk.press("K")
        go(tmp_path)
        talk.wait_event("StepFinished")
        ways = ways_of(talk)
        talk.leave()
    told = "transcript"
    assert ways["in", 0] == Way("live", "", "", *(told, "forced") * 2, "replayed")
    assert ways["forced", 0] == Way(told, "forced", ended=told, reason="forced", outcome="replayed")
    assert ways["live", 0] == Way("live", ended="live", reason="", outcome="ran")
    assert ways["skip", 0] == Way("live", "", "", *(told, "skipped") * 2, "skipped")
    assert ways["before", 0] == Way(told, "skipped", "", "", "", told, "skipped", "skipped")
    assert ways["kept", 0] == Way("live", ended="live", reason="exit status", outcome="ran")
    assert (tmp_path / "count").read_text().split() == ["in", "live", "skip"]


def start(talk: LiveTalk, seen: str = "│live") -> None:
    """Type and run the next step, until its output is seen."""
    talk.type_step()
    talk.press()
    talk.console.wait_text(seen)


def test_a_step_is_run_again_edited_and_interrupted(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    edited = demo("edited", "$ echo typed >>$T/count", own=False)
    watch = demo("watch", "$ echo begun; sleep 1000", "recorded", own=False)
    with small(tmp_path, demo("again", "$ echo again >>$T/count"), edited, watch) as talk:
        run(talk)
        talk.press("r")
        talk.wait_event("StepFinished")
        assert count(tmp_path) == 2
        talk.press()
        talk.type_step()
        talk.console.press("e", *["left"] * len(" >>$T/count"), *"-again", "enter")
        talk.console.wait_text("$ echo typed-again >>$T/count")
        talk.run_step()
        assert (tmp_path / "count").read_text().split()[2:] == ["typed-again"]
        talk.press()
        start(talk, "│begun")
        talk.press("ctrl+c")
        _, told = talk.wait_event("StepFinished")
        assert (told["rung"], told["status"], told["reason"]) == ("live", 130, "")
        assert told["outcome"] == "ran"
        talk.leave()


# --- what never executes ----------------------------------------------------------------------


def test_only_the_press_on_a_typed_command_executes(tmp_path: Path) -> None:
    """Not going back and forth, jumps, a reload, or a resume after the program was killed."""
    (tmp_path / "go").touch()
    slides = [counted("one"), counted("two"), counted("three")]
    with small(tmp_path, *slides) as talk:
        run(talk)
        talk.press()
        talk.press("left")
        talk.press("left")
        for key in ("pagedown", "pagedown", "n", "p", "G", "'", "g"):
            talk.press(key)
        talk.press("pagedown")
        talk.type_step()
        assert count(tmp_path) == 1
        talk.press("R")
        talk.wait_event("DeckReloaded")
        talk.type_step()
        talk.console.process.kill()
        talk.console.wait_end()
    with small(tmp_path, *slides, command="resume", arguments=()) as talk:
        talk.console.wait_text("2 / 3")
        talk.console.wait_text("$ echo two")
        for key in ("left", "left", "n", "p"):
            talk.press(key)
        assert count(tmp_path) == 1
        talk.leave()
    assert count(tmp_path) == 1


def test_of_ten_presses_at_once_none_runs_what_was_not_shown_typed(tmp_path: Path) -> None:
    slides = [counted("one"), counted("two"), counted("three")]
    with small(tmp_path, *slides) as talk:
        talk.console.wait_text("1 / 3")
        talk.console.press(*["pagedown"] * 10)
        talk.wait_event("StepTyped")
        talk.console.wait_text("$ echo one")
        while talk.console.read(0.3):
            pass
        assert count(tmp_path) == 0
        assert not talk.of("StepStarted")
        talk.press()
        talk.console.wait_text("│live")
        assert count(tmp_path) == 1
        talk.console.press(*["pagedown"] * 10)
        go(tmp_path)
        talk.wait_event("StepFinished")
        talk.console.wait_text("2 / 3")
        while talk.console.read(0.3):
            pass
        assert count(tmp_path) == 1
        talk.leave()


# --- the speaker's hands ----------------------------------------------------------------------


def test_vim_and_less_take_all_keys_in_a_pane(tmp_path: Path) -> None:
    """Escape and Ctrl-P too; Ctrl-] alone comes back, to the script where it was."""
    for program in ("vim", "less"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here")
    (tmp_path / "long").write_text("".join(f"line {n}\n" for n in range(1, 400)))
    vim, less = (str(shutil.which(program)) for program in ("vim", "less"))
    slides = [
        demo("vim", f"$ {vim} -u NONE -N $T/written", "recorded"),
        demo("less", f"$ {less} $T/long", "recorded"),
    ]
    with small(tmp_path, *slides) as talk:
        console = talk.console
        start(talk, '/written" ')
        console.press("tab", *"ifirst")
        console.wait_text("INSERT")
        console.press("escape")
        console.wait_gone("-- ")
        console.press(*"ofi")
        console.wait_text("┃fi ")
        console.press("\x10")  # Ctrl-P completes the word with one before it
        console.wait(lambda: console.text().count("┃first") == 2, "the word completed")
        console.press("escape")
        console.wait_gone("-- ")
        console.press(*":wq", "enter")
        talk.wait_event("StepFinished")
        assert (tmp_path / "written").read_text() == "first\nfirst\n"
        console.press("ctrl+]")
        talk.press()
        start(talk, "│line 1")
        console.press("tab", *"G")
        console.wait_text("┃line 399")
        console.press(*"?line 200", "enter")
        console.wait_text("┃line 200")
        console.press("ctrl+]")
        talk.press("pagedown")
        talk.wait_event("PressWaits")
        console.press("tab", "q")
        _, told = talk.wait_event("StepFinished")
        assert (told["rung"], told["status"]) == ("live", 0)
        console.press("ctrl+]")
        talk.leave()


def test_between_steps_the_pane_is_a_shell_and_the_script_stays(tmp_path: Path) -> None:
    slide = demo("shell", "$ cd /", "$ export WORD=said", '$ echo "$WORD $PWD"', "said /")
    with small(tmp_path, slide) as talk:
        console = talk.console
        run(talk)
        run(talk)
        before = len(talk.events())
        console.press("tab")
        console.press(*"echo in$((1+1))side", "enter")
        console.wait_text("┃in2side")
        console.press("\x10")  # Ctrl-P: the command before it
        console.wait(lambda: console.text().count("┃$ echo in$((1+1))") == 2, "the last command")
        console.press("ctrl+]")
        while console.read(0.2):
            pass
        assert len(talk.events()) == before
        talk.type_step()
        talk.run_step()
        console.wait_text("│said /")
        assert talk.of("StepFinished")[-1][1]["rung"] == "live"
        talk.leave()


def test_the_scratch_shell_is_there_and_back_by_one_key(tmp_path: Path) -> None:
    slide = demo("shell", "$ cd /usr; export WORD=said", "$ echo typed", "typed")
    with small(tmp_path, slide) as talk:
        console = talk.console
        run(talk)
        talk.type_step()
        stage = console.text()
        talk.press("\x1b[20~")  # F9
        console.press(*'echo "<$WORD $PWD>"', "enter")
        console.wait_text("<said /usr>")
        console.press("escape", "\x1b[20~")
        talk.wait_event("ScratchSet")
        console.wait(lambda: console.text() == stage, "the stage as it was")
        talk.run_step()
        assert talk.of("StepFinished")[-1][1]["rung"] == "live"
        talk.leave()
    written = "".join(p.read_text() for p in (tmp_path / "state").rglob("*") if p.is_file())
    assert "WORD $PWD" not in written


# --- beside the steps, and between them -------------------------------------------------------


def test_a_background_step_runs_on_and_ends_with_the_talk(tmp_path: Path) -> None:
    beside = "echo $$ >$T/pid; echo forwarding; while :; do sleep 0.05; echo x >>$T/beats; done"
    slides = [
        demo("beside", '#: expect "forwarding"', f"$ {beside}", fence="+background"),
        demo("front", "$ echo in front", "in front"),
    ]
    with small(tmp_path, *slides) as talk:
        told = run(talk)
        assert (told["rung"], told["outcome"]) == ("live", "ran")
        talk.press()
        run(talk)
        talk.wait_state(lambda state: ("beside", "runs") in state.background, "what runs")
        process = int((tmp_path / "pid").read_text())
        beats = (tmp_path / "beats").stat().st_size
        talk.console.wait(lambda: (tmp_path / "beats").stat().st_size > beats, "that it runs on")
        talk.leave()
    wait_gone(process)


def wait_gone(process: int) -> None:
    """Until there is no process of that number any more, or only its remains."""
    deadline = time.monotonic() + 10
    while psutil.pid_exists(process) and psutil.Process(process).status() != "zombie":
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.02)


def test_sessions_keep_what_was_set_and_conditions_know_it(tmp_path: Path) -> None:
    """Directory, variables and functions; also when the shell has to be made anew."""
    (tmp_path / "a folder").mkdir()
    with serving({"/here": Page()}) as server:
        front = 'needs: {page: {http: "{{SERVER}}/here"}}'
        slides = [
            demo("set", f"$ cd '{tmp_path}/a folder'", f"$ export SERVER={server.address}",
                 '$ f() { echo "[$1 $SERVER]"; }', fence="+export:SERVER", own=False),
            demo("use", '$ f "$PWD"', own=False, fence="+needs:page"),
            demo("die", "$ kill -9 $$", own=False),
            demo("after", '$ echo "<$PWD $SERVER>"', own=False, fence="+needs:page"),
        ]  # fmt: skip
        with small(tmp_path, *slides, front=front) as talk:
            for _ in range(3):
                run(talk)
            talk.press()
            talk.type_step()
            talk.wait_conditions({"page": "true"})
            talk.run_step()
            console = talk.console
            console.wait(lambda: shows(talk, f"[{tmp_path}/a folder"), "the function's output")
            talk.press()
            assert run(talk)["reason"] == "lost terminal"
            talk.press()
            talk.press("L")
            server.pages["/here"] = Page(404)
            talk.type_step()
            talk.wait_conditions({"page": "false"})
            server.pages["/here"] = Page()
            talk.press("left")
            talk.type_step()
            talk.wait_conditions({"page": "true"})
            talk.run_step()
            wanted = f"<{tmp_path}/a folder {server.address}>"
            console.wait(lambda: shows(talk, wanted), "directory and variable")
            talk.leave()


def shows(talk: LiveTalk, text: str) -> bool:
    """Whether the pane shows a text, over as many rows as it takes."""
    rows = [line.split("│")[1] for line in talk.console.lines() if line.count("│") == 2]
    return text in "".join(rows)
