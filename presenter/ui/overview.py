"""Frames over the stage: the overview of all slides, and frames that any key takes away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.app import ComposeResult

from presenter.demo.desk import Desk
from presenter.layout.frame import Frame, Size
from presenter.layout.overview import Overview as Cards
from presenter.layout.overview import overview
from presenter.ui.bindings import OVERVIEW_KEYS, bound
from presenter.ui.modal import Modal
from presenter.ui.stage import Stage


class FrameScreen(Modal[None]):
    """One frame, laid out for the size at hand; any key or click takes it away."""

    def __init__(self, frame: Callable[[Size], Frame]) -> None:
        super().__init__()
        self._frame = frame

    def compose(self) -> ComposeResult:
        yield Stage()

    def on_stage_resized(self) -> None:
        stage = self.query_one(Stage)
        stage.show(self._frame(Size(stage.size.width, stage.size.height)))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(None)

    def on_stage_clicked(self) -> None:
        self.dismiss(None)


class Overview(Modal["int | None"]):
    """All slides, small; answers with the slide that was chosen."""

    def __init__(self, desk: Desk, keys: Mapping[str, str]) -> None:
        """`keys`: binding id → keys, where the speaker has changed them."""
        super().__init__()
        self._desk = desk
        self._bound = bound(keys, OVERVIEW_KEYS)
        self._current = desk.session.position.slide
        self._shown = Cards(Frame(Size(0, 0), []))

    def compose(self) -> ComposeResult:
        yield Stage()

    def on_stage_resized(self) -> None:
        self._draw()

    def _draw(self) -> None:
        stage, deck = self.query_one(Stage), self._desk.deck
        titles = [deck.title(n) or deck.slide_id(n) for n in range(len(deck))]
        size = Size(stage.size.width, stage.size.height)
        self._shown = overview(deck.slide, titles, self._current, size, self._desk.view.theme)
        stage.show(self._shown.frame)

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        binding = self._bound.get(event.key)
        if binding is not None:
            await self.run_action(binding.action)

    def action_move(self, by: int) -> None:
        self._current = max(0, min(self._current + by, len(self._desk.deck) - 1))
        self._draw()

    def action_move_row(self, rows: int) -> None:
        self.action_move(rows * self._shown.across)

    def action_choose(self) -> None:
        self.dismiss(self._current)

    def on_stage_clicked(self, event: Stage.Clicked) -> None:
        slide = self._shown.slide_at(event.x, event.y)
        if slide is not None:
            self.dismiss(slide)

    def on_stage_wheeled(self, event: Stage.Wheeled) -> None:
        self.action_move_row(1 if event.rows > 0 else -1)
