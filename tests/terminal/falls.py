"""A fall on an emulator alone, without the lane of a talk around it."""

from __future__ import annotations

from presenter.terminal.emulator import Emulator
from presenter.terminal.fall import Fall


def apply_fall(emulator: Emulator, step: Fall) -> None:
    """The first frame after a fall, on the emulator of the step's pane."""
    emulator.restore(step.start)
    emulator.feed(step.text)
