"""The keys of a player, those of asciinema's players where these have one.

`presenter play` and a focused `cast` pane share them.
"""

from __future__ import annotations

from collections.abc import Callable

from presenter.demo.player import Player

SEEK_SECONDS = 5.0
FASTEST, SLOWEST = 16.0, 0.25

CONTROLS: dict[str, tuple[str, Callable[[Player], object]]] = {
    "space": ("pause and play", lambda player: player.toggle()),
    "full_stop": ("one event further", lambda player: player.step()),
    "right_square_bracket": ("next marker", lambda player: player.next_marker()),
    "left_square_bracket": ("previous marker", lambda player: player.previous_marker()),
    "right": ("5 seconds on", lambda player: player.seek(player.position + SEEK_SECONDS)),
    "left": ("5 seconds back", lambda player: player.seek(player.position - SEEK_SECONDS)),
    "greater_than_sign": (
        "faster, up to 16 times",
        lambda player: player.set_speed(min(FASTEST, player.speed * 2)),
    ),
    "less_than_sign": (
        "slower, down to a quarter",
        lambda player: player.set_speed(max(SLOWEST, player.speed / 2)),
    ),
    "home": ("to the start", lambda player: player.seek(0.0)),
    "end": ("to the end", lambda player: player.seek_fraction(1.0)),
}
"""Textual's name of a key → words, action. Digits seek to that tenth."""


def press(player: Player, key: str) -> bool:
    """Carry out a key; False when it has no meaning here."""
    if len(key) == 1 and key.isdecimal():
        player.seek_fraction(int(key) / 10)
    elif key in CONTROLS:
        CONTROLS[key][1](player)
    else:
        return False
    return True
