"""The speaker's own screen in a second terminal, through the installed command in real PTYs."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.console import Console, presenter_command
from tests.e2e.command import run
from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import demo, small
from tests.e2e.stage import journals, last_event, open_talk
from tests.e2e.stubs import environment
from tests.e2e.test_terminal import ask_to_end


def sockets(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "run").glob("*"))


@contextlib.contextmanager
def talk(folder: Path, *arguments: str) -> Iterator[Console]:
    """A talk to which a screen can attach; without arguments, of `talk.md` in the folder."""
    before = len(sockets(folder))
    with open_talk(folder, *arguments) as stage:
        stage.wait_text("/ 7")
        stage.wait(lambda: len(sockets(folder)) > before, "the socket")
        yield stage


def both(stage: Console, speaker: Console, on_stage: str, at_speaker: str) -> None:
    """Wait until both show their words, and read from both meanwhile: neither may block."""
    deadline = time.monotonic() + 20
    while on_stage not in stage.text() or at_speaker not in speaker.text():
        assert time.monotonic() < deadline, f"{stage.text()}\n\n{speaker.text()}"
        for console in (stage, speaker):
            console.read(0.01)


def attach(folder: Path, *deck: str) -> Console:
    return open_talk(folder, "attach", *deck, recorded=False)


def test_it_comes_drives_and_goes_and_the_stage_shows_nothing_private(tmp_path: Path) -> None:
    with talk(tmp_path) as stage:
        with attach(tmp_path) as speaker:
            speaker.wait_text("SPEAKER · PRIVATE")
            speaker.press("n")
            both(stage, speaker, "2 / 7", "zebra stands in a note only")
            speaker.press("n", " ")
            both(stage, speaker, "$ echo hello", "NEXT  run echo hello")
            speaker.wait_text("typed")
            speaker.press(" ")
            both(stage, speaker, "≡ transcript", "transcript")
            with attach(tmp_path, "talk.md") as other:  # late, and told everything
                other.wait_text("slide 3 of 7")
                other.wait_text("transcript")
                other.press("p")
                both(stage, speaker, "2 / 7", "slide 2 of 7")
                other.press("ctrl+q")
                assert other.wait_end() == 0
                assert other.restored()
            speaker.press("ctrl+q")
            assert speaker.wait_end() == 0
            assert speaker.restored()
        stage.press("n")
        stage.wait_text("3 / 7")
        with attach(tmp_path) as speaker:  # and comes again
            speaker.wait_text("slide 3 of 7")
        assert ask_to_end(stage) == 0
        shown = bytes(stage.received)
    for private in (b"zebra", b"PRIVATE", b"NEXT"):
        assert private not in shown
    assert last_event(tmp_path) == "SessionEnded"
    assert not sockets(tmp_path)


def test_a_killed_speakers_screen_hurts_no_talk(tmp_path: Path) -> None:
    with talk(tmp_path) as stage:
        with attach(tmp_path) as speaker:
            speaker.wait_text("slide 1 of 7")
            speaker.interface().kill()
            speaker.process.wait(10)
        stage.press("n")
        stage.wait_text("2 / 7")
        assert ask_to_end(stage) == 0


def test_the_end_is_said_and_a_key_leaves(tmp_path: Path) -> None:
    with talk(tmp_path) as stage, attach(tmp_path) as speaker:
        speaker.wait_text("slide 1 of 7")
        assert ask_to_end(stage) == 0
        speaker.wait_text("the talk has ended")
        speaker.press(" ")
        assert speaker.wait_end() == 0
        assert speaker.restored()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_talk_that_dies_is_followed_again_when_it_is_resumed(
    tmp_path: Path, number: signal.Signals
) -> None:
    with talk(tmp_path) as stage, attach(tmp_path) as speaker:
        speaker.wait_text("slide 1 of 7")
        speaker.press("n")
        both(stage, speaker, "2 / 7", "slide 2 of 7")
        stage.interface().send_signal(number)
        stage.process.wait(20)
        speaker.wait_text("no talk: looking for it")
        assert "zebra" in speaker.text()  # what is known still helps
        with open_talk(tmp_path, "resume") as again:
            both(again, speaker, "2 / 7", "in step")
            speaker.press("n")
            both(again, speaker, "3 / 7", "slide 3 of 7")
    assert len(journals(tmp_path)) == 1


def test_of_several_talks_the_newest_or_the_one_of_the_deck(tmp_path: Path) -> None:
    with talk(tmp_path) as first:
        (tmp_path / "other.md").write_text((tmp_path / "talk.md").read_text())
        with talk(tmp_path, "other.md") as second:
            for deck, stage in (([], second), (["talk.md"], first)):
                with attach(tmp_path, *deck) as speaker:
                    speaker.wait_text("slide 1 of 7")
                    speaker.press("n")
                    both(stage, speaker, "2 / 7", "slide 2 of 7")


def test_without_a_talk_it_says_what_to_do(tmp_path: Path) -> None:
    env = {"PRESENTER_STATE_DIR": str(tmp_path / "state")}
    done = run("attach", env=env)
    assert done.returncode == 1
    assert "there is no talk to attach to (begin it with `presenter`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    with talk(tmp_path):
        done = run("attach", env={"PRESENTER_STATE_DIR": str(tmp_path / "state")})
    assert done.returncode == 1
    assert "is not a terminal" in done.stderr


def test_a_question_survives_the_talk_that_it_was_asked_in(tmp_path: Path) -> None:
    asked = asked_and_killed(tmp_path, "does it scale", after=0.02)
    assert asked.kept == ["does it scale"]
    assert "does it scale" not in asked.shown


@dataclass(frozen=True)
class Asked:
    kept: list[str]
    """The questions in the journal in the end."""
    shown: str
    """All that the stage has been sent."""


def asked_and_killed(folder: Path, text: str, *, after: float) -> Asked:
    """Write a question down, kill the talk `after` seconds, resume it: what is kept."""
    with talk(folder) as stage, attach(folder) as speaker:
        speaker.wait_text("slide 1 of 7")
        speaker.press("Q")
        speaker.wait_text("A question")
        speaker.press(*text)
        speaker.wait_text(text)
        speaker.press("enter")
        until = time.monotonic() + after
        while (left := until - time.monotonic()) > 0:
            stage.read(left)
        stage.interface().kill()
        stage.process.wait(20)
        with open_talk(folder, "resume") as again:
            both(again, speaker, "1 / 7", "questions written down: 1")
            shown = bytes(stage.received + again.received).decode("utf-8", "replace")
    kept = [str(f["text"]) for kind, f in journals(folder)[0] if kind == "QuestionNoted"]
    return Asked(kept, shown)


BOOK = """\
## Is it quokka ready?
<!-- tags: marsupial -->
<!-- as_of: 1999 -->
<!-- also: When can the numbat use it? -->
Not yet, says the wombat.
"""
CANARIES = ("quokka", "marsupial", "1999", "numbat", "wombat", "bilby", "A question", "asked")


def test_nothing_of_the_questions_and_answers_gets_to_the_stage(tmp_path: Path) -> None:
    (tmp_path / "talk.questions.md").write_text(BOOK)
    with talk(tmp_path) as stage:
        stage.press("Q")  # without the notes open
        stage.wait_text("Questions are private")
        stage.press("x", "R")
        with attach(tmp_path) as speaker:
            speaker.wait_text("slide 1 of 7")
            dialogs = stage.received.count(b"Questions are private")
            stage.press("Q")
            speaker.wait_text("questions open on the speaker")
            assert stage.received.count(b"Questions are private") == dialogs
            speaker.press("Q")
            speaker.wait_text("Is it quokka ready?")
            speaker.press(*"wombat")
            speaker.wait_text("as of 1999")
            both(stage, speaker, "1 / 7", "Not yet, says the wombat.")
            speaker.press("enter")
            both(stage, speaker, "1 / 7", "✓ asked")
            clear(speaker)
            speaker.press(*"does it scale #bilby")
            speaker.wait_text("write down: does it scale   #bilby")
            speaker.press("enter")
            both(stage, speaker, "1 / 7", "questions written down: 1")
            speaker.press("n")
            both(stage, speaker, "2 / 7", "slide 2 of 7")
        assert ask_to_end(stage) == 0
        shown = bytes(stage.received).decode("utf-8", "replace")
    assert [word for word in CANARIES if word in shown] == []
    (events,) = journals(tmp_path)
    asked = [fields for kind, fields in events if kind == "QuestionAsked"]
    assert [(one["question"], one["as_of"]) for one in asked] == [("Is it quokka ready?", "1999")]
    noted = [fields for kind, fields in events if kind == "QuestionNoted"]
    assert [(one["text"], one["tag"]) for one in noted] == [("does it scale", "bilby")]


def clear(speaker: Console) -> None:
    """Take away what is typed; it is a binding, which a key right behind it would overtake."""
    speaker.press("\x15")
    speaker.wait_text("what is asked")


@pytest.mark.parametrize("after", [0.0, 0.03, 0.2])
def test_a_mark_and_a_tag_survive_the_talk_that_they_were_made_in(
    tmp_path: Path, after: float
) -> None:
    (tmp_path / "talk.questions.md").write_text(BOOK)
    with talk(tmp_path) as stage, attach(tmp_path) as speaker:
        speaker.wait_text("slide 1 of 7")
        speaker.press("Q")
        speaker.wait_text("Is it quokka ready?")
        speaker.press(*"quokka")
        speaker.wait_text("as of 1999")
        speaker.press("enter")
        speaker.wait_text("✓ asked")
        clear(speaker)
        speaker.press(*"does it scale #bilby")
        speaker.wait_text("write down: does it scale   #bilby")
        speaker.press("enter")
        until = time.monotonic() + after
        while (left := until - time.monotonic()) > 0:
            stage.read(left)
        stage.interface().kill()
        stage.wait_end()
        speaker.wait_text("no talk: looking for it")
        with open_talk(tmp_path, "resume") as again:
            both(again, speaker, "1 / 7", "in step")
            both(again, speaker, "1 / 7", "questions written down: 1")
            speaker.press("n")
            both(again, speaker, "2 / 7", "slide 2 of 7")
    (events,) = journals(tmp_path)
    kept = [
        (kind, fields.get("question") or fields["text"], fields.get("tag"))
        for kind, fields in events
        if kind in {"QuestionAsked", "QuestionNoted"}
    ]
    assert kept == [
        ("QuestionAsked", "Is it quokka ready?", None),
        ("QuestionNoted", "does it scale", "bilby"),
    ]


@contextlib.contextmanager
def attach_live(given: LiveTalk, folder: Path) -> Iterator[Console]:
    """The speaker's own screen of a live talk that stands on its only slide."""
    argv = [presenter_command(), "attach", str(given.deck.path)]
    env = environment(folder) | {"T": str(folder)}
    with Console(argv, columns=100, rows=34, env=env, cwd=folder) as speaker:
        speaker.wait_text("slide 1 of 1")
        yield speaker


