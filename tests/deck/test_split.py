"""Where slides begin and end, what they are called, and which include stands where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from presenter.deck.split import MAX_SLIDES
from tests.deck.decks import errors, ids, make, titles, warnings
from tests.deck.test_scan import SOUP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n---\n# B\n", ["A", "B"]),
        ("# A\n\n---\n\n# B\n\n---\n", ["A", "B"]),
        ("A\n---\nx\n<!-- end_slide -->\nB\n---\n---\nmore\n", ["A", "B"]),
        ("# A\n<!-- end_slide -->\n<!-- end_slide -->\n# C\n", ["A", "", "C"]),
        ("# Talk\nintro\n## A\n## B\n", ["Talk", "A", "B"]),
        ("# A\ntext\n# B\n## C\n", ["A", "B"]),
        ("# Only one\n\ntext\n", ["Only one"]),
        ("<!-- // for the editor -->\n## A\n## B\n", ["A", "B"]),
        ("---\ntitle: T\n---\n# A\n---\n# B\n", ["T", "A", "B"]),
        ("---\ntheme: dark\n---\n# A\n---\n# B\n", ["A", "B"]),
        ("---\ntitle: T\n---\n", ["T"]),
        ("# A\n---\n<!-- skip_slide -->\n# B\n---\n# C\n", ["A", "C"]),
        ("# A\n---\n```\n---\n```\n", ["A", ""]),
        ("\ufeff# A\r\n\r\n---\r\n\r\n# B\r\n", ["A", "B"]),
        ("", [""]),
        ("---\noptions:\n  slide_break: heading\n---\n# A\n---\nx\n# B\n", ["A", "B"]),
        (
            '---\noptions:\n  slide_break: "---"\n---\n# A\n\n<!-- end_slide -->\n\n---\n\n# B\n',
            ["A", "B"],
        ),
        ("---\noptions:\n  slide_break: end_slide\n---\n# A\n\n---\n\n# B\n", ["A"]),
        ("---\noptions:\n  end_slide_shorthand: true\n---\n# A\n\n---\n\n# B\n"
         "<!-- end_slide -->\n# C", ["A", "B", "C"]),
        ("---\noptions:\n  implicit_slide_ends: true\n---\nA\n===\nx\n\nB\n===\n", ["A", "B"]),
        ("---\nmarp: true\nheadingDivider: 2\n---\n# A\n## B\n### C\n---\n## D\n",
         ["A", "B", "D"]),
        ("%title: T\n%author: A\n\n# A\n\n---\n\n# B\n", ["A", "B"]),
        ("---\npatat:\n  slideLevel: 2\n...\n# A\n## B\n## C\n", ["A", "B", "C"]),
    ],
)  # fmt: skip
def test_slides_and_their_titles(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert titles(make(tmp_path, text)) == expected


def test_ids_are_slugs_made_unique(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n# Same\n---\n# Same\n---\n# Title\n---\n<!-- id: my one -->\n---\nx"
    assert ids(make(tmp_path, text)) == ["title", "same", "same-2", "title-2", "my-one", "slide-6"]


def test_an_id_used_twice_is_reported(tmp_path: Path) -> None:
    deck = make(tmp_path, "<!-- id: a -->\nx\n\n---\n<!-- id: a -->\ny\n")
    assert ids(deck) == ["a", "a-2"]
    assert [str(problem.place.line) for problem in deck.problems()] == ["5"]


def test_an_include_is_read_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.md").write_text("more of A\n<!-- end_slide -->\n# B\n")
    deck = make(tmp_path, "# A\n<!-- include: parts/one.md -->\nend of B\n<!-- end_slide -->\n# C")
    assert titles(deck) == ["A", "B", "C"]
    assert [path.name for path in deck.files] == ["talk.md", "one.md"]
    assert deck.slide(1).place.file.endswith("one.md")


def test_a_deck_that_begins_with_a_break_keeps_its_first_slide(tmp_path: Path) -> None:
    deck = make(tmp_path, "---\n# One\n\ntext\n\n---\n\n# Two\n")
    assert titles(deck) == ["One", "Two"]
    assert deck.problems() == ()


def test_an_included_files_problems_carry_its_name(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("x\n\n<!-- puase -->\n")
    deck = make(tmp_path, "# A\n\n<!-- include: one.md -->\n")
    assert [str(problem.place) for problem in deck.problems()] == [f"{tmp_path}/one.md:3:1"]
    assert "did you mean `pause`" in warnings(deck)[0]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("missing.md", "no such file"),
        ("/etc/hostname", "absolute"),
        ("../outside.md", "leads out"),
        ("link.md", "leads out"),
        ("talk.md", "includes itself"),
        ("C:\\x.md", "absolute"),
        ("pipe.md", "no ordinary file"),
        ("", "empty"),
    ],
)
def test_includes_stay_inside_the_deck(tmp_path: Path, written: str, reason: str) -> None:
    (tmp_path / "outside.md").write_text("secret")
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    os.mkfifo(folder / "pipe.md")
    deck = make(folder, f"# A\n\n<!-- include: {written} -->\n")
    assert len(deck) == 1
    assert reason in errors(deck)[0]
    assert type(deck.slide(0).blocks[-1]).__name__ == "Failure"


def test_includes_end_somewhere(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.md").write_text(f"x\n\n<!-- include: {number + 1}.md -->\n")
    assert "more than 8 includes deep" in errors(make(tmp_path, "<!-- include: 0.md -->\n"))[0]


def test_two_files_that_include_each_other_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("<!-- include: b.md -->\n")
    (tmp_path / "b.md").write_text("<!-- include: a.md -->\n")
    assert "includes itself" in errors(make(tmp_path, "<!-- include: a.md -->\n"))[0]


@given(SOUP)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_of_a_deck_belongs_to_one_slide(tmp_path: Path, lines: list[str]) -> None:
    text = "\n".join(line.replace("skip_slide", "").replace("\r", "") for line in lines)
    text = "".join(char for char in text if not 0xD800 <= ord(char) < 0xE000).removeprefix("\ufeff")
    deck = make(tmp_path, text)
    assert deck.head() + "".join(deck.raw(index) for index in range(len(deck))) == text + "\n"
    for problem in deck.problems():
        assert 1 <= problem.place.line <= len(lines) + 1
        assert problem.place.column >= 1


def test_blank_slides_at_both_ends_give_their_lines_to_their_neighbours(tmp_path: Path) -> None:
    text = "\n---\n<!-- id: a -->\n\n---\n\n# x\n\n---\n<!-- b -->\n\n---\n<!-- c -->\n\n---\n"
    deck = make(tmp_path, text)
    assert (len(deck), deck.slide_id(0)) == (1, "a")
    assert deck.raw(0) == text + "\n"


def test_a_deck_has_a_most_of_slides(tmp_path: Path) -> None:
    deck = make(tmp_path, "# x\n\n---\n\n" * (MAX_SLIDES + 1))
    assert len(deck) == MAX_SLIDES
    assert errors(deck) == [f"the deck has more than {MAX_SLIDES} slides: the rest is left out"]
