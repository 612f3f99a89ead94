"""Decks of other tools, with the slides, titles and notes that a person counts in them.

Each row was made by reading the deck with its own tool's rules in mind, not by running this
program: which lines break slides there, whether the front matter makes a slide of its own, and
which comments are notes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.deck import open_deck
from presenter.deck.model import Severity
from tests.deck.decks import titles
from tests.material import material

DECKS = material("compat/decks")

EXPECTED: dict[str, tuple[list[str], dict[int, list[str]]]] = {
    # Tool's rule; titles of all slides; for slides with notes, how each note begins.
    "lookatme/progressive.md": (["This is a normal slide", "This is a multi-part slide"], {}),
    # No `---`: the lowest heading that repeats breaks.
    "lookatme/terminal_ext.md": (["A Plain Terminal", "A While Loop"], {}),
    # The front matter's title is a header there, not a slide.
    "lookatme/tour.md": (
        [
            "Markdown Support: Inline",
            "Markdown Support: Headers",
            "Markdown Support: Code Blocks & Quotes",
            "Markdown Support: Lists",
            "Markdown Support: Numbered Lists",
            "Progressive Slides",
            "Extensions",
            "Extensions > QR Codes",
            "Extensions > Images",
            "Embeddable Terminals",
            "Embeddable Terminals: Docker containers",
            "Live Editing",
            "Live Editing: Including Styles!",
            "Slide Scrolling",
        ],
        {},
    ),
    # The second slide's comment is a directive; the first slide's is a note.
    "marp/marp-cli-demo.md": (
        ["Hello, I'm Marp CLI!", "Watch and preview", ":+1:"],
        {0: ["You can also write down presenter notes"]},
    ),
    # `theme` alone makes no title slide.
    "presenterm/code.md": (
        [
            "Code styling",
            "Column layouts",
            "Snippet execution",
            "Snippet execution - stderr",
        ],
        {},
    ),
    "presenterm/columns.md": (["Columns and pauses"], {}),
    # Title and author make a title slide; ten more follow. Rules between are rules.
    "presenterm/demo.md": (
        [
            "Introducing presenterm",
            "Customizability",
            "Headers",
            "Code highlighting",
            "Dynamic code highlighting",
            "Snippet execution",
            "Images",
            "Column layouts",
            "Text formatting",
            "More markdown",
            "The end",
        ],
        {},
    ),
    "presenterm/speaker-notes.md": (
        ["Speaker Notes", "Usage"],
        {
            0: ["This is a speaker note from slide 1.", "You can use multiple speaker notes"],
            1: [
                "This is a speaker note from slide 2.",
                "Demonstrate changing slides",
                "Isn't that cool?",
            ],
        },
    ),
    # Dart and V share a slide: no break stands between them. Comments are no notes there.
    "slides/code_blocks.md": (
        [
            "Code blocks",
            "Bash",
            "Zsh",
            "Fish",
            "Elixir",
            "Go",
            "Javascript",
            "Lua",
            "Python",
            "Ruby",
            "Perl",
            "Rust",
            "Java",
            "Julia",
            "C++",
            "Swift",
            "Dart",
            "Scala",
        ],
        {},
    ),
    # Author and date stand in the bottom line there, and make no slide.
    "slides/metadata.md": (["Metadata Example", "Metadata Example"], {}),
    "slides/preprocess.md": (["Slides", "", "", "", "More pre-process examples:"], {}),
    "slides/slides.md": (
        [
            "Welcome to Slides",
            "Everything is markdown",
            "h1",
            "Markdown components",
            "Tables",
            "Graphs",
            "",
        ],
        {},
    ),
    # Only a comment that ends its slide is a note.
    "slidev/fixture-frontmatter.md": (
        ["Hi", "Hello", "Morning", "", "", "", "", "Title"],
        {1: ["This is note"], 3: ["This is note"]},
    ),
    # Four slides stand in files that are not here.
    "slidev/fixture-multi-entries.md": (["", "", "", "", "Inline Page"], {}),
    # The last but two stands in a file that is not here.
    "slidev/starter.md": (
        [
            "Welcome to Slidev",
            "What is Slidev?",
            "Navigation",
            "Table of contents",
            "Code",
            "Shiki Magic Move",
            "Components",
            "Themes",
            "Clicks Animations",
            "Motions",
            "$\\LaTeX$",
            "Diagrams",
            "Draggable Elements",
            "",
            "Monaco Editor",
            "Learn More",
        ],
        {
            0: ["The last comment block of each slide"],
            1: ["Here is another comment."],
            4: [
                "Notes can also sync with clicks",
                "This will be highlighted after the first",
                "Highlighted with `count = ref(0)`",
                "Last click (skip two clicks)",
            ],
            6: ["Presenter note with **bold**"],
        },
    ),
}


def test_every_deck_has_an_expectation() -> None:
    found = {path.relative_to(DECKS).as_posix() for path in DECKS.rglob("*.md")}
    assert found == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_slides_titles_and_notes_are_those_that_a_person_counts(name: str) -> None:
    deck = open_deck(DECKS / name)
    expected_titles, expected_notes = EXPECTED[name]
    assert titles(deck) == expected_titles
    notes = {
        index: [note.text for note in deck.slide(index).notes]
        for index in range(len(deck))
        if deck.slide(index).notes
    }
    assert set(notes) == set(expected_notes)
    for index, beginnings in expected_notes.items():
        assert len(notes[index]) == len(beginnings)
        for text, beginning in zip(notes[index], beginnings, strict=True):
            assert text.startswith(beginning)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_not_supported_is_a_warning(name: str) -> None:
    """The only errors are files that the deck names and that are not here."""
    deck = open_deck(DECKS / name)
    errors = [each for each in deck.problems() if each.severity is Severity.ERROR]
    assert all("no such file" in error.message for error in errors), errors
    assert all(problem.place.file == str(DECKS / name) for problem in deck.problems())


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("lookatme/tour.md", "lookatme"),
        ("lookatme/terminal_ext.md", "lookatme"),
        ("marp/marp-cli-demo.md", "marp"),
        ("presenterm/demo.md", "presenterm"),
        ("slides/metadata.md", "slides"),
        ("slides/preprocess.md", "slides"),
        ("slidev/starter.md", "slidev"),
        ("slidev/fixture-multi-entries.md", "slidev"),
    ],
)
def test_dialects_are_told_by_their_signs(name: str, dialect: str) -> None:
    assert open_deck(DECKS / name).dialect == dialect


def test_progressive_slides_have_their_presses() -> None:
    deck = open_deck(DECKS / "lookatme/progressive.md")
    assert [len(deck.stops(index)) for index in range(2)] == [0, 2]


def test_a_missing_include_is_a_slide_that_says_so() -> None:
    deck = open_deck(Path(DECKS / "slidev/fixture-multi-entries.md"))
    assert [type(deck.slide(index).blocks[0]).__name__ for index in range(5)] == [
        *["Failure"] * 4,
        "Heading",
    ]
