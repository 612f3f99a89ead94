"""The last row of the screen: a template left, centre and right, and how far the talk is.

The variables are presenterm's (its documentation, "footer"): `{current_slide}`, `{total_slides}`,
`{title}`, `{sub_title}`, `{event}`, `{location}`, `{date}`, `{author}`; `{{` and `}}` are braces.
"""

from __future__ import annotations

import re

from rich.segment import Segment

from presenter.deck.model import Meta
from presenter.layout.frame import Line
from presenter.layout.lines import blank, fit, merge
from presenter.layout.text import one_line, shorten, width
from presenter.layout.theme import Theme

_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def fill_template(template: str, meta: Meta, index: int, total: int) -> str:
    """The template with its variables filled in; an unknown variable stays as written."""
    values = {
        "current_slide": str(index + 1),
        "total_slides": str(total),
        "title": meta.title,
        "sub_title": meta.sub_title,
        "event": meta.event,
        "location": meta.location,
        "date": meta.date,
        "author": ", ".join(meta.authors),
    }

    def value(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return values.get(found[1], found[0])

    return one_line(_FIELD.sub(value, template))


def footer_line(
    meta: Meta,
    index: int,
    total: int,
    columns: int,
    left: int,
    theme: Theme,
    *,
    progress: float = 0.0,
    message: str = "",
) -> Line:
    """The footer in exactly `columns`, its texts inside margins of `left` columns.

    `progress` is from 0 to 1. A `message` takes the place of what stands in the middle.
    """
    style = theme.style("muted")
    room = columns - 2 * left
    texts = {
        side: fill_template(meta.footer.get(side, default), meta, index, total)
        for side, default in (
            ("left", "" if meta.footer else "{title}"),
            ("center", ""),
            ("right", "" if meta.footer else "{current_slide} / {total_slides}"),
        )
    }
    right = shorten(texts["right"], room // 3)
    middle = _middle(texts["center"], message, room, theme, progress)
    middle_cells = sum(width(segment.text) for segment in middle)
    start = (room - middle_cells) // 2
    first = shorten(texts["left"], (start if middle_cells else room - width(right)) - 2)
    gap = max(room - start - middle_cells - width(right), 0)
    line = [
        *blank(left, style),
        *fit([Segment(first, style)], start, style),
        *middle,
        *blank(gap, style),
        Segment(right, style),
    ]
    return merge(fit(line, columns, style))


def _middle(text: str, message: str, room: int, theme: Theme, progress: float) -> Line:
    if message:
        word = shorten(one_line(message), room // 3)
        return [Segment(word, theme.style("warn", bold=True))]
    if text:
        return [Segment(shorten(text, room // 3), theme.style("muted"))]
    cells = min(24, room // 4)
    done = round(min(max(progress, 0.0), 1.0) * cells)
    bar = [
        Segment("━" * done, theme.style("accent")),
        Segment("─" * (cells - done), theme.style("border")),
    ]
    return [segment for segment in bar if segment.text]


def message_line(message: str, columns: int, theme: Theme) -> Line:
    """Only the message, for slides without a footer."""
    word = shorten(one_line(message), columns // 3)
    return fit([Segment(word, theme.style("warn", bold=True))], columns, theme.style(), 1)
