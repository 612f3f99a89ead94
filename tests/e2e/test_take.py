"""What runs live in a talk becomes its recording, by one key, in a real PTY."""

from __future__ import annotations

from pathlib import Path

from presenter.recording.provenance import CAPTURED
from presenter.recording.steps import open_take
from tests.console import Console
from tests.e2e.stage import open_talk

DECK = """\
# First

```console +demo:run +type:instant
$ printf 'value: %s\\n' "$MY_API_TOKEN"
...
$ echo after | tr a-z A-Z
AFTER
```
"""
SECRET = "tell-nobody-4711"  # noqa: S105 — planted
SAID = "presenter: "


def begin(folder: Path, *arguments: str, recorded: bool = False) -> Console:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return open_talk(
        folder,
        *arguments,
        text=DECK,
        recorded=recorded,
        env={
            "MY_API_TOKEN": SECRET,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "SHELL": "/bin/bash",
        },
    )


def run_steps(console: Console, folder: Path, *commands: str) -> None:
    for number, command in enumerate(commands, 1):
        console.press("space")
        console.wait_text(f"$ {command}")
        console.press("space")
        console.wait(lambda wanted=number: finished(folder) >= wanted, "the end of a step")  # type: ignore[misc]


def finished(folder: Path) -> int:
    """Steps that the last talk has finished."""
    paths = (folder / "state").glob("journals/*/*.jsonl")
    last = max(paths, key=lambda path: path.stat().st_mtime_ns, default=None)
    return last.read_text().count('"StepFinished"') if last else 0


def end(console: Console) -> str:
    """Leave; what is said afterwards."""
    console.press("ctrl+q")
    console.wait_text("End the ")  # talk, or rehearsal
    at = len(console.received)
    console.press("y")
    assert console.wait_end() == 0
    return console.received[at:].decode(errors="replace").partition(SAID)[2]


def test_live_steps_are_kept_and_played(tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "talk" / "run.cast"
    with begin(tmp_path, "talk.md", "--trust") as console:
        console.wait_text("First")
        run_steps(console, tmp_path, "printf", "echo")
        console.wait_text(f"value: {SECRET}")
        console.wait_text("AFTER")
        assert not path.exists()
        console.press("W")
        console.wait(path.exists, "the recording")
        assert "kept" not in console.text()  # the speaker's business, not the stage's
        assert "kept 2 of 2 steps of run, as recordings/talk/run.cast" in end(console)
    text = path.read_text()
    assert SECRET not in text
    assert "•" * len(SECRET) in text
    take = open_take(path)
    assert take.provenance is not None
    assert (take.provenance.source, take.provenance.exit_codes) == (CAPTURED, (0, 0))
    steps = [take.step(number, "") for number in range(2)]
    assert ["".join(e.data for e in step.events) for step in steps if step] == [
        f"value: {'•' * len(SECRET)}\r\n",
        "AFTER\r\n",
    ]
    assert [each.name for each in path.parent.iterdir()] == ["run.cast"]

    with begin(tmp_path, "play", str(path), recorded=False) as player:
        player.wait_text("AFTER")
        player.press("q")
        assert player.wait_end() == 0

    with begin(tmp_path, "talk.md", recorded=True) as console:
        console.wait_text("First")
        run_steps(console, tmp_path, "printf")
        console.wait_text("▶ recorded")
        console.wait_text(f"value: {'•' * len(SECRET)}")
        end(console)


def test_a_second_take_keeps_the_first_one_and_takes_over_its_steps(tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "talk" / "run.cast"
    with begin(tmp_path, "talk.md", "--trust") as console:
        console.wait_text("First")
        console.press("W")
        run_steps(console, tmp_path, "printf", "echo")
        console.press("W")
        console.wait(path.exists, "the recording")
        said = end(console)
        assert "nothing to keep: no step of run has run live" in said
    first = path.read_bytes()
    with begin(tmp_path, "talk.md", "--trust") as console:
        console.wait_text("First")
        run_steps(console, tmp_path, "printf")
        console.press("W")
        console.wait(path.with_name("run.cast.1").exists, "the one before")
        assert "kept 1 of 2 steps of run, 1 from the one before" in end(console)
    assert path.with_name("run.cast.1").read_bytes() == first
    take = open_take(path)
    second = take.step(1, "echo after | tr a-z A-Z")
    assert second is not None
    assert not second.stale
    assert "".join(event.data for event in second.events) == "AFTER\r\n"
    assert take.provenance is not None
    assert "step 2 taken from the recording of 2" in take.provenance.note


def test_a_rehearsal_keeps_what_ran_well_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "talk" / "run.cast"
    arguments = ("rehearse", "talk.md", "--live", "--trust", "--keep")
    with begin(tmp_path, *arguments) as console:
        run_steps(console, tmp_path, "printf", "echo after")
        assert not path.exists()
        told = end(console)
    assert "kept 2 of 2 steps of run" in told
    take = open_take(path)
    assert take.provenance is not None
    assert take.provenance.note == "ran live in a rehearsal"
    assert SECRET not in path.read_text()


def test_a_talk_says_what_it_could_have_kept(tmp_path: Path) -> None:
    with begin(tmp_path, "talk.md", "--trust") as console:
        run_steps(console, tmp_path, "printf")
        console.press("ctrl+q")
        console.wait_text("End the talk?")
        at = len(console.received)
        console.press("y")
        assert console.wait_end() == 0
        told = console.received[at:].decode(errors="replace")
    assert "ran live and well, not kept as recordings: run" in told
