"""Markdown tokens → blocks, with the presses that show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from presenter.deck import html_text
from presenter.deck.comments import COMMANDS, parse_command
from presenter.deck.directives import apply_comment
from presenter.deck.inline import lone_images, read_image, read_inline
from presenter.deck.markdown import group_end
from presenter.deck.model import (
    Align,
    Block,
    Heading,
    Image,
    Inline,
    ListBlock,
    ListItem,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    TableRow,
)
from presenter.deck.state import ALL_LEVELS, SlideState

if TYPE_CHECKING:
    from markdown_it.token import Token

Add = Callable[[Block], None]

MAX_ROWS, MAX_CELLS = 200, 50

ALERTS = ("note", "tip", "important", "warning", "caution")
_ALERT = re.compile(r"\[!(\w+)\]\s*(.*)")
_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_COMMENT = re.compile("<!--(?:\x02(\\d+)-->|(.*?)(?:-->|$))", re.DOTALL)
_ALIGNS = {"text-align:center": Align.CENTER, "text-align:right": Align.RIGHT}


class BlockReader:
    """Reads one slide's tokens. `comments` are the bodies that placeholders stand for."""

    def __init__(
        self,
        state: SlideState,
        comments: Sequence[tuple[str, int]],
        read_fence: Callable[[Token], list[Block]],
    ) -> None:
        self.state = state
        self.comments = comments
        self.read_fence = read_fence
        self.list_depth = 0

    def read(self, tokens: Sequence[Token], add: Add, top: bool = False) -> None:
        """Read `tokens`, handing each block to `add`."""
        index = 0
        while index < len(tokens):
            end = group_end(tokens, index)
            group = tokens[index:end]
            kind = group[0].type
            if kind == "html_block":
                self.html(group[0], add, top)
            elif (handler := _HANDLERS.get(kind)) is not None:
                for block in handler(self, group):
                    add(block)
            index = end

    def line(self, token: Token) -> int:
        """The token's first line, as an index into the slide's text."""
        return token.map[0] if token.map else 0

    def inline(self, token: Token) -> Inline:
        for child in token.children or ():
            if child.type == "html_inline" and child.content.startswith("<!--"):
                command = parse_command(child.content[4:-3], self.state.prefix)
                if command is not None and command.name in COMMANDS:
                    message = f"`{command.name}` must stand on a line of its own"
                    self.state.warn(self.line(token), message)
        tilde = self.state.dialect in ("presenter", "presenterm")
        return read_inline(token.children or (), tilde)

    def heading(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        text = self.inline(group[1])
        level = int(group[0].tag[1:])
        line = state.place(self.line(group[0])).line
        return [Heading(level, text, state.size, at=state.reveals, align=state.align, line=line)]

    def paragraph(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        children = group[1].children or []
        content = group[1].content.strip()
        if self.foreign(content, group[1]):
            return []
        line = state.place(self.line(group[0])).line
        blocks: list[Block] = []
        for token in lone_images(children):
            image, problem = read_image(token, state.image_prefix, state.reveals, line)
            if problem:
                state.warn(self.line(group[0]), problem)
            blocks.append(replace(image, align=state.align))
        text = () if blocks else self.inline(group[1])
        if text and "".join(span.text for span in text).strip():
            blocks.append(
                Paragraph(text, state.size, at=state.reveals, align=state.align, line=line)
            )
        return blocks

    def foreign(self, content: str, token: Token) -> bool:
        """Deal with a paragraph that is a command of the deck's own tool."""
        state = self.state
        pause = {"patat": ". . .", "mdp": "^"}.get(state.dialect)
        if pause is not None and content == pause:
            state.reveal()
            return True
        if state.dialect != "slidev":
            return False
        if content == "::right::" and state.layout.startswith("two-cols"):
            state.flow.split_right(state.place(self.line(token)).line)
            return True
        if re.fullmatch(r"::[\w-]+::", content) or content.startswith("<<< "):
            state.warn(self.line(token), f"`{content.split()[0]}` of slidev has no effect here")
            return True
        return False

    def list_block(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        self.list_depth += 1
        at, line = state.reveals, state.place(self.line(group[0])).line
        fragments = state.dialect == "marp" and group[0].markup in ("*", ")")
        depth = ALL_LEVELS if fragments else state.incremental
        items: list[ListItem] = []
        index = 1
        while index < len(group) - 1:
            end = group_end(group, index)
            if depth >= self.list_depth:
                state.reveal()
            items.append(self.item(group[index + 1 : end - 1]))
            index = end
        self.list_depth -= 1
        start = group[0].attrGet("start")
        return [
            ListBlock(
                tuple(items),
                ordered=group[0].type == "ordered_list_open",
                start=int(start) if start is not None else 1,
                spacing=state.spacing,
                at=at,
                align=state.align,
                line=line,
            )
        ]

    def item(self, tokens: Sequence[Token]) -> ListItem:
        at = self.state.reveals
        checked: bool | None = None
        first = next((token for token in tokens[1:2] if token.type == "inline"), None)
        if first is not None and first.children and first.children[0].type == "text":
            match = _TASK.match(first.children[0].content)
            if match is not None:
                checked = match[1] != " "
                text = first.children[0].content
                first.children[0].content = text[match.end() :]
        blocks: list[Block] = []
        self.read(tokens, blocks.append)
        return ListItem(tuple(blocks), at, checked)

    def quote(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        at, align = state.reveals, state.align
        alert, title = self.alert(group[2]) if len(group) > 3 else ("", "")
        blocks: list[Block] = []
        self.read(group[1:-1], blocks.append)
        line = state.place(self.line(group[0])).line
        return [Quote(tuple(blocks), alert, title, at=at, align=align, line=line)]

    def alert(self, inline: Token) -> tuple[str, str]:
        """The kind and title of an alert, taken out of the quote's first line."""
        children = inline.children or []
        match = _ALERT.fullmatch(children[0].content) if children else None
        if inline.type != "inline" or match is None:
            return "", ""
        kind = match[1].lower()
        if kind not in ALERTS:
            self.state.warn(self.line(inline), f"unknown alert `{kind}`: {', '.join(ALERTS)}")
            return "", ""
        breaks = (i for i, child in enumerate(children) if child.type.endswith("break"))
        first = next(breaks, len(children))
        title = "".join(span.text for span in read_inline(children[:first]))
        inline.children = children[first + 1 :]
        inline.content = " ".join(child.content for child in inline.children)
        return kind, title.partition("]")[2].strip()

    def table(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        at, line = state.reveals, self.line(group[0])
        rows: list[list[Token]] = []
        for token in group:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline" and rows:
                rows[-1].append(token)
        if len(rows) > MAX_ROWS + 1 or max(map(len, rows), default=0) > MAX_CELLS:
            message = f"a table has at most {MAX_ROWS} rows of {MAX_CELLS} cells"
            return [state.fail(line, message, "")]
        cells = [token for token in group if token.type == "th_open"]
        aligns = tuple(_ALIGNS.get(str(cell.attrGet("style")), Align.LEFT) for cell in cells)
        body: list[TableRow] = []
        for row in rows[1:]:
            if state.incremental_tables:
                state.reveal()
            body.append(TableRow(tuple(self.inline(cell) for cell in row), state.reveals))
        header = tuple(self.inline(cell) for cell in rows[0]) if rows else ()
        number = state.place(line).line
        return [Table(header, tuple(body), aligns, at=at, align=state.align, line=number)]

    def rule(self, group: Sequence[Token]) -> list[Block]:
        state = self.state
        return [Rule(at=state.reveals, line=state.place(self.line(group[0])).line)]

    def fence(self, group: Sequence[Token]) -> list[Block]:
        return self.read_fence(group[0])

    def footnotes(self, group: Sequence[Token]) -> list[Block]:
        """The footnotes of a slide, below it."""
        blocks: list[Block] = []
        number = "?"
        for token in group:
            if token.type == "footnote_open":
                number = str(int(token.meta.get("id", 0)) + 1)
            elif token.type == "inline":
                sign = Span(f"{number} ", Mark.SUPERSCRIPT)
                at = self.state.reveals
                blocks.append(Paragraph((sign, *self.inline(token)), at=at))
        return blocks

    def html(self, token: Token, add: Add, top: bool) -> None:
        """Comments are commands; of other HTML the words and images are shown."""
        at, line = 0, self.line(token)
        for match in _COMMENT.finditer(token.content):
            self.markup(token.content[at : match.start()], line, add)
            at = match.end()
            if match[1] is not None and int(match[1]) < len(self.comments):
                body, where = self.comments[int(match[1])]
                apply_comment(self.state, body, where, top)
            elif match[2] is not None:
                where = line + token.content.count("\n", 0, match.start())
                apply_comment(self.state, match[2], where, top)
        self.markup(token.content[at:], line, add)

    def markup(self, source: str, line: int, add: Add) -> None:
        state = self.state
        if not source.strip():
            return
        if not state.html_warned:
            state.html_warned = True
            state.warn(line, "HTML is shown as the words and images in it")
        number = state.place(line).line
        for link, alt in html_text.images(source):
            add(Image(link, alt, at=state.reveals, align=state.align, line=number))
        words = html_text.text_of(source)
        if words:
            add(Paragraph((Span(words),), at=state.reveals, align=state.align, line=number))


_HANDLERS: dict[str, Callable[[BlockReader, Sequence[Token]], list[Block]]] = {
    "heading_open": BlockReader.heading,
    "paragraph_open": BlockReader.paragraph,
    "bullet_list_open": BlockReader.list_block,
    "ordered_list_open": BlockReader.list_block,
    "blockquote_open": BlockReader.quote,
    "table_open": BlockReader.table,
    "hr": BlockReader.rule,
    "fence": BlockReader.fence,
    "code_block": BlockReader.fence,
    "footnote_block_open": BlockReader.footnotes,
}
