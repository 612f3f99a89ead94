"""What a deck may run or contact, as lines for a plain terminal. Nothing in them is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presenter.deck.trust import Fingerprint, Item, diff, visible
from presenter.demo.truststore import LONGEST_LINE, MAX_LINES, Trusted
from presenter.layout.text import clusters, width

HEADINGS = {
    "condition": "Conditions that it looks at",
    "start": "What should hold at the start",
    "variable": "Variables",
    "setup": "Before the talk",
    "reset": "To clear up",
    "command": "Commands",
    "code": "Code",
    "request": "Requests",
    "open": "Pages to open",
    "file": "Files that these name",
}
WORDS = {
    "condition": ("condition", "conditions"),
    "start": ("demand on the start", "demands on the start"),
    "variable": ("variable", "variables"),
    "setup": ("command before the talk", "commands before the talk"),
    "reset": ("command to clear up", "commands to clear up"),
    "command": ("command", "commands"),
    "code": ("piece of code", "pieces of code"),
    "request": ("request", "requests"),
    "open": ("page to open", "pages to open"),
    "file": ("file", "files"),
}
NARROWEST = 20


def summary(told: Fingerprint) -> str:
    """How many of what: `3 commands, 1 condition`."""
    counts = {kind: sum(item.kind == kind for item in told.items) for kind in WORDS}
    return ", ".join(
        f"{count} {WORDS[kind][count != 1]}" for kind, count in counts.items() if count
    )


def listing(told: Fingerprint, before: Trusted | None, columns: int) -> list[str]:
    """All items by their kinds, behind what is new since the last yes (`before`)."""
    lines = wrapped(f"{visible(told.path)} may run or contact:", columns)
    lines += wrapped(f"  {summary(told)}.", columns, "  ")
    if before is not None and (changes := _changes(told, before)):
        lines += ["", *wrapped(f"Changed since your yes of {visible(before.when)}:", columns)]
        for change in changes:
            lines += wrapped(f"  {visible(change)}", columns, "      ")
    for kind, heading in HEADINGS.items():
        items = [item for item in told.items if item.kind == kind]
        if items:
            lines += ["", f"{heading} ({len(items)})"]
            for number, item in enumerate(items, 1):
                lines += _item_lines(item, number, columns)
    if told.problem:
        lines += ["", *wrapped(f"It cannot be trusted: {visible(told.problem)}.", columns)]
    return lines


def _changes(told: Fingerprint, before: Trusted) -> Sequence[str]:
    """What went and came; the lines of the last yes were cut when they were kept."""
    return diff(before.lines, [line[:LONGEST_LINE] for line in told.lines[:MAX_LINES]])


def _item_lines(item: Item, number: int, columns: int) -> Iterator[str]:
    first, *more = item.text.split("\n")
    yield from wrapped(f"{number:>4}  {visible(first)}", columns, "      ")
    for line in more:
        yield from wrapped(f"    · {visible(line)}", columns, "      ")
    details = [
        visible(f"{name} {value}".rstrip())
        for name, value in item.details
        if (name, value) != ("in", "console")
    ]
    if details:
        yield from wrapped(f"        ({', '.join(details)})", columns, "         ")


def wrapped(line: str, columns: int, indent: str = "") -> list[str]:
    """`line` in rows of at most `columns`, broken at any character; blanks are kept."""
    columns = max(columns, NARROWEST)
    rows, row, used = [], "", 0
    for cluster, cells in clusters(line):
        if used + cells > columns:
            rows.append(row)
            row, used = indent, width(indent)
        row += cluster
        used += cells
    return [*rows, row]


def pages(lines: Sequence[str], rows: int) -> list[list[str]]:
    """The lines in pieces of at most `rows`, none of them empty."""
    rows = max(rows, 1)
    return [list(lines[start : start + rows]) for start in range(0, len(lines), rows)]
