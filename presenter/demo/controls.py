"""The keys of a player, those of asciinema's players where these have one.

`presenter play` and a focused `cast` pane share them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presenter.demo.player import Player

SEEK_SECONDS = 5.0
FASTEST, SLOWEST = 16.0, 0.25

CONTROLS: dict[str, tuple[str, str, Callable[[Player], object]]] = {
    "toggle": ("space", "Pause and play", lambda player: player.toggle()),
    "step": ("full_stop", "One event further", lambda player: player.step()),
    "next_marker": ("right_square_bracket", "Next marker", lambda player: player.next_marker()),
    "previous_marker": (
        "left_square_bracket",
        "Previous marker",
        lambda player: player.previous_marker(),
    ),
    "forward": (
        "right",
        "5 seconds on",
        lambda player: player.seek(player.position + SEEK_SECONDS),
    ),
    "backward": (
        "left",
        "5 seconds back",
        lambda player: player.seek(player.position - SEEK_SECONDS),
    ),
    "faster": (
        "greater_than_sign",
        "Faster, up to 16 times",
        lambda player: player.set_speed(min(FASTEST, player.speed * 2)),
    ),
    "slower": (
        "less_than_sign",
        "Slower, down to a quarter",
        lambda player: player.set_speed(max(SLOWEST, player.speed / 2)),
    ),
    "start": ("home", "To the start", lambda player: player.seek(0.0)),
    "end": ("end", "To the end", lambda player: player.seek_fraction(1.0)),
}
"""Name → its keys, its words, its action. Digits seek to that tenth, whatever is bound."""


def press(player: Player, control: str) -> bool:
    """Carry out a control, or a digit; False when there is none of that name."""
    if len(control) == 1 and control.isdecimal():
        player.seek_fraction(int(control) / 10)
    elif control in CONTROLS:
        CONTROLS[control][2](player)
    else:
        return False
    return True
