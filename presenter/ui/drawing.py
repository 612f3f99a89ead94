"""What the talk's screen shows: the stage, and the private panel beside or below it.

Frames come whole from the desk; a drawing shows what stands now, and many changes make one.
"""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from presenter.demo.desk import Desk
from presenter.layout.frame import Size
from presenter.layout.speaker import MOST_NOTES
from presenter.layout.stage import LEAST
from presenter.ui import dialogs
from presenter.ui.stage import Stage

FRAME_SECONDS = 1 / 30
"""Output that goes on is drawn this often at most; a key is drawn at once."""
SOON_SECONDS = 0.002
"""What comes within this time is one change: a character and the colours around it."""
BURST = 3
"""Drawings that may follow one another at once: an echo does not wait for a frame's time."""
IDLE_SECONDS = 0.05
"""This long after a drawing, the next slide is prepared."""
WIDE = 132
"""From this many columns on, the private panel stands at the side: a demo still fits there."""
STAGE_ROWS = 26
"""Rows that the stage keeps above the panel, where there are so many."""
PANEL_ROWS = 10
"""The panel's height where there are no more rows."""
LEAST_PANEL = 6
"""The rows without which it has the window for itself."""
PANEL_COLUMNS = 44
"""Its width at the side."""


class DeskScreen(Screen[None], inherit_bindings=False):
    """Shows a desk's frames."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._shown = (-1, 0.0)
        """Number of the last turn that is on the screen, and since when it is: `Session.turned`."""
        self._private = False
        self._notes_size = 0
        self._due = 0.0
        """When output may be drawn again."""
        self._pending: Timer | None = None
        self._idle: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Stage(id="stage")

    def draw(self) -> None:
        """Draw what stands now, at once."""
        for timer in (self._pending, self._idle):
            if timer is not None:
                timer.stop()
        self._pending = None
        self._due = self._earliest() + FRAME_SECONDS
        turned = self.desk.session.turned
        for stage in self.query(Stage):
            size = Size(stage.size.width, stage.size.height)
            if size.columns and size.rows:
                if stage.id == "panel":
                    self._draw_panel(stage, size)
                else:
                    stage.show(self.desk.view.frame(size))
        if self._shown[0] != turned:
            self._shown = (turned, time.monotonic())
        self._idle = self.set_timer(IDLE_SECONDS, self.desk.view.prepare)

    def _draw_panel(self, panel: Stage, size: Size) -> None:
        try:
            panel.show(self.desk.view.panel(size))
        except Exception as error:  # noqa: BLE001 — it stays as it was: the stage goes on
            self.desk.reports(error)

    def draw_soon(self) -> None:
        """Draw within a frame's time; many changes make one drawing."""
        if self._pending is None:
            wait = max(self._earliest() - time.monotonic(), SOON_SECONDS)
            self._pending = self.set_timer(wait, self.draw)

    def _earliest(self) -> float:
        return max(self._due, time.monotonic() - (BURST - 1) * FRAME_SECONDS)

    def on_stage_resized(self) -> None:
        for panel in self.query("#panel"):
            self._place(panel)
        self.draw()

    @property
    def private_shown(self) -> bool:
        """Whether the private panel is open: the speaker has said that this screen is private."""
        return bool(self.query("#panel"))

    def action_notes(self) -> None:
        """The private panel: away if it is shown, else after the speaker's word."""
        if self.private_shown:
            self.query("#panel").remove()
        elif self._private:
            self._show_panel(True)
        else:
            self.app.push_screen(dialogs.private_question(), self._show_panel)

    def action_drop(self, what: str) -> None:
        """Pass over slides: the `optional` ones, or those of the deck's next `cut`."""
        if self.desk.pacer is not None:
            pacer = self.desk.pacer
            (pacer.drop_optional if what == "optional" else pacer.next_cut)()
        self.draw()

    def _show_panel(self, private: bool | None) -> None:
        self._private = bool(private)
        if private:
            panel = Stage(id="panel")
            panel.can_focus = False
            self._place(panel)
            self.mount(panel)

    def action_notes_size(self, step: int) -> None:
        """More of this screen for the private panel, or less; nothing where it is not open."""
        if self.private_shown:
            self._notes_size = max(0, min(self._notes_size + step, MOST_NOTES))
            self.on_stage_resized()

    def _place(self, panel: Widget) -> None:
        """The panel at the side where a demo still fits beside it, else below the stage."""
        columns, rows = self.size.width, self.size.height
        side = columns >= WIDE
        panel.set_class(side, "side")
        if side:
            panel.styles.width = _grown(PANEL_COLUMNS, columns // 2, self._notes_size)
            panel.styles.height = "1fr"
            return
        panel.styles.width = "1fr"
        if rows < LEAST.rows + LEAST_PANEL:  # half of them is too little for either
            panel.styles.height = rows - 1
            return
        least = min(max(PANEL_ROWS, rows - STAGE_ROWS), rows - LEAST.rows)
        panel.styles.height = _grown(least, rows - LEAST.rows, self._notes_size)


def _grown(least: int, most: int, size: int) -> int:
    """The cells for a size of the notes, in even steps; the slide keeps what it needs."""
    return max(least + (most - least) * size // MOST_NOTES, least)
