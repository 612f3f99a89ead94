"""Screens as an animated GIF: a picture where something changes, and of it only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presenter.layout.frame import Line, Size
from presenter.layout.pane import screen_lines
from presenter.layout.png import Fonts, draw_patches
from presenter.layout.svg import line_patches
from presenter.layout.theme import Theme
from presenter.terminal.emulator import Emulator

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 1_600_000
"""Of a picture; a larger screen has a smaller font."""
LARGEST = Size(320, 120)
"""Of the screens that are drawn whole; of larger ones, a part."""
COLOURS = 256
LAST_SECONDS = 3.0
"""For how long the last picture stays, before it begins again."""
_FONTS = (15, 13, 11, 9, 8, 7, 6)
_LONGEST = 65_535
"""Hundredths of a second that a picture can last."""
_LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
Corners = tuple[int, int, int, int]


@dataclass(slots=True)
class _Picture:
    """A part of the canvas, as it is from a moment on."""

    start: float
    corner: tuple[int, int]
    image: Image


def gif(
    moments: Iterable[float], emulator: Emulator, size: Size, theme: Theme, seconds: float
) -> Iterator[bytes]:
    """The file in pieces; equal screens give equal bytes.

    `moments`: the times at which the emulator, when it is asked for the next, shows a new screen;
    they ascend from 0. `seconds`: when the recording ends.
    """
    canvas = _Canvas(size, theme)
    wide, high = canvas.image.size
    yield b"GIF89a" + _short(wide) + _short(high) + b"\x70\x00\x00" + _LOOP
    before: _Picture | None = None
    for time in moments:
        box = canvas.show(screen_lines(emulator, size.columns, size.rows, theme))
        if box is None:
            continue
        if before is not None:
            yield from _written(before, time)
        before = _Picture(time, box[:2], _reduced(canvas.image.crop(box)))
    if before is not None:
        yield from _written(before, max(seconds, before.start) + LAST_SECONDS)
    yield b";"


class _Canvas:
    """The picture as it is now; rows that stay the same are not drawn again."""

    def __init__(self, size: Size, theme: Theme) -> None:
        from PIL import Image, ImageDraw

        fitting = (fonts for fonts in map(Fonts, _FONTS) if _fits(fonts, size))
        self._fonts = next(fitting, None) or Fonts(_FONTS[-1])
        self._cell = self._fonts.cell
        pixels = size.columns * self._cell[0], size.rows * self._cell[1]
        self.image = Image.new("RGB", pixels, theme.page)
        self._draw = ImageDraw.Draw(self.image)
        self._theme = theme
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> Corners | None:
        """The part of the picture that has changed; None where nothing has."""
        from PIL import ImageChops

        is_first = not self._lines
        old = self._lines or [[] for _ in lines]
        changed = [y for y, line in enumerate(lines) if line != old[y]]
        self._lines = lines
        if not changed:
            return None
        top, bottom = changed[0] * self._cell[1], (changed[-1] + 1) * self._cell[1]
        part = (0, top, self.image.width, bottom)
        before = self.image.crop(part)
        for y in changed:
            draw_patches(self._draw, list(line_patches(lines[y], y, self._theme)), self._fonts)
        if is_first:
            return (0, 0, *self.image.size)
        box = ImageChops.difference(before, self.image.crop(part)).getbbox()
        return None if box is None else (box[0], box[1] + top, box[2], box[3] + top)


def _fits(fonts: Fonts, size: Size) -> bool:
    return size.columns * fonts.cell[0] * size.rows * fonts.cell[1] <= MOST_PIXELS


def _reduced(image: Image) -> Image:
    """With a palette of its own: exact where it has no more colours than that."""
    from PIL import Image as Pillow

    return image.quantize(COLOURS, method=Pillow.Quantize.MEDIANCUT, dither=Pillow.Dither.NONE)


def _written(picture: _Picture, until: float) -> Iterator[bytes]:
    from PIL import GifImagePlugin

    hundredths = round(until * 100) - round(picture.start * 100)
    lasts = 10 * min(max(hundredths, 2), _LONGEST)
    yield from GifImagePlugin.getdata(
        picture.image, picture.corner, duration=lasts, include_color_table=True
    )


def _short(number: int) -> bytes:
    return number.to_bytes(2, "little")
