"""What a view of a desk shows and passes over."""

from __future__ import annotations

from pathlib import Path

from presenter.deck.deck import open_deck
from presenter.demo.reports import Reports
from presenter.layout.frame import Size
from presenter.talk.commands import GoTo, Next
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
