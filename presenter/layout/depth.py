"""Themes for terminals with fewer colours: 256 (xterm's cube and greys) and 16 (its palette).

The 16 lowest of the 256 are left out: every user sets those differently. The cube's levels and the
greys are those of xterm's 256colres.pl: 0, 95, 135, …, 255 and 8, 18, …, 238.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from presenter.layout.theme import BACKGROUNDS, XTERM_16, Depth, Theme, contrast, hex_color, rgb

_LEVELS = (0, 95, 135, 175, 215, 255)


@lru_cache(maxsize=1)
def _xterm_256() -> dict[str, int]:
    """Colours 16 to 255, each with its number; where two are equal, the first."""
    table: dict[str, int] = {}
    for number, color in _by_number().items():
        table.setdefault(color, number)
    return table


def xterm_index(color: str) -> int | None:
    """The number of a colour among xterm's 240 fixed ones, or None where it is not one."""
    return _xterm_256().get(color)


@lru_cache(maxsize=32)
def for_depth(theme: Theme, depth: Depth) -> Theme:
    """`theme` in the colours that a terminal of that depth can show, as readable as before."""
    if depth == "16":
        return _recolored(theme, depth, _sixteen(theme))
    if depth == "256":
        return _recolored(theme, depth, _snapped(theme))
    return theme


def _recolored(theme: Theme, depth: Depth, colors: dict[str, str]) -> Theme:
    return Theme(name=theme.name, palette=theme.palette, ansi=theme.ansi, depth=depth, **colors)


def _sixteen(theme: Theme) -> dict[str, str]:
    return {role: XTERM_16[number] for role, number in theme.ansi}


def _snapped(theme: Theme) -> dict[str, str]:
    """For each role the nearest of the 240 that keeps its contrast on both backgrounds."""
    page = _nearest(theme.page, ())
    panel = _nearest(theme.panel, (), without=page)
    floor = {"dim": 4.5, "border": 3.0}
    result = {"page": page, "panel": panel}
    for role, color in theme.colors():
        if role not in BACKGROUNDS:
            result[role] = _nearest(color, (page, panel), floor.get(role, 7.0))
    return result


@lru_cache(maxsize=1024)
def nearest_ansi(color: str, on: str, floor: float) -> str:
    """The nearest of the 16 with at least `floor` contrast on `on`, or the best there is."""
    fitting = [candidate for candidate in XTERM_16 if contrast(candidate, on) >= floor]
    if not fitting:
        return max(XTERM_16, key=lambda candidate: contrast(candidate, on))
    return min(fitting, key=lambda candidate: _distance(color, candidate))


def _nearest(color: str, on: tuple[str, ...], floor: float = 0.0, without: str = "") -> str:
    fitting = (
        candidate
        for candidate in _xterm_256()
        if candidate != without and all(contrast(candidate, back) >= floor for back in on)
    )
    return min(fitting, key=lambda candidate: _distance(color, candidate))


def _distance(a: str, b: str) -> int:
    return sum((x - y) ** 2 for x, y in zip(rgb(a), rgb(b), strict=True))


def xterm_color(number: int) -> str:
    """The colour with that number, 16 to 255, as `#rrggbb`."""
    return _by_number()[number]


@lru_cache(maxsize=1)
def _by_number() -> dict[int, str]:
    """Colours 16 to 255 by number; equal ones of the cube and the greys have two."""
    cubes = enumerate(product(_LEVELS, repeat=3), 16)
    table = {number: hex_color((red, green, blue)) for number, (red, green, blue) in cubes}
    greys = enumerate(range(8, 239, 10), 232)
    return table | {number: hex_color((grey, grey, grey)) for number, grey in greys}
