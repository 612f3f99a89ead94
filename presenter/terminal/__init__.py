"""Terminal emulation behind one protocol; recorded bytes end here and only cells come out."""

from __future__ import annotations

from presenter.terminal.emulator import Emulator


def new_emulator(columns: int, rows: int, history: int = 10_000) -> Emulator:
    """An empty emulated screen of `columns` × `rows` that keeps `history` lines scrolled out."""
    from presenter.terminal.avt import AvtEmulator  # the engine is loaded with the first pane

    return AvtEmulator(columns, rows, history)
