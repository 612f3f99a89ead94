"""A frame as PNG. Lines and blocks are drawn as shapes, so that they join in any font."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from presenter.errors import PresenterError
from presenter.layout.frame import Frame
from presenter.layout.shapes import SHADES, rectangles
from presenter.layout.svg import Patch, patches
from presenter.layout.text import clusters
from presenter.layout.theme import Theme, mix

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

HEIGHT = 21
"""Pixels of a cell; its width follows from the font."""
FONT = 15
"""Pixels of the font that a cell of this height is for."""
_NAMES = ("JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono", "monospace")
_FILES = (
    "DejaVuSansMono.ttf",
    "JetBrainsMono-Regular.ttf",
    "NotoSansMono-Regular.ttf",
    "LiberationMono-Regular.ttf",
    "Menlo.ttc",
    "consola.ttf",
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_FALLBACKS = ("Noto Sans Mono CJK SC", "Noto Sans CJK SC", "Noto Sans Symbols2", "DejaVu Sans")


def paint_png(frame: Frame, theme: Theme) -> bytes:
    """The frame as a PNG file. PresenterError where the machine has no monospace font."""
    from PIL import Image, ImageDraw

    fonts = Fonts()
    wide, high = fonts.cell
    picture = Image.new("RGB", (frame.size.columns * wide, frame.size.rows * high), theme.page)
    draw_patches(ImageDraw.Draw(picture), list(patches(frame, theme)), fonts)
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def draw_patches(draw: ImageDraw, found: Sequence[Patch], fonts: Fonts) -> None:
    """Draws the cells where they stand: first what is behind them all."""
    wide, high = fonts.cell
    for patch in found:
        x, y = patch.x * wide, patch.y * high
        draw.rectangle((x, y, x + patch.cells * wide - 1, y + high - 1), fill=patch.background)
    for patch in found:
        _draw(draw, patch, fonts)


def _draw(draw: ImageDraw, patch: Patch, fonts: Fonts) -> None:
    wide, high = fonts.cell
    x, y = patch.x * wide, patch.y * high
    for text, cells in clusters(patch.text):
        box = (x, y, x + cells * wide, y + high)
        shapes = rectangles(text, box)
        if shapes is not None:
            color = mix(patch.background, patch.foreground, SHADES.get(text, 1.0))
            for left, top, right, bottom in shapes:
                draw.rectangle((left, top, right - 1, bottom - 1), fill=color)
        elif text != " ":
            font = fonts.choose(text, patch.bold, patch.italic)
            draw.text((x, y + fonts.baseline), text, patch.foreground, font, anchor="ls")
        if patch.underline:
            draw.line((x, y + high - 3, box[2] - 1, y + high - 3), patch.foreground)
        if patch.strike:
            draw.line((x, y + high // 2, box[2] - 1, y + high // 2), patch.foreground)
        x += cells * wide


class Fonts:
    """The monospace font in its faces, and others for what it lacks."""

    def __init__(self, size: int = FONT) -> None:
        """`size` in pixels."""
        self._size = size
        self._regular = _load(_monospace("regular"), size)
        faces = ("regular", "bold", "italic", "bold italic")
        self._faces = {face: _load(_monospace(face), size) for face in faces}
        ascent, descent = self._regular.getmetrics()
        high = round(HEIGHT * size / FONT)
        self.cell = (round(self._regular.getlength("M")), high)
        """Width and height of a cell in pixels."""
        self.baseline = (high + ascent - descent) // 2

    def choose(self, text: str, bold: bool, italic: bool) -> FreeTypeFont:
        face = " ".join(n for n, on in (("bold", bold), ("italic", italic)) if on) or "regular"
        font = self._faces[face]
        if text.isascii() or _has(font, text[0]):
            return font
        for name in _FALLBACKS:
            path = _asked(name, "regular")
            if path is not None and _has(_load(path, self._size), text[0]):
                return _load(path, self._size)
        return font


@lru_cache(maxsize=32)
def _load(path: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, size)


@lru_cache(maxsize=2048)
def _has(font: FreeTypeFont, character: str) -> bool:
    """Whether the font draws this character as something else than its box for none."""
    missing = font.getmask("\U0010fffe")
    mask = font.getmask(character)
    return bytes(mask) != bytes(missing) or mask.size != missing.size


@lru_cache(maxsize=8)
def _monospace(face: str) -> str:
    for name in _NAMES:
        path = _asked(name, face)
        if path is not None:
            return path
    for file in _FILES:
        for folder in _FOLDERS:
            for found in Path(folder).rglob(file):
                return str(found)
    raise PresenterError(
        "no monospace font found for the picture",
        "install DejaVu Sans Mono (package fonts-dejavu-core), or write .svg or .txt",
    )


@lru_cache(maxsize=32)
def _asked(name: str, face: str) -> str | None:
    """The file that fontconfig has for a family, or None where it has another family's."""
    if shutil.which("fc-match") is None:
        return None
    style = {"regular": "", "bold": ":bold", "italic": ":italic", "bold italic": ":bold:italic"}
    command = ["fc-match", "-f", "%{family}\t%{file}", name + style[face]]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    family, _, path = answer.stdout.partition("\t")
    return path if name == "monospace" or name in family else None
