"""Inline Markdown: markdown-it's tokens → spans of styled text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from presenter.deck.model import Image, Inline, Mark, Span
from presenter.deck.text import clean

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    "b": Mark.BOLD,
    "strong": Mark.BOLD,
    "i": Mark.ITALIC,
    "em": Mark.ITALIC,
    "u": Mark.UNDERLINE,
    "ins": Mark.UNDERLINE,
    "s": Mark.STRIKE,
    "del": Mark.STRIKE,
    "code": Mark.CODE,
    "kbd": Mark.CODE,
    "sup": Mark.SUPERSCRIPT,
}
"""The HTML tags that say how text looks; other tags are dropped and their text stays."""

_MARKDOWN = {"em": Mark.ITALIC, "strong": Mark.BOLD, "s": Mark.STRIKE}
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)([^<>]*?)/?>")
_STYLE = re.compile(r"style\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CLASS_COLOR = re.compile(r"[\w#(),.% -]{1,40}")
_TILDE_OR_CARET = re.compile(r"~([^~\s](?:[^~]*[^~\s])?)~|\^([^^\s]+)\^")


@dataclass(frozen=True, slots=True)
class _Style:
    marks: Mark = Mark.NONE
    href: str = ""
    color: str = ""
    background: str = ""
    tag: str = ""


def read_inline(tokens: Sequence[Token], single_tilde: bool = True) -> Inline:
    """The spans of an inline token's children, neighbours of one style joined.

    `single_tilde`: `~text~` is struck through and `^text^` raised, as presenterm's parser does.
    """
    spans: list[Span] = []
    stack = [_Style()]
    for token in tokens:
        _read_token(token, stack, spans, single_tilde)
    return _join(spans)


def _read_token(token: Token, stack: list[_Style], spans: list[Span], single_tilde: bool) -> None:
    kind, top = token.type, stack[-1]
    if kind == "text":
        if single_tilde and ("~" in token.content or "^" in token.content):
            _add_marked(token.content, top, spans)
        else:
            _add(token.content, top, spans)
    elif kind == "code_inline":
        _add(token.content, replace(top, marks=top.marks | Mark.CODE), spans)
    elif kind == "softbreak":
        _add(" ", top, spans)
    elif kind == "hardbreak":
        _add("\n", top, spans)
    elif kind == "link_open":
        stack.append(replace(top, href=clean(str(token.attrGet("href") or "")), tag="link"))
    elif kind == "link_close":
        if top.tag == "link" and top.href and not (spans and spans[-1].href == top.href):
            _add(top.href, top, spans)  # a link without words shows where it leads
        _pop(stack, "link")
    elif kind == "html_inline":
        _read_tag(token.content, stack, spans)
    elif kind == "image":
        alt = token.content or str(token.attrGet("src") or "")
        _add(alt, replace(top, marks=top.marks | Mark.ITALIC), spans)
    elif kind == "footnote_ref":
        number = str(int(token.meta.get("id", 0)) + 1)
        _add(number, replace(top, marks=top.marks | Mark.SUPERSCRIPT), spans)
    elif kind.endswith("_open") and kind[:-5] in _MARKDOWN:
        stack.append(replace(top, marks=top.marks | _MARKDOWN[kind[:-5]], tag=kind[:-5]))
    elif kind.endswith("_close") and kind[:-6] in _MARKDOWN:
        _pop(stack, kind[:-6])
    elif token.content:
        _add(token.content, top, spans)


def _add(text: str, style: _Style, spans: list[Span]) -> None:
    text = clean(text)
    if text:
        spans.append(Span(text, style.marks, style.href, style.color, style.background))


def _add_marked(text: str, style: _Style, spans: list[Span]) -> None:
    at = 0
    for match in _TILDE_OR_CARET.finditer(text):
        _add(text[at : match.start()], style, spans)
        struck = match[1] is not None
        mark = Mark.STRIKE if struck else Mark.SUPERSCRIPT
        _add(match[1] if struck else match[2], replace(style, marks=style.marks | mark), spans)
        at = match.end()
    _add(text[at:], style, spans)


def _pop(stack: list[_Style], tag: str) -> None:
    """Leave the innermost style that `tag` opened; an end without a beginning is nothing."""
    for index in range(len(stack) - 1, 0, -1):
        if stack[index].tag == tag:
            del stack[index]
            return


def _read_tag(html: str, stack: list[_Style], spans: list[Span]) -> None:
    match = _TAG.fullmatch(html)
    if match is None:
        return
    name, top = match[2].lower(), stack[-1]
    if name == "br":
        _add("\n", top, spans)
    elif match[1]:
        _pop(stack, f"<{name}>")
    elif name in TAGS and not html.endswith("/>"):
        stack.append(replace(top, marks=top.marks | TAGS[name], tag=f"<{name}>"))
    elif name == "span" and not html.endswith("/>"):
        color, background = _colors(match[3])
        color, background = color or top.color, background or top.background
        stack.append(replace(top, color=color, background=background, tag="<span>"))


def _colors(attributes: str) -> tuple[str, str]:
    match = _STYLE.search(attributes)
    found = {"color": "", "background-color": ""}
    if match is not None:
        for rule in (match[1] or match[2] or "").split(";"):
            key, _, value = rule.partition(":")
            value = value.strip()
            if key.strip() in found and _CLASS_COLOR.fullmatch(value):
                found[key.strip()] = value
    return found["color"], found["background-color"]


def _join(spans: list[Span]) -> Inline:
    joined: list[Span] = []
    for span in spans:
        if joined:
            last = joined[-1]
            if (last.marks, last.href, last.color, last.background) == (
                span.marks,
                span.href,
                span.color,
                span.background,
            ):
                joined[-1] = replace(last, text=last.text + span.text)
                continue
        joined.append(span)
    return tuple(joined)


def lone_images(tokens: Sequence[Token]) -> list[Token]:
    """The images of a paragraph that holds nothing else; empty for any other paragraph."""
    images: list[Token] = []
    for token in tokens:
        if token.type == "image":
            images.append(token)
        elif token.type not in ("softbreak", "hardbreak") and token.content.strip():
            return []
    return images


def read_image(token: Token, prefix: str, at: int, line: int) -> tuple[Image, str]:
    """An image, with presenterm's `image:width:50%` in its alternative text, and what is odd."""
    alt = clean(token.content)
    source = str(token.attrGet("src") or "")
    if "%" in source:
        from urllib.parse import unquote  # rarely needed

        source = unquote(source)  # the parser has encoded blanks and letters beyond ASCII
    source = clean(source)
    width, problem = None, ""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", source):
        problem = "remote images are never fetched: keep a copy beside the deck"
    if prefix and alt.startswith(prefix):
        match = re.fullmatch(r"\s*(?:width|w):(\d{1,3})%\s*", alt.removeprefix(prefix))
        alt = ""
        if match is not None and 1 <= int(match[1]) <= 100:
            width = int(match[1])
        else:
            problem = f"image attributes should be such as `{prefix}width:50%`"
    elif re.match(r"bg\b|.*\b[wh]:\d", alt):
        problem, alt = "Marp's image keywords have no effect here", ""
    return Image(source, alt, width, at=at, line=line), problem
