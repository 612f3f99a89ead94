"""Recordings made of transcripts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.model import Demo, Grid, Meta
from presenter.errors import RecordingError
from presenter.recording.asciicast import Event, Header
from presenter.recording.provenance import TRANSCRIBED, provenance_of
from presenter.recording.steps import Take, open_take
from presenter.recording.transcribe import transcribe, transcribe_deck
from presenter.recording.writer import encode, write_cast
from presenter.terminal import new_emulator
from tests.recording.demos import demo, step

PODS = demo(
    step("kubectl get pods", "NAME   READY", "...", "istio  2/2"),
    step("secret", known=False),
    step("export A=1"),
    step("cat <<EOF\nx\nEOF", "x", expect_exit=3),
)


class FakeDeck:
    """A deck of the given demos."""

    def __init__(self, *demos: Demo) -> None:
        self.demos = demos
        self.path = Path("talks/istio.md")
        self.meta = Meta(grid=Grid(70, 18))

    def all_demos(self) -> Iterable[Demo]:
        return self.demos


def made(wanted: Demo) -> tuple[Header, list[Event]]:
    result = transcribe(wanted, deck="istio", origin="a post", columns=80, rows=20)
    assert result is not None
    return result


def taken(wanted: Demo, tmp_path: Path) -> Take:
    path = tmp_path / "x.cast"
    write_cast(path, *made(wanted))
    return open_take(path)


def test_every_known_step_plays_its_transcript(tmp_path: Path) -> None:
    take = taken(PODS, tmp_path)
    assert len(take) == 3
    for number, expected in enumerate(PODS.steps):
        found = take.step(number, expected.command)
        if expected.transcript is None:
            assert found is None
            continue
        assert found is not None
        assert (found.number, found.stale, found.exit_status) == (
            number,
            False,
            expected.expect_exit,
        )
        screen = new_emulator(80, 20)
        for event in found.events:
            screen.feed(event.data)
        assert screen.text()[: len(expected.transcript)] == list(expected.transcript)


def test_dots_are_shown_with_and_without_their_backslash(tmp_path: Path) -> None:
    found = taken(demo(step("ls", "a \\... b", "...")), tmp_path).step(0, "ls")
    assert found is not None
    assert "".join(event.data for event in found.events) == "a ... b\r\n...\r\n"


def test_the_pace_is_calm(tmp_path: Path) -> None:
    found = taken(PODS, tmp_path).step(0, "kubectl get pods")
    assert found is not None
    assert found.events[0].time == pytest.approx(0.4)
    pauses = [b.time - a.time for a, b in zip(found.events, found.events[1:], strict=False)]
    assert all(0.0299 < pause < 0.0801 for pause in pauses)


def test_the_whole_recording_shows_the_commands_at_their_prompts() -> None:
    _, events = made(PODS)
    screen = new_emulator(80, 20)
    for event in events:
        if event.code == "o":
            screen.feed(event.data)
    assert [line for line in screen.text() if line] == [
        *("$ kubectl get pods", "NAME   READY", "...", "istio  2/2"),
        *("$ export A=1", "$ cat <<EOF", "> x", "> EOF", "x"),
    ]


def test_the_header_says_where_it_comes_from_and_has_no_date() -> None:
    header, _ = made(PODS)
    provenance = provenance_of(header)
    assert provenance is not None
    assert (provenance.source, provenance.date, provenance.origin) == (TRANSCRIBED, None, "a post")
    assert (provenance.deck, provenance.demo) == ("istio", "pods")
    assert provenance.commands == tuple(step.command for step in PODS.steps)
    assert header.timestamp is None


def test_equal_demos_give_equal_bytes() -> None:
    assert list(encode(*made(PODS))) == list(encode(*made(PODS)))


def test_a_demo_whose_output_nobody_knows_has_no_recording() -> None:
    unknown = demo(step("ls", known=False))
    assert transcribe(unknown, deck="d", origin="o", columns=80, rows=20) is None


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_no_transcript_steers_the_terminal(command: str, lines: list[str]) -> None:
    _, events = made(demo(step(command, *lines)))
    for event in events:
        if event.code == "o":
            rest = event.data
            for mark in "ABCD":
                rest = rest.replace(f"\x1b]133;{mark}\x07", "")
            assert not any(ord(char) < 32 and char not in "\r\n\t" for char in rest)
            assert "\x1b" not in rest


def test_a_deck_is_transcribed_into_its_folder(tmp_path: Path) -> None:
    deck = FakeDeck(
        PODS,
        demo(step("dir", "a"), name="pods", os="windows"),
        demo(step("ls", known=False), name="unknown"),
        demo(step("ls", "a"), name="shared", recording="other/ls"),
    )
    folder = tmp_path / "recordings" / "istio"
    written = transcribe_deck(deck, folder, "a post")
    assert [path.name for path in written] == ["pods.cast", "pods.windows.cast"]
    assert sorted(folder.iterdir()) == sorted(written)
    take = open_take(written[0])
    assert (take.columns, take.rows) == (70, 18)
    assert transcribe_deck(deck, folder, "a post") == written


def test_what_was_captured_is_never_replaced(tmp_path: Path) -> None:
    captured = tmp_path / "pods.cast"
    write_cast(captured, Header(extra={"presenter": {"source": "captured"}}), [])
    foreign = tmp_path / "foreign.cast"
    foreign.write_text("not a recording")
    deck = FakeDeck(PODS, demo(step("ls", "a"), name="foreign"))
    assert transcribe_deck(deck, tmp_path, "a post") == []


def test_a_folder_that_cannot_be_written_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="file"):
        transcribe_deck(FakeDeck(PODS), tmp_path / "file", "a post")
