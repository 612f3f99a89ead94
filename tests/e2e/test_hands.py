"""The speaker's hands on live terminals, and what lives beside and between the steps."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

import psutil
import pytest

from tests.e2e.smalltalk import demo, run, shows, small, start
from tests.live.probe_stubs import Page, serving

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
        console.press("tab", *"ifirst", "escape", *"ofi")
        console.wait_text("┃fi ")
        console.press("\x10")  # Ctrl-P completes the word with one before it
        console.wait(lambda: console.text().count("┃first") == 2, "the word completed")
        console.press("\x1b:wq\r")  # all at once
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
    runs = "while :; do sleep 0.05; echo x >>$T/beats; done"
    beside = f"trap '' HUP TERM; echo $$ >$T/pid; echo forwarding; {runs}"
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
        process = psutil.Process(int((tmp_path / "pid").read_text()))
        beats = (tmp_path / "beats").stat().st_size
        talk.console.wait(lambda: (tmp_path / "beats").stat().st_size > beats, "that it runs on")
        talk.leave()
    wait_gone(process)


def wait_gone(process: psutil.Process) -> None:
    """Until there is no such process any more, or only its remains; what is left is ended."""
    deadline = time.monotonic() + 10
    with contextlib.suppress(psutil.NoSuchProcess):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                process.kill()
                raise AssertionError("it still ran")
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
