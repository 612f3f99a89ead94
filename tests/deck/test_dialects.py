"""The habits of other tools, a rule at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.model import Columns, Reveal
from tests.deck.decks import make, titles, warnings


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("---\nmarp: true\n---\n# A\n<!-- pause -->\n", "marp"),
        ("%title: A\n\n# B\n", "mdp"),
        ("# A\n\n<!-- pause -->\n", "presenterm"),
        ("---\nsub_title: x\n---\n# A\n", "presenterm"),
        ("# A\n\n. . .\n\nmore\n", "patat"),
        ("---\ntitle: x\n...\n# A\n", "patat"),
        ("# A\n\n---\nlayout: center\n---\n\n# B\n", "slidev"),
        ("# A\n\n<v-click>\n\nx\n\n</v-click>\n", "slidev"),
        ("# A\n\nNote:\nx\n", "reveal"),
        ("# A\n\n<!-- .slide: data-x -->\n", "reveal"),
        ("# A\n\n<!-- stop -->\n\nb\n", "lookatme"),
        ("# A\n\n```terminal8\nbash\n```\n", "lookatme"),
        ("---\npaging: '%d'\n---\n# A\n", "slides"),
        ("# A\n\n```\n~~~cat x\n~~~\n```\n", "slides"),
        ("# A\n---\n# B\n", "presenter"),
        ("---\ndialect: patat\n---\n# A\n<!-- pause -->\n", "patat"),
    ],
)
def test_signs(tmp_path: Path, text: str, dialect: str) -> None:
    assert make(tmp_path, text).dialect == dialect


def test_patat_pauses_and_notes(tmp_path: Path) -> None:
    slide = make(tmp_path, "# A\n\na\n\n. . .\n\nb\n\n<!-- a note -->\n").slide(0)
    assert slide.stops == (Reveal(1),)
    assert [block.at for block in slide.blocks] == [0, 0, 1]
    assert [note.text for note in slide.notes] == ["a note"]


def test_mdp_pauses(tmp_path: Path) -> None:
    deck = make(tmp_path, "%title: T\n%author: A\n\n# A\n\na\n\n^\n\nb\n")
    assert (deck.meta.title, deck.meta.authors) == ("T", ("A",))
    assert deck.slide(0).stops == (Reveal(1),)


def test_marp_fragments_notes_and_directives(tmp_path: Path) -> None:
    deck = make(tmp_path, "---\nmarp: true\n---\n* a\n* b\n\n<!-- _class: lead -->\n<!-- n -->\n")
    assert len(deck.slide(0).stops) == 2
    assert [note.text for note in deck.slide(0).notes] == ["n"]
    assert warnings(deck) == ["`_class` of marp has no effect here"]


def test_reveal_notes_and_vertical_slides(tmp_path: Path) -> None:
    deck = make(tmp_path, "# A\n\nNote:\nsay it\n\n---\n\n# B\n\n--\n\n# C\n")
    assert titles(deck) == ["A", "B", "C"]
    assert [note.text for note in deck.slide(0).notes] == ["say it"]
    assert "say it" not in str(deck.slide(0).blocks)


def test_slidev_columns_titles_and_hidden_slides(tmp_path: Path) -> None:
    deck = make(
        tmp_path,
        "# A\n\n---\nlayout: two-cols\ntitle: Named\n---\n\n# B\n\nleft\n\n::right::\n\nright\n\n"
        "---\nhide: true\n---\n\n# C\n",
    )
    assert titles(deck) == ["A", "Named"]
    columns = deck.slide(1).blocks[1]
    assert isinstance(columns, Columns)
    assert [len(column.blocks) for column in columns.columns] == [1, 1]
    assert warnings(deck) == []


def test_slidev_takes_slides_from_other_files(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.md").write_text("# X\n\n---\n\n# Y\n")
    deck = make(tmp_path, "# A\n\n---\nsrc: ./pages/x.md\n---\n\n---\n\n# B\n")
    assert titles(deck) == ["A", "X", "Y", "B"]


def test_slides_preprocessing_is_a_warning(tmp_path: Path) -> None:
    deck = make(tmp_path, "---\npaging: x\n---\n# A\n\n~~~sort -r\na\n~~~\n")
    assert "preprocessing by a command is not supported" in warnings(deck)


def test_a_command_prefix_leaves_other_comments_alone(tmp_path: Path) -> None:
    deck = make(
        tmp_path,
        "---\noptions: {command_prefix: 'cmd:'}\n---\n# A\n<!-- pause -->\n<!-- cmd:pause -->\n",
    )
    assert deck.slide(0).stops == (Reveal(1),)
    assert deck.problems() == ()
