"""The Markdown parser: CommonMark with tables, strikethrough and footnotes, within a budget."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

INLINE_LIMIT = 8 * 1024
"""Characters of one paragraph or cell whose markup is looked at; a longer one is plain text."""


@lru_cache(maxsize=2)
def parser(indented_code: bool = True) -> MarkdownIt:
    """The parser, made once; importing it takes 50 ms, so nothing does before a slide is read.

    `indented_code`: whether lines that stand four blanks to the right are code.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    made = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])
    made.use(footnote_plugin)
    if not indented_code:
        made.disable("code")
    made.core.ruler.before("inline", "budget", _keep_budget)
    return made


def parse(text: str, *, indented_code: bool = True) -> list[Token]:
    """The block tokens of `text`."""
    return parser(indented_code).parse(text)


def _keep_budget(state: StateCore) -> None:
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type == "inline" and len(token.content) > INLINE_LIMIT:
            words = token.content.replace("\n", " ")
            token.children = [Token("text", "", 0, content=words)]
            token.content = ""


def group_end(tokens: Sequence[Token], start: int) -> int:
    """The index after the token at `start` and, where it opens something, all up to its end."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index + 1
    return len(tokens)
