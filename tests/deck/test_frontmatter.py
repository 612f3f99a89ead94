"""Front matter: every key, what is odd, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.deck.frontmatter import FrontMatter, find_end, read_front_matter
from presenter.deck.model import Grid, Meta, Severity


def read(text: str) -> FrontMatter:
    return read_front_matter(text, "t.md")


def test_all_keys() -> None:
    front = read(
        "title: A _talk_\nsub_title: S\nauthors: [A, B]\nevent: E\nlocation: L\ndate: 2018-05-01\n"
        "theme: dark\ngrid: 100x30\nduration: 1h30m\nbadge: false\nrecordings: other\n"
        "dialect: presenterm\nfooter: {left: a, right: '{current_slide}'}\n"
        "options: {incremental_lists: true}\nneeds: {wifi: {tcp: 'github.com:443'}}\n"
        "start: {clean: {kubernetes: {}}}\nvars: {A: 1}\nsetup: x\nreset: [y]\n"
        "cuts: {20m: [a]}\naudience: all\n"
    )
    assert front.problems == ()
    assert front.title_slide
    assert front.meta == Meta(
        title="A talk",
        sub_title="S",
        authors=("A", "B"),
        event="E",
        location="L",
        date="2018-05-01",
        theme="dark",
        grid=Grid(100, 30),
        duration=5400.0,
        footer={"left": "a", "right": "{current_slide}"},
        badge=False,
        recordings="other",
        dialect="presenterm",
        options={"incremental_lists": True},
        needs={"wifi": {"tcp": "github.com:443"}},
        extra={
            "start": {"clean": {"kubernetes": {}}},
            "vars": {"A": 1},
            "setup": "x",
            "reset": ["y"],
            "cuts": {"20m": ["a"]},
            "audience": "all",
        },
    )


def test_a_shell_that_runs_no_console_blocks_is_reported() -> None:
    assert not read("title: t\noptions: {shell: zsh}\n").problems
    (problem,) = read("title: t\noptions: {shell: bsh}\n").problems
    assert "one of bash, zsh, fish, sh" in problem.message


def test_presenterm_themes_and_footers_are_understood() -> None:
    front = read(
        "theme:\n  name: light\n  override:\n    footer: {style: template, center: c, height: 3}\n"
    )
    assert (front.meta.theme, front.meta.footer) == ("light", {"center": "c"})
    assert front.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("titel: x", 2, "unknown key `titel` (did you mean `title`?)"),
        ("title: x\nduration: soon", 3, "`duration` should be a time"),
        ("duration: 45", 2, "`duration` should be a time"),
        ("grid: 80", 2, "`grid` should be"),
        ("grid: 9999x9999", 2, "`grid` should be"),
        ("title: [a]", 2, "`title` should be text"),
        ("options: {insremental_lists: true}", 2, "did you mean `incremental_lists`"),
        ("options: x", 2, "should be a mapping"),
        ("dialect: presentem", 2, "did you mean `presenterm`"),
        ("author: a\nauthors: [b]", 2, "both given"),
        ("badge: maybe", 2, "true or false"),
        ("recordings: ../x", 2, "name of a folder"),
        ("layout: cover", 2, "`layout` of slidev has no effect here"),
        ("marp: true\nclass: lead", 3, "`class` of marp has no effect here"),
        ("needs: x", 2, "should name conditions"),
        ("audience: [a]", 2, "`audience` should be text"),
        ("links: [1, 2]", 2, "`links` should be text, or a list of links"),
        ("needs: {a: 1}", 2, "`needs.a` should be a mapping"),
        ("needs: {a: {htp: x}}", 2, "did you mean `http`"),
        ("vars: {a: [1]}", 2, "single value"),
        ("setup: {a: 1}", 2, "a command or a list"),
        ("cuts: {soon: [a]}", 2, "not a time"),
        ("cuts: {20m: a}", 2, "list of slide ids"),
    ],
)
def test_what_is_odd_is_a_warning_at_its_key(text: str, line: int, message: str) -> None:
    problem = read(text).problems[0]
    assert message in problem.message
    assert (problem.severity, problem.place.line) == (Severity.WARNING, line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "expected"),
        ("a: &x 1\nb: *x", "anchors and aliases"),
        ("- a", "not a mapping"),
        ("a: " + "[" * 30 + "]" * 30, "nested deeper"),
        ("a: " + "[" * 5000, "nested deeper"),
        ("a: !!int x", "cannot be read"),
        ("a: !!python/object:os.system {}", "could not determine"),
        ("a: " + "x" * 70_000, "64 KiB"),
        ("a: \x07", "character"),
        ("? [a]\n: b", "key"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_the_deck_still_has_its_defaults(
    text: str, message: str
) -> None:
    front = read(text)
    assert front.meta == Meta()
    assert [problem.severity for problem in front.problems] == [Severity.ERROR]
    assert message in front.problems[0].message


def test_the_place_of_an_error_is_its_line_in_the_file() -> None:
    assert str(read("title: x\nb: [1\n").problems[0].place).startswith("t.md:4:")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\na: 1\n---\nx", 3),
        ("---\na: 1\n...\nx", 3),
        ("---\n\nx\n---\n", 0),
        ("---\n# x\n\nmore: or less\n---\n", 5),
        ("---\n# One\n\ntext\n---\n# Two", 0),
        ("---\n# One\n---\n# Two", 0),
        ("---\n---\n# One", 2),
        ("x\n---\n", 0),
        ("---\na: 1\n", 0),
        ("", 0),
    ],
)
def test_where_front_matter_ends(text: str, expected: int) -> None:
    assert find_end(text.split("\n")) == expected


YAML = st.text() | st.text("a:1[]{}&*!|>-? \n'\"#%@`,\t", max_size=60)


@given(YAML)
@settings(max_examples=300)
def test_any_text_is_read_or_reported(text: str) -> None:
    front = read(text)
    assert isinstance(front.meta, Meta)
    for problem in front.problems:
        assert problem.place.line >= 2
        assert "\n" not in problem.message
