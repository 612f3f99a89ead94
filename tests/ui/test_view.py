"""What a view of a desk shows and passes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.demo.reports import Reports
from presenter.layout.frame import Size
from presenter.talk.commands import Black, Freeze, GoTo, Next, Skip
from presenter.wiring.desk import make_desk

LONG = "# Long\n\n" + "\n\n".join(f"line {n}" for n in range(40)) + "\n\n---\n\n# After\n\nend\n"


def test_text_that_is_not_seen_yet_is_counted_until_it_has_been_scrolled_to(tmp_path: Path) -> None:
    path = tmp_path / "deck.md"
    path.write_text(LONG)
    desk = make_desk(open_deck(path), Reports())
    desk.runtime.start(str(path), "", "test")
    desk.view.frame(Size(80, 24))
    unseen = desk.view.unseen_text()
    assert unseen > 40
    desk.view.scroll("text", unseen)
    desk.view.frame(Size(80, 24))
    assert desk.view.unseen_text() == 0
    desk.dispatch(Next())
    desk.view.frame(Size(80, 24))
    assert desk.session.position.slide == 1
    assert desk.view.unseen_text() == 0


def test_text_that_waits_for_a_press_is_not_scrolled_to_before(tmp_path: Path) -> None:
    path = tmp_path / "deck.md"
    path.write_text(LONG.replace("line 39", "<!-- pause -->\n\nline 39"))
    desk = make_desk(open_deck(path), Reports())
    desk.runtime.start(str(path), "", "test")
    desk.dispatch(GoTo(0))
    desk.view.frame(Size(80, 24))
    assert desk.view.unseen_text() == 0
    desk.dispatch(Next())
    desk.view.frame(Size(80, 24))
    assert desk.view.unseen_text() > 0


@pytest.mark.parametrize("hide", [Black, Freeze])
def test_a_picture_that_is_hidden_or_frozen_never_holds_a_press_back(
    tmp_path: Path, hide: type[Black] | type[Freeze]
) -> None:
    path = tmp_path / "deck.md"
    path.write_text(LONG)
    desk = make_desk(open_deck(path), Reports())
    desk.runtime.start(str(path), "", "test")
    desk.view.frame(Size(80, 24))
    assert desk.view.unseen_text() > 0
    desk.dispatch(hide())
    desk.view.frame(Size(80, 24))
    assert desk.view.unseen_text() == 0


def test_a_recording_that_cannot_be_opened_is_reported_and_its_transcript_shown(
    tmp_path: Path,
) -> None:
    path = tmp_path / "deck.md"
    path.write_text("# A\n\n```console +demo:broken\n$ echo hi\nhi\n```\n")
    recording = tmp_path / "recordings" / "deck" / "broken.cast"
    recording.parent.mkdir(parents=True)
    recording.write_text("no recording\n")
    reports = Reports()
    desk = make_desk(open_deck(path), reports)
    desk.runtime.start(str(path), "", "test")
    desk.dispatch(Skip())
    assert "hi" in desk.screens.emulator("broken").text()
    assert any("broken.cast" in line for line in reports.lines)
