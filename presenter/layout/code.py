"""Blocks of code: highlighted, numbered, stepped through, wrapped where a line is too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment

from presenter.deck.model import Code
from presenter.layout.frame import Line
from presenter.layout.lines import BAR, fit, line_width, merge
from presenter.layout.text import clean, clusters, split_marks, width
from presenter.layout.theme import Theme

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Token = tuple[str, str]
"""Text without newlines, and the role of the theme that it is shown in."""
WRAP = "↪ "
MOST_COLORED, LONGEST_COLORED = 64 * 1024, 1000
"""Characters of a source, and of its longest line, that is highlighted: some lexers take minutes
for a long line of brackets."""

_ALIASES = {"c#": "csharp", "sh": "bash", "zsh": "bash", "shell": "bash", "yml": "yaml",
            "ps1": "powershell", "golang": "go", "jsonc": "json", "vue": "html"}  # fmt: skip
_ROLES = {
    "Keyword": "keyword",
    "Keyword.Type": "type",
    "Name.Tag": "keyword",
    "Name.Attribute": "type",
    "Name.Function": "function",
    "Name.Class": "type",
    "Name.Builtin": "function",
    "Name.Decorator": "function",
    "Name.Namespace": "type",
    "Name.Constant": "number",
    "Name.Variable": "type",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Literal": "string",
    "Operator.Word": "keyword",
    "Comment": "comment",
    "Generic.Prompt": "accent",
    "Generic.Heading": "title",
    "Generic.Inserted": "ok",
    "Generic.Deleted": "error",
    "Generic.Error": "error",
}


def code_lines(block: Code, columns: int, theme: Theme, reveals: int) -> list[Line]:
    """The block in lines of exactly `columns`, with the step of highlights for `reveals`."""
    on = "panel" if block.background else "page"
    tokens = highlighted(block.text, block.language)
    focus = focused_lines(block, reveals)
    numbers = len(str(len(tokens))) if block.line_numbers else 0
    result: list[Line] = []
    fill = theme.style("text", on)
    empty = fit([Segment(BAR, theme.style("accent", on))], columns, fill)
    if block.background:
        result.append(empty)
    for number, line in enumerate(tokens, 1):
        row = _Row(theme, on, block.background, numbers, bool(block.highlights), focus, number)
        result += row.lines(line, columns)
    if block.background:
        result.append(empty)
    return result


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of source: its gutter, and its text in as many rows as it takes."""

    theme: Theme
    on: str
    bar: bool
    numbers: int
    """Columns of the line numbers; 0 for none."""
    stepped: bool
    focus: frozenset[int] | None
    number: int

    @property
    def focused(self) -> bool:
        return self.focus is not None and self.number in self.focus

    @property
    def dimmed(self) -> bool:
        return self.focus is not None and self.number not in self.focus

    def lines(self, tokens: tuple[Token, ...], columns: int) -> list[Line]:
        fill = self.theme.style("text", self.on)
        first, further = self._gutter(str(self.number)), self._gutter("")
        room = max(columns - line_width(first) - (1 if self.bar else 0), 4)
        rows = self._wrapped(tokens, room)
        return [
            fit([*(further if n else first), *row], columns, fill) for n, row in enumerate(rows)
        ]

    def _gutter(self, number: str) -> Line:
        style = self.theme.style
        gutter: Line = []
        if self.bar:
            gutter.append(Segment(BAR, style("accent", self.on)))
        if self.bar or self.stepped:
            mark = BAR if self.focused else " "
            gutter.append(Segment(mark, style("title", self.on)))
        if self.numbers:
            role = "dim" if self.dimmed else "muted"
            gutter.append(Segment(number.rjust(self.numbers) + "  ", style(role, self.on)))
        return gutter

    def _wrapped(self, tokens: tuple[Token, ...], room: int) -> list[Line]:
        """Rows of at most `room`; the ones after the first hang under the line's own indent."""
        style = self.theme.style
        parts = [
            Segment(
                text,
                style("dim" if self.dimmed else role, self.on, bold=self.focused),
            )
            for text, role in tokens
        ]
        if sum(width(part.text) for part in parts) <= room:
            return [merge(parts)]
        source = "".join(text for text, _ in tokens)
        indent = min(len(source) - len(source.lstrip(" ")) + 2, room // 3)
        mark = Segment(" " * indent + WRAP, style("dim" if self.dimmed else "muted", self.on))
        return _broken(parts, room, mark)


def _broken(parts: list[Segment], room: int, mark: Segment) -> list[Line]:
    """Rows of at most `room`, broken behind a blank or a comma where there is one not too far."""
    cells = [
        (Segment(piece, part.style), columns)
        for part in parts
        for piece, columns in clusters(part.text)
    ]
    rows: list[Line] = []
    lead: Line = []
    while cells:
        free = room - width(mark.text) if rows else room
        count = _fitting(cells, free)
        rows.append(merge([*lead, *(segment for segment, _ in cells[:count])]))
        while count < len(cells) and cells[count][0].text == " ":
            count += 1
        del cells[:count]
        lead = [mark]
    return rows


def _fitting(cells: list[tuple[Segment, int]], free: int) -> int:
    """How many clusters go on a row, at least one."""
    used = count = 0
    for _, columns in cells:
        used += columns
        if used > free:
            break
        count += 1
    if count < len(cells):
        for n in range(count, count * 2 // 3, -1):
            if cells[n - 1][0].text in " ,;|&":
                return n
    return max(count, 1)


def focused_lines(block: Code, reveals: int) -> frozenset[int] | None:
    """The lines in focus after `reveals`; None where all lines are equal."""
    current: frozenset[int] | None = None
    for lines, at in zip(block.highlights, block.highlight_at, strict=False):
        if at <= reveals:
            current = lines
    if block.highlights and not block.highlight_at:
        current = block.highlights[0]
    return current


@lru_cache(maxsize=256)
def highlighted(text: str, language: str) -> tuple[tuple[Token, ...], ...]:
    """The source's lines as tokens; plain text where the language is not known."""
    source = clean(text).removesuffix("\n")
    lines = source.split("\n")
    small = len(source) <= MOST_COLORED and max(map(len, lines)) <= LONGEST_COLORED
    lexer = _lexer(language.strip().lower()) if small else None
    if lexer is None:
        return tuple(((line, "text"),) for line in lines)
    try:
        found = list(lexer.get_tokens(f"{source}\n"))  # that of consoles drops a line without end
    except Exception:  # noqa: BLE001 — 500 lexers of others: a slide shows its code without colours
        found = []
    if "".join(value for _, value in found) != f"{source}\n":
        return tuple(((line, "text"),) for line in lines)
    return _by_line(found, len(lines))


def _by_line(tokens: Iterable[tuple[object, str]], count: int) -> tuple[tuple[Token, ...], ...]:
    lines: list[list[Token]] = [[]]
    for kind, value in tokens:
        role = _role(str(kind))
        for n, found in enumerate(value.split("\n")):
            if n:
                lines.append([])
            joined, part = _split_joined(lines[-1][-1][0], found) if lines[-1] else ("", found)
            if joined:
                before, its_role = lines[-1][-1]
                lines[-1][-1] = (before + joined, its_role)
            if part:
                lines[-1].append((part, role))
    return tuple(tuple(line) for line in lines[:count])


def _split_joined(before: str, text: str) -> tuple[str, str]:
    """What at the start of `text` makes one cluster with the end of `before`, and the rest."""
    joined, rest = split_marks(text)
    if rest and (before + joined).endswith("\u200d"):
        joined += clusters(rest)[0][0]
    return joined, text[len(joined) :]


@lru_cache(maxsize=512)
def _role(kind: str) -> str:
    """The role for a Pygments token type, by the longest name that we have one for."""
    name = kind.removeprefix("Token.")
    while name:
        if name in _ROLES:
            return _ROLES[name]
        name = name.rpartition(".")[0]
    return "text"


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if not language or language in ("text", "txt", "plain", "none"):
        return None
    # Pygments costs 20 ms and more to import: not before the first code that needs it.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(_ALIASES.get(language, language), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
