"""Themes: what each role of a slide looks like, and how well it can be read.

Contrast is WCAG 2's: (L1 + 0.05) / (L2 + 0.05), from 1 to 21. Every text has at least 7:1 against
what it stands on; only the lines that a stepped code block dims have 4.5:1 (`dim`). A test computes
both from `Theme.text_pairs()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

from rich.color import Color
from rich.style import Style

from presenter.errors import PresenterError

Depth = Literal["truecolor", "256", "16"]
Rgb = tuple[int, int, int]

SYNTAX = ("keyword", "string", "number", "comment", "function", "type")
"""The roles of highlighted code, beside `text`."""
TEXT_ROLES = ("text", "title", "accent", "ok", "warn", "error", "muted", *SYNTAX)
FILLS = ("text", "title", "accent", "ok", "warn", "error", "muted")
"""Roles that badges and selected rows fill a background with; their text is in `page`."""
BACKGROUNDS = ("page", "panel")

XTERM_16 = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""The reference palette for 16 colours: xterm's defaults (its XTerm-col.ad)."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, as `#rrggbb`."""

    name: str
    page: str
    panel: str
    """Under code, quotes, inline code, notes and dialogs."""
    text: str
    title: str
    accent: str
    ok: str
    warn: str
    error: str
    muted: str
    dim: str
    """Code outside the focused lines, and nothing else."""
    border: str
    """Lines that are not text: borders, rules, the rest of the progress bar (3:1)."""
    keyword: str
    string: str
    number: str
    comment: str
    function: str
    type: str
    palette: tuple[str, ...]
    """The 16 ANSI colours as a pane's text shows them: 4.5:1 on the page."""
    ansi: tuple[tuple[str, int], ...]
    """For each role the ANSI colour that stands for it where there are only 16."""
    depth: Depth = "truecolor"

    @property
    def selection(self) -> str:
        """Background of a selected row; its text is `selection_text`."""
        return self.accent

    @property
    def selection_text(self) -> str:
        return self.page

    def color(self, role: str) -> str:
        """The colour of a role; a colour (`#rrggbb`) stands for itself."""
        return role if role.startswith("#") else str(getattr(self, role))

    def style(
        self,
        role: str = "text",
        on: str = "page",
        *,
        bold: bool = False,
        italic: bool = False,
        underline: bool = False,
        strike: bool = False,
    ) -> Style:
        """The style of text in `role` on a background; the same object for the same question."""
        return make_style(
            self.color(role), self.color(on), self.depth, bold, italic, underline, strike
        )

    def text_pairs(self) -> list[tuple[str, str, str, str]]:
        """Every pair of text and background that the renderer makes: roles, then colours."""
        pairs = [
            (role, on, self.color(role), self.color(on))
            for on in BACKGROUNDS
            for role in (*TEXT_ROLES, "dim")
        ]
        pairs += [("page", fill, self.page, self.color(fill)) for fill in FILLS]
        pairs.append(("selection_text", "selection", self.selection_text, self.selection))
        return pairs

    def colors(self) -> Iterator[tuple[str, str]]:
        """Each role that is a single colour, with it."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and value.startswith("#"):
                yield field.name, value


def rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def hex_color(value: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*value)


@lru_cache(maxsize=4096)
def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it, from 0 to 1."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, from 1 to 21 (WCAG 2)."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(a: str, b: str, share: float) -> str:
    """`share` of `b` in `a`, channel by channel."""
    pairs = zip(rgb(a), rgb(b), strict=True)
    red, green, blue = (round(x + (y - x) * share) for x, y in pairs)
    return hex_color((red, green, blue))


@lru_cache(maxsize=1024)
def readable(color: str, on: str, toward: str, minimum: float) -> str:
    """`color`, moved toward `toward` as far as it needs for `minimum` contrast on `on`."""
    for step in range(11):
        candidate = mix(color, toward, step / 10)
        if contrast(candidate, on) >= minimum:
            return candidate
    return toward


@lru_cache(maxsize=4096)
def make_style(
    foreground: str,
    background: str,
    depth: Depth,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    strike: bool = False,
) -> Style:
    """A rich style from `#rrggbb` colours in the way that `depth` writes them."""
    return Style(
        color=_rich_color(foreground, depth),
        bgcolor=_rich_color(background, depth),
        bold=bold or None,
        italic=italic or None,
        underline=underline or None,
        strike=strike or None,
    )


@lru_cache(maxsize=1024)
def _rich_color(color: str, depth: Depth) -> Color:
    if depth == "16" and color in XTERM_16:
        return Color.from_ansi(XTERM_16.index(color))
    if depth == "256":
        from presenter.layout.depth import xterm_index

        number = xterm_index(color)
        if number is not None:
            return Color.from_ansi(number)
    return Color.from_rgb(*rgb(color))


_ON_BLACK = (
    ("page", 0), ("panel", 0), ("text", 15), ("title", 11), ("accent", 14), ("ok", 10),
    ("warn", 11), ("error", 11), ("muted", 7), ("dim", 8), ("border", 8), ("keyword", 14),
    ("string", 10), ("number", 11), ("comment", 7), ("function", 15), ("type", 14),
)  # fmt: skip
_ON_WHITE = (
    ("page", 15), ("panel", 15), ("text", 0), ("title", 4), ("accent", 4), ("ok", 0),
    ("warn", 0), ("error", 4), ("muted", 0), ("dim", 12), ("border", 8), ("keyword", 4),
    ("string", 0), ("number", 0), ("comment", 0), ("function", 4), ("type", 4),
)  # fmt: skip

THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            name="dark",
            page="#101418", panel="#1e2630", text="#e8e8e8", title="#ffc66d", accent="#7fd7ff",
            ok="#8fe388", warn="#ffd75f", error="#ff9a9a", muted="#aab4be", dim="#8b959f",
            border="#66727e", keyword="#d3b3ff", string="#a5e075", number="#ffb68a",
            comment="#a9b6c2", function="#7fd7ff", type="#7fe3d2",
            palette=(
                "#7f8b97", "#ff8a8a", "#8fe388", "#ffd75f", "#82b1ff", "#d9a0ff", "#6fdfe0",
                "#d5dade", "#96a2ae", "#ffa8a8", "#b0f0a0", "#ffe694", "#a8c8ff", "#e6c0ff",
                "#a0f0f0", "#ffffff",
            ),
            ansi=_ON_BLACK,
        ),
        Theme(
            name="light",
            page="#ffffff", panel="#eef1f4", text="#1a1a1a", title="#7a3300", accent="#00458a",
            ok="#0b5a1e", warn="#6b4a00", error="#9b0010", muted="#4a4f55", dim="#666c72",
            border="#7c848c", keyword="#6a1b9a", string="#0b5a1e", number="#8a2f00",
            comment="#4a4f55", function="#00458a", type="#005050",
            palette=(
                "#1a1a1a", "#b3001b", "#0b6e22", "#7a5600", "#00509e", "#8a1f9c", "#006a73",
                "#5a6067", "#4a4f55", "#c2182b", "#1a7430", "#805b00", "#1f5fb5", "#9c2fae",
                "#00727c", "#3a3f45",
            ),
            ansi=_ON_WHITE,
        ),
        Theme(
            name="contrast",
            page="#000000", panel="#1c1c1c", text="#ffffff", title="#ffff5f", accent="#5fffff",
            ok="#87ff87", warn="#ffd75f", error="#ffafaf", muted="#d0d0d0", dim="#9e9e9e",
            border="#949494", keyword="#ffafff", string="#afff87", number="#ffd7af",
            comment="#d0d0d0", function="#5fffff", type="#87ffd7",
            palette=(
                "#8a8a8a", "#ff8787", "#87ff87", "#ffff5f", "#87afff", "#ff87ff", "#5fffff",
                "#eeeeee", "#a8a8a8", "#ffafaf", "#afffaf", "#ffffaf", "#afd7ff", "#ffafff",
                "#afffff", "#ffffff",
            ),
            ansi=_ON_BLACK,
        ),
    )
}  # fmt: skip


def theme(name: str) -> Theme:
    """The theme of that name; PresenterError names the nearest where there is none."""
    found = THEMES.get(name)
    if found is not None:
        return found
    from difflib import get_close_matches  # only when something is wrong

    near = get_close_matches(name.lower(), THEMES, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"the themes are {', '.join(THEMES)}"
    raise PresenterError(f"there is no theme named {name!r}", hint)


def next_theme(name: str) -> str:
    """The theme after this one, round and round; the first one after an unknown name."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in THEMES else names[0]
