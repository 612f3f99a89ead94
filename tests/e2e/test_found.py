"""What a fresh reading found broken: each once, as a speaker would meet it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import WAITS, demo, go, run, small, start


def rungs(talk: LiveTalk) -> list[tuple[object, ...]]:
    return [
        (fields["demo"], fields["rung"], fields["reason"])
        for kind, fields in talk.events()
        if kind == "StepFinished"
    ]


def wait_finished(talk: LiveTalk, count: int) -> None:
    talk.console.wait(lambda: len(rungs(talk)) >= count, f"{count} finished steps")


def test_keys_for_the_pane_leave_a_failure_that_waits_alone(tmp_path: Path) -> None:
    late = demo("late", f"$ echo live; {WAITS}; false", "as recorded")
    with small(tmp_path, late) as talk:
        start(talk)
        go(tmp_path)
        talk.console.wait(lambda: talk.events()[-1][0] == "StepAsked", "the question")
        talk.console.press("tab", "ctrl+]", "K")
        wait_finished(talk, 1)
        assert "│live" in talk.console.text()
        assert rungs(talk) == [("late", "live", "exit status")]
        talk.leave()


def test_a_talk_may_write_the_files_that_its_commands_name(tmp_path: Path) -> None:
    first = demo("write", "$ echo pear > new.txt; mv new.txt fruit.txt", own=False)
    second = demo("read", "$ cat fruit.txt", "pear", own=False)
    with small(tmp_path, first, second) as talk:
        run(talk)
        talk.press()
        run(talk)
        assert [rung for _, rung, _ in rungs(talk)] == ["live", "live"]
        talk.leave()


def test_a_file_that_somebody_else_changes_is_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    folder.mkdir()
    (folder / "s.sh").write_text("echo as it was\n")
    step = demo("one", "$ sh s.sh", "as it was")
    with small(tmp_path, step) as talk:
        (folder / "s.sh").write_text("echo something else\n")
        run(talk)
        assert rungs(talk) == [("one", "transcript", "untrusted")]
        talk.leave()


def test_a_reload_looks_only_at_conditions_that_were_trusted(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch {canary}\n")
    program.chmod(0o755)
    step = demo("one", "$ echo live", "live", fence="+needs:tool")
    front = "needs: {tool: {command: sh}}"
    with small(tmp_path, step, front=front) as talk:
        deck = tmp_path / "talk" / "talk.md"
        text = deck.read_text()
        deck.write_text(text.replace("command: sh", f"command: '{program}', version: '>=1'"))
        talk.console.press("R")
        talk.console.wait(
            lambda: any(kind == "DeckReloaded" for kind, _ in talk.events()), "the reload"
        )
        run(talk)
        talk.leave()
    assert not canary.exists()


def test_going_over_a_recording_as_a_slide_taints_nothing(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    header = '{"version": 3, "term": {"cols": 80, "rows": 16}}\n[0.1, "o", "hi\\r\\n"]\n'
    (tmp_path / "talk" / "x.cast").write_text(header)
    cast = "# cast\n\n```cast\npath: x.cast\n```\n"
    step = demo("one", "$ echo live", "live", own=False)
    with small(tmp_path, cast, step) as talk:
        talk.run()
        wait_finished(talk, 1)
        talk.press()
        run(talk)
        assert rungs(talk)[-1] == ("one", "live", "")
        talk.leave()


def test_a_shell_that_the_deck_names_is_not_replaced_by_another(tmp_path: Path) -> None:
    step = demo("one", "$ echo live", "as recorded")
    with small(tmp_path, step, front="options: {shell: fish}") as talk:  # none on its PATH
        run(talk)
        assert rungs(talk) == [("one", "transcript", "missing program")]
        talk.leave()
