"""Pictures as half blocks: two pixels a cell, in the upper and lower half of `▀`."""

from __future__ import annotations

import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from presenter.deck.model import Image
from presenter.layout.frame import Line
from presenter.layout.inline import wrap_segments
from presenter.layout.lines import fit
from presenter.layout.text import one_line
from presenter.layout.theme import Rgb, Theme, rgb

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_PIXELS = 50_000_000
"""A larger picture is not decoded: 200 MB as RGBA."""
MOST_BYTES = 100_000_000


def image_lines(
    block: Image, columns: int, rows: int, theme: Theme, folder: Path, on: str = "page"
) -> list[Line]:
    """The picture in lines of at most `columns`, or a box that says why it is not there."""
    path = find_picture(block.source, folder)
    if path is None:
        return _box(block, "not found beside the deck", columns, theme)
    percent = block.width_percent
    most = max(1, columns * min(max(percent, 1), 100) // 100) if percent else columns
    try:
        changed = path.stat().st_mtime_ns
        return _half_blocks(path, changed, most, max(rows - 2, 4), theme.color(on), percent is None)
    except Exception as error:  # noqa: BLE001 — decoders fail in many ways; the slide must show
        return _box(block, one_line(str(error)) or type(error).__name__, columns, theme)


def find_picture(source: str, folder: Path) -> Path | None:
    """The file meant by `source`, if it is inside the deck's root (see `deck-format`)."""
    if not source or "://" in source or "\0" in source or source.startswith("data:"):
        return None
    try:
        home = folder.resolve()
        root = home.parent if home.name == "slides" else home
        path = (home / source).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        return None  # no name that a file can have


@lru_cache(maxsize=32)
def _half_blocks(
    path: Path, changed: int, columns: int, rows: int, page: str, natural: bool
) -> list[Line]:
    del changed  # part of the key only: a changed file is read again
    picture = _read(path, rgb(page))
    if natural:
        columns = min(columns, picture.width)
    scale = min(columns / picture.width, rows * 2 / picture.height)
    wide = max(1, round(picture.width * scale))
    high = max(2, round(picture.height * scale / 2) * 2)
    data = picture.resize((wide, high)).tobytes()
    pixels: list[Rgb] = [(data[n], data[n + 1], data[n + 2]) for n in range(0, 3 * wide * high, 3)]
    styles: dict[tuple[Rgb, Rgb], Style] = {}
    return [
        _line(pixels[y * wide : (y + 1) * wide], pixels[(y + 1) * wide : (y + 2) * wide], styles)
        for y in range(0, high, 2)
    ]


def _line(upper: list[Rgb], lower: list[Rgb], styles: dict[tuple[Rgb, Rgb], Style]) -> Line:
    line: Line = []
    for pair in zip(upper, lower, strict=True):
        style = styles.get(pair)
        if style is None:
            style = Style(color=Color.from_rgb(*pair[0]), bgcolor=Color.from_rgb(*pair[1]))
            styles[pair] = style
        if line and line[-1].style is style:
            line[-1] = Segment(line[-1].text + "▀", style)
        else:
            line.append(Segment("▀", style))
    return line


def _read(path: Path, page: Rgb) -> Picture:
    """The picture, upright, over the page's colour, as RGB."""
    # Pillow costs 30 ms to import: not before the first picture.
    from PIL import Image as Pillow
    from PIL import ImageOps

    if path.stat().st_size > MOST_BYTES:
        raise ValueError("the file is larger than 100 MB")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        with Pillow.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError(f"{opened.width}x{opened.height} pixels are too many")
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    result = Pillow.new("RGBA", upright.size, (*page, 255))
    result.alpha_composite(upright)
    return result.convert("RGB")


def _box(block: Image, why: str, columns: int, theme: Theme) -> list[Line]:
    """The alternative text in a plain box, and why the picture is not shown."""
    inner = max(columns - 4, 2)
    border = theme.style("border")
    name = one_line(block.alt) or one_line(block.source) or "picture"
    text = [
        *wrap_segments([Segment(name, theme.style("text"))], inner),
        *wrap_segments([Segment(f"picture: {why}", theme.style("muted"))], inner),
    ]
    side = Segment("│", border)
    fill = theme.style("text")
    middle = [[side, *fit([Segment(" ", fill), *line], inner + 2, fill), side] for line in text]
    bar = "─" * (inner + 2)
    return [[Segment(f"╭{bar}╮", border)], *middle, [Segment(f"╰{bar}╯", border)]]
