"""Lines of a picture as a terminal shows them."""

from __future__ import annotations

import re

from presenter.layout.drawn import Undrawable
from presenter.layout.pictures import picture_lines
from presenter.layout.text import clean, width
from presenter.recording.har import Exchange

_SGR = re.compile(r"\x1b\[[0-9;]{1,20}m")


def plain(line: str) -> str:
    return _SGR.sub("", line)


def drawn(picture: str, one: Exchange, columns: int = 80, rows: int = 20) -> list[str]:
    """The lines without colours and blanks at their ends; none steers anything or is too long."""
    lines = [plain(line) for line in picture_lines(picture, one, columns, rows)]
    for line in lines:
        assert clean(line) == line.replace("\n", " ")
        assert width(line) <= columns, line
    return [line.rstrip() for line in lines]


def tried(picture: str, one: Exchange, columns: int = 80, rows: int = 20) -> str:
    """Why it is not drawn, in one line; nothing where it is."""
    try:
        assert drawn(picture, one, columns, rows)
    except Undrawable as wrong:
        said = str(wrong)
    else:
        return ""
    assert said
    assert "\n" not in said
    return said
