"""A fall as it is drawn: after every byte sent to the terminal, prompt and pane stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import avt
import pytest

from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import WAITS, demo, go, small, start

PIECE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^\[]|[^\x1b]", re.S)
COMMAND = f"echo alpha; {WAITS}"
RECORDED = ("alpha", "beta 1", "gamma 2")


def drawn(talk: LiveTalk, since: int) -> Iterator[list[str]]:
    """The screen after each character or sequence that was sent from byte `since` on."""
    console = talk.console
    screen = avt.Vt(console.columns, console.rows)  # type: ignore[attr-defined]
    screen.feed_str(bytes(console.received[:since]).decode())
    for piece in PIECE.findall(bytes(console.received[since:]).decode()):
        screen.feed_str(piece)
        yield [line.text.rstrip() for line in screen.view()]


def frame_of(lines: list[str]) -> tuple[int, int, int]:
    """Where the pane's frame stands: its first row, its last, its left column."""
    top = next(row for row, line in enumerate(lines) if "╭─ one" in line)
    bottom = next(row for row, line in enumerate(lines) if "╰─" in line)
    return top, bottom, lines[top].index("╭")


@pytest.mark.parametrize("how", ["deadline", "forced", "exit status", "unseen"])
def test_prompt_size_and_lines_stand_through_a_fall(how: str, tmp_path: Path) -> None:
    command = COMMAND if how != "unseen" else "sh -c 'echo bad; exit 3'"
    fails = f"{command}; sh -c 'exit 3'" if how == "exit status" else command
    setting = "#: timeout 1500ms" if how == "deadline" else "#: note x"
    with small(tmp_path, demo("one", setting, f"$ {fails}", *RECORDED)) as talk:
        console = talk.console
        if how == "unseen":
            talk.type_step()
            while console.read(0.1):
                pass
            since = len(console.received)
            talk.run()
        else:
            start(talk, "│alpha")
            since = len(console.received)
        if how == "forced":
            talk.press("F")
        if how == "exit status":
            go(tmp_path)
            talk.wait_event("StepAsked")
            talk.run()
        talk.wait_event("StepFinished")
        console.wait_text("│gamma 2")
        stood = talk.of("StepFell")[-1][1]
        go(tmp_path)
        check(talk, since, seen="" if how == "unseen" else "│alpha")
        talk.leave()
    assert stood["reason"] == ("exit status" if how == "unseen" else how)


def check(talk: LiveTalk, since: int, seen: str) -> None:
    """No screen on the way lacks the command or the pane, or what the audience has seen."""
    frames = 0
    for lines in drawn(talk, since):
        text = "\n".join(lines)
        if not frames:
            frame = frame_of(lines)
        frames += 1
        assert frame_of(lines) == frame, text
        assert f"│$ {'sh' if not seen else 'echo alpha'}" in text, text
        assert seen in text, text
        assert "│bad" not in text, text
    assert frames > len("".join(RECORDED[1:]))