def test_the_pane_and_the_typed_command_take_keys_from_here(tmp_path: Path) -> None:
    slide = demo("shell", "$ echo one", "...", "$ echo two", "...", own=False)
    with small(tmp_path, slide) as given:
        stage = given.console
        with attach_live(given, tmp_path) as speaker:
            speaker.press(" ")
            both(stage, speaker, "$ echo one", "typed")
            speaker.press("e")
            both(stage, speaker, "$ echo one", "the command is being edited")
            speaker.press(*" more", "enter")
            both(stage, speaker, "$ echo one more", "typed: ")
            speaker.wait_gone("being edited")
            given.run()
            given.wait_event("StepFinished")
            both(stage, speaker, "│one more ", "one more")
            speaker.press("tab")
            both(stage, speaker, "┃$", "keys go to the pane")
            speaker.press(*"echo $((6 * 7))", "enter")
            both(stage, speaker, "┃42 ", "keys go to the pane")
            speaker.press("\x1b[200~echo pasted\x1b[201~")
            both(stage, speaker, "$ echo pasted", "echo pasted")
            speaker.press("enter")
            both(stage, speaker, "┃pasted ", "keys go to the pane")
            speaker.press("ctrl+]")
            speaker.wait_gone("keys go to the pane")
            speaker.press(" ")
            both(stage, speaker, "$ echo two", "NEXT  run echo two")
            speaker.press("ctrl+q")
            assert speaker.wait_end() == 0
        assert [kind for kind, _ in given.of("StepEdited", "StepStarted")] == [
            "StepEdited",
            "StepStarted",
        ]


@pytest.mark.parametrize("keys", ["e ", "e\r", "\tl", "\t\r"])
def test_keys_that_follow_at_once_on_one_that_turns_them_elsewhere_run_nothing(
    tmp_path: Path, keys: str
) -> None:
    slide = demo("shell", "$ echo > $T/canary", "...", own=False)
    with small(tmp_path, slide) as given:
        stage = given.console
        with attach_live(given, tmp_path) as speaker:
            speaker.press(" ")
            both(stage, speaker, "$ echo", "typed")
            speaker.press(keys)
            seen = "being edited" if keys[0] == "e" else "keys go to the pane"
            both(stage, speaker, "", seen)
            speaker.press("ctrl+]")
            speaker.wait_gone(seen)
            speaker.press("b")
            speaker.wait_text("the screen is black")  # is carried out after those
        assert not given.of("StepStarted")
        assert not (tmp_path / "canary").exists()
