"""Banner letters of half blocks: a title that can be read from the last row.

A pixel is half a cell, so that it is about square: seven of them (a capital) are four rows, and a
line with letters that hang below has five.
"""

from __future__ import annotations

from functools import lru_cache

from presenter.layout.glyphs import GLYPHS

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@lru_cache(maxsize=64)
def banner(text: str, columns: int, lines: int = 1) -> list[str] | None:
    """`text` in 4 or 5 rows of equal width a line, at most `columns` wide, in up to `lines` lines.

    None where it does not fit or a character has no banner letter. Do not change the list.
    """
    if len(text) > columns * lines:
        return None  # a letter takes more than a column
    words = text.split()
    if not words or any(character not in GLYPHS for word in words for character in word):
        return None
    parts = _broken(words, columns, lines)
    if parts is None:
        return None
    drawn = [_drawn(part) for part in parts]
    broadest = max(len(rows[0]) for rows in drawn)
    result: list[str] = []
    for n, rows in enumerate(drawn):
        result += [" " * broadest] if n else []
        result += [row.ljust(broadest) for row in rows]
    return result


def _broken(words: list[str], columns: int, lines: int) -> list[str] | None:
    """The words in at most `lines` lines that fit, as even as they can be."""
    if _pixels(" ".join(words)) <= columns:
        return [" ".join(words)]
    if lines < 2:
        return None
    splits = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    fitting = [pair for pair in splits if max(map(_pixels, pair)) <= columns]
    return list(min(fitting, key=lambda pair: max(map(_pixels, pair)))) if fitting else None


def _pixels(text: str) -> int:
    return sum(_glyph_width(character) + 1 for character in text) - 1


def _glyph_width(character: str) -> int:
    return len(GLYPHS[character].partition("/")[0])


def _drawn(text: str) -> list[str]:
    grid = [""] * 10
    for character in text:
        rows = GLYPHS[character].split("/")
        columns = len(rows[0])
        for y in range(10):
            ink = rows[y] if y < len(rows) else "." * columns
            grid[y] += ("." if grid[y] else "") + ink
    height = 10 if "#" in grid[8] else 8
    return [
        "".join(
            _HALVES[upper == "#", lower == "#"]
            for upper, lower in zip(grid[y], grid[y + 1], strict=True)
        )
        for y in range(0, height, 2)
    ]
