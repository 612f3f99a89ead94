"""One slide: its blocks, its presses and what happens to what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.deck.demos import MAX_STEPS
from presenter.deck.model import (
    Align,
    Block,
    Code,
    Columns,
    Demo,
    DemoKind,
    DemoStop,
    Failure,
    Heading,
    Image,
    ListBlock,
    Mark,
    Middle,
    Paragraph,
    Phase,
    Quote,
    Reveal,
    Slide,
    Space,
    Span,
    Stop,
    Table,
    TitleBlock,
)
from presenter.deck.slide import MAX_LINES
from tests.deck.decks import errors, make, only_slide, warnings

TYPE, RUN = Phase.TYPE, Phase.RUN


def words(block: Block) -> str:
    """The text of a heading or paragraph."""
    assert isinstance(block, Heading | Paragraph)
    return "".join(span.text for span in block.text)


def one(slide: Slide, kind: type[Block]) -> Block:
    found = [block for block in slide.blocks if isinstance(block, kind)]
    assert len(found) == 1, slide.blocks
    return found[0]


def test_the_title_slide_comes_from_the_front_matter(tmp_path: Path) -> None:
    deck = make(tmp_path, "---\ntitle: T\nauthor: A\nevent: E\n---\n# B\n")
    assert deck.slide(0).blocks == (TitleBlock("T", "", ("A",), "E"),)
    assert deck.slide_id(0) == "title"


def test_inline_marks(tmp_path: Path) -> None:
    slide = only_slide(
        tmp_path,
        "a **b** _c_ ~~d~~ `e` [f](http://g) <span style='color: red'>h</span> ~i~ [](http://j) "
        "x^2^ <kbd>k</kbd><br>l &amp; m",
    )
    paragraph = one(slide, Paragraph)
    assert isinstance(paragraph, Paragraph)
    assert [span for span in paragraph.text if span.text.strip()] == [
        Span("a "),
        Span("b", Mark.BOLD),
        Span("c", Mark.ITALIC),
        Span("d", Mark.STRIKE),
        Span("e", Mark.CODE),
        Span("f", href="http://g"),
        Span("h", color="red"),
        Span("i", Mark.STRIKE),
        Span("http://j", href="http://j"),
        Span(" x"),
        Span("2", Mark.SUPERSCRIPT),
        Span("k", Mark.CODE),
        Span("\nl & m"),
    ]


def test_lists_tasks_and_nesting(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "3. a\n   - [x] b\n   - [ ] c\n4. d\n")
    outer = one(slide, ListBlock)
    assert isinstance(outer, ListBlock)
    assert (outer.ordered, outer.start, len(outer.items)) == (True, 3, 2)
    inner = outer.items[0].blocks[1]
    assert isinstance(inner, ListBlock)
    assert [item.checked for item in inner.items] == [True, False]
    assert [words(item.blocks[0]) for item in inner.items] == ["b", "c"]


def test_alerts_and_quotes(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "> [!WARNING] Mind\n> the **gap**\n\n> plain\n\n> [!nope]\n> x\n")
    quotes = [block for block in slide.blocks if isinstance(block, Quote)]
    assert [(quote.alert, quote.title) for quote in quotes] == [("warning", "Mind"), ("", ""),
                                                                ("", "")]  # fmt: skip
    assert words(quotes[0].blocks[0]) == "the gap"


def test_tables(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "| a | b |\n|:-:|--:|\n| **1** | 2 |\n")
    table = one(slide, Table)
    assert isinstance(table, Table)
    assert table.aligns == (Align.CENTER, Align.RIGHT)
    assert table.rows[0].cells[0] == (Span("1", Mark.BOLD),)


def test_images_alone_are_blocks(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "![alt](a.png)\n\n![image:width:50%](b.png)\n\nx ![c](c.png)\n")
    images = [block for block in slide.blocks if isinstance(block, Image)]
    assert [(image.source, image.alt, image.width_percent) for image in images] == [
        ("a.png", "alt", None),
        ("b.png", "", 50),
    ]


def test_footnotes_stand_below(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "a[^1]\n\n[^1]: why\n")
    assert [words(block) for block in slide.blocks] == ["a1", "1 why"]


def test_code_with_stepped_lines(tmp_path: Path) -> None:
    slide = only_slide(
        tmp_path, "```py {1|2-3|all} +line_numbers +no_background\na\nb\nc\n```\nx\n"
    )
    code = one(slide, Code)
    assert isinstance(code, Code)
    assert code.highlights == (frozenset({1}), frozenset({2, 3}), None)
    assert (code.highlight_at, code.line_numbers, code.background) == ((0, 1, 2), True, False)
    assert slide.stops == (Reveal(1), Reveal(2))
    assert slide.blocks[1].at == 2


def test_columns_and_layout_commands(tmp_path: Path) -> None:
    slide = only_slide(
        tmp_path,
        "<!-- font_size: 2 -->\n# A\n<!-- column_layout: [3, 2] -->\n<!-- column: 1 -->\nright\n\n"
        "<!-- pause -->\n<!-- column: 0 -->\nleft\n\n<!-- reset_layout -->\n"
        "<!-- alignment: center -->\n<!-- jump_to_middle -->\nbelow\n\n<!-- new_lines: 2 -->\n",
    )
    heading, columns, middle, below, space = slide.blocks
    assert isinstance(heading, Heading)
    assert heading.size == 2
    assert isinstance(columns, Columns)
    assert [column.weight for column in columns.columns] == [3, 2]
    left, right = (column.blocks[0] for column in columns.columns)
    assert (words(left), left.at, words(right), right.at) == ("left", 1, "right", 0)
    assert isinstance(middle, Middle)
    assert (words(below), below.align) == ("below", Align.CENTER)
    assert isinstance(space, Space)
    assert space.rows == 4


def test_presses_come_in_the_order_of_the_document(tmp_path: Path) -> None:
    slide = only_slide(
        tmp_path,
        "a\n\n<!-- pause -->\n\n<!-- incremental_lists: true -->\n- b\n  - c\n- d\n\n"
        "```console +demo:one\n$ x\n$ y\n```\n\nafter\n\n<!-- incremental_tables: true -->\n\n"
        "| e |\n|---|\n| f |\n",
    )
    expected: list[Stop] = [Reveal(1), Reveal(2), Reveal(3), Reveal(4)]
    expected += [DemoStop(0, 0, TYPE), DemoStop(0, 0, RUN), DemoStop(0, 1, TYPE)]
    expected += [DemoStop(0, 1, RUN), Reveal(5)]
    assert list(slide.stops) == expected
    listed, demo, after, table = slide.blocks[1:]
    assert isinstance(listed, ListBlock)
    assert [item.at for item in listed.items] == [2, 4]
    assert (listed.at, demo.at, after.at, slide.demos[0].at) == (1, 4, 4, 4)
    assert isinstance(table, Table)
    assert table.rows[0].at == 5


def test_incremental_lists_have_a_depth(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "<!-- incremental_lists: 1 -->\n- a\n  - b\n- c\n")
    assert slide.stops == (Reveal(1), Reveal(2))


def test_facts_about_the_slide(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "a\n<!-- time: 3m -->\n<!-- optional -->\n<!-- no_footer -->\n")
    assert (slide.share, slide.optional, slide.footer) == (180.0, True, False)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("column: 0", "needs a `column_layout`"),
        ("column_layout: [0]", "needs 1 to 12 widths"),
        ("column_layout: many", "needs 1 to 12 widths"),
        ("new_lines: lots", "number of rows"),
        ("font_size: 9", "from 1 to 7"),
        ("alignment: middle", "`left`, `center` or `right`"),
        ("time: soon", "a length such as"),
        ("incremental_lists: perhaps", "`true`, `false` or a depth"),
        ("incremental_tables: 2", "`true` or `false`"),
        ("list_item_newlines: 0", "from 1 to 255"),
    ],
)
def test_a_broken_command_fails_in_its_place(tmp_path: Path, command: str, message: str) -> None:
    deck = make(tmp_path, f"before\n\n<!-- {command} -->\n\nafter\n")
    before, failure, after = deck.slide(0).blocks
    assert isinstance(failure, Failure)
    assert message in failure.problem.message
    assert failure.problem.place.line == 3
    assert (words(before), words(after)) == ("before", "after")
    assert errors(deck) == [failure.problem.message]


def test_unknown_comments_are_warned_about_and_not_shown(tmp_path: Path) -> None:
    deck = make(tmp_path, "a\n\n<!-- puase -->\n\n<!-- just words -->\n\n<!-- // a remark -->\n")
    assert len(deck.slide(0).blocks) == 1
    assert [str(problem) for problem in deck.problems()] == [
        f"{tmp_path}/talk.md:3:1: warning: unknown comment command `puase` (did you mean `pause`?)",
        f"{tmp_path}/talk.md:5:1: warning: this comment is no command and no note: begin a remark "
        "with `//`",
    ]


def test_a_command_inside_a_paragraph_is_warned_about(tmp_path: Path) -> None:
    assert "line of its own" in warnings(make(tmp_path, "a <!-- pause --> b\n"))[0]


def test_control_characters_are_dropped_and_reported(tmp_path: Path) -> None:
    deck = make(tmp_path, "# a\x1b[2Jb\n\n\u202egnp.exe &#x202e;\n\n```sh\n\x07x\ty\n```\n")
    assert "\x1b" not in str(deck.slide(0)) + deck.title(0)
    assert "\u202e" not in str(deck.slide(0).blocks)
    assert [problem.place.line for problem in deck.problems()] == [1, 3, 6]
    code = one(deck.slide(0), Code)
    assert isinstance(code, Code)
    assert code.text == "x   y"


def test_too_large_a_slide_fails_as_a_whole(tmp_path: Path) -> None:
    deck = make(tmp_path, "# A\n\n---\n\n# B\n\n" + "words " * 50_000)
    assert isinstance(deck.slide(1).blocks[0], Failure)
    assert isinstance(deck.slide(0).blocks[0], Heading)


def test_too_large_a_table_fails_in_its_place(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "x\n\n| a |\n|---|\n" + "| b |\n" * 201)
    assert [type(block) for block in slide.blocks] == [Paragraph, Failure]


def test_html_shows_its_words(tmp_path: Path) -> None:
    deck = make(
        tmp_path, '<div>\n<b>words</b><img src="a.png" alt="b">\n<script>no</script></div>\n'
    )
    image, paragraph = deck.slide(0).blocks
    assert isinstance(image, Image)
    assert words(paragraph) == "words"
    assert "HTML is shown" in warnings(deck)[0]


# --- demos --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<my pic.png>", "my pic.png"),
        ("my%20pic.png", "my pic.png"),
        ("bild-ü.png", "bild-ü.png"),
        ("100%25.png", "100%.png"),
        ("x%1b%00.png", "x.png"),
    ],
)
def test_a_picture_is_the_file_that_is_meant(tmp_path: Path, written: str, meant: str) -> None:
    image = one(only_slide(tmp_path, f"![a]({written})\n"), Image)
    assert isinstance(image, Image)
    assert image.source == meant


def demo(folder: Path, block: str, os_name: str = "linux") -> Demo:
    (found,) = only_slide(folder, f"# A\n\n{block}\n", os_name).demos
    return found


def test_a_console_block_with_a_prompt_is_a_demo(tmp_path: Path) -> None:
    found = demo(tmp_path, "```console\n$ ls\na\n```")
    assert (found.name, found.kind, found.steps[0].transcript) == ("a-1", DemoKind.SHELL, ("a",))
    assert found.place.line == 3
    assert found.steps[0].place.line == 4


@pytest.mark.parametrize(
    "block",
    ["```console +no_demo\n$ ls\n```", "```console\noutput\n```", "```bash\nls\n```"],
)
def test_other_blocks_are_code(tmp_path: Path, block: str) -> None:
    slide = only_slide(tmp_path, block)
    assert slide.demos == ()
    assert isinstance(slide.blocks[0], Code)


def test_attributes_of_a_demo(tmp_path: Path) -> None:
    found = demo(
        tmp_path,
        "```console +demo:d +needs:a,b +timeout:20s +type:instant +live:never +on_fail:ask "
        '+expect:"x|y" +session:s +export:URL +background +full +open:http://x +recording:o/d\n'
        "$ ls\n#: timeout 5s\n$ pwd\n```",
    )
    assert (found.name, found.needs, found.session, found.exports) == (
        "d",
        ("a", "b"),
        "s",
        ("URL",),
    )
    assert (found.background, found.full, found.open_url) == (True, True, "http://x")
    assert found.recording == "o/d"
    assert [step.timeout for step in found.steps] == [20.0, 5.0]
    assert {(step.expect, step.typing.value, step.live, step.on_fail) for step in found.steps} == {
        ("x|y", "instant", "never", "ask")
    }


def test_no_output_known(tmp_path: Path) -> None:
    found = demo(tmp_path, "```console\n$ a\n$ b\nout\n```\n<!-- no_output_known -->")
    assert [step.transcript for step in found.steps] == [None, ("out",)]


def test_a_shell_block_to_execute_is_one_step(tmp_path: Path) -> None:
    found = demo(tmp_path, "```bash +exec\n/// set -e\necho a\necho b\n```")
    (step,) = found.steps
    assert (step.command, step.run) == ("echo a\necho b", "set -e\necho a\necho b")
    assert step.transcript is None


def test_a_cast_is_a_demo_with_one_press(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "x.cast").write_text("")
    deck = make(tmp_path, "```cast\npath: recordings/x.cast\n```\n", "slides/talk.md")
    (found,) = deck.slide(0).demos
    assert (found.kind, found.recording) == (DemoKind.CAST, "recordings/x.cast")
    assert deck.slide(0).stops == (DemoStop(0, 0, RUN),)
    assert deck.root == tmp_path
    assert deck.problems() == ()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("path: ../../x.cast", "leads out"),
        ("path: /etc/passwd", "absolute"),
        ("pth: x", "needs `path:`"),
        ("[", "cast:"),
    ],
)
def test_a_cast_that_cannot_be_is_a_failure(tmp_path: Path, body: str, message: str) -> None:
    deck = make(tmp_path, f"```cast\n{body}\n```\n")
    (failure,) = deck.slide(0).blocks
    assert isinstance(failure, Failure)
    assert message in errors(deck)[0]
    assert deck.slide(0).stops == ()


VARIANTS = """
```console +demo:d +os:windows
PS> dir
```

