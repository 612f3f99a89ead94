"""The test card: zoom until its corners are visible, then the talk fits.

It shows the window's corners, the box of the deck's grid, the 16 colours and a ramp, a ruler, and
characters that terminals measure in different ways.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from presenter.deck.model import Grid
from presenter.layout.frame import Frame, Line, Size
from presenter.layout.lines import blank, fit, line_width, merge, overlay
from presenter.layout.theme import Theme, hex_color, make_style

WIDE = (("cjk", "界面"), ("emoji", "🚀👍🏽"), ("joined", "👩‍💻"), ("flag", "🇩🇪"), ("marks", "né à"))
_CORNERS = ("┏━━", "━━┓", "┗━━", "━━┛")


def test_card(size: Size, grid: Grid, theme: Theme) -> Frame:
    """The card for a window of `size` and a deck of `grid`."""
    fill = theme.style()
    lines: list[Line] = [blank(size.columns, fill)] * size.rows
    body = _body(size, grid, theme)[: max(size.rows - 2, 0)]
    top = max((size.rows - len(body)) // 2, 0)
    for n, line in enumerate(body):
        left = max((size.columns - line_width(line)) // 2, 0)
        lines[top + n] = merge(fit([*blank(left, fill), *line], size.columns, fill))
    _draw_grid(lines, size, grid, theme)
    _draw_corners(lines, size, theme)
    return Frame(size, lines)


def _body(size: Size, grid: Grid, theme: Theme) -> list[Line]:
    style = theme.style
    fits = size.columns >= grid.columns and size.rows >= grid.rows + 4
    verdict = "✓ the demos fit" if fits else "✗ zoom out: the demos do not fit"
    columns = max(min(size.columns - 8, 72), 10)
    zoom = Segment("Zoom until all four corners are visible", style("title", bold=True))
    colours = {"truecolor": "all colours"}.get(theme.depth, f"{theme.depth} colours")
    window = f"window {size.columns}x{size.rows} · {colours}"
    sizes = f"{window} · demos {grid.columns}x{grid.rows} · "
    return [
        [zoom],
        [],
        [
            Segment(sizes, style("text")),
            Segment(verdict, style("ok" if fits else "warn", bold=True)),
        ],
        [],
        _roles(theme),
        [],
        _palette(theme, range(8)),
        _palette(theme, range(8, 16)),
        _ramp(columns),
        [],
        [Segment(_ruler(columns), style("muted"))],
        *_wide(theme),
    ]


def _roles(theme: Theme) -> Line:
    roles = ("text", "title", "accent", "ok", "warn", "error", "muted")
    return [Segment(f"{role}  ", theme.style(role)) for role in roles]


def _palette(theme: Theme, numbers: range) -> Line:
    """The terminal's own colours, which are not the theme's, as blocks."""
    return [
        Segment("    ", Style(bgcolor=Color.from_ansi(number), color=Color.from_ansi(number)))
        for number in numbers
    ]


def _ramp(columns: int) -> Line:
    """A ramp of hues: bands in it mean that the terminal has fewer colours."""
    from colorsys import hsv_to_rgb

    line: Line = []
    for n in range(columns):
        red, green, blue = (round(part * 255) for part in hsv_to_rgb(n / columns, 0.7, 0.9))
        color = hex_color((red, green, blue))
        line.append(Segment(" ", make_style(color, color, "truecolor")))
    return line


def _ruler(columns: int) -> str:
    """`....5....10...` up to `columns`."""
    text = ""
    for at in range(5, columns + 1, 5):
        text += str(at).rjust(at - len(text), ".")
    return text


def _wide(theme: Theme) -> list[Line]:
    """Between bars that stand one under the other where the terminal counts as we do."""
    first: Line = []
    second: Line = []
    for name, sample in WIDE:
        first += [Segment(f"{name:<8}", theme.style("muted"))]
        second += fit([Segment(sample, theme.style())], 7, theme.style())
        second += [Segment("│", theme.style("muted"))]
    return [first, second]


def _draw_grid(lines: list[Line], size: Size, grid: Grid, theme: Theme) -> None:
    """The corners of the grid's box, in the middle of the window, where it fits."""
    fill, mark = theme.style(), theme.style("accent")
    left, top = (size.columns - grid.columns - 2) // 2, (size.rows - grid.rows - 2) // 2
    if left < 1 or top < 1:
        return
    for y, corners in ((top, ("╭─", "─╮")), (top + grid.rows + 1, ("╰─", "─╯"))):
        for x, corner in zip((left, left + grid.columns), corners, strict=True):
            patch = [Segment(corner, mark)]
            lines[y] = overlay(lines[y], x, patch, fill, size.columns)


def _draw_corners(lines: list[Line], size: Size, theme: Theme) -> None:
    if size.columns < 6 or size.rows < 2:
        return
    fill, mark = theme.style(), theme.style("accent", bold=True)
    for y, corners in ((0, _CORNERS[:2]), (size.rows - 1, _CORNERS[2:])):
        for x, corner in zip((0, size.columns - 3), corners, strict=True):
            lines[y] = overlay(lines[y], x, [Segment(corner, mark)], fill, size.columns)
