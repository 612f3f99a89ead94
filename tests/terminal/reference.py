"""Terminal recordings of another emulator with the grid that it ends on, read for comparison."""

from __future__ import annotations

import json
import tarfile
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from presenter.terminal.emulator import CellStyle, Colour, Emulator
from tests.material import material

_NAMES = ("Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White")
_UNDERLINES = {
    "UNDERLINE",
    "DOUBLE_UNDERLINE",
    "UNDERCURL",
    "DOTTED_UNDERLINE",
    "DASHED_UNDERLINE",
}

Cell = tuple[str, CellStyle]


@dataclass(frozen=True)
class Case:
    """A recording and the cells that are expected after it, row by row (none where not known)."""

    name: str
    columns: int
    rows: int
    output: str
    grid: list[list[Cell]]


@cache
def cases() -> dict[str, Case]:
    """All recordings, by name."""
    found: dict[str, Case] = {}
    with tarfile.open(material("conformance/alacritty-ref.tar.gz")) as archive:
        files = {
            tuple(member.name.split("/")[-2:]): stream.read()
            for member in archive.getmembers()
            if (stream := archive.extractfile(member)) is not None
        }
    for name, file in sorted(files):
        if file != "size.json":
            continue
        size = json.loads(files[name, "size.json"])
        output = files[name, "alacritty.recording"].decode("utf-8", "replace")
        expected = files.get((name, "grid.json"))
        grid = _read_grid(json.loads(expected)) if expected else []
        found[name] = Case(name, size["columns"], size["screen_lines"], output, grid)
    return found


def _read_grid(grid: dict[str, Any]) -> list[list[Cell]]:
    """The visible rows; the file keeps them from the bottom up, in a ring that starts at `zero`."""
    rows, zero, visible = grid["raw"]["inner"], grid["raw"]["zero"], grid["lines"]
    return [
        [_read_cell(cell) for cell in rows[(zero + visible - 1 - y) % len(rows)]["inner"]]
        for y in range(visible)
    ]


def _read_cell(cell: dict[str, Any]) -> Cell:
    flags = set(str(cell["flags"]).split(" | "))
    extra = cell["extra"]
    marks = "".join(extra["zerowidth"]) if isinstance(extra, dict) else ""
    text = "" if "WIDE_CHAR_SPACER" in flags else str(cell["c"]) + marks
    style = CellStyle(
        foreground=_read_colour(cell["fg"]),
        background=_read_colour(cell["bg"]),
        bold="BOLD" in flags,
        faint="DIM" in flags,
        italic="ITALIC" in flags,
        underline=bool(flags & _UNDERLINES),
        strike="STRIKEOUT" in flags,
        inverse="INVERSE" in flags,
    )
    return text.replace("\t", " "), style


def _read_colour(colour: object) -> Colour:
    assert isinstance(colour, dict)
    if "Spec" in colour:
        spec = colour["Spec"]
        return spec["r"], spec["g"], spec["b"]
    if "Indexed" in colour:
        return int(colour["Indexed"])
    name = str(colour["Named"])
    if name in ("Foreground", "Background"):
        return None
    return _NAMES.index(name.removeprefix("Bright")) + 8 * name.startswith("Bright")


def visible(cell: Cell) -> Cell:
    """A cell as it looks: a plain blank has no foreground, weight or slant."""
    text, style = cell
    if text == " " and not (style.inverse or style.underline or style.strike):
        return " ", CellStyle(background=style.background)
    return cell


def cells(emulator: Emulator) -> list[list[Cell]]:
    """An emulator's screen, a cell a column, in the form of `Case.grid`."""
    screen: list[list[Cell]] = []
    for y in range(emulator.rows):
        row: list[Cell] = []
        for run in emulator.row(y):
            row += [(text, run.style) for text in _split(run.text)]
        screen.append(row)
    return screen


def _split(text: str) -> list[str]:
    """A run's text, a string a column: marks on their base, nothing beside a wide character."""
    parts: list[str] = []
    for char in text:
        if unicodedata.category(char)[0] == "M" and parts:
            parts[-1] += char
        else:
            parts.append(char)
            if unicodedata.east_asian_width(char) in "WF":
                parts.append("")
    return parts
