"""Rows of text in columns, as every list of a command prints them."""

from __future__ import annotations

from collections.abc import Container, Sequence

GAP = "  "


def aligned(rows: Sequence[Sequence[str]], right: Container[int] = ()) -> list[str]:
    """A line for each row, without blanks at its end; `right`: columns of numbers.

    All rows have the same number of cells.
    """
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(
            _set(cell, columns, right=at in right)
            for at, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def columns_of(text: str) -> int:
    """Columns that text on one line takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # 10 ms that a list in English need not pay

    return cell_len(text)


def _set(cell: str, columns: int, *, right: bool) -> str:
    blanks = " " * (columns - columns_of(cell))
    return blanks + cell if right else cell + blanks
