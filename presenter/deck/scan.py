"""The line scanner: finds what splits a deck, without parsing what stands between.

One pass, one look at most lines' first character. It knows fences, comments, raw HTML and
underlined headings as CommonMark does; everything else is text to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

from presenter.deck.lines import (
    BLOCK_HTML,
    ITEM,
    LONE_TAG,
    RAW_HTML,
    in_item,
    paragraph_start,
    yaml_end,
)
from presenter.deck.text import indent_of


class Kind(IntEnum):
    """What a mark stands for."""

    BREAK = 1
    """A `---` that is a thematic break; its text is the YAML after it, as Slidev writes it."""
    HEADING = 2
    COMMENT = 3
    FENCE = 4
    SIGNAL = 5
    """A line that only one of the other tools' dialects has."""


class Mark(NamedTuple):
    """Something found: lines from `line` up to but not including `end`, counted from 0."""

    kind: Kind
    line: int
    end: int
    text: str = ""
    """A heading's or comment's raw text, a fence's info string, a signal's name."""
    level: int = 0
    """A heading's level; a comment's or fence's column, from 0."""
    closed: bool = True
    early: int = -1
    """Line of a `-->` that came too early inside notes, or -1."""


class Rules(NamedTuple):
    """How dialects differ in what they take for a break."""

    underline: bool = True
    """A `---` under text makes it a heading; otherwise every `---` line is a break."""
    short: bool = False
    """`--` on a line of its own is a break too (reveal.js)."""


NOTE_WORDS = ("speaker_note", "notes")


def is_note(body: str) -> bool:
    """Whether a comment's body starts as a note does."""
    return body.lstrip().startswith(NOTE_WORDS)


def scan(lines: Sequence[str], start: int = 0, rules: Rules = Rules()) -> list[Mark]:  # noqa: B008
    """The marks of `lines` from line `start` on, in order. Never raises."""
    scanner = _Scanner(lines, start, rules)
    index, count, get = start, len(lines), _HANDLERS.get
    while index < count:
        line = lines[index]
        handler = get(line[:1])
        index = index + 1 if handler is None else handler(scanner, index, line)
    return scanner.marks


