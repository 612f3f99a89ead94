"""What the line scanner takes for a break, a heading, a comment and a fence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from presenter.deck.scan import Kind, Mark, Rules, scan


def found(text: str, rules: Rules = Rules()) -> list[tuple[str, int, str]]:  # noqa: B008
    return [(mark.kind.name, mark.line, mark.text) for mark in scan(text.split("\n"), 0, rules)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n---\n\nb", [("BREAK", 2, "")]),
        ("a\n\n----- \n", [("BREAK", 2, "")]),
        ("Title\n---\n", [("HEADING", 0, "Title")]),
        ("Two\nlines\n===\n", [("HEADING", 0, "Two lines")]),
        ("# One #\n## Two\n", [("HEADING", 0, "One"), ("HEADING", 1, "Two")]),
        ("#not a heading\n####### seven\n", []),
        ("***\n___\n- - -\n", []),
        ("- item\n---\n", [("BREAK", 1, "")]),
        ("> quote\n---\n", [("BREAK", 1, "")]),
        ("- item\n\n  ---\n", []),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n---\n", [("BREAK", 3, "")]),
        ("    code\n---\n", [("BREAK", 1, "")]),
        ("```\n---\n# no\n<!-- no -->\n```\n---", [("FENCE", 0, ""), ("BREAK", 5, "")]),
        ("~~~md\n```\n---\n~~~\n", [("FENCE", 0, "md")]),
        ("```\n~~~\n---\n```\n", [("FENCE", 0, "")]),
        ("````\n```\n---\n````\n", [("FENCE", 0, "")]),
        ("- ```\n  ---\n  ```\n\n---\n", [("FENCE", 0, ""), ("BREAK", 4, "")]),
        ("1. a\n   ```sh\n   x\n   ```\n---\n", [("FENCE", 1, "sh"), ("BREAK", 4, "")]),
        ("<!-- one -->\n", [("COMMENT", 0, " one ")]),
        ("<!-- a\n---\n# b\n-->\n---", [("COMMENT", 0, " a\n---\n# b\n"), ("BREAK", 4, "")]),
        ("<!-- a --> <!-- b -->", [("COMMENT", 0, " a "), ("COMMENT", 0, " b ")]),
        ("text <!-- inline\n", []),
        ("<script>\n---\n</script>\n", []),
        ("<div>\n# no heading\n\n# heading", [("HEADING", 3, "heading")]),
        ("---\nlayout: center\nclass: x\n---\n# A", [("BREAK", 0, "layout: center\nclass: x\n"),
                                                     ("HEADING", 4, "A")]),
        ("a\n\n---\nno yaml here\n---\n", [("BREAK", 2, ""), ("HEADING", 3, "no yaml here")]),
    ],
)  # fmt: skip
def test_marks(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert found(text) == expected


def test_some_tools_break_at_every_line_of_dashes() -> None:
    assert found("Text\n---\n", Rules(underline=False)) == [("BREAK", 1, "")]
    assert found("Text\n\n--\n", Rules(short=True)) == [("BREAK", 2, "")]


def test_a_comment_that_never_ends_is_marked() -> None:
    mark = scan(["a", "", "<!-- notes:", "secret"])[0]
    assert not mark.closed
    assert "secret" in mark.text


def test_a_fence_that_never_ends_is_marked() -> None:
    assert not scan(["```", "---"])[0].closed


@pytest.mark.parametrize(
    "text",
    [
        "<!-- notes:\nuse the --> arrow\nmore\n-->\n\nslide",
        "<!-- speaker_note: a --> b\n\nslide",
        "<!-- notes: a -->\nstill a note -->\n\nslide",
    ],
)
def test_notes_that_end_too_early_keep_what_was_meant_for_them(text: str) -> None:
    mark = scan(text.split("\n"))[0]
    assert mark.early >= 0
    assert text.split("\n")[mark.end :] == ["", "slide"]


def test_an_arrow_further_down_is_no_end_of_notes() -> None:
    marks = scan(["<!-- notes: fine -->", "", "A --> B is an arrow", "", "```", "a -->", "```"])
    assert marks[0].early == -1


LINE = st.sampled_from(
    ["", "text", "---", "----", "--", "===", "***", "# h", "## h #", "```", "````x", "~~~", "<!--",
     "-->", "<!-- pause -->", "<!-- notes: a", "- item", "  - item", "  text", "    code", "> q",
     "1. one", "- ```", "  ```", "<div>", "</div>", "<script>", "</script>", "| a |", "|---|",
     "key: value", ". . .", "::right::", "\t- x", "-", "=", "`", "<", "<!-->", "<v-click>"]
)  # fmt: skip
SOUP = st.lists(LINE | st.text(max_size=20).map(lambda text: text.replace("\n", "")), max_size=40)


@given(SOUP, st.sampled_from([Rules(), Rules(underline=False), Rules(short=True)]))
@settings(max_examples=300)
def test_any_soup_of_lines_gives_ordered_marks_within_it(lines: list[str], rules: Rules) -> None:
    marks = [mark for mark in scan(lines, 0, rules) if mark.kind is not Kind.SIGNAL]
    last = Mark(Kind.BREAK, 0, 0)
    for mark in marks:
        assert 0 <= mark.line < mark.end <= len(lines)
        assert mark.line >= last.line
        assert mark.line >= last.end or mark.line == last.line or last.kind is Kind.COMMENT
        last = mark


PLAIN = st.sampled_from(
    ["", "text", "---", "===", "***", "# h", "## h", "```", "~~~", "<!-- c -->", "- item", "> q",
     "  text", "    code", "1. one"]
)  # fmt: skip


def reference(lines: list[str]) -> list[tuple[int, bool]]:
    """The lines of top-level headings and (true) dashed rules, by a CommonMark parser."""
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    return sorted(
        (token.map[0], token.type == "hr")
        for token in tokens
        if token.level == 0
        and token.map
        and (token.type == "heading_open" or (token.type == "hr" and token.markup[0] == "-"))
    )


def breaks_and_headings(lines: list[str]) -> list[tuple[int, bool]]:
    return sorted(
        (mark.line, mark.kind is Kind.BREAK)
        for mark in scan(lines)
        if mark.kind in (Kind.BREAK, Kind.HEADING)
    )


@given(st.lists(PLAIN, max_size=25))
@settings(max_examples=500)
def test_the_scanner_agrees_with_a_commonmark_parser(lines: list[str]) -> None:
    assert breaks_and_headings(lines) == reference(lines)


@pytest.mark.parametrize(
    "text",
    [
        "* * *\n  ---",
        "- item\n-->\n  ---",
        "- item\n1. one\n  ---",
        "text\n10. ten\n---",
        "- ```\n```\n---",
        "- ```\n  ```\n  ---",
        "- item\n    ```\ntext\n---",
        "  ```\n- ```\n  ```\n  ---",
        "- ```\ntext\n   # h",
        "- item\n\n  text\ntext\n  ---",
        "1. one\n\n  text\n   # h",
        "1. a\n\n    ```yaml\n    ---\n    a: 1\n    ```\n\n---\n# B",
        "    code\ntext\n---",
    ],
)
def test_corners_where_it_once_did_not_agree(text: str) -> None:
    lines = text.split("\n")
    assert breaks_and_headings(lines) == reference(lines)
