"""The picture of `presenter play`: a recording's screen, and a line that says where it stands."""

from __future__ import annotations

from rich.segment import Segment

from presenter.demo.drawing import DataScreen
from presenter.demo.player import Player
from presenter.layout.frame import Frame, Size
from presenter.layout.lines import fit
from presenter.layout.pane import pane_rows, screen_view
from presenter.layout.theme import Theme
from presenter.talk.clocks import clock

BAR = 24
"""Columns of the line that shows how much has been played."""


def playback_frame(player: Player, title: str, size: Size, theme: Theme) -> Frame:
    """The player's screen in a pane over the whole frame, its state in the last row."""
    fill = theme.style()
    emulator = player.emulator
    above = 0
    if isinstance(emulator, DataScreen):  # a terminal's recording has a size of its own
        emulator.fit(max(size.columns - 2, 1), max(size.rows - 3, 1))
        above = emulator.history_length if emulator.from_the_top else 0
    view = screen_view(emulator, above, title)
    high = min(size.rows - 1, view.grid_rows + 2)
    wide = min(size.columns, view.columns + 2)
    left, top = (size.columns - wide) // 2, (size.rows - 1 - high) // 2
    empty = fit([], size.columns, fill)
    lines = [empty] * size.rows
    for y, line in enumerate(pane_rows(view, wide, high, theme)):
        lines[top + y] = fit([Segment(" " * left, fill), *line], size.columns, fill)
    state = Segment(f" {_state(player)} ", theme.style("accent", bold=True))
    bar = Segment(_bar(player), theme.style("muted"))
    if size.rows:
        lines[-1] = fit([state, bar], size.columns, fill)
    return Frame(size, lines)


def _state(player: Player) -> str:
    words = [f"{clock(player.position)} / {clock(player.duration)}", player.state.value]
    if player.speed != 1:
        words.append(f"{player.speed:g}×")
    if player.cast.skipped:
        words.append(f"{len(player.cast.skipped)} bad lines skipped")
    return " · ".join(words)


def _bar(player: Player) -> str:
    played = min(1.0, player.position / player.duration) if player.duration else 1.0
    full = int(BAR * played)
    return "━" * full + "─" * (BAR - full)
