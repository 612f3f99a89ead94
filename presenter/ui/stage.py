"""The widget that shows a frame of `layout`, and says what was done to it.

It draws by Textual's line API without styles or markup: a frame's lines are already what the
terminal shall show. Only rows that differ from the last frame are drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from presenter.demo.seat import Mouse
from presenter.layout.frame import Frame
from presenter.terminal.keys import MouseKind


class Stage(Widget, can_focus=True):
    """Shows one frame; knows nothing of slides, demos or recordings."""

    DEFAULT_CSS = "Stage { width: 1fr; height: 1fr; }"

    class Clicked(Message):
        """A click on the frame, in its cells."""

        def __init__(self, stage: Stage, x: int, y: int) -> None:
            super().__init__()
            self.stage = stage
            self.x = x
            self.y = y

    class Moused(Message):
        """The mouse was pressed, let go or moved over a cell, for a program that wants to know."""

        def __init__(self, stage: Stage, told: Mouse) -> None:
            super().__init__()
            self.stage = stage
            self.told = told

    class Wheeled(Message):
        """The wheel was turned over a cell; `rows` is positive downwards."""

        def __init__(self, stage: Stage, x: int, y: int, rows: int) -> None:
            super().__init__()
            self.stage = stage
            self.x = x
            self.y = y
            self.rows = rows

    class Resized(Message):
        """The stage has another size: what it shows must be laid out anew."""

    WHEEL_ROWS = 3

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 — Textual's name
        super().__init__(id=id)
        self.frame: Frame | None = None
        self._strips: list[Strip] = []

    def show(self, frame: Frame) -> None:
        """Show `frame`; what is already on the screen is not drawn again."""
        previous, self.frame = self.frame, frame
        strips = [Strip(line, frame.size.columns) for line in frame.lines]
        if previous is None or previous.size != frame.size:
            self._strips = strips
            self.refresh()
            return
        for first, count in _changed(previous, frame):
            self._strips[first : first + count] = strips[first : first + count]
            self.refresh(Region(0, first, frame.size.columns, count))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Past Textual's own styling: the lines carry all of theirs already."""
        blank = Strip.blank(crop.width)
        return [
            self._strips[y].crop_extend(crop.x, crop.right, None)
            if y < len(self._strips)
            else blank
            for y in range(crop.y, crop.bottom)
        ]

    def on_resize(self, _event: events.Resize) -> None:
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked(self, event.x, event.y))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._tell("press", event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._tell("release", event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._tell("move", event)

    def _tell(self, kind: MouseKind, event: events.MouseEvent) -> None:
        told = Mouse(kind, event.x, event.y, event.button, event.shift, event.meta, event.ctrl)
        self.post_message(self.Moused(self, told))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Wheeled(self, event.x, event.y, self.WHEEL_ROWS))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Wheeled(self, event.x, event.y, -self.WHEEL_ROWS))


def _changed(before: Frame, after: Frame) -> Iterator[tuple[int, int]]:
    """Runs of rows that differ, as (first row, number of rows)."""
    first = None
    for y, (old, new) in enumerate(zip(before.lines, after.lines, strict=True)):
        if old is new or old == new:
            if first is not None:
                yield first, y - first
                first = None
        elif first is None:
            first = y
    if first is not None:
        yield first, len(after.lines) - first
