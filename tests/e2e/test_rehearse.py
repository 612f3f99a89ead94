"""`presenter rehearse`: the plan, its pace on the stage, and a talk that plays by itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.deck.model import DemoStop
from presenter.demo.store import read_journal
from presenter.samples import find_deck
from presenter.talk.history import TalkRecord, record_of
from tests.console import Console, presenter_command
from tests.e2e.livetalk import LiveTalk
from tests.e2e.smalltalk import demo, small
from tests.e2e.stubs import environment

FRONT = "title: Three\nduration: 3m\ncuts: {2m: [two]}"
SLIDES = (
    demo("one", "$ echo > $T/canary; echo one", "one").replace(
        "# one\n", "# one\n\n<!-- time: 1m -->\n"
    ),
    "# Two\n\n<!-- time: 1m -->\n<!-- optional -->\n",
    "# Three\n\n<!-- time: 1m -->\n",
)


def record(state: Path) -> TalkRecord:
    (path,) = state.rglob("journals/*/*.jsonl")
    return record_of(read_journal(path).stamped)


def rehearse(folder: Path, *arguments: str) -> LiveTalk:
    return small(
        folder, *SLIDES, front=FRONT, command="rehearse", arguments=arguments, recorded=True
    )


def test_the_pace_stands_in_the_last_row_and_the_keys_save_time(tmp_path: Path) -> None:
    with rehearse(tmp_path, "--marks", "1m") as talk:
        talk.console.wait_text("0:00 of 0:00 here")
        assert "not started · ends 3:00 of 3:00" in talk.console.lines()[-1]
        talk.press()
        talk.console.wait_text("of 1:00 here")
        talk.press("D")
        talk.console.wait_text("1:00 early · ends 2:00 of 3:00")
        talk.press("P")
        talk.console.wait_text("‖ question")
        talk.press("S")
        talk.console.wait_gone("‖ question")
        talk.press("pagedown")
        assert talk.session().position.slide == 3  # over the optional one
        talk.press("D")
        talk.press("left")
        assert talk.session().position.slide == 2
    assert not (tmp_path / "canary").exists()


def test_a_talk_has_no_such_row(tmp_path: Path) -> None:
    with small(tmp_path, *SLIDES, front=FRONT, arguments=("--recorded",), recorded=True) as talk:
        talk.press()
        talk.console.wait(lambda: talk.session().plan is not None, "the plan")
        talk.press("D")
        assert "here" not in talk.console.text()
        assert talk.of("SlidesDropped")[0][1]["ids"] == ["two"]


def test_istio_101_plays_by_itself_offline_to_its_end(tmp_path: Path) -> None:
    """Every slide and every step, in a minute, with no network and no program of the deck's."""
    deck = open_deck(find_deck("istio-101"))
    argv = [presenter_command(), "rehearse", "istio-101", "--auto", "--speed", "16"]
    env = environment(tmp_path)
    argv += ["--target", "1m", "--picture", "run.png"]
    with Console(argv, columns=100, rows=30, env=env, cwd=tmp_path) as console:
        assert console.wait_end(150) == 0
        assert console.restored()
        printed = console.text()
    told = record(tmp_path / "state")
    assert told.ended == "played to its end"
    assert told.purpose == "auto"
    for index in range(1, len(deck)):
        assert deck.slide_id(index) in told.slides
        for stop in deck.stops(index):
            if isinstance(stop, DemoStop):
                name = deck.demos(index)[stop.demo].name
                assert stop.step in [step.step for step in told.demos[name]]
    assert {step.rung for steps in told.demos.values() for step in steps} <= {
        "recording", "transcript", "card",
    }  # fmt: skip
    assert "Traceback" not in printed
    assert re.search(r"total +1:0\d of 1:00", printed), "the comparison comes at the end"
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")


def test_a_rehearsal_ends_with_a_table_and_a_picture(tmp_path: Path, three: Path) -> None:
    argv = [presenter_command(), "rehearse", str(three), "--auto", "--target", "2s"]
    with Console(argv, columns=200, rows=60, env=environment(tmp_path), cwd=tmp_path) as console:
        assert console.wait_end(60) == 0
        said = next(one for one in console.lines() if one.startswith("a picture of it: "))
        assert console.text().count("a picture of it: ") == 1
    picture = Path(said.partition(": ")[2])
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.is_relative_to(tmp_path / "state")


def told(folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [presenter_command(), "rehearse", *arguments],
        capture_output=True, text=True, timeout=30, cwd=folder, env=environment(folder),
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    return done.stdout or done.stderr


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.md"
    path.write_text(f"---\n{FRONT}\n---\n\n" + "\n---\n\n".join(SLIDES))
    return path


def test_the_plan_is_printed_and_what_to_cut(tmp_path: Path, three: Path) -> None:
    assert told(tmp_path, str(three), "--plan").splitlines() == [
        "0:00  Three", "1:00  one", "1:00  Two  (optional)", "1:00  Three", "3:00 in all",
    ]  # fmt: skip
    assert told(tmp_path, str(three), "--plan", "--target", "2m").splitlines()[-2:] == [
        "2:00 cannot fit what needs 3:00. To make it fit:",
        "  take the deck's cut `2m`: saves 1:00 (2:00 left)",
    ]
    cut = told(tmp_path, str(three), "--plan", "--cut", "2m").splitlines()
    assert cut[1:] == ["1:00  one", "1:00  Three", "2:00 in all", "left out by the cut 2m: 1 slide"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cut", "1m"], "there is no cut `1m` (it has 2m)"),
        (["--picture", "x.gif"], "unknown kind of picture"),
        (["--loop"], "--loop is of use with --auto only"),
        (["--target", "soon"], "soon: a time such as 45m or 1h30m"),
        (["--marks", "1m,x"], "x: a time such as 45m or 1h30m"),
        (["--target", "0s"], "0s: a time"),
    ],
)
def test_what_cannot_be_meant_is_said(
    tmp_path: Path, three: Path, arguments: list[str], said: str
) -> None:
    assert said in told(tmp_path, str(three), *arguments, status=2)