```console +demo:d +os:linux
$ ls
```
"""


@pytest.mark.parametrize(
    ("os_name", "shown", "left"),
    [("linux", "ls", "dir"), ("windows", "dir", "ls"), ("macos", "dir", "ls")],
)
def test_one_variant_is_shown(tmp_path: Path, os_name: str, shown: str, left: str) -> None:
    slide = only_slide(tmp_path, VARIANTS, os_name)
    assert [each.steps[0].command for each in slide.demos] == [shown]
    assert [each.steps[0].command for each in slide.variants] == [left]
    assert len(slide.blocks) == 1
    assert len(slide.stops) == 2


def test_hidden_demos_have_no_presses(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "x\n\n```console +demo:d +hidden\n$ ls\n```\n")
    assert (slide.stops, len(slide.blocks), slide.demos[0].hidden) == ((), 1, True)


def test_names_of_demos_are_unique_in_the_deck(tmp_path: Path) -> None:
    block = "```console +demo:d\n$ ls\n```\n"
    deck = make(tmp_path, f"# A\n{block}\n{block}\n---\n\n# B\n{block}")
    names = [each.name for index in range(2) for each in deck.demos(index)]
    assert names == ["d", "d-2", "b-d"]
    assert sum("used twice" in message for message in warnings(deck)) == 2


def test_names_made_here_are_none_that_the_deck_gives(tmp_path: Path) -> None:
    def block(name: str = "") -> str:
        return f"```console{name and ' +demo:' + name}\n$ ls\n```\n\n"

    first = "# Pods\n\n" + block("d") + block("d") + block("d-2") + block()
    deck = make(tmp_path, f"{first}---\n\n# B\n\n{block('pods-4')}{block('d-3')}")
    names = [each.name for index in range(2) for each in deck.demos(index)]
    assert names == ["d", "d-4", "d-2", "pods-pods-4", "pods-4", "d-3"]


def test_a_name_becomes_part_of_a_file_name_only(tmp_path: Path) -> None:
    assert demo(tmp_path, "```console +demo:../../x\n$ ls\n```").name == "x"


def test_a_file_block_shows_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("1\n2\n3\n4\n")
    block = "```file +line_numbers\npath: x.py\nlanguage: python\nstart_line: 2\nend_line: 3\n```\n"
    code = one(only_slide(tmp_path, block), Code)
    assert isinstance(code, Code)
    assert (code.text, code.language, code.line_numbers) == ("2\n3", "python", True)


def test_a_file_block_stays_inside_the_deck(tmp_path: Path) -> None:
    slide = only_slide(tmp_path, "```file\npath: /etc/passwd\n```\n")
    assert isinstance(slide.blocks[0], Failure)


def test_a_slide_has_a_most_of_lines(tmp_path: Path) -> None:
    deck = make(tmp_path, "- x\n" * MAX_LINES)
    assert errors(deck) == [f"the slide has more than {MAX_LINES} lines"]


def test_a_demo_has_a_most_of_steps(tmp_path: Path) -> None:
    deck = make(tmp_path, "```console\n" + "$ ls\n" * (MAX_STEPS + 1) + "```\n")
    assert len(deck.demos(0)[0].steps) == MAX_STEPS
    assert errors(deck) == [f"a demo has at most {MAX_STEPS} steps: the rest is left out"]


def test_a_long_path_is_not_quoted(tmp_path: Path) -> None:
    deck = make(tmp_path, f"<!-- include: {'a' * 2000} -->\n\n# x\n")
    assert errors(deck) == ["include: the path is longer than 1024 characters"]
