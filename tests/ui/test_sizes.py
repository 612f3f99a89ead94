"""Changes of size that are told in the wrong order."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size

from presenter.ui.app import PresenterApp
from tests.ui.stagehand import on_stage


class Terminal:
    """Standard output as a terminal."""

    def fileno(self) -> int:
        return 99


async def test_the_size_is_the_one_that_the_terminal_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(tmp_path) as hand:
        monkeypatch.setattr(PresenterApp, "is_headless", False)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "__stdout__", Terminal())
            patch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((90, 30)))
            for size in (Size(90, 30), Size(120, 40)):  # the older one is told last
                hand.app.post_message(events.Resize(size, size))
            await hand.wait(lambda: hand.frame().size.columns == 90, "the terminal's size")
            assert hand.frame().size.rows == 30


async def test_without_a_terminal_the_last_size_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(tmp_path) as hand:
        monkeypatch.setattr(PresenterApp, "is_headless", False)
        monkeypatch.setattr(sys, "__stdout__", None)
        size = Size(120, 40)
        hand.app.post_message(events.Resize(size, size))
        await hand.wait(lambda: hand.frame().size.columns == 120, "the new size")
        await hand.wait(lambda: hand.app._settling is None, "the look at the terminal")
        assert hand.frame().size.columns == 120
