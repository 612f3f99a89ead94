"""Single steps on the ladder: each fault, each setting, each key, in a real PTY."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.smalltalk import WAITS, demo, go, run, small, start
from tests.e2e.test_live_talk import Way, ways_of
from tests.live.probe_stubs import Page, Stub, serving

# --- faults -----------------------------------------------------------------------------------

FAULTS = {
    "missing": ("no-such-program", "missing program"),
    "status": ("sh -c 'exit 3'", "exit status"),
    "died": ("sh -c 'kill -9 $$'", "exit status"),
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
            talk.run()
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
        talk.run()
        talk.console.wait_text("│seen")
        go(tmp_path)
        talk.wait_event("StepFinished")
        talk.press()
        run(talk)
        talk.run()
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


def test_a_step_is_run_again_edited_and_interrupted(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    edited = demo("edited", "$ echo typed >>$T/count", own=False)
    watch = demo("watch", "$ echo begun; sleep 1000", "recorded", own=False)
    with small(tmp_path, demo("again", "$ echo again >>$T/count"), edited, watch) as talk:
        run(talk)
        talk.run("r")
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
        talk.console.interface().kill()
        talk.console.wait_end()
    with small(tmp_path, *slides, command="resume", arguments=()) as talk:
        talk.console.wait_text("2 / 3")
        talk.console.wait_text("$ echo two")
        for key in ("left", "left", "n", "p"):
            talk.press(key)
        assert count(tmp_path) == 1
        talk.leave()
    assert count(tmp_path) == 1


def test_a_step_that_ran_when_the_program_was_killed_is_not_run_again(tmp_path: Path) -> None:
    slide = demo(
        "one", f"$ echo one >>$T/count; echo live; {WAITS}", "recorded",
        "$ echo two >>$T/count", "recorded too",
    )  # fmt: skip
    with small(tmp_path, slide) as talk:
        start(talk)
        talk.console.interface().kill()
        talk.console.wait_end()
    with small(tmp_path, slide, command="resume", arguments=()) as talk:
        talk.console.wait_text("│recorded")
        run(talk)
        ways = ways_of(talk)
        talk.leave()
    told = "transcript"
    assert ways["one", 0] == Way("live", "", "", *(told, "resumed") * 2, "replayed")
    assert ways["one", 1] == Way(told, "tainted", ended=told, reason="tainted", outcome="replayed")
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
        talk.run()
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