class _Scanner:
    """The state of one pass. Each method looks at one line and returns the next to look at."""

    def __init__(self, lines: Sequence[str], start: int, rules: Rules) -> None:
        self.lines = lines
        self.rules = rules
        self.marks: list[Mark] = []
        self.floor = start

    def fence(self, index: int, line: str) -> int:
        opening = line.lstrip(" ")
        return self.fence_at(index, opening, len(line) - len(opening), None)

    def fence_at(self, index: int, opening: str, indent: int, content: int | None) -> int:
        char = opening[0]
        info = opening.lstrip(char)
        run = len(opening) - len(info)
        if run < 3:
            return index + 1
        if char == "`" and "`" in info:
            if "+" in info:
                self.marks.append(Mark(Kind.SIGNAL, index, index + 1, "backtick-in-info"))
            return index + 1
        if content is None:
            content = in_item(self.lines, index, indent, self.floor, self.marks) if indent else 0
        end, closed = self.fence_end(index + 1, char * run, content)
        self.marks.append(Mark(Kind.FENCE, index, end, info.strip(), indent, closed))
        self.floor = end
        return end

    def fence_end(self, index: int, fence: str, content: int) -> tuple[int, bool]:
        lines, char = self.lines, fence[0]
        for at in range(index, len(lines)):
            line = lines[at]
            if content and line.strip() and indent_of(line) < content:
                return at, True
            if fence in line and not line.strip().strip(char) and indent_of(line) <= content + 3:
                return at + 1, True
        return len(lines), False

    def heading(self, index: int, line: str) -> int:
        text = line.lstrip(" ")
        words = text.lstrip("#")
        level = len(text) - len(words)
        if level > 6 or (words and words[0] not in " \t"):
            return index + 1
        if line[0] == " " and in_item(self.lines, index, indent_of(line), self.floor, self.marks):
            return index + 1
        words = words.strip()
        if words.endswith("#"):
            bare = words.rstrip("#")
            words = bare.rstrip() if not bare or bare[-1] in " \t" else words
        self.marks.append(Mark(Kind.HEADING, index, index + 1, words, level))
        self.floor = index + 1
        return index + 1

    def underline(self, index: int, line: str) -> int:
        """`===`: the only thing such a line can be is an underline."""
        if not line.strip().strip("="):
            self.underlined(index, 1)
        return index + 1

    def underlined(self, index: int, level: int) -> bool:
        first = paragraph_start(self.lines, index, self.floor, self.marks)
        if first < 0:
            return False
        words = " ".join(line.strip() for line in self.lines[first:index])
        self.marks.append(Mark(Kind.HEADING, first, index + 1, words, level))
        self.floor = index + 1
        return True

    def dashes(self, index: int, line: str) -> int:
        if line[1:2] == " " and "```" not in line and "~~~" not in line and line[2:3] != "-":
            return index + 1  # a list item, by far the most frequent of these lines
        text = line.strip()
        if text.strip("-"):
            return self.item(index, line)
        short = len(text) < 3
        if self.rules.underline and not (short and self.rules.short):
            if self.underlined(index, 2) or short:
                return index + 1
        elif short and not (self.rules.short and len(text) == 2):
            return index + 1
        indent = indent_of(line)
        if indent and in_item(self.lines, index, indent, self.floor, self.marks):
            return index + 1
        end, text = index + 1, ""
        if not short and (close := yaml_end(self.lines, end)) >= 0:
            text = "\n".join(self.lines[end:close]) + "\n"
            end = close + 1
        self.marks.append(Mark(Kind.BREAK, index, end, text))
        self.floor = end
        return end

    def item(self, index: int, line: str) -> int:
        """A list item is of interest only where a fence opens on its line."""
        if "```" not in line and "~~~" not in line:
            return index + 1
        match = ITEM.match(line)
        if match is None or line[match.end() : match.end() + 3] not in ("```", "~~~"):
            return index + 1
        return self.fence_at(index, line[match.end() :], match.end(), match.end())

    def angle(self, index: int, line: str) -> int:
        text = line.lstrip(" ")
        if text.startswith("<!--"):
            return self.comment(index, line, len(line) - len(text))
        if "v-click" in text or text.startswith("<<< "):
            self.marks.append(Mark(Kind.SIGNAL, index, index + 1, "slidev"))
        match = RAW_HTML.match(text)
        if match is not None:
            close = f"</{match.group(1).lower()}>"
            return self.html(index, lambda at: close in self.lines[at].lower(), 1)
        fresh = index == self.floor or not self.lines[index - 1].strip()
        if BLOCK_HTML.match(text) or (fresh and LONE_TAG.match(text)):
            return self.html(index, self.ends_html, 0)
        return index + 1

    def html(self, index: int, ends: Callable[[int], bool], inclusive: int) -> int:
        end = index
        while end < len(self.lines) and not ends(end):
            end += 1
        self.floor = max(index + 1, min(end + inclusive, len(self.lines)))
        return self.floor

    def ends_html(self, index: int) -> bool:
        line = self.lines[index].rstrip()
        return not line or (not self.rules.underline and line == "---")

    def comment(self, index: int, line: str, column: int) -> int:
        """One comment, and those that follow it on the line where it ends."""
        lines, start = self.lines, index
        while True:
            end, stop = self.comment_end(index, column)
            if end < 0:
                body = "\n".join([line[column + 4 :], *lines[index + 1 :]])
                mark = Mark(Kind.COMMENT, start, len(lines), body, column, closed=False)
                self.marks.append(mark)
                return len(lines)
            body = "\n".join([*lines[index:end], lines[end][:stop]])[column + 4 :]
            early = self.early(body, end, stop)
            if early >= 0:
                rest = "\n".join(lines[end : early + 1])[stop:].rstrip()
                body += rest.removesuffix("-->")
                mark = Mark(Kind.COMMENT, start, early + 1, body, column, early=end)
                self.marks.append(mark)
                self.floor = early + 1
                return early + 1
            self.marks.append(Mark(Kind.COMMENT, start, end + 1, body, column))
            line, index = lines[end], end
            column = line.find("<!--", stop + 3)
            if column < 0 or line.find("-->", column + 4) < 0:
                self.floor = end + 1
                return end + 1

    def comment_end(self, index: int, column: int) -> tuple[int, int]:
        """Line and column of the `-->`; line -1 when there is none."""
        lines, after = self.lines, column + 4
        for at in range(index, len(lines)):
            stop = lines[at].find("-->", after)
            if stop >= 0:
                return at, stop
            after = 0
        return -1, 0

    def early(self, body: str, end: int, stop: int) -> int:
        """The line of the `-->` that was meant to end notes which an earlier one has ended."""
        if not is_note(body):
            return -1
        rest = self.lines[end][stop + 3 :].strip()
        if rest and "<!--" not in rest:
            if rest.endswith("-->"):
                return end
        elif rest:
            return -1
        for at in range(end + 1, min(len(self.lines), end + 100)):
            line = self.lines[at].strip()
            if "<!--" in line or line.startswith(("```", "~~~", "# ", "---")):
                break
            if line.endswith("-->"):
                return at
        return end if rest else -1

    def indented(self, index: int, line: str) -> int:
        text = line.lstrip(" ")
        if not text:
            return index + 1
        indent = len(line) - len(text)
        if indent > 3:
            if not text.startswith(("```", "~~~")):
                return index + 1
            content = in_item(self.lines, index, indent, self.floor, self.marks)
            if not content or indent - content > 3:
                return index + 1
            return self.fence_at(index, text, indent, content)
        handler = _HANDLERS.get(text[0])
        return index + 1 if handler is None else handler(self, index, line)

    def signal(self, index: int, line: str) -> int:
        name = _SIGNALS.get(line.rstrip())
        if name is None and line.startswith("Note:"):
            name = "reveal"
        fresh = index == self.floor or not self.lines[index - 1].strip()
        if name is not None and fresh:
            self.marks.append(Mark(Kind.SIGNAL, index, index + 1, name))
        return index + 1


_Handler = Callable[[_Scanner, int, str], int]

_HANDLERS: dict[str, _Handler] = {
    "`": _Scanner.fence,
    "~": _Scanner.fence,
    "#": _Scanner.heading,
    "=": _Scanner.underline,
    "-": _Scanner.dashes,
    "<": _Scanner.angle,
    " ": _Scanner.indented,
    ".": _Scanner.signal,
    ":": _Scanner.signal,
    "N": _Scanner.signal,
    **dict.fromkeys("*+0123456789", _Scanner.item),
}

_SIGNALS = {". . .": "patat", "::right::": "slidev", "::left::": "slidev"}
